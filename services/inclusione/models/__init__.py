"""Tables of inclusione, by noun. People and households are pseudonymous ids; no table holds a name or a tax code."""

from services.inclusione.models.base import Base
from services.inclusione.models.indennita import (
    Liquidazione,
    LiquidazioneVoce,
    LottoLiquidazione,
    VoceIndennita,
)
from services.inclusione.models.iscrizione import (
    Ammissione,
    Iscrizione,
    ProfiloFatto,
    RispostaData,
    ValutazioneFatta,
    VerificaInItinere,
)
from services.inclusione.models.lavoro import Azienda, Contratto, Disponibilita, Posizione, Tirocinio
from services.inclusione.models.misura import Misura, MisuraVersione
from services.inclusione.models.ora import Ora, Sessione
from services.inclusione.models.pagamento import Flusso, FlussoRiga, IbanPersona, Segreto
from services.inclusione.models.patto import Contributo, Patto, PattoGruppo
from services.inclusione.models.persone import (
    Nucleo,
    NucleoMembro,
    PersonaCancellata,
    PersonaUnita,
    PresaInCaricoNota,
)
from services.inclusione.models.pip import (
    DoteMovimento,
    Pip,
    PipBozza,
    PipFirma,
    PipPassaggio,
    PipServizio,
    PipSospensione,
    PipVersione,
    TettoPersona,
)
from services.inclusione.models.progetto import Linea, Progetto
from services.inclusione.models.rimborso import DomandaRimborso, OperatoreLinea, RimborsoRiga
from services.inclusione.models.risultato import Attestato, Impresa, ImpresaTraguardo, Obiettivo

__all__ = [
    "Ammissione",
    "Attestato",
    "Azienda",
    "Base",
    "Contratto",
    "Contributo",
    "Disponibilita",
    "DomandaRimborso",
    "DoteMovimento",
    "Flusso",
    "FlussoRiga",
    "IbanPersona",
    "Impresa",
    "ImpresaTraguardo",
    "Iscrizione",
    "Linea",
    "Liquidazione",
    "LiquidazioneVoce",
    "LottoLiquidazione",
    "Misura",
    "MisuraVersione",
    "Nucleo",
    "NucleoMembro",
    "Obiettivo",
    "OperatoreLinea",
    "Ora",
    "Patto",
    "PattoGruppo",
    "PersonaCancellata",
    "PersonaUnita",
    "Pip",
    "PipBozza",
    "PipFirma",
    "PipPassaggio",
    "PipServizio",
    "PipSospensione",
    "PipVersione",
    "Posizione",
    "PresaInCaricoNota",
    "ProfiloFatto",
    "Progetto",
    "RimborsoRiga",
    "RispostaData",
    "Segreto",
    "Sessione",
    "TettoPersona",
    "Tirocinio",
    "ValutazioneFatta",
    "VerificaInItinere",
    "VoceIndennita",
]
