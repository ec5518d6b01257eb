"""The outermost layer of a service: request and trace ids, metrics by route template, the last catch."""

import logging
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.http.problems import answer_error
from chassis.metrics import Metrics
from chassis.tracing import continue_trace, request_id_var, traceparent_var, valid_request_id

log = logging.getLogger("quartieri.access")

_QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/status"})


class Observe:
    """Pure ASGI middleware; logs a line a request, without query strings, bodies or personal data."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = valid_request_id(headers.get("x-request-id")) or uuid4().hex
        request_id_var.set(request_id)
        traceparent_var.set(continue_trace(headers.get("traceparent")))
        scope.setdefault("state", {})
        started = time.perf_counter()
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = request_id
                out.setdefault("Cache-Control", "no-store")
                out["X-Content-Type-Options"] = "nosniff"
            await send(message)

        self._metrics.http_in_flight.inc()
        try:
            await self._app(scope, receive, send_observed)
        except Exception as error:
            if status:
                raise
            response = await answer_error(Request(scope), error)
            await response(scope, receive, send_observed)
        finally:
            self._metrics.http_in_flight.dec()
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = str(scope["state"].get("route_template") or getattr(scope.get("route"), "path", "") or "-")
        self._metrics.http_seconds.labels(scope["method"], route, str(status)).observe(seconds)
        if scope["path"] not in _QUIET:
            log.info(
                "request",
                extra={"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 2)},
            )
