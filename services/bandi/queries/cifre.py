"""Business figures of the service, for its metrics."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Domanda, Progetto, ProgettoLinea

IMPORTI = ("programmato", "ammesso", "impegnato", "erogato")


async def domande_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many applications are in each state."""
    stato = col(Domanda.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def progetti_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many projects are in each state."""
    stato = col(Progetto.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def denaro_per_azione(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of all the projects, by action of the funding line and by stage of the waterfall."""
    somme = [sa.func.sum(getattr(ProgettoLinea, f"{nome}_cent")) for nome in IMPORTI]
    azione = col(ProgettoLinea.azione)
    rows = await session.execute(sa.select(azione, *somme).group_by(azione))
    return {(row[0], nome): int(somma) for row in rows for nome, somma in zip(IMPORTI, row[1:], strict=True)}
