"""Desk accesses and how they are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import Accesso


@dataclass(frozen=True, slots=True)
class ContoAccessi:
    """Accesses and the different people behind them; `canale` none for all channels together."""

    canale: str | None
    accessi: int
    anonimi: int
    persone: int
    minuti: int


async def conta(session: AsyncSession, laboratorio_id: UUID, inizio: datetime, fine: datetime) -> list[ContoAccessi]:
    """Counts of the accesses in the interval: the whole first, then by channel."""
    nel_periodo = (
        col(Accesso.laboratorio_id) == laboratorio_id,
        col(Accesso.avvenuto_il) >= inizio,
        col(Accesso.avvenuto_il) < fine,
    )
    statement = (
        sa.select(
            col(Accesso.canale),
            sa.func.count().label("accessi"),
            sa.func.count().filter(col(Accesso.persona_id).is_(None)).label("anonimi"),
            sa.func.count(sa.distinct(col(Accesso.persona_id))).label("persone"),
            sa.func.coalesce(sa.func.sum(col(Accesso.minuti)), 0).label("minuti"),
        )
        .where(*nel_periodo)
        .group_by(sa.func.rollup(col(Accesso.canale)))
        .order_by(col(Accesso.canale).nulls_first())
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [ContoAccessi(r.canale, r.accessi, r.anonimi, r.persone, int(r.minuti)) for r in rows]
