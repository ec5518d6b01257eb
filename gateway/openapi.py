"""The joined OpenAPI 3.1 document: the services' documents under one roof, without clashes of names."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.paths import SERVICES

Document = dict[str, Any]

VERSION = "1.0.0"
_COMPONENT = re.compile(r"#/components/([A-Za-z]+)/([A-Za-z0-9._-]+)")
_METHODS = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace"})
_SHARED_KINDS = frozenset({"securitySchemes"})
_INFO: Document = {
    "title": "Quartieri",
    "version": VERSION,
    "summary": "Programmi di quartiere nell'edilizia residenziale pubblica.",
    "description": (
        "Bandi, laboratori sociali, inclusione attiva e PuntiLuna: le interfacce dei quattro servizi, "
        "riunite sotto un solo indirizzo. Ogni errore e' un problem document (RFC 9457) con un `type` stabile."
    ),
    "x-summary": "Programmi di quartiere nell'edilizia residenziale pubblica.",
    "x-api-id": "urn:quartieri:gateway",
    "termsOfService": "https://quartieri.example.it/condizioni",
    "contact": {"name": "Quartieri", "url": "https://quartieri.example.it", "email": "quartieri@example.it"},
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
_GATEWAY_TAG = {"name": "Gateway", "description": "Stato della piattaforma."}


def join(documents: Mapping[str, Document], public_url: str) -> Document:
    """One document of the services there are, in a fixed order.

    Paths get `/rest/SERVICE` before them; operation ids and component names get the service's name, so that two
    services may use the same name for two things. What is not under `/v1` is internal and left out.

    Args:
        documents: the OpenAPI document of each service, by name.
        public_url: address the public reaches the gateway at.
    """
    joined: Document = {
        "openapi": "3.1.0",
        "info": _INFO | _inherited(documents),
        "servers": [{"url": public_url, "description": "Indirizzo pubblico"}],
        "tags": [dict(_GATEWAY_TAG)],
        "paths": {"/status": {"get": _status_operation()}},
        "components": {},
    }
    for service in SERVICES:
        if service in documents:
            _add(joined, service, documents[service])
    operations = [value for item in joined["paths"].values() for key, value in item.items() if key in _METHODS]
    used = {tag for operation in operations for tag in operation.get("tags", ())}
    joined["tags"] = [tag for tag in joined["tags"] if tag["name"] in used]
    _prune(joined)
    return joined


def served_here(document: Document) -> Document:
    """The same document with this very address as its server, so that a page served beside it can try calls."""
    return document | {"servers": [{"url": "/", "description": "Questo gateway"}]}


def _inherited(documents: Mapping[str, Document]) -> Document:
    """Contact, terms and licence are the same everywhere: the services' own are taken where there are any."""
    for service in SERVICES:
        info = documents.get(service, {}).get("info", {})
        if info:
            return {name: info[name] for name in ("contact", "termsOfService", "license") if name in info}
    return {}


def _add(joined: Document, service: str, document: Document) -> None:
    for path, item in document.get("paths", {}).items():
        if not path.startswith("/v1/"):
            continue
        joined["paths"][f"/rest/{service}{path}"] = {
            key: _operation(value, service, document) if key in _METHODS else _renamed(value, service)
            for key, value in item.items()
        }
    for kind, components in document.get("components", {}).items():
        kept = joined["components"].setdefault(kind, {})
        for name, component in components.items():
            if kind in _SHARED_KINDS:
                kept.setdefault(name, component)
            else:
                kept[_name(service, name)] = _renamed(component, service)
    known = {tag["name"] for tag in joined["tags"]}
    joined["tags"] += [tag for tag in document.get("tags", []) if tag["name"] not in known]


def _prune(joined: Document) -> None:
    """Drops the components only internal routes referred to."""
    components = joined["components"]
    reached: set[tuple[str, str]] = set()
    waiting: list[Any] = [joined["paths"]]
    while waiting:
        for reference in _references(waiting.pop()):
            if reference not in reached:
                reached.add(reference)
                waiting.append(components.get(reference[0], {}).get(reference[1]))
    for kind in components.keys() - _SHARED_KINDS:
        components[kind] = {name: value for name, value in components[kind].items() if (kind, name) in reached}


