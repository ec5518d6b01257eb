"""Funded projects, the waterfall of their money by line and the acts that move it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento


class Progetto(Base, table=True):
    """A funded application under way."""

    __tablename__ = "progetto"
    __table_args__ = (
        one_of("stato", StatoProgetto),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("inizio <= fine", name="inizia_prima_di_finire"),
        sa.CheckConstraint("(inizio IS NULL) = (fine IS NULL)", name="fine_se_avviato"),
        sa.CheckConstraint("cup ~ '^[A-Z][0-9]{2}[A-Z][0-9]{11}$'", name="cup_ben_formato"),
        sa.CheckConstraint("piano >= 0", name="piano_non_negativo"),
        sa.UniqueConstraint("domanda_id"),
        sa.UniqueConstraint("codice"),
        sa.Index(
            "uq_progetto_cup", "cup", unique=True, postgresql_where=sa.text("stato NOT IN ('rinunciato', 'revocato')")
        ),
        sa.Index("ix_progetto_bando", "bando_id", "codice"),
        sa.Index("ix_progetto_capofila", "capofila"),
    )

    progetto_id: UUID = Field(primary_key=True)
    bando_id: UUID = Field(foreign_key="bando.bando_id")
    domanda_id: UUID = Field(foreign_key="domanda_presentata.domanda_id")
    codice: str
    versione: int
    stato: str
    titolo: str
    capofila: str
    membri: list[dict[str, Any]] = Field(sa_type=JSONB)
    comune: str | None
    quartiere: str | None
    durata_mesi: int
    inizio: date | None
    fine: date | None
    cup: str | None = None
    piano: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    creato_il: datetime = Field(sa_type=INSTANT)
    aggiornato_il: datetime = Field(sa_type=INSTANT)


class ProgettoLinea(Base, table=True):
    """The waterfall of a project on one line: programmato >= ammesso >= impegnato >= erogato >= 0."""

    __tablename__ = "progetto_linea"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bando_id", "linea"], ["linea.bando_id", "linea.codice"], name="fk_progetto_linea_linea"
        ),
        sa.CheckConstraint("programmato_cent >= ammesso_cent", name="ammesso_entro_il_programmato"),
        sa.CheckConstraint("ammesso_cent >= impegnato_cent", name="impegnato_entro_l_ammesso"),
        sa.CheckConstraint("impegnato_cent >= erogato_cent", name="erogato_entro_l_impegnato"),
        sa.CheckConstraint("erogato_cent >= 0", name="erogato_non_negativo"),
        sa.CheckConstraint(
            "da_recuperare_cent >= 0 AND da_recuperare_cent <= erogato_cent", name="recupero_entro_l_erogato"
        ),
        sa.Index("ix_progetto_linea_bando", "bando_id", "linea"),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    linea: str = Field(primary_key=True)
    bando_id: UUID
    azione: str
    fondo: str
    programmato_cent: int = Field(sa_type=CENT)
    ammesso_cent: int = Field(sa_type=CENT)
    impegnato_cent: int = Field(sa_type=CENT)
    erogato_cent: int = Field(sa_type=CENT)
    da_recuperare_cent: int = Field(default=0, sa_type=CENT, sa_column_kwargs={"server_default": "0"})


class MovimentoProgetto(Base, table=True):
    """An act on a project: what it moved, when, by which document; `importi` is cents by line."""

    __tablename__ = "movimento_progetto"
    __table_args__ = (
        one_of("tipo", TipoMovimento),
        sa.UniqueConstraint("progetto_id", "numero"),
        table_options(immutable=True),
    )

    movimento_id: UUID = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    numero: int
    tipo: str
    atto: str
    importi: dict[str, int] = Field(sa_type=JSONB)
    inizio: date | None
    fine: date | None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)
