"""Wiring of inclusione."""

from fastapi import FastAPI

from chassis.http import ServiceSpec, build_app
from chassis.settings import ServiceSettings, SettingsError, load_settings
from chassis.vault import Keyring
from services.inclusione.api import APIS
from services.inclusione.consumers import consumers
from services.inclusione.events import EVENTS
from services.inclusione.jobs import jobs, measures
from services.inclusione.service.iban import SCOPO

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
    """The application of the service.

    Raises:
        SettingsError: a variable is missing or wrong, the keys of the account numbers too.
    """
    read = settings or load_settings("inclusione")
    app = build_app(SPEC, read, background=background)
    app.state.chiavi_iban = chiavi_iban(read)
    return app


def chiavi_iban(settings: ServiceSettings) -> Keyring:
    """The keys of the account numbers.

    Raises:
        SettingsError: none is given, or one is weak.
    """
    try:
        return Keyring.parse(settings.iban_keys.get_secret_value() if settings.iban_keys else "", purpose=SCOPO)
    except ValueError as error:
        raise SettingsError(f"Configuration error in the environment:\n  INCLUSIONE_IBAN_KEYS: {error}") from None
