"""Rankings: reading, listing, storing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Graduatoria, RigaGraduatoria

STORED_AT_ONCE = 2_000


async def graduatoria(session: AsyncSession, bando_id: UUID, numero: int) -> Graduatoria | None:
    """Return a version of a call's ranking."""
    statement = sa.select(Graduatoria).where(col(Graduatoria.bando_id) == bando_id, col(Graduatoria.numero) == numero)
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def ultima_graduatoria(session: AsyncSession, bando_id: UUID, finestra: str | None) -> Graduatoria | None:
    """Return the latest version of a call's ranking, or of one of its windows."""
    statement = (
        sa.select(Graduatoria)
        .where(col(Graduatoria.bando_id) == bando_id, col(Graduatoria.finestra).is_not_distinct_from(finestra))
        .order_by(col(Graduatoria.numero).desc())
        .limit(1)
    )
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def ultima_della_domanda(session: AsyncSession, domanda_id: UUID) -> Graduatoria | None:
    """Return the latest ranking an application is in."""
    statement = (
        sa.select(Graduatoria)
        .join(RigaGraduatoria, col(RigaGraduatoria.graduatoria_id) == col(Graduatoria.graduatoria_id))
        .where(col(RigaGraduatoria.domanda_id) == domanda_id)
        .order_by(col(Graduatoria.numero).desc())
        .limit(1)
    )
    found: Graduatoria | None = await session.scalar(statement)
    return found


async def graduatorie(session: AsyncSession, bando_id: UUID) -> Sequence[Graduatoria]:
    """Return the versions of a call's ranking, from the first, at most a thousand; their inputs stay unread."""
    statement = (
        sa.select(Graduatoria)
        .options(sa.orm.defer(Graduatoria.ingresso, raiseload=True))  # type: ignore[arg-type]
        .where(col(Graduatoria.bando_id) == bando_id)
        .order_by(col(Graduatoria.numero))
        .limit(1000)
    )
    return (await session.scalars(statement)).all()


async def righe(
    session: AsyncSession, graduatoria_id: UUID, *, dopo: int, quante: int | None
) -> Sequence[RigaGraduatoria]:
    """Return rows of a ranking in order, after a given order number (0 for the start)."""
    statement = (
        sa.select(RigaGraduatoria)
        .where(col(RigaGraduatoria.graduatoria_id) == graduatoria_id, col(RigaGraduatoria.ordine) > dopo)
        .order_by(col(RigaGraduatoria.ordine))
        .limit(quante)
    )
    return (await session.scalars(statement)).all()


async def riga(session: AsyncSession, graduatoria_id: UUID, protocollo: int) -> RigaGraduatoria | None:
    """Return the row of an application, by its protocol number."""
    statement = sa.select(RigaGraduatoria).where(
        col(RigaGraduatoria.graduatoria_id) == graduatoria_id, col(RigaGraduatoria.protocollo) == protocollo
    )
    found: RigaGraduatoria | None = await session.scalar(statement)
    return found


async def conta_pari_punti(session: AsyncSession, graduatoria_id: UUID, totale_cent: int | None) -> int:
    """Count the ranked rows with a total; they are one at least when it comes from one of them."""
    if totale_cent is None:
        return 0
    statement = (
        sa.select(sa.func.count())
        .select_from(RigaGraduatoria)
        .where(
            col(RigaGraduatoria.graduatoria_id) == graduatoria_id,
            col(RigaGraduatoria.totale_cent) == totale_cent,
            col(RigaGraduatoria.posizione).is_not(None),
        )
    )
    return await session.scalar(statement) or 0


async def inserisci_righe(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert the rows of a ranking, many at a time."""
    for start in range(0, len(rows), STORED_AT_ONCE):
        await session.execute(insert(RigaGraduatoria), rows[start : start + STORED_AT_ONCE])
