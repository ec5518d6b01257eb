"""What a call may say: its rules as one value, its states and its refusals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.italian import ROMA

CENTO_PER_CENTO_BP = 10_000


class Modalita(StrEnum):
    """How a call chooses what it funds."""

    GRADUATORIA = "graduatoria"
    SPORTELLO = "sportello"
    FINESTRE = "finestre"
    MANIFESTAZIONE_DI_INTERESSE = "manifestazione_di_interesse"
    COPROGETTAZIONE = "coprogettazione"
    AFFIDAMENTO = "affidamento"


CON_GRADUATORIA = frozenset(
    {Modalita.GRADUATORIA, Modalita.FINESTRE, Modalita.MANIFESTAZIONE_DI_INTERESSE, Modalita.COPROGETTAZIONE}
)
"""The modes whose outcome is a ranking; a rolling call follows the protocol, a tender is held elsewhere."""


class StatoBando(StrEnum):
    """Life of a call."""

    BOZZA = "bozza"
    PUBBLICATO = "pubblicato"


class Fase(StrEnum):
    """A phase of a programme; they follow one another in this order, each opened by its act."""

    ESPLORATIVA = "esplorativa"
    SELEZIONE = "selezione"
    CONCORSUALE = "concorsuale"
    COPROGETTAZIONE = "coprogettazione"
    NEGOZIALE = "negoziale"
    ATTUATIVA = "attuativa"


class MotivoVersione(StrEnum):
    """Why a call has a further version."""

    PUBBLICAZIONE = "pubblicazione"
    INTEGRAZIONE = "integrazione"
    PROROGA = "proroga"
    FASE = "fase"


class CategoriaEnte(StrEnum):
    """What an organisation is, for the purposes of a partnership."""

    COMUNE = "COMUNE"
    ALER = "ALER"
    OPERATORE_ACCREDITATO = "OPERATORE_ACCREDITATO"
    TERZO_SETTORE = "TERZO_SETTORE"
    IMPRESA_SOCIALE = "IMPRESA_SOCIALE"
    ENTE_RELIGIOSO = "ENTE_RELIGIOSO"
    PROPRIETARIO_ERP = "PROPRIETARIO_ERP"
    NON_PROFIT = "NON_PROFIT"
    MICRO_IMPRESA = "MICRO_IMPRESA"
    PICCOLA_IMPRESA = "PICCOLA_IMPRESA"
    MEDIA_IMPRESA = "MEDIA_IMPRESA"
    PERSONA_FISICA = "PERSONA_FISICA"


class Taglio(StrEnum):
    """What happens at the first row of a ranking that does not fit the money left."""

    STOP = "stop"
    SALTA = "salta"
    PARZIALE = "parziale"


class TipoSpareggio(StrEnum):
    """What decides between equal totals."""

    CRITERIO = "criterio"
    CONTRIBUTO_MINORE = "contributo_minore"
    COFINANZIAMENTO_MAGGIORE = "cofinanziamento_maggiore"
    PARTNER_PIU_NUMEROSI = "partner_piu_numerosi"
    PROTOCOLLO = "protocollo"


@dataclass(frozen=True, slots=True)
class Difetto:
    """One thing that is wrong: where, which rule, and what to do about it in Italian."""

    campo: str
    regola: str
    messaggio: str

    def item(self) -> dict[str, str]:
        """Return the defect as an item of a problem's ``errori``."""
        return {"campo": self.campo, "messaggio": self.messaggio}


@dataclass(frozen=True, slots=True)
class Linea:
    """A funding line: a fund and an action with their money.

    ``dotazione_cent`` is None when unknown (only a tender held elsewhere); ``massimale_cent`` caps one project.
    """

    codice: str
    azione: str
    fondo: str
    dotazione_cent: int | None
    massimale_cent: int | None = None
    sotto_progetto_obbligatorio: bool = False


@dataclass(frozen=True, slots=True)
class CategoriaRichiesta:
    """At least ``minimo`` members of the partnership are of this category."""

    categoria: CategoriaEnte
    minimo: int = 1


