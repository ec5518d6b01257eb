"""Pacts of shared responsibility, of a person or of a group, and the contributions they also share."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.database import CENT, INSTANT, one_of
from services.inclusione.models.base import Base, parola
from services.inclusione.rules.indennita import StatoPatto
from services.inclusione.rules.patti import Impegno, StatoContributo
from services.inclusione.rules.pip import MetodoFirma

IMPEGNI = ARRAY(sa.Text)


def _impegni_ammessi() -> CheckConstraint:
    ammessi = ", ".join(f"'{impegno.value}'" for impegno in Impegno)
    return CheckConstraint(f"impegni <@ ARRAY[{ammessi}]", name="impegni_ammessi")


class PattoGruppo(Base, table=True):
    """A pact that a group of people signs together, each under a pact of their own."""

    __tablename__ = "patto_gruppo"
    __table_args__ = (
        one_of("stato", StatoPatto),
        _impegni_ammessi(),
        CheckConstraint("quota_numeratore BETWEEN 1 AND quota_denominatore", name="quota_fra_zero_e_uno"),
        CheckConstraint("(stato = 'cessato') = (cessato_il IS NOT NULL)", name="cessato_datato"),
        Index("ix_patto_gruppo_progetto_id", "progetto_id", "gruppo_id"),
    )

    gruppo_id: UUID = Field(primary_key=True)
    versione: int
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    ente: str
    titolo: str
    impegni: list[Impegno] = Field(sa_type=IMPEGNI)
    quota_numeratore: int
    quota_denominatore: int
    stato: StatoPatto = Field(sa_type=parola(StatoPatto))
    aperto_da: str
    aperto_il: datetime = Field(sa_type=INSTANT)
    cessato_il: datetime | None = Field(default=None, sa_type=INSTANT)


class Patto(Base, table=True):
    """A pact of shared responsibility: a share of what the person receives goes to the household's arrears.

    `lordo_cent` and `versato_cent` are what was paid and what went to the arrears under it, kept under its lock.
    """

    __tablename__ = "patto"
    __table_args__ = (
        one_of("stato", StatoPatto),
        _impegni_ammessi(),
        one_of("metodo", MetodoFirma),
        CheckConstraint("quota_numeratore BETWEEN 1 AND quota_denominatore", name="quota_fra_zero_e_uno"),
        CheckConstraint(
            "lordo_cent >= 0 AND versato_cent >= 0"
            " AND versato_cent * quota_denominatore <= lordo_cent * quota_numeratore",
            name="mai_oltre_la_quota",
        ),
        CheckConstraint(
            "(incolpevole_certificata_da IS NULL) = (incolpevole_certificata_il IS NULL)", name="certificazione_intera"
        ),
        CheckConstraint("(stato = 'cessato') = (cessato_il IS NOT NULL)", name="cessato_datato"),
        Index("uq_patto_attivo", "persona_id", "progetto_id", unique=True, postgresql_where=text("stato = 'attivo'")),
        Index("ix_patto_progetto_id", "progetto_id", "patto_id"),
        Index("ix_patto_gruppo_id", "gruppo_id"),
    )

    patto_id: UUID = Field(primary_key=True)
    versione: int
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID = Field(foreign_key="progetto.progetto_id")
    gruppo_id: UUID | None = Field(default=None, foreign_key="patto_gruppo.gruppo_id")
    ente: str
    impegni: list[Impegno] = Field(sa_type=IMPEGNI)
    quota_numeratore: int
    quota_denominatore: int
    metodo: MetodoFirma = Field(sa_type=parola(MetodoFirma))
    stato: StatoPatto = Field(sa_type=parola(StatoPatto))
    incolpevole_certificata_da: str | None
    incolpevole_certificata_il: date | None
    lordo_cent: int = Field(default=0, sa_type=CENT)
    versato_cent: int = Field(default=0, sa_type=CENT)
    firmato_da: str
    firmato_il: datetime = Field(sa_type=INSTANT)
    cessato_il: datetime | None = Field(default=None, sa_type=INSTANT)


class Contributo(Base, table=True):
    """A contribution that helps an enrolled person to start, granted once by an act and paid in a batch."""

    __tablename__ = "contributo"
    __table_args__ = (
        one_of("stato", StatoContributo),
        CheckConstraint("importo_cent > 0", name="importo_positivo"),
        CheckConstraint("(stato = 'revocato') = (revocato_il IS NOT NULL)", name="revocato_datato"),
        Index("ix_contributo_progetto_id", "progetto_id", "contributo_id"),
        Index("ix_contributo_persona_id", "persona_id", "misura_id"),
    )

    contributo_id: UUID = Field(primary_key=True)
    versione: int
    iscrizione_id: UUID = Field(foreign_key="iscrizione.iscrizione_id")
    persona_id: UUID
    misura_id: UUID = Field(foreign_key="misura.misura_id")
    progetto_id: UUID = Field(foreign_key="linea.progetto_id")
    ente: str
    importo_cent: int = Field(sa_type=CENT)
    giorno: date
    atto: str
    stato: StatoContributo = Field(sa_type=parola(StatoContributo))
    concesso_da: str
    concesso_il: datetime = Field(sa_type=INSTANT)
    revocato_il: datetime | None = Field(default=None, sa_type=INSTANT)
    motivo: str | None = None
