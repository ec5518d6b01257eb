"""What time does: functions run every so many real seconds, each run one transaction, one replica at a time."""

import asyncio
import logging
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.metrics import Metrics

JobFunction = Callable[[AsyncSession, datetime], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A function and how often it runs."""

    run: JobFunction
    seconds: float

    @property
    def name(self) -> str:
        """The function's name, for logs and metrics."""
        return self.run.__name__

    @property
    def lock_key(self) -> int:
        """The key of the advisory lock that keeps two replicas from running the job at once."""
        return zlib.crc32(f"job:{self.name}".encode())


class Jobs:
    """The jobs of one service."""

    def __init__(self) -> None:
        self.all: list[Job] = []

    def every(self, *, seconds: float) -> Callable[[JobFunction], JobFunction]:
        """Declares a job: `async def f(session, now)`, run every so many real seconds on the platform's `now`."""

        def declare(function: JobFunction) -> JobFunction:
            self.all.append(Job(function, seconds))
            return function

        return declare


async def run_once(job: Job, database: Database, now: datetime) -> bool:
    """Runs a job in one transaction; returns False if another replica is running it."""
    async with database.transaction() as session:
        free = await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(job.lock_key)))
        if not free:
            return False
        await job.run(session, now)
    return True


async def run_for_ever(job: Job, database: Database, metrics: Metrics, clock_now: Callable[[], datetime]) -> None:
    """Runs a job again and again; a failed run is logged and the next one tries again."""
    while True:
        started = time.perf_counter()
        outcome = "done"
        try:
            await run_once(job, database, clock_now())
        except Exception as error:
            outcome = "failed"
            log.exception("job failed", extra={"job": job.name, "error": repr(error)})
        metrics.job_seconds.labels(job.name, outcome).observe(time.perf_counter() - started)
        await asyncio.sleep(job.seconds)
