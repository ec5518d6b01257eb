"""Refusals of the gateway itself. Each class is a stable problem `type`."""

from typing import ClassVar

import orjson

from chassis.errors import (
    BadRequest,
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Refusal,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

Headers = list[tuple[bytes, bytes]]


class RichiestaMalformata(BadRequest):
    """The request line or a header is not well-formed, or could be read in two ways."""


class IntestazioniTroppoGrandi(BadRequest):
    """The header section is larger than the gateway accepts."""

    status = 431
    title = "Intestazioni troppo grandi"


class RichiestaLenta(BadRequest):
    """The client stopped sending in the middle of a request."""

    status = 408
    title = "Richiesta interrotta"


class WebsocketNonOfferto(BadRequest):
    """The platform speaks plain HTTP only."""

    title = "WebSocket non offerto"


class TokenMancante(Unauthenticated):
    """The route needs a token and none was sent."""


class TroppiTentativi(TooManyRequests):
    """Too many bad tokens came from one address."""


class LimiteSuperato(TooManyRequests):
    """The client's bucket is empty."""


class CorpoTroppoGrande(TooLarge):
    """The body is larger than the gateway accepts."""


class PercorsoInesistente(NotFound):
    """Nothing is published at this path."""

    title = "Percorso inesistente"


class MetodoNonOfferto(MethodNotAllowed):
    """The gateway does not forward this method."""


class OrigineNonAmmessa(Forbidden):
    """A browser page of an origin outside the allow-list asked to call the platform."""

    title = "Origine non ammessa"


class RuoloNecessario(Forbidden):
    """The token does not carry the role this route asks for."""


class ServizioNonDisponibile(Unavailable):
    """The service does not accept connections, or its circuit is open."""

    title = "Servizio non disponibile"


class ServizioSovraccarico(Unavailable):
    """Too many requests to this service are already in flight."""

    title = "Servizio sovraccarico"


class RispostaInterrotta(InternalError):
    """The service broke the connection, or answered with something that is not HTTP."""

    status = 502
    title = "Risposta del servizio interrotta"


class TempoScaduto(InternalError):
    """The service did not answer in time."""

    status = 504
    title = "Tempo di risposta scaduto"


class ErroreInterno(InternalError):
    """A defect of the gateway; its cause is in the log under the request id."""


class Problem:
    """Turns refusals into the status, headers and body of an answer."""

    media_type: ClassVar[bytes] = b"application/problem+json"

    @classmethod
    def render(cls, refusal: Refusal, instance: str | None = None) -> tuple[int, Headers, bytes]:
        """Returns status, headers and body of `refusal`; `instance` identifies the request, e.g. `urn:uuid:...`."""
        body = orjson.dumps(refusal.problem(instance))
        headers: Headers = [
            (b"content-type", cls.media_type),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
        ]
        if refusal.retry_after is not None:
            headers.append((b"retry-after", b"%d" % refusal.retry_after))
        if refusal.status == 401:
            headers.append((b"www-authenticate", b'Bearer realm="quartieri"'))
        return refusal.status, headers, body
