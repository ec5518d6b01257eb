"""`quartieri openapi` and `quartieri asyncapi`: the published documents, written where integrators find them.

They are made from the code alone: no database, no broker, no environment.
"""

import importlib
import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from chassis.asyncapi import asyncapi_document
from chassis.http.openapi import PUBLIC_URL
from chassis.settings import load_settings
from cli.console import CommandError, console
from cli.names import SERVICES
from gateway.openapi import join

DOCS = Path(__file__).parents[1] / "docs"
JOINED = "quartieri"

# The documents do not depend on the configuration; an application cannot be built without one.
_NOWHERE = {
    "QUARTIERI_ENV": "production",
    "ISSUER_URL": "https://issuer.invalid",
    "JWKS_URL": "https://issuer.invalid/jwks.json",
    "NATS_URL": "nats://nats.invalid",
    "CURSOR_KEY": "documents-are-made-without-a-single-cursor",
    "PUNTILUNA_SIGNING_KEY": "documents-are-made-without-a-single-signature",
    "INCLUSIONE_IBAN_KEYS": "documents-are-made-without-a-single-account",
}


def write_openapi(*, check: bool = False) -> None:
    """Write one document a service and the joined one of the gateway.

    Args:
        check: write nothing and refuse when a file is not what the code says.
    """
    documents: dict[str, dict[str, Any]] = {service: application(service).openapi() for service in SERVICES}
    _write(DOCS / "openapi", {**documents, JOINED: join(documents, PUBLIC_URL)}, check=check, command="openapi")


def write_asyncapi(*, check: bool = False) -> None:
    """Write one document a service.

    Args:
        check: write nothing and refuse when a file is not what the code says.
    """
    documents = {}
    for service in SERVICES:
        spec = application(service).state.spec
        documents[service] = asyncapi_document(spec.name, spec.version, spec.events, spec.consumers)
    _write(DOCS / "asyncapi", documents, check=check, command="asyncapi")


def write_states(*, check: bool = False) -> None:
    """Write the page of the states of plans and hours from the table of the steps.

    Args:
        check: write nothing and refuse when the page is not what the table says.
    """
    from services.inclusione.rules.stati import disegna

    path, text = DOCS / "stati.md", disegna()
    if check and _read(path) != text:
        raise CommandError(
            f"{path} non corrisponde alla tabella dei passaggi: esegui `quartieri stati` e consegna il risultato con "
            "la modifica."
        )
    if not check:
        path.write_text(text, "utf-8")
    console.print(str(path))


def application(service: str) -> FastAPI:
    """A service's application, never started."""
    environ = {**_NOWHERE, f"{service.upper()}_DATABASE_URL": "postgresql://nobody@database.invalid/nothing"}
    settings = load_settings(service, environ)
    app: FastAPI = importlib.import_module(f"services.{service}.main").create_app(settings, background=False)
    return app


def _write(folder: Path, documents: dict[str, dict[str, Any]], *, check: bool, command: str) -> None:
    texts = {
        f"{name}.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        for name, document in documents.items()
    }
    if check:
        old = [name for name, text in texts.items() if _read(folder / name) != text]
        if old:
            raise CommandError(
                f"{', '.join(old)} in {folder} non corrisponde al codice: esegui `quartieri {command}` e consegna il "
                "risultato insieme alla modifica."
            )
        console.print(f"{len(texts)} documenti aggiornati in {folder}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
        console.print(str(folder / name))


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
