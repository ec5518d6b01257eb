"""The allowance: items that are only added, and their liquidation in batches."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.indennita import TipoVoce


class VoceIndennita(Base, table=True):
    """An item of a plan's allowance: an hour accrued, taken back, given back; `giro` counts how many times."""

    __tablename__ = "voce_indennita"
    __table_args__ = (
        one_of("tipo", TipoVoce),
        CheckConstraint(
            "(tipo IN ('maturazione', 'ripristino')) = (importo_cent > 0) AND importo_cent <> 0", name="segno"
        ),
        CheckConstraint("giro >= 1", name="giro_positivo"),
        Index("ix_voce_indennita_pip_id", "pip_id"),
        Index("uq_voce_maturata", "ore_id", "giro", unique=True, postgresql_where=text("importo_cent > 0")),
        Index("uq_voce_tolta", "ore_id", "giro", unique=True, postgresql_where=text("importo_cent < 0")),
        {"info": {"immutable": True}},
    )

    voce_id: UUID = Field(primary_key=True)
    pip_id: UUID = Field(foreign_key="pip.pip_id")
    ore_id: UUID = Field(foreign_key="ora.ore_id")
    giro: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    tipo: TipoVoce = Field(sa_type=parola(TipoVoce))
    importo_cent: int = Field(sa_type=CENT)
    giorno: date
    motivo: str | None
    creata_il: datetime = Field(sa_type=INSTANT)


class LottoLiquidazione(Base, table=True):
    """A batch of payments of one project, by an act."""

    __tablename__ = "lotto_liquidazione"
    __table_args__ = (UniqueConstraint("progetto_id", "numero"), {"info": {"immutable": True}})

    lotto_id: UUID = Field(primary_key=True)
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    numero: int
    fino_al: date
    atto: str
    autore: str
    totale_cent: int = Field(sa_type=CENT)
    quota_morosita_cent: int = Field(sa_type=CENT)
    righe: int
    liquidato_il: datetime = Field(sa_type=INSTANT)


class Liquidazione(Base, table=True):
    """One payment of a batch, of a plan or of a contribution: gross, and the part a pact gives to the arrears."""

    __tablename__ = "liquidazione"
    __table_args__ = (
        CheckConstraint("importo_cent > 0", name="importo_positivo"),
        CheckConstraint("quota_morosita_cent BETWEEN 0 AND importo_cent", name="quota_nell_importo"),
        CheckConstraint("patto_id IS NOT NULL OR quota_morosita_cent = 0", name="quota_con_patto"),
        CheckConstraint("(pip_id IS NULL) = (contributo_id IS NOT NULL)", name="di_un_piano_o_di_un_contributo"),
        UniqueConstraint("lotto_id", "pip_id"),
        UniqueConstraint("contributo_id"),
        Index("ix_liquidazione_pip_id", "pip_id"),
        {"info": {"immutable": True}},
    )

    liquidazione_id: UUID = Field(primary_key=True)
    lotto_id: UUID = Field(foreign_key="lotto_liquidazione.lotto_id")
    pip_id: UUID | None = Field(foreign_key="pip.pip_id")
    contributo_id: UUID | None = Field(default=None, foreign_key="contributo.contributo_id")
    persona_id: UUID
    patto_id: UUID | None = Field(foreign_key="patto.patto_id")
    quota_id: UUID | None
    importo_cent: int = Field(sa_type=CENT)
    quota_morosita_cent: int = Field(sa_type=CENT)


class LiquidazioneVoce(Base, table=True):
    """Which payment an item of the allowance went into; an item goes into one at most."""

    __tablename__ = "liquidazione_voce"
    __table_args__ = (Index("ix_liquidazione_voce_liquidazione_id", "liquidazione_id"), {"info": {"immutable": True}})

    voce_id: UUID = Field(primary_key=True, foreign_key="voce_indennita.voce_id")
    liquidazione_id: UUID = Field(foreign_key="liquidazione.liquidazione_id")
