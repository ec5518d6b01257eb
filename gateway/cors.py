"""Cross-origin calls of browser pages, by an allow-list of origins. Cookies are never accepted."""

from gateway.asgi import Call
from gateway.headers import RawHeaders
from gateway.problems import OrigineNonAmmessa

_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_REQUEST_HEADERS = (
    b"Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, "
    b"Traceparent, Tracestate, X-Request-Id"
)
_EXPOSED_HEADERS = (
    b"Content-Disposition, Deprecation, ETag, Idempotency-Hit, Link, Location, Retry-After, Sunset, "
    b"X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"
)
_MAX_AGE_S = b"600"


class Cors:
    """The allow-list.

    Args:
        origins: origins that may call, e.g. `https://www.comune.example.it`; `*` admits every origin.
    """

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)
        self._any = "*" in self._origins

    def mark(self, call: Call) -> None:
        """Puts on the answer what lets an admitted page read it."""
        if self._origins and not self._any:
            call.extra.append((b"vary", b"Origin"))
        origin = call.headers.get(b"origin")
        if origin is not None and self._admits(origin):
            call.extra += [
                (b"access-control-allow-origin", b"*" if self._any else origin.encode()),
                (b"access-control-expose-headers", _EXPOSED_HEADERS),
            ]

    @staticmethod
    def is_preflight(call: Call) -> bool:
        """True for the question a browser asks before the real call."""
        return (
            call.method == "OPTIONS"
            and call.headers.preflight_method is not None
            and call.headers.get(b"origin") is not None
        )

    async def preflight(self, call: Call) -> None:
        """Answers the question; the services never see it.

        Raises:
            OrigineNonAmmessa: the page's origin is not in the allow-list.
        """
        if not self._admits(call.headers.get(b"origin") or ""):
            raise OrigineNonAmmessa(
                "Le pagine di questa origine non possono chiamare la piattaforma.",
                field="origin",
                remedy="Chiedere di aggiungere l'origine all'elenco di quelle ammesse.",
            )
        headers: RawHeaders = [
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _REQUEST_HEADERS),
            (b"access-control-max-age", _MAX_AGE_S),
            (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
        await call.start(204, headers)
        await call.body(b"")

    def _admits(self, origin: str) -> bool:
        return self._any or origin in self._origins
