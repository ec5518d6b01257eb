"""HTTP of the service, by noun: one route = who may call + one call."""

from services.bandi.api.adesioni import api as adesioni
from services.bandi.api.aperti import api as aperti
from services.bandi.api.bandi import api as bandi
from services.bandi.api.documenti import api as documenti
from services.bandi.api.domande import api as domande
from services.bandi.api.graduatorie import api as graduatorie
from services.bandi.api.monitoraggio import api as monitoraggio
from services.bandi.api.piani import api as piani
from services.bandi.api.progetti import api as progetti
from services.bandi.api.soccorsi import api as soccorsi
from services.bandi.api.spese import api as spese
from services.bandi.api.valutazioni import api as valutazioni

APIS = (
    bandi,
    domande,
    adesioni,
    documenti,
    graduatorie,
    progetti,
    piani,
    spese,
    monitoraggio,
    aperti,
    valutazioni,
    soccorsi,
)
