"""Events of others: a narrow model of each, one call each."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Envelope, EventIn
from chassis.inbox import Consumers
from services.inclusione.models import PresaInCaricoNota
from services.inclusione.service import correzioni, persone, progetto

consumers = Consumers("inclusione")


class _Parte(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PartnerDelProgetto(_Parte):
    """A member of a partnership."""

    ente: str
    categoria: str
    ruolo: str


class LineaDelProgetto(_Parte):
    """A funding line of a project, in cents."""

    azione: str
    fondo: str
    ammesso_cent: int
    impegnato_cent: int


class ProgettoStato(EventIn):
    """What this service needs of a project."""

    progetto_id: UUID
    bando_codice: str
    codice: str
    titolo: str
    capofila: str
    partner: tuple[PartnerDelProgetto, ...]
    comune: str | None
    quartiere: str | None
    stato: str
    inizio: date | None
    fine: date | None
    linee: tuple[LineaDelProgetto, ...]


async def _progetto(session: AsyncSession, event: ProgettoStato, envelope: Envelope, now: datetime) -> None:
    del envelope, now
    await progetto.aggiorna_progetto(
        session,
        event.progetto_id,
        event.versione,
        stato=event.stato,
        linee=[(linea.azione, linea.fondo, linea.ammesso_cent, linea.impegnato_cent) for linea in event.linee],
        inizio=event.inizio,
        fine=event.fine,
        bando_codice=event.bando_codice,
        codice=event.codice,
        titolo=event.titolo,
        capofila=event.capofila,
        comune=event.comune,
        quartiere=event.quartiere,
        partner=[partner.model_dump() for partner in event.partner],
    )


for _fatto in ("finanziato", "impegnato", "prorogato", "concluso", "revocato"):
    consumers.on(f"bandi.progetto.{_fatto}.v1", ProgettoStato)(_progetto)


class PersonaPresaInCarico(EventIn):
    """A lab took a person on."""

    persona_id: UUID
    laboratorio_id: UUID
    progetto_id: UUID | None
    nucleo_id: UUID | None
    presa_in_carico_il: datetime


@consumers.on("laboratori.persona.presa_in_carico.v1", PersonaPresaInCarico)
async def persona_presa_in_carico(
    session: AsyncSession, event: PersonaPresaInCarico, envelope: Envelope, now: datetime
) -> None:
    """A late one evaluates the person's enrolments again."""
    del envelope
    await persone.prendi_in_carico(session, PresaInCaricoNota(**event.model_dump()), now=now)


class PersonaUnita(EventIn):
    """Two records were one person."""

    persona_id: UUID
    assorbita_id: UUID


@consumers.on("laboratori.persona.unita.v1", PersonaUnita)
async def persona_unita(session: AsyncSession, event: PersonaUnita, envelope: Envelope, now: datetime) -> None:
    """From now on the two ids are one person."""
    del envelope
    await persone.unisci_persone(session, event.persona_id, event.assorbita_id, now=now)


class PersonaCancellata(EventIn):
    """An identity was erased."""

    persona_id: UUID


@consumers.on("laboratori.persona.cancellata.v1", PersonaCancellata)
async def persona_cancellata(
    session: AsyncSession, event: PersonaCancellata, envelope: Envelope, now: datetime
) -> None:
    """Nothing new is recorded about the person."""
    del envelope
    await persone.cancella_persona(session, event.persona_id, now=now)


class MembroDelNucleo(_Parte):
    """A person in a household, both days inside."""

    persona_id: UUID
    dal: date
    al: date | None


class NucleoAggiornato(EventIn):
    """Who is in a household."""

    nucleo_id: UUID
    membri: tuple[MembroDelNucleo, ...]


@consumers.on("laboratori.nucleo.aggiornato.v1", NucleoAggiornato)
async def nucleo_aggiornato(session: AsyncSession, event: NucleoAggiornato, envelope: Envelope, now: datetime) -> None:
    """The mirror says to whose arrears a pact's share goes."""
    del envelope, now
    membri = [(membro.persona_id, membro.dal, membro.al) for membro in event.membri]
    await persone.aggiorna_nucleo(session, event.nucleo_id, event.versione, membri)


class OraGiaPagata(EventIn):
    """The arbiter of paid person-hours says an hour was paid elsewhere."""

    ore_id: UUID
    pagata_da: str


@consumers.on("puntiluna.ora.gia_pagata.v1", OraGiaPagata)
async def ora_gia_pagata(session: AsyncSession, event: OraGiaPagata, envelope: Envelope, now: datetime) -> None:
    """The hour leaves the allowance."""
    del envelope
    await correzioni.togli_ora_gia_pagata(
        session, event.ore_id, versione=event.versione, pagata_da=event.pagata_da, now=now
    )


class OraLiberata(EventIn):
    """The arbiter of paid person-hours says an hour that had yielded may be paid again."""

    ore_id: UUID


@consumers.on("puntiluna.ora.liberata.v1", OraLiberata)
async def ora_liberata(session: AsyncSession, event: OraLiberata, envelope: Envelope, now: datetime) -> None:
    """The hour comes back into the allowance."""
    del envelope
    await correzioni.restituisci_ora(session, event.ore_id, versione=event.versione, now=now)
