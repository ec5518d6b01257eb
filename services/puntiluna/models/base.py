"""The base of this service's tables, with a metadata of its own."""

from typing import TYPE_CHECKING

from chassis.database import service_base

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Base  # a class made at run time is no base class for the type checker
else:
    Base = service_base()

__all__ = ["Base"]
