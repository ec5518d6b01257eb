"""Hours: registered, signed, validated (all in bulk, refused one by one), annulled; paid once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ids import uuid7
from chassis.outbox import emit
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.events import OreValidate
from services.inclusione.models import Ora, Pip, PipServizio, TettoPersona
from services.inclusione.queries import indennita as queries_indennita
from services.inclusione.queries import ore as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.indennita import TipoVoce, matura, tipo_correzione
from services.inclusione.rules.misura import RegoleMisura, tariffa_del
from services.inclusione.rules.ore import (
    OraNonValida,
    OraSovrapposta,
    PipNonAttivo,
    StatoOra,
    costo_ora,
    intervallo,
    verifica_nel_piano,
    verifica_passo,
    verifica_residuo,
    verifica_seconda_persona,
)
from services.inclusione.rules.pip import CHIUSI, MetodoFirma, StatoPip
from services.inclusione.schemas.ore import EsitoOre, OraDiUnPip, RigaRifiutata
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import libera_inutilizzato


@dataclass(slots=True)
class _Esiti:
    """What came of each row of a bulk request."""

    fatte: list[UUID]
    rifiutate: list[RigaRifiutata]

    def rifiuta(self, riga: int, ore_id: UUID | None, refusal: Refusal) -> None:
        self.rifiutate.append(
            RigaRifiutata(riga=riga, ore_id=ore_id, tipo=refusal.slug(), messaggio=refusal.detail[:2000])
        )

    def vista(self) -> EsitoOre:
        return EsitoOre(fatte=self.fatte, rifiutate=self.rifiutate)


async def _piani_di_chi_chiama(session: AsyncSession, piani: Iterable[UUID], principal: Principal) -> dict[UUID, Pip]:
    """The plans, under their locks, that the caller works on: the operator's own, or those of the lead's projects."""
    bloccati = await queries_pip.blocca_piani(session, piani)
    capofila = await queries_pip.capofila_dei_progetti(session, {pip.progetto_id for pip in bloccati.values()})
    operatore = principal.has(Ruolo.OPERATORE_ACCREDITATO)
    funzionario = principal.has(Ruolo.FUNZIONARIO_COMUNE)
    return {
        pip_id: pip
        for pip_id, pip in bloccati.items()
        if principal.ente is not None
        and (
            (operatore and pip.ente == principal.ente)
            or (funzionario and capofila.get(pip.progetto_id) == principal.ente)
        )
    }


def _sconosciuto() -> NotFound:
    return NotFound("Il piano o l'ora non esiste fra quelli di chi chiama.")


async def registra_ore(
    session: AsyncSession, righe: Sequence[OraDiUnPip], *, principal: Principal, now: datetime
) -> EsitoOre:
    """Registers hours, each row on its own: none beyond the plan, outside its dates, or overlapping.

    Returns:
        The ids registered in order, and the refused rows with the refusal's type (`piano-...`, `ora-sovrapposta` ...).
    """
    piani = await _piani_di_chi_chiama(session, {riga.pip_id for riga in righe}, principal)
    servizi = {(riga.pip_id, riga.servizio_codice): riga for riga in await queries_pip.servizi(session, piani.keys())}
    persone = {pip.persona_id: await queries_persone.persona_attuale(session, pip.persona_id) for pip in piani.values()}
    esiti = _Esiti([], [])
    for posizione, riga in enumerate(righe):
        try:
            pip = piani.get(riga.pip_id)
            if pip is None:
                raise _sconosciuto()
            ora = _ora_nuova(pip, persone[pip.persona_id], riga, servizi, principal=principal, now=now)
            if not await queries.aggiungi_ora(session, ora):
                raise OraSovrapposta(
                    "La persona ha gia' un'ora registrata in quell'intervallo.",
                    field="inizio",
                    remedy="Correggere l'intervallo, oppure annullare l'altra ora.",
                )
        except Refusal as refusal:
            esiti.rifiuta(posizione, None, refusal)
            continue
        if ora.servizio_codice is not None:
            servizi[pip.pip_id, ora.servizio_codice].registrati_minuti += ora.minuti
        esiti.fatte.append(ora.ore_id)
    await session.flush()
    return esiti.vista()


def _ora_nuova(
    pip: Pip,
    persona_id: UUID,
    riga: OraDiUnPip,
    servizi: dict[tuple[UUID, str], PipServizio],
    *,
    principal: Principal,
    now: datetime,
) -> Ora:
    if (riga.servizio_codice is None) == (riga.categoria_indiretta is None):
        raise OraNonValida(
            "Un'ora e' di un servizio oppure di una categoria indiretta, non di entrambi.",
            field="servizio_codice",
            remedy="Indicare uno solo dei due campi.",
        )
    if pip.stato is not StatoPip.ATTIVO or pip.inizio is None or pip.fine is None:
        raise PipNonAttivo(
            f"Il piano e' {pip.stato.value}: le ore si registrano su un piano attivo.",
            field="pip_id",
            remedy="Firmare il piano e attendere il suo inizio.",
        )
    tempo = intervallo(riga.inizio, riga.fine, now=now)
    verifica_nel_piano(tempo, dal=pip.inizio, al=pip.fine)
    if riga.servizio_codice is not None:
        servizio = servizi.get((pip.pip_id, riga.servizio_codice))
        verifica_residuo(
            riga.servizio_codice,
            tempo.minuti,
            previsti=servizio.previsti_minuti if servizio and servizio.previsti_minuti else None,
            registrati=servizio.registrati_minuti if servizio else 0,
        )
    return Ora(
        ore_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=persona_id,
        ente=pip.ente,
        diretta=riga.servizio_codice is not None,
        servizio_codice=riga.servizio_codice,
        categoria_indiretta=riga.categoria_indiretta,
        sessione=riga.sessione,
        inizio=tempo.inizio,
        fine=tempo.fine,
        minuti=tempo.minuti,
        giorno=tempo.giorno,
        piano_dal=pip.inizio,
        piano_al=pip.fine,
        stato=StatoOra.REGISTRATA,
        registrata_da=principal.subject,
        registrata_il=now,
    )


async def _per_riga(
    session: AsyncSession,
    identita: Sequence[UUID],
    principal: Principal,
    passo: Callable[[Ora, Pip], None],
    esiti: _Esiti,
) -> None:
    """Runs a step on each hour of a bulk request under the plans' locks; a refused one leaves the others alone."""
    piani = await _piani_di_chi_chiama(session, await queries.piani_delle_ore(session, identita), principal)
    righe = await queries.ore(session, identita)
    for posizione, ore_id in enumerate(identita):
        try:
            ora = righe.get(ore_id)
            pip = piani.get(ora.pip_id) if ora is not None else None
            if ora is None or pip is None:
                raise _sconosciuto()
            passo(ora, pip)
        except Refusal as refusal:
            esiti.rifiuta(posizione, ore_id, refusal)
            continue
        esiti.fatte.append(ore_id)


