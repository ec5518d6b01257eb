"""Calls of browser pages of other origins."""

import pytest

from tests.gateway.fakes import Platform, platform

PAGE = "https://www.comune.example.it"
ASKING = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,idempotency-key"}


async def test_the_gateway_answers_a_preflight_of_an_admitted_page_itself(porta: Platform) -> None:
    before = len(porta.services["bandi"].seen)
    answer = await porta.client.options("/rest/bandi/v1/eco", headers={"origin": PAGE} | ASKING)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "idempotency-key", "if-match", "content-type"))
    assert int(answer.headers["access-control-max-age"]) > 0
    assert "access-control-allow-credentials" not in answer.headers
    assert len(porta.services["bandi"].seen) == before


@pytest.mark.parametrize(
    "origin", ["https://altrove.example", "null", "https://www.comune.example.it.altrove.example", f"{PAGE}:444"]
)
async def test_a_page_of_another_origin_is_refused(porta: Platform, origin: str) -> None:
    preflight = await porta.client.options("/rest/bandi/v1/eco", headers={"origin": origin} | ASKING)
    assert preflight.status_code == 403
    assert preflight.json()["type"] == "urn:quartieri:problema:origine-non-ammessa"
    call = await porta.client.get("/rest/bandi/v1/pubblico", headers={"origin": origin})
    assert "access-control-allow-origin" not in preflight.headers.keys() | call.headers.keys()


async def test_an_admitted_page_can_read_answers_refusals_and_their_headers(porta: Platform) -> None:
    for path, status in (("/rest/bandi/v1/pubblico", 200), ("/rest/bandi/v1/eco", 401), ("/nulla", 404)):
        answer = await porta.client.get(path, headers={"origin": PAGE})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "origin" in answer.headers["vary"].lower()
        exposed = answer.headers["access-control-expose-headers"]
        for name in ("ETag", "Location", "X-Request-Id", "X-RateLimit-Remaining", "Retry-After", "Idempotency-Hit"):
            assert name in exposed


async def test_a_cache_is_told_that_answers_depend_on_the_origin_even_without_one(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/pubblico")
    assert "origin" in answer.headers["vary"].lower()
    assert "access-control-allow-origin" not in answer.headers


async def test_every_origin_may_be_admitted_on_a_local_platform() -> None:
    async with platform(cors_origins="*") as porta:
        answer = await porta.client.get("/rest/bandi/v1/pubblico", headers={"origin": "http://localhost:5173"})
        assert answer.headers["access-control-allow-origin"] == "*"
