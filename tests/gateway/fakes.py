"""Fake services and real servers for the gateway's tests: everything listens on free ports of 127.0.0.1."""

import asyncio
import contextlib
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.tokens import TokenVerifier
from gateway.main import Gateway
from gateway.paths import SERVICES
from gateway.server import config
from gateway.settings import GatewaySettings
from tests.support.tokens import AUDIENCE, ISSUER, fetch_test_jwks, make_token

MIB = 2**20


def document(service: str) -> dict[str, Any]:
    """A small OpenAPI document with a public and two protected routes."""
    private: list[dict[str, list[str]]] = [{"bearerAuth": []}]
    public: list[dict[str, list[str]]] = [{}]
    tags = [service.capitalize()]
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": _ref("Voce")}}}}
    parameter = {"name": "voce_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": "1.0.0", "contact": {"name": "Ufficio"}},
        "tags": [{"name": service.capitalize(), "description": service}],
        "paths": {
            "/v1/eco": {
                method: {
                    "operationId": f"eco_{method}",
                    "tags": tags,
                    "security": private,
                    "responses": answer,
                }
                for method in ("get", "post", "put", "patch", "delete")
            },
            "/v1/pubblico": {"get": {"operationId": "legge_pubblico", "security": public, "responses": answer}},
            "/v1/voci/{voce_id}": {
                "parameters": [parameter],
                "get": {"operationId": "legge_voce", "security": public, "responses": answer},
                "put": {"operationId": "scrive_voce", "security": private, "responses": answer},
            },
            "/v1/voci/riservate": {"get": {"operationId": "riservate", "security": private, "responses": answer}},
            "/status": {"get": {"operationId": "stato", "security": public, "responses": answer}},
        },
        "components": {
            "schemas": {"Voce": {"type": "object", "properties": {"figlia": _ref("Voce")}}},
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@dataclass
class FakeService:
    """A service that says what it received; its behaviour is in the path and the query."""

    name: str
    seen: list[dict[str, Any]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    fail_next: int = 0
    clock: str = "2020-01-01T00:00:00Z"
    ready: bool = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI entry point."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        name = path.removeprefix("/v1/").strip("/").replace(".", "_").replace("-", "_").split("/")[0]
        handler = getattr(self, f"do_{name}", self.do_eco)
        await handler(scope, receive, send)

    async def do_eco(self, scope: Any, receive: Any, send: Any) -> None:
        """Tells the request as it arrived."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        told = {
            "servizio": self.name,
            "metodo": scope["method"],
            "percorso": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "intestazioni": [[name.decode(), value.decode("utf-8")] for name, value in scope["headers"]],
            "corpo": len(body),
            "sha": hashlib.sha256(body).hexdigest(),
        }
        self.seen.append(told)
        await answer(send, 200, json.dumps(told).encode(), [(b"x-del-servizio", b"1"), (b"etag", b'"7"')])

    async def do_pubblico(self, scope: Any, receive: Any, send: Any) -> None:
        """A public route."""
        await self.do_eco(scope, receive, send)

    async def do_rumoroso(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers with every header a gateway must not pass on."""
        fields = [
            (b"connection", b"x-privata"),
            (b"x-privata", b"1"),
            (b"keep-alive", b"timeout=5"),
            (b"proxy-authenticate", b"Basic"),
            (b"trailer", b"x-fine"),
            (b"upgrade", b"h2c"),
            (b"server", b"segreto/1.0"),
            (b"x-request-id", b"del-servizio"),
            (b"x-ratelimit-limit", b"1"),
            (b"access-control-allow-origin", b"*"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
        ]
        await answer(send, 200, b"{}", fields)

    async def do_lento(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers after the seconds in the query, unless the caller leaves before."""
        pause = asyncio.create_task(asyncio.sleep(float(scope["query_string"] or b"1")))
        gone = asyncio.create_task(disconnected(receive))
        await asyncio.wait({pause, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.left.set()
        for task in (pause, gone):
            task.cancel()
        await answer(send, 200, b'{"lento":true}')

    async def do_flusso(self, scope: Any, receive: Any, send: Any) -> None:
        """Streams as many MiB as the query says, without declaring a length."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        piece = b"x" * 65_536
        for _ in range(int(scope["query_string"]) * 16):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def do_eventi(self, scope: Any, receive: Any, send: Any) -> None:
        """Server-sent events: one at once, the next only when the caller has left or after a pause."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await send({"type": "http.response.body", "body": b"data: uno\n\n", "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(scope["query_string"] or b"1")):
                await disconnected(receive)
                self.left.set()
        await send({"type": "http.response.body", "body": b"data: due\n\n", "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def do_troncato(self, scope: Any, receive: Any, send: Any) -> None:
        """Begins a long answer and breaks the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]})
        await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
        await asyncio.sleep(0.05)

    async def do_rotto(self, scope: Any, receive: Any, send: Any) -> None:
        """Breaks the connection before answering, as many times as told; then answers."""
        if self.fail_next > 0:
            self.fail_next -= 1
            self.seen.append({"rotto": True})
            scope["spezza"]()
            return
        await self.do_eco(scope, receive, send)

    async def do_non_modificato(self, scope: Any, receive: Any, send: Any) -> None:
        """A 304 that tells the length of what it does not send."""
        await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b'"1"')]})
        await send({"type": "http.response.body", "body": b""})

    async def do_creato(self, scope: Any, receive: Any, send: Any) -> None:
        """Says where something is, by the path the service knows."""
        await answer(send, 201, b"{}", [(b"location", b"/v1/eco/7")])

    async def do_errore(self, scope: Any, receive: Any, send: Any) -> None:
        """An ordinary refusal of the service."""
        await answer(send, 409, b'{"type":"urn:quartieri:problema:prova","title":"Prova","status":409}')

    async def do_openapi_json(self, scope: Any, receive: Any, send: Any) -> None:
        """The service's document."""
        await answer(send, 200, json.dumps(document(self.name)).encode())

    async def do_jwks(self, scope: Any, receive: Any, send: Any) -> None:
        """The issuer's keys."""
        await answer(send, 200, json.dumps(await fetch_test_jwks("-")).encode())

    async def do_readyz(self, scope: Any, receive: Any, send: Any) -> None:
        """Readiness."""
        await answer(send, 200 if self.ready else 503, b"{}")

    async def do_orologio(self, scope: Any, receive: Any, send: Any) -> None:
        """The platform clock."""
        if scope["method"] == "PUT":
            self.clock = json.loads((await receive())["body"])["adesso"]
        await answer(send, 200, json.dumps({"adesso": self.clock}).encode())


