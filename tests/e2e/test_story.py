"""The whole story on the whole platform: once, twice, after a lost broker, and under kill -9."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from deploy.local.platform import LocalPlatform
from deploy.local.provision import SERVICES
from tests.e2e.conftest import STORY
from tests.support.story import Theatre, connect, fingerprint, required_by, theatre

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SEED = 20201130
AT_ONCE = 28
LEAST_IN_FLIGHT = 20
VICTIMS = ("gateway", "laboratori", "puntiluna", "postgres", "nats", "inclusione", "bandi")
MUST_CUT = {"gateway", "bandi", "laboratori", "inclusione", "postgres"}
LEAST_DURING = 4
PUBLIC_PAGES = ["/rest/bandi/v1/bandi", "/rest/laboratori/v1/laboratori", "/rest/inclusione/v1/misure"]


async def until(what: str, condition: Callable[[], Awaitable[Any]], seconds: float = 60.0) -> None:
    """Waits for a condition; fails the test, naming it, when it does not come."""
    try:
        async with asyncio.timeout(seconds):
            while not await condition():  # noqa: ASYNC110  # the condition lives in other processes
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"never came: {what}")


async def look_around(stage: Theatre, path: str) -> None:
    """A visitor who reads public pages without end: something is always in flight, to every service."""
    while True:
        await stage.gateway.call("GET", path, headers={})


async def crash(platform: LocalPlatform, stage: Theatre, name: str, dice: random.Random) -> int:
    """Kills a process while at least 20 requests are in flight, restarts it, and says how many requests it cut."""

    async def busy() -> bool:
        return stage.transport.in_flight >= LEAST_IN_FLIGHT

    visitors = [asyncio.create_task(look_around(stage, path)) for path in PUBLIC_PAGES * 8]
    try:
        await until(f"{LEAST_IN_FLIGHT} requests in flight before {name} is killed", busy)
        await asyncio.sleep(dice.uniform(0.0, 0.3))
        await until(f"{LEAST_IN_FLIGHT} requests in flight when {name} is killed", busy)
        before = stage.transport.cut
        platform.kill(name)
        await asyncio.sleep(dice.uniform(0.0, 0.6))
        await platform.restart(name)
        return stage.transport.cut - before
    finally:
        for visitor in visitors:
            visitor.cancel()
        await asyncio.gather(*visitors, return_exceptions=True)


async def crash_between_publication_and_mark(platform: LocalPlatform) -> None:
    """Kills laboratori when its relay has published and waits to mark: the mark is held up by a lock of ours."""
    connection = await connect(platform, "laboratori")
    unsent = "SELECT count(*) FROM outbox WHERE inviato_il IS NULL"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE outbox SET%'"
    try:
        for _ in range(1_000):
            killed = False
            async with connection.transaction():
                await connection.execute("LOCK TABLE outbox IN SHARE MODE")
                looks = 150 if await connection.fetchval(unsent) else 0
                for _ in range(looks):
                    if await connection.fetchval(waiting):
                        platform.kill("laboratori")
                        killed = True
                        break
                    await asyncio.sleep(0.02)
            if killed:
                await platform.restart("laboratori")
                return
            await asyncio.sleep(0.02)
    finally:
        await connection.close()
    pytest.fail("the relay was never caught between publication and mark")


async def test_the_story_survives_kill_9_of_any_process(platform: LocalPlatform) -> None:
    """Nothing twice, nothing lost: 17,891 points in the end, and every acknowledged key has its effect once."""
    dice = random.Random(SEED)
    victims = list(VICTIMS)
    dice.shuffle(victims)
    cuts: dict[str, int] = {}
    async with theatre(platform, in_flight=AT_ONCE) as stage:
        await stage.play(*required_by(STORY))
        assert not any(entry.repeated for entry in stage.gateway.journal), "this platform has already heard the story"
        story = asyncio.create_task(stage.play(STORY))
        await crash_between_publication_and_mark(platform)
        during = 0
        for name in victims:
            await asyncio.sleep(dice.uniform(0.1, 0.6))
            during += not story.done()
            cuts[name] = await crash(platform, stage, name, dice)
            assert not story.done() or story.exception() is None, story.exception()
        await story
        assert during >= LEAST_DURING, f"the story ended after {during} kills"
        assert not {name for name in MUST_CUT if cuts[name] == 0}, f"these kills cut no request: {cuts}"
        await check_journal(platform, stage)
    await check_ledger_against_attendances(platform)


async def check_journal(platform: LocalPlatform, stage: Theatre) -> None:
    """Every key the client saw acknowledged is in the service's database, with the status the client saw."""
    journal = [entry for entry in stage.gateway.journal if entry.status < 300]
    assert len(journal) > 500
    for service in SERVICES:
        mine = {entry.key: entry.status for entry in journal if entry.path.startswith(f"/rest/{service}/")}
        connection = await connect(platform, service)
        rows = await connection.fetch("SELECT chiave, status FROM risposta_idempotente")
        await connection.close()
        kept: dict[str, list[int]] = {}
        for row in rows:
            kept.setdefault(row["chiave"], []).append(row["status"])
        wrong = {key: kept.get(key) for key, status in mine.items() if kept.get(key) != [status]}
        assert not wrong, f"{service}: {len(wrong)} acknowledged keys without exactly their effect"


