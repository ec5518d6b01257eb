"""Works, spaces, dwellings, results and duties of a project."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Obbligo, ProspettoAlloggi, RisultatoIndicatore, Spazio, StatoLavori
from services.bandi.rules.monitoraggio import TipoObbligo


async def lavori(session: AsyncSession, progetto_id: UUID) -> Sequence[StatoLavori]:
    """Return the surveys of a project's works, in order."""
    statement = (
        sa.select(StatoLavori)
        .where(col(StatoLavori.progetto_id) == progetto_id)
        .order_by(col(StatoLavori.numero))
        .limit(1000)
    )
    return (await session.scalars(statement)).all()


async def ultimo_lavoro(session: AsyncSession, progetto_id: UUID, ambito: str, blocco: str) -> tuple[date, int] | None:
    """Return day and percentage last reported of a block."""
    statement = (
        sa.select(col(StatoLavori.rilevato_il), col(StatoLavori.percento))
        .where(
            col(StatoLavori.progetto_id) == progetto_id,
            col(StatoLavori.ambito) == ambito,
            col(StatoLavori.blocco) == blocco,
        )
        .order_by(col(StatoLavori.numero).desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def ultimo_numero(
    session: AsyncSession, table: type[StatoLavori | ProspettoAlloggi | RisultatoIndicatore], progetto_id: UUID
) -> int:
    """Return the last number used in a numbered table of a project, 0 for none; its project is locked."""
    statement = sa.select(sa.func.max(col(table.numero))).where(col(table.progetto_id) == progetto_id)
    return await session.scalar(statement) or 0


async def spazi(session: AsyncSession, progetto_id: UUID) -> Sequence[Spazio]:
    """Return the spaces of a project, in order of code."""
    statement = sa.select(Spazio).where(col(Spazio.progetto_id) == progetto_id).order_by(col(Spazio.codice)).limit(1000)
    return (await session.scalars(statement)).all()


async def spazio(session: AsyncSession, progetto_id: UUID, codice: str) -> Spazio | None:
    """Return a space of a project."""
    found: Spazio | None = await session.get(Spazio, (progetto_id, codice), populate_existing=True)
    return found


async def prospetto(session: AsyncSession, progetto_id: UUID) -> Sequence[ProspettoAlloggi]:
    """Return the sheet of dwellings in force, by kind of rent."""
    last = (
        sa.select(sa.func.max(col(ProspettoAlloggi.numero)))
        .where(col(ProspettoAlloggi.progetto_id) == progetto_id)
        .scalar_subquery()
    )
    statement = (
        sa.select(ProspettoAlloggi)
        .where(col(ProspettoAlloggi.progetto_id) == progetto_id, col(ProspettoAlloggi.numero) == last)
        .order_by(col(ProspettoAlloggi.canone))
    )
    return (await session.scalars(statement)).all()


async def scrivi_prospetto(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert a sheet of dwellings."""
    await session.execute(insert(ProspettoAlloggi), rows)


async def ultimi_risultati(session: AsyncSession, progetto_id: UUID) -> dict[str, tuple[RisultatoIndicatore, int]]:
    """Return the last result of each target of a project, with how many there are."""
    statement = (
        sa.select(RisultatoIndicatore, sa.func.count().over(partition_by=col(RisultatoIndicatore.indicatore)))
        .where(col(RisultatoIndicatore.progetto_id) == progetto_id)
        .ext(distinct_on(col(RisultatoIndicatore.indicatore)))
        .order_by(
            col(RisultatoIndicatore.indicatore),
            col(RisultatoIndicatore.rilevato_il).desc(),
            col(RisultatoIndicatore.numero).desc(),
        )
    )
    return {found.indicatore: (found, times) for found, times in (await session.execute(statement)).all()}


async def obblighi(session: AsyncSession, progetto_id: UUID) -> Sequence[Obbligo]:
    """Return the duties of a project, by term."""
    statement = (
        sa.select(Obbligo)
        .where(col(Obbligo.progetto_id) == progetto_id)
        .order_by(col(Obbligo.entro), col(Obbligo.obbligo_id))
        .limit(500)
    )
    return (await session.scalars(statement)).all()


async def obbligo(session: AsyncSession, obbligo_id: UUID) -> Obbligo | None:
    """Return a duty, locked."""
    statement = (
        sa.select(Obbligo)
        .where(col(Obbligo.obbligo_id) == obbligo_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found: Obbligo | None = await session.scalar(statement)
    return found


async def disseminazione_aperta(session: AsyncSession, progetto_id: UUID) -> Sequence[str]:
    """Return what the open duties of dissemination of a project ask, by term."""
    statement = (
        sa.select(col(Obbligo.descrizione))
        .where(
            col(Obbligo.progetto_id) == progetto_id,
            col(Obbligo.tipo) == TipoObbligo.DISSEMINAZIONE,
            col(Obbligo.adempiuto_il).is_(None),
        )
        .order_by(col(Obbligo.entro))
        .limit(50)
    )
    return (await session.scalars(statement)).all()
