"""What happens when a service is dead, slow or broken."""

import asyncio
import socket

import pytest

from gateway.breaker import Breaker, State
from tests.gateway.fakes import Platform, fake, platform


class Seconds:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def _state(breaker: Breaker) -> State:
    """The state now (a property read twice is narrowed by the type checker)."""
    return breaker.state


def test_the_breaker_opens_after_consecutive_failures_only() -> None:
    breaker = Breaker(threshold=3, clock=Seconds())
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert _state(breaker) == State.CLOSED
    breaker.failed()
    assert _state(breaker) == State.OPEN
    assert breaker.admit() == 1


def test_the_breaker_lets_one_probe_through_and_closes_when_it_succeeds() -> None:
    clock = Seconds()
    breaker = Breaker(threshold=1, pause_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert _state(breaker) == State.HALF_OPEN
    assert breaker.admit() == 0
    assert breaker.admit() == 1
    breaker.succeeded()
    assert _state(breaker) == State.CLOSED
    assert breaker.admit() == 0


def test_each_failed_probe_doubles_the_pause_up_to_a_maximum() -> None:
    clock = Seconds()
    breaker = Breaker(threshold=1, pause_s=1.0, max_pause_s=5.0, clock=clock)
    breaker.failed()
    pauses = []
    for _ in range(4):
        pauses.append(wait := breaker.admit())
        clock.now += wait
        assert breaker.admit() == 0
        breaker.failed()
    assert pauses == [1, 2, 4, 5]


def test_a_probe_whose_client_left_frees_the_way_for_another() -> None:
    clock = Seconds()
    breaker = Breaker(threshold=1, pause_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.admit() == 0
    breaker.abandoned()
    assert breaker.admit() == 0


def test_a_probe_that_never_ends_does_not_block_for_ever() -> None:
    clock = Seconds()
    breaker = Breaker(threshold=1, pause_s=1.0, probe_timeout_s=5.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.admit() == 0
    clock.now += 5.0
    assert breaker.admit() == 0


async def test_a_dead_service_takes_no_other_routes_down() -> None:
    async with platform(dead=("puntiluna",)) as porta:
        token = porta.token()
        for _ in range(8):
            dead = await porta.client.post("/rest/puntiluna/v1/eco", headers=token)
            assert dead.status_code == 503
            assert dead.json()["type"] == "urn:quartieri:problema:servizio-non-disponibile"
            assert int(dead.headers["retry-after"]) >= 1
            for service in ("bandi", "laboratori", "inclusione"):
                assert (await porta.client.get(f"/rest/{service}/v1/eco", headers=token)).status_code == 200
        assert (await porta.client.get("/readyz")).status_code == 200
        state = (await porta.client.get("/status")).json()
        assert state["stato"] == "degradato"
        assert state["servizi"]["puntiluna"] == "non_disponibile"
        assert state["servizi"]["bandi"] == "ok"
        joined = (await porta.client.get("/openapi.json")).json()
        assert "/rest/bandi/v1/eco" in joined["paths"]
        metrics = await porta.metrics()
        assert 'quartieri_gateway_breaker{service="puntiluna"} 2.0' in metrics
        assert 'quartieri_gateway_breaker{service="bandi"} 0.0' in metrics


async def test_a_service_that_comes_back_is_found_again() -> None:
    closed = socket.socket()  # bound but not listening: connections are refused, and nobody else takes the port
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    async with platform(dead=("bandi",), bandi_url=f"http://127.0.0.1:{port}") as porta:
        for _ in range(6):
            assert (await porta.client.post("/rest/bandi/v1/eco", headers=porta.token())).status_code == 503
        breaker = porta.gateway.upstreams["bandi"].breaker
        assert _state(breaker) == State.OPEN
        closed.close()
        async with fake(porta.services["bandi"], port):
            codes = set()
            for _ in range(40):
                codes.add((await porta.client.post("/rest/bandi/v1/eco", headers=porta.token())).status_code)
                await asyncio.sleep(0.05)
            assert codes == {503, 200}
            assert _state(breaker) == State.CLOSED


RETRIED = [("GET", {}), ("PUT", {}), ("DELETE", {}), ("OPTIONS", {}), ("POST", {"idempotency-key": "k1"})]


@pytest.mark.parametrize(("method", "headers"), RETRIED)
async def test_a_repeatable_request_survives_a_broken_connection(
    porta: Platform, method: str, headers: dict[str, str]
) -> None:
    service = porta.services["inclusione"]
    service.seen.clear()
    service.fail_next = 1
    answer = await porta.client.request(method, "/rest/inclusione/v1/rotto", headers=porta.token() | headers)
    assert answer.status_code == 200
    assert len(service.seen) == 2


SENT_ONCE = [("POST", {}), ("PATCH", {}), ("PUT", {"if-match": '"v1"'}), ("DELETE", {"if-match": '"v1"'})]


@pytest.mark.parametrize(("method", "headers"), SENT_ONCE)
async def test_a_request_that_may_not_be_repeated_is_sent_once(
    porta: Platform, method: str, headers: dict[str, str]
) -> None:
    service = porta.services["inclusione"]
    service.seen.clear()
    service.fail_next = 1
    sent = porta.token() | headers
    answer = await porta.client.request(method, "/rest/inclusione/v1/rotto", content=b"{}", headers=sent)
    assert answer.status_code == 502
    assert answer.json()["type"] == "urn:quartieri:problema:risposta-interrotta"
    assert "Idempotency-Key" in answer.json()["rimedio"]
    assert service.seen == [{"rotto": True}]


async def test_a_body_that_flowed_through_is_not_sent_again(porta: Platform) -> None:
    service = porta.services["inclusione"]
    service.seen.clear()
    service.fail_next = 1
    answer = await porta.client.put("/rest/inclusione/v1/rotto", content=b"x" * 1_000_000, headers=porta.token())
    assert answer.status_code == 502
    assert service.seen == [{"rotto": True}]


async def test_retries_end_and_are_counted() -> None:
    async with platform() as porta:
        service = porta.services["bandi"]
        service.fail_next = 1_000
        answer = await porta.client.post("/rest/bandi/v1/rotto", headers=porta.token() | {"idempotency-key": "k"})
        assert answer.status_code == 502
        assert len(service.seen) == 3
        assert 'quartieri_gateway_retries_total{service="bandi"} 2.0' in await porta.metrics()


async def test_a_service_too_slow_is_given_up_without_a_retry() -> None:
    async with platform(upstream_timeout_s=0.3) as porta:
        answer = await porta.client.get("/rest/bandi/v1/lento?5", headers=porta.token())
        assert answer.status_code == 504
        assert answer.json()["type"] == "urn:quartieri:problema:tempo-scaduto"
        async with asyncio.timeout(2):
            await porta.services["bandi"].left.wait()
        assert 'quartieri_gateway_retries_total{service="bandi"} 0.0' in await porta.metrics()


async def test_refusals_and_clients_that_leave_do_not_open_the_circuit(porta: Platform) -> None:
    breaker = porta.gateway.upstreams["bandi"].breaker
    token = porta.token()
    credential = f"Authorization: {token['authorization']}"
    for _ in range(8):
        await porta.client.get("/rest/bandi/v1/errore", headers=token)
        _, writer = await asyncio.open_connection("127.0.0.1", porta.port)
        writer.write(f"GET /rest/bandi/v1/lento?9 HTTP/1.1\r\nHost: x\r\n{credential}\r\n\r\n".encode())
        await asyncio.sleep(0.08)
        writer.transport.abort()
    await asyncio.sleep(0.1)
    assert _state(breaker) == State.CLOSED


async def test_a_client_that_stops_sending_is_given_up() -> None:
    async with platform(client_timeout_s=0.3) as porta:
        token = porta.token()["authorization"]
        head = f"POST /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        small = await porta.raw(f"{head}Content-Length: 10\r\nConnection: close\r\n\r\nabc".encode(), wait_s=3)
        assert small.startswith(b"HTTP/1.1 408")
        large = await porta.raw(f"{head}Content-Length: 200000\r\nConnection: close\r\n\r\nabc".encode(), wait_s=3)
        assert large.startswith(b"HTTP/1.1 408")
        assert porta.gateway.upstreams["bandi"].in_flight == 0
        assert _state(porta.gateway.upstreams["bandi"].breaker) == State.CLOSED
