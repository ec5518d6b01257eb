"""Attendances: quarters of an hour, confirmed by an operator, corrected only by new facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Refusal

QUARTO_MINUTI = 15
DURATA_MASSIMA_MINUTI = 24 * 60


class StatoPresenza(StrEnum):
    """State of an attendance, the outcome of its facts."""

    REGISTRATA = "registrata"
    CONFERMATA = "confermata"
    ANNULLATA = "annullata"


class TipoFatto(StrEnum):
    """Facts of an attendance's history."""

    REGISTRATA = "registrata"
    CONFERMATA = "confermata"
    RETTIFICATA = "rettificata"
    ANNULLATA = "annullata"


class DurataNonValida(Refusal):
    """Hours are counted in quarters, up to a day."""

    status = 422
    title = "Durata non valida"


class PresenzaFuoriAttivita(Refusal):
    """The attendance is not inside the time of its activity."""

    status = 422
    title = "Presenza fuori dall'attività"


class PresenzaFutura(Refusal):
    """Hours not yet over cannot be confirmed."""

    status = 409
    title = "Presenza non ancora conclusa"


class PresenzaGiaAnnullata(Refusal):
    """A cancelled attendance receives no further facts."""

    status = 409
    title = "Presenza già annullata"


class PresenzaNonConfermata(Refusal):
    """Only confirmed hours are corrected."""

    status = 409
    title = "Presenza non confermata"


class PresenzaSovrapposta(Refusal):
    """The person has confirmed hours elsewhere at the same time."""

    status = 409
    title = "Presenza sovrapposta"


class PresenzaGiaRegistrata(Refusal):
    """The same person is registered at the same time to the same activity."""

    status = 409
    title = "Presenza già registrata"


class RettificaSenzaEffetto(Refusal):
    """The correction says what is already registered."""

    status = 409
    title = "Rettifica senza effetto"


def minuti_in_quarti(inizio: datetime, fine: datetime) -> int:
    """Give the length of an attendance in minutes, a whole number of quarters of an hour.

    Args:
        inizio: first instant.
        fine: last instant, outside.

    Returns:
        Minutes, a multiple of 15 from 15 to 1440.

    Raises:
        DurataNonValida: no length, more than a day, or not in quarters.

    Source: DOMAIN laboratori, hours in quarters.
    """
    durata = fine - inizio
    if durata <= timedelta(0):
        raise DurataNonValida("La presenza finisce prima di cominciare.", field="fine")
    if durata > timedelta(minutes=DURATA_MASSIMA_MINUTI):
        raise DurataNonValida(
            "Una presenza dura al massimo 24 ore.", field="fine", remedy="Registrare una presenza per ogni giornata."
        )
    if durata % timedelta(minutes=QUARTO_MINUTI):
        raise DurataNonValida(
            "Le ore si contano a quarti: la durata va arrotondata al quarto d'ora.",
            field="fine",
            remedy="Per esempio 1 ora e 10 minuti diventa 1 ora oppure 1 ora e un quarto.",
        )
    return durata // timedelta(minutes=1)


def verifica_dentro_attivita(
    inizio: datetime, fine: datetime, *, attivita_inizio: datetime, attivita_fine: datetime
) -> None:
    """Check that an attendance lies inside the time of its activity, the edges included.

    Raises:
        PresenzaFuoriAttivita: it begins before, or ends after.

    Source: ADR 0027, the hours paid by points are those of the published calendar.
    """
    if inizio < attivita_inizio or fine > attivita_fine:
        raise PresenzaFuoriAttivita(
            "La presenza non è dentro l'orario dell'attività.",
            field="inizio",
            remedy="Correggere l'orario della presenza oppure quello dell'attività.",
        )


@dataclass(frozen=True, slots=True)
class StoriaPresenza:
    """Where the facts of an attendance have brought it."""

    stato: StatoPresenza
    versione: int
    inizio: datetime
    fine: datetime


def conferma(presenza: StoriaPresenza, *, now: datetime) -> StoriaPresenza | None:
    """Confirm an attendance.

    Args:
        presenza: the attendance under its lock.
        now: instant of the confirmation.

    Returns:
        The attendance after the fact, or none when it was already confirmed: a second confirmation is no new fact.

    Raises:
        PresenzaGiaAnnullata: it was cancelled.
        PresenzaFutura: its hours are not over.

    Source: DOMAIN laboratori, `confermata` by an operator; issue text, two operators at once make one fact.
    """
    if presenza.stato is StatoPresenza.ANNULLATA:
        raise PresenzaGiaAnnullata("La presenza è stata annullata.", remedy="Registrare una nuova presenza.")
    if presenza.stato is StatoPresenza.CONFERMATA:
        return None
    _non_futura(presenza.fine, now)
    return StoriaPresenza(StatoPresenza.CONFERMATA, presenza.versione + 1, presenza.inizio, presenza.fine)


def rettifica(presenza: StoriaPresenza, *, inizio: datetime, fine: datetime, now: datetime) -> StoriaPresenza:
    """Correct the hours of a confirmed attendance by a new fact.

    Args:
        presenza: the attendance under its lock.
        inizio: true first instant.
        fine: true last instant.
        now: instant of the correction.

    Returns:
        The attendance after the fact, still confirmed.

    Raises:
        PresenzaGiaAnnullata: it was cancelled.
        PresenzaNonConfermata: it was not confirmed yet.
        RettificaSenzaEffetto: the hours are the same.
        DurataNonValida: the new hours are not in quarters.
        PresenzaFutura: the new hours are not over.

    Source: DOMAIN laboratori, corrected only by a new fact.
    """
    if presenza.stato is StatoPresenza.ANNULLATA:
        raise PresenzaGiaAnnullata("La presenza è stata annullata.", remedy="Registrare una nuova presenza.")
    if presenza.stato is not StatoPresenza.CONFERMATA:
        raise PresenzaNonConfermata(
            "Si rettificano soltanto presenze confermate.",
            remedy="Annullare la registrazione e rifarla con l'orario giusto.",
        )
    if (inizio, fine) == (presenza.inizio, presenza.fine):
        raise RettificaSenzaEffetto("L'orario indicato è quello già registrato.", field="inizio")
    minuti_in_quarti(inizio, fine)
    _non_futura(fine, now)
    return StoriaPresenza(StatoPresenza.CONFERMATA, presenza.versione + 1, inizio, fine)


def annulla(presenza: StoriaPresenza) -> StoriaPresenza:
    """Cancel an attendance by a new fact, confirmed or not.

    Args:
        presenza: the attendance under its lock.

    Returns:
        The attendance after the fact.

    Raises:
        PresenzaGiaAnnullata: it was cancelled already.

    Source: DOMAIN laboratori, corrected only by a new fact.
    """
    if presenza.stato is StatoPresenza.ANNULLATA:
        raise PresenzaGiaAnnullata("La presenza è già annullata.")
    return StoriaPresenza(StatoPresenza.ANNULLATA, presenza.versione + 1, presenza.inizio, presenza.fine)


def _non_futura(fine: datetime, now: datetime) -> None:
    if fine > now:
        raise PresenzaFutura(
            "Le ore non sono ancora concluse.", field="fine", remedy="Confermare dopo la fine dell'attività."
        )
