"""A commissioner's score sheet against the scales of the call."""

from collections.abc import Iterator, Mapping

from chassis.money import format_cents
from services.bandi.rules.bando import Difetto, Valutazione
from services.bandi.rules.domanda import IN_VALUTAZIONE, DomandaNonValutabile, PunteggioNonValido, StatoDomanda


def controlla_scheda(stato: StatoDomanda, valutazione: Valutazione, punteggi: Mapping[str, int]) -> None:
    """Refuse a score sheet out of place, incomplete or outside the scales of the call.

    Args:
        stato: state of the application.
        valutazione: how the call scores.
        punteggi: hundredths of a point by criterion.

    Raises:
        DomandaNonValutabile: the application is not admissible, or is already ranked.
        PunteggioNonValido: with every wrong criterion.
    """
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
