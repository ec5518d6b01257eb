"""The enterprise path, certificates, and the targets of a project: what is hoped for, apart from what came."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.attestato import TipoAttestato
from services.inclusione.rules.risultato import Indicatore
from services.inclusione.rules.tirocinio import StatoTirocinio, Traguardo


class Impresa(Base, table=True):
    """The accompaniment of a person to a business of their own."""

    __tablename__ = "impresa"
    __table_args__ = (
        one_of("stato", StatoTirocinio),
        CheckConstraint("(stato = 'attivo') = (finita_il IS NULL)", name="finita_datata"),
        CheckConstraint("mesi BETWEEN 1 AND 60", name="mesi_plausibili"),
        Index("uq_impresa_attiva", "pip_id", unique=True, postgresql_where=text("stato = 'attivo'")),
        Index("ix_impresa_progetto_id", "progetto_id"),
    )

    impresa_id: UUID = Field(primary_key=True)
    versione: int
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    persona_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    dal: date
    mesi: int
    stato: StatoTirocinio = Field(sa_type=parola(StatoTirocinio))
    motivo: str | None = None
    avviata_il: datetime = Field(sa_type=INSTANT)
    finita_il: datetime | None = Field(default=None, sa_type=INSTANT)


class ImpresaTraguardo(Base, table=True):
    """A milestone of an enterprise path."""

    __tablename__ = "impresa_traguardo"
    __table_args__ = (one_of("traguardo", Traguardo), {"info": {"immutable": True}})

    impresa_id: UUID = Field(primary_key=True, foreign_key="impresa.impresa_id")
    traguardo: Traguardo = Field(primary_key=True, sa_type=parola(Traguardo))
    raggiunto_il: date
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class Attestato(Base, table=True):
    """A certificate of hours attended; whoever has its code may check it."""

    __tablename__ = "attestato"
    __table_args__ = (
        one_of("tipo", TipoAttestato),
        CheckConstraint("minuti >= 15", name="minuti_positivi"),
        CheckConstraint("(revocato_il IS NULL) = (motivo IS NULL)", name="revocato_con_motivo"),
        Index(
            "uq_attestato_in_vigore",
            "pip_id",
            "servizio_codice",
            "tipo",
            unique=True,
            postgresql_where=text("revocato_il IS NULL"),
        ),
        Index("ix_attestato_progetto_id", "progetto_id"),
    )

    attestato_id: UUID = Field(primary_key=True)
    versione: int
    codice: str = Field(unique=True)
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    persona_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    ente: str
    tipo: TipoAttestato = Field(sa_type=parola(TipoAttestato))
    servizio_codice: str
    corso: str
    minuti: int
    rilasciato_da: str
    rilasciato_il: datetime = Field(sa_type=INSTANT)
    revocato_il: datetime | None = Field(default=None, sa_type=INSTANT)
    motivo: str | None = None


class Obiettivo(Base, table=True):
    """What a project expects of an indicator, with the document that says so; never what it obtained."""

    __tablename__ = "obiettivo"
    __table_args__ = (one_of("indicatore", Indicatore), CheckConstraint("atteso >= 0", name="atteso_non_negativo"))

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    indicatore: Indicatore = Field(primary_key=True, sa_type=parola(Indicatore))
    versione: int
    atteso: int
    fonte: str
    scritto_da: str
    scritto_il: datetime = Field(sa_type=INSTANT)
