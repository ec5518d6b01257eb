"""The routes of a process that are not of its domain: status, probes, metrics, documents, and locally the clock."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints, field_validator

from chassis.asyncapi import asyncapi_document
from chassis.errors import Forbidden, Unavailable
from chassis.http.route import authenticate
from chassis.metrics import METRICS_MEDIA_TYPE
from chassis.ruoli import Ruolo
from chassis.types import Body, Istante, TestoBreve, View

if TYPE_CHECKING:
    from chassis.runtime import Runtime

FIRST_YEAR, LAST_YEAR = 1990, 2100

Nome = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]


class Stato(View):
    """Whether the service answers, and on what it stands."""

    servizio: Nome
    versione: TestoBreve
    stato: Nome = Field(description="`attivo` quando tutto cio' che serve risponde")
    dipendenze: dict[Nome, bool] = Field(description="per ogni dipendenza, se risponde")


class Adesso(Body):
    """An instant to make the platform's present."""

    adesso: Istante

    @field_validator("adesso")
    @classmethod
    def _within_the_calendar(cls, value: datetime) -> datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(f"l'orologio va dal {FIRST_YEAR} al {LAST_YEAR}")
        return value


class Orologio(View):
    """The platform's present."""

    adesso: Istante
    spostato: bool = Field(description="vero se l'orologio non segna l'ora reale")


def ops_router(name: str, version: str, runtime: "Runtime", events: Any, consumers: Any) -> APIRouter:
    """The operations routes of one service."""
    router = APIRouter()

    async def _state() -> Stato:
        dependencies = await runtime.is_ready()
        missing = sorted(key for key, up in dependencies.items() if not up)
        if not runtime.indispensable.isdisjoint(missing):
            raise Unavailable(
                f"Il servizio {name} non puo' lavorare: non rispondono {', '.join(missing)}.", retry_after=5
            )
        state = "degradato" if missing else "attivo"
        return Stato(servizio=name, versione=version, stato=state, dipendenze=dependencies)

    @router.get(
        "/status",
        tags=["Stato"],
        operation_id="stato",
        summary="Stato del servizio",
        description="Dice se il servizio e cio' da cui dipende rispondono.",
        openapi_extra={"security": [{}]},
    )
    async def status() -> Stato:
        return await _state()

    @router.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        if not runtime.is_alive:
            raise Unavailable("Il processo non riceve e non invia piu' eventi: va riavviato.", retry_after=5)
        return {"stato": "vivo"}

    @router.get("/readyz", include_in_schema=False)
    async def readyz() -> Stato:
        return await _state()

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(runtime.metrics.render(), media_type=METRICS_MEDIA_TYPE)

    @router.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi() -> dict[str, Any]:
        return asyncapi_document(name, version, events, consumers)

    if runtime.settings.is_local:
        _add_clock_routes(router, runtime)
    return router


def _add_clock_routes(router: APIRouter, runtime: "Runtime") -> None:
    def _orologio() -> Orologio:
        return Orologio(adesso=runtime.clock.now(), spostato=bool(runtime.clock.offset))

    @router.get("/orologio", include_in_schema=False)
    async def orologio() -> Orologio:
        return _orologio()

    @router.put("/orologio", include_in_schema=False)
    async def imposta_orologio(corpo: Adesso, request: Request) -> Orologio:
        principal = await authenticate(request, runtime, public=False)
        if not principal.has(Ruolo.AMMINISTRATORE):
            raise Forbidden("Solo un amministratore puo' spostare l'orologio.")
        runtime.clock.set(corpo.adesso)
        async with runtime.transaction() as session:
            await runtime.keep_clock(session)
        return _orologio()
