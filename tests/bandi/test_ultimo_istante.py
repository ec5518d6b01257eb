"""Two hundred press "present" in the last two seconds of a call and fifty after them, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
import uvicorn

from chassis.clock import Clock
from chassis.http.gates import Gate
from deploy.local.ports import free_ports
from services.bandi.api.domande import PRESENTAZIONI_INSIEME
from services.bandi.rules.bando import dopo_il_termine
from tests.bandi.esempi import CHIUDE, DURANTE, Ufficio, contenuto_corpo
from tests.support.service import ServiceUnderTest

IN_TIME, LATE = 200, 50
END = dopo_il_termine(CHIUDE)


class SlowClock(Clock):
    """A platform clock on which a second lasts five, so that a busy machine does not decide for the call."""

    RATE = 0.2

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._start, self._began = start, datetime.now(UTC)

    def now(self) -> datetime:
        """The instant of the story."""
        return self._start + (datetime.now(UTC) - self._began) * self.RATE


@asynccontextmanager
async def served(service: ServiceUnderTest) -> AsyncIterator[str]:
    """The service on a port of this machine."""
    (port,) = free_ports(1)
    config = uvicorn.Config(
        service.app, host="127.0.0.1", port=port, lifespan="off", log_level="error", backlog=512, access_log=False
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  # the server has no event to wait for
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def drafts_of(office: Ufficio, many: int) -> list[tuple[str, str]]:
    """So many drafts of different leads, each alone."""
    turns = asyncio.Semaphore(8)

    async def draft(n: int) -> tuple[str, str]:
        ente = f"COMUNE-{n:03d}"
        content = contenuto_corpo(ente)
        content["membri"] = content["membri"][:1]
        async with turns:
            body = {"bando": office.codice, "contenuto": content}
            made = await office.ok("POST", "/v1/domande", body, roles=["proponente"], ente=ente)
        return ente, str(made["domanda_id"])

    return list(await asyncio.gather(*(draft(n) for n in range(many))))


async def press(
    client: httpx.AsyncClient, now: Callable[[], datetime], at: datetime, ente: str, domanda_id: str
) -> tuple[datetime, httpx.Response]:
    """Press the button at an instant of the story."""
    await asyncio.sleep(max(0.0, (at - now()) / timedelta(seconds=1) / SlowClock.RATE))
    sent = now()
    headers = ServiceUnderTest.token("proponente", sub=f"utente.{ente}", ente=ente)
    path = f"/v1/domande/{domanda_id}/presentazione"
    return sent, await client.post(path, headers=headers | {"Idempotency-Key": domanda_id})


@pytest.mark.slow
async def test_nobody_late_is_inside_nobody_in_time_is_outside_and_the_numbers_have_no_gap(
    bandi: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = {"capofila_ammessi": ["COMUNE"], "membri_minimi": 1, "domande_per_capofila": 1}
    office = await Ufficio(bandi, "ULTIMO-ISTANTE").pubblica(partenariato=alone)
    drafts = await drafts_of(office, IN_TIME + LATE)
    clock = SlowClock(END - timedelta(seconds=2.1))
    monkeypatch.setattr(bandi.runtime, "clock", clock)
    # A machine that runs other tests beside may need more than the usual patience.
    monkeypatch.setitem(bandi.runtime._gates, "presenta_domanda", Gate(PRESENTAZIONI_INSIEME, wait_s=150))
    span = timedelta(seconds=1.8) / IN_TIME
    moments = [END - timedelta(seconds=2) + n * span for n in range(IN_TIME)]
    moments += [END + n * timedelta(milliseconds=4) for n in range(1, LATE + 1)]
    limits = httpx.Limits(max_connections=IN_TIME + LATE)
    async with served(bandi) as address, httpx.AsyncClient(base_url=address, limits=limits, timeout=180) as client:
        answers = await asyncio.gather(
            *(press(client, clock.now, at, *draft) for at, draft in zip(moments, drafts, strict=True))
        )
    inside = [(sent, answer.json()) for sent, answer in answers if answer.status_code == 200]
    outside = [(sent, answer.json()) for sent, answer in answers if answer.status_code != 200]
    assert {body["type"].rsplit(":", 1)[-1] for _, body in outside} == {"bando-scaduto"}, "the queue sends nobody away"
    assert all(sent >= END for sent, _ in outside), "nobody in time is outside"
    assert all(sent < END for sent, _ in inside), "nobody late is inside"
    assert (len(inside), len(outside)) == (IN_TIME, LATE)

    receipts = sorted((receipt for _, receipt in inside), key=lambda receipt: receipt["protocollo"])
    assert [receipt["protocollo"] for receipt in receipts] == list(range(1, IN_TIME + 1))
    assert all(datetime.fromisoformat(receipt["presentata_il"]) < END for receipt in receipts)
    numbered = [datetime.fromisoformat(receipt["protocollata_il"]) for receipt in receipts]
    assert all(a < b for a, b in pairwise(numbered)), "numbers and instants have the same order"
    arrived = [datetime.fromisoformat(receipt["presentata_il"]) for receipt in receipts]
    overtaken = sum(a > b for a, b in pairwise(arrived))
    assert overtaken <= 3 * len(receipts) // 4, "who waits is served in order, but for the few inside together"
    monkeypatch.undo()
    bandi.clock.set(END + timedelta(minutes=1))
    listed: list[dict[str, Any]] = (await office.ok("GET", "/v1/bandi/ULTIMO-ISTANTE/domande?limit=500"))["items"]
    assert [item["protocollo"] for item in listed] == list(range(1, IN_TIME + 1))
    assert DURANTE < END
