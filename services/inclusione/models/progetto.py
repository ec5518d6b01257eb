"""Projects as bandi tells them, and their inclusion line: the money every Dote is taken from."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.database import CENT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.dote import StatoLinea


class Progetto(Base, table=True):
    """Mirror of a project with an inclusion line; `versione` is that of the last event applied."""

    __tablename__ = "progetto"

    progetto_id: UUID = Field(primary_key=True)
    versione: int
    bando_codice: str
    codice: str
    titolo: str
    capofila: str = Field(index=True)
    comune: str | None
    quartiere: str | None
    stato: str
    inizio: date | None
    fine: date | None
    partner: list[dict[str, Any]] = Field(sa_type=JSONB)


class Linea(Base, table=True):
    """The project's money for inclusion, and what plans hold of it.

    One row is one lock: services and allowance are reserved together (the two ceilings make two internal lines).
    """

    __tablename__ = "linea"
    __table_args__ = (
        one_of("stato", StatoLinea),
        CheckConstraint("ammesso_cent >= 0 AND impegnato_cent >= 0 AND capienza_cent >= 0", name="importi"),
        CheckConstraint("riservato_servizi_cent >= 0 AND riservato_indennita_cent >= 0", name="riservato_non_negativo"),
        CheckConstraint(
            "riservato_servizi_cent + riservato_indennita_cent <= capienza_cent", name="mai_oltre_capienza"
        ),
        CheckConstraint("riservato_servizi_cent <= tetto_servizi_cent", name="mai_oltre_servizi"),
        CheckConstraint("riservato_indennita_cent <= tetto_indennita_cent", name="mai_oltre_indennita"),
        CheckConstraint("liquidato_cent >= 0", name="liquidato_non_negativo"),
        CheckConstraint("rimborsato_cent BETWEEN 0 AND riservato_servizi_cent", name="rimborsato_nel_riservato"),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    versione: int
    stato: StatoLinea = Field(sa_type=parola(StatoLinea))
    fondo: str
    ammesso_cent: int = Field(sa_type=CENT)
    impegnato_cent: int = Field(sa_type=CENT)
    capienza_cent: int = Field(sa_type=CENT)
    riservato_servizi_cent: int = Field(default=0, sa_type=CENT)
    riservato_indennita_cent: int = Field(default=0, sa_type=CENT)
    tetto_servizi_cent: int | None = Field(default=None, sa_type=CENT)
    tetto_indennita_cent: int | None = Field(default=None, sa_type=CENT)
    liquidato_cent: int = Field(default=0, sa_type=CENT)
    rimborsato_cent: int = Field(default=0, sa_type=CENT)
