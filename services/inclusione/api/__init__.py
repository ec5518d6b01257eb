"""HTTP of inclusione, by noun: one route is who may call and one call."""

from services.inclusione.api.documenti import api as documenti
from services.inclusione.api.indennita import api as indennita
from services.inclusione.api.iscrizioni import api as iscrizioni
from services.inclusione.api.lavoro import api as lavoro
from services.inclusione.api.linee import api as linee
from services.inclusione.api.misure import api as misure
from services.inclusione.api.ore import api as ore
from services.inclusione.api.pagamenti import api as pagamenti
from services.inclusione.api.patti import api as patti
from services.inclusione.api.piani import api as piani
from services.inclusione.api.registri import api as registri
from services.inclusione.api.residenti import api as residenti
from services.inclusione.api.rimborsi import api as rimborsi
from services.inclusione.api.risultati import api as risultati
from services.inclusione.api.tirocini import api as tirocini

APIS = (
    misure,
    linee,
    iscrizioni,
    piani,
    documenti,
    ore,
    registri,
    indennita,
    pagamenti,
    patti,
    rimborsi,
    lavoro,
    tirocini,
    risultati,
    residenti,
)

__all__ = ["APIS"]
