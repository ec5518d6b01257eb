"""Bodies of funded projects, of the acts on them and of the money waterfall."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Codice, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules.bando import CategoriaEnte
from services.bandi.rules.domanda import RuoloPartner
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento
from services.bandi.schemas.bando import Atto, Azione, Giorno, ImportoLinea
from services.bandi.schemas.graduatoria import ImportoLineaVista


class MovimentoNuovo(Atto):
    """Un impegno o un pagamento, per linea."""

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
    linee: list[LineaProgetto] = Field(max_length=50)


class ProgettoDettaglio(ProgettoVoce):
    """Un progetto con il suo partenariato."""

    versione: Versione
    domanda_id: UUID
    durata_mesi: Versione
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
