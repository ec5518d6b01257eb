"""How instants, days and amounts are written for people in Italy."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.money import format_cents

ROMA = ZoneInfo("Europe/Rome")


def instant_text(when: datetime) -> str:
    """Writes an instant with the hour of Rome: `30/11/2020 18:05`."""
    return when.astimezone(ROMA).strftime("%d/%m/%Y %H:%M")


def day_text(day: date) -> str:
    """Writes a day: `30/11/2020`."""
    return day.strftime("%d/%m/%Y")


def amount_text(cents: int) -> str:
    """Writes hundredths with Italian separators and no unit: 782705151 as `7.827.051,51`."""
    sign, digits = ("-", format_cents(-cents)) if cents < 0 else ("", format_cents(cents))
    units, hundredths = digits.split(".")
    return f"{sign}{int(units):,}".replace(",", ".") + f",{hundredths}"
