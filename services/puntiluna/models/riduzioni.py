"""Reductions, frozen batches, landlords' answers, shares of allowances, settlements."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.distinte import ModoLiquidazione, StatoDistinta
from services.puntiluna.rules.riduzioni import EsitoRiga, OrigineRiduzione, Risposta, StatoLotto, StatoRiduzione


class Lotto(Base, table=True):
    """A frozen batch of reductions handed to a landlord: one open at a time."""

    __tablename__ = "lotto"
    __table_args__ = (
        one_of("stato", StatoLotto),
        sa.UniqueConstraint("ente_proprietario", "numero"),
        sa.CheckConstraint("righe BETWEEN 1 AND 1000", name="righe"),
        sa.Index("uq_lotto_uno_aperto", "ente_proprietario", unique=True, postgresql_where=sa.text("stato = 'aperto'")),
    )

    lotto_id: UUID = Field(primary_key=True)
    ente_proprietario: str = Field(foreign_key="proprietario.ente")
    numero: int
    stato: str
    righe: int
    totale_cent: int = Field(sa_type=CENT)
    impronta: str
    firma: str | None = None
    creato_il: datetime = Field(sa_type=INSTANT)
    chiuso_il: datetime | None = Field(default=None, sa_type=INSTANT)


class Distinta(Base, table=True):
    """Confirmed reductions of a landlord in a month, for the Comune to pay."""

    __tablename__ = "distinta"
    __table_args__ = (
        one_of("stato", StatoDistinta),
        one_of("modo", ModoLiquidazione),
        sa.CheckConstraint("totale_cent = punti_cent + quote_cent AND totale_cent > 0", name="totale"),
        sa.Index("ix_distinta_ente", "ente_proprietario", "periodo"),
    )

    distinta_id: UUID = Field(primary_key=True)
    versione: int
    ente_proprietario: str = Field(foreign_key="proprietario.ente")
    periodo: str
    progetto_id: UUID | None = None
    stato: str
    modo: str
    righe: int
    totale_cent: int = Field(sa_type=CENT)
    punti_cent: int = Field(sa_type=CENT)
    quote_cent: int = Field(sa_type=CENT)
    ente_pagatore: str | None = None
    composta_il: datetime = Field(sa_type=INSTANT)
    composta_da: str
    approvata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    approvata_da: str | None = None
    liquidata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    liquidata_da: str | None = None
    atto: str | None = None
    annullata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    annullata_da: str | None = None
    motivo: str | None = None


class Quota(Base, table=True):
    """A share of an allowance that goes to arrears: real money, in the book `quote`."""

    __tablename__ = "quota"
    __table_args__ = (
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.CheckConstraint("prenotato_cent >= 0 AND prenotato_cent <= importo_cent", name="prenotato_entro_importo"),
        sa.Index("ix_quota_da_prenotare", "nucleo_id", postgresql_where=sa.text("prenotato_cent < importo_cent")),
    )

    quota_id: UUID = Field(primary_key=True)
    versione_origine: int
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID
    patto_id: UUID
    importo_cent: int = Field(sa_type=CENT)
    prenotato_cent: int = Field(default=0, sa_type=CENT)
    movimento_id: UUID = Field(foreign_key="movimento.movimento_id")
    liquidata_il: datetime = Field(sa_type=INSTANT)
    ricevuta_il: datetime = Field(sa_type=INSTANT)


class Riduzione(Base, table=True):
    """A reduction of a contract's arrears, from its reservation to its settlement."""

    __tablename__ = "riduzione"
    __table_args__ = (
        one_of("origine", OrigineRiduzione),
        one_of("stato", StatoRiduzione),
        sa.UniqueConstraint("ente_proprietario", "protocollo"),
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.CheckConstraint("confermato_cent >= 0 AND confermato_cent <= importo_cent", name="confermato_entro_importo"),
        sa.CheckConstraint(
            "(stato IN ('confermata', 'liquidata')) = (confermato_cent > 0)", name="confermato_secondo_stato"
        ),
        sa.CheckConstraint("(origine = 'indennita') = (quota_id IS NOT NULL)", name="quota_secondo_origine"),
        sa.CheckConstraint("stato <> 'liquidata' OR distinta_id IS NOT NULL", name="liquidata_in_distinta"),
        sa.Index("ix_riduzione_nucleo", "nucleo_id", "prenotata_il"),
        sa.Index("ix_riduzione_contratto", "ente_proprietario", "contratto_codice"),
        sa.Index(
            "ix_riduzione_da_inviare",
            "ente_proprietario",
            "protocollo",
            postgresql_where=sa.text("stato = 'prenotata' AND lotto_id IS NULL"),
        ),
        sa.Index("ix_riduzione_scadenza", "scade_il", postgresql_where=sa.text("stato = 'prenotata'")),
        sa.Index("ix_riduzione_lotto", "lotto_id"),
        sa.Index("ix_riduzione_distinta", "distinta_id"),
        sa.Index(
            "ix_riduzione_da_liquidare",
            "ente_proprietario",
            "risposta_il",
            postgresql_where=sa.text("stato = 'confermata' AND distinta_id IS NULL"),
        ),
    )

    riduzione_id: UUID = Field(primary_key=True)
    versione: int
    nucleo_id: UUID
    progetto_id: UUID | None = None
    ente_proprietario: str = Field(foreign_key="proprietario.ente")
    contratto_codice: str
    origine: str
    quota_id: UUID | None = Field(default=None, foreign_key="quota.quota_id")
    protocollo: int = Field(sa_type=sa.BigInteger)
    importo_cent: int = Field(sa_type=CENT)
    confermato_cent: int = Field(default=0, sa_type=CENT)
    debito_prima_cent: int = Field(sa_type=CENT)
    stato: str
    motivo: str | None = None
    riferimento: str | None = None
    prenotata_il: datetime = Field(sa_type=INSTANT)
    prenotata_da: str
    automatica: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    scade_il: datetime = Field(sa_type=INSTANT)
    risposta_il: datetime | None = Field(default=None, sa_type=INSTANT)
    lotto_id: UUID | None = Field(default=None, foreign_key="lotto.lotto_id")
    distinta_id: UUID | None = Field(default=None, foreign_key="distinta.distinta_id")


