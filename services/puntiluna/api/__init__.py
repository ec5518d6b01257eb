"""HTTP of puntiluna, by noun: one route = who may call + one call."""

from services.puntiluna.api.distinte import api as distinte
from services.puntiluna.api.fondi import api as fondi
from services.puntiluna.api.nuclei import api as nuclei
from services.puntiluna.api.proprietari import api as proprietari
from services.puntiluna.api.registro import api as registro
from services.puntiluna.api.tariffe import api as tariffe

APIS = (fondi, tariffe, nuclei, proprietari, distinte, registro)
