"""The approved plans of a project, the requests that redraw them and the partners' shares of its money."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.piano import StatoRimodulazione


class Rimodulazione(Base, table=True):
    """A lead's request for a first plan or another one, and the office's decision."""

    __tablename__ = "rimodulazione"
    __table_args__ = (
        one_of("stato", StatoRimodulazione),
        sa.CheckConstraint("numero >= 1 AND base >= 0", name="numeri_non_negativi"),
        sa.CheckConstraint("(stato = 'chiesta') = (decisa_il IS NULL)", name="decisa_se_chiusa"),
        sa.CheckConstraint("stato NOT IN ('approvata', 'respinta') OR atto IS NOT NULL", name="decisa_con_atto"),
        sa.Index("uq_rimodulazione_aperta", "progetto_id", unique=True, postgresql_where=sa.text("stato = 'chiesta'")),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    stato: str
    base: int
    motivo: str
    contenuto: dict[str, Any] = Field(sa_type=JSONB)
    chiesta_da: str
    chiesta_il: datetime = Field(sa_type=INSTANT)
    atto: str | None
    motivo_decisione: str | None
    decisa_da: str | None
    decisa_il: datetime | None = Field(sa_type=INSTANT)


class Piano(Base, table=True):
    """An approved plan, never edited: `contenuto` is its activities and targets."""

    __tablename__ = "piano"
    __table_args__ = (
        sa.CheckConstraint("numero >= 1", name="numero_positivo"),
        sa.CheckConstraint("contributo_cent >= 0 AND contributo_cent <= costo_cent", name="contributo_entro_il_costo"),
        sa.ForeignKeyConstraint(
            ["progetto_id", "richiesta"],
            ["rimodulazione.progetto_id", "rimodulazione.numero"],
            name="fk_piano_rimodulazione",
        ),
        sa.UniqueConstraint("progetto_id", "richiesta"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    richiesta: int
    atto: str
    contenuto: dict[str, Any] = Field(sa_type=JSONB)
    costo_cent: int = Field(sa_type=CENT)
    contributo_cent: int = Field(sa_type=CENT)
    approvato_da: str
    approvato_il: datetime = Field(sa_type=INSTANT)


class PianoQuota(Base, table=True):
    """A partner's part of the budget of a line in an approved plan."""

    __tablename__ = "piano_quota"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"], ["piano.progetto_id", "piano.numero"], name="fk_quota_piano"
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"], ["progetto_linea.progetto_id", "progetto_linea.linea"], name="fk_quota_linea"
        ),
        sa.CheckConstraint("contributo_cent >= 0 AND contributo_cent <= costo_cent", name="contributo_entro_il_costo"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    linea: str = Field(primary_key=True)
    ente: str = Field(primary_key=True)
    ordine: int
    costo_cent: int = Field(sa_type=CENT)
    contributo_cent: int = Field(sa_type=CENT)


class QuotaPartner(Base, table=True):
    """A partner's waterfall on a line; the database keeps that the shares add up to the line."""

    __tablename__ = "quota_partner"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"],
            ["progetto_linea.progetto_id", "progetto_linea.linea"],
            name="fk_quota_partner_linea",
        ),
        sa.CheckConstraint("programmato_cent >= ammesso_cent", name="ammesso_entro_il_programmato"),
        sa.CheckConstraint("ammesso_cent >= impegnato_cent", name="impegnato_entro_l_ammesso"),
        sa.CheckConstraint("impegnato_cent >= erogato_cent", name="erogato_entro_l_impegnato"),
        sa.CheckConstraint("erogato_cent >= 0", name="erogato_non_negativo"),
    )

    progetto_id: UUID = Field(primary_key=True)
    linea: str = Field(primary_key=True)
    ente: str = Field(primary_key=True)
    ordine: int
    programmato_cent: int = Field(sa_type=CENT)
    ammesso_cent: int = Field(sa_type=CENT)
    impegnato_cent: int = Field(sa_type=CENT)
    erogato_cent: int = Field(sa_type=CENT)
