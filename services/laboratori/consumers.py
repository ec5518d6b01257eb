"""Events of others: a narrow model of each, one call each."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Envelope, EventIn
from chassis.inbox import Consumers
from services.laboratori.service import laboratori as service
from services.laboratori.service import specchi

consumers = Consumers("laboratori")


class LineaFinanziata(BaseModel):
    """A funding line of a project: the action tells what it pays."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    azione: str


class ProgettoIn(EventIn):
    """A project, as every `bandi.progetto.*` event tells it."""

    progetto_id: UUID
    codice: str
    titolo: str
    capofila: str
    comune: str | None
    quartiere: str | None
    stato: str
    linee: list[LineaFinanziata]
    accaduto_il: datetime


class IscrizioneValutataIn(EventIn):
    """An enrolment judged by `inclusione`."""

    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    misura_codice: str
    esito: str
    valutata_il: datetime


class PipIn(EventIn):
    """A PIP, as every `inclusione.pip.*` event tells it."""

    pip_id: UUID
    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    misura_codice: str
    stato: str
    attivato_il: datetime | None
    concluso_il: datetime | None


@consumers.on("bandi.progetto.finanziato.v1", ProgettoIn)
@consumers.on("bandi.progetto.impegnato.v1", ProgettoIn)
@consumers.on("bandi.progetto.prorogato.v1", ProgettoIn)
@consumers.on("bandi.progetto.concluso.v1", ProgettoIn)
@consumers.on("bandi.progetto.revocato.v1", ProgettoIn)
async def progetto_aggiornato(session: AsyncSession, event: ProgettoIn, envelope: Envelope, now: datetime) -> None:
    """A project changed: its mirror follows, and its lab is opened or closed."""
    del envelope
    await service.aggiorna_progetto(
        session,
        progetto_id=event.progetto_id,
        versione=event.versione,
        codice=event.codice,
        titolo=event.titolo,
        capofila=event.capofila,
        comune=event.comune,
        quartiere=event.quartiere,
        stato=event.stato,
        azioni={linea.azione for linea in event.linee},
        accaduto_il=event.accaduto_il,
        now=now,
    )


@consumers.on("inclusione.iscrizione.valutata.v1", IscrizioneValutataIn)
async def iscrizione_valutata(
    session: AsyncSession, event: IscrizioneValutataIn, envelope: Envelope, now: datetime
) -> None:
    """An enrolment was judged: mirrored for the evaluation."""
    del envelope, now
    await specchi.rispecchia_iscrizione(session, event.model_dump())


@consumers.on("inclusione.pip.attivato.v1", PipIn)
@consumers.on("inclusione.pip.concluso.v1", PipIn)
@consumers.on("inclusione.pip.rinunciato.v1", PipIn)
async def pip_aggiornato(session: AsyncSession, event: PipIn, envelope: Envelope, now: datetime) -> None:
    """A PIP changed: mirrored for the evaluation."""
    del envelope, now
    await specchi.rispecchia_pip(session, event.model_dump())