@dataclass(frozen=True, slots=True)
class Partenariato:
    """Who may apply together; members count the lead, supporters stay beside.

    ``capofila_nominati`` are the only organisations that may lead, empty where their category is enough.
    """

    capofila_ammessi: frozenset[CategoriaEnte]
    membri_minimi: int = 1
    membri_massimi: int | None = None
    categorie_ammesse: frozenset[CategoriaEnte] = frozenset()
    categorie_richieste: tuple[CategoriaRichiesta, ...] = ()
    sostenitori_ammessi: bool = False
    domande_per_capofila: int | None = None
    capofila_nominati: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contributo:
    """How much of a cost is paid: rates in basis points (9,000 = 90%), caps in cents.

    ``denaro_minimo_bp`` is the part of the cost that the applicant pays in cash, not only with people and tools.
    """

    quota_massima_bp: int = CENTO_PER_CENTO_BP
    cofinanziamento_minimo_bp: int = 0
    cofinanziamento_in_denaro: bool = False
    massimale_progetto_cent: int | None = None
    denaro_minimo_bp: int = 0


@dataclass(frozen=True, slots=True)
class Criterio:
    """A criterion: its scale in hundredths of a point and, in weighted calls, its weight in basis points."""

    codice: str
    titolo: str
    punti_massimi_cent: int
    peso_bp: int | None = None
    soglia_cent: int | None = None


@dataclass(frozen=True, slots=True)
class Premialita:
    """Bonus points for a condition verified by the office."""

    codice: str
    titolo: str
    punti_cent: int


@dataclass(frozen=True, slots=True)
class Spareggio:
    """One tie-breaker; ``criterio`` names the criterion when the kind asks for one."""

    tipo: TipoSpareggio
    criterio: str | None = None


class MetodoPunteggio(StrEnum):
    """How the sheets of the commissioners become one score on each criterion."""

    MEDIA = "media"
    SOMMA = "somma"
    COLLEGIALE = "collegiale"


@dataclass(frozen=True, slots=True)
class Valutazione:
    """How applications are scored: totals never exceed ``punteggio_massimo_cent`` before bonuses.

    ``commissari`` is how many sheets a sum adds (each criterion then counts as many times its scale), and the fewest a
    mean is made of; an agreed sheet is one.
    """

    criteri: tuple[Criterio, ...] = ()
    punteggio_massimo_cent: int = 0
    soglia_cent: int = 0
    premialita: tuple[Premialita, ...] = ()
    spareggi: tuple[Spareggio, ...] = (Spareggio(TipoSpareggio.PROTOCOLLO),)
    metodo: MetodoPunteggio = MetodoPunteggio.MEDIA
    commissari: int | None = None
    motivazione_obbligatoria: bool = False

    def scala_cent(self, criterio: Criterio) -> int:
        """Return the highest score of a criterion once the sheets are put together, in hundredths."""
        times = (self.commissari or 1) if self.metodo is MetodoPunteggio.SOMMA else 1
        return criterio.punti_massimi_cent * times


@dataclass(frozen=True, slots=True)
class Finestra:
    """One dated window of a call by windows; its first instant and its whole last second are inside.

    ``dotazioni`` is the money set aside for it, in cents by line; empty where windows share the call's money.
    """

    codice: str
    apre_il: datetime
    chiude_il: datetime
    dotazioni: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Gestione:
    """What a call asks of its projects; shares are basis points of what is committed on a line.

    ``anticipo_massimo_bp`` may be paid before any expense is admitted; ``saldo_minimo_bp`` is kept back until the final
    account is approved.
    """

    cup_obbligatorio: bool = False
    anticipo_massimo_bp: int = CENTO_PER_CENTO_BP
    saldo_minimo_bp: int = 0
    rendiconto_obbligatorio: bool = False


class FormatoDocumento(StrEnum):
    """What a document's content is."""

    PDF_A = "pdf_a"
    PDF = "pdf"
    ODF = "odf"


@dataclass(frozen=True, slots=True)
class DocumentoRichiesto:
    """A document the call asks; ``sanabile``: an application without it is presented, and asked to complete it."""

    codice: str
    titolo: str
    obbligatorio: bool = True
    sanabile: bool = False
    formati: frozenset[FormatoDocumento] = frozenset(FormatoDocumento)
    massimo_mib: int = 10


