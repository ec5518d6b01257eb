"""Finishes FastAPI's OpenAPI 3.1 document to the conventions of Italian public APIs (AgID/ModI).

What FastAPI cannot know is added here once: problem+json for every error, rate-limit and cache headers, the keys of
idempotency and versions, formats of integers, who may call.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chassis.asyncapi import CONTACT
from chassis.money import format_cents

PUBLIC_URL = "https://api.quartieri.example"
TERMS = "https://quartieri.example/condizioni"
LICENSE = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}

_INT32 = 2**31 - 1

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Un errore (RFC 9457). `type` e' stabile: e' la chiave con cui un programma riconosce il rifiuto.",
    "required": ["type", "title", "status"],
    "maxProperties": 20,
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:quartieri:problema:bando-scaduto"]},
        "title": {"type": "string", "maxLength": 200, "pattern": "^.*$"},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 4000, "pattern": "^[^\\u0000]*$"},
        "instance": {"type": "string", "format": "uri-reference"},
        "campo": {"type": "string", "maxLength": 200, "pattern": "^.*$", "description": "il campo in difetto"},
        "rimedio": {"type": "string", "maxLength": 4000, "pattern": "^[^\\u0000]*$", "description": "che cosa fare"},
        "errori": {
            "type": "array",
            "minItems": 0,
            "maxItems": 1000,
            "description": "tutti i difetti insieme, quando sono piu' d'uno",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["campo", "messaggio"],
                "properties": {
                    "campo": {"type": "string", "maxLength": 200, "pattern": "^.*$"},
                    "messaggio": {"type": "string", "maxLength": 2000, "pattern": "^[^\\u0000]*$"},
                },
            },
        },
    },
}

_COUNT = {"type": "integer", "format": "int32", "minimum": 0, "maximum": _INT32}
_HEADERS: dict[str, Any] = {
    "X-RateLimit-Limit": {"description": "Richieste ammesse nella finestra", "schema": _COUNT},
    "X-RateLimit-Remaining": {"description": "Richieste ancora disponibili", "schema": _COUNT},
    "X-RateLimit-Reset": {"description": "Secondi al ripristino della finestra", "schema": _COUNT},
    "Retry-After": {"description": "Secondi da attendere prima di riprovare", "schema": _COUNT},
    "Cache-Control": {
        "description": "Come la risposta puo' essere conservata",
        "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
    },
    "X-Request-Id": {
        "description": "Il numero della richiesta, da citare nelle segnalazioni",
        "schema": {"type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9._-]+$"},
    },
    "ETag": {
        "description": "La versione della risorsa, da ripetere in If-Match",
        "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]*$"},
    },
    "Idempotency-Hit": {
        "description": "`true` se la risposta e' quella gia' data alla stessa Idempotency-Key",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
_RATE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")

_ERRORS = {
    "400": "La richiesta non e' leggibile",
    "401": "Token assente o non valido",
    "403": "Il chiamante non puo' fare questo",
    "404": "La risorsa non esiste",
    "409": "Lo stato attuale non consente l'operazione",
    "412": "La risorsa e' cambiata nel frattempo",
    "413": "Il corpo e' troppo grande",
    "415": "Il formato del corpo non e' supportato",
    "422": "La richiesta ha uno o piu' difetti",
    "428": "Manca If-Match",
    "429": "Troppe richieste",
    "500": "Errore interno",
    "503": "Servizio momentaneamente non disponibile",
}

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "Chiave scelta dal chiamante: la stessa richiesta ripetuta con la stessa chiave riceve la prima risposta "
        "e non ha un secondo effetto. Conservata 90 giorni."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "L'ETag letto con la risorsa, dove la modifica lo richiede",
    "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]*$"},
}
_SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": (
        "JWT firmato da chi rilascia i token dell'ente, verificato secondo RFC8725: algoritmi fissi, iss, aud, exp. "
        "La claim `roles` elenca i ruoli, `ente` l'organizzazione per cui si agisce."
    ),
}
_METHODS = ("get", "post", "put", "patch", "delete")


def service_document(
    app: FastAPI, *, name: str, summary: str, api_id: str, tags: list[dict[str, str]]
) -> dict[str, Any]:
    """The finished document of one service.

    Args:
        app: the service.
        name: its name, as in the public path.
        summary: one line about it, in Italian.
        api_id: a stable identifier of the API.
        tags: the themes, with their descriptions.
    """
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=summary,
        description=app.description,
        routes=app.routes,
        tags=[*tags, {"name": "Stato", "description": "Stato del servizio."}],
        contact=CONTACT,
        terms_of_service=TERMS,
        license_info=LICENSE,
        servers=[{"url": f"{PUBLIC_URL}/rest/{name}", "description": "Produzione"}],
    )
    document["info"] |= {"x-summary": summary, "x-api-id": api_id}
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unwanted in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unwanted, None)
    schemas["Problema"] = PROBLEM
    components["securitySchemes"] = {"bearerAuth": _SECURITY_SCHEME}
    components["headers"] = _HEADERS
    for item in document.get("paths", {}).values():
        for method in _METHODS:
            if method in item:
                _finish_operation(method, item[method])
    _finish_schemas(document["paths"])
    _finish_schemas(schemas)
    return document


def _finish_operation(method: str, operation: dict[str, Any]) -> None:
    secured = bool(operation.get("security") and operation["security"][0])
    responses = operation["responses"]
    codes = {"400", "422", "429", "500", "503"}
    codes |= {"401", "403"} if secured else set()
    codes |= {"404"} if operation.get("parameters") or method != "get" else set()
    codes |= {"409", "412", "413", "415", "428"} if method != "get" else set()
    for code in sorted(codes):
        responses[code] = {
            "description": _ERRORS[code],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problema"}}},
        }
    for code, response in responses.items():
        names = ["X-Request-Id"]
        names += _RATE if code[0] in "24" else ()
        names += ["Retry-After"] if code in ("429", "503") else []
        names += ["Cache-Control", "ETag"] if code[0] == "2" else []
        names += ["Idempotency-Hit"] if code[0] == "2" and method == "post" else []
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    extra = {
        "post": [] if operation.get("x-lettura") else [_IDEMPOTENCY_KEY],
        "put": [_IF_MATCH],
        "patch": [_IF_MATCH],
        "delete": [_IF_MATCH],
    }.get(method)
    if extra and secured:
        operation["parameters"] = [*operation.get("parameters", []), *extra]
    if secured and operation.get("x-ruoli"):
        roles = ", ".join(f"`{role}`" for role in operation["x-ruoli"])
        operation["description"] = f"{operation.get('description', operation['summary'])}\n\nRuoli: {roles}."
    operation.setdefault("description", operation.get("summary", ""))


def _finish_schemas(node: Any) -> None:
    """Walks schemas: integer formats, amounts as text, `minItems`, `const` as `enum`, and no generated titles."""
    if isinstance(node, list):
        for item in node:
            _finish_schemas(item)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind == "integer" and "maximum" in node:
        node.setdefault("format", "int32" if abs(node["maximum"]) <= _INT32 else "int64")
    if kind == "string" and isinstance(node.get("default"), int):
        node["default"] = format_cents(node["default"])
    if kind == "array":
        node.setdefault("minItems", 0)
    if "const" in node and kind == "string":
        node["enum"] = [node.pop("const")]
    if isinstance(node.get("title"), str) and ("type" in node or "anyOf" in node or "$ref" in node):
        node.pop("title")
    for value in node.values():
        _finish_schemas(value)
