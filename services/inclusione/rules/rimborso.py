"""Rimborsi: what an operator claims for validated hours, what the officer admits of it and what is cut."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Refusal
from chassis.money import format_cents

RIGHE_MASSIME = 10_000


class StatoRimborso(StrEnum):
    """The state of a claim."""

    PRESENTATA = "presentata"
    ISTRUITA = "istruita"
    RITIRATA = "ritirata"


TRANSIZIONI_RIMBORSO: Mapping[StatoRimborso, frozenset[StatoRimborso]] = {
    StatoRimborso.PRESENTATA: frozenset({StatoRimborso.ISTRUITA, StatoRimborso.RITIRATA}),
    StatoRimborso.ISTRUITA: frozenset(),
    StatoRimborso.RITIRATA: frozenset(),
}
"""Every transition of a claim; an examined one is corrected only by a recovery in a later one."""


class TipoRigaRimborso(StrEnum):
    """A row of a claim: an hour to be paid, or one admitted earlier and annulled since, to be given back."""

    ORA = "ora"
    RECUPERO = "recupero"


class NienteDaRendicontare(Refusal):
    """No validated hour of that period is still to be claimed."""

    title = "Niente da rendicontare"


class PeriodoNonValido(Refusal):
    """The claim's period ends before it begins, or in the future."""

    status = 422
    title = "Periodo non valido"


class DomandaTroppoGrande(Refusal):
    """A claim holds a limited number of rows."""

    title = "Domanda di rimborso troppo grande"


class MassimaleOperatoreSuperato(Refusal):
    """The operator's claims would pass its ceiling in the project."""

    title = "Massimale dell'operatore superato"


class StatoRimborsoNonAmmesso(Refusal):
    """The claim's state does not allow that step."""

    title = "Passaggio della domanda di rimborso non ammesso"


class IstruttoriaFuoriOrdine(Refusal):
    """What was paid for annulled hours must be given back before more is admitted on the same plan."""

    title = "Prima va istruita la restituzione"


class TaglioNonValido(Refusal):
    """A cut names an hour the claim does not have, or admits more than was asked."""

    status = 422
    title = "Taglio non valido"


@dataclass(frozen=True, slots=True)
class Taglio:
    """What an officer admits of a row (cents), and why not the rest."""

    ammesso_cent: int
    motivo: str


def verifica_passo_rimborso(da: StatoRimborso, a: StatoRimborso) -> None:
    """Refuses a step of a claim that `TRANSIZIONI_RIMBORSO` does not draw.

    Raises:
        StatoRimborsoNonAmmesso: the claim in state `da` cannot go to state `a`.
    """
    if a not in TRANSIZIONI_RIMBORSO[da]:
        raise StatoRimborsoNonAmmesso(
            f"Una domanda di rimborso {da.value} non puo' diventare {a.value}.",
            remedy="Una domanda presentata si istruisce o si ritira una volta sola.",
        )


def verifica_periodo(dal: date, al: date, *, oggi: date) -> None:
    """Refuses a period that is not one, or that has not ended.

    Raises:
        PeriodoNonValido: order of the days, or a last day after today.
    """
    if al < dal or al > oggi:
        raise PeriodoNonValido(
            "Il periodo finisce prima di cominciare, oppure dopo oggi.",
            field="al",
            remedy="Rendicontare un periodo gia' trascorso, primo e ultimo giorno compresi.",
        )


def verifica_righe(quante: int) -> None:
    """Refuses an empty claim and one too long to be read.

    Raises:
        NienteDaRendicontare: no row.
        DomandaTroppoGrande: more than 10,000 rows.
    """
    if quante == 0:
        raise NienteDaRendicontare(
            "In quel periodo non ci sono ore validate ancora da rendicontare.",
            field="al",
            remedy="Validare prima le ore; un'ora si rendiconta una volta sola.",
        )
    if quante > RIGHE_MASSIME:
        raise DomandaTroppoGrande(
            f"Il periodo ha piu' di {RIGHE_MASSIME} ore da rendicontare.",
            field="al",
            remedy="Presentare piu' domande, ciascuna di un periodo piu' breve.",
        )


def verifica_rimborsato(rimborsato_cent: int, riservato_cent: int) -> None:
    """Refuses to admit more than a plan holds for its services.

    It happens when hours were admitted, annulled and replaced by others, and those are examined first.

    Raises:
        IstruttoriaFuoriOrdine: what was admitted and not given back would pass what the plan holds.
    """
    if rimborsato_cent > riservato_cent:
        raise IstruttoriaFuoriOrdine(
            f"Su un piano che tiene {format_cents(riservato_cent)} EUR risulterebbero ammessi "
            f"{format_cents(rimborsato_cent)} EUR: ore ammesse e poi annullate non sono ancora state restituite.",
            remedy="Istruire prima la domanda che le restituisce; se manca, l'operatore la presenta.",
        )


def chiedi(chiesto_cent: int, richiesta_cent: int, *, tetto_cent: int | None) -> int:
    """Adds a claim to what an operator has asked for in a project.

    Args:
        chiesto_cent: what its living claims ask for, or were admitted for, so far.
        richiesta_cent: what the hours of the new claim cost; what it gives back counts once it is admitted.
        tetto_cent: the operator's ceiling, None without one.

    Returns:
        The new sum, in cents.

    Raises:
        MassimaleOperatoreSuperato: something more is asked and the sum would pass the ceiling.

    Source: issue of inclusione, rendicontazione ("never above path cap, operator ceiling or line").
    """
    dopo = chiesto_cent + richiesta_cent
    if tetto_cent is not None and richiesta_cent > 0 and dopo > tetto_cent:
        raise MassimaleOperatoreSuperato(
            f"Il massimale dell'operatore e' {format_cents(tetto_cent)} EUR: con questa domanda "
            f"chiederebbe {format_cents(dopo)} EUR.",
            field="al",
            remedy="Rendicontare un periodo piu' breve, oppure attendere l'istruttoria delle domande presentate.",
        )
    return dopo


def tetto_in_vigore(massimale_cent: int | None, *, chiesto_cent: int) -> int | None:
    """The ceiling of an operator now: that of the measure, never below what was claimed under an earlier one."""
    return None if massimale_cent is None else max(massimale_cent, chiesto_cent)


def ammetti(richiesto_cent: int, *, ancora_valida: bool, taglio: Taglio | None) -> Taglio:
    """What is admitted of a row of an hour, and why not the rest.

    Args:
        richiesto_cent: what the row asks, cents >= 0.
        ancora_valida: False when the hour was annulled after the claim: nothing is admitted.
        taglio: what the officer decided, None to admit it whole.

    Returns:
        The admitted cents, 0 to `richiesto_cent`, with the reason of what is missing (empty when nothing is).

    Raises:
        TaglioNonValido: the cut admits more than was asked.
    """
    if not ancora_valida:
        return Taglio(0, "ora annullata dopo la presentazione della domanda")
    if taglio is None:
        return Taglio(richiesto_cent, "")
    if not 0 <= taglio.ammesso_cent <= richiesto_cent:
        raise TaglioNonValido(
            f"Di un'ora che chiede {format_cents(richiesto_cent)} EUR non se ne ammettono "
            f"{format_cents(taglio.ammesso_cent)}.",
            field="tagli",
            remedy="Ammettere da zero a quanto richiesto.",
        )
    return taglio
