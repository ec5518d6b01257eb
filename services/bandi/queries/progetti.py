"""Projects and their money: reading, listing and locking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.bulk import insert_many
from services.bandi.models import Bando, Linea, MovimentoProgetto, Progetto, ProgettoLinea
from services.bandi.rules.progetto import Avanzamento, StatoProgetto


@dataclass(frozen=True, slots=True)
class FiltriProgetti:
    """What a reader asks of the list of projects."""

    bando: str | None = None
    capofila: str | None = None
    comune: str | None = None
    azione: str | None = None
    stato: StatoProgetto | None = None


async def progetto(session: AsyncSession, progetto_id: UUID) -> Progetto | None:
    """Return a project."""
    found: Progetto | None = await session.get(Progetto, progetto_id)
    return found


async def blocca_progetto(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """Return a project, which exists, locked for writing and read again."""
    statement = (
        sa.select(Progetto)
        .where(col(Progetto.progetto_id) == progetto_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def progetti_delle_domande(session: AsyncSession, bando_id: UUID, *, lock: bool = True) -> dict[UUID, Progetto]:
    """Return the projects of a call by their application, locked for writing unless told otherwise."""
    statement = sa.select(Progetto).where(col(Progetto.bando_id) == bando_id).order_by(col(Progetto.progetto_id))
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {found.domanda_id: found for found in (await session.scalars(statement)).all()}


async def linee_dei_progetti(session: AsyncSession, progetto_ids: Sequence[UUID]) -> dict[UUID, list[ProgettoLinea]]:
    """Return the money of some projects, by project, in order of line."""
    statement = (
        sa.select(ProgettoLinea)
        .where(col(ProgettoLinea.progetto_id).in_(progetto_ids))
        .order_by(col(ProgettoLinea.progetto_id), col(ProgettoLinea.linea))
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[ProgettoLinea]] = {progetto_id: [] for progetto_id in progetto_ids}
    for linea in (await session.scalars(statement)).all():
        found[linea.progetto_id].append(linea)
    return found


def cascata(linee: Sequence[ProgettoLinea]) -> dict[str, Avanzamento]:
    """Return the money of one project as the rules see it."""
    return {
        linea.linea: Avanzamento(linea.programmato_cent, linea.ammesso_cent, linea.impegnato_cent, linea.erogato_cent)
        for linea in linee
    }


async def elenco_progetti(
    session: AsyncSession, filtri: FiltriProgetti, *, dopo: str | None, quanti: int
) -> list[tuple[Progetto, str]]:
    """Return projects in order of code, with the code of their call."""
    statement = (
        sa.select(Progetto, col(Bando.codice))
        .join(Bando, col(Bando.bando_id) == col(Progetto.bando_id))
        .order_by(col(Progetto.codice))
        .limit(quanti)
    )
    if dopo is not None:
        statement = statement.where(col(Progetto.codice) > dopo)
    if filtri.bando is not None:
        statement = statement.where(col(Bando.codice) == filtri.bando)
    if filtri.capofila is not None:
        statement = statement.where(col(Progetto.capofila) == filtri.capofila)
    if filtri.comune is not None:
        statement = statement.where(col(Progetto.comune) == filtri.comune)
    if filtri.stato is not None:
        statement = statement.where(col(Progetto.stato) == filtri.stato)
    if filtri.azione is not None:
        line = sa.select(sa.literal(1)).where(
            col(ProgettoLinea.progetto_id) == col(Progetto.progetto_id), col(ProgettoLinea.azione) == filtri.azione
        )
        statement = statement.where(line.exists())
    return [(found, codice) for found, codice in (await session.execute(statement)).all()]


async def movimenti(session: AsyncSession, progetto_id: UUID, *, dopo: int, quanti: int) -> Sequence[MovimentoProgetto]:
    """Return the acts on a project, in order."""
    statement = (
        sa.select(MovimentoProgetto)
        .where(col(MovimentoProgetto.progetto_id) == progetto_id, col(MovimentoProgetto.numero) > dopo)
        .order_by(col(MovimentoProgetto.numero))
        .limit(quanti)
    )
    return (await session.scalars(statement)).all()


async def inserisci_progetti(
    session: AsyncSession,
    progetti: Sequence[dict[str, Any]],
    linee: Sequence[dict[str, Any]],
    movimenti_: Sequence[dict[str, Any]],
) -> None:
    """Insert new projects with their money and their first act; the database adds the money to the call's lines."""
    await insert_many(session, Progetto, progetti)
    await insert_many(session, ProgettoLinea, linee)
    await insert_many(session, MovimentoProgetto, movimenti_)


async def cascata_del_bando(session: AsyncSession, bando_id: UUID) -> Sequence[sa.RowMapping]:
    """Return, for each line of a call, its money and the sums of its projects, in the order of the rules."""

    def total(column: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(col(column)), 0).cast(sa.BigInteger)

    statement = (
        sa.select(
            col(Linea.codice),
            col(Linea.azione),
            col(Linea.fondo),
            col(Linea.dotazione_cent),
            total(ProgettoLinea.programmato_cent).label("programmato_cent"),
            total(ProgettoLinea.ammesso_cent).label("ammesso_cent"),
            total(ProgettoLinea.impegnato_cent).label("impegnato_cent"),
            total(ProgettoLinea.erogato_cent).label("erogato_cent"),
            sa.func.count(col(ProgettoLinea.progetto_id))
            .filter(col(ProgettoLinea.ammesso_cent) > 0)
            .label("operazioni"),
        )
        .outerjoin(
            ProgettoLinea,
            sa.and_(col(ProgettoLinea.bando_id) == col(Linea.bando_id), col(ProgettoLinea.linea) == col(Linea.codice)),
        )
        .where(col(Linea.bando_id) == bando_id)
        .group_by(col(Linea.codice), col(Linea.azione), col(Linea.fondo), col(Linea.dotazione_cent), col(Linea.ordine))
        .order_by(col(Linea.ordine))
    )
    return (await session.execute(statement)).mappings().all()


async def conta_progetti_finanziati(session: AsyncSession, bando_id: UUID) -> int:
    """Count the projects of a call that hold its money."""
    statement = sa.select(sa.func.count(sa.distinct(col(ProgettoLinea.progetto_id)))).where(
        col(ProgettoLinea.bando_id) == bando_id, col(ProgettoLinea.ammesso_cent) > 0
    )
    return await session.scalar(statement) or 0
