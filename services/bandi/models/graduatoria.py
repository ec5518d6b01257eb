"""Approved rankings: numbered versions and their rows, never edited."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.righe import Cambiamento, Esito, Motivo


class Graduatoria(Base, table=True):
    """A version of a call's ranking and the act that approved it.

    `ingresso` is everything it was computed from; `impronta` is the SHA-256 of the computed document, so that anybody
    can compute it again and compare; `cause` is what happened since the version before, none for a first one.
    """

    __tablename__ = "graduatoria"
    __table_args__ = (
        sa.CheckConstraint("numero >= 1", name="numero_positivo"),
        sa.CheckConstraint("finanziate >= 0 AND finanziate <= righe", name="finanziate_fra_le_righe"),
        sa.CheckConstraint("finanziato_cent >= 0", name="finanziato_non_negativo"),
        sa.UniqueConstraint("bando_id", "numero"),
        table_options(immutable=True),
    )

    graduatoria_id: UUID = Field(primary_key=True)
    bando_id: UUID = Field(foreign_key="bando.bando_id")
    numero: int
    finestra: str | None
    regole_versione: int
    atto: str
    approvata_da: str
    approvata_il: datetime = Field(sa_type=INSTANT)
    righe: int
    finanziate: int
    finanziato_cent: int = Field(sa_type=CENT)
    ingresso: dict[str, Any] = Field(sa_type=JSONB)
    cause: list[dict[str, Any]] | None = Field(sa_type=JSONB)
    impronta: str


class RigaGraduatoria(Base, table=True):
    """A row of a ranking; `contenuto` is the whole row as it is hashed, the columns beside are for lists."""

    __tablename__ = "riga_graduatoria"
    __table_args__ = (
        one_of("esito", Esito),
        one_of("motivo", Motivo),
        one_of("cambiamento", Cambiamento),
        sa.CheckConstraint("ammesso_cent >= 0", name="ammesso_non_negativo"),
        sa.UniqueConstraint("graduatoria_id", "protocollo"),
        sa.Index("ix_riga_graduatoria_domanda", "domanda_id"),
        sa.Index("ix_riga_graduatoria_totale", "graduatoria_id", "totale_cent"),
        table_options(immutable=True),
    )

    graduatoria_id: UUID = Field(primary_key=True, foreign_key="graduatoria.graduatoria_id")
    ordine: int = Field(primary_key=True)
    protocollo: int
    domanda_id: UUID = Field(foreign_key="domanda.domanda_id")
    posizione: int | None
    totale_cent: int | None
    esito: str
    motivo: str
    cambiamento: str
    ammesso_cent: int = Field(sa_type=CENT)
    contenuto: dict[str, Any] = Field(sa_type=JSONB)
