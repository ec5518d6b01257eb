"""The tables of the service, by noun."""

from services.bandi.models.bando import Bando, BandoVersione, Commissario, Linea
from services.bandi.models.base import Base
from services.bandi.models.documento import Deposito, Documento, DocumentoPresentato
from services.bandi.models.domanda import (
    AdesionePartner,
    DichiarazioneInteresse,
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
from services.bandi.models.monitoraggio import (
    Obbligo,
    ProspettoAlloggi,
    RisultatoIndicatore,
    Spazio,
    StatoLavori,
)
from services.bandi.models.piano import Piano, PianoQuota, QuotaPartner, Rimodulazione
from services.bandi.models.progetto import MovimentoProgetto, Progetto, ProgettoLinea
from services.bandi.models.soccorso import Soccorso
from services.bandi.models.spesa import (
    DichiarazioneSpesa,
    EsameSpesa,
    Rendiconto,
    RendicontoLinea,
    VoceEsaminata,
    VoceSpesa,
)
from services.bandi.models.sportello import Prenotazione, PrenotazioneLinea

__all__ = [
    "AdesionePartner",
    "Bando",
    "BandoVersione",
    "Base",
    "Commissario",
    "Deposito",
    "DichiarazioneInteresse",
    "DichiarazioneSpesa",
    "Documento",
    "DocumentoPresentato",
    "Domanda",
    "DomandaPresentata",
    "EsameSpesa",
    "Graduatoria",
    "Istruttoria",
    "Linea",
    "Membro",
    "MovimentoProgetto",
    "Obbligo",
    "Piano",
    "PianoQuota",
    "Prenotazione",
    "PrenotazioneLinea",
    "Progetto",
    "ProgettoLinea",
    "ProspettoAlloggi",
    "Punteggio",
    "QuotaMembro",
    "QuotaPartner",
    "Rendiconto",
    "RendicontoLinea",
    "RigaGraduatoria",
    "Rimodulazione",
    "RisultatoIndicatore",
    "Scheda",
    "Soccorso",
    "SottoProgetto",
    "Spazio",
    "StatoLavori",
    "VoceEsaminata",
    "VoceSpesa",
]
