"""Requests to complete an application and their answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.bandi.models.base import Base
from services.bandi.rules.soccorso import StatoSoccorso


class Soccorso(Base, table=True):
    """A request of the office and, once given, its answer: `impronta` is the SHA-256 of `canonico`."""

    __tablename__ = "soccorso"
    __table_args__ = (
        one_of("stato", StatoSoccorso),
        sa.CheckConstraint("numero >= 1 AND giorni >= 1", name="numeri_positivi"),
        sa.CheckConstraint("jsonb_array_length(richieste) >= 1", name="chiede_qualcosa"),
        sa.CheckConstraint("scade_il > chiesto_il", name="scade_dopo"),
        sa.CheckConstraint(
            "num_nulls(risposto_da, risposto_il, campi, chiarimenti, canonico, impronta) "
            "= CASE stato WHEN 'risposto' THEN 0 ELSE 6 END",
            name="risposta_intera",
        ),
        sa.CheckConstraint("risposto_il < scade_il + interval '1 second'", name="risposta_nel_termine"),
        sa.CheckConstraint(
            "impronta = encode(sha256(convert_to(canonico, 'UTF8')), 'hex')", name="impronta_del_canonico"
        ),
        sa.Index("uq_soccorso_aperto", "domanda_id", unique=True, postgresql_where=sa.text("stato = 'aperto'")),
        sa.Index("ix_soccorso_scadenza", "scade_il", postgresql_where=sa.text("stato = 'aperto'")),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    numero: int = Field(primary_key=True)
    stato: str
    richieste: list[dict[str, Any]] = Field(sa_type=JSONB)
    giorni: int
    scade_il: datetime = Field(sa_type=INSTANT)
    chiesto_da: str
    chiesto_il: datetime = Field(sa_type=INSTANT)
    risposto_da: str | None
    risposto_il: datetime | None = Field(sa_type=INSTANT)
    campi: dict[str, str] | None = Field(sa_type=JSONB(none_as_null=True))
    chiarimenti: list[str] | None = Field(sa_type=JSONB(none_as_null=True))
    canonico: str | None
    impronta: str | None
