"""Who has to do with what: one statement for each question of ownership."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.laboratori.models import (
    Adesione,
    Attivita,
    Identita,
    Iscrizione,
    Laboratorio,
    Membro,
    MembroEquipe,
    Nucleo,
    Persona,
    PersonaEnte,
    PersonaLaboratorio,
    Presenza,
)


@dataclass(frozen=True, slots=True)
class Legame:
    """What ties a caller to a lab: who manages it, and whether the caller is in its team on the day."""

    laboratorio_id: UUID
    ente_gestore: str
    in_equipe: bool


def _in_equipe() -> sa.ColumnElement[bool]:
    """Whether `sub` is in the team of the lab at hand on the day `giorno`."""
    return (
        sa.select(sa.literal_column("1"))
        .where(
            col(MembroEquipe.laboratorio_id) == col(Laboratorio.laboratorio_id),
            col(MembroEquipe.sub) == sa.bindparam("sub", type_=sa.Text),
            col(MembroEquipe.dal) <= sa.bindparam("giorno", type_=sa.Date),
            sa.or_(col(MembroEquipe.al).is_(None), col(MembroEquipe.al) >= sa.bindparam("giorno", type_=sa.Date)),
        )
        .exists()
    )


# These run before almost every request: they are built once, when the service starts.
_LEGAME = sa.select(
    col(Laboratorio.laboratorio_id), col(Laboratorio.ente_gestore), _in_equipe().label("in_equipe")
).select_from(Laboratorio)
_OGGETTO = sa.bindparam("oggetto_id", type_=sa.Uuid)
_DEL_LABORATORIO = _LEGAME.where(col(Laboratorio.laboratorio_id) == _OGGETTO)
_DI_ATTIVITA = _LEGAME.join(Attivita, col(Attivita.laboratorio_id) == col(Laboratorio.laboratorio_id)).where(
    col(Attivita.attivita_id) == _OGGETTO
)
_DI_ISCRIZIONE = (
    _LEGAME.join(Attivita, col(Attivita.laboratorio_id) == col(Laboratorio.laboratorio_id))
    .join(Iscrizione, col(Iscrizione.attivita_id) == col(Attivita.attivita_id))
    .where(col(Iscrizione.iscrizione_id) == _OGGETTO)
)
_DI_PRESENZA = _LEGAME.join(Presenza, col(Presenza.laboratorio_id) == col(Laboratorio.laboratorio_id)).where(
    col(Presenza.presenza_id) == _OGGETTO
)
_DI_NUCLEO = _LEGAME.join(Nucleo, col(Nucleo.laboratorio_id) == col(Laboratorio.laboratorio_id)).where(
    col(Nucleo.nucleo_id) == _OGGETTO
)


async def _uno(
    session: AsyncSession, statement: sa.Select[UUID, str, bool], oggetto_id: UUID, sub: str, giorno: date
) -> Legame | None:
    values = {"oggetto_id": oggetto_id, "sub": sub, "giorno": giorno}
    row = (await session.execute(statement, values)).one_or_none()
    return None if row is None else Legame(row.laboratorio_id, row.ente_gestore, row.in_equipe)


async def legame_laboratorio(session: AsyncSession, laboratorio_id: UUID, sub: str, giorno: date) -> Legame | None:
    """The tie of a caller to a lab; none if there is no such lab."""
    return await _uno(session, _DEL_LABORATORIO, laboratorio_id, sub, giorno)


async def legame_attivita(session: AsyncSession, attivita_id: UUID, sub: str, giorno: date) -> Legame | None:
    """The tie of a caller to the lab of an activity."""
    return await _uno(session, _DI_ATTIVITA, attivita_id, sub, giorno)


async def legame_iscrizione(session: AsyncSession, iscrizione_id: UUID, sub: str, giorno: date) -> Legame | None:
    """The tie of a caller to the lab of a registration's activity."""
    return await _uno(session, _DI_ISCRIZIONE, iscrizione_id, sub, giorno)


async def legame_presenza(session: AsyncSession, presenza_id: UUID, sub: str, giorno: date) -> Legame | None:
    """The tie of a caller to the lab of an attendance."""
    return await _uno(session, _DI_PRESENZA, presenza_id, sub, giorno)


