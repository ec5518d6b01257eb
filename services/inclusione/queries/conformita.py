"""Checks during a path, and the other enrolments of a person."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Iscrizione, Pip, VerificaInItinere
from services.inclusione.rules.stati import StatoPip


async def verifiche(session: AsyncSession, iscrizione_id: UUID) -> Sequence[VerificaInItinere]:
    """The latest check of each requirement, in requirement order."""
    found = await session.scalars(
        sa.select(VerificaInItinere)
        .where(col(VerificaInItinere.iscrizione_id) == iscrizione_id)
        .ext(distinct_on(col(VerificaInItinere.requisito)))
        .order_by(col(VerificaInItinere.requisito), col(VerificaInItinere.numero).desc())
    )
    return found.all()


async def ultima_verifica(session: AsyncSession, iscrizione_id: UUID) -> int:
    """The number of the last round of checks, 0 before the first; callers hold the enrolment's lock."""
    last = await session.scalar(
        sa.select(sa.func.max(col(VerificaInItinere.numero))).where(
            col(VerificaInItinere.iscrizione_id) == iscrizione_id
        )
    )
    return int(last or 0)


async def altre_iscrizioni(
    session: AsyncSession, persone: Sequence[UUID], esclusa: UUID
) -> Sequence[tuple[Iscrizione, StatoPip | None, date | None, date | None]]:
    """The other enrolments of a person, each with its latest plan's state and days."""
    ultimo = (
        sa.select(col(Pip.stato), col(Pip.inizio), col(Pip.fine))
        .where(col(Pip.iscrizione_id) == col(Iscrizione.iscrizione_id))
        .order_by(col(Pip.pip_id).desc())
        .limit(1)
        .lateral()
    )
    rows = await session.execute(
        sa.select(Iscrizione, ultimo.c.stato, ultimo.c.inizio, ultimo.c.fine)
        .outerjoin(ultimo, sa.true())
        .where(col(Iscrizione.persona_id).in_(persone), col(Iscrizione.iscrizione_id) != esclusa)
        .order_by(col(Iscrizione.iscrizione_id))
        .limit(100)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def iscrizioni_proprie(session: AsyncSession, persone: Sequence[UUID]) -> Sequence[Iscrizione]:
    """The enrolments of a person under any of their ids, in id order."""
    found = await session.scalars(
        sa.select(Iscrizione)
        .where(col(Iscrizione.persona_id).in_(persone))
        .order_by(col(Iscrizione.iscrizione_id))
        .limit(100)
    )
    return found.all()
