"""Placements with host firms and contracts that started."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from services.inclusione.models import Contratto, Tirocinio
from services.inclusione.queries import lavoro as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules import tirocinio as regole_tirocinio
from services.inclusione.rules.ore import PipNonAttivo
from services.inclusione.rules.stati import StatoPip
from services.inclusione.rules.tirocinio import (
    ContrattoNonValido,
    StatoTirocinio,
    TipoPosizione,
    TirocinioNonValido,
    TirocinioSovrapposto,
)
from services.inclusione.schemas.lavoro import ContrattoNuovo, TirocinioNuovo
from services.inclusione.service.lavoro import libera_posto, occupa_posto
from services.inclusione.service.misura import regole_di
from services.inclusione.service.viste import pip_di

AVVIATI = frozenset({StatoPip.ATTIVO, StatoPip.CONCLUSO})


async def avvia_tirocinio(session: AsyncSession, corpo: TirocinioNuovo, *, now: datetime) -> Tirocinio:
    """Starts a placement of the person of a plan on a vacancy; it gives no allowance.

    Raises:
        NotFound: no such plan, or vacancy in the operator's network.
        PipNonAttivo: the plan is not under way.
        TirocinioNonValido: longer than the measure (six months at most) allows, or before the plan.
        TirocinioSovrapposto: the person already has a placement in those days.
        PosizioneChiusa, PosizioneDiAltroTipo: see the rules.

    Source: DOMAIN glossary (Tirocinio: the project pays no allowance for it) and part inclusione.
    """
    pip = await pip_di(session, corpo.pip_id)
    if pip.stato is not StatoPip.ATTIVO or pip.inizio is None:
        raise PipNonAttivo(f"Il piano e' {pip.stato.value}: un tirocinio comincia su un piano attivo.", field="pip_id")
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    regole_tirocinio.verifica_tirocinio(corpo.dal, corpo.al, mesi=regole.tirocinio_massimo_mesi)
    if corpo.dal < pip.inizio:
        raise TirocinioNonValido(
            "Il tirocinio comincia prima del piano.", field="dal", remedy="Farlo cominciare dentro il piano."
        )
    await occupa_posto(session, corpo.posizione_id, TipoPosizione.TIROCINIO, ente=pip.ente)
    tirocinio = Tirocinio(
        tirocinio_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=await queries_persone.persona_attuale(session, pip.persona_id),
        progetto_id=pip.progetto_id,
        posizione_id=corpo.posizione_id,
        tutor=corpo.tutor,
        dal=corpo.dal,
        al=corpo.al,
        stato=StatoTirocinio.ATTIVO,
        avviato_il=now,
    )
    await session.flush()
    if not await queries.aggiungi_tirocinio(session, tirocinio):
        raise _sovrapposto()
    return tirocinio


def _sovrapposto() -> TirocinioSovrapposto:
    return TirocinioSovrapposto(
        "La persona ha gia' un tirocinio in quei giorni.", field="dal", remedy="Interrompere prima quel tirocinio."
    )


async def proroga_tirocinio(session: AsyncSession, tirocinio_id: UUID, al: date) -> Tirocinio:
    """Moves the last day of a placement under way, within the months it may last in all.

    Raises:
        NotFound: no such placement.
        StatoTirocinioNonAmmesso: it is over.
        TirocinioNonValido: too long, or shorter than it was.
        TirocinioSovrapposto: the person has another placement in those days.
    """
    tirocinio = await tirocinio_di(session, tirocinio_id, blocca=True)
    regole_tirocinio.verifica_passo_tirocinio(tirocinio.stato, StatoTirocinio.CONCLUSO)
    pip = await pip_di(session, tirocinio.pip_id)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    regole_tirocinio.verifica_tirocinio(tirocinio.dal, al, mesi=regole.tirocinio_massimo_mesi)
    if al <= tirocinio.al:
        raise TirocinioNonValido(
            "Una proroga sposta avanti la fine.", field="al", remedy="Per finire prima, interrompere il tirocinio."
        )
    if await queries.altro_tirocinio(session, tirocinio.persona_id, tirocinio_id, tirocinio.dal, al):
        raise _sovrapposto()
    tirocinio.al = al
    tirocinio.versione += 1
    await session.flush()
    return tirocinio


async def tirocinio_di(session: AsyncSession, tirocinio_id: UUID, *, blocca: bool = False) -> Tirocinio:
    """A placement, under its lock if asked.

    Raises:
        NotFound: no such placement.
    """
    tirocinio = await queries.tirocinio(session, tirocinio_id, blocca=blocca)
    if tirocinio is None:
        raise NotFound("Il tirocinio non esiste.", field="tirocinio_id")
    return tirocinio


async def finisce_tirocinio(
    session: AsyncSession, tirocinio_id: UUID, stato: StatoTirocinio, *, motivo: str, now: datetime
) -> Tirocinio:
    """Ends a placement; an interrupted one gives its place back to the vacancy.

    Raises:
        NotFound: no such placement.
        StatoTirocinioNonAmmesso: it is over.
    """
    tirocinio = await tirocinio_di(session, tirocinio_id, blocca=True)
    regole_tirocinio.verifica_passo_tirocinio(tirocinio.stato, stato)
    tirocinio.stato, tirocinio.finito_il, tirocinio.motivo = stato, now, motivo
    tirocinio.versione += 1
    if stato is StatoTirocinio.INTERROTTO:
        await libera_posto(session, tirocinio.posizione_id)
    await session.flush()
    return tirocinio


async def elenca_tirocini(session: AsyncSession, pip_id: UUID) -> Sequence[Tirocinio]:
    """The placements of a plan."""
    return await queries.tirocini(session, pip_id)


async def registra_contratto(session: AsyncSession, corpo: ContrattoNuovo, *, autore: str, now: datetime) -> Contratto:
    """Writes down a work contract that started: a result of the person's path.

    Raises:
        NotFound: no such plan, or vacancy in the operator's network.
        PipNonAttivo: the plan never started.
        ContrattoNonValido: it starts after today or before the plan, or its duration does not fit its kind.
        PosizioneChiusa, PosizioneDiAltroTipo: see the rules.
    """
    pip = await pip_di(session, corpo.pip_id)
    if pip.stato not in AVVIATI or pip.inizio is None:
        raise PipNonAttivo(f"Il piano e' {pip.stato.value}: non ha risultati di lavoro.", field="pip_id")
    regole_tirocinio.verifica_contratto(corpo.tipo, dal=corpo.dal, mesi=corpo.mesi, oggi=now.astimezone(ROMA).date())
    if corpo.dal < pip.inizio:
        raise ContrattoNonValido(
            "Il contratto comincia prima del piano.", field="dal", remedy="Correggere il giorno di inizio."
        )
    if corpo.posizione_id is not None:
        await occupa_posto(session, corpo.posizione_id, TipoPosizione.LAVORO, ente=pip.ente)
    contratto = Contratto(
        contratto_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=pip.persona_id,
        progetto_id=pip.progetto_id,
        posizione_id=corpo.posizione_id,
        tipo=corpo.tipo,
        dal=corpo.dal,
        mesi=corpo.mesi,
        registrato_da=autore,
        registrato_il=now,
    )
    session.add(contratto)
    await session.flush()
    return contratto


async def annulla_contratto(session: AsyncSession, contratto_id: UUID, *, motivo: str, now: datetime) -> Contratto:
    """Takes back a contract written by mistake; twice is once.

    Raises:
        NotFound: no such contract.
    """
    contratto = await queries.contratto(session, contratto_id, blocca=True)
    if contratto is None:
        raise NotFound("Il contratto non esiste.", field="contratto_id")
    if contratto.annullato_il is None:
        contratto.annullato_il, contratto.motivo = now, motivo
        contratto.versione += 1
        if contratto.posizione_id is not None:
            await libera_posto(session, contratto.posizione_id)
        await session.flush()
    return contratto


async def elenca_contratti(session: AsyncSession, pip_id: UUID) -> Sequence[Contratto]:
    """The contracts of a plan."""
    return await queries.contratti(session, pip_id)
