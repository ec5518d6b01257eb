"""Tariffs by date and limits: how many points an attendance gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, Invalid
from chassis.italian import ROMA

MINUTI_MASSIMI = 24 * 60


class Fascia(StrEnum):
    """Tariff band of an activity."""

    NESSUNA = "nessuna"
    BASE = "base"
    SILVER = "silver"
    GOLD = "gold"


class TipoTariffa(StrEnum):
    """What a tariff speaks of: a band of direct activities, or a category of indirect ones."""

    FASCIA = "fascia"
    INDIRETTA = "indiretta"


class AmbitoLimite(StrEnum):
    """What a limit adds up: an activity, a household in a month, a whole programme, a person in a day."""

    ATTIVITA = "attivita"
    NUCLEO_MESE = "nucleo_mese"
    PROGRAMMA = "programma"
    PERSONA_GIORNO = "persona_giorno"


class TariffaGiaPresente(Conflict):
    """The same entry already has a tariff from that day."""

    title = "Tariffa già presente"


class TariffaNonValida(Invalid):
    """A tariff whose entry does not belong to its kind."""

    title = "Tariffa non valida"


class LimiteNonValido(Invalid):
    """A limit that cannot be applied as written."""

    title = "Limite non valido"


@dataclass(frozen=True, slots=True)
class Tariffa:
    """Points an hour of one entry from a day on; a project's own tariff beats the general one."""

    tipo: TipoTariffa
    voce: str
    punti_ora_cent: int
    dal: date
    progetto_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Limite:
    """A ceiling on points: hard refuses, soft warns."""

    limite_id: UUID
    ambito: AmbitoLimite
    massimo_cent: int
    rigido: bool
    dal: date
    al: date | None = None
    progetto_id: UUID | None = None
    attivita_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EsitoLimiti:
    """The limits that an amount would break."""

    rifiutano: tuple[Limite, ...]
    avvisano: tuple[Limite, ...]


def giorno_di(quando: datetime) -> date:
    """Give the civil day of an instant in Italy.

    Args:
        quando: an aware instant.

    Returns:
        The date in Europe/Rome.

    Source: ARCHITECTURE, Runtime, "Platform clock".
    """
    return quando.astimezone(ROMA).date()


def mese_di(quando: datetime) -> str:
    """Give the civil month of an instant in Italy, as `2020-11`."""
    return giorno_di(quando).strftime("%Y-%m")


def controlla_voce(tipo: TipoTariffa, voce: str) -> None:
    """Refuse a band tariff whose entry is not a paid band.

    Args:
        tipo: what the tariff speaks of.
        voce: `base`, `silver` or `gold` for a band; the category's name for an indirect activity.

    Raises:
        TariffaNonValida: the entry is not a paid band.
    """
    if tipo is TipoTariffa.FASCIA and voce not in {Fascia.BASE, Fascia.SILVER, Fascia.GOLD}:
        raise TariffaNonValida(
            f"La fascia «{voce}» non esiste: le fasce con punti sono base, silver e gold.",
            field="voce",
            remedy="Usa una fascia con punti, oppure il tipo «indiretta» per una categoria.",
        )


def controlla_limite(ambito: AmbitoLimite, attivita_id: UUID | None, dal: date, al: date | None) -> None:
    """Refuse a limit that cannot be applied.

    Args:
        ambito: what it adds up.
        attivita_id: the activity it speaks of; only with `attivita`, where it may be absent (each activity by itself).
        dal: first day.
        al: last day, or None.

    Raises:
        LimiteNonValido: an activity named with another scope, or the end before the beginning.
    """
    if attivita_id is not None and ambito is not AmbitoLimite.ATTIVITA:
        raise LimiteNonValido("L'attività si indica solo per un limite di attività.", field="attivita_id")
    if al is not None and al < dal:
        raise LimiteNonValido("L'ultimo giorno del limite viene prima del primo.", field="al")


def tariffa_in_vigore(
    tariffe: Iterable[Tariffa], *, progetto_id: UUID | None, tipo: TipoTariffa, voce: str, giorno: date
) -> Tariffa | None:
    """Choose the tariff of an entry on a day.

    Args:
        tariffe: all the tariffs known.
        progetto_id: the project of the attendance.
        tipo: band or indirect category.
        voce: the band or the category.
        giorno: the day of the attendance in Italy.

    Returns:
        The project's own tariff if one is in force, else the general one, the latest that began; None without either.

    Source: PRESS2019 (5 points an hour, silver x2, gold x4); DOMAIN, puntiluna, "Tariff by date".
    """
    adatte = [
        tariffa
        for tariffa in tariffe
        if tariffa.tipo is tipo
        and tariffa.voce == voce
        and tariffa.dal <= giorno
        and tariffa.progetto_id in (None, progetto_id)
    ]
    return max(adatte, key=lambda t: (t.progetto_id is not None, t.dal), default=None)


def punti_per(minuti: int, punti_ora_cent: int) -> int:
    """Compute the points of a duration; a fraction of a hundredth is dropped, never added.

    Args:
        minuti: 0 to 1,440.
        punti_ora_cent: hundredths of a point an hour, 0 or more.

    Returns:
        Hundredths of a point.

    Source: PRESS2019; ADR 0043 (rounding).
    """
    return minuti * punti_ora_cent // 60


def limiti_applicabili(
    limiti: Iterable[Limite], *, progetto_id: UUID | None, attivita_id: UUID, nucleo_id: UUID | None, giorno: date
) -> list[Limite]:
    """Choose the limits that speak of an attendance.

    Args:
        limiti: all the limits known.
        progetto_id: project of the attendance.
        attivita_id: its activity.
        nucleo_id: its household, None for a person without one (household limits do not apply then).
        giorno: its day in Italy.

    Returns:
        The limits to test together, in order of id.
    """
    scelti = [
        limite
        for limite in limiti
        if limite.dal <= giorno
        and (limite.al is None or giorno <= limite.al)
        and limite.progetto_id in (None, progetto_id)
        and limite.attivita_id in (None, attivita_id)
        and not (limite.ambito is AmbitoLimite.NUCLEO_MESE and nucleo_id is None)
    ]
    return sorted(scelti, key=lambda limite: str(limite.limite_id))


def applica_limiti(punti_cent: int, consumi: Sequence[tuple[Limite, int]]) -> EsitoLimiti:
    """Test an amount against several limits at once.

    Args:
        punti_cent: points about to be issued.
        consumi: each limit with the points already issued within it.

    Returns:
        The hard limits that refuse and the soft ones that warn.

    Source: DOMAIN, puntiluna, "Limits by data, several at once".
    """
    superati = [limite for limite, consumato in consumi if consumato + punti_cent > limite.massimo_cent]
    return EsitoLimiti(
        rifiutano=tuple(limite for limite in superati if limite.rigido),
        avvisano=tuple(limite for limite in superati if not limite.rigido),
    )
