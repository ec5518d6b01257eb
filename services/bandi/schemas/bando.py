"""Bodies of calls: their rules as data, their versions, their money."""

from datetime import UTC, date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import (
    Body,
    Codice,
    CodiceEnte,
    Conteggio,
    Euro,
    Istante,
    Punti,
    TestoBreve,
    TestoLungo,
    Versione,
    View,
)
from services.bandi.rules import bando as rules
from services.bandi.rules.bando import CategoriaEnte, Fase, Modalita, MotivoVersione, StatoBando, Taglio, TipoSpareggio

CodiceBando = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,47}$", max_length=48)]
"""The code of a call, short enough for its projects' codes to start with it."""

Azione = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9. -]{0,63}$", max_length=64)]
"""The action of a programme as its documents write it, e.g. 9.4.2 or V.3.c.1.1."""

Giorno = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]
"""A civil day of a programme."""

IstanteBando = Annotated[Istante, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]
"""A term of a call."""

PuntiScala = Annotated[Punti, Field(le=1_000_000)]
"""Points of a scale: at most 10,000.00."""

PuntiBase = Annotated[int, Field(ge=0, le=10_000, description="Punti base: 10000 = 100%")]
Mesi = Annotated[int, Field(ge=1, le=240, description="Durata in mesi")]
Membri = Annotated[int, Field(ge=1, le=200)]


class LineaRegole(Body):
    """Una linea di finanziamento: fondo, azione, dotazione."""

    codice: Codice
    azione: Azione
    fondo: TestoBreve
    dotazione: Euro | None = Field(default=None, description="Assente solo se ignota (affidamento)")
    massimale: Euro | None = Field(default=None, description="Contributo massimo di un progetto su questa linea")
    sotto_progetto_obbligatorio: bool = False

    def to_rules(self) -> rules.Linea:
        """Return the line as the rules see it."""
        return rules.Linea(
            self.codice,
            self.azione,
            self.fondo,
            self.dotazione,
            self.massimale,
            self.sotto_progetto_obbligatorio,
        )


class CategoriaRichiestaRegole(Body):
    """Quanti membri, almeno, di una categoria."""

    categoria: CategoriaEnte
    minimo: Membri = 1


class PartenariatoRegole(Body):
    """Chi si presenta, insieme a chi; i membri comprendono il capofila."""

    capofila_ammessi: list[CategoriaEnte] = Field(max_length=12)
    membri_minimi: Membri = 1
    membri_massimi: Membri | None = None
    categorie_ammesse: list[CategoriaEnte] = Field(default_factory=list, max_length=12)
    categorie_richieste: list[CategoriaRichiestaRegole] = Field(default_factory=list, max_length=12)
    sostenitori_ammessi: bool = False
    domande_per_capofila: Membri | None = None
    capofila_nominati: list[CodiceEnte] = Field(
        default_factory=list, max_length=2000, description="I soli enti che possono essere capofila; vuoto: ogni ente"
    )

    def to_rules(self) -> rules.Partenariato:
        """Return the partnership as the rules see it."""
        return rules.Partenariato(
            frozenset(self.capofila_ammessi),
            self.membri_minimi,
            self.membri_massimi,
            frozenset(self.categorie_ammesse),
            tuple(rules.CategoriaRichiesta(item.categoria, item.minimo) for item in self.categorie_richieste),
            self.sostenitori_ammessi,
            self.domande_per_capofila,
            frozenset(self.capofila_nominati),
        )


class ContributoRegole(Body):
    """Quanto del costo e' pagato."""

    quota_massima: PuntiBase = rules.CENTO_PER_CENTO_BP
    cofinanziamento_minimo: PuntiBase = 0
    cofinanziamento_in_denaro: bool = Field(default=False, description="Una parte e' in denaro, non solo persone")
    massimale_progetto: Euro | None = None
    denaro_minimo: PuntiBase = Field(default=0, description="Parte del costo che il proponente mette in denaro")

    def to_rules(self) -> rules.Contributo:
        """Return the contribution as the rules see it."""
        return rules.Contributo(
            self.quota_massima,
            self.cofinanziamento_minimo,
            self.cofinanziamento_in_denaro,
            self.massimale_progetto,
            self.denaro_minimo,
        )


class CriterioRegole(Body):
    """Un criterio di valutazione: la sua scala e, se il bando pesa i criteri, il suo peso."""

    codice: Codice
    titolo: TestoBreve
    punti_massimi: PuntiScala
    peso: PuntiBase | None = None
    soglia: PuntiScala | None = None


class PremialitaRegole(Body):
    """Punti in piu' per una condizione verificata dall'ufficio."""

    codice: Codice
    titolo: TestoBreve
    punti: PuntiScala


class SpareggioRegole(Body):
    """Che cosa decide fra totali uguali."""

    tipo: TipoSpareggio
    criterio: Codice | None = None


