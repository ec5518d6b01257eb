"""Sharing the common pool out: who receives how much, exact to the hundredth, and the same every time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, Invalid
from chassis.money import format_cents


class CriterioRipartizione(StrEnum):
    """How an act shares the pool out."""

    PROPORZIONALE = "proporzionale"
    UGUALE = "uguale"
    PIU_ANTICHI = "piu_antichi"


class RipartizioneNonValida(Invalid):
    """A sharing act that names a household twice, or both shares and a criterion, or neither."""

    title = "Ripartizione non valida"


class NessunoDaAiutare(Conflict):
    """No household of the project has arrears that its own points do not cover."""

    title = "Nessun nucleo da aiutare"


class SimulazioneSuperata(Conflict):
    """Debts or balances changed since the simulation: the same criterion would give other shares now."""

    title = "Simulazione superata"


@dataclass(frozen=True, slots=True)
class Bisogno:
    """What a household would still owe after spending its own points (cents), and since when it owes."""

    nucleo_id: UUID
    importo_cent: int
    dal: date


@dataclass(frozen=True, slots=True)
class QuotaDiPunti:
    """What a household receives from the pool (hundredths)."""

    nucleo_id: UUID
    importo_cent: int


def ripartisci(criterio: CriterioRipartizione, totale_cent: int, bisogni: Sequence[Bisogno]) -> list[QuotaDiPunti]:
    """Share an amount out among households; none receives more than it needs, and nothing is lost in rounding.

    Args:
        criterio: proportional to what is needed, equal, or the oldest arrears first.
        totale_cent: hundredths of a point to share, 1 or more.
        bisogni: the households, in any order; those that need nothing receive nothing.

    Returns:
        The shares above zero, by household; they add up to the total, or to all that is needed if that is less.

    Raises:
        NessunoDaAiutare: nobody needs anything.

    Source: DOMAIN, puntiluna, "the pool is shared out by an operator act"; largest remainder: ADR 0082.
    """
    con_bisogno = sorted((b for b in bisogni if b.importo_cent > 0), key=lambda b: b.nucleo_id)
    if not con_bisogno:
        raise NessunoDaAiutare(
            "Nessun nucleo del progetto ha una morosità che i suoi punti non coprano già.",
            remedy="I punti restano nel fondo Solidal.",
        )
    totale_cent = min(totale_cent, sum(b.importo_cent for b in con_bisogno))
    if criterio is CriterioRipartizione.PIU_ANTICHI:
        con_bisogno.sort(key=lambda b: (b.dal, b.nucleo_id))
    metodo = {
        CriterioRipartizione.PROPORZIONALE: _proporzionale,
        CriterioRipartizione.UGUALE: _uguale,
        CriterioRipartizione.PIU_ANTICHI: _in_ordine,
    }[criterio]
    importi = metodo(totale_cent, [b.importo_cent for b in con_bisogno])
    quote = [QuotaDiPunti(b.nucleo_id, i) for b, i in zip(con_bisogno, importi, strict=True) if i]
    return sorted(quote, key=lambda quota: quota.nucleo_id)


def impronta_quote(quote: Sequence[QuotaDiPunti]) -> str:
    """Compute the digest that ties an act to the simulation it follows: SHA-256 over `nucleo|punti` lines in order."""
    testo = "\n".join(
        f"{quota.nucleo_id}|{format_cents(quota.importo_cent)}" for quota in sorted(quote, key=lambda q: q.nucleo_id)
    )
    return hashlib.sha256(testo.encode()).hexdigest()


def _proporzionale(totale: int, bisogni: Sequence[int]) -> list[int]:
    """Largest remainder: whole parts first, then a hundredth each to the largest remainders (ties: in order)."""
    somma = sum(bisogni)
    parti = [totale * bisogno // somma for bisogno in bisogni]
    per_resto = sorted(range(len(bisogni)), key=lambda i: (-(totale * bisogni[i] % somma), i))
    for indice in per_resto[: totale - sum(parti)]:
        parti[indice] += 1
    return parti


def _uguale(totale: int, bisogni: Sequence[int]) -> list[int]:
    """The same to each, less to who needs less; what these leave is shared again, the last hundredths in order."""
    parti = [0] * len(bisogni)
    resto, aperti = totale, sorted(range(len(bisogni)), key=lambda i: (bisogni[i], i))
    while aperti:
        minimo = aperti[0]
        if bisogni[minimo] * len(aperti) > resto:
            break
        parti[minimo] = bisogni[minimo]
        resto -= bisogni[minimo]
        aperti.pop(0)
    aperti.sort()
    for posto, indice in enumerate(aperti):
        parti[indice] = resto // len(aperti) + (1 if posto < resto % len(aperti) else 0)
    return parti


def _in_ordine(totale: int, bisogni: Sequence[int]) -> list[int]:
    parti = []
    for bisogno in bisogni:
        parti.append(min(bisogno, totale))
        totale -= parti[-1]
    return parti
