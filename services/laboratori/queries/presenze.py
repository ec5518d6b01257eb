"""Attendances, their locks and their history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import FattoPresenza, Iscrizione, Presenza
from services.laboratori.rules.attivita import StatoIscrizione
from services.laboratori.rules.presenze import StatoPresenza


async def presenza(session: AsyncSession, presenza_id: UUID) -> Presenza | None:
    """An attendance."""
    return await session.get(Presenza, presenza_id)


async def presenze(session: AsyncSession, presenze_id: Collection[UUID]) -> Sequence[Presenza]:
    """Attendances held in the order of their ids."""
    statement = (
        sa.select(Presenza)
        .where(col(Presenza.presenza_id).in_(list(presenze_id)))
        .order_by(col(Presenza.presenza_id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


@dataclass(frozen=True, slots=True)
class Tempo:
    """Hours of a person; the end is outside."""

    inizio: datetime
    fine: datetime

    def incontra(self, altro: "Tempo") -> bool:
        """Whether the two share an instant."""
        return self.inizio < altro.fine and altro.inizio < self.fine


async def tempi_confermati(
    session: AsyncSession, persone: Collection[UUID], dal: datetime, al: datetime
) -> dict[UUID, list[Tempo]]:
    """The confirmed hours of people, anywhere, that touch an interval."""
    statement = sa.select(col(Presenza.persona_id), col(Presenza.inizio), col(Presenza.fine)).where(
        col(Presenza.persona_id).in_(list(persone)),
        col(Presenza.stato) == StatoPresenza.CONFERMATA.value,
        col(Presenza.inizio) < al,
        col(Presenza.fine) > dal,
    )
    found: dict[UUID, list[Tempo]] = {}
    for row in await session.execute(statement):
        found.setdefault(row.persona_id, []).append(Tempo(row.inizio, row.fine))
    return found


async def inizi_registrati(
    session: AsyncSession, attivita_id: UUID, persone: Collection[UUID]
) -> set[tuple[UUID, datetime]]:
    """Who is registered at what time to an activity, cancelled attendances left out."""
    statement = sa.select(col(Presenza.persona_id), col(Presenza.inizio)).where(
        col(Presenza.attivita_id) == attivita_id,
        col(Presenza.persona_id).in_(list(persone)),
        col(Presenza.stato) != StatoPresenza.ANNULLATA.value,
    )
    return {(row.persona_id, row.inizio) for row in await session.execute(statement)}


async def iscrizioni_di(session: AsyncSession, attivita_id: UUID, persone: Collection[UUID]) -> dict[UUID, UUID]:
    """The registrations with a place of people to an activity, by person."""
    statement = sa.select(col(Iscrizione.persona_id), col(Iscrizione.iscrizione_id)).where(
        col(Iscrizione.attivita_id) == attivita_id,
        col(Iscrizione.persona_id).in_(list(persone)),
        col(Iscrizione.stato) == StatoIscrizione.ISCRITTA.value,
    )
    return {row.persona_id: row.iscrizione_id for row in await session.execute(statement)}


async def storia(session: AsyncSession, presenza_id: UUID) -> Sequence[FattoPresenza]:
    """The last thousand facts of an attendance, the first of them first."""
    statement = (
        sa.select(FattoPresenza)
        .where(col(FattoPresenza.presenza_id) == presenza_id)
        .order_by(col(FattoPresenza.versione).desc())
        .limit(1000)
    )
    return list(await session.scalars(statement))[::-1]


async def presenze_di_attivita(
    session: AsyncSession, attivita_id: UUID, *, dopo: UUID | None, limite: int
) -> Sequence[Presenza]:
    """The attendances of an activity, by id."""
    statement = (
        sa.select(Presenza)
        .where(col(Presenza.attivita_id) == attivita_id)
        .order_by(col(Presenza.presenza_id))
        .limit(limite)
    )
    if dopo is not None:
        statement = statement.where(col(Presenza.presenza_id) > dopo)
    return (await session.scalars(statement)).all()


async def presenze_del_laboratorio(
    session: AsyncSession,
    laboratorio_id: UUID,
    *,
    stato: str | None,
    dal: datetime | None,
    al: datetime | None,
    dopo: tuple[datetime, UUID] | None,
    limite: int,
) -> Sequence[Presenza]:
    """The attendances of a lab that begin in the interval, by beginning."""
    statement = (
        sa.select(Presenza)
        .where(col(Presenza.laboratorio_id) == laboratorio_id)
        .order_by(col(Presenza.inizio), col(Presenza.presenza_id))
        .limit(limite)
    )
    if stato is not None:
        statement = statement.where(col(Presenza.stato) == stato)
    if dal is not None:
        statement = statement.where(col(Presenza.inizio) >= dal)
    if al is not None:
        statement = statement.where(col(Presenza.inizio) < al)
    if dopo is not None:
        statement = statement.where(
            sa.tuple_(col(Presenza.inizio), col(Presenza.presenza_id))
            > sa.tuple_(sa.literal(dopo[0]), sa.literal(dopo[1]))
        )
    return (await session.scalars(statement)).all()
