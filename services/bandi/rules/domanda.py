"""An application: its content, its term, its states, the office's and the commission's decisions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.bandi.rules.bando import (
    CategoriaEnte,
    Modalita,
    Regole,
    Valutazione,
    dopo_il_termine,
    ora_di_roma,
)


class StatoDomanda(StrEnum):
    """Life of an application."""

    BOZZA = "bozza"
    PRESENTATA = "presentata"
    IN_INTEGRAZIONE = "in_integrazione"
    AMMISSIBILE = "ammissibile"
    NON_AMMISSIBILE = "non_ammissibile"
    VALUTATA = "valutata"
    FINANZIATA = "finanziata"
    IDONEA_NON_FINANZIATA = "idonea_non_finanziata"
    NON_IDONEA = "non_idonea"
    RITIRATA = "ritirata"
    SOSTITUITA = "sostituita"
    RINUNCIATA = "rinunciata"
    REVOCATA = "revocata"


class RuoloPartner(StrEnum):
    """Place of an organisation in a partnership."""

    CAPOFILA = "capofila"
    PARTNER = "partner"
    SOSTENITORE = "sostenitore"


class EsitoIstruttoria(StrEnum):
    """What the office decides on the formal admissibility of an application."""

    AMMISSIBILE = "ammissibile"
    NON_AMMISSIBILE = "non_ammissibile"


PRIMA_DELLA_DECISIONE = frozenset({StatoDomanda.PRESENTATA, StatoDomanda.IN_INTEGRAZIONE})
IN_VALUTAZIONE = frozenset({StatoDomanda.AMMISSIBILE, StatoDomanda.VALUTATA})
RITIRABILI = PRIMA_DELLA_DECISIONE | IN_VALUTAZIONE | {StatoDomanda.IDONEA_NON_FINANZIATA}
AMMESSE = IN_VALUTAZIONE | {StatoDomanda.FINANZIATA, StatoDomanda.IDONEA_NON_FINANZIATA}
"""States of an application that its call has admitted."""
FUORI = frozenset({StatoDomanda.RITIRATA, StatoDomanda.SOSTITUITA, StatoDomanda.BOZZA})
"""States in which an application is not, or is no longer, part of the call."""


@dataclass(frozen=True, slots=True)
class Membro:
    """An organisation in the partnership of an application."""

    ente: str
    denominazione: str
    categoria: CategoriaEnte
    ruolo: RuoloPartner


@dataclass(frozen=True, slots=True)
class Quota:
    """What one member does of a sub-project, in cents."""

    ente: str
    costo_cent: int
    contributo_cent: int


@dataclass(frozen=True, slots=True)
class SottoProgetto:
    """The part of an application on one funding line: its cost and how it is paid, in cents.

    ``quote`` divides it among the members; without them all of it is the lead's.
    """

    linea: str
    titolo: str
    costo_cent: int
    contributo_cent: int
    cofinanziamento_denaro_cent: int = 0
    quote: tuple[Quota, ...] = ()

    def quote_di(self, capofila: str) -> tuple[Quota, ...]:
        """Return who does what, the lead everything where nothing else is said."""
        return self.quote or (Quota(capofila, self.costo_cent, self.contributo_cent),)


@dataclass(frozen=True, slots=True)
class Contenuto:
    """What an applicant has written so far; a draft may be incomplete."""

    titolo: str | None = None
    durata_mesi: int | None = None
    comune: str | None = None
    quartiere: str | None = None
    membri: tuple[Membro, ...] = ()
    sotto_progetti: tuple[SottoProgetto, ...] = ()

    @property
    def contributo_cent(self) -> int:
        """Return what is asked on all lines together, in cents."""
        return sum(parte.contributo_cent for parte in self.sotto_progetti)


class DomandaSconosciuta(NotFound):
    """No application with that id is visible to the caller."""

    title = "Domanda inesistente"


class EnteMancante(Forbidden):
    """Who applies, and who acts for an office, does it for an organisation, named by the token."""

    title = "Ente non indicato"


class DomandaDiAltri(Forbidden):
    """An application belongs to the organisation that leads it."""

    title = "Domanda di un altro ente"


class CapofilaDiverso(Invalid):
    """The lead of an application is the organisation that applies."""

    title = "Capofila diverso dall'ente che presenta"


class CommissarioNonNominato(Forbidden):
    """Only who has been appointed to the commission of a call scores its applications."""

    title = "Commissario non nominato"


class BandoNonAncoraAperto(Conflict):
    """The call does not receive applications yet."""

    title = "Bando non ancora aperto"


class BandoScaduto(Conflict):
    """The term of the call is over: the whole of its last second is inside, the next instant is outside."""

    title = "Bando scaduto"


class BandoSenzaDomande(Conflict):
    """The mode of the call receives no applications."""

    title = "Il bando non riceve domande"


class DomandaIncompleta(Invalid):
    """The application does not satisfy the rules of its call."""

    title = "Domanda non conforme al bando"


class DomandaNonInBozza(Conflict):
    """A presented application is never edited."""

    title = "Domanda gia' presentata"


class TroppeDomande(Conflict):
    """A lead may present only so many applications to a call."""

    title = "Numero di domande superato"


class DomandaNonRitirabile(Conflict):
    """An application is withdrawn after it is presented and while it holds no money."""

    title = "Domanda non ritirabile"


class DomandaNonSostituibile(Conflict):
    """An application is replaced after it is presented and before the office decides on it."""

    title = "Domanda non sostituibile"


class IstruttoriaNonAperta(Conflict):
    """The office decides once, on a presented application."""

    title = "Istruttoria non possibile"


class IntegrazioneInCorso(Conflict):
    """Nobody decides on an application that is being completed."""

    title = "Integrazione in corso"


class MotiviMancanti(Invalid):
    """Who is not admitted is told why; who is admitted needs no reason."""

    title = "Motivi della decisione"


class PremialitaSconosciuta(Invalid):
    """The call gives no bonus with that code."""

    title = "Premialita' sconosciuta"


class DomandaNonValutabile(Conflict):
    """Only admissible applications that are not ranked yet are scored."""

    title = "Domanda non valutabile"


class SchedaGiaFirmata(Conflict):
    """A signed score sheet is locked."""

    title = "Scheda gia' firmata"


class PunteggioNonValido(Invalid):
    """A score sheet gives each criterion of the call one score within its scale."""

    title = "Punteggi non validi"


def controlla_termini(regole: Regole, presentata_il: datetime) -> None:
    """Refuse an application that arrives outside the term; its whole last second is inside.

    Args:
        regole: the version of the call's rules in force.
        presentata_il: when the request arrived, UTC; the protocol's instant decides nothing here.

    Raises:
        BandoSenzaDomande: the call is a tender held elsewhere.
        BandoNonAncoraAperto: it arrives before the call, or its next window, opens.
        BandoScaduto: it arrives after the last second of the call.

    Source: DOMAIN "bandi": the last second is inside; presentata_il decides the deadline.
    """
    if regole.modalita is Modalita.AFFIDAMENTO or regole.apre_il is None or regole.chiude_il is None:
        raise BandoSenzaDomande("Questo bando e' un affidamento: registra solo l'esito di una gara svolta altrove.")
    periods = [(f.apre_il, f.chiude_il) for f in regole.finestre] or [(regole.apre_il, regole.chiude_il)]
    if any(apre <= presentata_il < dopo_il_termine(chiude) for apre, chiude in periods):
        return
    future = [apre for apre, _ in periods if presentata_il < apre]
    if future:
        raise BandoNonAncoraAperto(
            f"Il bando riceve domande dal {ora_di_roma(min(future))}.",
            remedy="Presentare la domanda dopo l'apertura; intanto la bozza si puo' preparare e verificare.",
        )
    raise BandoScaduto(
        f"Il termine e' scaduto il {ora_di_roma(periods[-1][1])}; la domanda e' arrivata il "
        f"{ora_di_roma(presentata_il)}.",
        remedy="Dopo il termine non si presentano domande; restano possibili solo proroghe decise con un atto.",
    )


def in_termine(regole: Regole, arrivo: datetime) -> bool:
    """Say whether an application that arrives then would be inside the term."""
    try:
        controlla_termini(regole, arrivo)
    except Conflict:
        return False
    return True


def istante_di_protocollo(arrivo: datetime, ultimo: datetime | None) -> datetime:
    """Give the instant of a protocol number: never before the arrival, always after the previous number's.

    Args:
        arrivo: when the request arrived.
        ultimo: instant of the call's last protocol number, if any.
    """
    if ultimo is None or ultimo < arrivo:
        return arrivo
    return ultimo + timedelta(microseconds=1)


def controlla_bozza(stato: StatoDomanda) -> None:
    """Refuse to edit or present again what has been presented.

    Raises:
        DomandaNonInBozza: the application is no longer a draft.
    """
    if stato is not StatoDomanda.BOZZA:
        raise DomandaNonInBozza(
            f"La domanda e' {stato}: una domanda presentata non si modifica.",
            remedy="Per cambiarla, sostituirla con una nuova domanda entro i termini.",
        )


def controlla_capofila(contenuto: Contenuto, ente: str) -> None:
    """Refuse an application led by another organisation than the one that applies.

    Raises:
        CapofilaDiverso: the partnership names another lead.
    """
    for membro in contenuto.membri:
        if membro.ruolo is RuoloPartner.CAPOFILA and membro.ente != ente:
            raise CapofilaDiverso(
                f"La domanda e' dell'ente {ente}: il capofila non puo' essere {membro.ente}.",
                field="membri",
                remedy=f"Indicare {ente} come capofila, o presentare la domanda a nome dell'altro ente.",
            )


def controlla_numero(gia_presentate: int, massimo: int | None) -> None:
    """Refuse one application too many of the same lead.

    Raises:
        TroppeDomande: the lead has already presented as many as the call allows.
    """
    if massimo is not None and gia_presentate >= massimo:
        raise TroppeDomande(
            f"Il capofila ha gia' presentato {gia_presentate} domande e il bando ne ammette {massimo}.",
            remedy="Ritirare o sostituire una domanda gia' presentata.",
        )


def controlla_ritiro(stato: StatoDomanda) -> None:
    """Refuse to withdraw what is not under examination.

    Raises:
        DomandaNonRitirabile: it is a draft, already out, or funded (then its project is renounced).
    """
    if stato not in RITIRABILI:
        raise DomandaNonRitirabile(
            f"Una domanda {stato} non si ritira.",
            remedy="Una bozza si lascia scadere; un progetto finanziato si rinuncia.",
        )


def controlla_sostituzione(stato: StatoDomanda) -> None:
    """Refuse to replace what the office has already decided on.

    Raises:
        DomandaNonSostituibile: the application is a draft, is out, or has been decided on.
    """
    if stato not in PRIMA_DELLA_DECISIONE:
        raise DomandaNonSostituibile(
            f"Una domanda {stato} non si sostituisce.",
            remedy="Si sostituisce solo una domanda presentata, entro i termini e prima della decisione.",
        )


def controlla_istruttoria(
    stato: StatoDomanda,
    esito: EsitoIstruttoria,
    motivi: Iterable[str],
    premialita: Iterable[str],
    valutazione: Valutazione,
) -> None:
    """Refuse a decision on admissibility that is out of place, without its reasons or with bonuses the call has not.

    Raises:
        IntegrazioneInCorso: it is being completed.
        IstruttoriaNonAperta: the application is not waiting for a decision.
        MotiviMancanti: not admitted without a reason, or admitted with reasons against it.
        PremialitaSconosciuta: a bonus is not of this call, is repeated, or goes to who is not admitted.
    """
    if stato is StatoDomanda.IN_INTEGRAZIONE:
        raise IntegrazioneInCorso(
            "Alla domanda e' stato chiesto di integrare: si decide dopo la risposta o alla scadenza del termine.",
            remedy="Attendere la risposta; alla scadenza la domanda torna presentata da sola.",
        )
    if stato not in PRIMA_DELLA_DECISIONE:
        raise IstruttoriaNonAperta(
            f"La domanda e' {stato}: la decisione si prende una volta, su una domanda presentata.",
            remedy="Consultare la decisione gia' registrata.",
        )
    reasons = tuple(motivi)
    if (esito is EsitoIstruttoria.NON_AMMISSIBILE) != bool(reasons):
        raise MotiviMancanti(
            "Chi non e' ammesso deve sapere perche'; chi e' ammesso non ha motivi contrari.",
            field="motivi",
            remedy="Indicare almeno un motivo per la non ammissione, nessuno per l'ammissione.",
        )
    codes = tuple(premialita)
    known = {bonus.codice for bonus in valutazione.premialita}
    wrong = sorted(code for code, times in Counter(codes).items() if code not in known or times > 1)
    if wrong or (codes and esito is EsitoIstruttoria.NON_AMMISSIBILE):
        raise PremialitaSconosciuta(
            f"Premialita' non attribuibili: {', '.join(wrong or codes)}.",
            field="premialita",
            remedy="Usare una volta sola i codici delle premialita' del bando, e solo per domande ammissibili.",
        )
