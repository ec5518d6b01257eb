"""The relay: publishes the outbox to JetStream and marks what the broker acknowledged.

It is poked after each commit that emitted, and polls as a fallback. A crash between publication and mark publishes
again: the broker drops the copy by `Nats-Msg-Id`, and beyond its window the inbox of each consumer does. If the broker
lost the stream (its creation time changed) everything kept in the outbox is published again.
"""

import asyncio
import logging
from datetime import UTC

import nats.errors
import sqlalchemy as sa
from nats.js import JetStreamContext, api
from nats.js import errors as js_errors
from sqlalchemy.dialects.postgresql import insert

from chassis import tables
from chassis.database import Database
from chassis.events import Envelope, encode_body, encode_headers
from chassis.metrics import Metrics

BATCH = 200
POLL_S = 1.0
ACK_TIMEOUT_S = 5.0
DUPLICATE_WINDOW_S = 120.0

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
        self._poke = asyncio.Event()
        self._stream_checked = False

    def poke(self) -> None:
        """Says that something was committed to the outbox."""
        self._poke.set()

    def check_stream_again(self) -> None:
        """Says that the connection was lost: the stream may no longer be the one we knew."""
        self._stream_checked = False
        self._poke.set()

    async def run(self) -> None:
        """Publishes for ever; ends when cancelled."""
        while True:
            try:
                if not self._stream_checked:
                    await self.ensure_stream()
                while await self.publish_batch():
                    pass
            except (js_errors.Error, nats.errors.Error, sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("relay: will try again", extra={"error": repr(error)})
                await self._pause(0.3)
            except Exception:
                log.exception("relay: defect, will try again")
                await self._pause(2.0)
            try:
                await asyncio.wait_for(self._poke.wait(), POLL_S)
            except TimeoutError:
                continue
            finally:
                self._poke.clear()

    async def _pause(self, seconds: float) -> None:
        self._stream_checked = False
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
        async with self._database.transaction() as session:
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
                await session.execute(sa.update(tables.outbox).values(inviato_il=None))
                await session.execute(sa.update(origin).where(origin.c.stream == self.stream).values(nato_il=born))
        self._stream_checked = True

    async def publish_batch(self) -> int:
        """Publishes up to a batch in order and marks what was acknowledged.

        Returns:
            How many events were acknowledged; 0 when there is nothing to publish.

        Raises:
            nats.errors.Error: none of the batch was acknowledged.
        """
        box = tables.outbox
        async with self._database.transaction() as session:
            rows = (
                await session.execute(
                    sa.select(box)
                    .where(box.c.inviato_il.is_(None))
                    .order_by(box.c.n)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if not rows:
                return 0
            results = await asyncio.gather(*(self._publish(row) for row in rows), return_exceptions=True)
            sent = [row.n for row, result in zip(rows, results, strict=True) if not isinstance(result, BaseException)]
            if sent:
                await session.execute(
                    sa.update(box).where(box.c.n.in_(sent)).values(inviato_il=sa.func.clock_timestamp())
                )
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise failures[0]
        return len(sent)

    async def _publish(self, row: sa.Row[tuple[object, ...]]) -> None:
        envelope = Envelope(
            event_id=row.event_id,
            subject=row.subject,
            aggregate_id=row.aggregate_id,
            occurred_at=row.accaduto_il,
            traceparent=row.traceparent,
        )
        await self._js.publish(
            row.subject, encode_body(row.body), timeout=ACK_TIMEOUT_S, headers=encode_headers(envelope)
        )
        self._metrics.published.labels(row.subject).inc()
