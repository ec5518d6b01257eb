"""Open data: what changes whenever published data do, and the rows of the whole platform."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Bando, Progetto
from services.bandi.rules.bando import StatoBando


async def versione_dei_dati(session: AsyncSession, bando_id: UUID | None = None) -> str:
    """Return the version of the published calls and of their projects, or of one call and its projects.

    Calls and projects are never removed and their versions only grow: the counts and sums change with any of them.
    """
    calls = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(col(Bando.versione)), 0).cast(sa.BigInteger)).where(
        col(Bando.stato) == StatoBando.PUBBLICATO
    )
    projects = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(col(Progetto.versione)), 0).cast(sa.BigInteger))
    if bando_id is not None:
        calls = calls.where(col(Bando.bando_id) == bando_id)
        projects = projects.where(col(Progetto.bando_id) == bando_id)
    found = [*(await session.execute(calls)).one(), *(await session.execute(projects)).one()]
    return ".".join(str(number) for number in found)
