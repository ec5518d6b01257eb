"""Documents: what is in the store of files, what a draft announces, what was presented."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.bando import FormatoDocumento


class Deposito(Base, table=True):
    """A key of the store of files, written down before its file is put: nothing in the store is ever unknown here."""

    __tablename__ = "deposito"
    __table_args__ = (
        sa.UniqueConstraint("chiave"),
        sa.Index("ix_deposito_creato_il", "creato_il"),
    )

    deposito_id: UUID = Field(primary_key=True)
    chiave: str
    creato_il: datetime = Field(sa_type=INSTANT)


class Documento(Base, table=True):
    """A document being prepared, of a draft or of the answer to a request of completion."""

    __tablename__ = "documento"
    __table_args__ = (
        one_of("formato", FormatoDocumento),
        sa.CheckConstraint(
            "num_nulls(deposito_id, formato, media_type, dimensione, impronta, caricato_da, caricato_il) IN (0, 7)",
            name="file_intero",
        ),
        sa.CheckConstraint("dimensione > 0", name="dimensione_positiva"),
        sa.Index("ix_documento_domanda", "domanda_id"),
        sa.Index("ix_documento_deposito", "deposito_id"),
    )

    documento_id: UUID = Field(primary_key=True)
    domanda_id: UUID = Field(foreign_key="domanda.domanda_id")
    richiesto: str | None
    nome: str
    creato_il: datetime = Field(sa_type=INSTANT)
    deposito_id: UUID | None = Field(foreign_key="deposito.deposito_id")
    formato: str | None
    media_type: str | None
    dimensione: int | None
    impronta: str | None
    caricato_da: str | None
    caricato_il: datetime | None = Field(sa_type=INSTANT)


class DocumentoPresentato(Base, table=True):
    """A document as it was presented, or as it completed what was presented (`soccorso`): never edited."""

    __tablename__ = "documento_presentato"
    __table_args__ = (
        one_of("formato", FormatoDocumento),
        sa.CheckConstraint("dimensione > 0", name="dimensione_positiva"),
        sa.Index("ix_documento_presentato_domanda", "domanda_id"),
        sa.Index("ix_documento_presentato_deposito", "deposito_id"),
        table_options(immutable=True),
    )

    documento_id: UUID = Field(primary_key=True)
    domanda_id: UUID = Field(foreign_key="domanda_presentata.domanda_id")
    soccorso: int | None
    richiesto: str | None
    nome: str
    deposito_id: UUID = Field(foreign_key="deposito.deposito_id")
    formato: str
    media_type: str
    dimensione: int
    impronta: str
    caricato_da: str
    caricato_il: datetime = Field(sa_type=INSTANT)
