"""The inbox: a delivered event is applied once, in the transaction that also remembers it.

A service declares what it listens to with `Consumers`. A refused event is parked (see `parking`), so that it never
holds up the ones behind it.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database, is_retryable
from chassis.errors import Refusal
from chassis.events import Envelope, EventIn
from chassis.metrics import Metrics
from chassis.tracing import continue_trace, traceparent_var

M = TypeVar("M", bound=EventIn)

Handler = Callable[[AsyncSession, Any, Envelope, datetime], Awaitable[None]]
BatchHandler = Callable[[AsyncSession, Sequence[tuple[Any, Envelope]], datetime], Awaitable[None]]

DEADLOCK_RETRIES = 5

# One statement for any number of events: its text never changes, so it is compiled and prepared once.
_REMEMBER = sa.text(
    "INSERT INTO inbox (event_id, subject) SELECT * FROM unnest(:event_ids, :subjects) "
    "ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
).bindparams(sa.bindparam("event_ids", type_=ARRAY(sa.Uuid)), sa.bindparam("subjects", type_=ARRAY(sa.Text)))

log = logging.getLogger(__name__)


class NotYet(Refusal):
    """The event speaks of something that has not arrived yet: it is parked and tried again soon."""

    title = "Evento in attesa"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it came, before it is read."""

    envelope: Envelope
    body: bytes


@dataclass(frozen=True, slots=True)
class _Listener:
    model: type[EventIn]
    apply: BatchHandler
    in_batches: bool


class Consumers:
    """What one service listens to: a handler for each subject.

    Args:
        service: the name of the listening service; also the name of its durable consumers.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._listeners: dict[str, _Listener] = {}

    def on(
        self, subject: str, model: type[M]
    ) -> Callable[
        [Callable[[AsyncSession, M, Envelope, datetime], Awaitable[None]]],
        Callable[[AsyncSession, M, Envelope, datetime], Awaitable[None]],
    ]:
        """Declares the handler of a subject; it is called for one event at a time."""

        def declare(
            handler: Callable[[AsyncSession, M, Envelope, datetime], Awaitable[None]],
        ) -> Callable[[AsyncSession, M, Envelope, datetime], Awaitable[None]]:
            async def apply(session: AsyncSession, events: Sequence[tuple[Any, Envelope]], now: datetime) -> None:
                for event, envelope in events:
                    await handler(session, event, envelope, now)

            self._add(subject, _Listener(model, apply, in_batches=False))
            return handler

        return declare

    def on_batch(
        self, subject: str, model: type[M]
    ) -> Callable[
        [Callable[[AsyncSession, Sequence[tuple[M, Envelope]], datetime], Awaitable[None]]],
        Callable[[AsyncSession, Sequence[tuple[M, Envelope]], datetime], Awaitable[None]],
    ]:
        """Declares a handler that gets all events of a delivery in one call, those of its other subjects too.

        One call takes its locks once, in one order; order between events is never promised, versions decide.
        """

        def declare(
            handler: Callable[[AsyncSession, Sequence[tuple[M, Envelope]], datetime], Awaitable[None]],
        ) -> Callable[[AsyncSession, Sequence[tuple[M, Envelope]], datetime], Awaitable[None]]:
            self._add(subject, _Listener(model, handler, in_batches=True))
            return handler

        return declare

    def _add(self, subject: str, listener: _Listener) -> None:
        if subject in self._listeners:
            raise ValueError(f"{subject} has two handlers in {self.service}")
        self._listeners[subject] = listener

    @property
    def models(self) -> dict[str, type[EventIn]]:
        """The narrow model of each subject listened to (contract tests read the publishers' samples with them)."""
        return {subject: listener.model for subject, listener in self._listeners.items()}

    def streams(self) -> dict[str, list[str]]:
        """The subjects listened to, by the service that publishes them."""
        found: dict[str, list[str]] = {}
        for subject in sorted(self._listeners):
            found.setdefault(subject.split(".", 1)[0], []).append(subject)
        return found

    def listener(self, subject: str) -> _Listener | None:
        """The declared handler of a subject, if there is one."""
        return self._listeners.get(subject)


def describe_failure(error: BaseException) -> str:
    """Why an event was refused, for the operator: never the event's content."""
    if isinstance(error, Refusal):
        return f"{error.slug()}: {error.detail}"
    if isinstance(error, ValidationError):
        places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors(include_input=False))
        return f"il corpo non ha la forma attesa: {places}"
    return f"{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else ''}"


class Inbox:
    """Applies deliveries to the database of one service."""

    def __init__(self, consumers: Consumers, database: Database, metrics: Metrics) -> None:
        self._consumers = consumers
        self._database = database
        self._metrics = metrics

    async def apply(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Applies deliveries in one transaction: those already known do nothing.

        Raises:
            Exception: what the first failing handler raised; nothing was applied.
        """
        traceparent_var.set(continue_trace(deliveries[0].envelope.traceparent))
        for attempt in range(DEADLOCK_RETRIES):
            try:
                async with self._database.transaction() as session:
                    await self._apply_new(session, deliveries, now)
                return
            except sa.exc.DBAPIError as error:
                if not is_retryable(error) or attempt == DEADLOCK_RETRIES - 1:
                    raise

    async def _apply_new(self, session: AsyncSession, deliveries: Sequence[Delivery], now: datetime) -> None:
        by_id = {delivery.envelope.event_id: delivery for delivery in deliveries}
        keys = sorted(by_id)
        subjects = [by_id[key].envelope.subject for key in keys]
        fresh_ids = set(await session.scalars(_REMEMBER, {"event_ids": keys, "subjects": subjects}))
        groups: list[tuple[_Listener, list[tuple[Any, Envelope]]]] = []
        batches: dict[BatchHandler, list[tuple[Any, Envelope]]] = {}
        for key, delivery in by_id.items():
            listener = self._consumers.listener(delivery.envelope.subject)
            if key not in fresh_ids or listener is None:
                self._metrics.consumed.labels(delivery.envelope.subject, "ignored").inc()
                continue
            pair = (listener.model.model_validate_json(delivery.body), delivery.envelope)
            if listener.in_batches and listener.apply in batches:
                batches[listener.apply].append(pair)
                continue
            groups.append((listener, [pair]))
            if listener.in_batches:
                batches[listener.apply] = groups[-1][1]
        for listener, pairs in groups:
            await listener.apply(session, pairs, now)
        for _, pairs in groups:
            for _, envelope in pairs:
                self._metrics.consumed.labels(envelope.subject, "applied").inc()
