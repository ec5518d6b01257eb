"""Where people are paid: encrypted account numbers, and the payment files in which batches went to the bank."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.pagamento import EsitoPagamento


class Segreto(Base, table=True):
    """An account number under a key of the environment; readable by whoever has that key, and nobody else."""

    __tablename__ = "segreto"
    __table_args__ = (Index("ix_segreto_chiave_id", "chiave_id"),)

    segreto_id: UUID = Field(primary_key=True)
    chiave_id: str
    cifrato: bytes = Field(sa_type=sa.LargeBinary)


class IbanPersona(Base, table=True):
    """Which account a person is paid on: the last version counts, earlier ones are those of earlier files."""

    __tablename__ = "iban_persona"

    persona_id: UUID = Field(primary_key=True)
    versione: int = Field(primary_key=True)
    segreto_id: UUID = Field(foreign_key="segreto.segreto_id", unique=True)
    ente: str
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class Flusso(Base, table=True):
    """A payment file of a batch: who pays, when, and its number; rendered again it gives the same bytes."""

    __tablename__ = "flusso_pagamento"
    __table_args__ = (
        UniqueConstraint("lotto_id", "numero"),
        CheckConstraint("numero >= 1 AND righe >= 1 AND totale_cent > 0", name="numeri_positivi"),
        {"info": {"immutable": True}},
    )

    flusso_id: UUID = Field(primary_key=True)
    lotto_id: UUID = Field(foreign_key="lotto_liquidazione.lotto_id")
    numero: int
    debitore: str
    segreto_id: UUID = Field(foreign_key="segreto.segreto_id", unique=True)
    esecuzione: date
    righe: int
    totale_cent: int = Field(sa_type=CENT)
    creato_da: str
    creato_il: datetime = Field(sa_type=INSTANT)


class FlussoRiga(Base, table=True):
    """A payment of a file; a payment stands in one file that was not sent back by the bank."""

    __tablename__ = "flusso_pagamento_riga"
    __table_args__ = (
        one_of("esito", EsitoPagamento),
        CheckConstraint("(esito = 'respinto') = (motivo IS NOT NULL)", name="respinto_con_motivo"),
        CheckConstraint("importo_cent > 0", name="importo_positivo"),
        Index(
            "uq_flusso_pagamento_riga_viva",
            "liquidazione_id",
            unique=True,
            postgresql_where=text("esito <> 'respinto'"),
        ),
    )

    flusso_id: UUID = Field(primary_key=True, foreign_key="flusso_pagamento.flusso_id")
    liquidazione_id: UUID = Field(primary_key=True, foreign_key="liquidazione.liquidazione_id")
    persona_id: UUID
    iban_persona_id: UUID
    iban_versione: int
    importo_cent: int = Field(sa_type=CENT)
    esito: EsitoPagamento = Field(sa_type=parola(EsitoPagamento))
    motivo: str | None = None
