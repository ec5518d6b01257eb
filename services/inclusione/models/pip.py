"""Plans, their draft, their signed versions, their services, and the money they hold."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.rules.sospensione import MotivoSospensione
from services.inclusione.rules.stati import StatoPip


class Pip(Base, table=True):
    """A plan. `numero` is its signed version in force, 0 before the first; the reserved amounts are its Dote."""

    __tablename__ = "pip"
    __table_args__ = (
        one_of("stato", StatoPip),
        CheckConstraint("versione >= 1 AND numero >= 0", name="versione_positiva"),
        CheckConstraint("riservato_servizi_cent >= 0 AND riservato_indennita_cent >= 0", name="riservato_non_negativo"),
        CheckConstraint(
            "riservato_servizi_cent + CASE WHEN percorso_con_indennita THEN riservato_indennita_cent ELSE 0 END"
            " <= massimale_percorso_cent",
            name="mai_oltre_percorso",
        ),
        CheckConstraint("costo_servizi_cent BETWEEN 0 AND riservato_servizi_cent", name="costo_nella_dote"),
        CheckConstraint("maturato_cent BETWEEN 0 AND riservato_indennita_cent", name="maturato_nella_dote"),
        CheckConstraint("liquidato_cent BETWEEN 0 AND riservato_indennita_cent", name="liquidato_nella_dote"),
        CheckConstraint("rimborsato_cent BETWEEN 0 AND riservato_servizi_cent", name="rimborsato_nella_dote"),
        CheckConstraint("(numero = 0) = (inizio IS NULL) AND (numero = 0) = (fine IS NULL)", name="date_se_firmato"),
        CheckConstraint("fine >= inizio", name="date_in_ordine"),
        CheckConstraint(
            "stato NOT IN ('bozza') OR (riservato_servizi_cent = 0 AND riservato_indennita_cent = 0)",
            name="bozza_senza_dote",
        ),
        Index(
            "uq_pip_aperto",
            "iscrizione_id",
            unique=True,
            postgresql_where=text("stato IN ('bozza', 'firmato', 'attivo', 'sospeso')"),
        ),
        Index("ix_pip_ente", "ente", "pip_id"),
        Index("ix_pip_progetto_id", "progetto_id", "pip_id"),
        Index("ix_pip_persona_id", "persona_id"),
        Index("ix_pip_da_attivare", "inizio", postgresql_where=text("stato = 'firmato'")),
    )

    pip_id: UUID = Field(primary_key=True)
    versione: int
    iscrizione_id: UUID = Field(foreign_key="iscrizione.iscrizione_id")
    persona_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    misura_id: UUID = Field(foreign_key="misura.misura_id")
    misura_numero: int
    misura_codice: str
    ente: str
    stato: StatoPip = Field(sa_type=parola(StatoPip))
    numero: int = 0
    inizio: date | None = None
    fine: date | None = None
    fascia: str | None = None
    massimale_percorso_cent: int = Field(sa_type=CENT)
    percorso_con_indennita: bool
    riservato_servizi_cent: int = Field(default=0, sa_type=CENT)
    riservato_indennita_cent: int = Field(default=0, sa_type=CENT)
    costo_servizi_cent: int = Field(default=0, sa_type=CENT)
    maturato_cent: int = Field(default=0, sa_type=CENT)
    liquidato_cent: int = Field(default=0, sa_type=CENT)
    rimborsato_cent: int = Field(default=0, sa_type=CENT)
    creato_da: str
    creato_il: datetime = Field(sa_type=INSTANT)
    attivato_il: datetime | None = Field(default=None, sa_type=INSTANT)
    chiuso_il: datetime | None = Field(default=None, sa_type=INSTANT)
    motivo_chiusura: str | None = None


class PipBozza(Base, table=True):
    """The draft of the next version: the only editable text of a plan; it goes when it is signed."""

    __tablename__ = "pip_bozza"

    pip_id: UUID = Field(primary_key=True, foreign_key="pip.pip_id")
    piano: dict[str, Any] = Field(sa_type=JSONB)
    modificata_da: str
    modificata_il: datetime = Field(sa_type=INSTANT)


class PipVersione(Base, table=True):
    """A signed version: plan, amounts, text and its hash."""

    __tablename__ = "pip_versione"
    __table_args__ = ({"info": {"immutable": True}},)

    pip_id: UUID = Field(primary_key=True, foreign_key="pip.pip_id")
    numero: int = Field(primary_key=True)
    misura_numero: int
    piano: dict[str, Any] = Field(sa_type=JSONB)
    servizi_cent: int = Field(sa_type=CENT)
    indennita_cent: int = Field(sa_type=CENT)
    testo: str
    testo_sha256: str
    firmata_il: datetime = Field(sa_type=INSTANT)


class PipFirma(Base, table=True):
    """A signature of a version: of the person or of the operator, how and when."""

    __tablename__ = "pip_firma"
    __table_args__ = (
        one_of("metodo", MetodoFirma),
        CheckConstraint("chi IN ('persona', 'operatore')", name="chi_ammesso"),
        {"info": {"immutable": True}},
    )

    pip_id: UUID = Field(primary_key=True, foreign_key="pip.pip_id")
    numero: int = Field(primary_key=True)
    chi: str = Field(primary_key=True)
    metodo: MetodoFirma = Field(sa_type=parola(MetodoFirma))
    testo_sha256: str
    raccolta_da: str
    firmata_il: datetime = Field(sa_type=INSTANT)


class PipPassaggio(Base, table=True):
    """A step in the life of a plan: who, when, why."""

    __tablename__ = "pip_passaggio"
    __table_args__ = (one_of("stato", StatoPip), {"info": {"immutable": True}})

    pip_id: UUID = Field(primary_key=True, foreign_key="pip.pip_id")
    versione: int = Field(primary_key=True)
    stato: StatoPip = Field(sa_type=parola(StatoPip))
    autore: str
    motivo: str | None
    avvenuto_il: datetime = Field(sa_type=INSTANT)


class PipSospensione(Base, table=True):
    """Days on which a plan stands still; `al` is None while it lasts. Two of a plan never overlap."""

    __tablename__ = "pip_sospensione"
    __table_args__ = (
        one_of("motivo", MotivoSospensione),
        CheckConstraint("al >= dal", name="date_in_ordine"),
        CheckConstraint("(al IS NULL) = (ripresa_il IS NULL)", name="ripresa_intera"),
        ExcludeConstraint(
            ("pip_id", "="),
            (literal_column("daterange(dal, al, '[]')"), "&&"),
            name="sospensioni_senza_sovrapposizioni",
            using="gist",
        ),
    )

    sospensione_id: UUID = Field(primary_key=True)
    pip_id: UUID = Field(foreign_key="pip.pip_id", index=True)
    dal: date
    al: date | None = None
    motivo: MotivoSospensione = Field(sa_type=parola(MotivoSospensione))
    atto: str | None
    sospesa_da: str
    sospesa_il: datetime = Field(sa_type=INSTANT)
    ripresa_da: str | None = None
    ripresa_il: datetime | None = Field(default=None, sa_type=INSTANT)


class PipServizio(Base, table=True):
    """The minutes of one service in the version in force, and how many were registered and validated."""

    __tablename__ = "pip_servizio"
    __table_args__ = (
        CheckConstraint("validati_minuti BETWEEN 0 AND registrati_minuti", name="validati_fra_registrati"),
        CheckConstraint("registrati_minuti <= previsti_minuti", name="mai_oltre_il_piano"),
    )

    pip_id: UUID = Field(primary_key=True, foreign_key="pip.pip_id")
    servizio_codice: str = Field(primary_key=True)
    previsti_minuti: int
    registrati_minuti: int = 0
    validati_minuti: int = 0


class TettoPersona(Base, table=True):
    """The allowance of one person in one measure, over all their plans."""

    __tablename__ = "tetto_persona"
    __table_args__ = (
        CheckConstraint("riservato_cent BETWEEN 0 AND tetto_cent", name="mai_oltre_il_tetto"),
        CheckConstraint("maturato_cent BETWEEN 0 AND riservato_cent", name="maturato_nel_riservato"),
    )

    persona_id: UUID = Field(primary_key=True)
    misura_id: UUID = Field(primary_key=True, foreign_key="misura.misura_id")
    tetto_cent: int = Field(sa_type=CENT)
    riservato_cent: int = Field(default=0, sa_type=CENT)
    maturato_cent: int = Field(default=0, sa_type=CENT)


class DoteMovimento(Base, table=True):
    """Each change of what a plan holds of its line; their sum is what it holds."""

    __tablename__ = "dote_movimento"
    __table_args__ = (
        one_of("causale", Causale),
        Index("ix_dote_movimento_pip_id", "pip_id"),
        Index("ix_dote_movimento_progetto_id", "progetto_id"),
        {"info": {"immutable": True}},
    )

    movimento_id: UUID = Field(primary_key=True)
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    progetto_id: UUID = Field(foreign_key="linea.progetto_id")
    causale: Causale = Field(sa_type=parola(Causale))
    servizi_cent: int = Field(sa_type=CENT)
    indennita_cent: int = Field(sa_type=CENT)
    avvenuto_il: datetime = Field(sa_type=INSTANT)
