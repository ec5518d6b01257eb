"""Hours corrected: annulled, taken out of the allowance because paid elsewhere, given back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.outbox import emit
from services.inclusione.models import Ora, Pip, TettoPersona
from services.inclusione.queries import indennita as queries_indennita
from services.inclusione.queries import ore as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.indennita import TipoVoce, matura, tipo_correzione
from services.inclusione.rules.misura import RegoleMisura, tariffa_del
from services.inclusione.rules.ore import verifica_passo
from services.inclusione.rules.stati import CHIUSI, StatoOra
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import libera_inutilizzato
from services.inclusione.service.validazione import evento_di


async def annulla_ora(session: AsyncSession, ore_id: UUID, *, motivo: str, autore: str, now: datetime) -> Ora:
    """Annuls an hour: its minutes return to the plan, what it accrued is taken back.

    Raises:
        NotFound: no such hour.
        StatoOraNonAmmesso: it is annulled already.
    """
    ora, pip, regole, tetto, _ = await _blocca_ora(session, ore_id)
    verifica_passo(ora.stato, StatoOra.ANNULLATA, diretta=ora.diretta)
    era_validata = ora.stato is StatoOra.VALIDATA
    if ora.servizio_codice is not None:
        for servizio in await queries_pip.servizi(session, [pip.pip_id]):
            if servizio.servizio_codice == ora.servizio_codice:
                servizio.registrati_minuti -= ora.minuti
                servizio.validati_minuti -= ora.minuti if era_validata else 0
    await _togli_indennita(session, ora, pip, tetto, motivo=motivo, now=now)
    pip.costo_servizi_cent -= ora.costo_cent
    ora.costo_cent = 0
    ora.stato, ora.annullata_da, ora.annullata_il, ora.annullata_motivo = StatoOra.ANNULLATA, autore, now, motivo
    ora.versione += 1
    await session.flush()
    if pip.stato in CHIUSI:
        await libera_inutilizzato(session, pip, causale=Causale.RETTIFICA, now=now)
    if era_validata and ora.diretta:
        await emit(
            session,
            evento_di(
                ora,
                pip,
                versione=ora.versione,
                indennita_cent=0,
                cumulabile=regole.ora_anche_punti,
                now=now,
                stato=StatoOra.ANNULLATA,
            ),
            now=now,
        )
    await session.flush()
    return ora


async def togli_ora_gia_pagata(
    session: AsyncSession, ore_id: UUID, *, versione: int, pagata_da: str, now: datetime
) -> None:
    """Takes out of the allowance an hour that was already paid elsewhere; twice is once.

    Not yet liquidated, what it accrued is reversed; liquidated, a compensating item is owed by the next payment. The
    hour stays attended and validated, and its service stays due to the operator. An hour that is not validated yet
    will accrue nothing.

    Args:
        versione: of the arbiter's word; one that is not newer than the last applied does nothing.

    Raises:
        NotFound: no such hour.

    Source: DOMAIN hard case 3 (an hour pays once).
    """
    ora, pip, regole, tetto, _ = await _blocca_ora(session, ore_id)
    if versione <= ora.arbitrato_versione or regole.ora_anche_punti:
        return
    ora.arbitrato_versione = versione
    if ora.gia_pagata_il is not None:
        return
    ora.gia_pagata_da, ora.gia_pagata_il = pagata_da, now
    tolto = await _togli_indennita(session, ora, pip, tetto, motivo=f"ora gia' pagata da {pagata_da}", now=now)
    if not tolto:
        return
    ora.versione += 1
    await session.flush()
    if pip.stato in CHIUSI:
        await libera_inutilizzato(session, pip, causale=Causale.RETTIFICA, now=now)
    if ora.stato is StatoOra.VALIDATA:
        await emit(
            session,
            evento_di(ora, pip, versione=ora.versione, indennita_cent=0, cumulabile=False, now=now),
            now=now,
        )


async def restituisci_ora(session: AsyncSession, ore_id: UUID, *, versione: int, now: datetime) -> None:
    """Gives an hour its allowance back: who had paid it took the payment back. Twice is once.

    It accrues again as far as the caps and what the plan still holds go (a closed plan gave back what it did not use).

    Args:
        versione: of the arbiter's word; one that is not newer than the last applied does nothing.

    Raises:
        NotFound: no such hour.

    Source: DOMAIN hard case 3 (an hour pays once), ADR 0068.
    """
    ora, pip, regole, tetto, altrove = await _blocca_ora(session, ore_id)
    if versione <= ora.arbitrato_versione or regole.ora_anche_punti:
        return
    ora.arbitrato_versione = versione
    if ora.gia_pagata_il is None:
        return
    ora.gia_pagata_da, ora.gia_pagata_il = None, None
    if ora.stato is not StatoOra.VALIDATA:
        return
    importo = _da_restituire(ora, pip, regole, tetto.tetto_cent - tetto.maturato_cent - altrove)
    if importo:
        ultima = await queries_indennita.ultima_voce(session, ora.ore_id)
        tipo, giro = (TipoVoce.MATURAZIONE, 1) if ultima is None else (TipoVoce.RIPRISTINO, ultima.giro + 1)
        motivo = "l'altro pagamento e' stato annullato"
        await queries_indennita.aggiungi_voci(
            session, [_voce(ora, pip, tipo, importo, giro=giro, motivo=motivo, now=now)]
        )
        pip.maturato_cent += importo
        tetto.maturato_cent += importo
        ora.indennita_cent = importo
    ora.versione += 1
    await session.flush()
    await emit(
        session,
        evento_di(ora, pip, versione=ora.versione, indennita_cent=importo, cumulabile=False, now=now),
        now=now,
    )


def _da_restituire(ora: Ora, pip: Pip, regole: RegoleMisura, residuo_persona_cent: int) -> int:
    servizio = regole.servizio(ora.servizio_codice or "")
    if servizio is None or not servizio.da_indennita:
        return 0
    return matura(
        ora.minuti,
        tariffa_del(regole.indennita, ora.giorno, di_che_cosa="l'indennita'"),
        residuo_pip_cent=pip.riservato_indennita_cent - pip.maturato_cent,
        residuo_persona_cent=residuo_persona_cent,
    )


async def _blocca_ora(session: AsyncSession, ore_id: UUID) -> tuple[Ora, Pip, RegoleMisura, TettoPersona, int]:
    """An hour under its locks, and what the person's other ids accrued under the same cap (cents)."""
    letta = await queries.ora(session, ore_id)
    if letta is None:
        raise NotFound("L'ora non esiste.", field="ore_id")
    piani = await queries_pip.blocca_piani(session, [letta.pip_id])
    pip = piani[letta.pip_id]
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    attuale = await queries_persone.persona_attuale(session, pip.persona_id)
    stesse = {pip.persona_id, *await queries_persone.stesse_persone(session, attuale)}
    tetti = await queries_pip.blocca_tetti(
        session, [(identita, pip.misura_id, regole.massimale_persona_cent) for identita in stesse]
    )
    suo = tetti.pop((pip.persona_id, pip.misura_id))
    ora = await queries.ora(session, ore_id)
    assert ora is not None
    return ora, pip, regole, suo, sum(tetto.maturato_cent for tetto in tetti.values())


async def _togli_indennita(
    session: AsyncSession, ora: Ora, pip: Pip, tetto: TettoPersona, *, motivo: str, now: datetime
) -> bool:
    maturata = await queries_indennita.ultima_voce(session, ora.ore_id)
    if maturata is None or maturata.importo_cent < 0:
        return False
    tipo = tipo_correzione(liquidata=await queries_indennita.e_liquidata(session, maturata.voce_id))
    await queries_indennita.aggiungi_voci(
        session, [_voce(ora, pip, tipo, -maturata.importo_cent, giro=maturata.giro, motivo=motivo, now=now)]
    )
    pip.maturato_cent -= maturata.importo_cent
    tetto.maturato_cent -= maturata.importo_cent
    ora.indennita_cent = 0
    return True


def _voce(
    ora: Ora, pip: Pip, tipo: TipoVoce, importo_cent: int, *, giro: int, motivo: str | None, now: datetime
) -> dict[str, Any]:
    return {
        "voce_id": uuid7(),
        "pip_id": pip.pip_id,
        "ore_id": ora.ore_id,
        "giro": giro,
        "tipo": tipo,
        "importo_cent": importo_cent,
        "giorno": ora.giorno,
        "motivo": motivo,
        "creata_il": now,
    }
