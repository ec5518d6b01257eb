"""Bodies of the acts on a published call: money, terms, phases, outcome, commission."""

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Soggetto, TestoBreve, View
from services.bandi.rules.bando import CategoriaEnte, Fase
from services.bandi.schemas.bando import Atto, Giorno, ImportoLinea, IstanteBando, Mesi


class IntegrazioneNuova(Atto):
    """Altri fondi per una o piu' linee."""

    importi: list[ImportoLinea] = Field(min_length=1, max_length=50)


class ProrogaBandoNuova(Atto):
    """Nuovi termini di un bando pubblicato; cio' che manca resta com'e'."""

    finestra: Codice | None = Field(default=None, description="La finestra che si proroga, invece di tutto il bando")
    chiude_il: IstanteBando | None = None
    durata_massima_mesi: Mesi | None = None
    termine_ultimo: Giorno | None = None


class FaseNuova(Atto):
    """L'apertura della fase seguente del programma."""

    fase: Fase


class EnteAffidatario(Body):
    """Un ente cui e' affidato un progetto."""

    ente: CodiceEnte
    denominazione: TestoBreve
    categoria: CategoriaEnte


class EsitoAffidamento(Atto):
    """L'esito di una gara svolta altrove: chi l'ha vinta, con chi, per quanto."""

    titolo: TestoBreve
    aggiudicatario: EnteAffidatario
    altri: list[EnteAffidatario] = Field(default_factory=list, max_length=50, description="Chi lavora con lui")
    comune: TestoBreve | None = None
    quartiere: TestoBreve | None = None
    durata_mesi: Mesi
    importi: list[ImportoLinea] = Field(min_length=1, max_length=50)


class CommissioneNuova(Atto):
    """I commissari che valutano le domande del bando."""

    commissari: list[Soggetto] = Field(min_length=1, max_length=50)


class Commissione(View):
    """La commissione di un bando."""

    commissari: list[Soggetto] = Field(max_length=500)
