"""Hours."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Ora
from services.inclusione.rules.ore import StatoOra

IN_SOSPESO = (StatoOra.REGISTRATA, StatoOra.FIRMATA)


async def aggiungi_ora(session: AsyncSession, ora: Ora) -> bool:
    """Adds an hour; False if the person already has one in that interval (the exclusion constraint says so)."""
    added = await session.scalar(
        insert(Ora).values(ora.model_dump()).on_conflict_do_nothing().returning(col(Ora.ore_id))
    )
    return added is not None


async def ora(session: AsyncSession, ore_id: UUID) -> Ora | None:
    """An hour, as it is now; its plan's lock is the hour's lock too."""
    return await session.get(Ora, ore_id, populate_existing=True)


async def piani_delle_ore(session: AsyncSession, ore: Iterable[UUID]) -> set[UUID]:
    """The plans hours belong to."""
    found = await session.scalars(sa.select(col(Ora.pip_id)).where(col(Ora.ore_id).in_(set(ore))).distinct())
    return set(found)


async def ore(session: AsyncSession, identita: Iterable[UUID]) -> dict[UUID, Ora]:
    """Hours by id, as they are now; callers hold their plans' locks."""
    found = await session.scalars(
        sa.select(Ora).where(col(Ora.ore_id).in_(set(identita))).execution_options(populate_existing=True)
    )
    return {riga.ore_id: riga for riga in found}


async def aggiorna_ore(session: AsyncSession, righe: Sequence[dict[str, Any]]) -> None:
    """Changes many hours at once: each row names its `ore_id` and the new values of the same columns."""
    if righe:
        await session.execute(sa.update(Ora), righe)


async def ore_del_pip(
    session: AsyncSession, pip_id: UUID, *, dopo: tuple[str, UUID] | None, limit: int
) -> Sequence[Ora]:
    """The hours of a plan, in order of time."""
    statement = sa.select(Ora).where(col(Ora.pip_id) == pip_id).order_by(col(Ora.inizio), col(Ora.ore_id)).limit(limit)
    if dopo is not None:
        statement = statement.where(
            sa.tuple_(col(Ora.inizio), col(Ora.ore_id))
            > sa.tuple_(sa.cast(sa.literal(dopo[0]), sa.DateTime(timezone=True)), sa.literal(dopo[1], sa.Uuid))
        )
    return (await session.scalars(statement)).all()


async def in_sospeso(session: AsyncSession, pip_id: UUID) -> int:
    """How many hours of a plan are neither validated nor annulled."""
    total = await session.scalar(
        sa.select(sa.func.count()).select_from(Ora).where(col(Ora.pip_id) == pip_id, col(Ora.stato).in_(IN_SOSPESO))
    )
    return int(total or 0)


async def giorni_con_ore(session: AsyncSession, pip_id: UUID) -> tuple[date, date] | None:
    """The first and the last day of a plan that have hours not annulled."""
    row = (
        await session.execute(
            sa.select(sa.func.min(col(Ora.giorno)), sa.func.max(col(Ora.giorno))).where(
                col(Ora.pip_id) == pip_id, col(Ora.stato) != StatoOra.ANNULLATA
            )
        )
    ).one()
    primo: date | None = row[0]
    return None if primo is None else (primo, row[1])
