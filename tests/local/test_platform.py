"""`LocalPlatform`, the platform in the hands of tests and demonstrations: killed, restarted, on given servers."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from chassis.tokens import Principal, TokenVerifier
from deploy.local import platform as platform_module
from deploy.local.errors import ChildDied
from deploy.local.home import Home
from deploy.local.platform import LocalPlatform
from deploy.local.ports import Ports, accepts
from deploy.local.processes import Child, Register
from deploy.local.provision import SERVICES
from deploy.local.scratch import scratch_folder
from tests.local.running import assert_nothing_left
from tests.support.infra import Infra

pytestmark = pytest.mark.local

FAKE = (sys.executable, "-P", str(Path(__file__).with_name("fake_cli.py")))


@pytest.fixture
async def platform(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalPlatform]:
    monkeypatch.setattr(platform_module, "COMMAND", FAKE)
    async with LocalPlatform.throwaway() as running:
        yield running


async def test_a_throwaway_platform_deletes_its_folder_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_module, "COMMAND", FAKE)
    async with LocalPlatform.throwaway() as running:
        assert running.home.root.is_dir()
    assert not running.home.root.exists()
    assert_nothing_left(running.home.root, running.ports)


async def test_a_killed_process_is_started_again_and_nobody_minds(platform: LocalPlatform) -> None:
    watching = asyncio.create_task(platform.watch())
    for name in ("bandi", "nats", "postgres"):
        before = platform.children[name].pid
        platform.kill(name)
        assert not accepts(platform.ports.of(name))
        await platform.restart(name)
        assert platform.children[name].pid != before
        assert accepts(platform.ports.of(name))
    assert not watching.done()
    watching.cancel()


async def test_a_process_that_dies_by_itself_ends_the_watch_with_its_name(platform: LocalPlatform) -> None:
    watching = asyncio.create_task(platform.watch())
    process = platform.children["inclusione"].process
    assert process is not None
    process.kill()
    with pytest.raises(ChildDied, match="inclusione e' stato terminato dal segnale 9"):
        await asyncio.wait_for(watching, 5)


async def test_postgres_restarts_although_a_busy_backend_outlives_the_postmaster(platform: LocalPlatform) -> None:
    assert platform.postgres is not None
    busy = await asyncpg.connect(platform.postgres.admin_url())
    backend = psutil.Process(await busy.fetchval("SELECT pg_backend_pid()"))
    endless = asyncio.create_task(busy.execute("SELECT count(*) FROM generate_series(1, 1000000000000)"))
    await asyncio.sleep(0.5)
    platform.kill("postgres")
    await asyncio.sleep(0.2)
    assert backend.is_running(), "the test needs a backend that is too busy to notice"
    began = time.monotonic()
    await platform.restart("postgres")
    assert time.monotonic() - began < 10
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await endless
    connection = await asyncpg.connect(platform.postgres.admin_url())
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()


async def test_committed_rows_survive_the_kill_of_postgres(platform: LocalPlatform) -> None:
    assert platform.postgres is not None
    connection = await asyncpg.connect(platform.postgres.admin_url())
    await connection.execute("CREATE TABLE saved (a int); INSERT INTO saved VALUES (7)")
    platform.kill("postgres")
    await platform.restart("postgres")
    again = await asyncpg.connect(platform.postgres.admin_url())
    assert await again.fetchval("SELECT a FROM saved") == 7
    await again.close()


async def test_given_servers_replace_our_own(infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_module, "COMMAND", FAKE)
    clones = [await infra.empty(service) for service in SERVICES]
    given = {name: value for clone in clones for name, value in clone.env.items()} | {"NATS_URL": infra.nats_url}
    platform = LocalPlatform(Home(tmp_path / "home"), Ports.free(), {**os.environ, **given})
    async with platform:
        assert set(platform.children) == {"issuer", "gateway", *SERVICES}
        environment = platform.environment()
        assert {name: environment[name] for name in given} == given
        assert not platform.home.postgres.exists()
        assert not platform.home.nats.exists()
    for clone in clones:
        await infra.drop(clone)


async def test_tokens_of_the_platform_are_those_its_issuer_publishes_the_key_of(platform: LocalPlatform) -> None:
    verifier = TokenVerifier(platform.issuer_url, "quartieri", f"{platform.issuer_url}/jwks.json")
    token = await platform.token(roles=["ente_proprietario"], subject="aler", ente="ALER-MILANO")
    principal = await verifier.verify(token)
    assert principal == Principal("aler", frozenset({"ente_proprietario"}), "ALER-MILANO")
    assert await platform.token(roles=["ente_proprietario"], subject="aler", ente="ALER-MILANO") == token


def test_orphans_are_ended_but_a_stranger_with_the_same_id_is_not(tmp_path: Path) -> None:
    endless = [sys.executable, "-c", "import time; time.sleep(600)"]
    ours, stranger = (
        Child(name, endless, tmp_path / f"{name}.log", dict(os.environ), tmp_path) for name in ("ours", "stranger")
    )
    try:
        ours.start()
        stranger.start()
        register = Register(tmp_path / "processes.json")
        register.write([ours, stranger])
        rows = json.loads(register.path.read_text("utf-8"))
        next(row for row in rows if row["name"] == "stranger")["created"] -= 3_600
        register.path.write_text(json.dumps(rows), "utf-8")
        assert Register(register.path).end_orphans() == ["ours"]
        assert not ours.alive
        assert stranger.alive
        assert not register.path.exists()
    finally:
        ours.kill()
        stranger.kill()


def test_a_scratch_folder_of_a_killed_process_is_removed_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, living, foreign = (tmp_path / name for name in (f"p-{ended.pid}-x", f"p-{os.getpid()}-x", "p-other-x"))
    for folder in (dead, living, foreign):
        folder.mkdir()
    made = scratch_folder("p-")
    assert made.parent == tmp_path
    assert made.stat().st_mode & 0o777 == 0o700
    assert not dead.exists()
    assert living.exists()
    assert foreign.exists()
