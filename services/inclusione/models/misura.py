"""Measures: the rules of a call for inclusion, in versions that are never edited."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import INSTANT
from services.inclusione.models.base import Base


class Misura(Base, table=True):
    """A measure; without `bando_codice` any project may apply it."""

    __tablename__ = "misura"
    __table_args__ = (CheckConstraint("numero >= 1", name="numero_positivo"),)

    misura_id: UUID = Field(primary_key=True)
    codice: str = Field(unique=True)
    titolo: str
    bando_codice: str | None
    ente_titolare: str | None
    numero: int


class MisuraVersione(Base, table=True):
    """One version of the rules, in force from a day on until the next."""

    __tablename__ = "misura_versione"
    __table_args__ = ({"info": {"immutable": True}},)

    misura_id: UUID = Field(primary_key=True, foreign_key="misura.misura_id")
    numero: int = Field(primary_key=True)
    vale_dal: date
    atto: str
    regole: dict[str, Any] = Field(sa_type=JSONB)
    autore: str
    approvata_il: datetime = Field(sa_type=INSTANT)
