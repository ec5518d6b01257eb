"""Signed roots of the ledger: the copy that the public reads; the one that counts is outside the database."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import INSTANT, table_options
from services.puntiluna.models.base import Base


class RadiceFirmata(Base, table=True):
    """A signed root, as published."""

    __tablename__ = "radice_firmata"
    __table_args__ = (
        sa.CheckConstraint("numero >= 1", name="numero_positivo"),
        table_options(immutable=True),
    )

    numero: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    jws: str
    cime: dict[str, int] = Field(sa_type=JSONB)
    """Position of the last link of each book."""
    emessa_il: datetime = Field(sa_type=INSTANT)
