"""The hours of a project as CSV: direct by service, indirect by kind."""

from collections.abc import Sequence

from chassis.money import format_cents
from chassis.sheets import csv_file
from services.inclusione.rules.pip import ore_italiane

COLONNE = ("operatore", "tipo", "voce", "persone", "ore", "ore_firmate", "ore_validate", "costo", "indennita")


def csv_riepilogo(righe: Sequence[tuple[str, bool, str, int, int, int, int, int, int]]) -> bytes:
    """One line for each operator and service or kind of indirect work, decimal points.

    Args:
        righe: operator, whether direct, service or kind, people, then minutes (all, signed, validated) and cents (cost,
            allowance).
    """
    return csv_file(
        COLONNE,
        [
            (
                ente,
                "diretta" if diretta else "indiretta",
                voce,
                str(persone),
                *(ore_italiane(minuti) for minuti in (tutti, firmati, validati)),
                format_cents(costo),
                format_cents(indennita),
            )
            for ente, diretta, voce, persone, tutti, firmati, validati, costo, indennita in righe
        ],
    )