async def check_ledger_against_attendances(platform: LocalPlatform) -> None:
    """What the labs confirmed and what the ledger credited are the same attendances, one by one."""
    labs, ledger = await connect(platform, "laboratori"), await connect(platform, "puntiluna")
    try:
        confirmed = await labs.fetch(
            "SELECT presenza_id FROM presenza WHERE stato = 'confermata' AND fascia <> 'nessuna'"
        )
        credited = await ledger.fetch("SELECT presenza_id FROM accredito WHERE stato = 'accreditato'")
        totals = await ledger.fetchval("SELECT coalesce(sum(importo_cent), 0) FROM riga")
    finally:
        await labs.close()
        await ledger.close()
    seen = [row["presenza_id"] for row in credited]
    assert len(seen) == len(set(seen))
    assert {row["presenza_id"] for row in confirmed} <= set(seen)
    assert totals == 0


async def test_played_again_on_the_same_platform_the_story_changes_nothing(told: LocalPlatform) -> None:
    platform = told
    before = await fingerprint(platform)
    async with theatre(platform, in_flight=16) as stage:
        await stage.play(*required_by(STORY), STORY)
        assert all(entry.repeated for entry in stage.gateway.journal if entry.status < 300)
    assert await fingerprint(platform) == before


async def test_a_deleted_broker_is_filled_again_from_the_outboxes_and_nothing_changes(told: LocalPlatform) -> None:
    platform = told
    before = await fingerprint(platform)
    await platform.stop_one("nats")
    assert platform.nats is not None
    platform.nats.delete()
    await platform.restart("nats")
    await until("every stream replayed from its outbox", lambda: everything_published(platform))
    await until("every consumer through its backlog", lambda: backlog_is_empty(platform))
    assert await fingerprint(platform) == before


async def everything_published(platform: LocalPlatform) -> bool:
    """True when each stream of the new broker holds what its outbox holds."""
    import nats

    assert platform.nats is not None
    client = await nats.connect(platform.nats.url)
    try:
        for service in SERVICES:
            connection = await connect(platform, service)
            held = await connection.fetchval("SELECT count(*) FROM outbox")
            await connection.close()
            try:
                info = await client.jetstream().stream_info(service.upper())
            except nats.js.errors.NotFoundError:
                return False
            if info.state.messages != held:
                return False
        return True
    finally:
        await client.close()


async def backlog_is_empty(platform: LocalPlatform) -> bool:
    """True when every durable consumer has acknowledged everything."""
    import nats

    assert platform.nats is not None
    client = await nats.connect(platform.nats.url)
    try:
        for service in SERVICES:
            for info in await client.jetstream().consumers_info(service.upper()):
                if info.num_pending or info.num_ack_pending:
                    return False
        return True
    finally:
        await client.close()
