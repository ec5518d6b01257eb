"""Households: members and tenancy contracts over time."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import combinations

from chassis.errors import Refusal
from services.laboratori.rules.calendario import Periodo

RIGHE_MASSIME = 200


class RuoloNucleo(StrEnum):
    """Place of a person in the household."""

    INTESTATARIO = "intestatario"
    COMPONENTE = "componente"


class GiaInNucleo(Refusal):
    """The person already belongs to a household in that period."""

    status = 409
    title = "Persona già in un nucleo"


class NonInNucleo(Refusal):
    """The person does not belong to the household now."""

    status = 409
    title = "Persona non nel nucleo"


class ContrattoGiaAssegnato(Refusal):
    """The tenancy contract belongs to a household in that period."""

    status = 409
    title = "Contratto già assegnato"


class ContrattoGiaCessato(Refusal):
    """The tenancy contract has already ended."""

    status = 409
    title = "Contratto già cessato"


class NucleoPieno(Refusal):
    """The history of the household is as long as it can be told."""

    status = 409
    title = "Nucleo pieno"


class NucleoNonValido(Refusal):
    """The household as described does not hold together."""

    status = 422
    title = "Nucleo non valido"


class ElencoRespinto(Refusal):
    """Some rows of a list are wrong: none was written."""

    status = 422
    title = "Elenco respinto"


def verifica_membri(ruoli: Sequence[RuoloNucleo]) -> None:
    """Check who a new household is made of.

    Args:
        ruoli: role of each member.

    Raises:
        NucleoNonValido: nobody, or more than one holder of the tenancy.

    Source: DOMAIN glossary, the household is the holder of the tenancy and of the points.
    """
    if not ruoli:
        raise NucleoNonValido("Un nucleo ha almeno una persona.", field="membri")
    if sum(ruolo is RuoloNucleo.INTESTATARIO for ruolo in ruoli) > 1:
        raise NucleoNonValido(
            "Un nucleo ha un solo intestatario.", field="membri", remedy="Indicare gli altri come componenti."
        )


def verifica_spazio(righe: int, *, campo: str) -> None:
    """Check that a household's history can take one more row, of members or of contracts.

    Args:
        righe: rows already there, past ones too.
        campo: field named by the refusal.

    Raises:
        NucleoPieno: there are 200 already.

    Source: project decision, every event tells the whole household and must stay small.
    """
    if righe >= RIGHE_MASSIME:
        raise NucleoPieno(
            f"Il nucleo ha già {RIGHE_MASSIME} righe di storia.",
            field=campo,
            remedy="Registrare un nuovo nucleo con le persone e i contratti di oggi.",
        )


def verifica_senza_sovrapposizioni(periodi: Sequence[Periodo]) -> None:
    """Check that a person is in one household at a time.

    Args:
        periodi: the person's periods in any household, the new one included.

    Raises:
        GiaInNucleo: two of them share a day.

    Source: DOMAIN decision 7, points follow the household at the date of the attendance: there must be one.
    """
    if any(uno.incontra(altro) for uno, altro in combinations(periodi, 2)):
        raise GiaInNucleo(
            "La persona appartiene già a un nucleo in quel periodo.",
            field="persona_id",
            remedy="Registrare prima l'uscita dal nucleo precedente.",
        )


def verifica_uscita(dal: date, al: date | None, uscita: date) -> None:
    """Check the last day of a person in a household.

    Args:
        dal: first day in it.
        al: last day already registered, none while inside.
        uscita: last day now told, inside.

    Raises:
        NonInNucleo: already out, or the day comes before the first.

    Source: DOMAIN laboratori, household with members over time.
    """
    if al is not None:
        raise NonInNucleo("La persona è già uscita dal nucleo.", field="persona_id")
    if uscita < dal:
        raise NonInNucleo("L'uscita viene prima dell'ingresso nel nucleo.", field="al")


def verifica_cessazione(dal: date, al: date | None, cessazione: date) -> None:
    """Check the last day of a tenancy contract.

    Args:
        dal: first day.
        al: last day already registered, none while running.
        cessazione: last day now told, inside.

    Raises:
        ContrattoGiaCessato: already ended, or the day comes before the first.

    Source: DOMAIN laboratori, a change of contract reaches puntiluna by `nucleo.aggiornato`.
    """
    if al is not None:
        raise ContrattoGiaCessato("Il contratto è già cessato.", field="contratto_id")
    if cessazione < dal:
        raise ContrattoGiaCessato("La cessazione viene prima dell'inizio del contratto.", field="al")