async def firma_ore(
    session: AsyncSession, identita: Sequence[UUID], metodo: MetodoFirma, *, principal: Principal, now: datetime
) -> EsitoOre:
    """Records the person's signature on registered hours."""
    esiti = _Esiti([], [])

    def passo(ora: Ora, pip: Pip) -> None:
        del pip
        verifica_passo(ora.stato, StatoOra.FIRMATA, diretta=ora.diretta)
        ora.stato, ora.firma_metodo, ora.firmata_il = StatoOra.FIRMATA, metodo, now
        ora.versione += 1

    await _per_riga(session, identita, principal, passo, esiti)
    await session.flush()
    return esiti.vista()


class _Validazione:
    """One bulk validation: rates, caps and what changes, gathered to be written together."""

    def __init__(
        self,
        regole: dict[tuple[UUID, int], RegoleMisura],
        tetti: dict[tuple[UUID, UUID], TettoPersona],
        servizi: dict[tuple[UUID, str], PipServizio],
        *,
        principal: Principal,
        now: datetime,
    ) -> None:
        self.regole = regole
        self.tetti = tetti
        self.servizi = servizi
        self.principal = principal
        self.now = now
        self.righe: list[dict[str, Any]] = []
        self.voci: list[dict[str, Any]] = []
        self.eventi: list[OreValidate] = []
        self.viste: set[UUID] = set()

    def valida(self, ora: Ora, pip: Pip) -> None:
        """Validates one hour: what it costs, what it accrues as far as the caps go, what is told to others."""
        verifica_passo(
            StatoOra.VALIDATA if ora.ore_id in self.viste else ora.stato, StatoOra.VALIDATA, diretta=ora.diretta
        )
        verifica_seconda_persona(ora.registrata_da, self.principal.subject)
        if pip.stato is not StatoPip.ATTIVO:
            raise PipNonAttivo(f"Il piano e' {pip.stato.value}: si validano le ore di un piano attivo.", field="pip_id")
        costo, indennita = self._importi(ora, pip)
        self.viste.add(ora.ore_id)
        riga = {
            "ore_id": ora.ore_id,
            "versione": ora.versione + 1,
            "stato": StatoOra.VALIDATA,
            "validata_da": self.principal.subject,
            "validata_il": self.now,
            "costo_cent": costo,
            "indennita_cent": indennita,
        }
        self.righe.append(riga)
        if ora.servizio_codice is None:
            return
        self.servizi[pip.pip_id, ora.servizio_codice].validati_minuti += ora.minuti
        pip.costo_servizi_cent += costo
        if indennita:
            pip.maturato_cent += indennita
            self.tetti[pip.persona_id, pip.misura_id].maturato_cent += indennita
            self.voci.append(voce_di(ora, pip, TipoVoce.MATURAZIONE, indennita, motivo=None, now=self.now))
        cumulabile = self.regole[pip.misura_id, pip.misura_numero].ora_anche_punti
        self.eventi.append(
            evento_di(
                ora, pip, versione=ora.versione + 1, indennita_cent=indennita, cumulabile=cumulabile, now=self.now
            )
        )

    def _importi(self, ora: Ora, pip: Pip) -> tuple[int, int]:
        regole = self.regole[pip.misura_id, pip.misura_numero]
        servizio = regole.servizio(ora.servizio_codice) if ora.servizio_codice is not None else None
        if servizio is None:
            return 0, 0
        costo = costo_ora(
            ora.minuti, tariffa_del(servizio.costi, ora.giorno, di_che_cosa=f"il servizio {servizio.codice}")
        )
        if not servizio.da_indennita:
            return costo, 0
        tetto = self.tetti[pip.persona_id, pip.misura_id]
        return costo, matura(
            ora.minuti,
            tariffa_del(regole.indennita, ora.giorno, di_che_cosa="l'indennita'"),
            residuo_pip_cent=pip.riservato_indennita_cent - pip.maturato_cent,
            residuo_persona_cent=tetto.tetto_cent - tetto.maturato_cent,
        )


