"""Labs: the mirror of their projects, seats over time, weekly hours, team."""

from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base, periodo_valido, senza_sovrapposizioni
from services.laboratori.rules.laboratori import OrigineLaboratorio, RuoloEquipe, StatoLaboratorio


class Progetto(Base, table=True):
    """A project as `bandi` last told it; its state is kept as told, a new one must not stop the news."""

    __tablename__ = "progetto"
    progetto_id: UUID = Field(primary_key=True)
    versione: int
    codice: str
    titolo: str
    capofila: str
    comune: str | None
    quartiere: str | None
    stato: str
    aggiornato_il: datetime = Field(sa_type=INSTANT)


class Laboratorio(Base, table=True):
    """A neighbourhood lab; `ente_gestore` is the lead of its project, or who made it by hand."""

    __tablename__ = "laboratorio"
    __table_args__ = (
        one_of("stato", StatoLaboratorio),
        one_of("origine", OrigineLaboratorio),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("(stato = 'chiuso') = (chiuso_il IS NOT NULL)", name="chiusura_datata"),
        sa.CheckConstraint("origine <> 'progetto' OR progetto_id IS NOT NULL", name="progetto_noto"),
        sa.Index("uq_laboratorio_del_progetto", "progetto_id", unique=True, postgresql_where="origine = 'progetto'"),
    )

    laboratorio_id: UUID = Field(primary_key=True)
    versione: int
    nome: str
    progetto_id: UUID | None = Field(foreign_key="progetto.progetto_id", index=True)
    ente_gestore: str = Field(index=True)
    comune: str | None
    quartiere: str | None
    stato: str
    origine: str
    creato_il: datetime = Field(sa_type=INSTANT)
    attivato_il: datetime | None = Field(sa_type=INSTANT)
    chiuso_il: datetime | None = Field(sa_type=INSTANT)


class Sede(Base, table=True):
    """Where the lab is, and who owns the place, from day to day: one seat at a time."""

    __tablename__ = "sede"
    __table_args__ = (periodo_valido(), senza_sovrapposizioni("laboratorio_id", name="ex_sede_una_alla_volta"))

    sede_id: UUID = Field(primary_key=True)
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id")
    indirizzo: str
    comune: str
    proprietario: str
    dal: date
    al: date | None


class Orario(Base, table=True):
    """One weekly opening interval, local time."""

    __tablename__ = "orario"
    __table_args__ = (
        sa.CheckConstraint("giorno BETWEEN 1 AND 7", name="giorno_della_settimana"),
        sa.CheckConstraint("chiude > apre", name="chiude_dopo_apertura"),
    )

    laboratorio_id: UUID = Field(primary_key=True, foreign_key="laboratorio.laboratorio_id")
    giorno: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    apre: time = Field(primary_key=True)
    chiude: time


class MembroEquipe(Base, table=True):
    """Who works in the lab, in what role and period; being here is what gives a desk operator access."""

    __tablename__ = "membro_equipe"
    __table_args__ = (
        one_of("ruolo", RuoloEquipe),
        periodo_valido(),
        senza_sovrapposizioni("laboratorio_id", "sub", "ruolo", name="ex_membro_equipe_un_periodo"),
        sa.Index("ix_membro_equipe_accesso", "sub", "laboratorio_id"),
    )

    membro_equipe_id: UUID = Field(primary_key=True)
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id")
    sub: str
    ruolo: str
    dal: date
    al: date | None
