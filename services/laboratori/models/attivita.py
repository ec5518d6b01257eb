"""Activities and the registrations to them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base
from services.laboratori.rules.attivita import Fascia, StatoAttivita, StatoIscrizione, TipoAttivita


class Attivita(Base, table=True):
    """An activity of a lab; `iscritti` and `in_attesa` are kept under the row's lock with the registrations."""

    __tablename__ = "attivita"
    __table_args__ = (
        one_of("tipo", TipoAttivita),
        one_of("fascia", Fascia),
        one_of("stato", StatoAttivita),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("fine > inizio", name="finisce_dopo"),
        sa.CheckConstraint("diretta = (categoria_indiretta IS NULL)", name="categoria_se_indiretta"),
        sa.CheckConstraint("diretta OR fascia = 'nessuna'", name="fascia_se_diretta"),
        sa.CheckConstraint("capienza IS NULL OR iscritti <= capienza", name="mai_oltre_la_capienza"),
        sa.CheckConstraint("iscritti >= 0 AND in_attesa >= 0 AND ultimo_numero >= 0", name="conteggi_non_negativi"),
        sa.CheckConstraint("in_attesa = 0 OR iscritti = capienza", name="si_attende_solo_se_pieno"),
        sa.Index("ix_attivita_laboratorio", "laboratorio_id", "inizio"),
        sa.Index("ix_attivita_inizio", "inizio"),
    )

    attivita_id: UUID = Field(primary_key=True)
    versione: int
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id")
    tipo: str
    titolo: str
    descrizione: str | None
    luogo: str
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    capienza: int | None
    fascia: str
    diretta: bool
    categoria_indiretta: str | None
    stato: str
    iscritti: int
    in_attesa: int
    ultimo_numero: int
    creata_il: datetime = Field(sa_type=INSTANT)
    creata_da: str


class Iscrizione(Base, table=True):
    """A registration to an activity; `numero` is the order of arrival."""

    __tablename__ = "iscrizione"
    __table_args__ = (
        one_of("stato", StatoIscrizione),
        sa.CheckConstraint("(stato = 'ritirata') = (ritirata_il IS NOT NULL)", name="ritiro_datato"),
        sa.UniqueConstraint("attivita_id", "numero"),
        sa.Index(
            "uq_iscrizione_una_per_persona",
            "attivita_id",
            "persona_id",
            unique=True,
            postgresql_where="stato <> 'ritirata'",
        ),
        sa.Index("ix_iscrizione_in_attesa", "attivita_id", "numero", postgresql_where="stato = 'in_attesa'"),
        sa.Index("ix_iscrizione_persona", "persona_id"),
    )

    iscrizione_id: UUID = Field(primary_key=True)
    attivita_id: UUID = Field(foreign_key="attivita.attivita_id")
    persona_id: UUID = Field(foreign_key="persona.persona_id")
    numero: int
    stato: str
    iscritta_il: datetime = Field(sa_type=INSTANT)
    promossa_il: datetime | None = Field(default=None, sa_type=INSTANT)
    ritirata_il: datetime | None = Field(default=None, sa_type=INSTANT)
