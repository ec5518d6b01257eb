"""Tables of inclusione, by noun. People and households are pseudonymous ids; no table holds a name or a tax code."""

from services.inclusione.models.base import Base
from services.inclusione.models.indennita import (
    Liquidazione,
    LiquidazioneVoce,
    LottoLiquidazione,
    Patto,
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
from services.inclusione.models.misura import Misura, MisuraVersione
from services.inclusione.models.ora import Ora, Sessione
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

__all__ = [
    "Ammissione",
    "Base",
    "DoteMovimento",
    "Iscrizione",
    "Linea",
    "Liquidazione",
    "LiquidazioneVoce",
    "LottoLiquidazione",
    "Misura",
    "MisuraVersione",
    "Nucleo",
    "NucleoMembro",
    "Ora",
    "Patto",
    "PersonaCancellata",
    "PersonaUnita",
    "Pip",
    "PipBozza",
    "PipFirma",
    "PipPassaggio",
    "PipServizio",
    "PipSospensione",
    "PipVersione",
    "PresaInCaricoNota",
    "ProfiloFatto",
    "Progetto",
    "RispostaData",
    "Sessione",
    "TettoPersona",
    "ValutazioneFatta",
    "VerificaInItinere",
    "VoceIndennita",
]
