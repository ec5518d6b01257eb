"""Attestati: what a certificate says of the hours attended, and the code with which anybody may check it."""

from collections.abc import Callable
from enum import StrEnum

from chassis.errors import Refusal

ALFABETO = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LUNGHEZZA = 16
GRUPPO = 4


class TipoAttestato(StrEnum):
    """What a certificate attests."""

    FREQUENZA = "frequenza"
    COMPETENZE = "competenze"
    IMPRESA = "impresa"


class OreInsufficienti(Refusal):
    """Nobody attests hours that were not validated, or too few of them."""

    title = "Ore insufficienti"


class AttestatoGiaRilasciato(Refusal):
    """One certificate in force for a course and a person."""

    title = "Attestato gia' rilasciato"


class AttestatoGiaRevocato(Refusal):
    """The certificate was revoked."""

    title = "Attestato gia' revocato"


def codice_di_verifica(estrai: Callable[[int], int]) -> str:
    """A code of 16 signs nobody mistakes for others, in groups of four: 80 bits, not to be guessed.

    Args:
        estrai: gives a random number below its argument, unpredictable.

    Returns:
        For example `7KQ2-M9XA-3HTW-P4DZ`.
    """
    segni = "".join(ALFABETO[estrai(len(ALFABETO))] for _ in range(LUNGHEZZA))
    return "-".join(segni[inizio : inizio + GRUPPO] for inizio in range(0, LUNGHEZZA, GRUPPO))


def verifica_frequenza(validati_minuti: int, *, previsti_minuti: int, soglia_percento: int) -> None:
    """Refuses a certificate for hours that were not attended.

    Args:
        validati_minuti: minutes validated, of `previsti_minuti` planned.
        soglia_percento: share of the planned minutes that the course asks for, 1 to 100.

    Raises:
        OreInsufficienti: no validated minute, or fewer than the share.
    """
    if validati_minuti == 0 or validati_minuti * 100 < previsti_minuti * soglia_percento:
        raise OreInsufficienti(
            f"L'attestato chiede il {soglia_percento}% delle ore previste, validate.",
            field="servizio_codice",
            remedy="Validare prima le ore frequentate.",
        )
