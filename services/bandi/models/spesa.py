"""Declared expenses, their examination and the final account."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of, table_options
from services.bandi.models.base import Base
from services.bandi.rules.spesa import Limite, StatoRendiconto


class DichiarazioneSpesa(Base, table=True):
    """A declaration of expenses by the lead, as it was made."""

    __tablename__ = "dichiarazione_spesa"
    __table_args__ = (
        sa.CheckConstraint("numero >= 1", name="numero_positivo"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    nota: str | None
    dichiarato_cent: int = Field(sa_type=CENT)
    dichiarata_da: str
    dichiarata_il: datetime = Field(sa_type=INSTANT)


class VoceSpesa(Base, table=True):
    """One declared expense."""

    __tablename__ = "voce_spesa"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione"],
            ["dichiarazione_spesa.progetto_id", "dichiarazione_spesa.numero"],
            name="fk_voce_spesa_dichiarazione",
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"], ["progetto_linea.progetto_id", "progetto_linea.linea"], name="fk_voce_spesa_linea"
        ),
        sa.CheckConstraint("importo_cent > 0", name="importo_positivo"),
        sa.UniqueConstraint("progetto_id", "dichiarazione", "n", "importo_cent"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True)
    dichiarazione: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    linea: str
    ente: str
    documento: str
    descrizione: str
    pagata_il: date
    in_natura: bool
    importo_cent: int = Field(sa_type=CENT)


class EsameSpesa(Base, table=True):
    """The office's examination of a declaration."""

    __tablename__ = "esame_spesa"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"],
            ["dichiarazione_spesa.progetto_id", "dichiarazione_spesa.numero"],
            name="fk_esame_spesa_dichiarazione",
        ),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    atto: str
    ammesso_cent: int = Field(sa_type=CENT)
    esaminata_da: str
    esaminata_il: datetime = Field(sa_type=INSTANT)


class VoceEsaminata(Base, table=True):
    """What was admitted of an expense, and why the rest was cut; `dichiarato_cent` is held to the declared amount."""

    __tablename__ = "voce_esaminata"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione"],
            ["esame_spesa.progetto_id", "esame_spesa.numero"],
            name="fk_voce_esaminata_esame",
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione", "n", "dichiarato_cent"],
            [
                "voce_spesa.progetto_id",
                "voce_spesa.dichiarazione",
                "voce_spesa.n",
                "voce_spesa.importo_cent",
            ],
            name="fk_voce_esaminata_voce",
        ),
        sa.CheckConstraint("ammesso_cent >= 0 AND ammesso_cent <= dichiarato_cent", name="ammesso_entro_il_dichiarato"),
        sa.CheckConstraint("(ammesso_cent = dichiarato_cent) = (motivo IS NULL)", name="motivo_del_taglio"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True)
    dichiarazione: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    dichiarato_cent: int = Field(sa_type=CENT)
    ammesso_cent: int = Field(sa_type=CENT)
    motivo: str | None


class Rendiconto(Base, table=True):
    """A final account presented by the lead, and the office's decision."""

    __tablename__ = "rendiconto"
    __table_args__ = (
        one_of("stato", StatoRendiconto),
        sa.CheckConstraint("(stato = 'presentato') = (deciso_il IS NULL)", name="deciso_se_chiuso"),
        sa.CheckConstraint("stato = 'presentato' OR atto IS NOT NULL", name="deciso_con_atto"),
        sa.Index(
            "uq_rendiconto_aperto_o_approvato",
            "progetto_id",
            unique=True,
            postgresql_where=sa.text("stato <> 'rinviato'"),
        ),
    )

    progetto_id: UUID = Field(primary_key=True, foreign_key="progetto.progetto_id")
    numero: int = Field(primary_key=True)
    stato: str
    relazione: str
    presentato_da: str
    presentato_il: datetime = Field(sa_type=INSTANT)
    atto: str | None
    motivo: str | None
    deciso_da: str | None
    deciso_il: datetime | None = Field(sa_type=INSTANT)


class RendicontoLinea(Base, table=True):
    """The outcome of a line in an approved final account."""

    __tablename__ = "rendiconto_linea"
    __table_args__ = (
        one_of("limite", Limite),
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"], ["rendiconto.progetto_id", "rendiconto.numero"], name="fk_rendiconto_linea"
        ),
        sa.CheckConstraint("in_natura_cent >= 0 AND in_natura_cent <= costo_cent", name="natura_entro_il_costo"),
        sa.CheckConstraint("spettante_cent >= 0 AND spettante_cent <= costo_cent", name="spettante_entro_il_costo"),
        sa.CheckConstraint("economia_cent >= 0 AND da_recuperare_cent >= 0", name="esiti_non_negativi"),
        table_options(immutable=True),
    )

    progetto_id: UUID = Field(primary_key=True)
    numero: int = Field(primary_key=True)
    linea: str = Field(primary_key=True)
    costo_cent: int = Field(sa_type=CENT)
    in_natura_cent: int = Field(sa_type=CENT)
    spettante_cent: int = Field(sa_type=CENT)
    limite: str
    economia_cent: int = Field(sa_type=CENT)
    da_recuperare_cent: int = Field(sa_type=CENT)
