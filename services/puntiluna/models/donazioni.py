"""Solidal: donations and the acts that share the pool out."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.ripartizione import CriterioRipartizione


class Donazione(Base, table=True):
    """Points given to a project's pool or to a household; who gave is never told to who receives."""

    __tablename__ = "donazione"
    __table_args__ = (
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.CheckConstraint("(a_nucleo_id IS NULL) <> (a_progetto_id IS NULL)", name="un_destinatario"),
        sa.CheckConstraint("da_nucleo_id IS NOT NULL OR da_persona_id IS NOT NULL", name="un_donatore"),
        sa.Index("ix_donazione_da_nucleo", "da_nucleo_id"),
        table_options(immutable=True),
    )

    donazione_id: UUID = Field(primary_key=True)
    da_nucleo_id: UUID | None = None
    da_persona_id: UUID | None = None
    a_progetto_id: UUID | None = None
    a_nucleo_id: UUID | None = None
    importo_cent: int = Field(sa_type=CENT)
    movimento_id: UUID = Field(foreign_key="movimento.movimento_id")
    registrata_da: str
    donata_il: datetime = Field(sa_type=INSTANT)


class Ripartizione(Base, table=True):
    """An act that shared a project's pool out among households."""

    __tablename__ = "ripartizione"
    __table_args__ = (
        sa.CheckConstraint("totale_cent > 0", name="totale_positivo"),
        one_of("criterio", CriterioRipartizione),
        sa.UniqueConstraint("progetto_id", "atto"),
        table_options(immutable=True),
    )

    ripartizione_id: UUID = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    atto: str
    criterio: str | None = None
    nuclei: int
    totale_cent: int = Field(sa_type=CENT)
    autore: str
    ripartita_il: datetime = Field(sa_type=INSTANT)
