"""Households, members and contracts."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import Contratto, Laboratorio, Membro, Nucleo


async def nucleo(session: AsyncSession, nucleo_id: UUID, *, lock: bool = False) -> Nucleo | None:
    """A household; with `lock`, held until the transaction ends."""
    statement = sa.select(Nucleo).where(col(Nucleo.nucleo_id) == nucleo_id)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(statement)


async def nuclei(session: AsyncSession, nuclei_id: Collection[UUID]) -> list[Nucleo]:
    """Households, held in the order of their ids."""
    statement = (
        sa.select(Nucleo)
        .where(col(Nucleo.nucleo_id).in_(list(nuclei_id)))
        .order_by(col(Nucleo.nucleo_id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(await session.scalars(statement))


async def nuclei_del_laboratorio(
    session: AsyncSession, laboratorio_id: UUID, *, dopo: UUID | None, limite: int
) -> Sequence[Nucleo]:
    """The households a lab follows, by id."""
    statement = (
        sa.select(Nucleo)
        .where(col(Nucleo.laboratorio_id) == laboratorio_id)
        .order_by(col(Nucleo.nucleo_id))
        .limit(limite)
    )
    if dopo is not None:
        statement = statement.where(col(Nucleo.nucleo_id) > dopo)
    return (await session.scalars(statement)).all()


async def progetto_del_nucleo(session: AsyncSession, nucleo_id: UUID) -> UUID | None:
    """The project of the lab that follows a household."""
    statement = (
        sa.select(col(Laboratorio.progetto_id))
        .join(Nucleo, col(Nucleo.laboratorio_id) == col(Laboratorio.laboratorio_id))
        .where(col(Nucleo.nucleo_id) == nucleo_id)
    )
    found: UUID | None = await session.scalar(statement)
    return found


async def membri(session: AsyncSession, nuclei_id: Collection[UUID]) -> Sequence[Membro]:
    """The members of households, past ones too, in order of entry."""
    statement = (
        sa.select(Membro)
        .where(col(Membro.nucleo_id).in_(list(nuclei_id)))
        .order_by(col(Membro.nucleo_id), col(Membro.dal), col(Membro.membro_id))
    )
    return (await session.scalars(statement)).all()


async def contratti(session: AsyncSession, nuclei_id: Collection[UUID]) -> Sequence[Contratto]:
    """The tenancy contracts of households, past ones too, in order of beginning."""
    statement = (
        sa.select(Contratto)
        .where(col(Contratto.nucleo_id).in_(list(nuclei_id)))
        .order_by(col(Contratto.nucleo_id), col(Contratto.dal), col(Contratto.contratto_id))
    )
    return (await session.scalars(statement)).all()


async def appartenenze(session: AsyncSession, persone_id: Collection[UUID]) -> dict[UUID, list[Membro]]:
    """The periods of people in any household."""
    found: dict[UUID, list[Membro]] = {persona_id: [] for persona_id in persone_id}
    for membro in await session.scalars(sa.select(Membro).where(col(Membro.persona_id).in_(list(persone_id)))):
        found[membro.persona_id].append(membro)
    return found


async def contratti_con_codice(session: AsyncSession, codici: Collection[tuple[str, str]]) -> Sequence[Contratto]:
    """Contracts with one of the (landlord, code) pairs, of any household and time."""
    statement = sa.select(Contratto).where(
        sa.tuple_(col(Contratto.ente_proprietario), col(Contratto.contratto_codice)).in_(list(codici))
    )
    return (await session.scalars(statement)).all()
