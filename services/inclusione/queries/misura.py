"""Measures and their versions."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Misura, MisuraVersione


async def aggiungi_misura(session: AsyncSession, misura: Misura) -> bool:
    """Adds a measure; False if the code is taken."""
    added = await session.scalar(
        insert(Misura)
        .values(misura.model_dump())
        .on_conflict_do_nothing(index_elements=["codice"])
        .returning(col(Misura.misura_id))
    )
    return added is not None


async def misura(session: AsyncSession, codice: str, *, blocca: bool = False) -> Misura | None:
    """A measure by code, under its lock if asked."""
    statement = sa.select(Misura).where(col(Misura.codice) == codice)
    if blocca:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def versione(session: AsyncSession, misura_id: UUID, numero: int) -> MisuraVersione | None:
    """One version of a measure."""
    return await session.get(MisuraVersione, (misura_id, numero))


async def versione_in_vigore(session: AsyncSession, misura_id: UUID, giorno: date) -> MisuraVersione | None:
    """The version in force on a day: the last of those that hold from that day or earlier."""
    return await session.scalar(
        sa.select(MisuraVersione)
        .where(col(MisuraVersione.misura_id) == misura_id, col(MisuraVersione.vale_dal) <= giorno)
        .order_by(col(MisuraVersione.numero).desc())
        .limit(1)
    )


async def misure(session: AsyncSession, *, dopo: str | None, limit: int) -> Sequence[Misura]:
    """Measures in code order."""
    statement = sa.select(Misura).order_by(col(Misura.codice)).limit(limit)
    if dopo is not None:
        statement = statement.where(col(Misura.codice) > dopo)
    return (await session.scalars(statement)).all()


async def codici(session: AsyncSession, misure: Collection[UUID]) -> dict[UUID, str]:
    """The code of each measure."""
    rows = await session.execute(
        sa.select(col(Misura.misura_id), col(Misura.codice)).where(col(Misura.misura_id).in_(misure))
    )
    return {row[0]: row[1] for row in rows}
