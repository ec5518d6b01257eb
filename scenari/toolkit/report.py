"""Expected against obtained, row by row."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; it holds when the two values are equal and of the same type."""

    section: str
    label: str
    expected: object
    obtained: object

    @property
    def holds(self) -> bool:
        """Say whether the obtained value is exactly the expected one."""
        return type(self.expected) is type(self.obtained) and self.expected == self.obtained


@dataclass(slots=True)
class Report:
    """The comparisons of one scenario, in the order in which they were made."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[Row]:
        """Return the rows that do not hold."""
        return [row for row in self.rows if not row.holds]

    def compare(self, section: str, label: str, *, expected: object, obtained: object) -> bool:
        """Add a row and say whether it holds."""
        row = Row(section, label, expected, obtained)
        self.rows.append(row)
        return row.holds

    def print(self, console: Console) -> None:
        """Print one table per section, then the notes that say which figures are synthetic."""
        for section in dict.fromkeys(row.section for row in self.rows):
            table = Table(title=f"{self.title} - {section}", title_justify="left")
            table.add_column("Voce")
            table.add_column("Atteso", justify="right")
            table.add_column("Ottenuto", justify="right")
            table.add_column("")
            for row in self.rows:
                if row.section == section:
                    mark = "[green]uguale[/green]" if row.holds else "[bold red]DIVERSO[/bold red]"
                    table.add_row(row.label, _text(row.expected), _text(row.obtained), mark)
            console.print(table)
        for note in self.notes:
            console.print(f"  nota: {note}", markup=False, highlight=False)


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)
