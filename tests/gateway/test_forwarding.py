"""What passes through the gateway, on real sockets."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.gateway.fakes import MIB, Platform, platform


def _headers(answer: httpx.Response) -> dict[str, str]:
    """The request's headers as the service received them."""
    return dict(answer.json()["intestazioni"])


async def test_a_request_reaches_its_service_with_path_query_and_body_unchanged(porta: Platform) -> None:
    answer = await porta.client.post(
        "/rest/laboratori/v1/eco/a%20b?q=%C3%A0&q=2&vuoto=", content=b'{"a": 1}', headers=porta.token()
    )
    told = answer.json()
    assert answer.status_code == 200
    assert told["servizio"] == "laboratori"
    assert told["percorso"] == "/v1/eco/a%20b"
    assert told["query"] == "q=%C3%A0&q=2&vuoto="
    assert (told["metodo"], told["corpo"]) == ("POST", 8)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_ordinary_method_is_forwarded(porta: Platform, method: str) -> None:
    answer = await porta.client.request(method, "/rest/bandi/v1/eco", headers=porta.token())
    assert answer.json()["metodo"] == method


async def test_hop_by_hop_fields_of_the_request_stay_here(porta: Platform) -> None:
    sent = porta.token() | {
        "connection": "x-privata",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-privata": "1",
        "keep-alive": "timeout=9",
        "te": "trailers",
        "trailer": "x-fine",
        "proxy-authorization": "Basic eA==",
        "proxy-connection": "keep-alive",
        "upgrade": "h2c",
        "x-mia": "resta",
    }
    told = _headers(await porta.client.get("/rest/bandi/v1/eco", headers=sent))
    assert told["x-mia"] == "resta"
    hop_by_hop = {"x-privata", "keep-alive", "te", "trailer", "proxy-authorization", "proxy-connection", "upgrade"}
    assert not hop_by_hop & told.keys()


async def test_a_connection_field_cannot_strip_the_token(porta: Platform) -> None:
    sent = porta.token() | {"connection": "authorization, idempotency-key", "idempotency-key": "k"}
    told = _headers(await porta.client.post("/rest/bandi/v1/eco", headers=sent))
    assert told["authorization"].startswith("Bearer ")
    assert told["idempotency-key"] == "k"


async def test_hop_by_hop_and_own_fields_of_the_answer_stay_inside(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/rumoroso", headers=porta.token())
    assert not {"x-privata", "keep-alive", "proxy-authenticate", "trailer", "upgrade", "server"} & answer.headers.keys()
    assert answer.headers["x-request-id"] != "del-servizio"
    assert answer.headers["x-ratelimit-limit"] != "1"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_the_callers_word_about_its_address_is_not_believed(porta: Platform) -> None:
    sent = porta.token() | {
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "altrove",
        "x-forwarded-port": "1",
        "forwarded": "for=1.2.3.4",
        "x-real-ip": "1.2.3.4",
    }
    told = _headers(await porta.client.get("/rest/bandi/v1/eco", headers=sent))
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"
    assert told["x-forwarded-host"] == f"127.0.0.1:{porta.port}"
    assert told["x-forwarded-prefix"] == "/rest/bandi"
    assert told["forwarded"] == f'for=127.0.0.1;proto=http;host="127.0.0.1:{porta.port}"'
    assert not {"x-real-ip", "x-forwarded-port"} & told.keys()


async def test_a_trusted_proxy_is_believed_up_to_the_first_address_it_does_not_vouch_for() -> None:
    async with platform(trusted_proxies="127.0.0.0/8, 10.0.0.0/8") as porta:
        sent = porta.token() | {"x-forwarded-for": "6.6.6.6, 5.5.5.5, 10.1.1.1", "x-forwarded-proto": "https"}
        told = _headers(await porta.client.get("/rest/bandi/v1/eco", headers=sent))
        assert told["x-forwarded-for"] == "5.5.5.5"
        assert told["x-forwarded-proto"] == "https"


async def test_a_request_id_is_kept_when_well_formed_and_replaced_when_not(porta: Platform) -> None:
    kept = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token() | {"x-request-id": "pratica-12345678"})
    assert kept.headers["x-request-id"] == _headers(kept)["x-request-id"] == "pratica-12345678"
    made = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token() | {"x-request-id": "a b{}"})
    assert made.headers["x-request-id"] == _headers(made)["x-request-id"] != "a b{}"


async def test_a_trace_is_continued_when_well_formed_and_begun_when_not(porta: Platform) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = porta.token() | {"traceparent": parent, "tracestate": "a=1"}
    told = _headers(await porta.client.get("/rest/bandi/v1/eco", headers=sent))
    assert told["tracestate"] == "a=1"
    assert told["traceparent"].split("-")[1] == parent.split("-")[1]
    assert told["traceparent"] != parent
    sent = porta.token() | {"traceparent": "00-0-0-0", "tracestate": "a=1"}
    begun = _headers(await porta.client.get("/rest/bandi/v1/eco", headers=sent))
    assert len(begun["traceparent"]) == 55
    assert "tracestate" not in begun


