"""Disadvantage conditions: readable only after taking up their database role in the same transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import CondizionePersona, RilevazioneCondizioni
from services.laboratori.models.persone import RUOLO_CONDIZIONI


@asynccontextmanager
async def ruolo_condizioni(session: AsyncSession) -> AsyncIterator[None]:
    """Takes up the role of the conditions for the block, and gives it back.

    After an error the transaction is lost, and the role with it: it was set with SET LOCAL.
    """
    await session.flush()
    await session.execute(sa.text(f"SET LOCAL ROLE {RUOLO_CONDIZIONI}"))
    yield
    await session.flush()
    await session.execute(sa.text("SET LOCAL ROLE NONE"))


async def rilevazione(session: AsyncSession, persona_id: UUID) -> RilevazioneCondizioni | None:
    """What was answered about conditions; none if nobody asked."""
    statement = sa.select(RilevazioneCondizioni).where(col(RilevazioneCondizioni.persona_id) == persona_id)
    return await session.scalar(statement)


async def condizioni(session: AsyncSession, persona_id: UUID) -> Sequence[CondizionePersona]:
    """The conditions of a person, the principal first."""
    statement = (
        sa.select(CondizionePersona)
        .where(col(CondizionePersona.persona_id) == persona_id)
        .order_by(col(CondizionePersona.principale).desc(), col(CondizionePersona.condizione))
    )
    return (await session.scalars(statement)).all()


async def cancella(session: AsyncSession, persona_id: UUID) -> None:
    """Removes the answer about conditions, before the new one is written or for good."""
    await session.execute(sa.delete(CondizionePersona).where(col(CondizionePersona.persona_id) == persona_id))
    await session.execute(sa.delete(RilevazioneCondizioni).where(col(RilevazioneCondizioni.persona_id) == persona_id))
