"""An hour pays once: who gets a person-hour claimed by an attendance and by training at the same time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Fonte(StrEnum):
    """Where a claim on a person-hour comes from."""

    PRESENZA = "presenza"
    ORE = "ore"


class StatoOra(StrEnum):
    """State of a claim: it holds the hour, gave way to another, no longer claims, or was told to yield."""

    PAGATA = "pagata"
    CEDUTA = "ceduta"
    ANNULLATA = "annullata"
    RINUNCIATA = "rinunciata"


@dataclass(frozen=True, slots=True)
class Pretesa:
    """A claim on the hours of a person."""

    fonte: Fonte
    fonte_id: UUID
    inizio: datetime
    fine: datetime
    decisa_il: datetime
    ferma: bool = False
    """Its points are already confirmed by a landlord: they stay, whoever came first."""


def si_sovrappongono(una: Pretesa, altra: Pretesa) -> bool:
    """Say whether two claims share at least an instant; an end that touches a beginning is no overlap."""
    return una.inizio < altra.fine and altra.inizio < una.fine


def precedenza(pretesa: Pretesa) -> tuple[bool, datetime, bool, str]:
    """Give the sorting key of a claim: first what a landlord confirmed, then the earliest; on a tie the allowance."""
    return (not pretesa.ferma, pretesa.decisa_il, pretesa.fonte is not Fonte.ORE, str(pretesa.fonte_id))


def arbitra(pretese: Iterable[Pretesa]) -> dict[UUID, UUID | None]:
    """Assign the hours of one person among the claims on them, whatever the order in which they arrived.

    Args:
        pretese: all the active claims of one person that may touch one another.

    Returns:
        For each claim's source id: None when it holds its hours, else the source id of the claim that it gives way to.

    Source: DOMAIN, decision 3.
    """
    vincenti: list[Pretesa] = []
    esito: dict[UUID, UUID | None] = {}
    for pretesa in sorted(pretese, key=precedenza):
        chi = next((altra for altra in vincenti if si_sovrappongono(pretesa, altra)), None)
        esito[pretesa.fonte_id] = None if chi is None else chi.fonte_id
        if chi is None:
            vincenti.append(pretesa)
    return esito
