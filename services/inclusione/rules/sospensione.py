"""Sospensione: days on which a started plan stands still, and how far they move its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.errors import Refusal


class MotivoSospensione(StrEnum):
    """Why a plan stands still; nothing of a person's health or family is said here."""

    EMERGENZA_PUBBLICA = "emergenza_pubblica"
    IMPEDIMENTO_PERSONALE = "impedimento_personale"
    LAVORO_TEMPORANEO = "lavoro_temporaneo"
    CAUSA_ORGANIZZATIVA = "causa_organizzativa"


class SospensioneNonValida(Refusal):
    """The days of a suspension or of its end do not hold together."""

    status = 422
    title = "Sospensione non valida"


class OreNellaSospensione(Refusal):
    """The plan already has hours on days that would be suspended."""

    title = "Ore nei giorni sospesi"


class OraInSospensione(Refusal):
    """The plan stood still on the day of that hour."""

    title = "Ora in un giorno sospeso"


@dataclass(frozen=True, slots=True)
class Sospensione:
    """Days on which a plan stands still: the first, and the last one, None while it lasts."""

    dal: date
    al: date | None


def verifica_sospensione(dal: date, *, inizio: date, fine: date, oggi: date, ultima_ora: date | None) -> None:
    """Refuses a suspension that starts outside the plan, in the future, or before hours already registered.

    Args:
        dal: first suspended day.
        oggi: the present day in Europe/Rome.
        ultima_ora: last day of the plan with hours not annulled, or None.

    Raises:
        SospensioneNonValida: the day is outside the plan or has not come yet.
        OreNellaSospensione: hours stand on that day or later.
    """
    if not inizio <= dal <= min(fine, oggi):
        raise SospensioneNonValida(
            f"La sospensione comincia in un giorno passato del piano ({inizio.isoformat()} - {fine.isoformat()}).",
            field="dal",
            remedy="Indicare oggi o un giorno passato del piano.",
        )
    if ultima_ora is not None and ultima_ora >= dal:
        raise OreNellaSospensione(
            f"Ci sono ore registrate fino al {ultima_ora.isoformat()}.",
            field="dal",
            remedy="Far cominciare la sospensione dal giorno seguente, oppure annullare quelle ore.",
        )


def verifica_ripresa(ripresa: date, *, dal: date, oggi: date) -> None:
    """Refuses an end of the suspension before its start or in the future.

    Args:
        ripresa: first day on which the plan goes on.

    Raises:
        SospensioneNonValida: no day was suspended, or the day has not come yet.
    """
    if not dal < ripresa <= oggi:
        raise SospensioneNonValida(
            f"Il piano riprende dopo il {dal.isoformat()}, primo giorno sospeso, e non dopo oggi.",
            field="il",
            remedy="Indicare il primo giorno di ripresa, fino a oggi.",
        )


def fine_spostata(fine: date, sospensione: Sospensione, *, firmata: date, fine_progetto: date | None) -> date:
    """The end of a plan after a suspension: as many days later, but not after its project.

    Days before the signature of the version in force do not count: whoever signed that version knew of them.

    Args:
        fine: last day before the suspension.
        sospensione: with its last day.
        firmata: day of the signature of the version in force.
        fine_progetto: last day of the project, when known.

    Returns:
        The new last day, never before `fine`.

    Source: the 2020 lock-down, when the evaluated projects stopped (ADR 0065).
    """
    assert sospensione.al is not None
    giorni = max((sospensione.al - max(sospensione.dal, firmata)).days + 1, 0)
    spostata = fine + timedelta(days=giorni)
    return spostata if fine_progetto is None else max(fine, min(spostata, fine_progetto))


def verifica_giorno(giorno: date, sospensioni: Iterable[Sospensione]) -> None:
    """Refuses an hour on a suspended day.

    Raises:
        OraInSospensione: the plan stood still on that day.
    """
    for una in sospensioni:
        if una.dal <= giorno and (una.al is None or giorno <= una.al):
            fino = f"al {una.al.isoformat()}" if una.al is not None else "a nuovo avviso"
            raise OraInSospensione(
                f"Il piano e' sospeso dal {una.dal.isoformat()} {fino}.",
                field="inizio",
                remedy="Registrare ore dei giorni non sospesi, oppure correggere il registro.",
            )
