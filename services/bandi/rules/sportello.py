"""Rolling calls: money is reserved in order of protocol; when it ends, a numbered list waits and advances by itself."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from services.bandi.rules.bando import Taglio

K = TypeVar("K")


class StatoPrenotazione(StrEnum):
    """What a presented application holds of a rolling call's money."""

    RISERVATA = "riservata"
    IN_ATTESA = "in_attesa"
    CONFERMATA = "confermata"
    RILASCIATA = "rilasciata"


def ci_sta(libero: Mapping[str, int], chiesto: Mapping[str, int]) -> bool:
    """Say whether every line has the cents that are asked of it."""
    return all(importo <= libero.get(linea, 0) for linea, importo in chiesto.items())


def riserva_subito(
    libero: Mapping[str, int], chiesto: Mapping[str, int], *, qualcuno_attende: bool, taglio: Taglio
) -> bool:
    """Say whether an application is given its money at presentation.

    Args:
        libero: cents free on each line.
        chiesto: cents asked of each line.
        qualcuno_attende: somebody with a lower protocol is waiting.
        taglio: nobody overtakes who waits, unless the call skips who does not fit.

    Source: DOMAIN "bandi", Sportello.
    """
    return ci_sta(libero, chiesto) and (taglio is Taglio.SALTA or not qualcuno_attende)


def promosse(libero: Mapping[str, int], attese: Iterable[tuple[K, Mapping[str, int]]], taglio: Taglio) -> list[K]:
    """Choose who leaves the waiting list, in its order, with the money that has become free.

    Args:
        libero: cents free on each line.
        attese: who waits and what each asks of each line, in order of protocol.
        taglio: with ``salta`` who does not fit is passed over, otherwise the list stops there.

    Returns:
        Those who are given their money; together they never take more than there is.
    """
    left = dict(libero)
    chosen: list[K] = []
    for key, chiesto in attese:
        if ci_sta(left, chiesto):
            chosen.append(key)
            for linea, importo in chiesto.items():
                left[linea] -= importo
        elif taglio is not Taglio.SALTA:
            break
    return chosen
