"""Bodies of declared expenses, of their examination, of the final account and of a project's whole waterfall."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules import spesa as rules
from services.bandi.rules.progetto import StatoProgetto
from services.bandi.rules.spesa import Limite, StatoRendiconto
from services.bandi.schemas.bando import Atto, Azione, Giorno, PuntiBase
from services.bandi.schemas.piano import QuotaVista
from services.bandi.schemas.progetto import CascataVista


class VoceNuova(Body):
    """Una spesa sostenuta da un ente su una linea."""

    linea: Codice
    ente: CodiceEnte
    documento: TestoBreve = Field(description="Estremi del documento di spesa, per esempio `fattura 12/2019`")
    descrizione: TestoBreve
    pagata_il: Giorno
    importo: Euro
    in_natura: bool = Field(
        default=False, description="Persone o strumenti messi a disposizione, senza uscita di denaro"
    )

    def to_rules(self) -> rules.Voce:
        """Return the expense as the rules see it."""
        return rules.Voce(self.linea, self.ente, self.documento, self.pagata_il, self.importo, self.in_natura)


class DichiarazioneNuova(Body):
    """Spese dichiarate dal capofila, per linea e per ente."""

    nota: TestoMedio | None = None
    voci: list[VoceNuova] = Field(min_length=1, max_length=500)


class TaglioVoce(Body):
    """Una voce ammessa solo in parte, o per nulla, e il perche'."""

    voce: Versione = Field(description="Numero della voce nella dichiarazione, dalla prima")
    ammesso: Euro
    motivo: TestoMedio


class EsameNuovo(Atto):
    """L'esame di una dichiarazione: cio' che non e' fra i tagli e' ammesso per intero."""

    tagli: list[TaglioVoce] = Field(default_factory=list, max_length=500)


class VoceVista(View):
    """Una spesa dichiarata e cio' che ne e' stato ammesso."""

    n: Versione
    linea: Codice
    ente: CodiceEnte
    documento: TestoBreve
    descrizione: TestoBreve
    pagata_il: Giorno
    in_natura: bool
    importo: Euro
    ammesso: Euro | None = Field(description="Assente finche' la dichiarazione non e' esaminata")
    motivo: TestoMedio | None = Field(description="Il motivo del taglio, se c'e'")


class DichiarazioneVoce(View):
    """Una dichiarazione di spesa nell'elenco."""

    numero: Versione
    dichiarato: Euro
    ammesso: Euro | None
    tagliato: Euro | None
    dichiarata_il: Istante
    esaminata_il: Istante | None


class DichiarazioneVista(DichiarazioneVoce):
    """Una dichiarazione di spesa con le sue voci."""

    nota: TestoMedio | None
    atto: TestoBreve | None
    voci: list[VoceVista] = Field(max_length=500)


class RendicontoNuovo(Body):
    """Il rendiconto finale: le spese sono quelle gia' ammesse, qui si racconta che cosa hanno prodotto."""

    relazione: TestoMedio


class RinvioRendiconto(Atto):
    """Il rinvio del rendiconto al capofila, con cio' che manca."""

    motivo: TestoMedio


class RendicontoLineaVista(View):
    """Il conto di una linea: quanto spetta, perche' non di piu', che cosa torna."""

    linea: Codice
    costo: Euro = Field(description="Spese ammesse")
    in_natura: Euro
    spettante: Euro
    limite: Limite = Field(description="La regola che ha fissato lo spettante")
    cofinanziamento: Euro
    cofinanziamento_in_denaro: Euro
    quota_cofinanziamento: PuntiBase
    economia: Euro
    saldo: Euro = Field(description="Riconosciuto e non ancora pagato")
    da_recuperare: Euro


class RendicontoVista(View):
    """Il rendiconto finale di un progetto; prima della presentazione e' una prova senza effetti."""

    progetto_id: UUID
    numero: Conteggio
    stato: StatoRendiconto | None = Field(description="Assente finche' il capofila non lo presenta")
    relazione: TestoMedio | None
    atto: TestoBreve | None
    motivo: TestoMedio | None = Field(description="Perche' e' stato rinviato")
    presentato_il: Istante | None
    deciso_il: Istante | None
    linee: list[RendicontoLineaVista] = Field(max_length=50)


class LineaDenaro(CascataVista):
    """Il denaro di un progetto su una linea, fino alle spese."""

    linea: Codice
    azione: Azione
    fondo: TestoBreve
    pagabile: Euro = Field(description="Quanto puo' essere stato pagato in tutto, oggi, per le regole del bando")
    dichiarato: Euro
    spesa_ammessa: Euro
    da_esaminare: Euro
    da_recuperare: Euro


class AvanzamentoProgetto(View):
    """Il denaro di un progetto: in tutto, per linea e per ente."""

    progetto_id: UUID
    codice: Codice
    stato: StatoProgetto
    piano: Conteggio = Field(description="Il piano approvato in vigore; 0: nessuno, e tutto e' del capofila")
    totale: CascataVista
    linee: list[LineaDenaro] = Field(max_length=50)
    quote: list[QuotaVista] = Field(max_length=1000)
