"""What paying a landlord takes: the coordinates of the organisations, the payment orders that were issued."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, table_options
from services.puntiluna.models.base import Base


class ConfigurazioneEnte(Base, table=True):
    """The name and bank account of an organisation: a landlord that is paid, a Comune that pays."""

    __tablename__ = "configurazione_ente"

    ente: str = Field(primary_key=True)
    versione: int
    nome: str
    iban: str | None = None
    bic: str | None = None
    aggiornata_il: datetime = Field(sa_type=INSTANT)
    aggiornata_da: str


class Pagamento(Base, table=True):
    """A payment order for a Distinta as it was issued: its file is rendered from this row and has this digest."""

    __tablename__ = "pagamento"
    __table_args__ = (
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.CheckConstraint("length(impronta) = 64", name="impronta"),
        sa.UniqueConstraint("distinta_id"),
        table_options(immutable=True),
    )

    pagamento_id: UUID = Field(primary_key=True)
    distinta_id: UUID = Field(foreign_key="distinta.distinta_id")
    importo_cent: int = Field(sa_type=CENT)
    esecuzione: date
    pagatore_nome: str
    pagatore_iban: str
    pagatore_bic: str | None = None
    creditore_nome: str
    creditore_iban: str
    causale: str
    impronta: str
    disposto_il: datetime = Field(sa_type=INSTANT)
    disposto_da: str