@dataclass(frozen=True, slots=True)
class Regole:
    """Everything a call decides, as data: one value is one version of the call.

    ``riporto``: what a window leaves goes to the next. ``fasi`` are the phases of the programme, ``fase`` the one under
    way. ``prima_fase`` names the expression of interest whose admitted alone may apply here; ``seconda_fase`` the call
    that this expression of interest opens to its admitted.
    """

    modalita: Modalita
    apre_il: datetime | None
    chiude_il: datetime | None
    linee: tuple[Linea, ...]
    partenariato: Partenariato
    contributo: Contributo = Contributo()
    valutazione: Valutazione = Valutazione()
    taglio: Taglio = Taglio.STOP
    durata_massima_mesi: int | None = None
    termine_ultimo: date | None = None
    finestre: tuple[Finestra, ...] = ()
    riporto: bool = True
    fasi: tuple[Fase, ...] = ()
    fase: Fase | None = None
    prima_fase: str | None = None
    seconda_fase: str | None = None
    organismo_intermedio: str | None = None
    gestione: Gestione = Gestione()
    documenti: tuple[DocumentoRichiesto, ...] = ()
    soccorso_giorni: int = 10

    @property
    def dotazione_cent(self) -> int:
        """Return the money of all lines together, in cents; unknown lines count zero."""
        return sum(linea.dotazione_cent or 0 for linea in self.linee)

    def linea(self, codice: str) -> Linea | None:
        """Return the line with that code, if the call has it."""
        return next((linea for linea in self.linee if linea.codice == codice), None)


class RegoleContraddittorie(Invalid):
    """The rules of a call cannot hold together."""

    title = "Regole del bando contraddittorie"


class BandoSconosciuto(NotFound):
    """No call with that code is visible to the caller."""

    title = "Bando inesistente"


class BandoDiAltroEnte(Forbidden):
    """The acts of a call belong to the body that promotes it and to the managing body it delegates."""

    title = "Bando di un altro ente"


class CodiceBandoGiaUsato(Conflict):
    """Another call has the same code."""

    title = "Codice del bando gia' usato"


class BandoGiaPubblicato(Conflict):
    """A published call is not edited: it changes by a new version with its act."""

    title = "Bando gia' pubblicato"


class BandoNonPubblicato(Conflict):
    """The call is still a draft."""

    title = "Bando non ancora pubblicato"


class PubblicazioneTardiva(Conflict):
    """The call would be published when its term is already over."""

    title = "Termine del bando gia' trascorso"


class LineaSconosciuta(Invalid):
    """The call has no funding line with that code."""

    title = "Linea di finanziamento sconosciuta"


class IntegrazioneNonValida(Invalid):
    """A top-up adds money to lines of known money, once each."""

    title = "Integrazione non valida"


class ProrogaDelBandoNonValida(Invalid):
    """An extension of a call only moves its terms forward."""

    title = "Proroga del bando non valida"


def controlla_ufficio(ente: str, ente_promotore: str, organismo_intermedio: str | None) -> None:
    """Refuse an officer of a body that neither promotes the call nor manages it by delegation.

    Args:
        ente: the body the officer acts for.
        ente_promotore: code of the body that promotes the call.
        organismo_intermedio: code of the managing body it delegates, if any.

    Raises:
        BandoDiAltroEnte: the call is of another body.

    Source: DOMAIN "bandi" (a delegated managing body); decision 10 (who sees what); ADR 0050.
    """
    if ente not in {ente_promotore, organismo_intermedio}:
        raise BandoDiAltroEnte(
            f"Il bando e' di {ente_promotore}: un ufficio di {ente} non ne compie gli atti.",
            remedy="Agire per l'ente promotore, o per l'organismo intermedio che il bando delega.",
        )


def percento(basis_points: int) -> str:
    """Write basis points as an Italian percentage: 6310 is "63,10%"."""
    return f"{basis_points // 100},{basis_points % 100:02d}%"


def dopo_il_termine(chiude_il: datetime) -> datetime:
    """Return the first instant outside a term: the whole second the term is written in is inside."""
    return chiude_il.replace(microsecond=0) + timedelta(seconds=1)


def ora_di_roma(instant: datetime) -> str:
    """Write an instant for people, to the second, in the hour of Rome."""
    return instant.astimezone(ROMA).strftime("%d/%m/%Y alle %H:%M:%S (ora di Roma)")
