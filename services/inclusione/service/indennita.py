"""The allowance, and the contributions, paid in batches; under a pact a share goes to the arrears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.outbox import emit
from services.inclusione.events import IndennitaLiquidata, IndennitaQuotaMorosita
from services.inclusione.models import Contributo, Liquidazione, LiquidazioneVoce, LottoLiquidazione, Patto
from services.inclusione.queries import indennita as queries
from services.inclusione.queries import patti as queries_patti
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import progetto as queries_progetto
from services.inclusione.rules import indennita as regole_indennita
from services.inclusione.rules.indennita import NienteDaLiquidare
from services.inclusione.rules.misura import Quota
from services.inclusione.rules.patti import StatoContributo
from services.inclusione.schemas.indennita import (
    IndennitaVista,
    LiquidazioneVista,
    LottoNuovo,
    LottoVisto,
    VoceVista,
)
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di
from services.inclusione.service.viste import pip_di


async def leggi_indennita(session: AsyncSession, pip_id: UUID) -> IndennitaVista:
    """The statement of a plan's allowance: what accrued, what was paid, what is owed either way.

    Raises:
        NotFound: no such plan.
    """
    pip = await pip_di(session, pip_id)
    versate = await queries.quota_versata(session, [pip_id])
    return IndennitaVista(
        pip_id=pip_id,
        maturato=pip.maturato_cent,
        liquidato=pip.liquidato_cent,
        saldo=pip.maturato_cent - pip.liquidato_cent,
        quota_morosita=versate.get(pip_id, 0),
        voci=[
            VoceVista(
                ore_id=voce.ore_id,
                tipo=voce.tipo,
                importo=voce.importo_cent,
                giorno=voce.giorno,
                motivo=voce.motivo,
                creata_il=voce.creata_il,
                liquidata=liquidata,
            )
            for voce, liquidata in await queries.voci(session, pip_id)
        ],
    )


@dataclass(slots=True)
class _Pagamento:
    """One payment being made: its items (none for a contribution), its row, its pact."""

    voci: list[UUID]
    riga: Liquidazione
    patto: Patto | None


async def liquida_lotto(
    session: AsyncSession, progetto_id: UUID, corpo: LottoNuovo, *, autore: str, now: datetime
) -> LottoVisto:
    """Pays in one batch what a project's plans accrued, and the contributions granted, up to a day, itself included.

    A plan whose items sum to nothing or less waits: the compensating items are taken from its next payment. Under an
    active pact the share goes to the arrears (certified as blameless, where the measure asks for it).

    Raises:
        NotFound: no such project here.
        NienteDaLiquidare: nobody has an allowance to be paid up to that day.

    Source: DOMAIN part inclusione (Indennita: liquidation in batches; DO UT DES).
    """
    await progetto_di(session, progetto_id)
    piani = await queries_pip.blocca_piani(
        session, await queries.piani_da_liquidare(session, progetto_id, corpo.fino_al)
    )
    voci = await queries.voci_da_liquidare(session, piani.keys(), corpo.fino_al)
    contributi = await queries_patti.blocca_contributi(session, progetto_id, corpo.fino_al)
    persone = {pip.persona_id for pip in piani.values()} | {riga.persona_id for riga in contributi}
    patti = await queries_patti.blocca_patti(session, progetto_id, persone)
    lotto_id = uuid7()
    pagamenti = []
    for pip_id, righe in sorted(voci.items()):
        importo = sum(cent for _, cent in righe)
        if importo > 0:
            pip = piani[pip_id]
            patto = await _patto_utile(session, pip.persona_id, pip.misura_id, pip.misura_numero, patti)
            pip.liquidato_cent += importo
            riga = _riga(lotto_id, pip.persona_id, importo, patto, pip_id=pip_id)
            pagamenti.append(_Pagamento([voce_id for voce_id, _ in righe], riga, patto))
    pagamenti += [await _paga_contributo(session, lotto_id, contributo, patti) for contributo in contributi]
    if not pagamenti:
        raise NienteDaLiquidare(
            f"Nessuna indennita' da liquidare fino al {corpo.fino_al.isoformat()}.",
            field="fino_al",
            remedy="Validare prima le ore, oppure indicare un giorno seguente.",
        )
    linea = await queries_progetto.blocca_linea(session, progetto_id)
    assert linea is not None
    lotto = LottoLiquidazione(
        lotto_id=lotto_id,
        progetto_id=progetto_id,
        numero=await queries.prossimo_lotto(session, progetto_id),
        fino_al=corpo.fino_al,
        atto=corpo.atto,
        autore=autore,
        totale_cent=sum(pagamento.riga.importo_cent for pagamento in pagamenti),
        quota_morosita_cent=sum(pagamento.riga.quota_morosita_cent for pagamento in pagamenti),
        righe=len(pagamenti),
        liquidato_il=now,
    )
    linea.liquidato_cent += lotto.totale_cent
    linea.versione += 1
    await _scrivi(session, lotto, pagamenti, now=now)
    return _lotto(lotto, [pagamento.riga for pagamento in pagamenti])


async def _patto_utile(
    session: AsyncSession, persona_id: UUID, misura_id: UUID, numero: int, patti: dict[UUID, Patto]
) -> Patto | None:
    patto = patti.get(persona_id)
    if patto is None:
        return None
    regole = await regole_di(session, misura_id, numero)
    return None if regole.patto_solo_incolpevole and patto.incolpevole_certificata_il is None else patto


async def _paga_contributo(
    session: AsyncSession, lotto_id: UUID, contributo: Contributo, patti: dict[UUID, Patto]
) -> _Pagamento:
    iscrizione = await iscrizione_di(session, contributo.iscrizione_id)
    patto = await _patto_utile(session, contributo.persona_id, contributo.misura_id, iscrizione.misura_numero, patti)
    contributo.stato = StatoContributo.LIQUIDATO
    contributo.versione += 1
    riga = _riga(
        lotto_id, contributo.persona_id, contributo.importo_cent, patto, contributo_id=contributo.contributo_id
    )
    return _Pagamento([], riga, patto)


def _riga(
    lotto_id: UUID,
    persona_id: UUID,
    importo: int,
    patto: Patto | None,
    *,
    pip_id: UUID | None = None,
    contributo_id: UUID | None = None,
) -> Liquidazione:
    quota = 0
    if patto is not None:
        patto.lordo_cent += importo
        quota = regole_indennita.quota_morosita(
            patto.lordo_cent,
            Quota(patto.quota_numeratore, patto.quota_denominatore),
            gia_versata_cent=patto.versato_cent,
        )
        patto.versato_cent += quota
        patto.versione += 1
    return Liquidazione(
        liquidazione_id=uuid7(),
        lotto_id=lotto_id,
        pip_id=pip_id,
        contributo_id=contributo_id,
        persona_id=persona_id,
        patto_id=patto.patto_id if patto else None,
        quota_id=uuid7() if quota else None,
        importo_cent=importo,
        quota_morosita_cent=quota,
    )


async def _scrivi(
    session: AsyncSession, lotto: LottoLiquidazione, pagamenti: Sequence[_Pagamento], *, now: datetime
) -> None:
    session.add(lotto)
    await session.flush()
    session.add_all(pagamento.riga for pagamento in pagamenti)
    await session.flush()
    for pagamento in pagamenti:
        riga = pagamento.riga
        session.add_all(
            LiquidazioneVoce(voce_id=voce_id, liquidazione_id=riga.liquidazione_id) for voce_id in pagamento.voci
        )
        if riga.pip_id is not None:  # a contribution is no allowance: only its share is told
            await emit(
                session,
                IndennitaLiquidata(
                    liquidazione_id=riga.liquidazione_id,
                    versione=1,
                    pip_id=riga.pip_id,
                    persona_id=riga.persona_id,
                    progetto_id=lotto.progetto_id,
                    importo_cent=riga.importo_cent,
                    quota_morosita_cent=riga.quota_morosita_cent,
                    liquidata_il=now,
                ),
                now=now,
            )
        if riga.quota_id is not None and pagamento.patto is not None:
            await emit(
                session,
                IndennitaQuotaMorosita(
                    quota_id=riga.quota_id,
                    versione=1,
                    persona_id=riga.persona_id,
                    nucleo_id=pagamento.patto.nucleo_id,
                    progetto_id=lotto.progetto_id,
                    importo_cent=riga.quota_morosita_cent,
                    patto_id=pagamento.patto.patto_id,
                    liquidata_il=now,
                ),
                now=now,
            )
    await session.flush()


async def leggi_lotto(session: AsyncSession, progetto_id: UUID, lotto_id: UUID) -> LottoVisto:
    """A batch with its payments.

    Raises:
        NotFound: no such batch in that project.
    """
    lotto = await queries.lotto(session, lotto_id)
    if lotto is None or lotto.progetto_id != progetto_id:
        raise NotFound("Il lotto di liquidazione non esiste in questo progetto.")
    return _lotto(lotto, await queries.liquidazioni(session, lotto_id))


async def elenca_lotti(session: AsyncSession, progetto_id: UUID, *, dopo: int, limit: int) -> list[LottoVisto]:
    """The batches of a project, from the first, without their rows."""
    return [_lotto(lotto, []) for lotto in await queries.lotti(session, progetto_id, dopo=dopo, limit=limit)]


def _lotto(lotto: LottoLiquidazione, righe: Sequence[Liquidazione]) -> LottoVisto:
    return LottoVisto(
        lotto_id=lotto.lotto_id,
        progetto_id=lotto.progetto_id,
        numero=lotto.numero,
        fino_al=lotto.fino_al,
        atto=lotto.atto,
        totale=lotto.totale_cent,
        quota_morosita=lotto.quota_morosita_cent,
        righe=lotto.righe,
        liquidato_il=lotto.liquidato_il,
        liquidazioni=[
            LiquidazioneVista(
                liquidazione_id=riga.liquidazione_id,
                pip_id=riga.pip_id,
                contributo_id=riga.contributo_id,
                persona_id=riga.persona_id,
                patto_id=riga.patto_id,
                importo=riga.importo_cent,
                quota_morosita=riga.quota_morosita_cent,
                netto=riga.importo_cent - riga.quota_morosita_cent,
            )
            for riga in righe
        ],
    )
