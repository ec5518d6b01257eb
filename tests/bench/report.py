"""The table `make bench` prints: each figure beside its floor, both measured in the same run."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measurement.

    Args:
        what: what was measured.
        figure: its result, with the unit.
        floor: what it is compared with, and that result; empty when there is none.
        ratio: figure against floor, or empty.
        promise: what the project promises of it, or empty.
        kept: whether the promise was kept; None when there is none or nothing was measured.
        note: how to read it, or why it was not measured.
    """

    what: str
    figure: str
    floor: str = ""
    ratio: str = ""
    promise: str = ""
    kept: bool | None = None
    note: str = ""


@dataclass
class Report:
    """The rows of one run."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Takes one row."""
        self.rows.append(row)

    def print(self) -> None:
        """Prints the table, whatever the width of the terminal."""
        table = Table(title="make bench", show_lines=True)
        for title in ("what", "figure", "floor in the same run", "ratio", "promise", "kept", "note"):
            table.add_column(title, overflow="fold")
        for row in self.rows:
            kept = {None: "-", True: "yes", False: "NO"}[row.kept]
            table.add_row(row.what, row.figure, row.floor, row.ratio, row.promise, kept, row.note)
        Console(width=160).print(table)
