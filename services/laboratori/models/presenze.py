"""Attendances: the present state, and the facts that made it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base
from services.laboratori.rules.attivita import Fascia
from services.laboratori.rules.presenze import StatoPresenza, TipoFatto

SENZA_SOVRAPPOSIZIONI = "ex_presenza_persona_in_un_luogo"
UNA_PER_INIZIO = "uq_presenza_una_per_inizio"


class Presenza(Base, table=True):
    """Where the facts have brought an attendance; tariff and household are those of the confirmation."""

    __tablename__ = "presenza"
    __table_args__ = (
        one_of("stato", StatoPresenza),
        one_of("fascia", Fascia),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("minuti BETWEEN 15 AND 1440 AND minuti % 15 = 0", name="minuti_in_quarti"),
        sa.CheckConstraint("fine - inizio = make_interval(mins => minuti)", name="minuti_della_durata"),
        sa.CheckConstraint("stato <> 'confermata' OR confermata_il IS NOT NULL", name="conferma_datata"),
        sa.CheckConstraint(
            "confermata_il IS NULL OR (fascia IS NOT NULL AND diretta IS NOT NULL AND confermata_da IS NOT NULL)",
            name="conferma_con_tariffa",
        ),
        ExcludeConstraint(
            ("persona_id", "="),
            (sa.text("tstzrange(inizio, fine)"), "&&"),
            where=sa.text("stato = 'confermata'"),
            using="gist",
            name=SENZA_SOVRAPPOSIZIONI,
        ),
        sa.Index(
            UNA_PER_INIZIO,
            "attivita_id",
            "persona_id",
            "inizio",
            unique=True,
            postgresql_where="stato <> 'annullata'",
        ),
        sa.Index("ix_presenza_persona", "persona_id", "inizio"),
        sa.Index("ix_presenza_laboratorio", "laboratorio_id", "inizio"),
    )

    presenza_id: UUID = Field(primary_key=True)
    versione: int
    stato: str
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id")
    attivita_id: UUID = Field(foreign_key="attivita.attivita_id")
    persona_id: UUID = Field(foreign_key="persona.persona_id")
    iscrizione_id: UUID | None = Field(foreign_key="iscrizione.iscrizione_id")
    nucleo_id: UUID | None = Field(foreign_key="nucleo.nucleo_id")
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    minuti: int
    fascia: str | None
    diretta: bool | None
    categoria_indiretta: str | None
    registrata_il: datetime = Field(sa_type=INSTANT)
    registrata_da: str
    confermata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    confermata_da: str | None = None


class FattoPresenza(Base, table=True):
    """One fact of an attendance's history; never changed."""

    __tablename__ = "fatto_presenza"
    __table_args__ = (
        one_of("tipo", TipoFatto),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("(versione = 1) = (tipo = 'registrata')", name="comincia_registrata"),
        sa.CheckConstraint("tipo NOT IN ('rettificata', 'annullata') OR motivo IS NOT NULL", name="motivo_scritto"),
        {"info": {"immutable": True}},
    )

    presenza_id: UUID = Field(primary_key=True, foreign_key="presenza.presenza_id")
    versione: int = Field(primary_key=True)
    tipo: str
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    nucleo_id: UUID | None
    motivo: str | None
    autore: str
    accaduto_il: datetime = Field(sa_type=INSTANT)
