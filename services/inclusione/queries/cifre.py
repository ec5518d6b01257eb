"""Business figures of the service, for its metrics."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Pip

IMPORTI = ("riservato_servizi", "costo_servizi", "riservato_indennita", "maturato", "liquidato")


async def pip_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many plans are in each state."""
    stato = col(Pip.stato)
    rows = await session.execute(sa.select(stato, sa.func.count()).group_by(stato))
    return {(str(row[0]),): row[1] for row in rows}


async def denaro_dei_piani(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of all the plans: reserved and spent on services, reserved, accrued and paid as allowance."""
    row = (await session.execute(sa.select(*(sa.func.sum(getattr(Pip, f"{nome}_cent")) for nome in IMPORTI)))).one()
    return {(nome,): int(somma or 0) for nome, somma in zip(IMPORTI, row, strict=True)}
