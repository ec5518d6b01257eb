"""Activities, their calendar and waiting lists."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import Attivita, Iscrizione, Laboratorio, Presenza
from services.laboratori.rules.attivita import StatoIscrizione
from services.laboratori.rules.presenze import StatoPresenza


async def attivita(session: AsyncSession, attivita_id: UUID, *, lock: bool = False) -> Attivita | None:
    """An activity; with `lock`, held until the transaction ends: its places are decided one at a time."""
    statement = sa.select(Attivita).where(col(Attivita.attivita_id) == attivita_id)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(statement)


async def attivita_ferma(session: AsyncSession, attivita_id: UUID) -> Attivita | None:
    """An activity that nobody changes or cancels until the transaction ends; others may hold it in the same way."""
    statement = sa.select(Attivita).where(col(Attivita.attivita_id) == attivita_id)
    return await session.scalar(statement.with_for_update(read=True).execution_options(populate_existing=True))


async def calendario(
    session: AsyncSession,
    inizio: datetime,
    fine: datetime,
    *,
    laboratorio_id: UUID | None,
    comune: str | None,
    quartiere: str | None,
    dopo: tuple[datetime, UUID] | None,
    limite: int,
) -> Sequence[Attivita]:
    """Activities that touch the interval, by beginning, those after `dopo` (beginning and id of the last one seen)."""
    statement = (
        sa.select(Attivita)
        .where(col(Attivita.inizio) < fine, col(Attivita.fine) > inizio)
        .order_by(col(Attivita.inizio), col(Attivita.attivita_id))
        .limit(limite)
    )
    if dopo is not None:
        statement = statement.where(
            sa.tuple_(col(Attivita.inizio), col(Attivita.attivita_id))
            > sa.tuple_(sa.literal(dopo[0]), sa.literal(dopo[1]))
        )
    if laboratorio_id is not None:
        statement = statement.where(col(Attivita.laboratorio_id) == laboratorio_id)
    if comune is not None or quartiere is not None:
        statement = statement.join(Laboratorio, col(Laboratorio.laboratorio_id) == col(Attivita.laboratorio_id))
    if comune is not None:
        statement = statement.where(col(Laboratorio.comune) == comune)
    if quartiere is not None:
        statement = statement.where(col(Laboratorio.quartiere) == quartiere)
    return (await session.scalars(statement)).all()


async def presenze_confermate(session: AsyncSession, attivita_id: UUID) -> int:
    """How many attendances of an activity are confirmed."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Presenza)
        .where(col(Presenza.attivita_id) == attivita_id, col(Presenza.stato) == StatoPresenza.CONFERMATA.value)
    )
    return await session.scalar(statement) or 0


async def estremi_presenze(session: AsyncSession, attivita_id: UUID) -> tuple[datetime | None, datetime | None]:
    """First and last instant of the attendances of an activity, cancelled ones left out."""
    statement = sa.select(sa.func.min(col(Presenza.inizio)), sa.func.max(col(Presenza.fine))).where(
        col(Presenza.attivita_id) == attivita_id, col(Presenza.stato) != StatoPresenza.ANNULLATA.value
    )
    prima, ultima = (await session.execute(statement)).one()
    return prima, ultima


async def iscrizione_aperta(session: AsyncSession, attivita_id: UUID, persona_id: UUID) -> Iscrizione | None:
    """The registration of a person to an activity, unless withdrawn."""
    statement = sa.select(Iscrizione).where(
        col(Iscrizione.attivita_id) == attivita_id,
        col(Iscrizione.persona_id) == persona_id,
        col(Iscrizione.stato) != StatoIscrizione.RITIRATA.value,
    )
    return await session.scalar(statement)


async def attivita_della_iscrizione(session: AsyncSession, iscrizione_id: UUID) -> UUID | None:
    """The activity of a registration."""
    statement = sa.select(col(Iscrizione.attivita_id)).where(col(Iscrizione.iscrizione_id) == iscrizione_id)
    found: UUID | None = await session.scalar(statement)
    return found


async def iscrizione(session: AsyncSession, iscrizione_id: UUID) -> Iscrizione | None:
    """A registration, as it is under the lock of its activity."""
    statement = sa.select(Iscrizione).where(col(Iscrizione.iscrizione_id) == iscrizione_id)
    return await session.scalar(statement.execution_options(populate_existing=True))


async def primi_in_attesa(session: AsyncSession, attivita_id: UUID, quanti: int) -> Sequence[Iscrizione]:
    """The first of who waits, in order of arrival."""
    statement = (
        sa.select(Iscrizione)
        .where(col(Iscrizione.attivita_id) == attivita_id, col(Iscrizione.stato) == StatoIscrizione.IN_ATTESA.value)
        .order_by(col(Iscrizione.numero))
        .limit(quanti)
    )
    return (await session.scalars(statement)).all()


async def iscrizioni(
    session: AsyncSession, attivita_id: UUID, *, dopo: int | None, limite: int
) -> Sequence[Iscrizione]:
    """The registrations to an activity in order of arrival, withdrawn ones too."""
    statement = (
        sa.select(Iscrizione)
        .where(col(Iscrizione.attivita_id) == attivita_id)
        .order_by(col(Iscrizione.numero))
        .limit(limite)
    )
    if dopo is not None:
        statement = statement.where(col(Iscrizione.numero) > dopo)
    return (await session.scalars(statement)).all()
