"""HTTP of puntiluna, by noun: one route = who may call + one call."""

from services.puntiluna.api.debiti import api as debiti
from services.puntiluna.api.distinte import api as distinte
from services.puntiluna.api.enti import api as enti
from services.puntiluna.api.estratti import api as estratti
from services.puntiluna.api.flussi import api as flussi
from services.puntiluna.api.fondi import api as fondi
from services.puntiluna.api.lotti import api as lotti
from services.puntiluna.api.nuclei import api as nuclei
from services.puntiluna.api.registro import api as registro
from services.puntiluna.api.saldi import api as saldi
from services.puntiluna.api.solidale import api as solidale
from services.puntiluna.api.tariffe import api as tariffe

APIS = (fondi, tariffe, nuclei, estratti, saldi, flussi, solidale, debiti, lotti, distinte, enti, registro)