async def legame_nucleo(session: AsyncSession, nucleo_id: UUID, sub: str, giorno: date) -> Legame | None:
    """The tie of a caller to the lab that follows a household."""
    return await _uno(session, _DI_NUCLEO, nucleo_id, sub, giorno)


async def esiste_persona(session: AsyncSession, persona_id: UUID) -> bool:
    """Whether a person's record exists, whatever its state."""
    return bool(await session.scalar(sa.select(sa.select(Persona).where(_e_persona(persona_id)).exists())))


def _e_persona(persona_id: UUID) -> sa.ColumnElement[bool]:
    return col(Persona.persona_id) == persona_id


async def segue_persona(session: AsyncSession, persona_id: UUID, sub: str, giorno: date) -> bool:
    """Whether a desk operator works, on the day, in a lab that knows the person."""
    statement = (
        sa.select(sa.literal(1))
        .select_from(PersonaLaboratorio)
        .join(Laboratorio, col(Laboratorio.laboratorio_id) == col(PersonaLaboratorio.laboratorio_id))
        .where(col(PersonaLaboratorio.persona_id) == persona_id, _in_equipe())
        .exists()
    )
    return bool(await session.scalar(sa.select(statement), {"sub": sub, "giorno": giorno}))


async def tratta_condizioni(session: AsyncSession, persona_id: UUID, sub: str, giorno: date) -> bool:
    """Whether a desk operator works, on the day, in a lab that took the person on or holds their Allegato 2."""
    in_carico = sa.select(col(PersonaLaboratorio.laboratorio_id)).where(
        col(PersonaLaboratorio.persona_id) == persona_id, col(PersonaLaboratorio.presa_in_carico_il).is_not(None)
    )
    aderente = sa.select(col(Adesione.laboratorio_id)).where(col(Adesione.persona_id) == persona_id)
    statement = (
        sa.select(sa.literal(1))
        .select_from(Laboratorio)
        .where(col(Laboratorio.laboratorio_id).in_(sa.union(in_carico, aderente)), _in_equipe())
        .exists()
    )
    return bool(await session.scalar(sa.select(statement), {"sub": sub, "giorno": giorno}))


async def ente_segue_persona(session: AsyncSession, persona_id: UUID, ente: str) -> bool:
    """Whether an accredited organisation registered the person."""
    statement = (
        sa.select(sa.literal(1))
        .select_from(PersonaEnte)
        .where(col(PersonaEnte.persona_id) == persona_id, col(PersonaEnte.ente) == ente)
        .exists()
    )
    return bool(await session.scalar(sa.select(statement)))


async def laboratori_di(session: AsyncSession, sub: str, giorno: date) -> list[UUID]:
    """The labs in whose team a caller is on the day."""
    statement = sa.select(col(Laboratorio.laboratorio_id)).where(_in_equipe())
    return list(await session.scalars(statement, {"sub": sub, "giorno": giorno}))


async def persona_di(session: AsyncSession, sub: str) -> UUID | None:
    """The person behind the subject of a token."""
    found: UUID | None = await session.scalar(sa.select(col(Identita.persona_id)).where(col(Identita.sub) == sub))
    return found


async def nucleo_del(session: AsyncSession, persona_id: UUID, giorno: date) -> UUID | None:
    """The household of a person on a day."""
    statement = sa.select(col(Membro.nucleo_id)).where(
        col(Membro.persona_id) == persona_id,
        col(Membro.dal) <= giorno,
        sa.or_(col(Membro.al).is_(None), col(Membro.al) >= giorno),
    )
    found: UUID | None = await session.scalar(statement)
    return found


async def nello_stesso_nucleo(session: AsyncSession, sub: str, persona_id: UUID, giorno: date) -> bool:
    """Whether a resident is the person, or lives with them on the day."""
    io = await persona_di(session, sub)
    if io is None:
        return False
    if io == persona_id:
        return True
    mio = await nucleo_del(session, io, giorno)
    return mio is not None and mio == await nucleo_del(session, persona_id, giorno)


async def persona_della_iscrizione(session: AsyncSession, iscrizione_id: UUID) -> UUID | None:
    """The person of a registration."""
    statement = sa.select(col(Iscrizione.persona_id)).where(col(Iscrizione.iscrizione_id) == iscrizione_id)
    found: UUID | None = await session.scalar(statement)
    return found
