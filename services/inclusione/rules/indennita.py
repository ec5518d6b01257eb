"""Indennita: what an hour accrues, what a liquidation pays, what a pact gives to the arrears."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Refusal
from services.inclusione.rules.misura import Quota
from services.inclusione.rules.ore import costo_ora


class TipoVoce(StrEnum):
    """Why the allowance of a plan moved; items are only added, never edited."""

    MATURAZIONE = "maturazione"
    RIPRISTINO = "ripristino"
    STORNO = "storno"
    COMPENSAZIONE = "compensazione"


class NienteDaLiquidare(Refusal):
    """Nobody has an allowance to be paid up to that day."""

    title = "Niente da liquidare"


class StatoPatto(StrEnum):
    """The state of a pact."""

    ATTIVO = "attivo"
    CESSATO = "cessato"


class NucleoSconosciuto(Refusal):
    """The person's household on that day is not known here yet."""

    title = "Nucleo sconosciuto"


class PattoGiaAttivo(Refusal):
    """One pact at a time for a person in a project."""

    title = "Patto gia' attivo"


class PattoNonValido(Refusal):
    """The pact's share or dates do not hold together."""

    status = 422
    title = "Patto non valido"


@dataclass(frozen=True, slots=True)
class Liquidazione:
    """One payment: gross, the pact's part to the arrears, what the person receives; cents."""

    importo_cent: int
    quota_morosita_cent: int

    @property
    def netto_cent(self) -> int:
        """What the person receives."""
        return self.importo_cent - self.quota_morosita_cent


def matura(minuti: int, orario_cent: int, *, residuo_pip_cent: int, residuo_persona_cent: int) -> int:
    """What a validated hour of an eligible service accrues: its rate, as far as both caps go.

    Args:
        minuti: minutes of the hour; `orario_cent` the hourly rate of its day.
        residuo_pip_cent: what the plan reserved for the allowance and has not accrued yet.
        residuo_persona_cent: what the person's cap still allows.

    Returns:
        Cents, 0 when a cap is already reached (the hour still counts as attended).

    Source: DOMAIN part inclusione (Indennita: at most 2,000 EUR a person).
    """
    return max(0, min(costo_ora(minuti, orario_cent), residuo_pip_cent, residuo_persona_cent))


def quota_morosita(lordo_complessivo_cent: int, quota: Quota, *, gia_versata_cent: int) -> int:
    """The part of a liquidation that goes to the arrears under a pact.

    It is worked out on the whole paid so far under the pact, this payment included, rounded down, less what already
    went: payments in any pieces give together the same cents as one, and the cent that cannot be divided stays with
    the person.

    Args:
        lordo_complessivo_cent: gross paid under the pact, this liquidation included, cents >= 0.
        gia_versata_cent: what earlier liquidations under the pact gave to the arrears.

    Returns:
        Cents >= 0, never more than the liquidation.

    Source: programmi.json PASS (DO UT DES, one third); rounding: ADR 0043.
    """
    return lordo_complessivo_cent * quota.numeratore // quota.denominatore - gia_versata_cent


def tipo_correzione(*, liquidata: bool) -> TipoVoce:
    """How an accrued hour is taken back: a reversal before it is paid, a compensating item after.

    Source: DOMAIN hard case 3; issue of inclusione ("what was paid is corrected only by a compensating item").
    """
    return TipoVoce.COMPENSAZIONE if liquidata else TipoVoce.STORNO


def verifica_quota(quota: Quota) -> None:
    """Refuses a share that is not between nothing and everything.

    Raises:
        PattoNonValido: numerator negative or above the denominator, or a zero denominator.
    """
    if quota.denominatore < 1 or not 0 < quota.numeratore <= quota.denominatore:
        raise PattoNonValido(
            f"La quota {quota} non e' una frazione fra zero e uno.",
            field="quota",
            remedy="Scrivere una frazione, per esempio 1/3.",
        )
