"""The gateway as an ASGI application: every request is identified, admitted, forwarded or answered, and counted."""

import logging
import time
from typing import Any

from chassis.errors import Refusal
from chassis.tokens import Principal, TokenVerifier
from chassis.tracing import continue_trace, request_id_var, traceparent_var, valid_request_id
from gateway.access import Door, token_needed
from gateway.accesslog import AccessLog
from gateway.asgi import Call, ClientGone, Receive, Scope, Send
from gateway.catalog import Catalog
from gateway.cors import Cors
from gateway.forwarding import CutShort, Forwarder
from gateway.headers import client_address, client_scheme, read_request
from gateway.limits import Buckets
from gateway.metrics import GatewayMetrics, UpstreamMetrics
from gateway.orologio import PlatformClock
from gateway.own import UNLIMITED, OwnRoutes
from gateway.paths import Target, target
from gateway.problems import (
    ErroreInterno,
    MetodoNonOfferto,
    PercorsoInesistente,
    Problem,
    RichiestaMalformata,
    WebsocketNonOfferto,
)
from gateway.settings import GatewaySettings, load_gateway_settings
from gateway.state import PlatformState
from gateway.upstream import Upstream

logger = logging.getLogger(__name__)

_FORWARDED_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLIENT_LEFT = 499


