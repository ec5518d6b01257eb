"""Items of the allowance, their liquidation, pacts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.database import INSTANT
from services.inclusione.models import (
    Liquidazione,
    LiquidazioneVoce,
    LottoLiquidazione,
    Pip,
    VoceIndennita,
)
from services.inclusione.rules.indennita import TipoVoce


async def aggiungi_voci(session: AsyncSession, voci: Sequence[dict[str, Any]]) -> None:
    """Adds items of the allowance."""
    if voci:
        await session.execute(sa.insert(VoceIndennita), voci)


async def aggiungi_maturazioni(session: AsyncSession, voci: Sequence[tuple[UUID, UUID, int]], *, now: datetime) -> None:
    """Adds what hours accrued: id of the item, id of the hour and cents of each, in one statement."""
    if not voci:
        return
    await session.execute(
        sa.text(
            "INSERT INTO voce_indennita (voce_id, pip_id, ore_id, tipo, importo_cent, giorno, creata_il)"
            " SELECT t.voce_id, ora.pip_id, ora.ore_id, 'maturazione', t.importo, ora.giorno, :now"
            " FROM unnest(:voci, :ore, :importi) AS t(voce_id, ore_id, importo) JOIN ora USING (ore_id)"
        ).bindparams(
            sa.bindparam("voci", [voce[0] for voce in voci], ARRAY(sa.Uuid)),
            sa.bindparam("ore", [voce[1] for voce in voci], ARRAY(sa.Uuid)),
            sa.bindparam("importi", [voce[2] for voce in voci], ARRAY(sa.BigInteger)),
            sa.bindparam("now", now, INSTANT),
        )
    )


def _da_liquidare() -> sa.ColumnElement[bool]:
    return ~sa.exists().where(col(LiquidazioneVoce.voce_id) == col(VoceIndennita.voce_id))


async def piani_da_liquidare(session: AsyncSession, progetto_id: UUID, fino_al: date) -> set[UUID]:
    """The plans of a project with items not yet paid, up to a day."""
    found = await session.scalars(
        sa.select(col(VoceIndennita.pip_id))
        .join(Pip, col(Pip.pip_id) == col(VoceIndennita.pip_id))
        .where(col(Pip.progetto_id) == progetto_id, col(VoceIndennita.giorno) <= fino_al, _da_liquidare())
        .distinct()
    )
    return set(found)


async def voci_da_liquidare(
    session: AsyncSession, piani: Iterable[UUID], fino_al: date
) -> dict[UUID, list[tuple[UUID, int]]]:
    """The items not yet paid of plans whose lock is held, up to a day: id and cents, by plan.

    What was paid and then taken back is owed by the next payment, whatever the day it is of.
    """
    rows = await session.execute(
        sa.select(col(VoceIndennita.pip_id), col(VoceIndennita.voce_id), col(VoceIndennita.importo_cent))
        .where(
            col(VoceIndennita.pip_id).in_(set(piani)),
            (col(VoceIndennita.giorno) <= fino_al) | (col(VoceIndennita.tipo) == TipoVoce.COMPENSAZIONE),
            _da_liquidare(),
        )
        .order_by(col(VoceIndennita.pip_id), col(VoceIndennita.voce_id))
    )
    found: dict[UUID, list[tuple[UUID, int]]] = {}
    for pip_id, voce_id, cent in rows:
        found.setdefault(pip_id, []).append((voce_id, cent))
    return found


async def ultima_voce(session: AsyncSession, ore_id: UUID) -> VoceIndennita | None:
    """The last item of an hour: positive while what it accrued stands, negative once it was taken back."""
    return await session.scalar(
        sa.select(VoceIndennita)
        .where(col(VoceIndennita.ore_id) == ore_id)
        .order_by(col(VoceIndennita.giro).desc(), col(VoceIndennita.importo_cent))
        .limit(1)
    )


async def e_liquidata(session: AsyncSession, voce_id: UUID) -> bool:
    """Whether an item went into a payment."""
    return await session.get(LiquidazioneVoce, voce_id) is not None


async def voci(session: AsyncSession, pip_id: UUID) -> Sequence[tuple[VoceIndennita, bool]]:
    """The items of a plan, and whether each was paid, in order of day."""
    rows = await session.execute(
        sa.select(VoceIndennita, col(LiquidazioneVoce.voce_id).is_not(None))
        .outerjoin(LiquidazioneVoce, col(LiquidazioneVoce.voce_id) == col(VoceIndennita.voce_id))
        .where(col(VoceIndennita.pip_id) == pip_id)
        .order_by(col(VoceIndennita.giorno), col(VoceIndennita.voce_id))
        .limit(10_000)
    )
    return [(row[0], bool(row[1])) for row in rows]


async def quota_versata(session: AsyncSession, piani: Iterable[UUID]) -> dict[UUID, int]:
    """What the payments of each plan gave to the arrears, cents."""
    rows = await session.execute(
        sa.select(col(Liquidazione.pip_id), sa.func.sum(col(Liquidazione.quota_morosita_cent)))
        .where(col(Liquidazione.pip_id).in_(set(piani)))
        .group_by(col(Liquidazione.pip_id))
    )
    return {pip_id: int(cent) for pip_id, cent in rows if pip_id is not None}


async def prossimo_lotto(session: AsyncSession, progetto_id: UUID) -> int:
    """The number of the next batch of a project; callers hold the line's lock."""
    last = await session.scalar(
        sa.select(sa.func.max(col(LottoLiquidazione.numero))).where(col(LottoLiquidazione.progetto_id) == progetto_id)
    )
    return int(last or 0) + 1


async def lotto(session: AsyncSession, lotto_id: UUID) -> LottoLiquidazione | None:
    """A batch."""
    return await session.get(LottoLiquidazione, lotto_id)


async def lotti(session: AsyncSession, progetto_id: UUID, *, dopo: int, limit: int) -> Sequence[LottoLiquidazione]:
    """The batches of a project, from the first."""
    found = await session.scalars(
        sa.select(LottoLiquidazione)
        .where(col(LottoLiquidazione.progetto_id) == progetto_id, col(LottoLiquidazione.numero) > dopo)
        .order_by(col(LottoLiquidazione.numero))
        .limit(limit)
    )
    return found.all()


async def liquidazioni(session: AsyncSession, lotto_id: UUID) -> Sequence[Liquidazione]:
    """The payments of a batch, in plan order."""
    found = await session.scalars(
        sa.select(Liquidazione)
        .where(col(Liquidazione.lotto_id) == lotto_id)
        .order_by(col(Liquidazione.pip_id))
        .limit(10_000)
    )
    return found.all()


async def blocca_lotto(session: AsyncSession, lotto_id: UUID) -> None:
    """Lets one payment file of a batch be made at a time (advisory: the row is immutable, its lock is not ours)."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(lotto_id), 2))))
