"""Business figures of the service, for its metrics: counts only, of no group smaller than the whole platform."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import Nucleo, Presenza


async def nuclei(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many households are registered."""
    return {(): int(await session.scalar(sa.select(sa.func.count()).select_from(Nucleo)) or 0)}


async def presenze_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many attendances are in each state."""
    stato = col(Presenza.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def minuti_confermati(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Minutes of the confirmed attendances, by tariff band."""
    fascia = col(Presenza.fascia)
    rows = await session.execute(
        sa.select(fascia, sa.func.sum(Presenza.minuti)).where(col(Presenza.stato) == "confermata").group_by(fascia)
    )
    return {(str(row[0]),): int(row[1]) for row in rows}
