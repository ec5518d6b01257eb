"""Live updates of a household: what is told, from where on, and how many may listen."""

import re
from dataclasses import dataclass

from chassis.errors import Unavailable

_POSIZIONE = re.compile(r"p([0-9]{1,18})-q([0-9]{1,18})")


class TroppiAscolti(Unavailable):
    """The process, or the caller, already listens to as many streams as it may."""

    title = "Troppi ascolti aperti"


@dataclass(frozen=True, slots=True)
class Posizione:
    """How far a listener has come in the two chains of the ledger: the number of the last seal it was told of."""

    punti: int
    quote: int

    def __str__(self) -> str:
        return f"p{self.punti}-q{self.quote}"


def leggi_posizione(testo: str | None) -> Posizione | None:
    """Read the `Last-Event-ID` of a listener that comes back; None when there is none or it is not ours.

    Args:
        testo: the header, as received.

    Returns:
        Where it had come.

    Source: ADR 0083.
    """
    trovata = _POSIZIONE.fullmatch(testo.strip()) if testo is not None else None
    return None if trovata is None else Posizione(int(trovata[1]), int(trovata[2]))


def controlla_posti(*, aperti: int, massimi: int, del_soggetto: int, massimi_soggetto: int) -> None:
    """Refuse one listener too many.

    Args:
        aperti: streams open in this process.
        massimi: as many as it may hold.
        del_soggetto: those of the same caller.
        massimi_soggetto: as many as one caller may hold.

    Raises:
        TroppiAscolti: either is full.

    Source: ADR 0083.
    """
    if aperti >= massimi or del_soggetto >= massimi_soggetto:
        raise TroppiAscolti(
            "Ci sono già troppi ascolti aperti.",
            remedy="Chiudi gli altri, o rileggi l'estratto conto ogni tanto.",
            retry_after=30,
        )
