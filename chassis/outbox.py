"""The outbox: an event is written in the transaction of the fact it tells, and published after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.database import INSTANT
from chassis.events import Envelope, Event, encode_body
from chassis.ids import uuid7
from chassis.tracing import current_traceparent

EMITTED = "quartieri_emitted"
MANY = 100
_INSERT = tables.outbox.insert()
# Bodies cross as text written once by pydantic: building each as plain values first costs twice the whole statement.
_INSERT_MANY = sa.text(
    "INSERT INTO outbox (event_id, subject, aggregate_id, versione, body, accaduto_il, traceparent)"
    " SELECT e.event_id, e.subject, e.aggregate_id, e.versione, CAST(e.body AS jsonb), :now, :traceparent"
    " FROM unnest(:ids, :subjects, :aggregates, :versions, :bodies)"
    " WITH ORDINALITY AS e (event_id, subject, aggregate_id, versione, body, n) ORDER BY e.n"
).bindparams(
    sa.bindparam("now", type_=INSTANT),
    sa.bindparam("traceparent", type_=sa.Text),
    sa.bindparam("ids", type_=ARRAY(sa.Uuid)),
    sa.bindparam("subjects", type_=ARRAY(sa.Text)),
    sa.bindparam("aggregates", type_=ARRAY(sa.Uuid)),
    sa.bindparam("versions", type_=ARRAY(sa.Integer)),
    sa.bindparam("bodies", type_=ARRAY(sa.Text)),
)


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event as the relay publishes it."""

    envelope: Envelope
    body: bytes


class EmittedEvents:
    """The events of one transaction, told to the relay after its commit.

    `whole` is False when they are not all here, or some were written inside a savepoint, which may have been rolled
    back: the relay then reads in the outbox which ones are there.
    """

    def __init__(self) -> None:
        self.events: list[Emitted] = []
        self.whole = True


async def emit(session: AsyncSession, *events: Event, now: datetime) -> None:
    """Writes events to the outbox, in the transaction of `session`; the relay is told after its commit.

    Args:
        session: the transaction in which the facts are written.
        events: what happened, in order.
        now: the platform's instant of the facts.
    """
    if not events:
        return
    told: EmittedEvents = session.info.setdefault(EMITTED, EmittedEvents())
    told.whole = told.whole and len(events) <= MANY and not session.in_nested_transaction()
    if len(events) > MANY:
        await session.execute(_INSERT_MANY, _columns(events, now))
        return
    rows = [_row(event, now) for event in events]
    await session.execute(_INSERT, rows if len(rows) > 1 else rows[0])
    if told.whole:
        told.events += [_emitted(row) for row in rows]


def _row(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "event_id": uuid7(),
        "subject": event.subject,
        "aggregate_id": event.aggregate_id,
        "versione": event.versione,
        "body": event.model_dump(mode="json"),
        "accaduto_il": now,
        "traceparent": current_traceparent(),
    }


def _columns(events: Sequence[Event], now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "traceparent": current_traceparent(),
        "ids": [uuid7() for _ in events],
        "subjects": [event.subject for event in events],
        "aggregates": [event.aggregate_id for event in events],
        "versions": [event.versione for event in events],
        "bodies": [event.model_dump_json() for event in events],
    }


def _emitted(row: dict[str, Any]) -> Emitted:
    envelope = Envelope(row["event_id"], row["subject"], row["aggregate_id"], row["accaduto_il"], row["traceparent"])
    return Emitted(envelope, encode_body(row["body"]))
