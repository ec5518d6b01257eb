"""The base of the service's tables, and the constraints several of them share."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from chassis.database import service_base

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Base  # a class made at run time is no base class for the type checker
else:
    Base = service_base()

__all__ = ["Base", "periodo_valido", "senza_sovrapposizioni"]


def periodo_valido() -> sa.CheckConstraint:
    """A CHECK that a period of civil days does not end before it begins."""
    return sa.CheckConstraint("al IS NULL OR al >= dal", name="periodo_valido")


def senza_sovrapposizioni(*columns: str, name: str) -> ExcludeConstraint:
    """No two rows with the same values in `columns` share a civil day of `dal`-`al`, both inside."""
    return ExcludeConstraint(
        *((column, "=") for column in columns),
        (sa.text("daterange(dal, al, '[]')"), "&&"),
        using="gist",
        name=name,
    )
