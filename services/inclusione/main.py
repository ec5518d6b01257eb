"""Wiring of inclusione."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, load_settings
from services.inclusione.api import APIS
from services.inclusione.consumers import consumers
from services.inclusione.events import EVENTS
from services.inclusione.jobs import jobs, measures

SPEC = ServiceSpec(
    name="inclusione",
    title="Quartieri - Inclusione attiva",
    summary="Iscrizioni, Piani di Intervento Personalizzato, dote, ore, indennita' e patti.",
    description=(
        "Misure come dati, iscrizioni spiegate regola per regola, piani firmati che prenotano la dote senza mai "
        "superare la linea del progetto, ore validate da una seconda persona, indennita' liquidata in lotti, quota dei "
        "patti alla morosita'. Le persone sono identificativi pseudonimi: nomi e codici fiscali stanno solo in "
        "laboratori."
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
    return build_app(SPEC, settings or load_settings("inclusione"), background=background)
