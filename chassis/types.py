"""The types of HTTP bodies: one text type in three sizes, money, instants, codes, and the two base models."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from chassis.money import MAX_CENTS, format_cents, parse_cents
from chassis.text import clean_text

_TEXT_PATTERN = r"^[^\u0000-\u0008]*$"


def _text_schema(shortest: int, longest: int) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": _TEXT_PATTERN}, mode="validation"
    )


def _text_out(longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "maxLength": longest, "pattern": _TEXT_PATTERN}, mode="serialization")


TestoBreve = Annotated[
    str,
    AfterValidator(clean_text),
    StringConstraints(min_length=1, max_length=200),
    _text_schema(1, 200),
    _text_out(200),
]
"""A name or a label: 1 to 200 characters."""

TestoMedio = Annotated[
    str,
    AfterValidator(clean_text),
    StringConstraints(min_length=1, max_length=2000),
    _text_schema(1, 2000),
    _text_out(2000),
]
"""A reason or a note: 1 to 2,000 characters."""

TestoLungo = Annotated[
    str,
    AfterValidator(clean_text),
    StringConstraints(min_length=1, max_length=20000),
    _text_schema(1, 20000),
    _text_out(20000),
]
"""A description: 1 to 20,000 characters."""

Codice = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,63}$", max_length=64)]
"""A code chosen by an office: capital letters, digits, points and hyphens, 1 to 64."""

CodiceEnte = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,63}$", max_length=64)]
"""The code of an organisation, as in the token's `ente` claim."""

Soggetto = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@|-]{1,255}$", max_length=255)]
"""The opaque `sub` of a token."""

Conteggio = Annotated[int, Field(ge=0, le=2_000_000_000)]
"""A count."""

Versione = Annotated[int, Field(ge=1, le=2_000_000_000)]
"""The version of an aggregate, as in its ETag."""


def _cents(value: Any) -> int:
    if isinstance(value, str):
        return parse_cents(value)
    raise ValueError('importo non valido: va scritto come testo, per esempio "1234.50"')


def _cents_of(value: Any, info: ValidationInfo) -> int:
    """Cents from text; an integer is taken as cents only in a `View`, which our own code fills.

    In a request body a bare 10 would be read as ten cents by one reader and as ten euro by another.
    """
    made_by_us = bool((info.config or {}).get("from_attributes"))
    if made_by_us and isinstance(value, int) and not isinstance(value, bool):
        return value
    return _cents(value)


_DECIMAL_SCHEMA = {"type": "string", "pattern": r"^-?\d{1,13}\.\d{2}$", "maxLength": 17, "examples": ["1234.50"]}
_UNSIGNED_SCHEMA = {"type": "string", "pattern": r"^\d{1,13}\.\d{2}$", "maxLength": 16, "examples": ["1234.50"]}

Euro = Annotated[
    int,
    Field(ge=0, le=MAX_CENTS),
    BeforeValidator(_cents_of),
    PlainSerializer(format_cents, return_type=str, when_used="json"),
    WithJsonSchema(_UNSIGNED_SCHEMA),
]
"""An amount of euro, not negative: integer cents in Python, `"1234.50"` in JSON."""

EuroConSegno = Annotated[
    int,
    Field(ge=-MAX_CENTS, le=MAX_CENTS),
    BeforeValidator(_cents_of),
    PlainSerializer(format_cents, return_type=str, when_used="json"),
    WithJsonSchema(_DECIMAL_SCHEMA),
]
"""An amount of euro that may be negative (a difference, a line of the ledger)."""

Punti = Euro
"""Points, not negative: integer hundredths in Python, `"12.50"` in JSON."""

PuntiConSegno = EuroConSegno
"""Points that may be negative (a line of a statement)."""


_RFC3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]")


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("istante fuori dai limiti del calendario") from None


def _is_rfc3339(value: Any) -> Any:
    """Instants are RFC 3339 text: a bare number would silently be read as a Unix time."""
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.match(value)):
        return value
    raise ValueError("istante non valido: serve RFC 3339, per esempio 2018-05-23T10:00:00Z")


Istante = Annotated[
    AwareDatetime,
    BeforeValidator(_is_rfc3339),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2018-05-23T10:00:00Z"]}),
]
"""An instant with its offset, kept in UTC."""


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """A response body: bounded, yet open to fields added later in the same version of the API."""

    model_config = ConfigDict(frozen=True, from_attributes=True, json_schema_extra={"maxProperties": 100})


T = TypeVar("T")


class Pagina(View, Generic[T]):
    """A page of a list: its items and, when there are more, the cursor of the next page."""

    items: list[T] = Field(max_length=1000)
    cursor: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[A-Za-z0-9_.=-]*$")] | None = Field(
        default=None, description="Cursore opaco della pagina seguente; assente se la pagina e' l'ultima."
    )
