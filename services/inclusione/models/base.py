"""The base of the service's tables, and the column that keeps an enum as text."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from chassis.database import service_base

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Base  # a class made at run time is no base class for the type checker
else:
    Base = service_base()

__all__ = ["Base", "parola"]


class _Parola(sa.TypeDecorator[StrEnum]):
    impl = sa.Text
    cache_ok = True

    def __init__(self, valori: type[StrEnum]) -> None:
        super().__init__()
        self.valori = valori

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - signature of SQLAlchemy
        return None if value is None else self.valori(value)


def parola(valori: type[StrEnum]) -> Any:
    """The type of a text column that is read back as a member of the enum (its CHECK is `one_of`)."""
    return _Parola(valori)