class ValutazioneRegole(Body):
    """Come si danno i punti."""

    criteri: list[CriterioRegole] = Field(default_factory=list, max_length=50)
    punteggio_massimo: PuntiScala = 0
    soglia: PuntiScala = 0
    premialita: list[PremialitaRegole] = Field(default_factory=list, max_length=30)
    spareggi: list[SpareggioRegole] = Field(
        default_factory=lambda: [SpareggioRegole(tipo=TipoSpareggio.PROTOCOLLO)], max_length=20
    )
    metodo: rules.MetodoPunteggio = Field(
        default=rules.MetodoPunteggio.MEDIA, description="Media delle schede, loro somma, o una sola scheda concordata"
    )
    commissari: Annotated[int, Field(ge=1, le=50)] | None = Field(
        default=None, description="Quante schede si sommano, o quante almeno fanno la media"
    )
    motivazione_obbligatoria: bool = Field(default=False, description="Ogni punteggio ha la sua motivazione")

    def to_rules(self) -> rules.Valutazione:
        """Return the scoring as the rules see it."""
        return rules.Valutazione(
            tuple(rules.Criterio(c.codice, c.titolo, c.punti_massimi, c.peso, c.soglia) for c in self.criteri),
            self.punteggio_massimo,
            self.soglia,
            tuple(rules.Premialita(item.codice, item.titolo, item.punti) for item in self.premialita),
            tuple(rules.Spareggio(item.tipo, item.criterio) for item in self.spareggi),
            self.metodo,
            self.commissari,
            self.motivazione_obbligatoria,
        )


class ImportoLinea(Body):
    """Un importo su una linea di finanziamento."""

    linea: Codice
    importo: Euro


class FinestraRegole(Body):
    """Una finestra datata di un bando a finestre."""

    codice: Codice
    apre_il: IstanteBando
    chiude_il: IstanteBando
    dotazioni: list[ImportoLinea] = Field(
        default_factory=list, max_length=50, description="Il denaro della finestra; senza, le finestre lo condividono"
    )

    def to_rules(self) -> rules.Finestra:
        """Return the window as the rules see it."""
        return rules.Finestra(
            self.codice,
            self.apre_il,
            self.chiude_il,
            tuple((item.linea, item.importo) for item in self.dotazioni),
        )


class GestioneRegole(Body):
    """Come il bando gestisce i progetti finanziati: CUP, anticipo, saldo, rendiconto."""

    cup_obbligatorio: bool = Field(default=False, description="Nulla si impegna prima che il progetto abbia il CUP")
    anticipo_massimo: PuntiBase = Field(
        default=rules.CENTO_PER_CENTO_BP, description="Quanto si paga prima delle spese, in punti base dell'impegnato"
    )
    saldo_minimo: PuntiBase = Field(
        default=0, description="Quanto si trattiene fino al rendiconto, in punti base dell'impegnato"
    )
    rendiconto_obbligatorio: bool = Field(default=False, description="Si conclude solo con il rendiconto approvato")

    def to_rules(self) -> rules.Gestione:
        """Return the management as the rules see it."""
        return rules.Gestione(
            self.cup_obbligatorio, self.anticipo_massimo, self.saldo_minimo, self.rendiconto_obbligatorio
        )


class DocumentoRegole(Body):
    """Un documento che la domanda deve, o puo', avere."""

    codice: Codice
    titolo: TestoBreve
    obbligatorio: bool = True
    sanabile: bool = Field(
        default=False, description="Se manca, la domanda si presenta e il documento si chiede col soccorso istruttorio"
    )
    formati: list[rules.FormatoDocumento] = Field(
        default_factory=lambda: list(rules.FormatoDocumento), min_length=1, max_length=3
    )
    massimo_mib: Annotated[int, Field(ge=1, le=25)] = 10

    def to_rules(self) -> rules.DocumentoRichiesto:
        """Return the document as the rules see it."""
        return rules.DocumentoRichiesto(
            self.codice, self.titolo, self.obbligatorio, self.sanabile, frozenset(self.formati), self.massimo_mib
        )


