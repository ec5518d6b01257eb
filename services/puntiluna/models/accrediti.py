"""Attendances with the points they gave, what is being recovered, and the arbitration of paid person-hours."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.puntiluna.models.base import Base
from services.puntiluna.rules.accrediti import StatoAccredito
from services.puntiluna.rules.ore import Fonte, StatoOra
from services.puntiluna.rules.tariffe import Fascia


class Accredito(Base, table=True):
    """An attendance as last told, what it is due and what it was granted.

    A cancellation that arrives before its confirmation is a row as well: that is how it is remembered.
    """

    __tablename__ = "accredito"
    __table_args__ = (
        one_of("fascia", Fascia),
        one_of("stato", StatoAccredito),
        sa.CheckConstraint("concesso_cent >= 0 AND concesso_cent <= dovuto_cent", name="concesso_entro_dovuto"),
        sa.CheckConstraint(
            "(stato IN ('accreditato', 'in_attesa_fondo')) = (dovuto_cent > 0)", name="stato_secondo_dovuto"
        ),
        sa.CheckConstraint("stato <> 'accreditato' OR concesso_cent = dovuto_cent", name="accreditato_per_intero"),
        sa.Index(
            "ix_accredito_attesa",
            "progetto_id",
            "confermata_il",
            "presenza_id",
            postgresql_where=sa.text("stato = 'in_attesa_fondo'"),
        ),
        sa.Index("ix_accredito_tariffa", "presenza_id", postgresql_where=sa.text("stato = 'senza_tariffa'")),
        sa.Index("ix_accredito_nucleo_mese", "nucleo_id", "mese"),
        sa.Index("ix_accredito_persona_giorno", "persona_id", "giorno"),
        sa.Index("ix_accredito_attivita", "attivita_id"),
        sa.Index("ix_accredito_progetto", "progetto_id"),
    )

    accredito_id: UUID = Field(primary_key=True)
    presenza_id: UUID = Field(unique=True)
    versione: int
    versione_presenza: int
    annullata: bool
    progetto_id: UUID | None = None
    attivita_id: UUID
    persona_id: UUID
    nucleo_id: UUID | None = None
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    minuti: int
    fascia: str
    diretta: bool
    categoria_indiretta: str | None = None
    confermata_il: datetime = Field(sa_type=INSTANT)
    giorno: date
    mese: str
    stato: str
    motivo: str | None = None
    dovuto_cent: int = Field(sa_type=CENT)
    concesso_cent: int = Field(sa_type=CENT)
    conto_id: UUID | None = None
    fondo_id: UUID | None = None
    movimento_id: UUID | None = None
    aggiornato_il: datetime = Field(sa_type=INSTANT)


class Recupero(Base, table=True):
    """Points to take back that were already spent: taken from the account's next points."""

    __tablename__ = "recupero"
    __table_args__ = (
        sa.CheckConstraint("residuo_cent >= 0", name="residuo_non_negativo"),
        sa.UniqueConstraint("presenza_id", "conto_id", "fondo_id"),
        sa.Index("ix_recupero_aperto", "conto_id", postgresql_where=sa.text("residuo_cent > 0")),
    )

    recupero_id: UUID = Field(primary_key=True)
    presenza_id: UUID
    conto_id: UUID = Field(foreign_key="conto.conto_id")
    fondo_id: UUID = Field(foreign_key="conto.conto_id")
    residuo_cent: int = Field(sa_type=CENT)
    movimenti: int = Field(default=0)
    aperto_il: datetime = Field(sa_type=INSTANT)


class OraPagata(Base, table=True):
    """A claim on a person's hours, by an attendance or by validated training hours: one at most is paid."""

    __tablename__ = "ora_pagata"
    __table_args__ = (
        one_of("fonte", Fonte),
        one_of("stato", StatoOra),
        sa.UniqueConstraint("fonte", "fonte_id"),
        sa.CheckConstraint("inizio < fine", name="intervallo"),
        ExcludeConstraint(
            ("persona_id", "="),
            (sa.text("tstzrange(inizio, fine)"), "&&"),
            name="ex_ora_pagata_una_volta",
            using="gist",
            where=sa.text("stato = 'pagata'"),
        ),
        sa.Index("ix_ora_pagata_persona", "persona_id", "inizio"),
    )

    ora_id: UUID = Field(primary_key=True)
    versione: int
    fonte: str
    fonte_id: UUID
    versione_fonte: int
    persona_id: UUID
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    decisa_il: datetime = Field(sa_type=INSTANT)
    stato: str
    pagata_da: UUID | None = None
    aggiornata_il: datetime = Field(sa_type=INSTANT)


class AvvisoLimite(Base, table=True):
    """A limit that an attendance went over: a warning if soft, the reason of the refusal if hard."""

    __tablename__ = "avviso_limite"
    __table_args__ = (
        sa.UniqueConstraint("limite_id", "presenza_id", "versione_presenza"),
        table_options(immutable=True),
    )

    avviso_id: UUID = Field(primary_key=True)
    limite_id: UUID = Field(foreign_key="limite.limite_id")
    presenza_id: UUID = Field(index=True)
    versione_presenza: int
    rigido: bool
    punti_cent: int = Field(sa_type=CENT)
    avvisato_il: datetime = Field(sa_type=INSTANT)
