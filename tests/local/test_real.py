"""The real platform, with the real services, as `make run` starts it."""

import asyncio
import os
import time
from pathlib import Path

import httpx
import pytest

from cli.names import SERVICES
from deploy.local.home import Home
from deploy.local.platform import LocalPlatform
from tests.local.running import Run, assert_nothing_left, up

pytestmark = pytest.mark.local

COMMAND = ("-P", "-m", "cli", "up", "--no-demo")
# The promise is fifteen seconds on an idle machine with two cores; a busy one is given more before it is a failure.
START_BUDGET_S = 15.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def use(run: Run) -> None:
    """Ask something of every front process, with a token of this platform."""
    platform = LocalPlatform(Home(run.home), run.ports)
    token = await platform.token(roles=["funzionario_bandi"], subject="ufficio.bandi", ente="REGIONE-LOMBARDIA")
    async with httpx.AsyncClient(base_url=platform.gateway_url, timeout=20) as client:
        assert (await client.get("/readyz")).status_code == 200
        state = (await client.get("/status")).json()
        assert set(state["servizi"].values()) == {"ok"}
        assert set(state["servizi"]) == set(SERVICES)
        anonymous = await client.get("/rest/bandi/v1/bandi")
        answer = await client.get("/rest/bandi/v1/bandi", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []
        assert anonymous.status_code in {200, 401}


def test_all_five_are_ready_in_time_and_work_also_after_kill_9_of_the_parent(tmp_path: Path) -> None:
    home = tmp_path / "home"
    began = time.monotonic()
    with up(home, program=COMMAND) as first:
        assert time.monotonic() - began < START_BUDGET_S
        asyncio.run(use(first))
        first.process.kill()
        first.wait_end()
        assert_nothing_left(home, first.ports)
    began = time.monotonic()
    with up(home, program=COMMAND, ports=first.ports) as second:
        assert time.monotonic() - began < START_BUDGET_S
        assert "migrazione" not in second.text
        asyncio.run(use(second))
        assert second.interrupt() == 0
    assert_nothing_left(home, second.ports)


@pytest.mark.parametrize("victim", ["laboratori", "postgres"])
def test_the_death_of_a_real_process_stops_the_real_platform_and_is_named(tmp_path: Path, victim: str) -> None:
    home = tmp_path / "home"
    with up(home, program=COMMAND) as run:
        run.children()[victim].kill()
        assert run.wait_end() == 1
    assert f"{victim} e' stato terminato dal segnale 9" in run.text
    assert_nothing_left(home, run.ports)
