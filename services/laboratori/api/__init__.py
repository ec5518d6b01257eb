"""HTTP of the service, by noun: one route = who may call + one call."""

from services.laboratori.api.accessi import api as accessi
from services.laboratori.api.attivita import api as attivita
from services.laboratori.api.identita import api as identita
from services.laboratori.api.laboratori import api as laboratori
from services.laboratori.api.nuclei import api as nuclei
from services.laboratori.api.persone import api as persone
from services.laboratori.api.presenze import api as presenze
from services.laboratori.api.profilo import api as profilo

APIS = (laboratori, persone, profilo, identita, nuclei, accessi, attivita, presenze)

__all__ = ["APIS"]
