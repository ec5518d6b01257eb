"""Host firms, vacancies, what people declared of themselves, placements, contracts."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlmodel import Field

from chassis.database import INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.tirocinio import Fascia, StatoTirocinio, TipoContratto, TipoPosizione

PAROLE = ARRAY(sa.Text)


def _fasce_ammesse() -> CheckConstraint:
    ammesse = ", ".join(f"'{fascia.value}'" for fascia in Fascia)
    return CheckConstraint(f"fasce <@ ARRAY[{ammesse}]", name="fasce_ammesse")


class Azienda(Base, table=True):
    """A host firm of the network of an operator."""

    __tablename__ = "azienda"
    __table_args__ = (Index("ix_azienda_ente", "ente", "azienda_id"),)

    azienda_id: UUID = Field(primary_key=True)
    versione: int
    ente: str
    denominazione: str
    comune: str
    settore: str
    registrata_da: str
    registrata_il: datetime = Field(sa_type=INSTANT)


class Posizione(Base, table=True):
    """A vacancy of a host firm; its lock is taken to fill it, and its places are never more than filled."""

    __tablename__ = "posizione"
    __table_args__ = (
        one_of("tipo", TipoPosizione),
        _fasce_ammesse(),
        CheckConstraint("posti >= 1 AND occupati BETWEEN 0 AND posti", name="mai_oltre_i_posti"),
        Index("ix_posizione_azienda_id", "azienda_id", "posizione_id"),
    )

    posizione_id: UUID = Field(primary_key=True)
    versione: int
    azienda_id: UUID = Field(foreign_key="azienda.azienda_id")
    tipo: TipoPosizione = Field(sa_type=parola(TipoPosizione))
    mansione: str
    competenze: list[str] = Field(sa_type=PAROLE)
    fasce: list[str] = Field(sa_type=PAROLE)
    posti: int
    occupati: int = 0
    aperta_il: datetime = Field(sa_type=INSTANT)
    chiusa_il: datetime | None = Field(default=None, sa_type=INSTANT)


class Disponibilita(Base, table=True):
    """What a person declared to an operator: skills and when they can work. Codes, never words of theirs."""

    __tablename__ = "disponibilita"
    __table_args__ = (_fasce_ammesse(), Index("ix_disponibilita_ente", "ente"))

    persona_id: UUID = Field(primary_key=True)
    ente: str = Field(primary_key=True)
    versione: int
    competenze: list[str] = Field(sa_type=PAROLE)
    fasce: list[str] = Field(sa_type=PAROLE)
    dichiarata_il: datetime = Field(sa_type=INSTANT)


class Tirocinio(Base, table=True):
    """A placement of up to six months with a host firm; nothing here can pay for it."""

    __tablename__ = "tirocinio"
    __table_args__ = (
        one_of("stato", StatoTirocinio),
        CheckConstraint("al >= dal AND al < dal + interval '6 months'", name="al_massimo_sei_mesi"),
        CheckConstraint("(stato = 'attivo') = (finito_il IS NULL)", name="finito_datato"),
        ExcludeConstraint(
            ("persona_id", "="),
            (literal_column("daterange(dal, al, '[]')"), "&&"),
            name="tirocinio_senza_sovrapposizioni",
            using="gist",
            where=text("stato <> 'interrotto'"),
        ),
        Index("ix_tirocinio_pip_id", "pip_id"),
    )

    tirocinio_id: UUID = Field(primary_key=True)
    versione: int
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    persona_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    posizione_id: UUID = Field(foreign_key="posizione.posizione_id")
    tutor: str
    dal: date
    al: date
    stato: StatoTirocinio = Field(sa_type=parola(StatoTirocinio))
    motivo: str | None = None
    avviato_il: datetime = Field(sa_type=INSTANT)
    finito_il: datetime | None = Field(default=None, sa_type=INSTANT)


class Contratto(Base, table=True):
    """A work contract that has started: a result of a path."""

    __tablename__ = "contratto"
    __table_args__ = (
        one_of("tipo", TipoContratto),
        CheckConstraint("mesi >= 1", name="mesi_positivi"),
        CheckConstraint("(annullato_il IS NULL) = (motivo IS NULL)", name="annullato_con_motivo"),
        Index("ix_contratto_pip_id", "pip_id"),
        Index("ix_contratto_progetto_id", "progetto_id"),
    )

    contratto_id: UUID = Field(primary_key=True)
    versione: int
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    persona_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    posizione_id: UUID | None = Field(default=None, foreign_key="posizione.posizione_id")
    tipo: TipoContratto = Field(sa_type=parola(TipoContratto))
    dal: date
    mesi: int | None = None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)
    annullato_il: datetime | None = Field(default=None, sa_type=INSTANT)
    motivo: str | None = None
