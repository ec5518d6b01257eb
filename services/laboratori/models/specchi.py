"""Mirrors of what `inclusione` tells, for the evaluation; states are kept as told."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from chassis.database import INSTANT
from services.laboratori.models.base import Base


class IscrizioneInclusione(Base, table=True):
    """An enrolment as `inclusione` last judged it."""

    __tablename__ = "iscrizione_inclusione"

    iscrizione_id: UUID = Field(primary_key=True)
    versione: int
    persona_id: UUID = Field(index=True)
    progetto_id: UUID = Field(index=True)
    misura_codice: str
    esito: str
    valutata_il: datetime = Field(sa_type=INSTANT)


class PercorsoPip(Base, table=True):
    """A PIP as `inclusione` last told it; people are told apart by pseudonym."""

    __tablename__ = "percorso_pip"

    pip_id: UUID = Field(primary_key=True)
    versione: int
    iscrizione_id: UUID
    persona_id: UUID = Field(index=True)
    progetto_id: UUID = Field(index=True)
    misura_codice: str
    stato: str
    attivato_il: datetime | None = Field(sa_type=INSTANT)
    concluso_il: datetime | None = Field(sa_type=INSTANT)