def voce_di(
    ora: Ora, pip: Pip, tipo: TipoVoce, importo_cent: int, *, motivo: str | None, now: datetime
) -> dict[str, Any]:
    """A row of the allowance's items."""
    return {
        "voce_id": uuid7(),
        "pip_id": pip.pip_id,
        "ore_id": ora.ore_id,
        "tipo": tipo,
        "importo_cent": importo_cent,
        "giorno": ora.giorno,
        "motivo": motivo,
        "creata_il": now,
    }


def evento_di(
    ora: Ora,
    pip: Pip,
    *,
    versione: int,
    indennita_cent: int,
    cumulabile: bool,
    now: datetime,
    stato: StatoOra = StatoOra.VALIDATA,
) -> OreValidate:
    """The event of a person-hour as it is now."""
    assert ora.servizio_codice is not None
    return OreValidate(
        ore_id=ora.ore_id,
        versione=versione,
        pip_id=pip.pip_id,
        persona_id=ora.persona_id,
        progetto_id=pip.progetto_id,
        inizio=ora.inizio,
        fine=ora.fine,
        minuti=ora.minuti,
        servizio_codice=ora.servizio_codice,
        indennizzata=indennita_cent > 0,
        cumulabile=cumulabile,
        stato=stato.value,
        validate_il=ora.validata_il or now,
    )


