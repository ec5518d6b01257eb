"""The standing choice of a household: let its points reduce its arrears by themselves."""

from chassis.errors import NotFound


class SceltaSconosciuta(NotFound):
    """The household is not known here, so that it can choose nothing."""

    title = "Nucleo sconosciuto"


def importo_automatico(*, spendibile_cent: int, riserva_cent: int, minimo_cent: int, riducibile_cent: int) -> int:
    """Say how much an automatic reduction takes.

    Args:
        spendibile_cent: the balance less what is being recovered.
        riserva_cent: what the household keeps aside, 0 or more.
        minimo_cent: the smallest reduction worth asking for, 1 or more; a smaller one only if it ends the arrears.
        riducibile_cent: the arrears of the contract that can still be reduced.

    Returns:
        Hundredths of a point, 0 when nothing is to be reserved.

    Source: DOMAIN, puntiluna, "Spending"; ADR 0082.
    """
    importo = min(spendibile_cent - riserva_cent, riducibile_cent)
    if importo <= 0 or (importo < minimo_cent and importo < riducibile_cent):
        return 0
    return importo
