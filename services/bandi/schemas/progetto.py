"""Bodies of funded projects, of the acts on them and of the money waterfall."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules.bando import CategoriaEnte
from services.bandi.rules.domanda import RuoloPartner
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento
from services.bandi.schemas.bando import Atto, Azione, Giorno, ImportoLinea
from services.bandi.schemas.graduatoria import ImportoLineaVista

Cup = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z][0-9]{11}$", max_length=15)]
"""A CUP in its one form."""


class QuotaMovimento(Body):
    """La parte di un ente in un impegno o in un pagamento."""

    ente: CodiceEnte
    importo: Euro


class ImportoMovimento(ImportoLinea):
    """Un importo su una linea; senza quote si divide fra gli enti in proporzione a cio' che resta a ciascuno."""

    quote: list[QuotaMovimento] = Field(default_factory=list, max_length=200)


class MovimentoNuovo(Atto):
    """Un impegno o un pagamento, per linea."""

    importi: list[ImportoMovimento] = Field(min_length=1, max_length=50)


class RecuperoNuovo(Atto):
    """Denaro restituito da un progetto finito, per linea."""

    importi: list[ImportoLinea] = Field(min_length=1, max_length=50)


class AvvioNuovo(Atto):
    """L'avvio di un progetto: la fine si conta dalla sua durata."""

    inizio: Giorno


class ProrogaNuova(Atto):
    """La nuova fine di un progetto."""

    fine: Giorno


class RinunciaNuova(Atto):
    """La rinuncia del capofila al finanziamento."""

    motivo: TestoMedio


class RevocaNuova(Atto):
    """La revoca del finanziamento decisa dall'ufficio."""

    motivo: TestoMedio


class MembroVista(View):
    """Un ente del partenariato."""

    ente: CodiceEnte
    denominazione: TestoBreve
    categoria: CategoriaEnte
    ruolo: RuoloPartner


class CascataVista(View):
    """Il denaro: programmato >= ammesso >= impegnato >= erogato."""

    programmato: Euro
    ammesso: Euro
    impegnato: Euro
    erogato: Euro


class LineaProgetto(CascataVista):
    """Il denaro di un progetto su una linea."""

    linea: Codice
    azione: Azione
    fondo: TestoBreve


class ProgettoVoce(View):
    """Un progetto nell'elenco."""

    progetto_id: UUID
    codice: Codice
    bando: Codice
    titolo: TestoBreve
    capofila: CodiceEnte
    comune: TestoBreve | None
    quartiere: TestoBreve | None
    stato: StatoProgetto
    inizio: date | None
    fine: date | None
    cup: Cup | None = None
    linee: list[LineaProgetto] = Field(max_length=50)


class ProgettoDettaglio(ProgettoVoce):
    """Un progetto con il suo partenariato."""

    versione: Versione
    domanda_id: UUID
    durata_mesi: Versione
    piano: Conteggio = Field(default=0, description="Il piano approvato in vigore; 0: nessuno")
    membri: list[MembroVista] = Field(max_length=200)


class MovimentoVista(View):
    """Un atto sul progetto."""

    numero: Versione
    tipo: TipoMovimento
    atto: TestoBreve
    importi: list[ImportoLineaVista] = Field(max_length=50)
    inizio: date | None
    fine: date | None
    registrato_il: Istante


class LineaAvanzamento(CascataVista):
    """Il denaro di una linea di un bando."""

    linea: Codice
    azione: Azione
    fondo: TestoBreve
    dotazione: Euro | None
    operazioni: Conteggio


class AvanzamentoBando(View):
    """Il denaro di un bando, per linea e in tutto."""

    bando: Codice
    progetti: Conteggio
    operazioni: Conteggio = Field(description="Parti di progetto finanziate, una per linea")
    dotazione: Euro
    totale: CascataVista
    linee: list[LineaAvanzamento] = Field(max_length=50)
