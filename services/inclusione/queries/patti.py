"""Pacts of people and groups, and contributions."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Contributo, Patto, PattoGruppo, Progetto
from services.inclusione.rules.indennita import StatoPatto
from services.inclusione.rules.patti import StatoContributo


async def blocca_patti(session: AsyncSession, progetto_id: UUID, persone: Iterable[UUID]) -> dict[UUID, Patto]:
    """The active pacts of people in a project under their locks, by person."""
    found = await session.scalars(
        sa.select(Patto)
        .where(
            col(Patto.progetto_id) == progetto_id,
            col(Patto.persona_id).in_(set(persone)),
            col(Patto.stato) == StatoPatto.ATTIVO,
        )
        .order_by(col(Patto.patto_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {patto.persona_id: patto for patto in found}


async def patto(session: AsyncSession, patto_id: UUID, *, blocca: bool = False) -> Patto | None:
    """A pact, under its lock if asked."""
    return await session.get(Patto, patto_id, with_for_update=blocca, populate_existing=blocca)


async def patto_e_capofila(session: AsyncSession, patto_id: UUID) -> tuple[str, str] | None:
    """Whose a pact is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(Patto.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(Patto.progetto_id))
            .where(col(Patto.patto_id) == patto_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def aggiungi_patto(session: AsyncSession, nuovo: Patto) -> bool:
    """Adds a pact; False if the person already has an active one in that project."""
    added = await session.scalar(
        insert(Patto).values(nuovo.model_dump()).on_conflict_do_nothing().returning(col(Patto.patto_id))
    )
    return added is not None


async def patti(
    session: AsyncSession, progetto_id: UUID, *, ente: str | None, gruppo_id: UUID | None, dopo: UUID | None, limit: int
) -> Sequence[Patto]:
    """The pacts of a project in order, of one operator or of one group if asked."""
    statement = sa.select(Patto).where(col(Patto.progetto_id) == progetto_id).order_by(col(Patto.patto_id)).limit(limit)
    if ente is not None:
        statement = statement.where(col(Patto.ente) == ente)
    if gruppo_id is not None:
        statement = statement.where(col(Patto.gruppo_id) == gruppo_id)
    if dopo is not None:
        statement = statement.where(col(Patto.patto_id) > dopo)
    return (await session.scalars(statement)).all()


async def gruppo(session: AsyncSession, gruppo_id: UUID, *, blocca: bool = False) -> PattoGruppo | None:
    """A group pact, under its lock if asked."""
    return await session.get(PattoGruppo, gruppo_id, with_for_update=blocca, populate_existing=blocca)


async def gruppo_e_capofila(session: AsyncSession, gruppo_id: UUID) -> tuple[str, str] | None:
    """Whose a group pact is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(PattoGruppo.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(PattoGruppo.progetto_id))
            .where(col(PattoGruppo.gruppo_id) == gruppo_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def aderenti(session: AsyncSession, gruppo_id: UUID) -> int:
    """How many people signed a group pact and did not leave it."""
    found = await session.scalar(
        sa.select(sa.func.count()).where(col(Patto.gruppo_id) == gruppo_id, col(Patto.stato) == StatoPatto.ATTIVO)
    )
    return int(found or 0)


async def contributo(session: AsyncSession, contributo_id: UUID, *, blocca: bool = False) -> Contributo | None:
    """A contribution, under its lock if asked."""
    return await session.get(Contributo, contributo_id, with_for_update=blocca, populate_existing=blocca)


async def contributo_e_capofila(session: AsyncSession, contributo_id: UUID) -> tuple[str, str] | None:
    """Whose a contribution is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(Contributo.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(Contributo.progetto_id))
            .where(col(Contributo.contributo_id) == contributo_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def blocca_contributi(session: AsyncSession, progetto_id: UUID, fino_al: date) -> Sequence[Contributo]:
    """The contributions of a project that wait to be paid, up to a day, under their locks."""
    found = await session.scalars(
        sa.select(Contributo)
        .where(
            col(Contributo.progetto_id) == progetto_id,
            col(Contributo.stato) == StatoContributo.CONCESSO,
            col(Contributo.giorno) <= fino_al,
        )
        .order_by(col(Contributo.contributo_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()
