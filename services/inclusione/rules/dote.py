"""Dote: the money of a project's line, what plans hold of it, and who comes too late."""

from dataclasses import dataclass, replace
from enum import StrEnum

from chassis.errors import Refusal
from chassis.money import format_cents


class StatoLinea(StrEnum):
    """Whether a line takes new reservations."""

    APERTA = "aperta"
    CHIUSA = "chiusa"


class Causale(StrEnum):
    """Why the reservation of a plan changed."""

    FIRMA = "firma"
    REVISIONE = "revisione"
    RIPRESA = "ripresa"
    CONCLUSIONE = "conclusione"
    RINUNCIA = "rinuncia"
    DECADENZA = "decadenza"
    RETTIFICA = "rettifica"


class LineaEsaurita(Refusal):
    """The line has not enough money left for that plan."""

    title = "Risorse esaurite"


class LineaChiusa(Refusal):
    """The project was revoked or concluded, or has no inclusion line: nothing new is reserved on it."""

    title = "Linea chiusa"


class RipartizioneNonValida(Refusal):
    """The split of a line does not hold together."""

    title = "Ripartizione non valida"


@dataclass(frozen=True, slots=True)
class Linea:
    """A project's inclusion line, in cents.

    `capienza_cent` is what may be reserved (the committed amount); the two ceilings split it between services and
    allowance when the project wants two internal lines.
    """

    stato: StatoLinea
    capienza_cent: int
    riservato_servizi_cent: int = 0
    riservato_indennita_cent: int = 0
    tetto_servizi_cent: int | None = None
    tetto_indennita_cent: int | None = None

    @property
    def riservato_cent(self) -> int:
        """All that plans hold."""
        return self.riservato_servizi_cent + self.riservato_indennita_cent


def prenota(linea: Linea, servizi_cent: int, indennita_cent: int) -> Linea:
    """Reserves a plan on its line, all of it or nothing; negative amounts give back.

    Args:
        servizi_cent: cents for services, added to what is held (negative returns them).
        indennita_cent: cents for the allowance, likewise.

    Returns:
        The line after the reservation.

    Raises:
        LineaChiusa: something more is asked of a line that is closed.
        LineaEsaurita: the line, or the internal line of services or of the allowance, has not enough left.

    Source: DOMAIN part inclusione (Dote) and hard case 8 (two lines reserved together).
    """
    dopo = replace(
        linea,
        riservato_servizi_cent=linea.riservato_servizi_cent + servizi_cent,
        riservato_indennita_cent=linea.riservato_indennita_cent + indennita_cent,
    )
    if servizi_cent <= 0 and indennita_cent <= 0:
        return dopo
    if linea.stato is StatoLinea.CHIUSA:
        raise LineaChiusa(
            "Il progetto non ha una linea di inclusione aperta: non si prenotano nuove doti.",
            remedy="Verificare lo stato del progetto.",
        )
    _verifica_voce("della linea", dopo.riservato_cent, linea.riservato_cent, linea.capienza_cent)
    _verifica_voce("dei servizi", dopo.riservato_servizi_cent, linea.riservato_servizi_cent, linea.tetto_servizi_cent)
    _verifica_voce(
        "delle indennita'", dopo.riservato_indennita_cent, linea.riservato_indennita_cent, linea.tetto_indennita_cent
    )
    return dopo


def _verifica_voce(quale: str, dopo_cent: int, prima_cent: int, tetto_cent: int | None) -> None:
    if tetto_cent is not None and dopo_cent > max(tetto_cent, prima_cent):
        raise LineaEsaurita(
            f"Le risorse {quale} non bastano: restano {format_cents(max(tetto_cent - prima_cent, 0))} EUR, "
            f"ne servono {format_cents(dopo_cent - prima_cent)}.",
            remedy="Attendere rinunce, conclusioni o un'integrazione, oppure ridurre il piano.",
        )


def capienza(impegnato_cent: int, riservato_cent: int) -> int:
    """What a line may hold: the committed amount, never less than what plans already hold.

    A commitment that shrinks below the reservations takes nothing from the people: the line is only full.
    """
    return max(impegnato_cent, riservato_cent)


def ripartisci(linea: Linea, servizi_cent: int, indennita_cent: int, *, ammesso_cent: int) -> Linea:
    """Splits a line into two internal ones, services and allowance.

    Args:
        ammesso_cent: the admitted amount of the line: the two parts must make exactly that.

    Raises:
        RipartizioneNonValida: the parts do not make the admitted amount, or plans already hold more than a part.

    Source: programmi.json PROLORENTEGGIO (600,000 + 400,000 EUR).
    """
    if servizi_cent + indennita_cent != ammesso_cent:
        raise RipartizioneNonValida(
            f"Le due parti fanno {format_cents(servizi_cent + indennita_cent)} EUR, la linea ne ha "
            f"{format_cents(ammesso_cent)}.",
            remedy="Dividere esattamente l'importo ammesso.",
        )
    if linea.riservato_servizi_cent > servizi_cent or linea.riservato_indennita_cent > indennita_cent:
        raise RipartizioneNonValida(
            "I piani gia' firmati impegnano piu' di una delle due parti.",
            remedy="Assegnare a ogni parte almeno quanto e' gia' prenotato.",
        )
    return replace(linea, tetto_servizi_cent=servizi_cent, tetto_indennita_cent=indennita_cent)
