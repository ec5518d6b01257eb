"""What laboratori says of people: mirrored here, with its effect on enrolments."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inclusione.models import PresaInCaricoNota
from services.inclusione.queries import persone as queries
from services.inclusione.service import iscrizione
from services.inclusione.service.iban import dimentica_iban
from services.inclusione.service.lavoro import dimentica_disponibilita


async def prendi_in_carico(session: AsyncSession, presa: PresaInCaricoNota, *, now: datetime) -> None:
    """Keeps a taking-on and evaluates again the person's enrolments: a late one unlocks them."""
    await queries.blocca_persona(session, presa.persona_id)
    if await queries.segna_presa_in_carico(session, presa):
        await iscrizione.rivaluta_persona(session, presa.persona_id, causa="presa_in_carico", now=now)


async def aggiorna_nucleo(
    session: AsyncSession, nucleo_id: UUID, versione: int, membri: Iterable[tuple[UUID, date, date | None]]
) -> None:
    """Keeps who is in a household and since when; older versions do nothing."""
    await queries.segna_nucleo(session, nucleo_id, versione, membri)


async def unisci_persone(session: AsyncSession, persona_id: UUID, assorbita_id: UUID, *, now: datetime) -> None:
    """Remembers that two ids are one person.

    Plans keep the id they were signed with; hours move to the present id where they overlap none of its own;
    takings-on and caps count over all the ids of the person.
    """
    await queries.blocca_persona(session, persona_id, assorbita_id)
    if await queries.segna_unita(session, persona_id, assorbita_id, now):
        await queries.sposta_ore(session, assorbita_id, persona_id)
        await iscrizione.rivaluta_persona(session, persona_id, causa="persona_unita", now=now)


async def cancella_persona(session: AsyncSession, persona_id: UUID, *, now: datetime) -> None:
    """Remembers an erasure: amounts and pseudonym stay, account and skills go, nothing new is recorded."""
    await queries.blocca_persona(session, persona_id)
    await queries.segna_cancellata(session, persona_id, now)
    await dimentica_iban(session, persona_id)
    await dimentica_disponibilita(session, persona_id)