async def test_places_a_service_names_by_its_own_path_are_told_by_the_public_one(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/creato", headers=porta.token())
    assert answer.headers["location"] == "/rest/bandi/v1/eco/7"


async def test_a_compressed_answer_passes_as_it_is(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/eco", headers=porta.token() | {"accept-encoding": "br"})
    assert _headers(answer)["accept-encoding"] == "br"


async def test_refusals_of_a_service_pass_unchanged(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/errore", headers=porta.token())
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:quartieri:problema:prova"


async def test_an_answer_without_a_body_passes(porta: Platform) -> None:
    answer = await porta.client.get("/rest/bandi/v1/non-modificato", headers=porta.token())
    assert (answer.status_code, answer.content) == (304, b"")
    head = await porta.client.head("/rest/bandi/v1/eco", headers=porta.token())
    assert (head.status_code, head.content) == (200, b"")


async def test_a_large_upload_arrives_whole_whether_its_length_is_declared_or_not(porta: Platform) -> None:
    content = bytes(range(256)) * (4 * MIB // 256)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 100_000):
            yield content[start : start + 100_000]

    declared = await porta.client.put("/rest/bandi/v1/eco", content=content, headers=porta.token())
    chunked = await porta.client.put("/rest/bandi/v1/eco", content=pieces(), headers=porta.token())
    expected = (len(content), hashlib.sha256(content).hexdigest())
    assert (declared.json()["corpo"], declared.json()["sha"]) == expected
    assert (chunked.json()["corpo"], chunked.json()["sha"]) == expected
    assert _headers(declared)["content-length"] == str(len(content))
    assert _headers(chunked)["transfer-encoding"] == "chunked"


async def test_a_small_chunked_upload_is_sent_on_with_its_length(porta: Platform) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"uno"
        yield b"due"

    told = (await porta.client.post("/rest/bandi/v1/eco", content=pieces(), headers=porta.token())).json()
    assert told["corpo"] == 6
    assert dict(told["intestazioni"])["content-length"] == "6"


async def test_server_sent_events_arrive_when_they_happen(porta: Platform) -> None:
    began = asyncio.get_running_loop().time()
    async with porta.client.stream("GET", "/rest/bandi/v1/eventi?0.5", headers=porta.token()) as answer:
        events = answer.aiter_raw()
        assert await anext(events) == b"data: uno\n\n"
        assert asyncio.get_running_loop().time() - began < 0.4
        assert await anext(events) == b"data: due\n\n"


async def test_events_rarer_than_the_timeout_do_not_end_the_stream() -> None:
    async with platform(upstream_timeout_s=0.3) as porta:
        answer = await porta.client.get("/rest/bandi/v1/eventi?1.0", headers=porta.token())
        assert answer.content.endswith(b"data: due\n\n")


async def test_streams_of_events_take_no_place_of_short_answers_and_end_when_the_gateway_stops() -> None:
    async with platform(max_in_flight=2) as porta:
        upstream = porta.gateway.upstreams["bandi"]
        token = porta.token()
        async with AsyncExitStack() as stack:
            streams = [
                await stack.enter_async_context(porta.client.stream("GET", "/rest/bandi/v1/eventi?20", headers=token))
                for _ in range(4)
            ]
            events = [stream.aiter_raw() for stream in streams]
            assert [await anext(one) for one in events] == [b"data: uno\n\n"] * 4
            assert (upstream.streams, upstream.in_flight) == (4, 0)
            assert (await porta.client.get("/rest/bandi/v1/eco", headers=token)).status_code == 200
            porta.gateway.stop_listening()
            async with asyncio.timeout(2):
                for one in events:
                    assert [piece async for piece in one] == []
        await porta.until(lambda: upstream.streams == 0)
        assert upstream.in_flight == 0


@pytest.mark.parametrize("path", ["/rest/bandi/v1/eventi?20", "/rest/bandi/v1/lento?20"])
async def test_when_the_client_leaves_the_service_is_told(porta: Platform, path: str) -> None:
    service = porta.services["bandi"]
    service.left.clear()
    token = porta.token()["authorization"]
    _, writer = await asyncio.open_connection("127.0.0.1", porta.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    await asyncio.sleep(0.2)
    assert not service.left.is_set()
    writer.transport.abort()
    async with asyncio.timeout(2):
        await service.left.wait()
    await porta.until(lambda: porta.gateway.upstreams["bandi"].in_flight == 0)


async def test_an_answer_that_breaks_half_way_is_not_presented_as_whole(porta: Platform) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await porta.client.get("/rest/bandi/v1/troncato", headers=porta.token())


async def test_a_client_that_reads_nothing_does_not_hold_the_service_for_ever() -> None:
    async with platform(client_timeout_s=0.3) as porta:
        token = porta.token()["authorization"]
        reader, writer = await asyncio.open_connection("127.0.0.1", porta.port, limit=1_024)
        writer.write(f"GET /rest/bandi/v1/flusso?64 HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
        await reader.readexactly(100)
        await porta.until(lambda: porta.gateway.upstreams["bandi"].in_flight == 0, within_s=5)
        assert 'route="altro",service="bandi",status="499"' in await porta.metrics()
        writer.transport.abort()
