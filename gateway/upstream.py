"""The connection to one service: a pool, a circuit breaker, a bound on requests in flight, and safe retries."""

import asyncio
import logging
import math
import time

import aiohttp
from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from multidict import CIMultiDict
from yarl import URL

from gateway.asgi import Call
from gateway.body import Body
from gateway.breaker import Breaker
from gateway.metrics import UpstreamMetrics
from gateway.problems import RispostaInterrotta, ServizioNonDisponibile, ServizioSovraccarico, TempoScaduto

logger = logging.getLogger(__name__)

# Idle connections are dropped before the service's own server does (uvicorn: 5 s), so that a request is
# not sent into a connection that is being closed.
_KEEP_IDLE_S = 4.0
_CONNECT_S = 2.0
_RETRY_DELAYS_S = (0.05, 0.25)
_MAX_STREAMS = 2_000
_READ_BUFFER_BYTES = 128 * 1024
_SKIP_AUTO = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_BROKEN = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Upstream:
    """One service as the gateway sees it.

    Args:
        service: its name.
        base: its internal address, e.g. `http://127.0.0.1:8001`.
        timeout_s: longest wait for the beginning of an answer, and between two pieces of it.
        max_in_flight: requests in flight beyond which new ones are refused.
        metrics: where latency, retries and the breaker's state are counted.
    """

    def __init__(
        self, service: str, base: str, *, timeout_s: float, max_in_flight: int, metrics: UpstreamMetrics
    ) -> None:
        self.service = service
        self.base = base
        self.breaker = Breaker()
        self.in_flight = 0
        self.streams = 0
        self._max_in_flight = max_in_flight
        self._metrics = metrics
        self._timeout_s = timeout_s
        self._session = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=_KEEP_IDLE_S, ttl_dns_cache=10),
            timeout=ClientTimeout(total=None, sock_connect=_CONNECT_S, sock_read=timeout_s),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_SKIP_AUTO,
            read_bufsize=_READ_BUFFER_BYTES,
            max_line_size=16_384,
            max_field_size=16_384,
            trust_env=False,
        )
        # The client library repeats some requests by itself, without asking whether they may be: we do it, or nobody.
        self._session._retry_connection = False  # noqa: SLF001
        metrics.breaker_of(self.breaker)

    async def close(self) -> None:
        """Closes every connection."""
        await self._session.close()

    def admit(self) -> None:
        """Takes a place among the requests in flight; whoever takes one gives it back with `leave`.

        Raises:
            ServizioSovraccarico: too many requests are in flight.
            ServizioNonDisponibile: the circuit is open.
        """
        if self.in_flight >= self._max_in_flight:
            raise ServizioSovraccarico(
                f"Il servizio {self.service} sta gia' rispondendo al numero massimo di richieste.",
                remedy="Ripetere la richiesta fra qualche secondo.",
                retry_after=1,
            )
        wait = self.breaker.admit()
        if wait:
            raise self.unavailable(wait)
        self.in_flight += 1

    def leave(self) -> None:
        """Gives back a place taken by `admit`."""
        self.in_flight -= 1

    def begin_stream(self) -> None:
        """Counts an answer that lasts as long as its client listens: it must not take the place of short ones.

        Raises:
            ServizioSovraccarico: as many are open as one gateway holds.
        """
        if self.streams >= _MAX_STREAMS:
            raise ServizioSovraccarico(
                f"Il servizio {self.service} ha gia' il numero massimo di ascolti aperti.",
                remedy="Riaprire l'ascolto fra qualche secondo.",
                retry_after=10,
            )
        self.streams += 1
        self.in_flight -= 1

    def end_stream(self) -> None:
        """Undoes `begin_stream`; the place of `admit` is then given back as for any other answer."""
        self.streams -= 1
        self.in_flight += 1

    async def request(self, call: Call, target: str, headers: CIMultiDict[str], body: Body) -> ClientResponse:
        """Sends a request and waits for the beginning of the answer.

        Args:
            call: the client's request.
            target: path and query as the service knows them, encoded.
            headers: fields to send; hop-by-hop fields are already gone.
            body: the body; what is not wholly in memory is sent as it comes, and once only.

        Raises:
            ServizioNonDisponibile: no connection could be made.
            RispostaInterrotta: the connection broke before an answer.
            TempoScaduto: the service did not answer in time.
            RichiestaLenta, CorpoTroppoGrande, ClientGone: the client's body could not be had.
        """
        url = URL(self.base + target, encoded=True)
        deadline = time.monotonic() + self._timeout_s
        delays = iter(_RETRY_DELAYS_S if body.complete and _idempotent(call) else ())
        while True:
            began = time.perf_counter()
            try:
                data = body.content if body.complete else body.flow()
                response = await self._session.request(
                    call.method, url, headers=headers, data=data, allow_redirects=False
                )
            except (TimeoutError, *_BROKEN) as error:
                delay = next(delays, math.inf)
                may_be_repeated = isinstance(error, _NOT_SENT) or not call.headers.get(b"if-match")
                if _is_late(error) or not may_be_repeated or time.monotonic() + delay > deadline:
                    raise self._failure(error, body) from error
                self._metrics.retried()
                await asyncio.sleep(delay)
            except (aiohttp.ClientError, ValueError) as error:
                raise self._failure(error, body) from error
            except BaseException:
                self.breaker.abandoned()
                raise
            else:
                self.breaker.succeeded()
                self._metrics.observe(time.perf_counter() - began)
                return response

    async def fetch(self, path: str, *, timeout_s: float, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Gets a small document of the service itself (its state, its OpenAPI), outside breaker and limits.

        Raises:
            aiohttp.ClientError, TimeoutError: it could not be had.
        """
        return await self.exchange("GET", path, timeout_s=timeout_s, headers=headers)

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        timeout_s: float,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
    ) -> tuple[int, bytes]:
        """As `fetch`, with any method and body."""
        timeout = ClientTimeout(total=timeout_s)
        async with self._session.request(
            method, self.base + path, timeout=timeout, headers=headers, data=data, allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def unavailable(self, retry_after: int) -> ServizioNonDisponibile:
        """The refusal that says this service cannot be reached now."""
        return ServizioNonDisponibile(
            f"Il servizio {self.service} non e' raggiungibile in questo momento.",
            remedy="Ripetere la richiesta; gli altri servizi restano disponibili.",
            retry_after=retry_after,
        )

    def _failure(self, error: Exception, body: Body) -> Exception:
        if body.fault is not None:
            self.breaker.abandoned()
            return body.fault
        self.breaker.failed()
        logger.warning("upstream failed", extra={"upstream": self.service, "error": type(error).__name__})
        if isinstance(error, _NOT_SENT):
            return self.unavailable(1)
        if isinstance(error, TimeoutError):
            return self.late()
        return self.broken()

    def late(self) -> TempoScaduto:
        """The refusal that says the answer did not come in time; the outcome is unknown."""
        return TempoScaduto(
            f"Il servizio {self.service} non ha risposto in tempo.",
            remedy="L'esito non e' noto: ripetere con la stessa Idempotency-Key, o verificare prima di ripetere.",
        )

    def broken(self) -> RispostaInterrotta:
        """The refusal that says the connection broke before a whole answer; the outcome is unknown."""
        return RispostaInterrotta(
            f"Il servizio {self.service} ha interrotto la risposta.",
            remedy="L'esito non e' noto: ripetere con la stessa Idempotency-Key, o verificare prima di ripetere.",
        )


def _idempotent(call: Call) -> bool:
    """True if doing the request twice is doing it once: by its method, or because it carries a key.

    With `If-Match` the effect is done once, but the second answer would be the 412 of our own first edit: such a
    request is sent again only when it was certainly not received.
    """
    return call.method in _IDEMPOTENT or (call.method == "POST" and bool(call.headers.get(b"idempotency-key")))


def _is_late(error: Exception) -> bool:
    """True for an answer that did not come in time, as opposed to a connection that failed."""
    return isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError)
