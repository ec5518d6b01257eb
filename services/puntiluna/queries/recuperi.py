"""Points to take back that were already spent."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Recupero


async def blocca_recuperi(session: AsyncSession, presenze: Sequence[UUID]) -> list[Recupero]:
    """The recoveries of some attendances, locked."""
    righe = await session.scalars(
        sa.select(Recupero)
        .where(col(Recupero.presenza_id).in_(presenze))
        .order_by(col(Recupero.recupero_id))
        .with_for_update()
    )
    return list(righe)


async def blocca_recuperi_possibili(session: AsyncSession, quanti: int) -> list[Recupero]:
    """Open recoveries on accounts that hold something, oldest first, locked; those under change are skipped."""
    righe = await session.scalars(
        sa.select(Recupero).from_statement(
            sa.text(
                "SELECT r.* FROM recupero r JOIN conto c USING (conto_id) "
                "WHERE r.residuo_cent > 0 AND c.saldo_cent > 0 "
                "ORDER BY r.aperto_il, r.recupero_id LIMIT :quanti FOR UPDATE OF r SKIP LOCKED"
            )
        ),
        {"quanti": quanti},
    )
    return list(righe)


async def da_recuperare(session: AsyncSession, conti: Sequence[UUID]) -> dict[UUID, int]:
    """What is being recovered from accounts (hundredths): they cannot spend it."""
    righe = await session.execute(
        sa.select(col(Recupero.conto_id), sa.func.sum(col(Recupero.residuo_cent)).label("residuo"))
        .where(col(Recupero.conto_id).in_(conti), col(Recupero.residuo_cent) > 0)
        .group_by(col(Recupero.conto_id))
    )
    return {riga.conto_id: int(riga.residuo) for riga in righe}
