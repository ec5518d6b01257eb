"""What bandi told of the projects, the acts that fill their funds, tariffs and limits."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.fondi import OrigineFondo
from services.puntiluna.rules.tariffe import AmbitoLimite, TipoTariffa


class Progetto(Base, table=True):
    """A project and its points fund; `tetto_cent` is its commitment, never below what it already gave the fund."""

    __tablename__ = "progetto"
    __table_args__ = (
        sa.CheckConstraint("da_progetto_cent >= 0 AND da_progetto_cent <= tetto_cent", name="entro_impegnato"),
        sa.CheckConstraint("impegnato_cent >= 0", name="impegnato_non_negativo"),
    )

    progetto_id: UUID = Field(primary_key=True)
    versione_progetto: int
    codice: str
    titolo: str
    capofila: str
    comune: str | None = None
    enti: list[str] = Field(sa_type=ARRAY(sa.Text))
    stato: str
    impegnato_cent: int = Field(sa_type=CENT)
    tetto_cent: int = Field(sa_type=CENT)
    da_progetto_cent: int = Field(default=0, sa_type=CENT)
    fondo_id: UUID
    versione: int
    aperto_il: datetime = Field(sa_type=INSTANT)
    aggiornato_il: datetime = Field(sa_type=INSTANT)


class Alimentazione(Base, table=True):
    """An officer's act that filled a fund."""

    __tablename__ = "alimentazione"
    __table_args__ = (
        one_of("origine", OrigineFondo),
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.UniqueConstraint("progetto_id", "atto"),
        table_options(immutable=True),
    )

    alimentazione_id: UUID = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    importo_cent: int = Field(sa_type=CENT)
    origine: str
    atto: str
    autore: str
    movimento_id: UUID = Field(foreign_key="movimento.movimento_id")
    alimentato_il: datetime = Field(sa_type=INSTANT)


class TariffaPunti(Base, table=True):
    """Points an hour of a band or of an indirect category, from a day on."""

    __tablename__ = "tariffa"
    __table_args__ = (
        one_of("tipo", TipoTariffa),
        sa.CheckConstraint("punti_ora_cent >= 0", name="punti_non_negativi"),
        sa.Index(
            "uq_tariffa_voce_dal",
            sa.text("coalesce(progetto_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "tipo",
            "voce",
            "dal",
            unique=True,
        ),
        table_options(immutable=True),
    )

    tariffa_id: UUID = Field(primary_key=True)
    progetto_id: UUID | None = None
    tipo: str
    voce: str
    punti_ora_cent: int = Field(sa_type=CENT)
    dal: date
    autore: str
    creata_il: datetime = Field(sa_type=INSTANT)


class LimitePunti(Base, table=True):
    """A ceiling on points, hard or soft."""

    __tablename__ = "limite"
    __table_args__ = (
        one_of("ambito", AmbitoLimite),
        sa.CheckConstraint("massimo_cent >= 0", name="massimo_non_negativo"),
        sa.CheckConstraint("al IS NULL OR al >= dal", name="periodo"),
        sa.CheckConstraint("attivita_id IS NULL OR ambito = 'attivita'", name="attivita"),
        table_options(immutable=True),
    )

    limite_id: UUID = Field(primary_key=True)
    progetto_id: UUID | None = None
    ambito: str
    attivita_id: UUID | None = None
    massimo_cent: int = Field(sa_type=CENT)
    rigido: bool
    dal: date
    al: date | None = None
    autore: str
    creato_il: datetime = Field(sa_type=INSTANT)
