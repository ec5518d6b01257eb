"""Forwarding: one request to one service and its answer back, streamed when large, ended when the client leaves."""

import asyncio
import logging
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import ClientResponse
from multidict import CIMultiDict

from gateway.asgi import Call, ClientGone
from gateway.body import BUFFERED_BYTES, Body
from gateway.headers import forwarding_fields, response_headers
from gateway.upstream import Upstream

logger = logging.getLogger(__name__)

_BODILESS = frozenset({204, 304})
# Most answers are there before this: only longer waits pay for watching the client's connection.
_WATCH_AFTER_S = 0.05


class ClientWatch:
    """While in use, ends the current task's wait with ClientGone when the client closes its connection."""

    __slots__ = ("_body", "_call", "_gone", "_owner", "_timer", "_watcher")

    def __init__(self, call: Call, body: Body) -> None:
        self._call = call
        self._body = body
        self._gone = False
        self._owner: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._owner = asyncio.current_task()
        self._arm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._gone and self._owner is not None:
            self._owner.uncancel()
            raise ClientGone from None  # whatever else happened, nobody is there to be told

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_WATCH_AFTER_S, self._begin)

    def _begin(self) -> None:
        if self._body.complete:
            self._watcher = asyncio.get_running_loop().create_task(self._watch())
        else:
            self._arm()  # the body's reader still listens to the client, and sees it leave

    async def _watch(self) -> None:
        while (await self._call.receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._owner is not None:
            self._owner.cancel()


class Forwarder:
    """Forwards requests.

    Args:
        max_body_bytes: largest request body.
        client_timeout_s: longest silence of a client that is sending or receiving.
    """

    def __init__(self, *, max_body_bytes: int, client_timeout_s: float) -> None:
        self._max_body_bytes = max_body_bytes
        self._client_timeout_s = client_timeout_s
        self._listening: set[ClientResponse] = set()
        self._stopping = False

    async def forward(self, call: Call, upstream: Upstream, path: str) -> None:
        """Sends the request to the service and its answer to the client.

        Args:
            call: the request; its headers are read and its caller is admitted.
            upstream: the service.
            path: the path as the service knows it, encoded.

        Raises:
            Refusal: nothing was sent to the client yet and this is the answer.
            ClientGone: the client left; the service's work was cancelled.
        """
        body = Body(call, self._max_body_bytes, self._client_timeout_s)
        await body.prepare()
        upstream.admit()
        try:
            with ClientWatch(call, body):
                target = f"{path}?{call.query.decode('ascii')}" if call.query else path
                response = await upstream.request(call, target, self._headers(call, body), body)
                try:
                    await self._relay(call, upstream, response, body)
                except BaseException:
                    response.close()
                    raise
        finally:
            upstream.leave()

    @staticmethod
    def _headers(call: Call, body: Body) -> CIMultiDict[str]:
        host = call.headers.get(b"host") or ""
        headers = CIMultiDict(
            [
                *call.headers.forward,
                *forwarding_fields(call.service, call.address, call.scheme, host),
                ("x-request-id", call.request_id),
                ("traceparent", call.traceparent),
            ]
        )
        if not body.complete and call.headers.content_length is not None:
            headers["content-length"] = str(call.headers.content_length)
        return headers

    async def _relay(self, call: Call, upstream: Upstream, response: ClientResponse, body: Body) -> None:
        fields = response_headers(response.raw_headers, call.service, bodiless=response.status in _BODILESS)
        length = response.content_length
        if call.method == "HEAD" or response.status in _BODILESS or (length is not None and length <= BUFFERED_BYTES):
            try:
                content = await response.read()
            except (aiohttp.ClientError, TimeoutError) as error:
                upstream.breaker.failed()
                raise (upstream.late() if isinstance(error, TimeoutError) else upstream.broken()) from error
            await call.start(response.status, fields)
            await call.body(content)
            return
        if response.content_type == "text/event-stream":
            await self._listen(call, upstream, response, fields, body)
            return
        await self._stream(call, upstream, response, fields, body)

    async def _listen(
        self, call: Call, upstream: Upstream, response: ClientResponse, fields: list[tuple[bytes, bytes]], body: Body
    ) -> None:
        """Relays events for as long as the client listens, until the gateway is told to stop."""
        protocol = response.connection.protocol if response.connection is not None else None
        if protocol is not None:
            protocol.read_timeout = None  # events may be hours apart
            protocol.start_timeout()  # drops the timer that already runs
        upstream.begin_stream()
        self._listening.add(response)
        try:
            await self._stream(call, upstream, response, fields, body)
        except CutShort:
            if not self._stopping:
                raise
            await call.body(b"")  # ended by us: the client comes back with the last id it has
        finally:
            self._listening.discard(response)
            upstream.end_stream()

    def stop_listening(self) -> None:
        """Ends every stream of events, so that stopping does not wait for those who listen."""
        self._stopping = True
        for response in list(self._listening):
            response.close()

    async def _stream(
        self, call: Call, upstream: Upstream, response: ClientResponse, fields: list[tuple[bytes, bytes]], body: Body
    ) -> None:
        await call.start(response.status, fields)
        try:
            while chunk := await response.content.readany():
                await self._send(call, chunk)
        except (aiohttp.ClientError, TimeoutError) as error:
            if body.fault is not None:
                raise ClientGone from error
            # The status is already out: the only honest sign of a broken answer is a broken connection.
            logger.warning("answer cut short", extra={"upstream": upstream.service, "error": type(error).__name__})
            raise CutShort from error
        await call.body(b"")
        response.release()

    async def _send(self, call: Call, chunk: bytes) -> None:
        try:
            async with asyncio.timeout(self._client_timeout_s):
                await call.body(chunk, more=True)
        except TimeoutError as error:
            raise ClientGone from error  # it is there, but reads nothing


class CutShort(Exception):
    """The service's answer broke after its beginning was sent: the client's connection must end unfinished."""
