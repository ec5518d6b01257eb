"""The ledger: accounts, immutable movements and lines, the queue to seal, the chain of seals.

Only the functions of `sql/` write here: the runtime role reads.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.registro import Causa, Libro, TipoConto

_CALORE = (
    "CASE tipo WHEN 'nucleo' THEN 0 WHEN 'donatore' THEN 0 WHEN 'solidale' THEN 1 WHEN 'prenotato' THEN 2 "
    "WHEN 'confermato' THEN 3 WHEN 'liquidato' THEN 4 WHEN 'apporto' THEN 5 ELSE 6 END"
)


class ContoRegistro(Base, table=True):
    """An account and its balance; `calore` is the order in which accounts are locked, the hottest last."""

    __tablename__ = "conto"
    __table_args__ = (
        one_of("libro", Libro),
        one_of("tipo", TipoConto),
        sa.UniqueConstraint("libro", "tipo", "titolare"),
        sa.CheckConstraint("tipo = 'apporto' OR saldo_cent >= 0", name="saldo_non_negativo"),
        sa.Index("ix_conto_progetto_id", "progetto_id", "tipo"),
        table_options(immutable=True),
    )

    conto_id: UUID = Field(primary_key=True)
    libro: str
    tipo: str
    titolare: str
    progetto_id: UUID | None = None
    saldo_cent: int = Field(default=0, sa_type=CENT, sa_column_kwargs={"server_default": "0"})
    righe: int = Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    """Lines written so far: every so many the balance is noted down (`SaldoNotato`)."""
    aperto_il: datetime = Field(sa_type=INSTANT)
    calore: int | None = Field(
        default=None, sa_column=sa.Column(sa.SmallInteger, sa.Computed(_CALORE, persisted=True), nullable=False)
    )


class MovimentoRegistro(Base, table=True):
    """A movement: why, when, from which event, reversing what."""

    __tablename__ = "movimento"
    __table_args__ = (
        one_of("libro", Libro),
        one_of("causa", Causa),
        sa.UniqueConstraint("chiave"),
        table_options(immutable=True),
    )

    movimento_id: UUID = Field(primary_key=True)
    ordine: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), nullable=False, unique=True)
    )
    libro: str
    causa: str
    chiave: str
    evento_origine: UUID | None = None
    storna: UUID | None = Field(default=None, foreign_key="movimento.movimento_id", index=True)
    accaduto_il: datetime = Field(sa_type=INSTANT)
    registrato_il: datetime = Field(sa_type=INSTANT)
    dettaglio: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class RigaRegistro(Base, table=True):
    """A line of a movement; the time is repeated so that a past balance is one index range."""

    __tablename__ = "riga"
    __table_args__ = (
        sa.CheckConstraint("importo_cent <> 0", name="importo_non_zero"),
        sa.Index("ix_riga_saldo", "conto_id", "registrato_il", postgresql_include=["importo_cent"]),
        table_options(immutable=True),
    )

    movimento_id: UUID = Field(primary_key=True, foreign_key="movimento.movimento_id")
    conto_id: UUID = Field(primary_key=True, foreign_key="conto.conto_id")
    importo_cent: int = Field(sa_type=CENT)
    registrato_il: datetime = Field(sa_type=INSTANT)


class SaldoNotato(Base, table=True):
    """An account's balance noted down: the sum of its lines registered up to `al`, whenever they were written."""

    __tablename__ = "saldo_notato"
    __table_args__ = (table_options(immutable=True),)

    conto_id: UUID = Field(primary_key=True, foreign_key="conto.conto_id")
    al: datetime = Field(primary_key=True, sa_type=INSTANT)
    saldo_cent: int = Field(sa_type=CENT)


class DaSigillare(Base, table=True):
    """The queue of the sealer: written by the posting itself, so nothing committed is ever skipped."""

    __tablename__ = "da_sigillare"
    __table_args__ = (sa.Index("ix_da_sigillare_libro", "libro", "id"),)

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    movimento_id: UUID = Field(foreign_key="movimento.movimento_id", unique=True)
    libro: str


class SigilloRegistro(Base, table=True):
    """A link of a book's chain."""

    __tablename__ = "sigillo"
    __table_args__ = (
        one_of("libro", Libro),
        sa.CheckConstraint("n >= 1", name="n_positivo"),
        sa.CheckConstraint("length(prev) = 64 AND length(hash) = 64", name="lunghezza"),
        table_options(immutable=True),
    )

    libro: str = Field(primary_key=True)
    n: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    movimento_id: UUID = Field(foreign_key="movimento.movimento_id", unique=True)
    prev: str
    hash: str
    sigillato_il: datetime = Field(sa_type=INSTANT)
