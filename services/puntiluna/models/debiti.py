"""Landlords and the debts they told: every snapshot kept, and the last known debt of each contract."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.debiti import StatoPosizione, TipoRilevazione


class Proprietario(Base, table=True):
    """A landlord: its counters and its term to answer; its row locks all that is reserved, handed over or answered."""

    __tablename__ = "proprietario"
    __table_args__ = (sa.CheckConstraint("termine_giorni BETWEEN 1 AND 365", name="termine"),)

    ente: str = Field(primary_key=True)
    termine_giorni: int
    ultimo_protocollo: int = Field(default=0, sa_type=sa.BigInteger)
    ultimo_lotto: int = Field(default=0)
    ultima_rilevazione: date | None = None


class Rilevazione(Base, table=True):
    """A snapshot of debts pushed by a landlord."""

    __tablename__ = "rilevazione"
    __table_args__ = (
        one_of("tipo", TipoRilevazione),
        sa.Index("ix_rilevazione_ente", "ente_proprietario", "ricevuta_il"),
        table_options(immutable=True),
    )

    rilevazione_id: UUID = Field(primary_key=True)
    ente_proprietario: str = Field(foreign_key="proprietario.ente")
    tipo: str
    al_giorno: date
    righe: int
    totale_cent: int = Field(sa_type=CENT)
    non_abbinate: int
    non_comunicate: int
    ricevuta_il: datetime = Field(sa_type=INSTANT)


class PosizioneDebitoria(Base, table=True):
    """A line of a snapshot: the history of each contract's debt."""

    __tablename__ = "posizione_debitoria"
    __table_args__ = (
        sa.CheckConstraint("importo_cent >= 0", name="importo_non_negativo"),
        sa.Index("ix_posizione_contratto", "ente_proprietario", "contratto_codice", "ricevuta_il"),
        table_options(immutable=True),
    )

    rilevazione_id: UUID = Field(primary_key=True, foreign_key="rilevazione.rilevazione_id")
    contratto_codice: str = Field(primary_key=True)
    ente_proprietario: str
    importo_cent: int = Field(sa_type=CENT)
    al_giorno: date
    ricevuta_il: datetime = Field(sa_type=INSTANT)


class Debito(Base, table=True):
    """The debt of a contract as last told."""

    __tablename__ = "debito"
    __table_args__ = (
        one_of("stato", StatoPosizione),
        sa.CheckConstraint("importo_cent >= 0", name="importo_non_negativo"),
    )

    ente_proprietario: str = Field(primary_key=True, foreign_key="proprietario.ente")
    contratto_codice: str = Field(primary_key=True)
    importo_cent: int = Field(sa_type=CENT)
    al_giorno: date
    ricevuta_il: datetime = Field(sa_type=INSTANT)
    rilevazione_id: UUID = Field(foreign_key="rilevazione.rilevazione_id")
    stato: str
