"""Many rows at once: inside the transaction, with the defaults of the table, refused by the name of the constraint."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.bulk import insert_many
from chassis.database import constraint_name, sqlstate
from chassis.ids import uuid7
from tests.support.service import ServiceUnderTest

NOW = datetime(2020, 1, 1, tzinfo=UTC)
SUBJECT = "bandi.prova.molti.v1"
FOUND = sa.select(tables.outbox).where(tables.outbox.c.subject == SUBJECT).order_by(tables.outbox.c.n)


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A row with every kind of value: a UUID or its text, a JSON value or its text, an instant, nothing."""
    written = orjson.Fragment(b'{"n": 0, "testo": "gia\' scritto"}')
    return {
        "event_id": uuid7(),
        "subject": SUBJECT,
        "aggregate_id": UUID(int=number) if number % 2 else str(UUID(int=number)),
        "versione": 1,
        "body": {"n": number, "testo": '\u20ac "x" \\'} if number % 2 else written,
        "accaduto_il": NOW,
        "traceparent": None,
    } | changes


async def test_rows_are_written_in_order_inside_the_transaction(toy: ServiceUnderTest) -> None:
    async with toy.transaction() as session:
        await insert_many(session, tables.outbox, [])
        await insert_many(session, tables.outbox, [row(number) for number in range(1_000)])
        found = (await session.execute(FOUND)).all()
        assert [item.aggregate_id for item in found] == [UUID(int=number) for number in range(1_000)]
        assert found[1].body == {"n": 1, "testo": '\u20ac "x" \\'}
        assert found[2].body == {"n": 0, "testo": "gia' scritto"}
        assert found[0].accaduto_il == NOW
        assert found[0].creato_il is not None, "a column that is not named takes its default"
        await session.rollback()
    async with toy.transaction() as session:
        assert (await session.execute(FOUND)).all() == [], "what is rolled back was never written"


async def test_a_transaction_that_begins_with_many_rows_may_still_be_undone(toy: ServiceUnderTest) -> None:
    async with toy.transaction() as session:
        await insert_many(session, tables.outbox, [row(1)])
        await session.rollback()
    async with toy.transaction() as session:
        assert (await session.execute(FOUND)).all() == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [({"versione": 0}, "ck_outbox_versione_positiva"), ({"event_id": UUID(int=1)}, "uq_outbox_event_id")],
)
async def test_a_constraint_refuses_by_its_name(toy: ServiceUnderTest, change: dict[str, Any], constraint: str) -> None:
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with toy.transaction() as session:
            await insert_many(session, tables.outbox, [row(number, **change) for number in range(2)])
    assert constraint_name(refused.value) == constraint


async def test_another_failure_of_the_database_keeps_its_code(toy: ServiceUnderTest) -> None:
    with pytest.raises(sa.exc.DBAPIError) as failed:
        async with toy.transaction() as session:
            await insert_many(session, tables.outbox, [row(1, body={"testo": "\x00"})])
    assert sqlstate(failed.value) == "22P05"
    with pytest.raises(TypeError):
        async with toy.transaction() as session:
            await insert_many(session, tables.outbox, [row(1, body={"x": object()})])
