"""Wiring of puntiluna."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, load_settings
from services.puntiluna.api import APIS
from services.puntiluna.consumers import consumers
from services.puntiluna.events import EVENTS
from services.puntiluna.jobs import jobs, measures

SPEC = ServiceSpec(
    name="puntiluna",
    title="Quartieri - PuntiLuna",
    summary="Il registro dei punti: fondi, accrediti, riduzioni della morosità, distinte.",
    description=(
        "Un punto vale un euro di morosità ed esce solo da un fondo che ha quell'euro. Registro in partita doppia, "
        "immutabile e sigillato; riduzioni prenotate dai nuclei, prelevate e confermate dai proprietari; distinte "
        "liquidate dal Comune. Persone e nuclei sono identificativi pseudonimi."
    ),
    version="1.0.0",
    apis=APIS,
    events=EVENTS,
    consumers=consumers,
    jobs=jobs,
    measures=measures,
)


def create_app(settings: ServiceSettings | None = None, *, background: bool = True) -> FastAPI:
    """The application of the service."""
    return build_app(SPEC, settings or load_settings("puntiluna"), background=background)
