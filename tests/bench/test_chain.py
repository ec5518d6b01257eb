"""From the confirmation of an attendance to the points it gives, both seen at the gateway, at 50 a second."""

import asyncio
import statistics
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import pytest

from deploy.local.platform import LocalPlatform
from scenari.lunattiva.quartiere import COMUNE
from scenari.runner import in_order, known_scenarios
from scenari.toolkit import Actor
from tests.bench.report import Report, Row
from tests.support.story import theatre

pytestmark = pytest.mark.bench

T = TypeVar("T")

STORY = "lunattiva"
RATE = 50
SAMPLES = 500
P50_MS, P99_MS = 15.0, 80.0
PATIENCE_S = 30.0
# Looks are requests too, and they cost what they measure: each waits longer than the one before.
FIRST_PAUSE_S = 0.005


@dataclass(frozen=True)
class Sample:
    """One attendance: milliseconds from its confirmation being sent, and being answered, to its points being seen."""

    sent_to_seen: float
    answered_to_seen: float
    looks: int


async def prepare(desk: Actor, office: Actor, visitor: Actor) -> list[str]:
    """Fills the fund and registers as many attendances as will be confirmed; returns their ids."""
    labs = await visitor.items("laboratori", "/laboratori")
    lab = next(item for item in labs if item["comune"] == "Mantova")
    act = {"importo": "20000.00", "origine": "comune", "atto": "Atto della misura (sintetico)"}
    await office.post("puntiluna", f"/progetti/{lab['progetto_id']}/alimentazioni", act, step="fondo")
    old = await desk.items("laboratori", f"/laboratori/{lab['laboratorio_id']}/presenze", params={"limit": 500})
    people = sorted({item["persona_id"] for item in old})[:100]
    ids: list[str] = []
    for day in range(-(-SAMPLES // len(people))):
        start, end = f"2020-12-{day + 1:02}T09:00:00Z", f"2020-12-{day + 1:02}T10:00:00Z"
        activity = await desk.post(
            "laboratori",
            f"/laboratori/{lab['laboratorio_id']}/attivita",
            {
                "tipo": "cura_spazi",
                "titolo": "Misura",
                "luogo": "Lunetta",
                "inizio": start,
                "fine": end,
                "fascia": "base",
            },
            step=f"attivita {day}",
        )
        rows = [{"persona_id": person, "inizio": start, "fine": end} for person in people]
        written = await desk.post(
            "laboratori",
            f"/attivita/{activity['attivita_id']}/presenze/elenco",
            {"presenze": rows},
            step=f"foglio {day}",
        )
        ids += written["items"]
    return ids[:SAMPLES]


class Observer:
    """The measurement's own client: one that costs little, since it shares the machine with what it measures."""

    def __init__(self, session: aiohttp.ClientSession, desk: str, office: str) -> None:
        self._session = session
        self._desk = {"Authorization": f"Bearer {desk}"}
        self._office = {"Authorization": f"Bearer {office}"}

    async def confirm(self, presenza_id: str) -> None:
        """Confirms an attendance."""
        headers = self._desk | {"Idempotency-Key": f"misura-conferma-{presenza_id}"}
        path = f"/rest/laboratori/v1/presenze/{presenza_id}/conferma"
        async with self._session.post(path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()

    async def look(self, presenza_id: str) -> str:
        """The points an attendance has given so far."""
        async with self._session.get(f"/rest/puntiluna/v1/accrediti/{presenza_id}", headers=self._office) as answer:
            if answer.status == 404:
                return "0.00"
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["concessi"])

    async def confirm_and_see(self, presenza_id: str) -> Sample:
        """Confirms one attendance and looks until its points are there."""
        sent = time.perf_counter()
        await self.confirm(presenza_id)
        answered = time.perf_counter()
        for looks in range(1, 10_000):
            await asyncio.sleep(FIRST_PAUSE_S * 1.5 ** (looks - 1))
            found = await self.look(presenza_id)
            seen = time.perf_counter()
            if found == "5.00":
                return Sample((seen - sent) * 1e3, (seen - answered) * 1e3, looks)
            assert seen - sent < PATIENCE_S, found
        raise AssertionError(presenza_id)

    async def one_look(self, presenza_id: str) -> float:
        """Milliseconds of a single look at points that are there: nothing can be seen in less."""
        started = time.perf_counter()
        await self.look(presenza_id)
        return (time.perf_counter() - started) * 1e3


async def at_rate(jobs: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Starts the jobs at the promised rate, whether or not the earlier ones are done."""
    started = time.perf_counter()
    tasks: list[asyncio.Task[T]] = []
    for number, job in enumerate(jobs):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(job))
    return await asyncio.gather(*tasks)


def quantile(values: list[float], hundredth: int) -> float:
    """A percentile."""
    return statistics.quantiles(values, n=100)[hundredth - 1]


async def test_from_confirmation_to_points_at_fifty_a_second(report: Report) -> None:
    async with (
        LocalPlatform.throwaway(durable=True) as platform,
        theatre(platform, in_flight=64, one_by_one=False) as stage,
    ):
        await stage.play(*(scenario.name for scenario in in_order([STORY], known_scenarios())))
        desk = Actor(stage.gateway, "misura", ("operatore_laboratorio",), "operatore.lunetta", COMUNE)
        office = Actor(stage.gateway, "misura", ("funzionario_comune",), "ufficio.casa.mantova", COMUNE)
        visitor = Actor(stage.gateway, "misura", (), "visitatore")
        token = await platform.token(roles=["amministratore"], subject="misura")
        clock = {"adesso": "2021-01-31T12:00:00Z"}
        await stage.gateway.call("PUT", "/orologio", headers={"Authorization": f"Bearer {token}"}, json=clock)
        ids = await prepare(desk, office, visitor)
        warm, measured = ids[: SAMPLES // 5], ids[SAMPLES // 5 :]
        tokens = [
            await platform.token(roles=[role], subject=subject, ente=COMUNE)
            for role, subject in (
                ("operatore_laboratorio", "operatore.lunetta"),
                ("funzionario_comune", "ufficio.casa.mantova"),
            )
        ]
        async with aiohttp.ClientSession(platform.gateway_url, connector=aiohttp.TCPConnector(limit=64)) as session:
            observer = Observer(session, *tokens)
            await at_rate([observer.confirm_and_see(one) for one in warm])
            samples = await at_rate([observer.confirm_and_see(one) for one in measured])
            floor = await at_rate([observer.one_look(one) for one in measured])
    assert len(samples) == len(measured)
    for what, values, promise in (
        ("confirmation answered -> points visible", [item.answered_to_seen for item in samples], True),
        ("confirmation sent -> points visible", [item.sent_to_seen for item in samples], False),
    ):
        p50, p99 = quantile(values, 50), quantile(values, 99)
        report.add(
            Row(
                what=what,
                figure=f"p50 {p50:.1f} ms, p99 {p99:.1f} ms",
                floor=f"one look: p50 {quantile(floor, 50):.1f} ms, p99 {quantile(floor, 99):.1f} ms",
                ratio=f"{p50 / quantile(floor, 50):.1f}x",
                promise=f"p50 <= {P50_MS:.0f} ms, p99 <= {P99_MS:.0f} ms" if promise else "",
                kept=(p50 <= P50_MS and p99 <= P99_MS) if promise else None,
                note=f"{len(values)} attendances at {RATE} a second, fsync on, everything on one machine",
            )
        )