async def disconnected(receive: Any) -> None:
    """Returns when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send: Any, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    """Sends a whole JSON answer."""
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


class QuietServer(uvicorn.Server):
    """A server among others in one process: it leaves the signals alone and stops at once."""

    def __init__(self, configuration: uvicorn.Config) -> None:
        super().__init__(configuration)
        self.stop = asyncio.Event()

    async def main_loop(self) -> None:
        """Waits for the end instead of asking ten times a second."""
        await self.on_tick(0)
        await self.stop.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes no signal."""
        yield


@asynccontextmanager
async def served(configuration: uvicorn.Config, port: int = 0) -> AsyncIterator[int]:
    """Serves an application on `port` (0: a free one) until the block ends; gives the port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = QuietServer(configuration)
    task = asyncio.create_task(server.serve([listener]))
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        server.stop.set()
        await task
        listener.close()


class BreakableProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with a way to break the connection at once."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["spezza"] = self.transport.abort  # type: ignore[typeddict-unknown-key]  # for the fake services


@asynccontextmanager
async def fake(service: FakeService, port: int = 0) -> AsyncIterator[int]:
    """Serves a fake service."""
    options: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "lifespan": "off",
        "ws": "none",
        "timeout_graceful_shutdown": 1,
    }
    async with served(uvicorn.Config(service, http=BreakableProtocol, **options), port) as taken:
        yield taken


@dataclass
class Platform:
    """The gateway under test, its fake services, and a client of it."""

    gateway: Gateway
    port: int
    services: dict[str, FakeService]
    client: httpx.AsyncClient

    def token(self, sub: str = "utente", roles: list[str] | None = None, **claims: Any) -> dict[str, str]:
        """The header that carries a good token."""
        return {"authorization": f"Bearer {make_token(sub, roles or ['residente'], **claims)}"}

    async def until(self, holds: Callable[[], bool], *, within_s: float = 2.0) -> None:
        """Waits until something holds; fails when it does not in time."""
        async with asyncio.timeout(within_s):
            while not holds():  # noqa: ASYNC110  # the gateway has no event to tell a test
                await asyncio.sleep(0.01)

    async def metrics(self) -> str:
        """The exposition text."""
        return (await self.client.get("/metrics")).text

    async def raw(self, request: bytes, *, wait_s: float = 5.0) -> bytes:
        """Sends bytes as they are and returns everything that comes back until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        try:
            async with asyncio.timeout(wait_s):
                return await reader.read()
        finally:
            writer.close()


def settings(**changed: Any) -> GatewaySettings:
    """Settings of a local gateway with services nobody serves, but for what is changed."""
    base: dict[str, Any] = {
        "quartieri_env": "local",
        "issuer_url": ISSUER,
        "jwks_url": "http://127.0.0.1:9/jwks",
        "audience": AUDIENCE,
        "public_url": "https://quartieri.example.it",
        "log_level": "WARNING",
        **{f"{service}_url": "http://127.0.0.1:9" for service in SERVICES},
    }
    return GatewaySettings(**(base | changed))


@asynccontextmanager
async def platform(dead: tuple[str, ...] = (), **changed: Any) -> AsyncIterator[Platform]:
    """The gateway with a fake service for each service not in `dead`; `changed` are its settings."""
    async with contextlib.AsyncExitStack() as stack:
        services = {service: FakeService(service) for service in SERVICES}
        ports = {}
        for service in SERVICES:
            if service not in dead:
                ports[f"{service}_url"] = f"http://127.0.0.1:{await stack.enter_async_context(fake(services[service]))}"
        chosen = settings(**(ports | changed))
        verifier = TokenVerifier(ISSUER, AUDIENCE, "-", fetch=fetch_test_jwks)
        gateway = Gateway(chosen, verifier)
        port = await stack.enter_async_context(served(config(gateway, "127.0.0.1", 0, timeout_graceful_shutdown=1)))
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False)
        )
        yield Platform(gateway, port, services, client)
