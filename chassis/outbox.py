"""The outbox: an event is written in the transaction of the fact it tells, and published after the commit."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import tables
from chassis.bulk import insert_many
from chassis.events import Event
from chassis.ids import uuid7
from chassis.tracing import current_traceparent

EMITTED = "quartieri_emitted"
MANY = 100
_INSERT = tables.outbox.insert()


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


async def emit(session: AsyncSession, *events: Event, now: datetime) -> None:
    """Writes events to the outbox, in the transaction of `session`; the relay is poked after its commit.

    Args:
        session: the transaction in which the facts are written.
        events: what happened, in order.
        now: the platform's instant of the facts.
    """
    if not events:
        return
    rows = [_row(event, now) for event in events]
    if len(rows) > MANY:
        await insert_many(session, tables.outbox, rows)
    else:
        await session.execute(_INSERT, rows if len(rows) > 1 else rows[0])
    session.info[EMITTED] = True
