"""What the applications of rolling calls hold of their money."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.bandi.models.base import Base
from services.bandi.rules.sportello import StatoPrenotazione


class Prenotazione(Base, table=True):
    """A presented application of a rolling call; `attesa` is its number in the waiting list, if it ever waited."""

    __tablename__ = "prenotazione"
    __table_args__ = (
        one_of("stato", StatoPrenotazione),
        sa.CheckConstraint("attesa >= 1", name="attesa_positiva"),
        sa.CheckConstraint("stato <> 'in_attesa' OR attesa IS NOT NULL", name="numero_se_in_attesa"),
        sa.UniqueConstraint("bando_id", "attesa"),
        sa.UniqueConstraint("bando_id", "protocollo"),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    bando_id: UUID = Field(foreign_key="bando.bando_id")
    protocollo: int
    stato: str
    attesa: int | None
    aggiornata_il: datetime = Field(sa_type=INSTANT)


class PrenotazioneLinea(Base, table=True):
    """The cents an application asks of a line and those reserved for it now."""

    __tablename__ = "prenotazione_linea"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["bando_id", "linea"], ["linea.bando_id", "linea.codice"], name="fk_prenotazione_linea_linea"
        ),
        sa.CheckConstraint("riservato_cent = 0 OR riservato_cent = chiesto_cent", name="tutto_o_nulla"),
        sa.CheckConstraint("chiesto_cent >= 0", name="chiesto_non_negativo"),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="prenotazione.domanda_id")
    linea: str = Field(primary_key=True)
    bando_id: UUID
    chiesto_cent: int = Field(sa_type=CENT)
    riservato_cent: int = Field(sa_type=CENT)
