"""People: the only table of the platform with names; their conditions apart, under another database role."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.laboratori.models.base import Base
from services.laboratori.rules.persone import AreaOrigine, Genere, Occupazione, StatoPersona, TitoloStudio
from services.laboratori.rules.profilo import Condizione, EsitoRilevazione, StatoConsenso, TipoConsenso

RUOLO_CONDIZIONI = "laboratori_condizioni"


class Persona(Base, table=True):
    """A person. An empty profile column means not asked; a merged or erased record keeps the pseudonym only."""

    __tablename__ = "persona"
    __table_args__ = (
        one_of("stato", StatoPersona),
        one_of("genere", Genere),
        one_of("area_origine", AreaOrigine),
        one_of("titolo_studio", TitoloStudio),
        one_of("occupazione", Occupazione),
        sa.CheckConstraint("versione >= 1", name="versione_positiva"),
        sa.CheckConstraint(
            "stato <> 'attiva' OR (nome IS NOT NULL AND cognome IS NOT NULL AND data_nascita IS NOT NULL)",
            name="attiva_con_nome",
        ),
        sa.CheckConstraint(
            "stato = 'attiva' OR num_nonnulls(nome, cognome, data_nascita, codice_fiscale, telefono) = 0",
            name="non_attiva_senza_nome",
        ),
        sa.CheckConstraint("(stato = 'unita') = (unita_in IS NOT NULL)", name="unita_in_altra"),
        sa.CheckConstraint("unita_in <> persona_id", name="non_unita_a_se"),
        sa.Index("uq_persona_codice_fiscale", "codice_fiscale", unique=True),
        sa.Index("ix_persona_data_nascita", "data_nascita"),
    )

    persona_id: UUID = Field(primary_key=True)
    versione: int
    stato: str
    unita_in: UUID | None = Field(default=None, foreign_key="persona.persona_id")
    nome: str | None
    cognome: str | None
    data_nascita: date | None
    codice_fiscale: str | None
    genere: str | None
    cittadinanza: str | None
    area_origine: str | None
    titolo_studio: str | None
    occupazione: str | None
    provincia: str | None
    telefono: str | None
    creata_il: datetime = Field(sa_type=INSTANT)
    creata_da: str
    aggiornata_il: datetime = Field(sa_type=INSTANT)


class PersonaLaboratorio(Base, table=True):
    """A lab that knows a person; `presa_in_carico_il` when it has taken them on."""

    __tablename__ = "persona_laboratorio"
    __table_args__ = (
        sa.CheckConstraint(
            "(presa_in_carico_il IS NULL) = (presa_in_carico_da IS NULL)", name="presa_in_carico_da_chi"
        ),
        sa.Index("ix_persona_laboratorio_laboratorio", "laboratorio_id", "persona_id"),
    )

    persona_id: UUID = Field(primary_key=True, foreign_key="persona.persona_id")
    laboratorio_id: UUID = Field(primary_key=True, foreign_key="laboratorio.laboratorio_id")
    conosciuta_il: datetime = Field(sa_type=INSTANT)
    presa_in_carico_il: datetime | None = Field(default=None, sa_type=INSTANT)
    presa_in_carico_da: str | None = None


class PersonaEnte(Base, table=True):
    """An accredited operator's organisation that registered a person."""

    __tablename__ = "persona_ente"

    persona_id: UUID = Field(primary_key=True, foreign_key="persona.persona_id")
    ente: str = Field(primary_key=True)
    conosciuta_il: datetime = Field(sa_type=INSTANT)


class Identita(Base, table=True):
    """Which person stands behind the subject of a token; a person may have more (SPID, CIE)."""

    __tablename__ = "identita"

    sub: str = Field(primary_key=True)
    persona_id: UUID = Field(foreign_key="persona.persona_id", index=True)
    associata_il: datetime = Field(sa_type=INSTANT)
    associata_da: str


class Consenso(Base, table=True):
    """A consent given or taken back, with the version of the text; the last fact of a kind counts."""

    __tablename__ = "consenso"
    __table_args__ = (
        one_of("tipo", TipoConsenso),
        one_of("stato", StatoConsenso),
        sa.Index("ix_consenso_ultimo", "persona_id", "tipo", "consenso_id"),
        {"info": {"immutable": True}},
    )

    consenso_id: UUID = Field(primary_key=True)
    persona_id: UUID = Field(foreign_key="persona.persona_id")
    tipo: str
    stato: str
    testo_versione: str
    espresso_il: datetime = Field(sa_type=INSTANT)
    raccolto_da: str


class Adesione(Base, table=True):
    """The signed participation form of a lab (Allegato 2): with it a person counts as a recipient."""

    __tablename__ = "adesione"
    __table_args__ = (sa.UniqueConstraint("persona_id", "laboratorio_id"),)

    adesione_id: UUID = Field(primary_key=True)
    persona_id: UUID = Field(foreign_key="persona.persona_id")
    laboratorio_id: UUID = Field(foreign_key="laboratorio.laboratorio_id", index=True)
    modulo: str
    modulo_versione: str
    firmata_il: date
    documento_sha256: str | None
    registrata_il: datetime = Field(sa_type=INSTANT)
    registrata_da: str


class RilevazioneCondizioni(Base, table=True):
    """That a person was asked about conditions, and what came of it. No row = not asked."""

    __tablename__ = "rilevazione_condizioni"
    __table_args__ = (one_of("esito", EsitoRilevazione), {"info": {"role": RUOLO_CONDIZIONI}})

    persona_id: UUID = Field(primary_key=True, foreign_key="persona.persona_id")
    esito: str
    rilevata_il: datetime = Field(sa_type=INSTANT)
    rilevata_da: str


class CondizionePersona(Base, table=True):
    """One disadvantage condition of a person; one of them is the principal."""

    __tablename__ = "condizione_persona"
    __table_args__ = (
        one_of("condizione", Condizione),
        sa.Index("uq_condizione_persona_principale", "persona_id", unique=True, postgresql_where="principale"),
        {"info": {"role": RUOLO_CONDIZIONI}},
    )

    persona_id: UUID = Field(primary_key=True, foreign_key="rilevazione_condizioni.persona_id")
    condizione: str = Field(primary_key=True)
    principale: bool
