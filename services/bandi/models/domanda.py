"""Applications: the living row, what was presented (immutable), the office's decision and the commission's sheets."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.adesioni import EsitoAdesione
from services.bandi.rules.bando import CategoriaEnte
from services.bandi.rules.dichiarazioni import EsitoDichiarazione
from services.bandi.rules.domanda import EsitoIstruttoria, RuoloPartner, StatoDomanda


class Domanda(Base, table=True):
    """An application; `bozza` is what the applicant writes, of no value once presented."""

    __tablename__ = "domanda"
    __table_args__ = (
        one_of("stato", StatoDomanda),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint("(stato = 'bozza') = (protocollo IS NULL)", name="protocollo_se_presentata"),
        sa.CheckConstraint("(protocollo IS NULL) = (presentata_il IS NULL)", name="arrivo_se_presentata"),
        sa.CheckConstraint("(protocollo IS NULL) = (protocollata_il IS NULL)", name="istante_se_presentata"),
        sa.CheckConstraint("presentata_il <= protocollata_il", name="arriva_prima_del_protocollo"),
        sa.CheckConstraint("protocollo >= 1", name="protocollo_positivo"),
        sa.UniqueConstraint("bando_id", "protocollo"),
        sa.Index("ix_domanda_capofila", "capofila", "domanda_id"),
        sa.Index("uq_domanda_sostituisce", "sostituisce", unique=True, postgresql_where=sa.text("stato <> 'bozza'")),
        sa.Index(
            "ix_domanda_membri",
            sa.literal_column("(bozza -> 'membri')").label("membri"),
            postgresql_using="gin",
            postgresql_ops={"membri": "jsonb_path_ops"},
        ),
    )

    domanda_id: UUID = Field(primary_key=True)
    bando_id: UUID = Field(foreign_key="bando.bando_id")
    versione: int
    stato: str
    capofila: str
    bozza: dict[str, Any] = Field(sa_type=JSONB)
    autore: str
    creata_il: datetime = Field(sa_type=INSTANT)
    aggiornata_il: datetime = Field(sa_type=INSTANT)
    protocollo: int | None
    presentata_il: datetime | None = Field(sa_type=INSTANT)
    protocollata_il: datetime | None = Field(sa_type=INSTANT)
    sostituisce: UUID | None = Field(foreign_key="domanda.domanda_id")
    motivo_uscita: str | None


class DomandaPresentata(Base, table=True):
    """What was presented, as it was: never edited; `impronta` is the SHA-256 of `canonico`, as the database checks."""

    __tablename__ = "domanda_presentata"
    __table_args__ = (
        sa.CheckConstraint("contributo_cent >= 0 AND contributo_cent <= costo_cent", name="contributo_entro_il_costo"),
        sa.CheckConstraint("durata_mesi >= 1", name="durata_positiva"),
        sa.CheckConstraint(
            "impronta = encode(sha256(convert_to(canonico, 'UTF8')), 'hex')", name="impronta_del_canonico"
        ),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda.domanda_id")
    regole_versione: int
    titolo: str
    comune: str | None
    quartiere: str | None
    durata_mesi: int
    membri: int
    costo_cent: int = Field(sa_type=CENT)
    contributo_cent: int = Field(sa_type=CENT)
    contenuto: dict[str, Any] = Field(sa_type=JSONB)
    canonico: str
    impronta: str


class Membro(Base, table=True):
    """An organisation in the partnership of a presented application."""

    __tablename__ = "membro"
    __table_args__ = (
        one_of("categoria", CategoriaEnte),
        one_of("ruolo", RuoloPartner),
        sa.Index("ix_membro_ente", "ente"),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    ente: str = Field(primary_key=True)
    ordine: int
    denominazione: str
    categoria: str
    ruolo: str


class SottoProgetto(Base, table=True):
    """The part of a presented application on one funding line."""

    __tablename__ = "sotto_progetto"
    __table_args__ = (
        sa.CheckConstraint("contributo_cent >= 0 AND contributo_cent <= costo_cent", name="contributo_entro_il_costo"),
        sa.CheckConstraint(
            "cofinanziamento_denaro_cent >= 0 AND cofinanziamento_denaro_cent <= costo_cent - contributo_cent",
            name="denaro_entro_il_cofinanziamento",
        ),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    linea: str = Field(primary_key=True)
    titolo: str
    costo_cent: int = Field(sa_type=CENT)
    contributo_cent: int = Field(sa_type=CENT)
    cofinanziamento_denaro_cent: int = Field(sa_type=CENT)


class QuotaMembro(Base, table=True):
    """What a member does of a presented application on one funding line; the lead all of it where nothing was said."""

    __tablename__ = "quota_membro"
    __table_args__ = (
        sa.CheckConstraint("contributo_cent >= 0 AND contributo_cent <= costo_cent", name="contributo_entro_il_costo"),
        sa.ForeignKeyConstraint(["domanda_id", "linea"], ["sotto_progetto.domanda_id", "sotto_progetto.linea"]),
        sa.ForeignKeyConstraint(["domanda_id", "ente"], ["membro.domanda_id", "membro.ente"]),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True)
    linea: str = Field(primary_key=True)
    ente: str = Field(primary_key=True)
    costo_cent: int = Field(sa_type=CENT)
    contributo_cent: int = Field(sa_type=CENT)


class AdesionePartner(Base, table=True):
    """The last answer of a partner to a draft; what was accepted at the presentation is in what was presented."""

    __tablename__ = "adesione"
    __table_args__ = (
        one_of("esito", EsitoAdesione),
        sa.CheckConstraint("(esito = 'rifiutata') = (motivo IS NOT NULL)", name="motivo_se_rifiutata"),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda.domanda_id")
    ente: str = Field(primary_key=True)
    esito: str
    motivo: str | None
    condizioni: str
    decisa_da: str
    decisa_il: datetime = Field(sa_type=INSTANT)


class Istruttoria(Base, table=True):
    """The office's decision on admissibility, with its reasons and the bonuses it verified.

    `rilievi` is what the machine had found, `scostamento` why the office admits all the same.
    """

    __tablename__ = "istruttoria"
    __table_args__ = (
        one_of("esito", EsitoIstruttoria),
        sa.CheckConstraint("(esito = 'ammissibile') = (jsonb_array_length(motivi) = 0)", name="motivi_se_non_ammessa"),
        sa.CheckConstraint(
            "esito <> 'ammissibile' OR jsonb_array_length(rilievi) = 0 OR scostamento IS NOT NULL",
            name="scostamento_motivato",
        ),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    esito: str
    motivi: list[str] = Field(sa_type=JSONB)
    premialita: list[str] = Field(sa_type=JSONB)
    rilievi: list[dict[str, str]] = Field(sa_type=JSONB)
    scostamento: str | None
    decisa_da: str
    decisa_il: datetime = Field(sa_type=INSTANT)


class DichiarazioneInteresse(Base, table=True):
    """What a commissioner declared of an application before seeing it; a conflict found later is a second row."""

    __tablename__ = "dichiarazione_interesse"
    __table_args__ = (
        one_of("esito", EsitoDichiarazione),
        sa.CheckConstraint("(esito = 'conflitto') = (motivo IS NOT NULL)", name="motivo_del_conflitto"),
        table_options(immutable=True),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_presentata.domanda_id")
    commissario: str = Field(primary_key=True)
    esito: str = Field(primary_key=True)
    motivo: str | None
    dichiarata_il: datetime = Field(sa_type=INSTANT)


class Scheda(Base, table=True):
    """A commissioner's signed score sheet of one application, or the one of them all (`collegiale`): locked."""

    __tablename__ = "scheda"
    __table_args__ = (
        sa.UniqueConstraint("domanda_id", "commissario"),
        sa.Index("uq_scheda_collegiale", "domanda_id", unique=True, postgresql_where=sa.text("collegiale")),
        table_options(immutable=True),
    )

    scheda_id: UUID = Field(primary_key=True)
    domanda_id: UUID = Field(foreign_key="domanda_presentata.domanda_id")
    commissario: str
    firmata_il: datetime = Field(sa_type=INSTANT)
    collegiale: bool


class Punteggio(Base, table=True):
    """The score of one criterion in a sheet, in hundredths of a point."""

    __tablename__ = "punteggio"
    __table_args__ = (
        sa.CheckConstraint("punti_cent >= 0", name="punti_non_negativi"),
        table_options(immutable=True),
    )

    scheda_id: UUID = Field(primary_key=True, foreign_key="scheda.scheda_id")
    criterio: str = Field(primary_key=True)
    punti_cent: int
    motivazione: str | None
