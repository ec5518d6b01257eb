"""Refusals: what the platform answers when a request may not, or cannot, be done.

A refusal is *raised*, never returned: the request's transaction is rolled back and the class becomes the stable
`type` of a problem+json body (RFC 9457). Free of any framework, because the rules of the services raise them.
"""

import re
from typing import Any, ClassVar

PROBLEM_PREFIX = "urn:quartieri:problema:"


class Refusal(Exception):
    """A request that the law of the domain, or of the platform, refuses.

    Subclasses name the refusal: `BandoScaduto` is published as `urn:quartieri:problema:bando-scaduto`.

    Args:
        detail: what happened, in Italian, for the person who reads it; no personal data.
        field: name of the request's field at fault, if one is.
        remedy: what the caller can do about it, in Italian.
        items: several defects at once, each `{"campo": ..., "messaggio": ...}`.
        retry_after: seconds after which trying again makes sense.
    """

    status: ClassVar[int] = 409
    title: ClassVar[str] = "Richiesta rifiutata"
    registered: ClassVar[bool] = False
    """Whether the access register keeps a line of it: who asked what was not theirs, or was tampered with."""

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        remedy: str | None = None,
        items: list[dict[str, str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.remedy = remedy
        self.items = items or []
        self.retry_after = retry_after

    @classmethod
    def slug(cls) -> str:
        """The stable name of the refusal: its class name in kebab-case."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def problem(self, instance: str | None = None) -> dict[str, Any]:
        """The body of the answer, RFC 9457 with the extension members `campo`, `rimedio`, `errori`."""
        body: dict[str, Any] = {
            "type": PROBLEM_PREFIX + self.slug(),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        extras = {"instance": instance, "campo": self.field, "rimedio": self.remedy, "errori": self.items or None}
        return body | {name: value for name, value in extras.items() if value is not None}


class Invalid(Refusal):
    """The body or a parameter does not have the required form."""

    status = 422
    title = "Richiesta non valida"


class BadRequest(Refusal):
    """The request cannot be read at all."""

    status = 400
    title = "Richiesta illeggibile"


class Unauthenticated(Refusal):
    """No token, or one that cannot be accepted."""

    status = 401
    title = "Autenticazione necessaria"


class Forbidden(Refusal):
    """The caller is known but may not do this, or not on this object."""

    status = 403
    title = "Operazione non consentita"
    registered = True


class NotFound(Refusal):
    """The object does not exist, or does not exist for this caller."""

    status = 404
    title = "Risorsa inesistente"


class MethodNotAllowed(Refusal):
    """The resource exists but does not offer this method."""

    status = 405
    title = "Metodo non offerto"


class NotAcceptable(Refusal):
    """None of the media types the caller accepts can be produced."""

    status = 406
    title = "Formato non disponibile"


class Conflict(Refusal):
    """The state of the object does not allow the operation."""

    status = 409
    title = "Conflitto con lo stato attuale"


class PreconditionFailed(Refusal):
    """`If-Match` names a version that is no longer the current one."""

    status = 412
    title = "Versione superata"


class TooLarge(Refusal):
    """The body is larger than the platform accepts."""

    status = 413
    title = "Richiesta troppo grande"


class UnsupportedMediaType(Refusal):
    """The body is of a type this resource does not read."""

    status = 415
    title = "Formato non supportato"


class PreconditionRequired(Refusal):
    """An edit without `If-Match` could overwrite somebody else's edit."""

    status = 428
    title = "Versione necessaria"


class TooManyRequests(Refusal):
    """The caller exceeded its rate."""

    status = 429
    title = "Troppe richieste"


class Unavailable(Refusal):
    """The platform cannot answer now; trying again later makes sense."""

    status = 503
    title = "Servizio momentaneamente non disponibile"


class InternalError(Refusal):
    """A defect of the platform. The cause is in the log under the request id, never in the answer."""

    status = 500
    title = "Errore interno"
