"""The events this service publishes: pseudonymous ids, hours and contract codes, nothing that names a person."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.events import Event


class PersonaPresaInCarico(Event, subject="laboratori.persona.presa_in_carico.v1", aggregate="persona_id"):
    """A lab has taken a person on: the prerequisite of a PIP."""

    persona_id: UUID
    laboratorio_id: UUID
    progetto_id: UUID | None
    nucleo_id: UUID | None
    presa_in_carico_il: datetime


class PersonaUnita(Event, subject="laboratori.persona.unita.v1", aggregate="persona_id"):
    """Two records were the same person: from now on `assorbita_id` is `persona_id`."""

    persona_id: UUID
    assorbita_id: UUID


class PersonaCancellata(Event, subject="laboratori.persona.cancellata.v1", aggregate="persona_id"):
    """The identity behind the pseudonym was erased."""

    persona_id: UUID


class MembroNucleo(BaseModel):
    """A person in the household, days inside."""

    model_config = ConfigDict(frozen=True)

    persona_id: UUID
    dal: date
    al: date | None


class ContrattoNucleo(BaseModel):
    """A tenancy contract of the household, days inside."""

    model_config = ConfigDict(frozen=True)

    contratto_codice: str = Field(max_length=64)
    ente_proprietario: str = Field(max_length=64)
    dal: date
    al: date | None


class NucleoAggiornato(Event, subject="laboratori.nucleo.aggiornato.v1", aggregate="nucleo_id"):
    """The whole state of a household after a change of members or contracts."""

    nucleo_id: UUID
    progetto_id: UUID | None
    membri: list[MembroNucleo] = Field(max_length=500)
    contratti: list[ContrattoNucleo] = Field(max_length=500)


class StatoPresenzaPubblicato(Event):
    """What every event of an attendance tells: its whole state after the fact."""

    presenza_id: UUID
    stato: Literal["confermata", "annullata"]
    laboratorio_id: UUID
    progetto_id: UUID | None
    attivita_id: UUID
    persona_id: UUID
    nucleo_id: UUID | None = Field(description="household of the person at the date of the attendance")
    inizio: datetime
    fine: datetime
    minuti: int = Field(ge=15, le=1440, multiple_of=15)
    fascia: Literal["nessuna", "base", "silver", "gold"]
    diretta: bool
    categoria_indiretta: str | None = Field(max_length=64)
    confermata_il: datetime


class PresenzaConfermata(StatoPresenzaPubblicato, subject="laboratori.presenza.confermata.v1", aggregate="presenza_id"):
    """An operator has confirmed the hours of a person."""


class PresenzaRettificata(
    StatoPresenzaPubblicato, subject="laboratori.presenza.rettificata.v1", aggregate="presenza_id"
):
    """Confirmed hours were corrected: the state told is the new one."""


class PresenzaAnnullata(StatoPresenzaPubblicato, subject="laboratori.presenza.annullata.v1", aggregate="presenza_id"):
    """Confirmed hours were cancelled."""


EVENTS: tuple[type[Event], ...] = (
    PersonaPresaInCarico,
    PersonaUnita,
    PersonaCancellata,
    NucleoAggiornato,
    PresenzaConfermata,
    PresenzaRettificata,
    PresenzaAnnullata,
)
