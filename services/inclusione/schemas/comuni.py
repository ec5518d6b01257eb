"""Types several bodies share."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from chassis.types import Istante


def _testo_di_data(value: Any) -> Any:
    """A day is written as text: a bare number would silently be read as a Unix time."""
    if isinstance(value, str) and len(value) != 10:
        raise ValueError("data non valida: serve AAAA-MM-GG, per esempio 2019-03-04")
    if isinstance(value, str) or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError("data non valida: serve AAAA-MM-GG, per esempio 2019-03-04")


def _anno_plausibile(value: date) -> date:
    if not 1900 <= value.year <= 2199:
        raise ValueError("l'anno deve stare fra il 1900 e il 2199")
    return value


Giorno = Annotated[
    date,
    BeforeValidator(_testo_di_data),
    AfterValidator(_anno_plausibile),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2019-03-04"]}),
]
"""A civil day of a plan, a rate or an act."""

Momento = Annotated[Istante, AfterValidator(_anno_plausibile)]
"""An instant with a civil day in every zone."""

CodiceServizio = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{0,39}$", max_length=40)]
"""The code of a service or of a requirement inside a measure."""

Frazione = Annotated[
    str,
    StringConstraints(pattern=r"^\d{1,3}/[1-9]\d{0,2}$", max_length=7),
    Field(examples=["1/3"], description="Una frazione, per esempio 1/3"),
]
"""A share as a fraction."""

Minuti = Annotated[int, Field(ge=0, le=600_000, description="Minuti, in quarti d'ora interi")]
"""Minutes of a service in a plan."""

Mesi = Annotated[int, Field(ge=1, le=120)]
"""A duration in months."""

Impronta = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64), Field(description="SHA-256 in esadecimale")
]
"""A SHA-256 in hexadecimal."""

Riferimento = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{0,6}[ .-]{0,2}[0-9]{1,12}(/[0-9]{2,4})?$", max_length=26),
    Field(examples=["PROT. 1234/2019"], description="Protocollo della prova: mai nomi ne' codici fiscali"),
]
"""The protocol number of a piece of evidence; the form leaves no room for a name or a tax code."""
