"""Calls, their versions, the money of their lines and their commission."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.bando import Modalita, MotivoVersione, StatoBando


class Bando(Base, table=True):
    """A call; its row is the lock under which protocol numbers, rankings and money are given out.

    `bozza` holds the rules while they are drafted; once published the rules are those of `regole_versione`, and the
    terms beside are copies for the lists.
    """

    __tablename__ = "bando"
    __table_args__ = (
        one_of("stato", StatoBando),
        one_of("modalita", Modalita),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("(stato = 'bozza') = (regole_versione = 0)", name="bozza_senza_versioni"),
        sa.CheckConstraint("(stato = 'bozza') = (pubblicato_il IS NULL)", name="pubblicazione_datata"),
        sa.CheckConstraint("ultimo_protocollo >= 0 AND ultima_graduatoria >= 0", name="numeri_non_negativi"),
        sa.CheckConstraint("apre_il < chiude_il", name="apre_prima_di_chiudere"),
        sa.UniqueConstraint("codice"),
        sa.Index("ix_bando_elenco", "stato", "pubblicato_il", "bando_id"),
    )

    bando_id: UUID = Field(primary_key=True)
    codice: str
    versione: int
    stato: str
    titolo: str
    descrizione: str | None
    ente_promotore: str
    promotore: str | None
    organismo_intermedio: str | None
    territorio: str
    modalita: str
    apre_il: datetime | None = Field(sa_type=INSTANT)
    chiude_il: datetime | None = Field(sa_type=INSTANT)
    bozza: dict[str, Any] = Field(sa_type=JSONB)
    regole_versione: int
    ultimo_protocollo: int
    ultimo_protocollo_il: datetime | None = Field(sa_type=INSTANT)
    ultima_graduatoria: int
    creato_da: str
    creato_il: datetime = Field(sa_type=INSTANT)
    aggiornato_il: datetime = Field(sa_type=INSTANT)
    pubblicato_il: datetime | None = Field(sa_type=INSTANT)


class BandoVersione(Base, table=True):
    """The rules of a published call from an act on; never edited."""

    __tablename__ = "bando_versione"
    __table_args__ = (
        one_of("motivo", MotivoVersione),
        sa.CheckConstraint("numero >= 1", name="numero_positivo"),
        table_options(immutable=True),
    )

    bando_id: UUID = Field(primary_key=True, foreign_key="bando.bando_id")
    numero: int = Field(primary_key=True)
    motivo: str
    atto: str
    regole: dict[str, Any] = Field(sa_type=JSONB)
    creata_da: str
    creata_il: datetime = Field(sa_type=INSTANT)


class Linea(Base, table=True):
    """The money of a funding line; the database itself keeps what projects are assigned and what is reserved."""

    __tablename__ = "linea"
    __table_args__ = (
        sa.CheckConstraint("dotazione_cent >= 0", name="dotazione_non_negativa"),
        sa.CheckConstraint("assegnato_cent >= 0 AND prenotato_cent >= 0", name="impieghi_non_negativi"),
        sa.CheckConstraint("assegnato_cent + prenotato_cent <= dotazione_cent", name="impieghi_entro_la_dotazione"),
    )

    bando_id: UUID = Field(primary_key=True, foreign_key="bando.bando_id")
    codice: str = Field(primary_key=True)
    ordine: int
    azione: str
    fondo: str
    dotazione_cent: int | None = Field(sa_type=CENT)
    assegnato_cent: int = Field(sa_type=CENT)
    prenotato_cent: int = Field(sa_type=CENT)


class Commissario(Base, table=True):
    """A member of a call's commission."""

    __tablename__ = "commissario"
    __table_args__ = (table_options(immutable=True),)

    bando_id: UUID = Field(primary_key=True, foreign_key="bando.bando_id")
    soggetto: str = Field(primary_key=True)
    atto: str
    nominato_il: datetime = Field(sa_type=INSTANT)
