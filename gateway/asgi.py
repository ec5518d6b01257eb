"""The ASGI types used here, and `Call`: one request on its way through the gateway."""

import gzip
import hashlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

from chassis.errors import Refusal
from gateway.headers import RawHeaders, RequestHeaders
from gateway.problems import Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NO_HEADERS = RequestHeaders()
_COMPRESSIBLE = (b"text/", b"application/json")
# Of the gateway's own answers: they are data, never a page to be sniffed or framed.
OWN_HEADERS: RawHeaders = [(b"x-content-type-options", b"nosniff")]


class Page(NamedTuple):
    """A document that changes rarely, ready to be sent: as it is, or compressed."""

    content: bytes
    zipped: bytes | None
    media_type: bytes
    headers: RawHeaders
    etag: str

    @classmethod
    def of(cls, content: bytes, media_type: bytes, headers: RawHeaders) -> "Page":
        """Prepares a document; `headers` go out with it."""
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        zipped = gzip.compress(content, 6, mtime=0) if media_type.startswith(_COMPRESSIBLE) else None
        return cls(content, zipped, media_type, [*headers, (b"etag", etag.encode())], etag)


class ClientGone(Exception):
    """The client closed the connection before its answer was complete: there is nobody to answer."""


class Call:
    """One request: what is known of it so far, and the fields every answer to it carries."""

    __slots__ = (
        "_send",
        "address",
        "body_begun",
        "extra",
        "headers",
        "http_version",
        "method",
        "path",
        "peer",
        "query",
        "raw_headers",
        "receive",
        "request_id",
        "route",
        "scheme",
        "service",
        "started",
        "started_at",
        "status",
        "traceparent",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.http_version: str = scope["http_version"]
        self.path: str = scope["raw_path"].decode("ascii")
        self.query: bytes = scope["query_string"]
        client = scope["client"]
        self.peer: str = client[0] if client else "-"
        self.address = self.peer
        self.scheme: str = scope["scheme"]
        self.raw_headers: RawHeaders = scope["headers"]
        self.headers = NO_HEADERS
        self.request_id = ""
        self.traceparent = ""
        self.service = "gateway"
        self.route = "altro"
        self.status = 0
        self.started = False
        self.body_begun = False
        self.started_at = time.perf_counter()
        self.extra: RawHeaders = []

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Sends the status and the header section."""
        self.status = status
        self.started = True
        if self.headers.expects_continue and not self.body_begun:
            # The client may or may not send the body it announced: only a new connection is unambiguous.
            self.extra.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": status, "headers": headers + self.extra})

    async def body(self, chunk: bytes, *, more: bool = False) -> None:
        """Sends a piece of the body."""
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def answer(self, status: int, content: bytes, media_type: bytes, headers: RawHeaders | None = None) -> None:
        """Sends a whole answer of the gateway's own."""
        fields: RawHeaders = [(b"content-type", media_type), (b"content-length", b"%d" % len(content)), *OWN_HEADERS]
        await self.start(status, fields + (headers or [(b"cache-control", b"no-store")]))
        await self.body(content if self.method != "HEAD" else b"")

    async def show(self, page: Page) -> None:
        """Sends a document, unless the client already has it; compressed if the client reads that."""
        headers = page.headers
        content = page.content
        if page.zipped is not None:
            headers = [*headers, (b"vary", b"Accept-Encoding")]
            if "gzip" in self.headers.accept_encoding:
                headers = [*headers, (b"content-encoding", b"gzip")]
                content = page.zipped
        if page.etag in self.headers.if_none_match:
            await self.start(304, headers)
            await self.body(b"")
            return
        await self.answer(200, content, page.media_type, headers)

    async def refuse(self, refusal: Refusal) -> None:
        """Sends a refusal as a problem document."""
        status, fields, content = Problem.render(refusal, f"urn:quartieri:richiesta:{self.request_id}")
        await self.start(status, fields + OWN_HEADERS)
        await self.body(content if self.method != "HEAD" else b"")
