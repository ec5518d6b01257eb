"""Requests to complete an application: reading, locking, those whose term is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Documento, Soccorso
from services.bandi.rules.soccorso import StatoSoccorso


async def soccorsi(session: AsyncSession, domanda_id: UUID) -> Sequence[Soccorso]:
    """Return the requests made of an application, in order, read again."""
    statement = (
        sa.select(Soccorso)
        .where(col(Soccorso.domanda_id) == domanda_id)
        .order_by(col(Soccorso.numero))
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def scaduti(session: AsyncSession, prima_del: datetime, quanti: int) -> Sequence[UUID]:
    """Return the applications whose open request had its last second before an instant."""
    statement = (
        sa.select(col(Soccorso.domanda_id))
        .where(col(Soccorso.stato) == StatoSoccorso.APERTO, col(Soccorso.scade_il) <= prima_del)
        .order_by(col(Soccorso.scade_il))
        .limit(quanti)
    )
    return (await session.scalars(statement)).all()


async def supera_aperto(session: AsyncSession, domanda_id: UUID) -> None:
    """Close the open request of an application that went away."""
    statement = (
        sa.update(Soccorso)
        .where(col(Soccorso.domanda_id) == domanda_id, col(Soccorso.stato) == StatoSoccorso.APERTO)
        .values(stato=StatoSoccorso.SUPERATO)
    )
    await session.execute(statement)


async def scarta_preparati(session: AsyncSession, domanda_id: UUID) -> None:
    """Drop the documents that were being prepared for an answer that did not come."""
    await session.execute(sa.delete(Documento).where(col(Documento.domanda_id) == domanda_id))
