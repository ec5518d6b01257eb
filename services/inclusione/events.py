"""Events of inclusione, version 1. Pseudonymous ids only: no name, tax code, answer or condition."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.events import Event
from chassis.money import MAX_CENTS
from services.inclusione.rules.iscrizione import Esito
from services.inclusione.rules.stati import StatoPip

Cent = Annotated[int, Field(ge=0, le=MAX_CENTS)]
Parola = Annotated[str, Field(min_length=1, max_length=64)]


class IscrizioneValutata(Event, subject="inclusione.iscrizione.valutata.v1", aggregate="iscrizione_id"):
    """An enrolment was evaluated, the first time or again."""

    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    misura_codice: Parola
    esito: Esito
    valutata_il: datetime


class _StatoDelPip(Event):
    pip_id: UUID
    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    misura_codice: Parola
    stato: StatoPip
    attivato_il: datetime
    concluso_il: datetime | None


class PipAttivato(_StatoDelPip, subject="inclusione.pip.attivato.v1", aggregate="pip_id"):
    """A signed plan started."""


class PipConcluso(_StatoDelPip, subject="inclusione.pip.concluso.v1", aggregate="pip_id"):
    """A plan came to its end, or lapsed (`stato` tells)."""


class PipRinunciato(_StatoDelPip, subject="inclusione.pip.rinunciato.v1", aggregate="pip_id"):
    """The person gave a plan up that had started."""


class OreValidate(Event, subject="inclusione.ore.validate.v1", aggregate="ore_id"):
    """A person-hour was validated, or a validated one annulled.

    `indennizzata`: the hour accrues an allowance now. `cumulabile`: the measure lets the same hour earn points too.
    """

    ore_id: UUID
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    inizio: datetime
    fine: datetime
    minuti: Annotated[int, Field(ge=15, le=720)]
    servizio_codice: Parola
    indennizzata: bool
    cumulabile: bool = False
    stato: Annotated[str, Field(pattern=r"^(validata|annullata)$")]
    validate_il: datetime


class IndennitaLiquidata(Event, subject="inclusione.indennita.liquidata.v1", aggregate="liquidazione_id"):
    """An allowance was paid: gross, and the part that goes to the arrears."""

    liquidazione_id: UUID
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    importo_cent: Cent
    quota_morosita_cent: Cent
    liquidata_il: datetime


class IndennitaQuotaMorosita(Event, subject="inclusione.indennita.quota_morosita.v1", aggregate="quota_id"):
    """Under a pact, a part of an allowance goes to the household's arrears."""

    quota_id: UUID
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID
    importo_cent: Cent
    patto_id: UUID
    liquidata_il: datetime


EVENTS = (
    IscrizioneValutata,
    PipAttivato,
    PipConcluso,
    PipRinunciato,
    OreValidate,
    IndennitaLiquidata,
    IndennitaQuotaMorosita,
)
