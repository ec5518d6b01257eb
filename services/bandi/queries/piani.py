"""Plans, requests to redraw them and the partners' shares: reading, locking, writing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import (
    Base,
    Piano,
    PianoQuota,
    Progetto,
    QuotaMembro,
    QuotaPartner,
    Rimodulazione,
    SottoProgetto,
)
from services.bandi.rules.piano import StatoRimodulazione
from services.bandi.rules.progetto import Avanzamento, StatoProgetto

_QUOTA: sa.Table = Base.metadata.tables["quota_membro"]
_DOMANDA: sa.Table = Base.metadata.tables["domanda"]
_FREED = (StatoProgetto.RINUNCIATO, StatoProgetto.REVOCATO)


async def rimodulazione(session: AsyncSession, progetto_id: UUID, numero: int) -> Rimodulazione | None:
    """Return a request of a project, read again: its project is locked by who decides."""
    statement = (
        sa.select(Rimodulazione)
        .where(col(Rimodulazione.progetto_id) == progetto_id, col(Rimodulazione.numero) == numero)
        .execution_options(populate_existing=True)
    )
    found: Rimodulazione | None = await session.scalar(statement)
    return found


async def rimodulazioni(session: AsyncSession, progetto_id: UUID) -> Sequence[Rimodulazione]:
    """Return the requests of a project, from the first."""
    statement = (
        sa.select(Rimodulazione)
        .where(col(Rimodulazione.progetto_id) == progetto_id)
        .order_by(col(Rimodulazione.numero))
        .limit(1000)
    )
    return (await session.scalars(statement)).all()


async def rimodulazioni_contate(session: AsyncSession, progetto_id: UUID) -> tuple[int, bool]:
    """Return how many requests a project has made, and whether one is open."""
    open_ones = sa.func.count().filter(col(Rimodulazione.stato) == StatoRimodulazione.CHIESTA)
    statement = sa.select(sa.func.count(), open_ones).where(col(Rimodulazione.progetto_id) == progetto_id)
    made, still_open = (await session.execute(statement)).one()
    return made, bool(still_open)


async def piano(session: AsyncSession, progetto_id: UUID, numero: int) -> Piano | None:
    """Return an approved plan."""
    found: Piano | None = await session.get(Piano, (progetto_id, numero))
    return found


async def piani(session: AsyncSession, progetto_id: UUID) -> Sequence[Piano]:
    """Return the approved plans of a project, from the first."""
    statement = sa.select(Piano).where(col(Piano.progetto_id) == progetto_id).order_by(col(Piano.numero)).limit(1000)
    return (await session.scalars(statement)).all()


async def quote_del_piano(session: AsyncSession, progetto_id: UUID, numero: int) -> Sequence[PianoQuota]:
    """Return the budget of an approved plan, in the order in which it was written."""
    statement = (
        sa.select(PianoQuota)
        .where(col(PianoQuota.progetto_id) == progetto_id, col(PianoQuota.numero) == numero)
        .order_by(col(PianoQuota.ordine))
    )
    return (await session.scalars(statement)).all()


async def parti_presentate(session: AsyncSession, domanda_id: UUID) -> Sequence[SottoProgetto]:
    """Return what the presented application says of each line."""
    statement = (
        sa.select(SottoProgetto).where(col(SottoProgetto.domanda_id) == domanda_id).order_by(col(SottoProgetto.linea))
    )
    return (await session.scalars(statement)).all()


async def quote_presentate(session: AsyncSession, domanda_id: UUID) -> Sequence[QuotaMembro]:
    """Return what each member does of a presented application, in order of line and partner."""
    statement = (
        sa.select(QuotaMembro)
        .where(col(QuotaMembro.domanda_id) == domanda_id)
        .order_by(col(QuotaMembro.linea), col(QuotaMembro.ente))
    )
    return (await session.scalars(statement)).all()


async def quote_divise(session: AsyncSession, domanda_ids: Sequence[UUID]) -> dict[tuple[UUID, str], dict[str, int]]:
    """Return, by application and line, the cents its members ask; lines that are all the lead's are left out."""
    own, other, lead = _QUOTA, _QUOTA.alias("altra"), _DOMANDA
    divided = (
        sa.select(sa.literal(1))
        .select_from(other.join(lead, lead.c.domanda_id == other.c.domanda_id))
        .where(other.c.domanda_id == own.c.domanda_id, other.c.linea == own.c.linea, other.c.ente != lead.c.capofila)
        .exists()
    )
    statement = (
        sa.select(own.c.domanda_id, own.c.linea, own.c.ente, own.c.contributo_cent)
        .where(own.c.domanda_id.in_(domanda_ids), divided)
        .order_by(own.c.domanda_id, own.c.linea, own.c.ente)
    )
    found: dict[tuple[UUID, str], dict[str, int]] = {}
    for domanda_id, linea, ente, cents in await session.execute(statement):
        found.setdefault((domanda_id, linea), {})[ente] = cents
    return found


async def quote_partner(session: AsyncSession, progetto_id: UUID) -> dict[str, list[QuotaPartner]]:
    """Return the partners' shares of a project by line, in their order; empty while it has no plan."""
    statement = (
        sa.select(QuotaPartner)
        .where(col(QuotaPartner.progetto_id) == progetto_id)
        .order_by(col(QuotaPartner.linea), col(QuotaPartner.ordine))
        .execution_options(populate_existing=True)
    )
    found: dict[str, list[QuotaPartner]] = {}
    for quota in (await session.scalars(statement)).all():
        found.setdefault(quota.linea, []).append(quota)
    return found


def come_cascata(quota: QuotaPartner) -> Avanzamento:
    """Return a partner's share as the rules see it."""
    return Avanzamento(quota.programmato_cent, quota.ammesso_cent, quota.impegnato_cent, quota.erogato_cent)


async def inserisci_quote(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert partners' shares."""
    if rows:
        await session.execute(insert(QuotaPartner), rows)


async def cancella_quote(session: AsyncSession, progetto_id: UUID) -> None:
    """Delete the partners' shares of a project: an approved plan puts its own in their place."""
    await session.execute(sa.delete(QuotaPartner).where(col(QuotaPartner.progetto_id) == progetto_id))


async def scrivi_piano(session: AsyncSession, row: dict[str, Any], quote: list[dict[str, Any]]) -> None:
    """Insert an approved plan with its budget."""
    await session.execute(insert(Piano), [row])
    await session.execute(insert(PianoQuota), quote)


async def progetto_con_cup(session: AsyncSession, cup: str, tranne: UUID) -> str | None:
    """Return the code of another project that holds its funding under a CUP, if there is one."""
    statement = sa.select(col(Progetto.codice)).where(
        col(Progetto.cup) == cup, col(Progetto.progetto_id) != tranne, col(Progetto.stato).not_in(_FREED)
    )
    return await session.scalar(statement)


async def blocca_cup(session: AsyncSession, cup: str) -> None:
    """Wait for whoever is registering the same CUP."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"cup:{cup}", 0))))
