"""People, who knows them, their consents, forms and identities."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import (
    Adesione,
    Consenso,
    Identita,
    Persona,
    PersonaEnte,
    PersonaLaboratorio,
)
from services.laboratori.rules.persone import StatoPersona

LOCK_REGISTRAZIONE = 0x5045_5253  # "PERS"


async def riserva_registrazioni(session: AsyncSession, nascite: Collection[date]) -> None:
    """Makes registrations of people born on the same days wait for each other: nobody is registered twice at once.

    A long list holds all of them back instead of taking a lock for each day: locks are a limited resource.
    """
    giorni = sorted(set(nascite))
    lock = sa.func.pg_advisory_xact_lock
    if len(giorni) > 20:
        await session.execute(sa.select(lock(LOCK_REGISTRAZIONE)))
        return
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(LOCK_REGISTRAZIONE)))
    for giorno in giorni:
        await session.execute(sa.select(lock(LOCK_REGISTRAZIONE, giorno.toordinal())))


async def possibili_stesse_persone(
    session: AsyncSession, codici: Collection[str], nascite: Collection[date]
) -> Sequence[Persona]:
    """Active people with one of the tax codes or one of the birth dates."""
    statement = sa.select(Persona).where(
        col(Persona.stato) == StatoPersona.ATTIVA.value,
        sa.or_(col(Persona.codice_fiscale).in_(list(codici)), col(Persona.data_nascita).in_(list(nascite))),
    )
    return (await session.scalars(statement)).all()


async def persona(session: AsyncSession, persona_id: UUID, *, lock: bool = False) -> Persona | None:
    """A person; with `lock`, held until the transaction ends."""
    statement = sa.select(Persona).where(col(Persona.persona_id) == persona_id)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(statement)


async def persone(session: AsyncSession, persone_id: Collection[UUID], *, lock: bool = False) -> dict[UUID, Persona]:
    """People by id; with `lock`, held in the order of their ids."""
    statement = (
        sa.select(Persona).where(col(Persona.persona_id).in_(list(persone_id))).order_by(col(Persona.persona_id))
    )
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {found.persona_id: found for found in await session.scalars(statement)}


async def stati_persone(session: AsyncSession, persone_id: Collection[UUID]) -> dict[UUID, StatoPersona]:
    """The states of people by id; who does not exist is absent."""
    statement = sa.select(col(Persona.persona_id), col(Persona.stato)).where(
        col(Persona.persona_id).in_(list(persone_id))
    )
    return {row.persona_id: StatoPersona(row.stato) for row in await session.execute(statement)}


async def legami_laboratori(session: AsyncSession, persona_id: UUID) -> Sequence[PersonaLaboratorio]:
    """The labs that know a person."""
    statement = (
        sa.select(PersonaLaboratorio)
        .where(col(PersonaLaboratorio.persona_id) == persona_id)
        .order_by(col(PersonaLaboratorio.laboratorio_id))
        .limit(500)
    )
    return (await session.scalars(statement)).all()


async def legame(session: AsyncSession, persona_id: UUID, laboratorio_id: UUID) -> PersonaLaboratorio | None:
    """How a lab knows a person, if it does."""
    return await session.get(PersonaLaboratorio, (persona_id, laboratorio_id))


async def conosciute(session: AsyncSession, laboratorio_id: UUID, persone_id: Collection[UUID]) -> set[UUID]:
    """Which of the people a lab knows."""
    statement = sa.select(col(PersonaLaboratorio.persona_id)).where(
        col(PersonaLaboratorio.laboratorio_id) == laboratorio_id,
        col(PersonaLaboratorio.persona_id).in_(list(persone_id)),
    )
    return set(await session.scalars(statement))


async def cerca(
    session: AsyncSession,
    *,
    laboratori: Collection[UUID],
    ente: str | None,
    codice_fiscale: str | None,
    testo: str | None,
    data_nascita: date | None,
    limite: int,
) -> Sequence[Persona]:
    """Active people known to one of the labs, or registered by the organisation, that meet every given criterion."""
    delle_mie: list[sa.ColumnElement[bool]] = [
        col(Persona.persona_id).in_(
            sa.select(col(PersonaLaboratorio.persona_id)).where(
                col(PersonaLaboratorio.laboratorio_id).in_(list(laboratori))
            )
        )
    ]
    if ente is not None:
        delle_mie.append(
            col(Persona.persona_id).in_(sa.select(col(PersonaEnte.persona_id)).where(col(PersonaEnte.ente) == ente))
        )
    statement = sa.select(Persona).where(col(Persona.stato) == StatoPersona.ATTIVA.value, sa.or_(*delle_mie))
    if codice_fiscale is not None:
        statement = statement.where(col(Persona.codice_fiscale) == codice_fiscale)
    if data_nascita is not None:
        statement = statement.where(col(Persona.data_nascita) == data_nascita)
    if testo is not None:
        statement = statement.where(
            sa.or_(
                col(Persona.nome).istartswith(testo, autoescape=True),
                col(Persona.cognome).istartswith(testo, autoescape=True),
            )
        )
    statement = statement.order_by(col(Persona.cognome), col(Persona.nome), col(Persona.persona_id)).limit(limite)
    return (await session.scalars(statement)).all()


def _anche_assorbite(persona_id: UUID) -> sa.Select[UUID]:
    """The person and the records merged into it: what those consented still counts."""
    return sa.select(col(Persona.persona_id)).where(
        sa.or_(col(Persona.persona_id) == persona_id, col(Persona.unita_in) == persona_id)
    )


async def consensi(session: AsyncSession, persona_id: UUID) -> Sequence[Consenso]:
    """The history of a person's consents, from the first."""
    statement = (
        sa.select(Consenso)
        .where(col(Consenso.persona_id).in_(_anche_assorbite(persona_id)))
        .order_by(col(Consenso.consenso_id))
        .limit(1000)
    )
    return (await session.scalars(statement)).all()


async def ultimo_consenso(session: AsyncSession, persona_id: UUID, tipo: str) -> str | None:
    """The state of the last consent of a kind."""
    statement = (
        sa.select(col(Consenso.stato))
        .where(col(Consenso.persona_id).in_(_anche_assorbite(persona_id)), col(Consenso.tipo) == tipo)
        .order_by(col(Consenso.consenso_id).desc())
        .limit(1)
    )
    found: str | None = await session.scalar(statement)
    return found


async def adesione(session: AsyncSession, persona_id: UUID, laboratorio_id: UUID) -> Adesione | None:
    """The participation form a person signed in a lab."""
    statement = sa.select(Adesione).where(
        col(Adesione.persona_id) == persona_id, col(Adesione.laboratorio_id) == laboratorio_id
    )
    return await session.scalar(statement)


async def associa_identita(session: AsyncSession, nuova: Identita) -> UUID:
    """Ties a subject to a person unless it is already tied; returns the person it is tied to."""
    await session.execute(insert(Identita).values(**nuova.model_dump()).on_conflict_do_nothing(index_elements=["sub"]))
    found: Any = await session.scalar(sa.select(col(Identita.persona_id)).where(col(Identita.sub) == nuova.sub))
    tied: UUID = found
    return tied
