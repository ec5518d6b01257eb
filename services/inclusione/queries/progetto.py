"""Projects and their lines."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Linea, Pip, Progetto


async def progetto(session: AsyncSession, progetto_id: UUID) -> Progetto | None:
    """A project, if it has ever had an inclusion line."""
    return await session.get(Progetto, progetto_id)


async def blocca_progetto(session: AsyncSession, progetto_id: UUID) -> None:
    """Lets one event of a project be applied at a time, its first too (advisory: the row may not exist yet)."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(progetto_id), 1))))


async def linea(session: AsyncSession, progetto_id: UUID) -> Linea | None:
    """The line of a project, without a lock."""
    return await session.get(Linea, progetto_id)


async def blocca_linea(session: AsyncSession, progetto_id: UUID) -> Linea | None:
    """The line of a project under its lock, as it is now (rows that name the line do not wait for it)."""
    return await session.get(Linea, progetto_id, with_for_update={"key_share": True}, populate_existing=True)


async def linee(
    session: AsyncSession, *, capofila: str | None, ente: str | None, dopo: UUID | None, limit: int
) -> Sequence[tuple[Progetto, Linea]]:
    """Projects with their line, in id order; those of a lead, or those an operator is partner of."""
    statement = sa.select(Progetto, Linea).join(Linea, col(Linea.progetto_id) == col(Progetto.progetto_id))
    if capofila is not None:
        statement = statement.where(col(Progetto.capofila) == capofila)
    if ente is not None:
        statement = statement.where(col(Progetto.partner).contains([{"ente": ente}]))
    if dopo is not None:
        statement = statement.where(col(Progetto.progetto_id) > dopo)
    rows = await session.execute(statement.order_by(col(Progetto.progetto_id)).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def piani_per_stato(session: AsyncSession, progetti: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many plans each project has in each state."""
    rows = await session.execute(
        sa.select(col(Pip.progetto_id), sa.cast(col(Pip.stato), sa.Text), sa.func.count())
        .where(col(Pip.progetto_id).in_(progetti))
        .group_by(col(Pip.progetto_id), col(Pip.stato))
    )
    found: dict[UUID, dict[str, int]] = {}
    for progetto_id, stato, numero in rows:
        found.setdefault(progetto_id, {})[str(stato)] = numero
    return found
