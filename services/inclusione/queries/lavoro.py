"""Host firms, vacancies, declared skills, placements and contracts."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    Azienda,
    Contratto,
    Disponibilita,
    Iscrizione,
    PersonaCancellata,
    Posizione,
    Tirocinio,
)
from services.inclusione.rules.tirocinio import StatoTirocinio


async def aziende(session: AsyncSession, ente: str, *, dopo: UUID | None, limit: int) -> Sequence[Azienda]:
    """The host firms of an operator's network."""
    statement = sa.select(Azienda).where(col(Azienda.ente) == ente).order_by(col(Azienda.azienda_id)).limit(limit)
    if dopo is not None:
        statement = statement.where(col(Azienda.azienda_id) > dopo)
    return (await session.scalars(statement)).all()


async def azienda(session: AsyncSession, azienda_id: UUID) -> Azienda | None:
    """A host firm."""
    return await session.get(Azienda, azienda_id)


async def posizione(session: AsyncSession, posizione_id: UUID, *, blocca: bool = False) -> Posizione | None:
    """A vacancy, under its lock if asked."""
    return await session.get(Posizione, posizione_id, with_for_update=blocca, populate_existing=blocca)


async def posizioni(session: AsyncSession, azienda_id: UUID, *, dopo: UUID | None, limit: int) -> Sequence[Posizione]:
    """The vacancies of a host firm."""
    statement = (
        sa.select(Posizione)
        .where(col(Posizione.azienda_id) == azienda_id)
        .order_by(col(Posizione.posizione_id))
        .limit(limit)
    )
    if dopo is not None:
        statement = statement.where(col(Posizione.posizione_id) > dopo)
    return (await session.scalars(statement)).all()


async def segue(session: AsyncSession, ente: str, persone: Collection[UUID]) -> bool:
    """Whether an operator enrolled a person under one of their ids."""
    found = await session.scalar(
        sa.select(col(Iscrizione.iscrizione_id))
        .where(col(Iscrizione.persona_id).in_(persone), col(Iscrizione.ente) == ente)
        .limit(1)
    )
    return found is not None


async def disponibilita(
    session: AsyncSession, persona_id: UUID, ente: str, *, blocca: bool = False
) -> Disponibilita | None:
    """What a person declared to an operator."""
    return await session.get(Disponibilita, (persona_id, ente), with_for_update=blocca, populate_existing=blocca)


async def candidati(session: AsyncSession, ente: str, limit: int) -> Sequence[Disponibilita]:
    """Who declared something to an operator, first come first; nobody who was erased or is placed now."""
    occupato = sa.exists().where(
        col(Tirocinio.persona_id) == col(Disponibilita.persona_id), col(Tirocinio.stato) == StatoTirocinio.ATTIVO
    )
    cancellato = sa.exists().where(col(PersonaCancellata.persona_id) == col(Disponibilita.persona_id))
    found = await session.scalars(
        sa.select(Disponibilita)
        .where(col(Disponibilita.ente) == ente, ~occupato, ~cancellato)
        .order_by(col(Disponibilita.dichiarata_il), col(Disponibilita.persona_id))
        .limit(limit)
    )
    return found.all()


async def dimentica_disponibilita(session: AsyncSession, persone: Collection[UUID]) -> None:
    """Forgets what erased people declared."""
    await session.execute(sa.delete(Disponibilita).where(col(Disponibilita.persona_id).in_(persone)))


async def aggiungi_tirocinio(session: AsyncSession, nuovo: Tirocinio) -> bool:
    """Adds a placement; False if the person already has one in those days."""
    added = await session.scalar(
        insert(Tirocinio).values(nuovo.model_dump()).on_conflict_do_nothing().returning(col(Tirocinio.tirocinio_id))
    )
    return added is not None


async def altro_tirocinio(session: AsyncSession, persona_id: UUID, escluso: UUID, dal: date, al: date) -> bool:
    """Whether a person has another placement in some days."""
    found = await session.scalar(
        sa.select(col(Tirocinio.tirocinio_id))
        .where(
            col(Tirocinio.persona_id) == persona_id,
            col(Tirocinio.tirocinio_id) != escluso,
            col(Tirocinio.stato) != StatoTirocinio.INTERROTTO,
            col(Tirocinio.dal) <= al,
            col(Tirocinio.al) >= dal,
        )
        .limit(1)
    )
    return found is not None


async def tirocinio(session: AsyncSession, tirocinio_id: UUID, *, blocca: bool = False) -> Tirocinio | None:
    """A placement, under its lock if asked."""
    return await session.get(Tirocinio, tirocinio_id, with_for_update=blocca, populate_existing=blocca)


async def tirocini(session: AsyncSession, pip_id: UUID) -> Sequence[Tirocinio]:
    """The placements of a plan."""
    found = await session.scalars(
        sa.select(Tirocinio).where(col(Tirocinio.pip_id) == pip_id).order_by(col(Tirocinio.dal)).limit(100)
    )
    return found.all()


async def contratto(session: AsyncSession, contratto_id: UUID, *, blocca: bool = False) -> Contratto | None:
    """A contract, under its lock if asked."""
    return await session.get(Contratto, contratto_id, with_for_update=blocca, populate_existing=blocca)


async def contratti(session: AsyncSession, pip_id: UUID) -> Sequence[Contratto]:
    """The contracts of a plan."""
    found = await session.scalars(
        sa.select(Contratto).where(col(Contratto.pip_id) == pip_id).order_by(col(Contratto.dal)).limit(100)
    )
    return found.all()
