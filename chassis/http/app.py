"""Builds the application of a service from its parts; each service's `main.py` is one call of this."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from chassis.events import Event
from chassis.http.api import Api
from chassis.http.middleware import Observe
from chassis.http.openapi import service_document
from chassis.http.ops import ops_router
from chassis.http.problems import add_problem_handlers
from chassis.inbox import Consumers
from chassis.jobs import Jobs
from chassis.measures import Measures
from chassis.settings import ServiceSettings, SettingsError


@dataclass(frozen=True)
class ServiceSpec:
    """What a service is made of.

    `name` is the service's name everywhere; `title`, `summary` and `description` are for integrators, in Italian.
    A service that keeps files does not start without a store for them.
    """

    name: str
    title: str
    summary: str
    description: str
    version: str
    apis: Sequence[Api]
    events: Sequence[type[Event]]
    consumers: Consumers
    jobs: Jobs = field(default_factory=Jobs)
    measures: Measures = field(default_factory=Measures)
    keeps_files: bool = False


def build_app(spec: ServiceSpec, settings: ServiceSettings, *, background: bool = True) -> FastAPI:
    """The ASGI application of a service.

    Args:
        spec: its parts.
        settings: its configuration, already checked.
        background: False keeps relay, consumers and jobs off (tests, documents).

    Raises:
        SettingsError: the service keeps files and the environment does not say where.
    """
    from chassis.runtime import Runtime  # it imports this package

    if background and spec.keeps_files and settings.store_url is None:
        raise SettingsError(f"Configuration error in the environment:\n  STORE_URL: {spec.name} keeps files, say where")
    runtime = Runtime(settings, spec.consumers, spec.jobs, spec.measures, background=background)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await runtime.start()
        try:
            yield
        finally:
            await runtime.stop()

    app = FastAPI(
        title=spec.title,
        version=spec.version,
        description=spec.description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.runtime = runtime
    app.state.spec = spec
    for api in spec.apis:
        app.include_router(api.router)
    app.include_router(ops_router(spec.name, spec.version, runtime, spec.events, spec.consumers))
    add_problem_handlers(app)
    app.add_middleware(Observe, metrics=runtime.metrics)
    _document_once(app, spec)
    return app


def _document_once(app: FastAPI, spec: ServiceSpec) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = service_document(
                app,
                name=spec.name,
                summary=spec.summary,
                api_id=f"quartieri-{spec.name}",
                tags=[{"name": api.tag, "description": api.description} for api in spec.apis],
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents to extend its document
