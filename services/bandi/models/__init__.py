"""The tables of the service, by noun."""

from services.bandi.models.bando import Bando, BandoVersione, Commissario, Linea
from services.bandi.models.base import Base
from services.bandi.models.domanda import (
    AdesionePartner,
    Domanda,
    DomandaPresentata,
    Istruttoria,
    Membro,
    Punteggio,
    QuotaMembro,
    Scheda,
    SottoProgetto,
)
from services.bandi.models.graduatoria import Graduatoria, RigaGraduatoria
from services.bandi.models.progetto import MovimentoProgetto, Progetto, ProgettoLinea
from services.bandi.models.sportello import Prenotazione, PrenotazioneLinea

__all__ = [
    "AdesionePartner",
    "Bando",
    "BandoVersione",
    "Base",
    "Commissario",
    "Domanda",
    "DomandaPresentata",
    "Graduatoria",
    "Istruttoria",
    "Linea",
    "Membro",
    "MovimentoProgetto",
    "Prenotazione",
    "PrenotazioneLinea",
    "Progetto",
    "ProgettoLinea",
    "Punteggio",
    "QuotaMembro",
    "RigaGraduatoria",
    "Scheda",
    "SottoProgetto",
]
