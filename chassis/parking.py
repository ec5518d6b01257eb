"""Parked events: a refused event waits in the service's own table, is tried again, and ends as a dead letter.

Delayed negative acknowledgements would block the messages behind them, so a refused event is acknowledged and its
retries are ours.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.events import encode_headers
from chassis.inbox import Delivery, NotYet, describe_failure

MAX_ATTEMPTS = 12
MAX_ATTEMPTS_NOT_YET = 200
FIRST_DELAY = timedelta(milliseconds=200)
MAX_DELAY = timedelta(minutes=10)


def next_delay(attempts: int) -> timedelta:
    """How long to wait before the next attempt: doubling from 200 ms, ten minutes at most."""
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempts, 20)
    return min(doubled, MAX_DELAY)


async def park(session: AsyncSession, delivery: Delivery, error: BaseException) -> str:
    """Writes down that an event was refused, or that it was again.

    Returns:
        The new state: `parcheggiato`, or `morto` after twelve attempts (200, about a day, for one that waits for
        another event).
    """
    now = datetime.now(UTC)
    row = tables.parked
    attempts = await session.scalar(
        sa.select(row.c.tentativi).where(row.c.event_id == delivery.envelope.event_id).with_for_update()
    )
    tried = (attempts or 0) + 1
    allowed = MAX_ATTEMPTS_NOT_YET if isinstance(error, NotYet) else MAX_ATTEMPTS
    state = "morto" if tried >= allowed else "parcheggiato"
    values: dict[str, Any] = {
        "motivo": describe_failure(error),
        "tentativi": tried,
        "next_at": now + next_delay(tried),
        "stato": state,
    }
    await session.execute(
        insert(row)
        .values(
            event_id=delivery.envelope.event_id,
            subject=delivery.envelope.subject,
            headers=encode_headers(delivery.envelope),
            body=delivery.body,
            **values,
        )
        .on_conflict_do_update(index_elements=["event_id"], set_=values)
    )
    return state


async def unpark(session: AsyncSession, event_id: UUID) -> None:
    """Removes an event that was applied at last."""
    await session.execute(sa.delete(tables.parked).where(tables.parked.c.event_id == event_id))


async def due(session: AsyncSession, limit: int = 50) -> Sequence[sa.Row[Any]]:
    """The parked events whose time has come, oldest first, locked; other replicas skip them."""
    row = tables.parked
    return (
        await session.execute(
            sa.select(row)
            .where(row.c.stato == "parcheggiato", row.c.next_at <= datetime.now(UTC))
            .order_by(row.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()


async def next_at(session: AsyncSession) -> datetime | None:
    """When the next parked event is due; None if none is parked."""
    row = tables.parked
    earliest: datetime | None = await session.scalar(
        sa.select(sa.func.min(row.c.next_at)).where(row.c.stato == "parcheggiato")
    )
    return earliest


async def listed(session: AsyncSession, limit: int = 500) -> Sequence[sa.RowMapping]:
    """Parked and dead events for an operator, without their content."""
    row = tables.parked
    columns = (
        row.c.event_id,
        row.c.subject,
        row.c.stato,
        row.c.motivo,
        row.c.tentativi,
        row.c.next_at,
        row.c.creato_il,
    )
    return (await session.execute(sa.select(*columns).order_by(row.c.creato_il).limit(limit))).mappings().all()


async def retry(session: AsyncSession, event_id: UUID | None = None) -> int:
    """Makes one event, or all parked and dead ones, due at once; returns how many."""
    row = tables.parked
    change = sa.update(row).values(stato="parcheggiato", tentativi=0, next_at=datetime.now(UTC))
    result = await session.execute(change if event_id is None else change.where(row.c.event_id == event_id))
    return int(getattr(result, "rowcount", 0))


async def replay(session: AsyncSession, since: datetime) -> int:
    """Has the relay publish again what the outbox holds since an instant (real time); returns how many."""
    box = tables.outbox
    result = await session.execute(sa.update(box).where(box.c.creato_il >= since).values(inviato_il=None))
    return int(getattr(result, "rowcount", 0))