class Gateway:
    """The application. Its parts are made when the server starts it, on the server's event loop.

    Args:
        settings: of the gateway.
        verifier: checks tokens; by default against the issuer of the settings.
    """

    def __init__(self, settings: GatewaySettings, verifier: TokenVerifier | None = None) -> None:
        self.settings = settings
        self.metrics = GatewayMetrics()
        self._verifier = verifier or TokenVerifier(settings.issuer_url, settings.audience, settings.jwks_url)
        self._door = Door(
            self._verifier, Buckets(settings.rate_limit_per_second, settings.rate_limit_burst), self.metrics
        )
        self._cors = Cors(settings.cors_origins)
        self._forwarder = Forwarder(max_body_bytes=settings.max_body_bytes, client_timeout_s=settings.client_timeout_s)
        self._log = AccessLog()
        self._started = False
        self.upstreams: dict[str, Upstream] = {}
        self._catalog: Catalog
        self._own: OwnRoutes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry point."""
        kind = scope["type"]
        if kind == "http":
            await self._http(Call(scope, receive, send))
        elif kind == "lifespan":
            await self._lifespan(receive, send)
        elif kind == "websocket":
            await _refuse_websocket(scope, receive, send)

    async def start(self) -> None:
        """Opens the connections to the services and begins to keep their documents fresh."""
        settings = self.settings
        self.upstreams = {
            service: Upstream(
                service,
                base,
                timeout_s=settings.upstream_timeout_s,
                max_in_flight=settings.max_in_flight,
                metrics=UpstreamMetrics(self.metrics, service),
            )
            for service, base in settings.upstreams.items()
        }
        self._catalog = Catalog(self.upstreams, settings.openapi_folder)
        self._own = OwnRoutes(
            settings,
            self._catalog,
            PlatformState(self.upstreams),
            PlatformClock(self.upstreams),
            self.metrics,
            lambda: self._started,
        )
        self._catalog.start()
        self._started = True

    def stop_listening(self) -> None:
        """Ends the streams of events: called when the process is told to stop, before it waits for what is open."""
        self._forwarder.stop_listening()

    async def stop(self) -> None:
        """Closes what `start` opened."""
        self._started = False
        await self._catalog.stop()
        for upstream in self.upstreams.values():
            await upstream.close()
        self._log.flush()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    logger.exception("gateway did not start")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, call: Call) -> None:
        self.metrics.in_flight += 1
        try:
            await self._answer(call)
        except ClientGone:
            call.status = _CLIENT_LEFT
        except CutShort:
            call.status = 502  # returning without an end makes the server break the connection
        except Refusal as refusal:
            await call.refuse(refusal)
        except Exception:
            logger.exception("defect in the gateway")
            if not call.started:
                await call.refuse(
                    ErroreInterno(
                        "La richiesta non e' stata completata per un difetto del gateway.",
                        remedy="Segnalare l'errore indicando l'identificativo della richiesta.",
                    )
                )
            call.status = 500
        finally:
            self.metrics.in_flight -= 1
            self._record(call)

    async def _answer(self, call: Call) -> None:
        refused: Refusal | None = None
        try:
            call.headers = read_request(call.raw_headers, call.http_version)
        except RichiestaMalformata as malformed:
            refused = malformed
        call.traceparent = continue_trace(call.headers.get(b"traceparent"))
        call.request_id = valid_request_id(call.headers.get(b"x-request-id")) or call.traceparent[3:35]
        request_id_var.set(call.request_id)
        traceparent_var.set(call.traceparent)
        call.extra.append((b"x-request-id", call.request_id.encode()))
        if refused is not None:
            self._door.charge(call)
            raise refused
        call.address = client_address(call.peer, call.headers, self.settings.trusted_proxies)
        call.scheme = client_scheme(call.peer, call.scheme, call.headers, self.settings.trusted_proxies)
        self._cors.mark(call)
        own = self._own.find(call.path)
        if own is not None:
            call.route = own[0]
        if call.path in UNLIMITED and own is not None:
            self._door.show(call)
            await own[1](call, None)
            return
        if self._cors.is_preflight(call):
            self._door.charge(call)
            await self._cors.preflight(call)
            return
        principal = await self._door.principal(call)
        if call.headers.websocket:
            raise _no_websocket()
        if own is not None:
            await own[1](call, principal)
            return
        found = target(call.path)
        if found is None:
            raise PercorsoInesistente(
                "A questo indirizzo non c'e' nulla.",
                remedy="I percorsi pubblicati sono in /openapi.json e hanno la forma /rest/SERVIZIO/v1/...",
            )
        await self._forward(call, found, principal)

    async def _forward(self, call: Call, found: Target, principal: Principal | None) -> None:
        if call.method not in _FORWARDED_METHODS:
            call.extra.append((b"allow", ", ".join(sorted(_FORWARDED_METHODS)).encode()))
            raise MetodoNonOfferto("Il metodo della richiesta non e' offerto.")
        call.service = found.service
        upstream = self.upstreams[found.service]
        routes = self._catalog.routes(found.service)
        if routes is None and principal is None:
            # Without the service's document nothing tells which routes are public.
            routes = await self._catalog.need(found.service)
            if routes is None:
                raise upstream.unavailable(2)
        route = routes.find(call.method, found.path) if routes is not None else None
        if route is not None:
            call.route = route.template
        if principal is None and not (route is not None and route.public and call.method in {"GET", "HEAD"}):
            raise token_needed()
        await self._forwarder.forward(call, upstream, found.path)

    def _record(self, call: Call) -> None:
        seconds = time.perf_counter() - call.started_at
        self.metrics.answered(call.service, call.route, call.method, call.status, seconds)
        self._log.record(call, seconds)


def create_app(settings: GatewaySettings | None = None, verifier: TokenVerifier | None = None) -> Gateway:
    """The gateway, ready to be served.

    Args:
        settings: read from the environment when not given.
        verifier: checks tokens; tests give their own.
    """
    return Gateway(settings or load_gateway_settings(), verifier)


def _no_websocket() -> WebsocketNonOfferto:
    return WebsocketNonOfferto(
        "La piattaforma non offre WebSocket.", field="upgrade", remedy="Usare richieste HTTP ordinarie."
    )


async def _refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """For servers that understand WebSocket before asking the application."""
    await receive()
    extensions: dict[str, Any] = scope.get("extensions") or {}
    if "websocket.http.response" not in extensions:
        await send({"type": "websocket.close"})
        return
    status, headers, content = Problem.render(_no_websocket())
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": content})
