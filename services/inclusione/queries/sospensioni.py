"""Suspensions of plans."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Ora, Pip, PipSospensione, PipVersione, Progetto
from services.inclusione.rules.stati import StatoOra, StatoPip


async def sospensioni(session: AsyncSession, piani: Iterable[UUID]) -> dict[UUID, list[PipSospensione]]:
    """The suspensions of plans, from the first; callers hold the plans' locks where they change them."""
    found = await session.scalars(
        sa.select(PipSospensione)
        .where(col(PipSospensione.pip_id).in_(set(piani)))
        .order_by(col(PipSospensione.pip_id), col(PipSospensione.dal))
        .execution_options(populate_existing=True)
    )
    di: dict[UUID, list[PipSospensione]] = {}
    for riga in found:
        di.setdefault(riga.pip_id, []).append(riga)
    return di


async def ultima_ora(session: AsyncSession, pip_id: UUID) -> date | None:
    """The last day of a plan with hours not annulled."""
    return await session.scalar(
        sa.select(sa.func.max(col(Ora.giorno))).where(
            col(Ora.pip_id) == pip_id, col(Ora.stato) != StatoOra.ANNULLATA, col(Ora.diretta)
        )
    )


async def firmata_il(session: AsyncSession, pip: Pip) -> PipVersione:
    """The signed version in force of a plan."""
    versione = await session.get(PipVersione, (pip.pip_id, pip.numero))
    assert versione is not None  # a started plan has one
    return versione


async def piani_del_progetto(session: AsyncSession, progetto_id: UUID, stato: StatoPip) -> Sequence[UUID]:
    """The plans of a project in a state, in id order."""
    found = await session.scalars(
        sa.select(col(Pip.pip_id))
        .where(col(Pip.progetto_id) == progetto_id, col(Pip.stato) == stato)
        .order_by(col(Pip.pip_id))
    )
    return found.all()


async def fine_del_progetto(session: AsyncSession, progetto_id: UUID) -> date | None:
    """The last day of a project, when bandi told it."""
    return await session.scalar(sa.select(col(Progetto.fine)).where(col(Progetto.progetto_id) == progetto_id))


async def giorni_sospesi(session: AsyncSession, pip_id: UUID) -> int:
    """The days a plan stood still, over its finished suspensions."""
    giorni: int | None = await session.scalar(
        sa.select(sa.cast(sa.func.sum(col(PipSospensione.al) - col(PipSospensione.dal) + 1), sa.Integer)).where(
            col(PipSospensione.pip_id) == pip_id, col(PipSospensione.al).is_not(None)
        )
    )
    return giorni or 0


async def termina(session: AsyncSession, pip_id: UUID, al: date, *, autore: str, now: datetime) -> None:
    """Ends the suspension of a plan that is being closed, on a day or on its only day; the plan's lock is held."""
    await session.execute(
        sa.update(PipSospensione)
        .where(col(PipSospensione.pip_id) == pip_id, col(PipSospensione.al).is_(None))
        .values(al=sa.func.greatest(col(PipSospensione.dal), al), ripresa_da=autore, ripresa_il=now)
        .execution_options(synchronize_session=False)
    )
