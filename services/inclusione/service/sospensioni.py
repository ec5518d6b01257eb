"""Plans that stand still and go on: the days lost move the end, the Dote follows if a dearer rate comes in."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.ids import uuid7
from chassis.italian import ROMA
from services.inclusione.models import Pip, PipSospensione
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import sospensioni as queries
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.pip import Piano, rincara
from services.inclusione.rules.sospensione import (
    Sospensione,
    fine_spostata,
    verifica_ripresa,
    verifica_sospensione,
)
from services.inclusione.rules.stati import StatoPip, verifica_transizione
from services.inclusione.schemas.pip import (
    EsitoPiani,
    PianoCorpo,
    PianoRifiutato,
    RipresaNuova,
    SospensioneNuova,
)
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import annota, blocca, blocca_tetto, preventivo_di, sposta_dote


async def sospendi_pip(
    session: AsyncSession, pip_id: UUID, corpo: SospensioneNuova, *, autore: str, now: datetime
) -> Pip:
    """Makes a started plan stand still from a day on: no hours on those days.

    Raises:
        NotFound: no such plan.
        TransizioneNonAmmessa: the plan is not active.
        SospensioneNonValida: the day is outside the plan or in the future.
        OreNellaSospensione: hours stand on that day or later.

    Source: ADR 0065 (the 2020 lock-down).
    """
    pip = await blocca(session, pip_id)
    verifica_transizione(pip.stato, StatoPip.SOSPESO)
    assert pip.inizio is not None
    assert pip.fine is not None
    oggi = now.astimezone(ROMA).date()
    dal = await _dopo_le_altre(session, pip_id, corpo.dal or oggi)
    verifica_sospensione(
        dal, inizio=pip.inizio, fine=pip.fine, oggi=oggi, ultima_ora=await queries.ultima_ora(session, pip_id)
    )
    session.add(
        PipSospensione(
            sospensione_id=uuid7(),
            pip_id=pip_id,
            dal=dal,
            motivo=corpo.motivo,
            atto=corpo.atto,
            sospesa_da=autore,
            sospesa_il=now,
        )
    )
    pip.stato = StatoPip.SOSPESO
    pip.versione += 1
    annota(session, pip, autore=autore, motivo=f"{corpo.motivo.value} dal {dal.isoformat()}", now=now)
    await session.flush()
    return pip


async def _dopo_le_altre(session: AsyncSession, pip_id: UUID, dal: date) -> date:
    """A suspension that reaches into an earlier one starts when that one ended: no day is lost twice."""
    fatte = (await queries.sospensioni(session, [pip_id])).get(pip_id, [])
    return max([dal, *(fatta.al + timedelta(days=1) for fatta in fatte if fatta.al is not None and fatta.al >= dal)])


async def riprendi_pip(session: AsyncSession, pip_id: UUID, corpo: RipresaNuova, *, autore: str, now: datetime) -> Pip:
    """Lets a plan go on: its end moves by the days it stood still, as far as the project goes.

    If the moved end brings in a dearer rate, the Dote takes the difference from the line in the same transaction.

    Raises:
        NotFound: no such plan.
        TransizioneNonAmmessa: the plan does not stand still.
        SospensioneNonValida: the day is before the suspension or in the future.
        MassimalePercorsoSuperato, LineaEsaurita, LineaChiusa: the dearer rate does not fit; sign a smaller plan first.

    Source: ADR 0065.
    """
    pip = await blocca(session, pip_id)
    verifica_transizione(pip.stato, StatoPip.ATTIVO, atto="ripresa")
    oggi = now.astimezone(ROMA).date()
    ripresa = corpo.il or oggi
    aperta = await _aperta(session, pip_id)
    verifica_ripresa(ripresa, dal=aperta.dal, oggi=oggi)
    aperta.al, aperta.ripresa_da, aperta.ripresa_il = ripresa - timedelta(days=1), autore, now
    versione = await queries.firmata_il(session, pip)
    assert pip.inizio is not None
    assert pip.fine is not None
    fine = fine_spostata(
        pip.fine,
        Sospensione(aperta.dal, aperta.al),
        firmata=versione.firmata_il.astimezone(ROMA).date(),
        fine_progetto=await queries.fine_del_progetto(session, pip.progetto_id),
    )
    piano = Piano(pip.inizio, pip.fine, PianoCorpo.model_validate(versione.piano).piano().servizi)
    pip.fine, pip.stato = fine, StatoPip.ATTIVO
    pip.versione += 1
    annota(session, pip, autore=autore, motivo=f"ripresa dal {ripresa.isoformat()}", now=now)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    if rincara(piano, regole, fine=fine):
        tetto = await blocca_tetto(session, pip, regole)
        preventivo = await preventivo_di(session, pip, replace(piano, fine=fine), regole, tetto)
        await sposta_dote(session, pip, tetto, preventivo, causale=Causale.RIPRESA, now=now)
    await session.flush()
    return pip


async def _aperta(session: AsyncSession, pip_id: UUID) -> PipSospensione:
    fatte = (await queries.sospensioni(session, [pip_id])).get(pip_id, [])
    return next(fatta for fatta in fatte if fatta.al is None)  # a plan that stands still has one


async def sospendi_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: SospensioneNuova, *, autore: str, now: datetime
) -> EsitoPiani:
    """Makes every active plan of a project stand still; who cannot is refused alone, with the reason."""
    esiti = EsitoPiani(fatti=[], rifiutati=[])
    piani = await queries.piani_del_progetto(session, progetto_id, StatoPip.ATTIVO)
    await queries_pip.blocca_piani(session, piani)
    for pip_id in piani:
        try:
            await sospendi_pip(session, pip_id, corpo, autore=autore, now=now)
        except Refusal as refusal:
            esiti.rifiutati.append(_rifiutato(pip_id, refusal))
        else:
            esiti.fatti.append(pip_id)
    return esiti


async def riprendi_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: RipresaNuova, *, autore: str, now: datetime
) -> EsitoPiani:
    """Lets every suspended plan of a project go on; who cannot is refused alone and stays suspended."""
    esiti = EsitoPiani(fatti=[], rifiutati=[])
    piani = await queries.piani_del_progetto(session, progetto_id, StatoPip.SOSPESO)
    await queries_pip.blocca_piani(session, piani)
    for pip_id in piani:
        try:
            async with session.begin_nested():
                await riprendi_pip(session, pip_id, corpo, autore=autore, now=now)
        except Refusal as refusal:
            esiti.rifiutati.append(_rifiutato(pip_id, refusal))
        else:
            esiti.fatti.append(pip_id)
    return esiti


def _rifiutato(pip_id: UUID, refusal: Refusal) -> PianoRifiutato:
    return PianoRifiutato(pip_id=pip_id, tipo=refusal.slug(), messaggio=refusal.detail[:2000])
