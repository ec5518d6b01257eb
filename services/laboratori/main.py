"""Wiring of the service."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, load_settings
from services.laboratori.api import APIS
from services.laboratori.consumers import consumers
from services.laboratori.events import EVENTS
from services.laboratori.jobs import measures

SPEC = ServiceSpec(
    name="laboratori",
    title="Quartieri - Laboratori",
    summary="Laboratori sociali di quartiere, persone, nuclei e presenze",
    description=(
        "I laboratori sociali dei quartieri di edilizia pubblica: sede, orari ed equipe, persone e nuclei con i loro "
        "contratti, accessi allo sportello, attivita' e ore di presenza. E' l'unico servizio che conserva nomi, codici "
        "fiscali e condizioni: ovunque altrove una persona e' uno pseudonimo."
    ),
    version="1.0.0",
    apis=APIS,
    events=EVENTS,
    consumers=consumers,
    measures=measures,
)


def create_app(settings: ServiceSettings | None = None, *, background: bool = True) -> FastAPI:
    """Build the application.

    Args:
        settings: configuration; read from the environment if not given.
        background: false keeps relay and consumers off.
    """
    return build_app(SPEC, settings or load_settings("laboratori"), background=background)
