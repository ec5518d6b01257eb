"""The tables of the service, by noun."""

from services.laboratori.models.accessi import Accesso
from services.laboratori.models.attivita import Attivita, Iscrizione
from services.laboratori.models.base import Base
from services.laboratori.models.laboratori import Laboratorio, MembroEquipe, Orario, Progetto, Sede
from services.laboratori.models.nuclei import Contratto, Membro, Nucleo
from services.laboratori.models.persone import (
    Adesione,
    CondizionePersona,
    Consenso,
    Identita,
    Persona,
    PersonaEnte,
    PersonaLaboratorio,
    RilevazioneCondizioni,
)
from services.laboratori.models.presenze import FattoPresenza, Presenza
from services.laboratori.models.specchi import IscrizioneInclusione, PercorsoPip

__all__ = [
    "Accesso",
    "Adesione",
    "Attivita",
    "Base",
    "CondizionePersona",
    "Consenso",
    "Contratto",
    "FattoPresenza",
    "Identita",
    "Iscrizione",
    "IscrizioneInclusione",
    "Laboratorio",
    "Membro",
    "MembroEquipe",
    "Nucleo",
    "Orario",
    "PercorsoPip",
    "Persona",
    "PersonaEnte",
    "PersonaLaboratorio",
    "Presenza",
    "Progetto",
    "RilevazioneCondizioni",
    "Sede",
]
