"""Landlords' own records held against ours: every upload kept, with every difference it showed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.riconciliazioni import AttoProposto, TipoDifferenza


class Riconciliazione(Base, table=True):
    """An upload of what a landlord recorded in a period."""

    __tablename__ = "riconciliazione"
    __table_args__ = (
        sa.CheckConstraint("dal <= al", name="periodo"),
        sa.Index("ix_riconciliazione_ente", "ente_proprietario", "riconciliazione_id"),
        table_options(immutable=True),
    )

    riconciliazione_id: UUID = Field(primary_key=True)
    ente_proprietario: str = Field(foreign_key="proprietario.ente")
    dal: datetime = Field(sa_type=INSTANT)
    al: datetime = Field(sa_type=INSTANT)
    righe: int
    totale_ente_cent: int = Field(sa_type=CENT)
    totale_piattaforma_cent: int = Field(sa_type=CENT)
    concordi: int
    differenze: int
    autore: str
    ricevuta_il: datetime = Field(sa_type=INSTANT)


class Differenza(Base, table=True):
    """A line on which the landlord and the platform disagree, and the act that would settle it."""

    __tablename__ = "differenza"
    __table_args__ = (
        one_of("tipo", TipoDifferenza),
        one_of("atto_proposto", AttoProposto),
        table_options(immutable=True),
    )

    riconciliazione_id: UUID = Field(primary_key=True, foreign_key="riconciliazione.riconciliazione_id")
    posto: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    protocollo: int = Field(sa_type=sa.BigInteger)
    contratto_codice: str
    tipo: str
    importo_ente_cent: int | None = Field(default=None, sa_type=CENT)
    importo_piattaforma_cent: int | None = Field(default=None, sa_type=CENT)
    stato: str | None = None
    atto_proposto: str
