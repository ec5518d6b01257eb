"""What laboratori says of people and households: taking-on, membership, merges, erasures. Ids only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from chassis.database import INSTANT
from services.inclusione.models.base import Base


class PresaInCaricoNota(Base, table=True):
    """A lab took a person on."""

    __tablename__ = "presa_in_carico"

    persona_id: UUID = Field(primary_key=True)
    laboratorio_id: UUID = Field(primary_key=True)
    versione: int
    progetto_id: UUID | None
    nucleo_id: UUID | None
    presa_in_carico_il: datetime = Field(sa_type=INSTANT)


class Nucleo(Base, table=True):
    """A household; `versione` is that of the last event applied."""

    __tablename__ = "nucleo"

    nucleo_id: UUID = Field(primary_key=True)
    versione: int


class NucleoMembro(Base, table=True):
    """A person in a household, from a day on, until a day (itself included) when known."""

    __tablename__ = "nucleo_membro"
    __table_args__ = (
        CheckConstraint("al IS NULL OR al >= dal", name="date_in_ordine"),
        Index("ix_nucleo_membro_persona_id", "persona_id", "dal"),
    )

    nucleo_id: UUID = Field(primary_key=True, foreign_key="nucleo.nucleo_id")
    persona_id: UUID = Field(primary_key=True)
    dal: date = Field(primary_key=True)
    al: date | None


class PersonaUnita(Base, table=True):
    """A person found to be another one: who uses the absorbed id is led to the other."""

    __tablename__ = "persona_unita"
    __table_args__ = (
        CheckConstraint("assorbita_id <> persona_id", name="due_persone"),
        Index("ix_persona_unita_persona_id", "persona_id"),
    )

    assorbita_id: UUID = Field(primary_key=True)
    persona_id: UUID
    unita_il: datetime = Field(sa_type=INSTANT)


class PersonaCancellata(Base, table=True):
    """A person whose identity was erased: what is here stays pseudonymous, nothing new is added."""

    __tablename__ = "persona_cancellata"

    persona_id: UUID = Field(primary_key=True)
    cancellata_il: datetime = Field(sa_type=INSTANT)
