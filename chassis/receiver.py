"""The receiving tasks of one process: pull from JetStream, apply through the inbox, park what is refused, acknowledge.

A durable pull consumer for each (service, source stream); replicas share it. A batch is applied in one transaction;
if a handler refuses, its halves are applied, and theirs, so that one bad event costs its neighbours nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime

import nats.errors
import sqlalchemy as sa
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js import errors as js_errors

from chassis import parking
from chassis.database import Database, as_unavailable, sqlstate
from chassis.events import decode_headers
from chassis.inbox import Consumers, Delivery, Inbox, describe_failure
from chassis.metrics import Metrics

BATCH = 100
FETCH_WAIT_S = 5.0
ACK_WAIT_S = 30.0
MAX_ACK_PENDING = 1_000
RETRY_POLL_S = 1.0
RETRY_PAUSE_S = 0.02

STATEMENT_TIMEOUT = "57014"

log = logging.getLogger(__name__)


def _database_is_away(error: Exception) -> bool:
    """True when nothing can be applied now; an event that by itself takes too long is refused like any other."""
    return as_unavailable(error) is not None and sqlstate(error) != STATEMENT_TIMEOUT


class Receiver:
    """Feeds one service's inbox from the streams it listens to."""

    def __init__(
        self,
        consumers: Consumers,
        database: Database,
        js: JetStreamContext,
        metrics: Metrics,
        now: Callable[[], datetime],
    ) -> None:
        self._consumers = consumers
        self._database = database
        self._js = js
        self._metrics = metrics
        self._now = now
        self._inbox = Inbox(consumers, database, metrics)
        self._parked = asyncio.Event()

    def tasks(self) -> list[Callable[[], Coroutine[None, None, None]]]:
        """The loops to run: one for each source stream and one for the parked events."""
        loops: list[Callable[[], Coroutine[None, None, None]]] = [self._retry_loop]
        for source, subjects in self._consumers.streams().items():
            loops.append(self._stream_loop(source.upper(), subjects))
        return loops

    def _stream_loop(self, stream: str, subjects: list[str]) -> Callable[[], Coroutine[None, None, None]]:
        async def loop() -> None:
            while True:
                try:
                    await self._receive(stream, subjects)
                except js_errors.NotFoundError:
                    await asyncio.sleep(0.2)
                except (js_errors.Error, nats.errors.Error, sa.exc.SQLAlchemyError, OSError) as error:
                    log.warning("receiver: will try again", extra={"stream": stream, "error": repr(error)})
                    await asyncio.sleep(0.5)
                except Exception:
                    log.exception("receiver: defect, will try again", extra={"stream": stream})
                    await asyncio.sleep(2)

        return loop

    async def _receive(self, stream: str, subjects: list[str]) -> None:
        config = api.ConsumerConfig(
            durable_name=self._consumers.service,
            filter_subjects=subjects,
            ack_policy=api.AckPolicy.EXPLICIT,
            deliver_policy=api.DeliverPolicy.ALL,
            ack_wait=ACK_WAIT_S,
            max_ack_pending=MAX_ACK_PENDING,
        )
        await self._js.add_consumer(stream, config)
        subscription = await self._js.pull_subscribe_bind(durable=self._consumers.service, stream=stream)
        try:
            while True:
                try:
                    messages = await subscription.fetch(BATCH, timeout=FETCH_WAIT_S)
                except TimeoutError:
                    info = await subscription.consumer_info()
                    self._metrics.consumer_lag.labels(stream).set(info.num_pending or 0)
                    continue
                await self._take(messages)
        finally:
            await subscription.unsubscribe()

    async def _take(self, messages: list[Msg]) -> None:
        deliveries: list[Delivery] = []
        for message in messages:
            try:
                deliveries.append(Delivery(decode_headers(dict(message.headers or {})), message.data))
            except ValueError as error:
                log.error("receiver: not a CloudEvent, dropped", extra={"subject": message.subject, "why": str(error)})
                self._metrics.consumed.labels(message.subject, "dropped").inc()
        if deliveries:
            await self.apply(deliveries)
        await asyncio.gather(*(message.ack() for message in messages))

    async def apply(self, deliveries: list[Delivery]) -> None:
        """Applies a batch; what a handler refuses is parked, the rest is applied.

        Raises:
            Exception: the database is away; nothing is acknowledged and the broker delivers again.
        """
        try:
            await self._inbox.apply(deliveries, self._now())
        except Exception as error:
            if _database_is_away(error):
                raise
            if len(deliveries) == 1:
                await self._park(deliveries[0], error)
            else:
                half = len(deliveries) // 2
                await self.apply(deliveries[:half])
                await self.apply(deliveries[half:])

    async def _park(self, delivery: Delivery, error: Exception) -> None:
        async with self._database.transaction() as session:
            state = await parking.park(session, delivery, error)
        self._parked.set()
        self._metrics.consumed.labels(delivery.envelope.subject, state).inc()
        log.warning(
            "event parked" if state == "parcheggiato" else "event dead",
            extra={
                "subject": delivery.envelope.subject,
                "event_id": str(delivery.envelope.event_id),
                "why": describe_failure(error),
            },
        )

    async def _retry_loop(self) -> None:
        while True:
            pause = RETRY_POLL_S
            try:
                await self.retry_due()
                pause = await self._until_next_retry()
            except (sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("receiver: parked events will be tried again", extra={"error": repr(error)})
            except Exception:
                log.exception("receiver: defect in retrying, will try again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._parked.wait(), pause)
            self._parked.clear()

    async def _until_next_retry(self) -> float:
        """Seconds until a parked event is due; others may park events too, so never longer than the poll."""
        async with self._database.transaction() as session:
            next_at = await parking.next_at(session)
        if next_at is None:
            return RETRY_POLL_S
        return min(max((next_at - datetime.now(UTC)).total_seconds(), RETRY_PAUSE_S), RETRY_POLL_S)

    async def retry_due(self) -> int:
        """Tries again the parked events whose time has come; returns how many were tried."""
        async with self._database.transaction() as session:
            rows = await parking.due(session)
        for row in rows:
            delivery = Delivery(decode_headers(row.headers), bytes(row.body))
            try:
                await self._inbox.apply([delivery], self._now())
            except Exception as error:
                if _database_is_away(error):
                    raise
                await self._park(delivery, error)
                continue
            async with self._database.transaction() as session:
                await parking.unpark(session, row.event_id)
        return len(rows)
