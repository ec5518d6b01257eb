"""Desk accesses."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base
from services.laboratori.rules.accessi import Canale


class Accesso(Base, table=True):
    """One contact of somebody with a lab; without `persona_id` it is anonymous."""

    __tablename__ = "accesso"
    __table_args__ = (
        one_of("canale", Canale),
        sa.CheckConstraint("minuti BETWEEN 0 AND 1440", name="minuti_di_un_giorno"),
        sa.Index("ix_accesso_laboratorio", "laboratorio_id", "avvenuto_il"),
        sa.Index("ix_accesso_persona", "persona_id"),
    )

    accesso_id: UUID = Field(primary_key=True)
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id")
    persona_id: UUID | None = Field(foreign_key="persona.persona_id")
    canale: str
    argomento: str
    minuti: int
    avvenuto_il: datetime = Field(sa_type=INSTANT)
    operatore: str
    registrato_il: datetime = Field(sa_type=INSTANT)
