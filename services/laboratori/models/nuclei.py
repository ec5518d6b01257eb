"""Households: members and tenancy contracts over time."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base, periodo_valido, senza_sovrapposizioni
from services.laboratori.rules.nuclei import RuoloNucleo


class Nucleo(Base, table=True):
    """A household, followed by a lab."""

    __tablename__ = "nucleo"
    __table_args__ = (sa.CheckConstraint("versione >= 1", name="versione_positiva"),)

    nucleo_id: UUID = Field(primary_key=True)
    versione: int
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id", index=True)
    creato_il: datetime = Field(sa_type=INSTANT)
    creato_da: str


class Membro(Base, table=True):
    """A person in a household from day to day, both inside: one household at a time."""

    __tablename__ = "membro"
    __table_args__ = (
        one_of("ruolo", RuoloNucleo),
        periodo_valido(),
        senza_sovrapposizioni("persona_id", name="ex_membro_un_nucleo_alla_volta"),
        sa.Index("ix_membro_nucleo", "nucleo_id"),
        sa.Index("ix_membro_persona", "persona_id", "dal"),
    )

    membro_id: UUID = Field(primary_key=True)
    nucleo_id: UUID = Field(foreign_key="nucleo.nucleo_id")
    persona_id: UUID = Field(foreign_key="persona.persona_id")
    ruolo: str
    dal: date
    al: date | None


class Contratto(Base, table=True):
    """A tenancy contract of a household with its landlord; one household at a time."""

    __tablename__ = "contratto"
    __table_args__ = (
        periodo_valido(),
        senza_sovrapposizioni("ente_proprietario", "contratto_codice", name="ex_contratto_un_nucleo_alla_volta"),
        sa.Index("ix_contratto_nucleo", "nucleo_id"),
    )

    contratto_id: UUID = Field(primary_key=True)
    nucleo_id: UUID = Field(foreign_key="nucleo.nucleo_id")
    contratto_codice: str
    ente_proprietario: str
    dal: date
    al: date | None
