"""Hours: attended by a person (direct), or worked for one (indirect, unpaid)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.ore import CategoriaIndiretta, TipoSessione
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.rules.stati import StatoOra


class Sessione(Base, table=True):
    """A page of an operator's register: one service, one interval, one person or a group."""

    __tablename__ = "sessione"
    __table_args__ = (
        one_of("tipo", TipoSessione),
        CheckConstraint("fine > inizio", name="istanti_in_ordine"),
        Index("ix_sessione_progetto_id", "progetto_id", "inizio", "codice"),
    )

    ente: str = Field(primary_key=True)
    codice: str = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    servizio_codice: str
    tipo: TipoSessione = Field(sa_type=parola(TipoSessione))
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    aperta_da: str
    aperta_il: datetime = Field(sa_type=INSTANT)


class Ora(Base, table=True):
    """One interval. Direct hours of one person never overlap, whatever plan, service or operator."""

    __tablename__ = "ora"
    __table_args__ = (
        one_of("stato", StatoOra),
        one_of("categoria_indiretta", CategoriaIndiretta),
        one_of("firma_metodo", MetodoFirma),
        ForeignKeyConstraint(
            ["pip_id", "servizio_codice"],
            ["pip_servizio.pip_id", "pip_servizio.servizio_codice"],
            name="fk_ora_servizio",
        ),
        ForeignKeyConstraint(["ente", "sessione"], ["sessione.ente", "sessione.codice"], name="fk_ora_sessione"),
        CheckConstraint("versione >= 1", name="versione_positiva"),
        CheckConstraint("diretta = (servizio_codice IS NOT NULL)", name="diretta_con_servizio"),
        CheckConstraint("diretta = (categoria_indiretta IS NULL)", name="indiretta_con_categoria"),
        CheckConstraint("fine = inizio + minuti * interval '1 minute' AND minuti >= 15", name="minuti_dell_intervallo"),
        CheckConstraint("giorno BETWEEN piano_dal AND piano_al", name="dentro_il_piano"),
        CheckConstraint("diretta OR (costo_cent = 0 AND indennita_cent = 0)", name="indiretta_non_pagata"),
        CheckConstraint("costo_cent >= 0 AND indennita_cent >= 0", name="importi_non_negativi"),
        CheckConstraint(
            "stato = 'validata' OR stato = 'annullata' OR (costo_cent = 0 AND indennita_cent = 0)",
            name="importi_se_validata",
        ),
        CheckConstraint("(stato = 'annullata') = (annullata_il IS NOT NULL)", name="annullata_datata"),
        CheckConstraint("stato <> 'validata' OR validata_il IS NOT NULL", name="validata_datata"),
        CheckConstraint("validata_da <> registrata_da", name="seconda_persona"),
        CheckConstraint("(firmata_il IS NULL) = (firma_metodo IS NULL)", name="firma_intera"),
        ExcludeConstraint(
            ("persona_id", "="),
            (literal_column("tstzrange(inizio, fine)"), "&&"),
            name="ora_senza_sovrapposizioni",
            using="gist",
            where=text("diretta AND stato <> 'annullata'"),
        ),
        Index("ix_ora_pip_id", "pip_id", "inizio"),
        Index("ix_ora_sessione", "ente", "sessione", postgresql_where=text("sessione IS NOT NULL")),
    )

    ore_id: UUID = Field(primary_key=True)
    versione: int
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    persona_id: UUID
    ente: str
    diretta: bool
    servizio_codice: str | None
    categoria_indiretta: CategoriaIndiretta | None = Field(sa_type=parola(CategoriaIndiretta), nullable=True)
    sessione: str | None
    inizio: datetime = Field(sa_type=INSTANT)
    fine: datetime = Field(sa_type=INSTANT)
    minuti: int
    giorno: date
    piano_dal: date
    piano_al: date
    stato: StatoOra = Field(sa_type=parola(StatoOra))
    registrata_da: str
    registrata_il: datetime = Field(sa_type=INSTANT)
    firma_metodo: MetodoFirma | None = Field(default=None, sa_type=parola(MetodoFirma), nullable=True)
    firmata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    validata_da: str | None = None
    validata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    annullata_da: str | None = None
    annullata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    annullata_motivo: str | None = None
    costo_cent: int = Field(default=0, sa_type=CENT)
    indennita_cent: int = Field(default=0, sa_type=CENT)
    gia_pagata_da: str | None = None
    gia_pagata_il: datetime | None = Field(default=None, sa_type=INSTANT)
    arbitrato_versione: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Of the last word of the arbiter of paid hours that was applied; older ones that come late do nothing."""