class RegoleBando(Body):
    """Tutte le regole di un bando, come dati."""

    modalita: Modalita
    apre_il: IstanteBando | None = Field(default=None, description="Primo istante utile, compreso")
    chiude_il: IstanteBando | None = Field(default=None, description="Ultimo secondo utile, tutto compreso")
    linee: list[LineaRegole] = Field(max_length=50)
    partenariato: PartenariatoRegole
    contributo: ContributoRegole = Field(default_factory=ContributoRegole)
    valutazione: ValutazioneRegole = Field(default_factory=ValutazioneRegole)
    taglio: Taglio = Taglio.STOP
    durata_massima_mesi: Mesi | None = None
    termine_ultimo: Giorno | None = Field(default=None, description="Giorno oltre il quale nessun progetto dura")
    finestre: list[FinestraRegole] = Field(default_factory=list, max_length=50)
    riporto: bool = Field(default=True, description="Cio' che una finestra lascia passa alla seguente")
    fasi: list[Fase] = Field(default_factory=list, max_length=6, description="Le fasi del programma, nell'ordine")
    fase: Fase | None = Field(default=None, description="La fase in corso; la prima dalla pubblicazione, poi per atto")
    prima_fase: CodiceBando | None = Field(
        default=None, description="La manifestazione di interesse i cui soli ammessi presentano domanda qui"
    )
    seconda_fase: CodiceBando | None = Field(default=None, description="Il bando aperto ai soli ammessi di questo")
    organismo_intermedio: CodiceEnte | None = None
    gestione: GestioneRegole = Field(default_factory=GestioneRegole)
    documenti: list[DocumentoRegole] = Field(default_factory=list, max_length=50)
    soccorso_giorni: Annotated[int, Field(ge=1, le=60)] = Field(
        default=10, description="Giorni, al massimo, per rispondere a una richiesta di integrazione"
    )

    def to_rules(self) -> rules.Regole:
        """Return the rules as the domain sees them."""
        return rules.Regole(
            modalita=self.modalita,
            apre_il=self.apre_il,
            chiude_il=self.chiude_il,
            linee=tuple(linea.to_rules() for linea in self.linee),
            partenariato=self.partenariato.to_rules(),
            contributo=self.contributo.to_rules(),
            valutazione=self.valutazione.to_rules(),
            taglio=self.taglio,
            durata_massima_mesi=self.durata_massima_mesi,
            termine_ultimo=self.termine_ultimo,
            finestre=tuple(item.to_rules() for item in self.finestre),
            riporto=self.riporto,
            fasi=tuple(self.fasi),
            fase=self.fase,
            prima_fase=self.prima_fase,
            seconda_fase=self.seconda_fase,
            organismo_intermedio=self.organismo_intermedio,
            gestione=self.gestione.to_rules(),
            documenti=tuple(documento.to_rules() for documento in self.documenti),
            soccorso_giorni=self.soccorso_giorni,
        )

    def with_top_up(self, importi: dict[str, int]) -> Self:
        """Return the rules with money added to the named lines, in cents."""
        linee = [
            linea.model_copy(update={"dotazione": (linea.dotazione or 0) + importi.get(linea.codice, 0)})
            if linea.codice in importi
            else linea
            for linea in self.linee
        ]
        return self.model_copy(update={"linee": linee})


class TestataBando(Body):
    """Titolo, promotore e regole di un bando in bozza."""

    titolo: TestoBreve
    descrizione: TestoLungo | None = None
    ente_promotore: CodiceEnte = Field(description="Codice dell'ente che promuove il bando e ne compie gli atti")
    promotore: TestoBreve | None = Field(default=None, description="Come si chiama l'ente promotore")
    territorio: TestoBreve
    regole: RegoleBando


class BandoNuovo(TestataBando):
    """Un bando da creare in bozza."""

    codice: CodiceBando


class Atto(Body):
    """L'atto che rende efficace un'operazione."""

    atto: TestoBreve = Field(description="Estremi dell'atto, per esempio `decreto 7390 del 2018-05-23`")


class DotazioneLinea(View):
    """Il denaro di una linea: quanto c'e', quanto e' assegnato."""

    codice: Codice
    azione: Azione
    fondo: TestoBreve
    dotazione: Euro | None
    assegnato: Euro


class FinestraVista(View):
    """I termini di una finestra, nell'ora di Roma."""

    codice: Codice
    apre_a_roma: TestoBreve
    chiude_a_roma: TestoBreve


class BandoVoce(View):
    """Un bando nell'elenco."""

    bando_id: UUID
    codice: Codice
    titolo: TestoBreve
    ente_promotore: CodiceEnte
    promotore: TestoBreve | None
    organismo_intermedio: CodiceEnte | None = Field(description="L'ente delegato a gestire il bando")
    territorio: TestoBreve
    modalita: Modalita
    stato: StatoBando
    apre_il: Istante | None
    chiude_il: Istante | None
    apre_a_roma: TestoBreve | None = Field(description="L'apertura nell'ora di Roma")
    chiude_a_roma: TestoBreve | None = Field(description="La chiusura nell'ora di Roma")
    pubblicato_il: Istante | None
    dotazione: Euro = Field(description="Somma delle linee di dotazione nota")
    assegnato: Euro


class BandoDettaglio(BandoVoce):
    """Un bando con le sue regole in vigore."""

    versione: Versione
    regole_versione: Conteggio
    descrizione: TestoLungo | None
    regole: RegoleBando
    linee: list[DotazioneLinea] = Field(max_length=50)
    finestre: list[FinestraVista] = Field(max_length=50, description="I termini delle finestre nell'ora di Roma")
    graduatorie: Conteggio


class BandoVersioneVoce(View):
    """Una versione delle regole di un bando e l'atto che l'ha decisa."""

    numero: Versione
    motivo: MotivoVersione
    atto: TestoBreve
    creata_il: Istante
    regole: RegoleBando


class BandoVersioni(View):
    """Le versioni di un bando, dalla prima."""

    items: list[BandoVersioneVoce] = Field(max_length=1000)
