"""Mirror of what laboratori says: households, tenancy contracts, which person records were merged, and
the standing choices of households."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT
from services.puntiluna.models.base import Base


class Nucleo(Base, table=True):
    """A household as last told by laboratori."""

    __tablename__ = "nucleo"

    nucleo_id: UUID = Field(primary_key=True)
    versione: int
    progetto_id: UUID | None = None
    aggiornato_il: datetime = Field(sa_type=INSTANT)


class Contratto(Base, table=True):
    """A tenancy contract held by a household in a period."""

    __tablename__ = "contratto"
    __table_args__ = (
        sa.CheckConstraint("al IS NULL OR al >= dal", name="periodo"),
        sa.Index("ix_contratto_nucleo", "nucleo_id"),
    )

    ente_proprietario: str = Field(primary_key=True)
    contratto_codice: str = Field(primary_key=True)
    nucleo_id: UUID = Field(primary_key=True, foreign_key="nucleo.nucleo_id")
    dal: date = Field(primary_key=True)
    al: date | None = None


class PersonaUnita(Base, table=True):
    """A person record absorbed by another: what is still told of it belongs to the one that stays."""

    __tablename__ = "persona_unita"
    __table_args__ = (
        sa.CheckConstraint("assorbita_id <> persona_id", name="due_schede"),
        sa.Index("ix_persona_unita_persona_id", "persona_id"),
    )

    assorbita_id: UUID = Field(primary_key=True)
    persona_id: UUID
    unita_il: datetime = Field(sa_type=INSTANT)


class SceltaNucleo(Base, table=True):
    """A household's standing choice: reduce its arrears by itself whenever it has points."""

    __tablename__ = "scelta_nucleo"
    __table_args__ = (
        sa.CheckConstraint("minimo_cent > 0", name="minimo_positivo"),
        sa.CheckConstraint("riserva_cent >= 0", name="riserva_non_negativa"),
        sa.Index("ix_scelta_nucleo_automatica", "nucleo_id", postgresql_where=sa.text("automatica")),
    )

    nucleo_id: UUID = Field(primary_key=True, foreign_key="nucleo.nucleo_id")
    versione: int
    automatica: bool
    minimo_cent: int = Field(sa_type=CENT)
    riserva_cent: int = Field(sa_type=CENT)
    scelta_il: datetime = Field(sa_type=INSTANT)
    scelta_da: str