async def valida_ore(
    session: AsyncSession, identita: Sequence[UUID], *, principal: Principal, now: datetime
) -> EsitoOre:
    """Validates hours in one transaction, each row on its own; each accrues its allowance within both caps.

    Raises:
        Nothing for single rows: their refusals are in the answer.

    Source: DOMAIN part inclusione (Hours; Indennita).
    """
    piani = await queries_pip.blocca_piani(session, await queries.piani_delle_ore(session, identita))
    regole = {
        (pip.misura_id, pip.misura_numero): await regole_di(session, pip.misura_id, pip.misura_numero)
        for pip in piani.values()
    }
    tetti = await queries_pip.blocca_tetti(
        session,
        [
            (pip.persona_id, pip.misura_id, regole[pip.misura_id, pip.misura_numero].massimale_persona_cent)
            for pip in piani.values()
        ],
    )
    servizi = {(riga.pip_id, riga.servizio_codice): riga for riga in await queries_pip.servizi(session, piani.keys())}
    validazione = _Validazione(regole, tetti, servizi, principal=principal, now=now)
    esiti = _Esiti([], [])
    await _per_riga(session, identita, principal, validazione.valida, esiti)
    await queries.aggiorna_ore(session, validazione.righe)
    await queries_indennita.aggiungi_voci(session, validazione.voci)
    await emit(session, *validazione.eventi, now=now)
    await session.flush()
    return esiti.vista()


async def annulla_ora(session: AsyncSession, ore_id: UUID, *, motivo: str, autore: str, now: datetime) -> Ora:
    """Annuls an hour: its minutes return to the plan, what it accrued is taken back.

    Raises:
        NotFound: no such hour.
        StatoOraNonAmmesso: it is annulled already.
    """
    ora, pip, regole, tetto = await _blocca_ora(session, ore_id)
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


async def togli_ora_gia_pagata(session: AsyncSession, ore_id: UUID, *, pagata_da: str, now: datetime) -> None:
    """Takes out of the allowance an hour that was already paid elsewhere; twice is once.

    Not yet liquidated, what it accrued is reversed; liquidated, a compensating item is owed by the next payment. The
    hour stays attended and validated, and its service stays due to the operator.

    Raises:
        NotFound: no such hour.

    Source: DOMAIN hard case 3 (an hour pays once).
    """
    ora, pip, regole, tetto = await _blocca_ora(session, ore_id)
    if ora.gia_pagata_il is not None or regole.ora_anche_punti:
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


async def _blocca_ora(session: AsyncSession, ore_id: UUID) -> tuple[Ora, Pip, RegoleMisura, TettoPersona]:
    letta = await queries.ora(session, ore_id)
    if letta is None:
        raise NotFound("L'ora non esiste.", field="ore_id")
    piani = await queries_pip.blocca_piani(session, [letta.pip_id])
    pip = piani[letta.pip_id]
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    tetti = await queries_pip.blocca_tetti(session, [(pip.persona_id, pip.misura_id, regole.massimale_persona_cent)])
    ora = await queries.ora(session, ore_id)
    assert ora is not None
    return ora, pip, regole, tetti[pip.persona_id, pip.misura_id]


async def _togli_indennita(
    session: AsyncSession, ora: Ora, pip: Pip, tetto: TettoPersona, *, motivo: str, now: datetime
) -> bool:
    maturata = await queries_indennita.voce_maturata(session, ora.ore_id)
    if maturata is None:
        return False
    tipo = tipo_correzione(liquidata=await queries_indennita.e_liquidata(session, maturata.voce_id))
    await queries_indennita.aggiungi_voci(
        session, [voce_di(ora, pip, tipo, -maturata.importo_cent, motivo=motivo, now=now)]
    )
    pip.maturato_cent -= maturata.importo_cent
    tetto.maturato_cent -= maturata.importo_cent
    ora.indennita_cent = 0
    return True


async def elenca_ore(
    session: AsyncSession, pip_id: UUID, *, dopo: tuple[str, UUID] | None, limit: int
) -> Sequence[Ora]:
    """The hours of a plan, in order of time."""
    return await queries.ore_del_pip(session, pip_id, dopo=dopo, limit=limit)
