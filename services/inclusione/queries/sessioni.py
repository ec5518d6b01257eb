"""Sessions of the operators' registers."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Ora, Sessione
from services.inclusione.rules.stati import StatoOra


async def aggiungi_sessione(session: AsyncSession, sessione: Sessione) -> bool:
    """Adds a session; False if the operator already has one of that code."""
    added = await session.scalar(
        insert(Sessione).values(sessione.model_dump()).on_conflict_do_nothing().returning(col(Sessione.codice))
    )
    return added is not None


async def sessione(session: AsyncSession, ente: str, codice: str) -> Sessione | None:
    """A session of an operator."""
    return await session.get(Sessione, (ente, codice))


async def blocca_sessioni(session: AsyncSession, ente: str, codici: Iterable[str]) -> dict[str, Sessione]:
    """Sessions of an operator under their locks, taken in code order, by code."""
    richiesti = set(codici)
    if not richiesti:
        return {}
    found = await session.scalars(
        sa.select(Sessione)
        .where(col(Sessione.ente) == ente, col(Sessione.codice).in_(richiesti))
        .order_by(col(Sessione.codice))
        .with_for_update(key_share=True)
    )
    return {una.codice: una for una in found}


async def presenti(session: AsyncSession, ente: str, codici: Iterable[str]) -> dict[str, set[UUID]]:
    """The plans that already have hours in sessions, by code."""
    richiesti = set(codici)
    if not richiesti:
        return {}
    rows = await session.execute(
        sa.select(col(Ora.sessione), col(Ora.pip_id))
        .where(col(Ora.ente) == ente, col(Ora.sessione).in_(richiesti), col(Ora.stato) != StatoOra.ANNULLATA)
        .distinct()
    )
    di: dict[str, set[UUID]] = {}
    for codice, pip_id in rows:
        di.setdefault(str(codice), set()).add(pip_id)
    return di


async def ore_della_sessione(session: AsyncSession, ente: str, codice: str) -> Sequence[Ora]:
    """The hours of a session, annulled ones too, in plan order."""
    found = await session.scalars(
        sa.select(Ora)
        .where(col(Ora.ente) == ente, col(Ora.sessione) == codice)
        .order_by(col(Ora.pip_id), col(Ora.inizio), col(Ora.ore_id))
        .limit(2_000)
    )
    return found.all()


async def sessioni(
    session: AsyncSession,
    *,
    ente: str,
    progetto_id: UUID | None,
    servizio_codice: str | None,
    dopo: str | None,
    limit: int,
) -> Sequence[tuple[Sessione, int, int, int]]:
    """The sessions of an operator in code order, each with its people, its minutes and the validated ones."""
    valide = col(Ora.stato) != StatoOra.ANNULLATA
    statement = (
        sa.select(
            Sessione,
            sa.func.count(sa.distinct(col(Ora.pip_id))).filter(valide),
            sa.func.coalesce(sa.func.sum(col(Ora.minuti)).filter(valide), 0),
            sa.func.coalesce(sa.func.sum(col(Ora.minuti)).filter(col(Ora.stato) == StatoOra.VALIDATA), 0),
        )
        .outerjoin(Ora, sa.and_(col(Ora.ente) == col(Sessione.ente), col(Ora.sessione) == col(Sessione.codice)))
        .where(col(Sessione.ente) == ente)
        .group_by(col(Sessione.ente), col(Sessione.codice))
        .order_by(col(Sessione.codice))
        .limit(limit)
    )
    if progetto_id is not None:
        statement = statement.where(col(Sessione.progetto_id) == progetto_id)
    if servizio_codice is not None:
        statement = statement.where(col(Sessione.servizio_codice) == servizio_codice)
    if dopo is not None:
        statement = statement.where(col(Sessione.codice) > dopo)
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]
