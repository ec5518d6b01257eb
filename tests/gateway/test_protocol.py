"""What the gateway does with bytes that are not an honest HTTP request: raw, over a socket."""

import asyncio
import json

import pytest

from gateway import server
from gateway.paths import Target, target
from tests.gateway.fakes import Platform


def _problem(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head.lower(), answer[:300]
    told: dict[str, object] = json.loads(body)
    assert told["status"] == int(answer.split(b" ")[1])
    return told


def _seen(porta: Platform) -> int:
    return sum(len(service.seen) for service in porta.services.values())


HOSTILE = {
    "two different lengths": b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "two equal lengths": b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": b"Content-Length: 3, 3\r\n\r\nabc",
    "a length and chunks": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two coding fields": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a signed length": b"Content-Length: +3\r\n\r\nabc",
    "a hexadecimal length": b"Content-Length: 0x3\r\n\r\nabc",
    "an absurd length": b"Content-Length: 99999999999999999999999999\r\n\r\nabc",
    "a blank before the colon": b"Content-Length : 3\r\n\r\nabc",
    "a folded field": b"X-A: 1\r\n Content-Length: 3\r\n\r\nabc",
    "a bare line feed in a field": b"X-A: 1\nContent-Length: 3\n\nabc",
    "a NUL in a field": b"X-A: a\x00b\r\n\r\n",
    "a field without a name": b": x\r\n\r\n",
    "a field with a blank name": b"X A: 1\r\n\r\n",
    "a bad chunk size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "two hosts": b"Host: altro\r\n\r\n",
    "two tokens": b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "two idempotency keys": b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n",
    "bytes that are no text": b"Content-Type: \xff\xfe\r\n\r\n",
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_request_that_two_readers_could_read_differently_is_refused(porta: Platform, case: str) -> None:
    before = _seen(porta)
    token = porta.token()["authorization"]
    own = b"" if case == "two tokens" else f"Authorization: {token}\r\n".encode()
    head = b"POST /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + own
    answer = await porta.raw(head + HOSTILE[case])
    assert answer.split(b" ")[1] in {b"400", b"401"}, answer[:200]
    _problem(answer)
    await asyncio.sleep(0.02)
    assert _seen(porta) == before


@pytest.mark.parametrize(
    "request_line",
    [
        b"",
        b"GARBAGE",
        b"GET",
        b"GET /rest/bandi/v1/pubblico",
        b"GET /rest/bandi/v1/pubblico HTTP/9.9",
        b"GET /rest/bandi/v1/pubblico FTP/1.1",
        b"G\x00T /rest/bandi/v1/pubblico HTTP/1.1",
        b"GET /rest/bandi/v1/\xff HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_not_a_request_line_is_refused_as_a_problem(porta: Platform, request_line: bytes) -> None:
    answer = await porta.raw(request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert 400 <= int(answer.split(b" ")[1]) < 500
    _problem(answer)


async def test_a_request_hidden_in_a_body_is_not_a_request(porta: Platform) -> None:
    before = len(porta.services["bandi"].seen)
    hidden = b"DELETE /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\n\r\n"
    token = porta.token()["authorization"]
    head = f"POST /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nConnection: close\r\n"
    answer = await porta.raw(f"{head}Content-Length: {len(hidden)}\r\n\r\n".encode() + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1
    told = porta.services["bandi"].seen[before:]
    assert [(one["metodo"], one["corpo"]) for one in told] == [("POST", len(hidden))]


async def test_pipelined_requests_are_answered_in_order(porta: Platform) -> None:
    one = b"GET /rest/bandi/v1/pubblico?n=1 HTTP/1.1\r\nHost: x\r\n\r\n"
    two = b"GET /rest/bandi/v1/pubblico?n=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await porta.raw(one + two)
    assert answer.index(b'"n=1"') < answer.index(b'"n=2"')


async def test_a_request_of_http_1_1_without_host_is_refused(porta: Platform) -> None:
    answer = await porta.raw(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert _problem(answer)["campo"] == "host"


async def test_a_header_section_too_large_or_too_long_is_refused(porta: Platform) -> None:
    large = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * (server.MAX_HEADER_BYTES + 1) + b"\r\n\r\n"
    assert _problem(await porta.raw(large))["status"] == 431
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(server.MAX_HEADERS + 1))
    assert _problem(await porta.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n"))["status"] == 431
    path = b"GET /" + b"a" * (server.MAX_HEADER_BYTES + 1) + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    assert _problem(await porta.raw(path))["status"] == 431


async def test_headers_that_never_end_are_given_up(porta: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_TIMEOUT_S", 0.2)
    assert _problem(await porta.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", wait_s=2))["status"] == 408
    assert await porta.raw(b"", wait_s=2) == b""


async def test_a_client_that_waits_for_100_continue_is_told_to_go_on_only_if_admitted(porta: Platform) -> None:
    head = "POST /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
    refused = await porta.raw(f"{head}\r\n".encode())
    assert refused.startswith(b"HTTP/1.1 401")
    assert b"connection: close" in refused
    reader, writer = await asyncio.open_connection("127.0.0.1", porta.port)
    writer.write(f"{head}Authorization: {porta.token()['authorization']}\r\nConnection: close\r\n\r\n".encode())
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"abc")
    assert (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()
    assert not {"expect"} & dict(porta.services["bandi"].seen[-1]["intestazioni"]).keys()


async def test_who_goes_on_sending_after_the_answer_is_cut(porta: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_UNREAD_BYTES", 100_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", porta.port)
    writer.write(b"POST /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 401")
    with pytest.raises(ConnectionError):  # noqa: PT012  # which write meets the cut is up to the kernel
        for _ in range(1_000):
            writer.write(b"x" * 65_536)
            await writer.drain()
            await asyncio.sleep(0.001)
    writer.close()


@pytest.mark.parametrize("extra", ["", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"])
async def test_websocket_is_refused_with_a_clear_answer(porta: Platform, extra: str) -> None:
    token = porta.token()["authorization"]
    request = (
        f"GET /rest/bandi/v1/eco HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        f"Connection: Upgrade\r\nUpgrade: websocket\r\n{extra}\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", porta.port)
    writer.write(request.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    told = json.loads(await reader.readexactly(length))
    writer.close()
    assert told["type"] == "urn:quartieri:problema:websocket-non-offerto"


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT"])
async def test_methods_out_of_the_ordinary_are_not_forwarded(porta: Platform, method: str) -> None:
    before = _seen(porta)
    token = porta.token()["authorization"]
    path = "x:80" if method == "CONNECT" else "/rest/bandi/v1/eco"
    answer = await porta.raw(
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n".encode()
    )
    assert 400 <= int(answer.split(b" ")[1]) < 500
    assert _seen(porta) == before


UNREACHABLE = [
    "/",
    "/rest",
    "/rest/",
    "/rest/bandi",
    "/rest/bandi/",
    "/rest/bandi/v1",
    "/rest/bandi/v1/",
    "/rest/bandi/metrics",
    "/rest/bandi/orologio",
    "/rest/bandi/status",
    "/rest/bandi/openapi.json",
    "/rest/bandi/v2/eco",
    "/rest/bandi/v1x/eco",
    "/rest/altro/v1/eco",
    "/rest/BANDI/v1/eco",
    "//rest/bandi/v1/eco",
    "/rest//bandi/v1/eco",
    "/rest/bandi//v1/eco",
    "/rest/bandi/v1//eco",
    "/rest/bandi/v1/eco/",
    "/rest/bandi/v1/../metrics",
    "/rest/bandi/v1/./eco",
    "/rest/bandi/v1/..",
    "/rest/bandi/v1/%2e%2e/metrics",
    "/rest/bandi/v1/%2E./metrics",
    "/rest/bandi/v1/.%2e/metrics",
    "/rest/bandi/v1/..%2fmetrics",
    "/rest/bandi/v1/a%2fb",
    "/rest/bandi/v1/a%5cb",
    "/rest/bandi/v1/..\\metrics",
    "/rest/bandi/v1/%252e%252e/metrics",
    "/rest/bandi/v1/a%00",
    "/rest/bandi/v1/a%0d%0aX:%201",
    "/rest/bandi/v1/a%7f",
    "/rest/bandi/v1/%zz",
    "/rest/bandi/v1/a%",
    "/rest/bandi%2fv1/eco",
    "/rest/%62andi/v1/eco",
    "/rest/bandi/%76%31/eco",
    "/rest/bandi/v1/..;/metrics",
    "/rest/bandi;x=1/v1/eco",
]


@pytest.mark.parametrize("path", [path for path in UNREACHABLE if path != "/rest/bandi/v1/..;/metrics"])
def test_only_one_spelling_of_a_published_path_is_forwarded(path: str) -> None:
    assert target(path) is None


def test_a_plain_path_and_harmless_escapes_are_forwarded_unchanged() -> None:
    assert target("/rest/bandi/v1/bandi/AVVISO-2017/domande") == Target("bandi", "/v1/bandi/AVVISO-2017/domande")
    assert target("/rest/puntiluna/v1/a%20b/c%C3%A0") == Target("puntiluna", "/v1/a%20b/c%C3%A0")
    assert target("/rest/bandi/v1/..;/metrics") == Target("bandi", "/v1/..;/metrics")
    assert target("/rest/bandi/v1/v1.2...") == Target("bandi", "/v1/v1.2...")


@pytest.mark.parametrize("path", UNREACHABLE[1:-2])
async def test_nothing_else_of_a_service_can_be_reached(porta: Platform, path: str) -> None:
    before = _seen(porta)
    token = porta.token(roles=["amministratore"])["authorization"]
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
    answer = await porta.raw(request.encode())
    assert int(answer.split(b" ")[1]) in {400, 404}, answer[:200]
    _problem(answer)
    assert _seen(porta) == before


async def test_an_absolute_target_goes_nowhere_but_to_the_named_path(porta: Platform) -> None:
    answer = await porta.raw(
        b"GET http://altrove.example/rest/bandi/v1/pubblico HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    assert b'"servizio": "bandi"' in answer
