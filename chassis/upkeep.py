"""Jobs every service has: figures of its events, and the end of what is kept for a time.

Inbox rows outlive outbox rows: a replay of the oldest kept event must still find that it was applied.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.http.idempotency import RETENTION_DAYS
from chassis.jobs import Jobs
from chassis.metrics import Metrics

OUTBOX_DAYS = 90
INBOX_DAYS = 120


def upkeep_jobs(metrics: Metrics, poke: Callable[[], None]) -> Jobs:
    """The upkeep of one process."""
    jobs = Jobs()

    @jobs.every(seconds=5)
    async def measure_events(session: AsyncSession, now: datetime) -> None:
        del now
        box, parked = tables.outbox, tables.parked
        depth, oldest = (
            await session.execute(
                sa.select(sa.func.count(), sa.func.min(box.c.creato_il)).where(box.c.inviato_il.is_(None))
            )
        ).one()
        metrics.outbox_depth.set(depth)
        metrics.outbox_age.set((datetime.now(UTC) - oldest).total_seconds() if oldest else 0)
        if depth:
            poke()
        counts = {"parcheggiato": 0, "morto": 0}
        counts |= {
            row.stato: row.n
            for row in await session.execute(
                sa.select(parked.c.stato, sa.func.count().label("n")).group_by(parked.c.stato)
            )
        }
        for state, count in counts.items():
            metrics.parked.labels(state).set(count)

    @jobs.every(seconds=3600)
    async def forget_the_old(session: AsyncSession, now: datetime) -> None:
        del now
        real = datetime.now(UTC)
        box, seen, answers = tables.outbox, tables.inbox, tables.idempotent_answer
        sent_long_ago = sa.and_(box.c.inviato_il.is_not(None), box.c.creato_il < real - timedelta(days=OUTBOX_DAYS))
        await session.execute(sa.delete(box).where(sent_long_ago))
        await session.execute(sa.delete(seen).where(seen.c.creato_il < real - timedelta(days=INBOX_DAYS)))
        await session.execute(sa.delete(answers).where(answers.c.creato_il < real - timedelta(days=RETENTION_DAYS)))

    return jobs
