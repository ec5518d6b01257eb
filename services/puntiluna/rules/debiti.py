"""Debts as told by landlords: snapshots, what is stale, what is left to reduce."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from chassis.money import MAX_CENTS, format_cents
from services.puntiluna.rules.tariffe import giorno_di


class TipoRilevazione(StrEnum):
    """A snapshot of all the contracts of a landlord, or of some of them."""

    COMPLETA = "completa"
    PARZIALE = "parziale"


class StatoPosizione(StrEnum):
    """State of a contract's debt: told, or missing from the landlord's last full snapshot (which is not zero)."""

    COMUNICATA = "comunicata"
    NON_COMUNICATA = "non_comunicata"


class RilevazioneSuperata(Conflict):
    """A snapshot older than the last one received from the same landlord."""

    title = "Rilevazione superata"


class RilevazioneFutura(Invalid):
    """A snapshot that speaks of a day to come."""

    title = "Rilevazione futura"


class ContrattoRipetuto(Invalid):
    """The same contract appears twice in one snapshot."""

    title = "Contratto ripetuto"


class RilevazioneOltreMisura(Invalid):
    """The debts of a snapshot add up to more than the platform can hold."""

    title = "Rilevazione oltre misura"


@dataclass(frozen=True, slots=True)
class Debito:
    """The debt of a contract with what has happened since it was told (cents)."""

    importo_cent: int
    pendente_cent: int
    confermato_dopo_cent: int


def controlla_rilevazione(
    *, al_giorno: date, ultima: date | None, contratti: list[str], totale_cent: int, now: datetime
) -> None:
    """Refuse a snapshot that cannot be believed.

    Args:
        al_giorno: the day it speaks of.
        ultima: the day of the last snapshot of the same landlord, None for the first.
        contratti: the contract codes in it.
        totale_cent: the sum of its debts.
        now: the instant it is received.

    Raises:
        RilevazioneFutura: its day has not come yet.
        RilevazioneSuperata: it is older than the last one.
        RilevazioneOltreMisura: its debts exceed the largest amount.
        ContrattoRipetuto: a contract appears twice.

    Source: DOMAIN, puntiluna, "Landlord protocol" and decision 6.
    """
    if al_giorno > giorno_di(now):
        raise RilevazioneFutura(
            f"La rilevazione è al {al_giorno.isoformat()}, un giorno che deve ancora venire.", field="al_giorno"
        )
    if ultima is not None and al_giorno < ultima:
        raise RilevazioneSuperata(
            f"È già stata ricevuta una rilevazione al {ultima.isoformat()}: questa è al {al_giorno.isoformat()} "
            "e la sostituirebbe con valori più vecchi.",
            field="al_giorno",
            remedy="Invia una rilevazione dello stesso giorno o di un giorno successivo.",
        )
    if totale_cent > MAX_CENTS:
        raise RilevazioneOltreMisura(
            f"La somma degli importi supera {format_cents(MAX_CENTS)} euro.",
            field="righe",
            remedy="Controlla gli importi, o invia la rilevazione in più parti.",
        )
    visti: set[str] = set()
    for indice, codice in enumerate(contratti):
        if codice in visti:
            raise ContrattoRipetuto(
                f"Il contratto {codice} compare due volte nella stessa rilevazione.",
                field=f"righe.{indice}.contratto_codice",
            )
        visti.add(codice)


def debito_riducibile(debito: Debito) -> int:
    """Compute how much of a debt can still be reduced.

    Args:
        debito: the debt last told, the reductions waiting for an answer, and those confirmed after it was told.

    Returns:
        Cents, never below zero (a debt may fall under what is pending).

    Source: DOMAIN, puntiluna, "Spending"; decision 6.
    """
    return max(debito.importo_cent - debito.pendente_cent - debito.confermato_dopo_cent, 0)
