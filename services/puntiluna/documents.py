"""Files rendered from plain values: statements and Distinte as CSV."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.money import format_cents
from chassis.sheets import csv_file as csv_di

ROMA = ZoneInfo("Europe/Rome")
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"

__all__ = ["CSV_MEDIA_TYPE", "csv_di", "giorno_italiano", "importo_csv", "impronta"]


def giorno_italiano(quando: datetime) -> str:
    """Write an instant as people in Italy read it: `30/11/2020 18:05`."""
    return quando.astimezone(ROMA).strftime("%d/%m/%Y %H:%M")


def importo_csv(cent: int) -> str:
    """Write an amount for a CSV cell: `-12.50`."""
    return format_cents(cent)


def impronta(contenuto: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(contenuto).hexdigest()
