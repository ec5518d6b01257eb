"""Files rendered from plain values: statements and Distinte as CSV."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.money import format_cents

ROMA = ZoneInfo("Europe/Rome")
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_di(intestazione: Sequence[str], righe: Iterable[Sequence[str | int | None]]) -> bytes:
    """Render rows as CSV (RFC 4180, UTF-8): text that a spreadsheet would run as a formula is quoted away.

    Args:
        intestazione: names of the columns.
        righe: the rows; None is an empty cell.

    Returns:
        The file's bytes.
    """
    testo = io.StringIO(newline="")
    scrittore = csv.writer(testo, lineterminator="\r\n")
    scrittore.writerow(intestazione)
    for riga in righe:
        scrittore.writerow(["" if cella is None else _cella(cella) for cella in riga])
    return testo.getvalue().encode()


def giorno_italiano(quando: datetime) -> str:
    """Write an instant as people in Italy read it: `30/11/2020 18:05`."""
    return quando.astimezone(ROMA).strftime("%d/%m/%Y %H:%M")


def importo_csv(cent: int) -> str:
    """Write an amount for a CSV cell: `-12.50`."""
    return format_cents(cent)


def impronta(contenuto: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(contenuto).hexdigest()


def _cella(valore: str | int) -> str:
    testo = str(valore)
    numero = testo.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{testo}" if testo.startswith(_FORMULA) and not numero else testo
