"""Every error as problem+json (RFC 9457), in Italian, with a stable type; never a stack trace."""

import logging
from typing import Any
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from chassis.database import as_unavailable
from chassis.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    InternalError,
    Invalid,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    Refusal,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)

PROBLEM_MEDIA_TYPE = "application/problem+json"

log = logging.getLogger(__name__)

_MESSAGES = {
    "missing": "campo obbligatorio mancante",
    "extra_forbidden": "campo sconosciuto",
    "json_invalid": "il corpo non e' JSON valido",
    "string_type": "deve essere un testo",
    "string_too_short": "testo troppo corto: almeno {min_length} caratteri",
    "string_too_long": "testo troppo lungo: al massimo {max_length} caratteri",
    "string_pattern_mismatch": "il testo non ha la forma richiesta: {pattern}",
    "string_unicode": "il testo contiene caratteri non validi",
    "int_type": "deve essere un numero intero",
    "int_parsing": "deve essere un numero intero",
    "int_from_float": "deve essere un numero intero",
    "int_parsing_size": "numero troppo grande",
    "bool_type": "deve essere vero o falso",
    "bool_parsing": "deve essere vero o falso",
    "greater_than_equal": "deve essere almeno {ge}",
    "less_than_equal": "deve essere al massimo {le}",
    "enum": "deve essere uno fra: {expected}",
    "literal_error": "deve essere uno fra: {expected}",
    "too_short": "servono almeno {min_length} elementi",
    "too_long": "sono ammessi al massimo {max_length} elementi",
    "list_type": "deve essere un elenco",
    "dict_type": "deve essere un oggetto",
    "model_attributes_type": "deve essere un oggetto",
    "model_type": "deve essere un oggetto",
    "uuid_type": "deve essere un UUID",
    "uuid_parsing": "deve essere un UUID",
    "date_type": "deve essere una data AAAA-MM-GG",
    "date_parsing": "deve essere una data AAAA-MM-GG",
    "date_from_datetime_parsing": "deve essere una data AAAA-MM-GG",
    "date_from_datetime_inexact": "deve essere una data AAAA-MM-GG, senza ora",
    "datetime_type": "deve essere un istante RFC 3339",
    "datetime_parsing": "deve essere un istante RFC 3339",
    "datetime_from_date_parsing": "deve essere un istante RFC 3339",
    "timezone_aware": "l'istante deve avere il fuso orario",
    "value_error": "{error}",
}
_MAX_ITEMS = 50


def problem_response(refusal: Refusal, *, instance: str | None = None) -> Response:
    """Renders a refusal."""
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == Unauthenticated.status:
        headers["WWW-Authenticate"] = 'Bearer realm="quartieri"'
    return Response(
        content=orjson.dumps(refusal.problem(instance)),
        status_code=refusal.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers,
    )


def _message(error: dict[str, Any]) -> str:
    template = _MESSAGES.get(str(error["type"]), "valore non valido")
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    try:
        return template.format(**context)
    except (KeyError, IndexError):
        return "valore non valido"


def _place(location: tuple[Any, ...]) -> str:
    """Where in the body a defect is; a name the caller made up is repeated without what cannot be printed."""
    place = ".".join(str(part) for part in location if part != "body")[:200]
    return "".join(letter if letter.isprintable() else "?" for letter in place) or "corpo"


def validation_refusal(errors: list[dict[str, Any]]) -> Invalid:
    """All defects of a request at once, each with its field; the values themselves are not repeated."""
    items = [{"campo": _place(error["loc"]), "messaggio": _message(error)[:500]} for error in errors[:_MAX_ITEMS]]
    first = items[0] if items else {"campo": "corpo", "messaggio": "valore non valido"}
    more = f" (e altri {len(errors) - 1} difetti)" if len(errors) > 1 else ""
    return Invalid(
        f"{first['campo']}: {first['messaggio']}{more}.",
        field=first["campo"],
        remedy="Correggere i campi elencati in `errori` e ripetere la richiesta.",
        items=items,
    )


_BY_STATUS: dict[int, tuple[type[Refusal], str]] = {
    400: (BadRequest, "La richiesta non e' leggibile."),
    401: (Unauthenticated, "Manca il token di accesso."),
    403: (Forbidden, "Operazione non consentita."),
    404: (NotFound, "Questo indirizzo non esiste."),
    405: (MethodNotAllowed, "Questo indirizzo non offre il metodo richiesto."),
    406: (NotAcceptable, "Nessuno dei formati accettati e' disponibile."),
    409: (Conflict, "Lo stato attuale non consente l'operazione."),
    413: (TooLarge, "La richiesta e' troppo grande."),
    415: (UnsupportedMediaType, "Il formato del corpo non e' supportato."),
}


def refusal_of(error: Exception) -> Refusal:
    """The refusal that answers an exception; anything unforeseen is an internal error, logged in full."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return validation_refusal(list(error.errors()))
    if isinstance(error, HTTPException):
        kind, detail = _BY_STATUS.get(error.status_code, (BadRequest, "La richiesta non e' valida."))
        return kind(detail)
    unavailable = as_unavailable(error)
    if unavailable is not None:
        log.warning("unavailable", extra={"error": repr(error)[:500]})
        return unavailable
    log.error("internal error", exc_info=error)
    return InternalError(
        "Si e' verificato un errore imprevisto: nulla e' stato scritto.",
        remedy="Segnalare il numero della richiesta (X-Request-Id) a chi gestisce la piattaforma.",
    )


async def answer_error(request: Request, error: Exception) -> Response:
    """Exception handler of every service."""
    response = problem_response(refusal_of(error), instance=quote(request.scope["path"][:500], safe="/:@"))
    allow = getattr(error, "headers", None)
    if isinstance(error, HTTPException) and allow:
        response.headers.update(allow)
    return response


def add_problem_handlers(app: FastAPI) -> None:
    """Registers the handlers; what they do not know is answered by the outermost middleware."""
    for kind in (Refusal, RequestValidationError, HTTPException, sa.exc.SQLAlchemyError, OSError):
        app.add_exception_handler(kind, answer_error)
