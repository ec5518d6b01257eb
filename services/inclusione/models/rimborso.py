"""Claims: what an operator asks for the services it gave, hour by hour, and what was admitted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.rimborso import StatoRimborso, TipoRigaRimborso


class OperatoreLinea(Base, table=True):
    """An operator on a project's line, by measure: its ceiling and what its claims ask for; its lock orders them."""

    __tablename__ = "operatore_linea"
    __table_args__ = (
        CheckConstraint("chiesto_cent <= tetto_cent", name="mai_oltre_il_massimale"),
        CheckConstraint("domande >= 0", name="domande_non_negative"),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="linea.progetto_id")
    misura_id: UUID = Field(primary_key=True, foreign_key="misura.misura_id")
    ente: str = Field(primary_key=True)
    tetto_cent: int | None = Field(default=None, sa_type=CENT)
    chiesto_cent: int = Field(default=0, sa_type=CENT)
    ammesso_cent: int = Field(default=0, sa_type=CENT)
    domande: int = 0


class DomandaRimborso(Base, table=True):
    """A claim of an operator for a period; `chiesto_cent` is below 0 when it only gives back."""

    __tablename__ = "domanda_rimborso"
    __table_args__ = (
        one_of("stato", StatoRimborso),
        UniqueConstraint("progetto_id", "misura_id", "ente", "numero"),
        CheckConstraint("versione >= 1 AND numero >= 1 AND righe >= 1", name="numeri_positivi"),
        CheckConstraint("al >= dal", name="date_in_ordine"),
        CheckConstraint("ammesso_cent <= chiesto_cent", name="ammesso_nel_chiesto"),
        CheckConstraint(
            "(stato = 'istruita') = (ammesso_cent IS NOT NULL) AND (stato = 'istruita') = (istruita_il IS NOT NULL)",
            name="istruita_con_esito",
        ),
        CheckConstraint("(stato = 'ritirata') = (ritirata_il IS NOT NULL)", name="ritirata_datata"),
    )

    domanda_id: UUID = Field(primary_key=True)
    versione: int
    progetto_id: UUID = Field(foreign_key="linea.progetto_id")
    misura_id: UUID = Field(foreign_key="misura.misura_id")
    misura_codice: str
    ente: str
    numero: int
    dal: date
    al: date
    stato: StatoRimborso = Field(sa_type=parola(StatoRimborso))
    righe: int
    chiesto_cent: int = Field(sa_type=CENT)
    ammesso_cent: int | None = Field(default=None, sa_type=CENT)
    presentata_da: str
    presentata_il: datetime = Field(sa_type=INSTANT)
    atto: str | None = None
    istruita_da: str | None = None
    istruita_il: datetime | None = Field(default=None, sa_type=INSTANT)
    ritirata_il: datetime | None = Field(default=None, sa_type=INSTANT)


class RimborsoRiga(Base, table=True):
    """A row of a claim. An hour stands in one living claim only, once to be paid and once to be given back."""

    __tablename__ = "rimborso_riga"
    __table_args__ = (
        one_of("tipo", TipoRigaRimborso),
        CheckConstraint(
            "CASE tipo WHEN 'ora' THEN chiesto_cent >= 0 AND ammesso_cent BETWEEN 0 AND chiesto_cent"
            " ELSE chiesto_cent < 0 AND ammesso_cent = chiesto_cent END",
            name="importi",
        ),
        CheckConstraint("ammesso_cent = chiesto_cent OR motivo IS NOT NULL", name="tagliata_con_motivo"),
        Index("uq_rimborso_riga_viva", "ore_id", "tipo", unique=True, postgresql_where=text("viva")),
        Index("ix_rimborso_riga_pip_id", "pip_id"),
    )

    domanda_id: UUID = Field(primary_key=True, foreign_key="domanda_rimborso.domanda_id")
    ore_id: UUID = Field(primary_key=True, foreign_key="ora.ore_id")
    tipo: TipoRigaRimborso = Field(primary_key=True, sa_type=parola(TipoRigaRimborso))
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    viva: bool = True
    chiesto_cent: int = Field(sa_type=CENT)
    ammesso_cent: int | None = Field(default=None, sa_type=CENT)
    motivo: str | None = None
