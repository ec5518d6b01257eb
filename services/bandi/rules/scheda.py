"""A commissioner's score sheet against the scales of the call."""

from collections.abc import Iterator, Mapping

from chassis.errors import Conflict, Invalid
from chassis.money import format_cents
from services.bandi.rules.bando import Difetto, MetodoPunteggio, Valutazione
from services.bandi.rules.domanda import IN_VALUTAZIONE, DomandaNonValutabile, PunteggioNonValido, StatoDomanda


class MotivazioneMancante(Invalid):
    """Each score of this call says why."""

    title = "Motivazione mancante"


class SchedaCollegialeGiaFirmata(Conflict):
    """The agreed sheet of an application is one."""

    title = "Scheda collegiale gia' firmata"


class SchedaInPiu(Conflict):
    """The call adds up so many sheets, and they are all there."""

    title = "Schede gia' complete"


class DichiarazioniIncomplete(Conflict):
    """The agreed sheet is of the whole commission: each member has declared first."""

    title = "Dichiarazioni incomplete"


def schede_attese(valutazione: Valutazione, commissari: int, in_conflitto: int) -> int:
    """Return how many signed sheets an application needs before it is ranked.

    Args:
        valutazione: how the call scores.
        commissari: how many sit in the commission.
        in_conflitto: how many of them have a conflict with the application.
    """
    if valutazione.metodo is MetodoPunteggio.COLLEGIALE:
        return 1
    if valutazione.metodo is MetodoPunteggio.SOMMA:
        return valutazione.commissari or 1
    return max(commissari - in_conflitto, valutazione.commissari or 1)


def controlla_numero_schede(valutazione: Valutazione, firmate: int, senza_dichiarazione: int) -> None:
    """Refuse a sheet too many, or the agreed sheet of a commission that has not declared as a whole.

    Args:
        valutazione: how the call scores.
        firmate: how many sheets the application has.
        senza_dichiarazione: how many commissioners have declared nothing of it.

    Raises:
        SchedaCollegialeGiaFirmata, DichiarazioniIncomplete, SchedaInPiu.
    """
    if valutazione.metodo is MetodoPunteggio.COLLEGIALE:
        if firmate:
            raise SchedaCollegialeGiaFirmata(
                "La commissione ha gia' firmato la scheda di questa domanda.", remedy="Consultarla: non si cambia."
            )
        if senza_dichiarazione:
            raise DichiarazioniIncomplete(
                f"Mancano le dichiarazioni di {senza_dichiarazione} commissari su questa domanda.",
                remedy="La scheda collegiale si firma quando tutti hanno dichiarato.",
            )
    elif valutazione.metodo is MetodoPunteggio.SOMMA and firmate >= (valutazione.commissari or 1):
        raise SchedaInPiu(
            f"La domanda ha gia' le {firmate} schede che il bando somma.", remedy="Consultare le schede firmate."
        )


def controlla_motivazioni(valutazione: Valutazione, motivazioni: Mapping[str, str | None]) -> None:
    """Refuse scores without their reasons where the call asks them.

    Raises:
        MotivazioneMancante: with every criterion that lacks one.
    """
    found = [
        Difetto(f"punteggi.{codice}", "motivazione", f"Il criterio {codice} non ha la motivazione del punteggio.")
        for codice, motivazione in motivazioni.items()
        if motivazione is None
    ]
    if found and valutazione.motivazione_obbligatoria:
        raise MotivazioneMancante(
            found[0].messaggio,
            field=found[0].campo,
            remedy="Motivare ogni punteggio: il bando lo chiede.",
            items=[difetto.item() for difetto in found],
        )


def controlla_scheda(stato: StatoDomanda, valutazione: Valutazione, punteggi: Mapping[str, int]) -> None:
    """Refuse a score sheet out of place, incomplete or outside the scales of the call.

    Args:
        stato: state of the application.
        valutazione: how the call scores.
        punteggi: hundredths of a point by criterion.

    Raises:
        DomandaNonValutabile: the call scores nothing, or the application is not admissible or already ranked.
        PunteggioNonValido: with every wrong criterion.
    """
    if not valutazione.criteri:
        raise DomandaNonValutabile(
            "Il bando non ha criteri: le sue domande non si valutano con una scheda.",
            remedy="Negli sportelli e negli affidamenti decide l'istruttoria dell'ufficio.",
        )
    if stato not in IN_VALUTAZIONE:
        raise DomandaNonValutabile(
            f"La domanda e' {stato}: si valutano le domande ammissibili, prima della graduatoria.",
            remedy="Attendere la decisione di ammissibilita'.",
        )
    found = list(_score_defects(valutazione, punteggi))
    if found:
        raise PunteggioNonValido(
            f"La scheda ha {len(found)} punteggi non validi: {found[0].messaggio}",
            field=found[0].campo,
            remedy="Dare a ogni criterio del bando un punteggio entro la sua scala.",
            items=[difetto.item() for difetto in found],
        )


def _score_defects(valutazione: Valutazione, punteggi: Mapping[str, int]) -> Iterator[Difetto]:
    scales = {criterio.codice: criterio.punti_massimi_cent for criterio in valutazione.criteri}
    for codice, massimo in scales.items():
        punti = punteggi.get(codice)
        if punti is None:
            yield Difetto(f"punteggi.{codice}", "criteri", f"Manca il punteggio del criterio {codice}.")
        elif not 0 <= punti <= massimo:
            yield Difetto(
                f"punteggi.{codice}", "criteri", f"Il criterio {codice} va da 0.00 a {format_cents(massimo)}."
            )
    for codice in punteggi:
        if codice not in scales:
            yield Difetto(f"punteggi.{codice}", "criteri", f"Il bando non ha il criterio {codice}.")
