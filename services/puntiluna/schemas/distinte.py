"""Distinte, and the state of the register."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, CodiceEnte, Conteggio, Euro, Istante, Soggetto, TestoBreve, Versione, View
from services.puntiluna.rules.distinte import ModoLiquidazione, StatoDistinta
from services.puntiluna.rules.riduzioni import OrigineRiduzione, StatoRiduzione
from services.puntiluna.schemas.comuni import ContrattoCodice, Periodo, Protocollo


class DistintaNuova(Body):
    """A Distinta to compose."""

    ente_proprietario: CodiceEnte
    periodo: Periodo = Field(description="mese delle risposte dell'ente")
    progetto_id: UUID | None = Field(default=None, description="solo le riduzioni dei nuclei di questo progetto")


class LiquidazioneNuova(Body):
    """The settlement of a Distinta."""

    atto: TestoBreve = Field(description="mandato di pagamento, o scrittura interna se il proprietario è il Comune")


class DistintaVista(View):
    """A Distinta."""

    distinta_id: UUID
    versione: Versione
    ente_proprietario: CodiceEnte
    periodo: Periodo
    progetto_id: UUID | None
    stato: StatoDistinta
    modo: ModoLiquidazione
    righe: Conteggio
    totale: Euro
    totale_punti: Euro = Field(description="parte pagata con punti")
    totale_quote: Euro = Field(description="parte pagata con quote di indennità")
    composta_il: Istante
    composta_da: Soggetto
    approvata_il: Istante | None
    approvata_da: Soggetto | None
    liquidata_il: Istante | None
    liquidata_da: Soggetto | None
    atto: TestoBreve | None


class RigaDistintaVista(View):
    """A confirmed reduction in a Distinta."""

    riduzione_id: UUID
    protocollo: Protocollo
    contratto_codice: ContrattoCodice
    origine: OrigineRiduzione
    confermato: Euro
    stato: StatoRiduzione
    riferimento: TestoBreve | None
    risposta_il: Istante | None
