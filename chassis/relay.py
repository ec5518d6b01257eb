"""The relay: publishes the outbox to JetStream and marks what the broker acknowledged.

Events just committed are handed over in memory and published at once; marks are written a few times a second. What
was not handed over (a crash, another process, a broker that was away) is read from the outbox at start, after a failure
and at every poll. A crash between publication and mark publishes again: the broker drops the copy by `Nats-Msg-Id`, and
beyond its window the inbox of each consumer does. If the broker lost the stream (its creation time changed) everything
kept in the outbox is published again.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

import nats.errors
import sqlalchemy as sa
from nats.js import JetStreamContext, api
from nats.js import errors as js_errors
from sqlalchemy.dialects.postgresql import ARRAY, insert

from chassis import tables
from chassis.database import Database
from chassis.events import Envelope, encode_body, encode_headers
from chassis.metrics import Metrics
from chassis.outbox import Emitted, EmittedEvents

BATCH = 200
OFFERED_MAX = 2_000
POLL_S = 1.0
MARK_S = 0.2
ACK_TIMEOUT_S = 5.0
DUPLICATE_WINDOW_S = 120.0

_EVENT_IDS = ARRAY(sa.Uuid)
_UNSENT = (
    sa.select(tables.outbox)
    .where(
        tables.outbox.c.inviato_il.is_(None),
        tables.outbox.c.event_id != sa.all_(sa.bindparam("handed_over", type_=_EVENT_IDS)),
    )
    .order_by(tables.outbox.c.n)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_MARK = (
    sa.update(tables.outbox)
    .where(tables.outbox.c.event_id == sa.any_(sa.bindparam("event_ids", type_=_EVENT_IDS)))
    .values(inviato_il=sa.func.clock_timestamp())
)

log = logging.getLogger(__name__)


class Relay:
    """The publishing task of one process; several may run, rows are taken with SKIP LOCKED."""

    def __init__(
        self, service: str, database: Database, js: JetStreamContext, metrics: Metrics, *, replicas: int = 1
    ) -> None:
        self.stream = service.upper()
        self._subjects = [f"{service}.>"]
        self._database = database
        self._js = js
        self._metrics = metrics
        self._replicas = replicas
        self._wake = asyncio.Event()
        self._stream_checked = False
        self._behind = True
        self._read_at = 0.0
        self._offered: deque[Emitted] = deque()
        self._acknowledged: list[UUID] = []
        self._marking = asyncio.Lock()

    def offer(self, told: EmittedEvents) -> None:
        """Hands over the events of a transaction that was committed; too many are left to be read from the outbox."""
        if told.whole and len(self._offered) + len(told.events) <= OFFERED_MAX:
            self._offered.extend(told.events)
        else:
            self._behind = True
        self._wake.set()

    def poke(self) -> None:
        """Says that the outbox may hold events that nobody handed over."""
        self._behind = True
        self._wake.set()

    def check_stream_again(self) -> None:
        """Says that the connection was lost: the stream may no longer be the one we knew."""
        self._stream_checked = False
        self.poke()

    async def run(self) -> None:
        """Publishes for ever; ends when cancelled."""
        while True:
            try:
                await self.publish_all()
            except (js_errors.Error, nats.errors.Error, sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("relay: will try again", extra={"error": repr(error)})
                await self._pause(0.3)
            except Exception:
                log.exception("relay: defect, will try again")
                await self._pause(2.0)
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_S)
            except TimeoutError:
                continue
            finally:
                self._wake.clear()

    async def mark_for_ever(self) -> None:
        """Marks what was acknowledged, a few times a second; ends when cancelled, after a last mark."""
        try:
            while True:
                await asyncio.sleep(MARK_S)
                await self._try_to_mark()
        finally:
            await self._try_to_mark()

    async def _try_to_mark(self) -> None:
        try:
            await self.mark()
        except (sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("relay: not marked, will be published again", extra={"error": repr(error)})

    async def publish_all(self) -> None:
        """Publishes what was handed over and, if it may be behind, what the outbox holds.

        Raises:
            nats.errors.Error: some were not acknowledged; they stay in the outbox.
        """
        if not self._stream_checked:
            await self.ensure_stream()
        while self._offered:
            batch = [self._offered[place] for place in range(min(BATCH, len(self._offered)))]
            acknowledged, failure = await self._publish(batch)
            self._acknowledged += acknowledged
            for _ in batch:
                self._offered.popleft()
            if failure is not None:
                raise failure
        if self._behind or time.monotonic() - self._read_at > POLL_S:
            self._behind = False
            self._read_at = time.monotonic()
            while await self.publish_batch() == BATCH:
                pass

    async def _pause(self, seconds: float) -> None:
        self._stream_checked = False
        self._offered.clear()  # they are in the outbox: whatever the broker did not acknowledge is read again there
        self.poke()
        await asyncio.sleep(seconds)

    async def ensure_stream(self) -> None:
        """Creates the stream if it is missing; if it is not the one we published to, publishes everything again."""
        config = api.StreamConfig(
            name=self.stream,
            subjects=self._subjects,
            duplicate_window=DUPLICATE_WINDOW_S,
            allow_direct=True,
            num_replicas=self._replicas,
        )
        try:
            info = await self._js.stream_info(self.stream)
        except js_errors.NotFoundError:
            info = await self._js.add_stream(config)
        born = info.created
        if born is None:
            raise js_errors.Error("the broker does not tell when the stream was made")
        born = born.astimezone(UTC)
        async with self._marking, self._database.transaction() as session:
            origin = tables.stream_origin
            await session.execute(
                insert(origin)
                .values(stream=self.stream, nato_il=born)
                .on_conflict_do_nothing(index_elements=["stream"])
            )
            known = await session.scalar(
                sa.select(origin.c.nato_il).where(origin.c.stream == self.stream).with_for_update()
            )
            if known != born:
                log.error("relay: the stream was lost, publishing the outbox again", extra={"stream": self.stream})
                self._metrics.stream_losses.inc()
                self._acknowledged.clear()
                self.poke()
                await session.execute(sa.update(tables.outbox).values(inviato_il=None))
                await session.execute(sa.update(origin).where(origin.c.stream == self.stream).values(nato_il=born))
        self._stream_checked = True

    async def publish_batch(self) -> int:
        """Publishes up to a batch read from the outbox, in order, and marks what was acknowledged.

        Returns:
            How many events were published; 0 when there is nothing to publish.

        Raises:
            nats.errors.Error: some of the batch were not acknowledged; the others are marked.
        """
        await self.mark()
        handed_over = [emitted.envelope.event_id for emitted in self._offered]
        async with self._database.transaction() as session:
            rows = (await session.execute(_UNSENT, {"handed_over": handed_over})).all()
            if not rows:
                return 0
            acknowledged, failure = await self._publish([_emitted(row) for row in rows])
            await session.execute(_MARK, {"event_ids": acknowledged})
        if failure is not None:
            raise failure
        return len(rows)

    async def mark(self) -> None:
        """Writes down what the broker acknowledged of what was handed over since the last mark."""
        async with self._marking:
            if not self._acknowledged:
                return
            acknowledged, self._acknowledged = self._acknowledged, []
            async with self._database.transaction() as session:
                await session.execute(_MARK, {"event_ids": acknowledged})

    async def _publish(self, batch: Sequence[Emitted]) -> tuple[list[UUID], BaseException | None]:
        """Publishes pipelined; gives the acknowledged events and the first failure."""
        results = await asyncio.gather(*(self._publish_one(emitted) for emitted in batch), return_exceptions=True)
        outcome = list(zip(batch, results, strict=True))
        acknowledged = [emitted.envelope.event_id for emitted, failure in outcome if failure is None]
        return acknowledged, next((failure for failure in results if failure is not None), None)

    async def _publish_one(self, emitted: Emitted) -> None:
        envelope = emitted.envelope
        await self._js.publish(envelope.subject, emitted.body, timeout=ACK_TIMEOUT_S, headers=encode_headers(envelope))
        self._metrics.published.labels(envelope.subject).inc()


def _emitted(row: sa.Row[Any]) -> Emitted:
    envelope = Envelope(row.event_id, row.subject, row.aggregate_id, row.accaduto_il, row.traceparent)
    return Emitted(envelope, encode_body(row.body))
