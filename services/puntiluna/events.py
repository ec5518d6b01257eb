"""Events that puntiluna publishes, version 1."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.events import Event
from chassis.money import MAX_CENTS
from services.puntiluna.rules.accrediti import StatoAccredito
from services.puntiluna.rules.fondi import OrigineFondo
from services.puntiluna.rules.riduzioni import OrigineRiduzione, StatoRiduzione

Cent = Annotated[int, Field(ge=0, le=MAX_CENTS)]


class FondoAlimentato(Event, subject="puntiluna.fondo.alimentato.v1", aggregate="fondo_id"):
    """An officer's act filled a project's points fund."""

    fondo_id: UUID
    progetto_id: UUID
    importo_cent: Cent
    origine: OrigineFondo
    saldo_punti_cent: Cent
    atto: str = Field(max_length=200)
    alimentato_il: datetime


class PuntiAccreditati(Event, subject="puntiluna.punti.accreditati.v1", aggregate="accredito_id"):
    """The points of an attendance were credited, or wait for the fund (`stato`)."""

    accredito_id: UUID
    presenza_id: UUID
    progetto_id: UUID
    nucleo_id: UUID | None
    punti_cent: Cent
    stato: StatoAccredito
    accreditati_il: datetime


class PuntiStornati(Event, subject="puntiluna.punti.stornati.v1", aggregate="accredito_id"):
    """Points of an attendance were taken back: it was corrected, cancelled, or its hours were already paid."""

    accredito_id: UUID
    presenza_id: UUID
    nucleo_id: UUID | None
    punti_cent: Cent
    stornati_il: datetime


class OraGiaPagata(Event, subject="puntiluna.ora.gia_pagata.v1", aggregate="ora_id"):
    """Validated training hours that yield: the same person-hours are paid with points (`pagata_da`: the attendance)."""

    ora_id: UUID
    ore_id: UUID
    persona_id: UUID
    inizio: datetime
    fine: datetime
    pagata_da: UUID


class OraLiberata(Event, subject="puntiluna.ora.liberata.v1", aggregate="ora_id"):
    """Training hours that had yielded may be paid again: who held them gave them up. Same aggregate as gia_pagata."""

    ora_id: UUID
    ore_id: UUID
    persona_id: UUID
    inizio: datetime
    fine: datetime


class _RiduzioneStato(Event):
    riduzione_id: UUID
    nucleo_id: UUID
    contratto_codice: str = Field(max_length=64)
    ente_proprietario: str = Field(max_length=64)
    importo_cent: Cent
    confermato_cent: Cent
    origine: OrigineRiduzione
    stato: StatoRiduzione
    motivo: str | None = Field(max_length=200)
    accaduta_il: datetime


class RiduzionePrenotata(_RiduzioneStato, subject="puntiluna.riduzione.prenotata.v1", aggregate="riduzione_id"):
    """A reduction of arrears was reserved and waits for the landlord."""


class RiduzioneConfermata(_RiduzioneStato, subject="puntiluna.riduzione.confermata.v1", aggregate="riduzione_id"):
    """The landlord confirmed a reduction, whole or in part (`confermato_cent`)."""


class RiduzioneRespinta(_RiduzioneStato, subject="puntiluna.riduzione.respinta.v1", aggregate="riduzione_id"):
    """A reduction gave its points back: the landlord refused it, or did not answer in time (`stato`)."""


class DistintaLiquidata(Event, subject="puntiluna.distinta.liquidata.v1", aggregate="distinta_id"):
    """The Comune settled the confirmed reductions of a landlord in a month."""

    distinta_id: UUID
    ente_proprietario: str = Field(max_length=64)
    periodo: str = Field(pattern=r"^\d{4}-\d{2}$")
    totale_cent: Cent
    righe: int = Field(ge=1, le=2_000_000_000)
    liquidata_il: datetime


EVENTS: tuple[type[Event], ...] = (
    FondoAlimentato,
    PuntiAccreditati,
    PuntiStornati,
    OraGiaPagata,
    OraLiberata,
    RiduzionePrenotata,
    RiduzioneConfermata,
    RiduzioneRespinta,
    DistintaLiquidata,
)