class FonteRiduzione(Base, table=True):
    """How much of a confirmed reduction a project pays: the fund that issued the points, or the share's project."""

    __tablename__ = "fonte_riduzione"
    __table_args__ = (
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.Index("ix_fonte_riduzione_da_liquidare", "progetto_id", postgresql_where=sa.text("distinta_id IS NULL")),
        sa.Index("ix_fonte_riduzione_distinta", "distinta_id"),
    )

    riduzione_id: UUID = Field(primary_key=True, foreign_key="riduzione.riduzione_id")
    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    importo_cent: int = Field(sa_type=CENT)
    distinta_id: UUID | None = Field(default=None, foreign_key="distinta.distinta_id")


class RispostaRiga(Base, table=True):
    """A line of a landlord's answer as it came, and what became of it: also repeated, late and contrary ones."""

    __tablename__ = "risposta"
    __table_args__ = (
        one_of("esito_dichiarato", Risposta),
        one_of("esito", EsitoRiga),
        sa.Index("ix_risposta_lotto", "lotto_id", "protocollo"),
        table_options(immutable=True),
    )

    risposta_id: UUID = Field(primary_key=True)
    lotto_id: UUID = Field(foreign_key="lotto.lotto_id")
    protocollo: int = Field(sa_type=sa.BigInteger)
    esito_dichiarato: str
    importo_cent: int | None = Field(default=None, sa_type=CENT)
    motivo: str | None = None
    nota: str | None = None
    riferimento: str | None = None
    esito: str
    autore: str
    ricevuta_il: datetime = Field(sa_type=INSTANT)
