"""Wiring of the service."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, load_settings
from services.bandi.api import APIS
from services.bandi.consumers import consumers
from services.bandi.events import EVENTS
from services.bandi.jobs import jobs, measures

SPEC = ServiceSpec(
    name="bandi",
    title="Quartieri - Bandi",
    summary="Bandi, domande, graduatorie e progetti",
    description=(
        "Bandi come dati, domande protocollate in ordine e senza buchi, graduatorie che si ricalcolano e si spiegano, "
        "progetti il cui denaro non supera mai quello che c'e'."
    ),
    version="1.0.0",
    apis=APIS,
    events=EVENTS,
    consumers=consumers,
    jobs=jobs,
    measures=measures,
    keeps_files=True,
)


def create_app(settings: ServiceSettings | None = None, *, background: bool = True) -> FastAPI:
    """The ASGI application of the service."""
    return build_app(SPEC, settings or load_settings("bandi"), background=background)
