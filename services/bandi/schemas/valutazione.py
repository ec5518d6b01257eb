"""Bodies of the examination: what the machine finds, what commissioners declare."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, CodiceEnte, Conteggio, Istante, Soggetto, TestoMedio, Versione, View
from services.bandi.rules.dichiarazioni import EsitoDichiarazione
from services.bandi.schemas.domanda import DifettoVoce


class ControlliDomanda(View):
    """Che cosa trova la verifica automatica in una domanda presentata: l'ufficio decide, questa lo informa."""

    conforme: bool
    regole_versione: Conteggio = Field(description="La versione delle regole in vigore alla presentazione")
    rilievi: list[DifettoVoce] = Field(max_length=1000)


class Dichiarazione(Body):
    """Che cosa dichiara un commissario su una domanda."""

    domanda_id: UUID
    esito: EsitoDichiarazione
    motivo: TestoMedio | None = Field(default=None, description="Quale conflitto; solo se c'e'")


class DichiarazioniNuove(Body):
    """Le dichiarazioni di un commissario su una o piu' domande di un bando."""

    dichiarazioni: list[Dichiarazione] = Field(min_length=1, max_length=500)


class DichiarazioneVista(View):
    """Una domanda e un commissario: chi la presenta, che cosa e' stato dichiarato."""

    domanda_id: UUID
    protocollo: Versione
    capofila: CodiceEnte
    enti: list[CodiceEnte] = Field(max_length=200, description="Tutto il partenariato, sostenitori compresi")
    commissario: Soggetto
    esito: EsitoDichiarazione | None = Field(description="Assente finche' non e' dichiarato")
    motivo: TestoMedio | None
    dichiarata_il: Istante | None


class DichiarazioniScritte(View):
    """Quante dichiarazioni sono state registrate; quelle che ripetono cio' che vale gia' non si contano."""

    registrate: Conteggio