def _references(value: Any) -> set[tuple[str, str]]:
    """Kind and name of every component a piece of the document refers to."""
    if isinstance(value, dict):
        return set().union(*map(_references, value.values()))
    if isinstance(value, list):
        return set().union(*map(_references, value))
    found = _COMPONENT.match(value) if isinstance(value, str) and value.startswith("#/components/") else None
    return {(found[1], found[2])} if found else set()


def _operation(operation: Document, service: str, document: Document) -> Document:
    renamed: Document = _renamed(operation, service)
    if "operationId" in renamed:
        renamed["operationId"] = f"{service}_{renamed['operationId']}"
    if "security" not in renamed and "security" in document:
        renamed["security"] = document["security"]
    return renamed


def _renamed(value: Any, service: str) -> Any:
    """A copy in which every reference to a component names the joined component."""
    if isinstance(value, dict):
        return {key: _renamed(item, service) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, service) for item in value]
    if isinstance(value, str) and value.startswith("#/components/"):
        found = _COMPONENT.match(value)
        if found and found[1] not in _SHARED_KINDS:
            return f"#/components/{found[1]}/{_name(service, found[2])}{value[found.end() :]}"
    return value


def _name(service: str, name: str) -> str:
    return service.capitalize() + name[:1].upper() + name[1:]


def _integer(maximum: int) -> Document:
    return {"type": "integer", "format": "int32", "minimum": 0, "maximum": maximum}


_STATE: Document = {"type": "string", "enum": ["ok", "non_disponibile"]}
_STATUS_SCHEMA: Document = {
    "type": "object",
    "required": ["stato", "servizi"],
    "maxProperties": 50,
    "properties": {
        "stato": {"type": "string", "enum": ["ok", "degradato"]},
        "servizi": {
            "type": "object",
            "maxProperties": 50,
            "required": list(SERVICES),
            "properties": dict.fromkeys(SERVICES, _STATE),
        },
    },
}
_TEXT: Document = {"type": "string", "maxLength": 2000, "pattern": r"^[^\x00]*$"}
_PROBLEM_SCHEMA: Document = {
    "type": "object",
    "required": ["type", "title", "status"],
    "maxProperties": 50,
    "properties": {
        "type": {"type": "string", "format": "uri", "maxLength": 200},
        "title": _TEXT,
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "instance": {"type": "string", "format": "uri-reference", "maxLength": 200},
        "rimedio": _TEXT,
    },
}


def _header(description: str, schema: Document) -> Document:
    return {"description": description, "schema": schema}


def _status_operation() -> Document:
    limits = {
        "X-RateLimit-Limit": _header("Richieste ammesse in un intervallo.", _integer(1_000_000)),
        "X-RateLimit-Remaining": _header("Richieste ancora possibili.", _integer(1_000_000)),
        "X-RateLimit-Reset": _header("Secondi dopo i quali il limite torna intero.", _integer(1_000_000)),
    }
    cache = {"Cache-Control": _header("Le risposte non si conservano.", _TEXT)}
    wait = {"Retry-After": _header("Secondi da attendere.", _integer(86_400))}
    problem = {"application/problem+json": {"schema": _PROBLEM_SCHEMA}}
    return {
        "operationId": "gateway_stato",
        "summary": "Stato della piattaforma",
        "description": "Dice quali servizi rispondono. Un servizio fermo non toglie gli altri.",
        "tags": [_GATEWAY_TAG["name"]],
        "security": [{}],
        "responses": {
            "200": {
                "description": "Lo stato di ogni servizio.",
                "headers": limits | cache,
                "content": {"application/json": {"schema": _STATUS_SCHEMA}},
            },
            "429": {"description": "Troppe richieste.", "headers": limits | wait, "content": problem},
            "503": {"description": "Momentaneamente non disponibile.", "headers": wait, "content": problem},
        },
    }
