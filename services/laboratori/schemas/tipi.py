"""Types shared by the bodies of this service."""

from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from chassis.types import Istante


def _testo_di_data(value: Any) -> Any:
    """A date is written as text: a bare number would silently be read as a Unix time."""
    if isinstance(value, str) and len(value) != 10:
        raise ValueError("data non valida: serve AAAA-MM-GG, per esempio 2018-05-23")
    if isinstance(value, str) or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError("data non valida: serve AAAA-MM-GG, per esempio 2018-05-23")


def _anno_plausibile(value: date) -> date:
    if not 1880 <= value.year <= 2199:
        raise ValueError("l'anno deve stare fra il 1880 e il 2199")
    return value


Giorno = Annotated[
    date,
    BeforeValidator(_testo_di_data),
    AfterValidator(_anno_plausibile),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2018-05-23"]}),
]
"""A civil day of Lombardy."""

Momento = Annotated[Istante, AfterValidator(_anno_plausibile)]
"""An instant between the years 1880 and 2199, so that it has a civil day in every zone."""

_ORA = r"^([01]\d|2[0-3]):[0-5]\d$"


def _ora(value: Any) -> Any:
    if isinstance(value, str):
        ore, _, minuti = value.partition(":")
        if len(value) == 5 and value.isascii() and ore.isdigit() and minuti.isdigit():
            return time(int(ore), int(minuti)) if int(ore) < 24 and int(minuti) < 60 else value
        raise ValueError("ora non valida: serve HH:MM, per esempio 09:30")
    if isinstance(value, time):
        return value
    raise ValueError("ora non valida: serve HH:MM, per esempio 09:30")


Ora = Annotated[
    time,
    BeforeValidator(_ora),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _ORA, "maxLength": 5, "examples": ["09:30"]}),
]
"""A local time of day, to the minute."""

Voce = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$", max_length=64)]
"""A word of a list kept as data: lower-case letters, digits and underscores."""

Sigla = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$", max_length=2)]
"""A province, or a country by ISO 3166-1 alpha-2."""

CodiceFiscale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]{11,32}$", max_length=32)]
"""A tax code as typed; blanks and lower case are put right."""

Telefono = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ]{4,19}$", max_length=21)]

Impronta = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64)]
"""SHA-256 of a signed document, in hexadecimal."""

Minuti = Annotated[int, Field(ge=0, le=1440)]
