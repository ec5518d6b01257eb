"""The Distinta: confirmed reductions of a landlord in a period, approved, then settled."""

from datetime import date
from enum import StrEnum

from chassis.errors import Conflict, NotFound


class StatoDistinta(StrEnum):
    """Life of a Distinta."""

    COMPOSTA = "composta"
    APPROVATA = "approvata"
    LIQUIDATA = "liquidata"


class ModoLiquidazione(StrEnum):
    """How it is settled: a payment, or an entry in the Comune's own books where the Comune is the landlord."""

    PAGAMENTO = "pagamento"
    GIROCONTO = "giroconto"


class DistintaSconosciuta(NotFound):
    """No such Distinta."""

    title = "Distinta sconosciuta"


class NienteDaLiquidare(Conflict):
    """No confirmed reduction of the landlord in the period is free."""

    title = "Niente da liquidare"


class DistintaNonApprovabile(Conflict):
    """Only a composed Distinta can be approved."""

    title = "Distinta non approvabile"


class DistintaNonLiquidabile(Conflict):
    """Only an approved Distinta can be settled."""

    title = "Distinta non liquidabile"


class TotaleDiverso(Conflict):
    """The lines do not add up to the total."""

    title = "Totale diverso"


def controlla_approvazione(stato: StatoDistinta) -> None:
    """Refuse to approve what is not waiting for approval.

    Raises:
        DistintaNonApprovabile: it is already approved or settled.
    """
    if stato is not StatoDistinta.COMPOSTA:
        raise DistintaNonApprovabile(f"La distinta è {stato}: si approva solo una distinta composta.")


def controlla_liquidazione(stato: StatoDistinta, *, totale_cent: int, righe_cent: int) -> None:
    """Refuse to settle what is not approved or does not add up.

    Args:
        stato: the Distinta's state.
        totale_cent: its total.
        righe_cent: the sum of its lines as they are now.

    Raises:
        DistintaNonLiquidabile: it is not approved, or already settled.
        TotaleDiverso: total and lines differ.

    Source: DOMAIN, puntiluna, "Distinta"; the totals tie to the cent.
    """
    if stato is not StatoDistinta.APPROVATA:
        raise DistintaNonLiquidabile(
            f"La distinta è {stato}: si liquida solo una distinta approvata.", remedy="Approva prima la distinta."
        )
    if totale_cent != righe_cent:
        raise TotaleDiverso("Il totale della distinta non coincide con la somma delle sue righe.")


def modo_di_liquidazione(ente_proprietario: str) -> ModoLiquidazione:
    """Say how a landlord is settled: an internal entry for a Comune, a payment for the others.

    Args:
        ente_proprietario: the landlord's code, `COMUNE-...` for a Comune.

    Returns:
        The way of settling.

    Source: DOMAIN, puntiluna, "Landlords may be Comuni".
    """
    return ModoLiquidazione.GIROCONTO if ente_proprietario.startswith("COMUNE-") else ModoLiquidazione.PAGAMENTO


def estremi_del_periodo(periodo: str) -> tuple[date, date]:
    """Give the first day of a month and of the next one.

    Args:
        periodo: `2020-11`.

    Returns:
        First day inside, first day outside.
    """
    anno, mese = (int(parte) for parte in periodo.split("-"))
    return date(anno, mese, 1), date(anno + mese // 12, mese % 12 + 1, 1)
