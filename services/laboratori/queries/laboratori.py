"""Labs, their projects, seats, hours and teams."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import Laboratorio, MembroEquipe, Orario, Progetto, Sede
from services.laboratori.rules.laboratori import OrigineLaboratorio


async def laboratorio(session: AsyncSession, laboratorio_id: UUID, *, lock: bool = False) -> Laboratorio | None:
    """A lab; with `lock`, held until the transaction ends."""
    statement = sa.select(Laboratorio).where(col(Laboratorio.laboratorio_id) == laboratorio_id)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(statement)


async def laboratori(
    session: AsyncSession,
    *,
    progetto_id: UUID | None,
    ente_gestore: str | None,
    comune: str | None,
    dopo: tuple[str, UUID] | None,
    limite: int,
) -> Sequence[Laboratorio]:
    """Labs by name, those after `dopo` (name and id of the last one seen)."""
    statement = sa.select(Laboratorio).order_by(col(Laboratorio.nome), col(Laboratorio.laboratorio_id)).limit(limite)
    for column, value in (
        (col(Laboratorio.progetto_id), progetto_id),
        (col(Laboratorio.ente_gestore), ente_gestore),
        (col(Laboratorio.comune), comune),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if dopo is not None:
        statement = statement.where(
            sa.tuple_(col(Laboratorio.nome), col(Laboratorio.laboratorio_id))
            > sa.tuple_(sa.literal(dopo[0]), sa.literal(dopo[1]))
        )
    return (await session.scalars(statement)).all()


async def sedi(session: AsyncSession, laboratorio_id: UUID) -> list[Sede]:
    """The last hundred seats of a lab, the first of them first."""
    statement = (
        sa.select(Sede).where(col(Sede.laboratorio_id) == laboratorio_id).order_by(col(Sede.dal).desc()).limit(100)
    )
    return list(await session.scalars(statement))[::-1]


async def orari(session: AsyncSession, laboratorio_id: UUID) -> list[Orario]:
    """The weekly opening hours of a lab."""
    statement = (
        sa.select(Orario)
        .where(col(Orario.laboratorio_id) == laboratorio_id)
        .order_by(col(Orario.giorno), col(Orario.apre))
    )
    return list(await session.scalars(statement))


async def cancella_orari(session: AsyncSession, laboratorio_id: UUID) -> None:
    """Removes the weekly hours of a lab, before the new ones are written."""
    await session.execute(sa.delete(Orario).where(col(Orario.laboratorio_id) == laboratorio_id))


async def equipe(session: AsyncSession, laboratorio_id: UUID) -> list[MembroEquipe]:
    """The team of a lab, past members too."""
    statement = (
        sa.select(MembroEquipe)
        .where(col(MembroEquipe.laboratorio_id) == laboratorio_id)
        .order_by(col(MembroEquipe.dal), col(MembroEquipe.membro_equipe_id))
        .limit(1000)
    )
    return list(await session.scalars(statement))


async def membro_equipe(session: AsyncSession, laboratorio_id: UUID, membro_equipe_id: UUID) -> MembroEquipe | None:
    """One line of a lab's team, locked."""
    statement = (
        sa.select(MembroEquipe)
        .where(
            col(MembroEquipe.laboratorio_id) == laboratorio_id, col(MembroEquipe.membro_equipe_id) == membro_equipe_id
        )
        .with_for_update()
    )
    return await session.scalar(statement)


async def periodi_equipe(session: AsyncSession, laboratorio_id: UUID, sub: str, ruolo: str) -> list[MembroEquipe]:
    """The periods of an operator in a role of a lab."""
    statement = sa.select(MembroEquipe).where(
        col(MembroEquipe.laboratorio_id) == laboratorio_id,
        col(MembroEquipe.sub) == sub,
        col(MembroEquipe.ruolo) == ruolo,
    )
    return list(await session.scalars(statement))


async def riserva_progetto(session: AsyncSession, nuovo: Progetto) -> Progetto | None:
    """Writes the mirror of a project if there is none, otherwise gives the one there is, locked."""
    made = await session.scalar(
        insert(Progetto)
        .values(**nuovo.model_dump())
        .on_conflict_do_nothing(index_elements=["progetto_id"])
        .returning(col(Progetto.progetto_id))
    )
    if made is not None:
        return None
    statement = sa.select(Progetto).where(col(Progetto.progetto_id) == nuovo.progetto_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def laboratorio_del_progetto(session: AsyncSession, progetto_id: UUID) -> Laboratorio | None:
    """The lab born from a project, locked."""
    statement = (
        sa.select(Laboratorio)
        .where(
            col(Laboratorio.progetto_id) == progetto_id, col(Laboratorio.origine) == OrigineLaboratorio.PROGETTO.value
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(statement)
