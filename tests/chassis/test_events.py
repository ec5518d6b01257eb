"""Events leave once the fact is committed, arrive once, and survive crashes, duplicates, refusals and a lost stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import nats
import pytest
import pytest_asyncio
import sqlalchemy as sa
from nats.aio.client import Client

from chassis import parking, tables
from chassis.events import Envelope, encode_body, encode_headers
from chassis.ids import uuid7
from chassis.inbox import Delivery
from chassis.outbox import Emitted, emit
from chassis.receiver import Receiver
from chassis.relay import Relay
from tests.chassis.conftest import NotaScritta, consumers, nota
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest

ME = {"roles": ["residente"], "sub": "anna"}
SUBJECT = "laboratori.nota.scritta.v1"


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 15.0) -> Any:
    """Waits for a condition; fails the test when it does not come."""
    async with asyncio.timeout(seconds):
        while True:
            found = await condition()
            if found:
                return found
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(loop_scope="session")
async def broker(infra: Infra) -> AsyncIterator[Client]:
    client = await nats.connect(infra.nats_url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    js = client.jetstream()
    for stream in ("BANDI", "LABORATORI"):
        try:
            await js.delete_stream(stream)
        except nats.js.errors.NotFoundError:
            continue
    yield client
    await client.close()


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(toy: ServiceUnderTest) -> ServiceUnderTest:
    toy.runtime.relay = None
    async with toy.transaction() as session:
        for table in (tables.outbox, tables.inbox, tables.parked, tables.stream_origin, nota):
            await session.execute(sa.delete(table))
    return toy


def relay_of(toy: ServiceUnderTest, broker: Client) -> Relay:
    return Relay("bandi", toy.runtime.database, broker.jetstream(), toy.runtime.metrics)


def receiver_of(toy: ServiceUnderTest, broker: Client) -> Receiver:
    runtime = toy.runtime
    return Receiver(consumers, runtime.database, broker.jetstream(), runtime.metrics, runtime.clock.now)


def delivery(testo: str, nota_id: UUID | None = None, event_id: UUID | None = None) -> Delivery:
    nota_id = nota_id or uuid7()
    envelope = Envelope(event_id or uuid7(), SUBJECT, nota_id, nota_now(), None)
    return Delivery(envelope, encode_body({"nota_id": str(nota_id), "testo": testo, "versione": 1, "altro": "ignoto"}))


def nota_now() -> Any:
    from datetime import UTC, datetime

    return datetime(2019, 5, 1, tzinfo=UTC)


async def texts(toy: ServiceUnderTest) -> list[str]:
    async with toy.transaction() as session:
        return sorted(await session.scalars(sa.select(nota.c.testo)))


async def unsent(toy: ServiceUnderTest) -> int:
    async with toy.transaction() as session:
        query = sa.select(sa.func.count()).where(tables.outbox.c.inviato_il.is_(None))
        return int(await session.scalar(query) or 0)


async def messages_in(broker: Client, stream: str) -> int:
    return (await broker.jetstream().stream_info(stream)).state.messages


async def test_the_relay_publishes_in_order_and_marks_what_was_acknowledged(
    fresh: ServiceUnderTest, broker: Client
) -> None:
    for number in range(5):
        await fresh.post("/v1/note", json={"testo": f"nota {number}"}, **ME)
    relay = relay_of(fresh, broker)
    await relay.ensure_stream()
    assert await relay.publish_batch() == 5
    assert await relay.publish_batch() == 0
    assert await unsent(fresh) == 0
    first = await broker.jetstream().get_msg("BANDI", seq=1)
    assert first.headers is not None
    assert first.headers["ce-type"] == "bandi.nota.scritta.v1"
    assert first.headers["ce-specversion"] == "1.0"
    assert b"nota 0" in (first.data or b"")


async def test_a_crash_between_publication_and_mark_publishes_nothing_twice(
    fresh: ServiceUnderTest, broker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fresh.post("/v1/note", json={"testo": "una"}, **ME)
    relay = relay_of(fresh, broker)
    await relay.ensure_stream()
    publish = relay._publish_one

    async def publish_and_die(emitted: Emitted) -> None:
        await publish(emitted)
        raise ConnectionError("killed before the mark")

    monkeypatch.setattr(relay, "_publish_one", publish_and_die)
    with pytest.raises(ConnectionError):
        await relay.publish_batch()
    assert await unsent(fresh) == 1
    assert await messages_in(broker, "BANDI") == 1
    assert await relay_of(fresh, broker).publish_batch() == 1
    assert await messages_in(broker, "BANDI") == 1


async def test_events_of_a_commit_are_published_without_being_read_again_and_marked_soon(
    fresh: ServiceUnderTest, broker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = fresh.runtime.relay = relay_of(fresh, broker)
    await relay.publish_all()

    async def unread() -> int:
        raise AssertionError("the outbox was read")

    monkeypatch.setattr("chassis.relay.POLL_S", 60.0)
    monkeypatch.setattr(relay, "publish_batch", unread)
    for number in range(3):
        await fresh.post("/v1/note", json={"testo": f"nota {number}"}, **ME)
    await relay.publish_all()
    assert await messages_in(broker, "BANDI") == 3
    assert await unsent(fresh) == 3
    await relay.mark()
    assert await unsent(fresh) == 0


async def test_an_event_of_a_savepoint_that_was_rolled_back_is_never_told(
    fresh: ServiceUnderTest, broker: Client
) -> None:
    relay = fresh.runtime.relay = relay_of(fresh, broker)
    await relay.publish_all()
    async with fresh.transaction() as session:
        kept, lost = uuid7(), uuid7()
        await emit(session, NotaScritta(nota_id=kept, versione=1, testo="resta"), now=nota_now())
        savepoint = await session.begin_nested()
        await emit(session, NotaScritta(nota_id=lost, versione=1, testo="sparisce"), now=nota_now())
        await savepoint.rollback()
    await relay.publish_all()
    assert await messages_in(broker, "BANDI") == 1
    assert await unsent(fresh) == 0


async def test_what_a_failed_publication_leaves_is_read_from_the_outbox(
    fresh: ServiceUnderTest, broker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = fresh.runtime.relay = relay_of(fresh, broker)
    await relay.publish_all()
    publish = relay._publish_one

    async def refuse_one(emitted: Emitted) -> None:
        if b"nota 1" in emitted.body:
            raise nats.errors.TimeoutError
        await publish(emitted)

    for number in range(3):
        await fresh.post("/v1/note", json={"testo": f"nota {number}"}, **ME)
    monkeypatch.setattr(relay, "_publish_one", refuse_one)
    with pytest.raises(nats.errors.TimeoutError):
        await relay.publish_all()
    monkeypatch.undo()
    relay.poke()
    await relay.publish_all()
    assert await messages_in(broker, "BANDI") == 3
    assert await unsent(fresh) == 0


async def test_events_of_others_are_read_from_the_outbox_however_busy_this_process_is(
    fresh: ServiceUnderTest, broker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = relay_of(fresh, broker)
    await relay.publish_all()
    await fresh.post("/v1/note", json={"testo": "di un altro processo"}, **ME)
    fresh.runtime.relay = relay
    monkeypatch.setattr("chassis.relay.POLL_S", 0.0)
    await fresh.post("/v1/note", json={"testo": "mio"}, **ME)
    await relay.publish_all()
    assert await messages_in(broker, "BANDI") == 2


async def test_two_relays_share_the_outbox(fresh: ServiceUnderTest, broker: Client) -> None:
    for number in range(30):
        await fresh.post("/v1/note", json={"testo": f"n{number}"}, **ME)
    one, two = relay_of(fresh, broker), relay_of(fresh, broker)
    await one.ensure_stream()
    await two.ensure_stream()
    assert sum(await asyncio.gather(one.publish_batch(), two.publish_batch())) == 30
    assert await messages_in(broker, "BANDI") == 30


async def test_a_lost_stream_is_published_again_from_the_outbox(
    fresh: ServiceUnderTest, broker: Client, infra: Infra
) -> None:
    for number in range(7):
        await fresh.post("/v1/note", json={"testo": f"p{number}"}, **ME)
    relay = relay_of(fresh, broker)
    await relay.ensure_stream()
    await relay.publish_batch()
    infra.nats.stop()
    infra.nats.delete()
    infra.nats.start()
    await until(lambda: _connected(broker))
    await relay.ensure_stream()
    assert await relay.publish_batch() == 7
    assert await messages_in(broker, "BANDI") == 7
    await relay.ensure_stream()
    assert await relay.publish_batch() == 0


async def _connected(broker: Client) -> bool:
    try:
        await broker.flush(1)
    except nats.errors.Error:
        return False
    return True


async def test_an_event_delivered_twice_is_applied_once(fresh: ServiceUnderTest, broker: Client) -> None:
    once = delivery("doppione")
    receiver = receiver_of(fresh, broker)
    await receiver.apply([once, once])
    await receiver.apply([once])
    assert await texts(fresh) == ["doppione"]


async def test_one_refused_event_costs_its_neighbours_nothing_and_is_parked_with_its_reason(
    fresh: ServiceUnderTest, broker: Client
) -> None:
    receiver = receiver_of(fresh, broker)
    await receiver.apply([delivery("buona 1"), delivery("difetto"), delivery("buona 2")])
    assert await texts(fresh) == ["buona 1", "buona 2"]
    async with fresh.transaction() as session:
        (parked,) = await parking.listed(session)
    assert parked["stato"] == "parcheggiato"
    assert parked["tentativi"] == 1
    assert "difetto del gestore" in parked["motivo"]


async def test_a_parked_event_is_applied_when_what_it_waits_for_has_come(
    fresh: ServiceUnderTest, broker: Client
) -> None:
    receiver = receiver_of(fresh, broker)
    waiting = delivery("aspetta")
    await receiver.apply([waiting])
    async with fresh.transaction() as session:
        body = encode_body({"nota_id": str(uuid4()), "testo": "arrivata", "versione": 1})
        await session.execute(sa.update(tables.parked).values(body=body))
        assert await parking.retry(session) == 1
    assert await receiver.retry_due() == 1
    assert await texts(fresh) == ["arrivata"]
    async with fresh.transaction() as session:
        assert not await parking.listed(session)


async def test_a_refused_event_ends_dead_after_its_attempts(fresh: ServiceUnderTest, broker: Client) -> None:
    receiver = receiver_of(fresh, broker)
    await receiver.apply([delivery("difetto")])
    for _ in range(parking.MAX_ATTEMPTS):
        async with fresh.transaction() as session:
            await session.execute(sa.update(tables.parked).values(next_at=sa.func.now() - sa.text("interval '1 s'")))
        await receiver.retry_due()
    async with fresh.transaction() as session:
        (dead,) = await parking.listed(session)
        assert (dead["stato"], dead["tentativi"]) == ("morto", parking.MAX_ATTEMPTS)
        assert await parking.retry(session, dead["event_id"]) == 1


async def test_a_body_of_another_form_is_parked_without_its_content(fresh: ServiceUnderTest, broker: Client) -> None:
    bad = Delivery(Envelope(uuid7(), SUBJECT, uuid7(), nota_now(), None), b'{"testo": "nome segreto"}')
    await receiver_of(fresh, broker).apply([bad])
    async with fresh.transaction() as session:
        (parked,) = await parking.listed(session)
    assert "nota_id" in parked["motivo"]
    assert "segreto" not in parked["motivo"]


async def test_the_whole_way_from_stream_to_database(fresh: ServiceUnderTest, broker: Client) -> None:
    js = broker.jetstream()
    await js.add_stream(name="LABORATORI", subjects=["laboratori.>"])
    receiver = receiver_of(fresh, broker)
    tasks = [asyncio.ensure_future(loop()) for loop in receiver.tasks()]
    try:
        for number in range(250):
            item = delivery(f"da lontano {number:03}")
            await js.publish(SUBJECT, item.body, headers=encode_headers(item.envelope))
        await js.publish("laboratori.nota.scritta.v1", b"not ours")
        await until(lambda: _all_there(fresh, 250))
        await until(lambda: _all_acknowledged(broker))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _all_there(toy: ServiceUnderTest, wanted: int) -> bool:
    return len(await texts(toy)) == wanted


async def _all_acknowledged(broker: Client) -> bool:
    info = await broker.jetstream().consumer_info("LABORATORI", "bandi")
    return bool(info.num_pending == 0 and info.num_ack_pending == 0)


async def test_an_event_that_takes_too_long_by_itself_is_parked_like_any_refused_one(
    fresh: ServiceUnderTest, broker: Client
) -> None:
    receiver = receiver_of(fresh, broker)
    await receiver.apply([delivery("lenta"), delivery("svelta")])
    assert await texts(fresh) == ["svelta"]
    async with fresh.transaction() as session:
        (parked,) = await parking.listed(session)
    assert parked["stato"] == "parcheggiato"
