"""Money and points: integers of hundredths inside, decimal strings with two digits outside, never a float."""

import re

MAX_CENTS = 10**15 - 1
_DECIMAL = re.compile(r"(-?)(\d{1,13})\.(\d{2})")


def parse_cents(text: str) -> int:
    """Reads `"1234.50"` as 123450.

    Args:
        text: up to 13 digits, a point, exactly two digits; a leading minus is allowed.

    Raises:
        ValueError: the text has another form.
    """
    match = _DECIMAL.fullmatch(text) if text.isascii() else None
    if match is None:
        raise ValueError("importo non valido: servono cifre, un punto e due decimali, per esempio 1234.50")
    sign, units, hundredths = match.groups()
    cents = int(units) * 100 + int(hundredths)
    return -cents if sign else cents


def format_cents(cents: int) -> str:
    """Writes 123450 as `"1234.50"`; the inverse of `parse_cents`."""
    sign = "-" if cents < 0 else ""
    units, hundredths = divmod(abs(cents), 100)
    return f"{sign}{units}.{hundredths:02d}"
