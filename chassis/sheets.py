"""Tables as CSV files (RFC 4180, UTF-8) that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(headers: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Renders rows as CSV: text that a spreadsheet would run as a formula is quoted away.

    Args:
        headers: names of the columns.
        rows: the rows; None is an empty cell.

    Returns:
        The file's bytes.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow(["" if cell is None else _cell(cell) for cell in row])
    return text.getvalue().encode()


def _cell(value: str | int) -> str:
    text = str(value)
    number = text.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
