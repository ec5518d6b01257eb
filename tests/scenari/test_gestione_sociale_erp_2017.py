"""The scenario of the 2017 call on a real bandi service, behind a stand-in for the gateway."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime

import httpx
import orjson
import pytest
from rich.console import Console

from scenari import gestione_sociale_erp_2017 as story
from scenari.facts import avviso_2017
from scenari.runner import run
from tests.support.service import ServiceUnderTest, service_fixture
from tests.support.tokens import make_token

bandi = service_fixture("bandi")


class OneService(httpx.AsyncBaseTransport):
    """Public addresses of one service, and the platform clock."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.inner = httpx.ASGITransport(service.app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/orologio":
            instant = datetime.fromisoformat(orjson.loads(await request.aread())["adesso"])
            self.service.clock.set(instant)
            return httpx.Response(200, json={})
        path = request.url.raw_path.replace(f"/rest/{self.service.name}".encode(), b"", 1)
        inner = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            content=await request.aread(),
        )
        return await self.inner.handle_async_request(inner)


class TestTokens:
    __test__ = False

    async def token(self, *, roles: Sequence[str], subject: str, ente: str | None) -> str:
        return make_token(subject, list(roles), ente)


class ForgetfulService(OneService):
    """Loses the last application from the office's list."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if request.method != "GET" or not request.url.path.endswith(f"/bandi/{avviso_2017.BANDO}/domande"):
            return answer
        page = orjson.loads(await answer.aread())
        return httpx.Response(200, json=page | {"items": page["items"][:37]})


async def played(
    bandi: ServiceUnderTest, transport: Callable[[ServiceUnderTest], OneService] = OneService
) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=160)
    code = await run(
        [story.NAME],
        gateway_url="http://gateway.test",
        tokens=TestTokens(),
        progress=False,
        console=console,
        transport=transport(bandi),
    )
    return code, console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.slow
async def test_the_story_gives_the_figures_of_the_source_and_played_again_changes_nothing(
    bandi: ServiceUnderTest,
) -> None:
    code, text = await played(bandi)
    print(text)
    assert code == 0, text
    assert "7827051.51" in text
    events = await bandi.emitted()
    code, text = await played(bandi)
    assert code == 0, text
    assert await bandi.emitted() == events
    code, text = await played(bandi, ForgetfulService)
    assert code != 0, "an application the office does not see is a difference"
    rows = [line for line in text.splitlines() if "domande presentate" in line]
    assert any("37" in row for row in rows), rows


def test_the_facts_hold_together() -> None:
    stories = avviso_2017.proposte()
    money = sum(int(p.laboratori.replace(".", "")) + int(p.inclusione.replace(".", "")) for p in stories if p.ammessa)
    assert money == 782705151
    assert [p.arrivo for p in stories] == list(range(1, 39))
    assert sum(avviso_2017.DOTAZIONE.values()) == 367589667
    assert sum(avviso_2017.INTEGRAZIONE.values()) == 415115484
    assert sum(not p.ammessa for p in stories) == 5
    assert len({p.ente for p in stories}) == 38
