"""The gateway's own routes: state, health, metrics, OpenAPI and its pages, and the clock of a local platform."""

import asyncio
from collections.abc import Awaitable, Callable

import orjson

from chassis.metrics import METRICS_MEDIA_TYPE
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from gateway import docs
from gateway.access import token_needed
from gateway.asgi import Call, Page
from gateway.body import Body
from gateway.catalog import Catalog, Document
from gateway.headers import RawHeaders
from gateway.metrics import GatewayMetrics
from gateway.openapi import join, served_here
from gateway.orologio import PlatformClock, RefusedByService
from gateway.paths import SERVICES
from gateway.problems import MetodoNonOfferto, PercorsoInesistente, Problem, RuoloNecessario, ServizioNonDisponibile
from gateway.settings import GatewaySettings
from gateway.state import PlatformState

JSON = b"application/json"
_MAX_CLOCK_BYTES = 4_096
_REVALIDATED: RawHeaders = [(b"cache-control", b"no-cache")]
# Asked by orchestrators and scrapers, often and from one address: never refused by a limit.
UNLIMITED = frozenset({"/healthz", "/readyz", "/metrics"})

Handler = Callable[[Call, Principal | None], Awaitable[None]]


class OwnRoutes:
    """Finds and answers the gateway's own routes.

    Args:
        settings: of the gateway.
        catalog: the services' documents.
        state: the services' state.
        clock: the services' clocks; used on a local platform only.
        metrics: of the gateway.
        ready: tells whether the gateway can serve.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        catalog: Catalog,
        state: PlatformState,
        clock: PlatformClock,
        metrics: GatewayMetrics,
        ready: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._state = state
        self._clock = clock
        self._metrics = metrics
        self._ready = ready
        self._joined: tuple[int, Page] | None = None
        self._pages: dict[str, tuple[bytes, Page]] = {}
        self._exact: dict[str, Handler] = {
            "/": self._home,
            "/status": self._status,
            "/healthz": self._health,
            "/readyz": self._readiness,
            "/metrics": self._exposition,
            "/openapi.json": self._openapi,
        }
        if settings.is_local:
            self._exact["/orologio"] = self._platform_clock
        self._exact |= {f"/openapi/{service}.json": self._openapi_of for service in SERVICES}

    def find(self, path: str) -> tuple[str, Handler] | None:
        """The template and the handler of a path, or None."""
        handler = self._exact.get(path)
        if handler is not None:
            template = "/openapi/{servizio}.json" if handler == self._openapi_of else path
            return template, handler
        if path == "/docs" or path.startswith("/docs/"):
            return "/docs", self._docs
        return None

    async def _home(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        await call.start(307, [(b"location", b"/docs"), (b"content-length", b"0"), (b"cache-control", b"no-store")])
        await call.body(b"")

    async def _status(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        await call.answer(200, orjson.dumps(await self._state.read()), JSON)

    async def _health(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        await call.answer(200, b'{"stato":"ok"}', JSON)

    async def _readiness(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        if not self._ready():
            raise ServizioNonDisponibile("Il gateway sta avviandosi o arrestandosi.", retry_after=1)
        await call.answer(200, b'{"stato":"ok"}', JSON)

    async def _exposition(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        await call.answer(200, self._metrics.render(), METRICS_MEDIA_TYPE.encode())

    async def _openapi(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        version = self._catalog.version
        if self._joined is None or self._joined[0] != version:
            # Tens of milliseconds of work, off the loop that everybody else's requests run on.
            self._joined = (version, await asyncio.to_thread(self._join, dict(self._catalog.documents)))
        await call.show(self._joined[1])

    async def _openapi_of(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        service = call.path.removeprefix("/openapi/").removesuffix(".json")
        content = self._catalog.raw(service)
        if content is None:
            raise ServizioNonDisponibile(
                f"Il documento OpenAPI del servizio {service} non e' ancora disponibile.", retry_after=2
            )
        kept = self._pages.get(service)
        if kept is None or kept[0] is not content:
            kept = self._pages[service] = (content, await asyncio.to_thread(Page.of, content, JSON, _REVALIDATED))
        await call.show(kept[1])

    def _join(self, documents: dict[str, Document]) -> Page:
        document = join(documents, self._settings.public_url)
        if self._settings.is_local:
            document = served_here(document)
        return Page.of(orjson.dumps(document), JSON, _REVALIDATED)

    async def _docs(self, call: Call, _: Principal | None) -> None:
        _only(call, "GET", "HEAD")
        page = await asyncio.to_thread(docs.page, call.path)  # the first time it reads and compresses megabytes
        if page is None:
            raise PercorsoInesistente("A questo indirizzo non c'e' alcuna pagina.", remedy="Partire da /docs.")
        await call.show(page)

    async def _platform_clock(self, call: Call, principal: Principal | None) -> None:
        _only(call, "GET", "HEAD", "PUT")
        headers = {"x-request-id": call.request_id, "traceparent": call.traceparent}
        authorization = call.headers.get(b"authorization")
        if authorization is not None:
            headers["authorization"] = authorization
        try:
            if call.method == "PUT":
                content = await self._clock_body(call, principal)
                instants = await self._clock.set(headers, content)
            else:
                instants = await self._clock.read(headers)
        except RefusedByService as refused:
            media_type = Problem.media_type if refused.status >= 400 else JSON
            await call.answer(refused.status, refused.content, media_type)
            return
        await call.answer(200, orjson.dumps(instants), JSON)

    @staticmethod
    async def _clock_body(call: Call, principal: Principal | None) -> bytes:
        if principal is None:
            raise token_needed()
        if not principal.has(Ruolo.AMMINISTRATORE):
            raise RuoloNecessario("Solo un amministratore puo' spostare l'orologio della piattaforma.")
        body = Body(call, _MAX_CLOCK_BYTES, 5.0)
        await body.prepare()
        return body.content or b""


def _only(call: Call, *methods: str) -> None:
    if call.method not in methods:
        call.extra.append((b"allow", ", ".join(methods).encode()))
        raise MetodoNonOfferto(f"Qui si puo' usare soltanto: {', '.join(methods)}.")
