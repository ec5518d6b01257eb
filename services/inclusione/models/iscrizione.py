"""Enrolments: who, to which measure, with which answers and which outcome."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.iscrizione import Canale, Esito, TipoProva
from services.inclusione.rules.misura import Livello, Risposta


class Iscrizione(Base, table=True):
    """One person enrolled to a measure in a project, by an accredited operator; the outcome is the latest one."""

    __tablename__ = "iscrizione"
    __table_args__ = (
        one_of("esito", Esito),
        one_of("canale", Canale),
        UniqueConstraint("persona_id", "misura_id", "progetto_id"),
        ForeignKeyConstraint(["misura_id", "misura_numero"], ["misura_versione.misura_id", "misura_versione.numero"]),
        CheckConstraint("versione >= 1", name="versione_positiva"),
        Index("ix_iscrizione_ente", "ente", "iscrizione_id"),
        Index("ix_iscrizione_progetto_id", "progetto_id", "iscrizione_id"),
    )

    iscrizione_id: UUID = Field(primary_key=True)
    versione: int
    misura_id: UUID = Field(foreign_key="misura.misura_id")
    misura_numero: int
    misura_codice: str
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    persona_id: UUID
    ente: str
    operatore: str
    canale: Canale = Field(sa_type=parola(Canale))
    esito: Esito = Field(sa_type=parola(Esito))
    spiegazione: list[dict[str, Any]] = Field(sa_type=JSONB)
    iscritta_il: datetime = Field(sa_type=INSTANT)
    valutata_il: datetime = Field(sa_type=INSTANT)


class RispostaData(Base, table=True):
    """An answer to a requirement with the kind of evidence; a later one replaces it without erasing it."""

    __tablename__ = "risposta"
    __table_args__ = (
        one_of("risposta", Risposta),
        one_of("prova", TipoProva),
        CheckConstraint("risposta = 'da_verificare' OR prova IS NOT NULL", name="con_prova"),
        {"info": {"immutable": True}},
    )

    iscrizione_id: UUID = Field(primary_key=True, foreign_key="iscrizione.iscrizione_id")
    requisito: str = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    risposta: Risposta = Field(sa_type=parola(Risposta))
    prova: TipoProva | None = Field(sa_type=parola(TipoProva), nullable=True)
    riferimento: str | None
    data_da: str
    data_il: datetime = Field(sa_type=INSTANT)


class ValutazioneFatta(Base, table=True):
    """An evaluation with its explanation and what caused it."""

    __tablename__ = "valutazione"
    __table_args__ = (one_of("esito", Esito), {"info": {"immutable": True}})

    iscrizione_id: UUID = Field(primary_key=True, foreign_key="iscrizione.iscrizione_id")
    numero: int = Field(primary_key=True)
    esito: Esito = Field(sa_type=parola(Esito))
    causa: str
    spiegazione: list[dict[str, Any]] = Field(sa_type=JSONB)
    valutata_il: datetime = Field(sa_type=INSTANT)


class VerificaInItinere(Base, table=True):
    """An answer, during the path, to a requirement to be kept; the eligibility at the start stays as it was."""

    __tablename__ = "verifica_in_itinere"
    __table_args__ = (
        one_of("risposta", Risposta),
        one_of("prova", TipoProva),
        CheckConstraint("risposta = 'da_verificare' OR prova IS NOT NULL", name="con_prova"),
        {"info": {"immutable": True}},
    )

    iscrizione_id: UUID = Field(primary_key=True, foreign_key="iscrizione.iscrizione_id")
    requisito: str = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    risposta: Risposta = Field(sa_type=parola(Risposta))
    prova: TipoProva | None = Field(sa_type=parola(TipoProva), nullable=True)
    riferimento: str | None
    giorno: date
    data_da: str
    data_il: datetime = Field(sa_type=INSTANT)


class ProfiloFatto(Base, table=True):
    """A profile of an enrolled person: points, band and why, by the table of a version of the measure."""

    __tablename__ = "profilo"
    __table_args__ = (CheckConstraint("punti >= 0", name="punti_non_negativi"), {"info": {"immutable": True}})

    iscrizione_id: UUID = Field(primary_key=True, foreign_key="iscrizione.iscrizione_id")
    numero: int = Field(primary_key=True)
    misura_numero: int
    punti: int
    fascia: str
    voci: list[dict[str, Any]] = Field(sa_type=JSONB)
    profilata_da: str
    profilata_il: datetime = Field(sa_type=INSTANT)


class Ammissione(Base, table=True):
    """The selection of a person for a gated level."""

    __tablename__ = "ammissione"
    __table_args__ = (one_of("livello", Livello), {"info": {"immutable": True}})

    iscrizione_id: UUID = Field(primary_key=True, foreign_key="iscrizione.iscrizione_id")
    livello: Livello = Field(primary_key=True, sa_type=parola(Livello))
    ammessa_da: str
    ammessa_il: datetime = Field(sa_type=INSTANT)
