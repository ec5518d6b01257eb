"""The scenario toolkit: keys, repetition, comparisons, order of the stories."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx
import pytest
from rich.console import Console
from rich.progress import Progress

from scenari import runner
from scenari.toolkit import Gateway, Report, Stage, StageTimeout, UnexpectedAnswer


class FixedTokens:
    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None) -> str:
        return f"{'+'.join(roles)}/{subject}/{ente}"


def a_stage(handler: Any, name: str = "prova") -> Stage:
    gateway = Gateway("http://gateway", FixedTokens(), transport=httpx.MockTransport(handler), patience_s=1.0)
    return Stage(name, gateway, Report("Prova"), Progress(disable=True))


async def test_a_step_has_the_same_key_whenever_it_is_played_and_another_key_in_another_story() -> None:
    keys: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(201, json={"id": "x"})

    for name, step in (("a", "uno"), ("a", "uno"), ("a", "due"), ("b", "uno")):
        await a_stage(handler, name).actor("proponente", subject="p").post("bandi", "/domande", {}, step=step)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


async def test_a_cut_step_is_repeated_with_its_own_key_until_it_is_answered() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ReadError("cut")
        return httpx.Response(503 if len(seen) == 2 else 200, json={"n": len(seen)})

    stage = a_stage(handler)
    body = await stage.actor("proponente", subject="p").post("bandi", "/domande", {}, step="s")
    assert body == {"n": 3}
    assert len(set(seen)) == 1
    assert stage.gateway.cut == 1
    assert [entry.status for entry in stage.gateway.journal] == [200]


async def test_an_answer_that_is_not_the_expected_one_stops_the_story() -> None:
    stage = a_stage(lambda _: httpx.Response(409, json={"type": "urn:quartieri:problema:bando-scaduto"}))
    with pytest.raises(UnexpectedAnswer, match="bando-scaduto"):
        await stage.actor("proponente", subject="p").post("bandi", "/domande", {}, step="s")


async def test_a_list_is_read_to_its_last_page() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "cursor" not in request.url.params:
            return httpx.Response(200, json={"items": [1, 2], "cursor": "z"})
        return httpx.Response(200, json={"items": [3], "cursor": None})

    assert await a_stage(handler).visitor.items("bandi", "/bandi") == [1, 2, 3]


async def test_the_clock_of_a_story_only_goes_forward() -> None:
    sent: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json={})

    stage = a_stage(handler)
    await stage.at("2017-11-15T10:00:00")
    assert b"2017-11-15T09:00:00Z" in sent[0], "text without offset is the hour of Rome"
    with pytest.raises(ValueError, match="solo avanti"):
        await stage.at("2017-11-14T10:00:00")


async def test_an_effect_that_never_comes_is_named() -> None:
    async def never() -> None:
        return None

    with pytest.raises(StageTimeout, match="il laboratorio aperto"):
        await a_stage(lambda _: httpx.Response(200)).until("il laboratorio aperto", never, timeout_s=0.05)


async def test_gathered_steps_keep_their_order_and_the_first_failure_is_raised() -> None:
    stage = a_stage(lambda _: httpx.Response(200))

    async def double(n: int) -> int:
        if n == 40:
            raise ValueError("quaranta")
        return n * 2

    assert await stage.gather("doppi", [partial(double, n) for n in range(30)]) == [n * 2 for n in range(30)]
    with pytest.raises(ValueError, match="quaranta"):
        await stage.gather("doppi", [partial(double, n) for n in range(50)])


def test_a_value_of_another_type_is_a_difference() -> None:
    report = Report("Prova")
    report.compare("s", "punti", expected="17891.00", obtained="17891.00")
    report.compare("s", "righe", expected=33, obtained="33")
    assert [row.label for row in report.differences] == ["righe"]
    console = Console(file=io.StringIO(), width=120)
    report.print(console)
    assert "DIVERSO" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_story_comes_after_those_it_stands_on() -> None:
    async def play(_: Stage) -> None:
        return None

    known = {
        "a": runner.Scenario("a", "A", ("b",), play),
        "b": runner.Scenario("b", "B", (), play),
        "c": runner.Scenario("c", "C", ("c",), play),
    }
    assert [scenario.name for scenario in runner.in_order(["a", "b"], known)] == ["b", "a"]
    with pytest.raises(ValueError, match="sconosciuto"):
        runner.in_order(["z"], known)
    with pytest.raises(ValueError, match="richiede se stesso"):
        runner.in_order(["c"], known)
