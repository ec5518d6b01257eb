"""The running parts of one service process: database, clock, tokens, events in and out, jobs, metrics."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from typing import Any

import nats
import sqlalchemy as sa
from nats.aio.client import Client as Nats
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import QueuePool

from chassis import tables
from chassis.clock import Clock
from chassis.database import Database
from chassis.http.cursors import CursorSigner
from chassis.http.gates import Gate
from chassis.inbox import Consumers
from chassis.jobs import Jobs, run_for_ever
from chassis.measures import Measures
from chassis.metrics import Metrics
from chassis.migrations import check_version
from chassis.outbox import EMITTED, EmittedEvents
from chassis.receiver import Receiver
from chassis.relay import Relay
from chassis.rendered import Rendered
from chassis.settings import ServiceSettings
from chassis.signing import open_signing, signing_info
from chassis.store import ObjectStore, open_store, session_info
from chassis.tokens import TokenVerifier
from chassis.upkeep import upkeep_jobs

RECONNECT_WAIT_S = 0.25
STOP_WAIT_S = 10.0

log = logging.getLogger(__name__)


class Runtime:
    """Everything a service process runs on.

    Args:
        settings: the service's settings.
        consumers: what it listens to.
        jobs: what it does with time.
        measures: the business figures it shows.
        background: False keeps relay, consumers and jobs off; tests move them by hand.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        consumers: Consumers,
        jobs: Jobs,
        measures: Measures | None = None,
        *,
        background: bool = True,
    ) -> None:
        self.settings = settings
        self.clock = Clock()
        self.metrics = Metrics()
        self._measuring = (measures or Measures()).jobs(self.metrics)
        self.store = open_store(settings)
        self.rendered = Rendered()
        self.database = Database(
            settings.database_url.get_secret_value(),
            pool_size=settings.pool_size,
            application=settings.service,
            info=session_info(self.store) | signing_info(open_signing(settings)),
        )
        self.database.after_commit = self._tell_relay
        self.verifier = TokenVerifier(settings.issuer_url, settings.audience, settings.jwks_url)
        self.cursors = CursorSigner(settings.cursor_key.get_secret_value())
        self.consumers = consumers
        self.jobs = jobs
        self.relay: Relay | None = None
        self.receiver: Receiver | None = None
        self._background = background
        self._gates: dict[str, Gate] = {}
        self._nats: Nats | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self.metrics.pool_in_use.set_function(self._pool_in_use)
        self.metrics.pool_size.set(settings.pool_size)

    def _pool_in_use(self) -> float:
        pool = self.database.engine.pool
        return float(pool.checkedout()) if isinstance(pool, QueuePool) else 0.0

    def gate(self, route: str, places: int) -> Gate:
        """The turns of a route in this process."""
        return self._gates.setdefault(route, Gate(places))

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction of the service; the relay is told what it emitted."""
        return self.database.transaction()

    def _tell_relay(self, session: AsyncSession) -> None:
        told: EmittedEvents | None = session.info.pop(EMITTED, None)
        if told is not None and self.relay is not None:
            self.relay.offer(told)

    def poke(self) -> None:
        """Lets the relay, if it runs here, look for events that nobody handed over."""
        if self.relay is not None:
            self.relay.poke()

    async def start(self) -> None:
        """Checks the schema, takes up the kept clock and starts the background tasks."""
        await check_version(self.settings.service, self.database.engine)
        await self._load_clock()
        if self._background:
            task = asyncio.create_task(self._run_background(), name="background")
            task.add_done_callback(_say_ended)
            self._tasks.append(task)

    async def stop(self) -> None:
        """Ends the background tasks and closes connections; what was not acknowledged is delivered again later."""
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait_for(asyncio.gather(*self._tasks, return_exceptions=True), STOP_WAIT_S)
        if self._nats is not None and not self._nats.is_closed:
            with suppress(nats.errors.Error, TimeoutError):
                await self._nats.close()
        await self.database.close()

    async def _run_background(self) -> None:
        jobs = [run_for_ever(job, self.database, self.metrics, self.clock.now) for job in self._all_jobs()]
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
            await self._connect()
            if self.relay is None or self.receiver is None:
                raise RuntimeError("events were not connected")
            group.create_task(self.relay.run())
            group.create_task(self.relay.mark_for_ever())
            for loop in self.receiver.tasks():
                group.create_task(loop())

    def _all_jobs(self) -> list[Any]:
        return [*self.jobs.all, *self._measuring.all, *upkeep_jobs(self.metrics, self.poke).all]

    async def _connect(self) -> None:
        """Connects to NATS, however long that takes; afterwards the client reconnects for ever."""
        while True:
            try:
                self._nats = await nats.connect(
                    self.settings.nats_url.get_secret_value(),
                    name=self.settings.service,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RECONNECT_WAIT_S,
                    connect_timeout=2,
                    reconnected_cb=self._reconnected,
                    disconnected_cb=_say_disconnected,
                    error_cb=_say_error,
                )
                break
            except (OSError, nats.errors.Error, TimeoutError) as error:
                log.warning("NATS is not there yet", extra={"error": repr(error)})
                await asyncio.sleep(RECONNECT_WAIT_S)
        js = self._nats.jetstream(timeout=5)
        self.relay = Relay(
            self.settings.service, self.database, js, self.metrics, replicas=self.settings.stream_replicas
        )
        self.receiver = Receiver(self.consumers, self.database, js, self.metrics, self.clock.now)

    async def _reconnected(self) -> None:
        if self.relay is not None:
            self.relay.check_stream_again()

    async def _load_clock(self) -> None:
        async with self.database.transaction() as session:
            offset = await session.scalar(sa.select(tables.platform_clock.c.scarto_us))
        if offset and not self.settings.is_local:
            raise RuntimeError("this database was used with a changed clock: it cannot serve production")
        self.clock.set_offset(timedelta(microseconds=offset or 0))

    async def keep_clock(self, session: AsyncSession) -> None:
        """Writes the clock's offset down, so that a restarted process takes it up."""
        row = tables.platform_clock
        offset = int(self.clock.offset / timedelta(microseconds=1))
        await session.execute(
            insert(row)
            .values(riga=1, scarto_us=offset)
            .on_conflict_do_update(index_elements=["riga"], set_={"scarto_us": offset})
        )

    @property
    def is_alive(self) -> bool:
        """False when the background tasks ended by themselves: the process is of no more use and must be restarted."""
        return self._stopping.is_set() or not any(task.done() for task in self._tasks)

    @property
    def indispensable(self) -> frozenset[str]:
        """Without what the service cannot answer: once the broker was reached, facts wait in the outbox (ADR 0025)."""
        return frozenset({"database"}) if self._nats is not None else frozenset({"database", "nats"})

    async def is_ready(self) -> dict[str, bool]:
        """Which of the things the service stands on answer now."""
        state = {"database": False}
        try:
            async with asyncio.timeout(2), self.database.engine.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
                state["database"] = True
        except (sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("database not ready", extra={"error": repr(error)})
        if self.store is not None:
            state["archivio"] = await self._store_answers(self.store)
        if self._background:
            state["nats"] = self._nats is not None and self._nats.is_connected
        return state

    @staticmethod
    async def _store_answers(store: ObjectStore) -> bool:
        try:
            async with asyncio.timeout(2):
                return await store.is_ready()
        except TimeoutError:
            log.warning("store not ready", extra={"error": "no answer in time"})
            return False


def _say_ended(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("background tasks ended", exc_info=task.exception())


async def _say_disconnected() -> None:
    log.warning("NATS connection lost")


async def _say_error(error: Exception) -> None:
    log.warning("NATS", extra={"error": repr(error)})
