"""Limits: how much a client may send, and how fast."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.limits import Buckets, Verdict
from tests.gateway.fakes import Platform, platform

LIMIT_FIELDS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


class Seconds:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_by_requests_and_refills_by_time() -> None:
    clock = Seconds()
    buckets = Buckets(2.0, 3, clock=clock)
    assert [buckets.take("u") for _ in range(4)] == [
        Verdict(2, 1, 0),
        Verdict(1, 1, 0),
        Verdict(0, 2, 0),
        Verdict(0, 2, 1),
    ]
    clock.now += 0.5
    assert buckets.take("u") == Verdict(0, 2, 0)
    clock.now += 100
    assert buckets.take("u") == Verdict(2, 1, 0)


def test_clients_do_not_share_a_bucket() -> None:
    buckets = Buckets(1.0, 1, clock=Seconds())
    assert buckets.take("a").retry_after_s == 0
    assert buckets.take("a").retry_after_s == 1
    assert buckets.take("b").retry_after_s == 0


def test_the_wait_told_is_long_enough_and_no_longer() -> None:
    clock = Seconds()
    buckets = Buckets(0.1, 1, clock=clock)
    buckets.take("u")
    wait = buckets.take("u").retry_after_s
    clock.now += wait - 1.5
    assert buckets.peek("u").retry_after_s > 0
    clock.now += 1.5
    assert buckets.take("u").retry_after_s == 0


def test_memory_is_bounded_and_the_busy_client_is_not_the_one_forgotten() -> None:
    buckets = Buckets(0.001, 10, capacity=100, clock=Seconds())
    for number in range(10_000):
        buckets.take("assiduo") if number % 50 == 0 else buckets.take(f"c{number}")
    assert len(buckets) == 100
    assert buckets.take("assiduo").retry_after_s > 0


@pytest.mark.parametrize(("rate", "burst", "capacity"), [(0, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_limit_that_could_never_admit_anybody_is_refused(rate: float, burst: int, capacity: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Buckets(rate, burst, capacity=capacity)


async def test_a_client_over_its_rate_is_told_when_to_come_back() -> None:
    async with platform(rate_limit_per_second=0.5, rate_limit_burst=3) as porta:
        answers = [await porta.client.get("/rest/bandi/v1/eco", headers=porta.token("u1")) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"3"}
        refused = answers[-1]
        assert refused.json()["type"] == "urn:quartieri:problema:limite-superato"
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        assert int(refused.headers["x-ratelimit-reset"]) >= int(refused.headers["retry-after"])
        assert len(porta.services["bandi"].seen) == 3
        other = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token("u2"))
        assert other.status_code == 200
        assert 'quartieri_gateway_limited_total{limit="client"} 1.0' in await porta.metrics()


async def test_anonymous_callers_share_the_limit_of_their_address() -> None:
    async with platform(rate_limit_per_second=0.5, rate_limit_burst=2) as porta:
        codes = [(await porta.client.get("/rest/bandi/v1/pubblico")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]


async def test_probes_are_answered_however_many_there_are() -> None:
    async with platform(rate_limit_per_second=0.5, rate_limit_burst=1) as porta:
        for path in ("/healthz", "/readyz", "/metrics"):
            for _ in range(3):
                assert (await porta.client.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/rest/bandi/v1/pubblico", {}, 200),
        ("GET", "/rest/bandi/v1/eco", {}, 401),
        ("GET", "/nulla", {}, 404),
        ("GET", "/status", {}, 200),
        ("DELETE", "/status", {}, 405),
        ("GET", "/healthz", {}, 200),
        ("GET", "/docs", {}, 200),
        ("GET", "/openapi.json", {}, 200),
        ("GET", "/rest/bandi/v1/pubblico", {"host": "a b"}, 400),
        ("OPTIONS", "/rest/bandi/v1/eco", {"origin": "https://x.it", "access-control-request-method": "GET"}, 403),
        (
            "OPTIONS",
            "/rest/bandi/v1/eco",
            {"origin": "https://www.comune.example.it", "access-control-request-method": "GET"},
            204,
        ),
    ],
)
async def test_every_answer_tells_the_limit_and_the_request_id(
    porta: Platform, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await porta.client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert answer.headers.keys() >= LIMIT_FIELDS | {"x-request-id"}
    assert len(answer.headers.get_list("x-ratelimit-limit")) == 1


async def test_a_body_declared_too_large_is_refused_before_it_is_read() -> None:
    async with platform(max_body_bytes=10_000) as porta:
        answer = await porta.client.post("/rest/bandi/v1/eco", content=b"x" * 10_001, headers=porta.token())
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:quartieri:problema:corpo-troppo-grande"
        whole = await porta.client.post("/rest/bandi/v1/eco", content=b"x" * 10_000, headers=porta.token())
        assert whole.json()["corpo"] == 10_000


@pytest.mark.parametrize("limit", [10_000, 300_000])
async def test_a_body_found_too_large_on_the_way_is_refused(limit: int) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    async with platform(max_body_bytes=limit) as porta:
        answer = await porta.client.post("/rest/bandi/v1/eco", content=pieces(), headers=porta.token())
        assert answer.status_code == 413
        assert not porta.services["bandi"].seen
        assert (await porta.client.get("/rest/bandi/v1/eco", headers=porta.token())).status_code == 200
        assert porta.gateway.upstreams["bandi"].in_flight == 0


async def test_a_service_with_too_many_requests_in_flight_is_not_given_more() -> None:
    async with platform(max_in_flight=2) as porta:
        slow = [
            asyncio.create_task(porta.client.get("/rest/bandi/v1/lento?0.5", headers=porta.token())) for _ in range(2)
        ]
        await asyncio.sleep(0.2)
        refused = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token())
        assert refused.status_code == 503
        assert refused.json()["type"] == "urn:quartieri:problema:servizio-sovraccarico"
        assert (await porta.client.get("/rest/laboratori/v1/eco", headers=porta.token())).status_code == 200
        assert {(await task).status_code for task in slow} == {200}
        assert (await porta.client.get("/rest/bandi/v1/eco", headers=porta.token())).status_code == 200
