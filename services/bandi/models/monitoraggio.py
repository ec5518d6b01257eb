"""What a project reports: works by block, spaces, dwellings, results, duties."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.monitoraggio import Ambito, Canone, TipoObbligo, TitoloUso


class StatoLavori(Base, table=True):
    """How far the works of a block were on a day, in percent."""

    __tablename__ = "stato_lavori"
    __table_args__ = (
        one_of("ambito", Ambito),
        sa.CheckConstraint("percento >= 0 AND percento <= 100", name="percento_fra_0_e_100"),
        sa.CheckConstraint("alloggi >= 0", name="alloggi_non_negativi"),
        sa.Index("ix_stato_lavori_blocco", "progetto_id", "ambito", "blocco", "numero"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    ambito: str
    blocco: str
    percento: int
    alloggi: int | None
    rilevato_il: date
    motivo: str | None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class Spazio(Base, table=True):
    """A space the project uses, by right of its own or lent."""

    __tablename__ = "spazio"
    __table_args__ = (
        one_of("titolo", TitoloUso),
        sa.CheckConstraint("titolo = 'proprieta' OR concedente IS NOT NULL", name="concesso_da_qualcuno"),
        sa.CheckConstraint("superficie_mq >= 0", name="superficie_non_negativa"),
        sa.CheckConstraint("dal <= al", name="dal_prima_dell_al"),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    codice: str = Field(primary_key=True)
    denominazione: str
    indirizzo: str | None
    titolo: str
    concedente: str | None
    superficie_mq: int | None
    dal: date
    al: date | None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class ProspettoAlloggi(Base, table=True):
    """Dwellings of one kind of rent before and after, in a numbered sheet; the last sheet is in force."""

    __tablename__ = "prospetto_alloggi"
    __table_args__ = (
        one_of("canone", Canone),
        sa.CheckConstraint("prima >= 0 AND dopo >= 0", name="alloggi_non_negativi"),
        sa.CheckConstraint("canone <> 'sociale' OR dopo >= prima", name="canone_sociale_non_ridotto"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    canone: str = Field(primary_key=True)
    prima: int
    dopo: int
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class RisultatoIndicatore(Base, table=True):
    """What was reached of a target by a day."""

    __tablename__ = "risultato_indicatore"
    __table_args__ = (
        sa.CheckConstraint("raggiunto >= 0", name="raggiunto_non_negativo"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    indicatore: str = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    raggiunto: int
    rilevato_il: date
    nota: str | None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)


class Obbligo(Base, table=True):
    """A duty of dissemination or continuity, and the proof that it was fulfilled."""

    __tablename__ = "obbligo"
    __table_args__ = (
        one_of("tipo", TipoObbligo),
        sa.CheckConstraint("(adempiuto_il IS NULL) = (prova IS NULL)", name="adempiuto_con_prova"),
        sa.Index("ix_obbligo_progetto", "progetto_id", "entro"),
    )

    obbligo_id: UUID = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    tipo: str
    descrizione: str
    entro: date
    adempiuto_il: date | None
    prova: str | None
    registrato_da: str
    registrato_il: datetime = Field(sa_type=INSTANT)
