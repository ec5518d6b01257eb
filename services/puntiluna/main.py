"""Wiring of puntiluna."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, SettingsError, load_settings
from chassis.signing import open_signing
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
    keeps_files=True,
)


def create_app(settings: ServiceSettings | None = None, *, background: bool = True) -> FastAPI:
    """The application of the service.

    Raises:
        SettingsError: it has no key to sign with, or one that cannot be read.
    """
    settings = settings or load_settings("puntiluna")
    try:
        if open_signing(settings) is None:
            raise ValueError("Field required")
    except ValueError as error:
        raise SettingsError(f"Configuration error in the environment:\n  PUNTILUNA_SIGNING_KEY: {error}") from None
    return build_app(SPEC, settings, background=background)
