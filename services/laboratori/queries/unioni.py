"""What a merge or an erasure moves: every row that names a person."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from chassis import tables
from services.laboratori.models import (
    Accesso,
    Adesione,
    Attivita,
    CondizionePersona,
    Identita,
    Iscrizione,
    Persona,
    PersonaEnte,
    PersonaLaboratorio,
    Presenza,
    RilevazioneCondizioni,
)
from services.laboratori.rules.attivita import StatoIscrizione
from services.laboratori.rules.presenze import StatoPresenza


async def iscrizioni_doppie(
    session: AsyncSession, persona_id: UUID, assorbita_id: UUID
) -> Sequence[tuple[Iscrizione, Iscrizione]]:
    """The open registrations of both records to one activity, that of who stays first; the activities are held."""
    resta, assorbita = aliased(Iscrizione), aliased(Iscrizione)
    doppie = (
        sa.select(resta, assorbita)
        .join(assorbita, col(assorbita.attivita_id) == col(resta.attivita_id))
        .where(
            col(resta.persona_id) == persona_id,
            col(assorbita.persona_id) == assorbita_id,
            col(resta.stato) != StatoIscrizione.RITIRATA.value,
            col(assorbita.stato) != StatoIscrizione.RITIRATA.value,
        )
        .order_by(col(resta.attivita_id))
    )
    tenute = (
        sa.select(col(Attivita.attivita_id))
        .where(col(Attivita.attivita_id).in_(doppie.with_only_columns(col(resta.attivita_id)).order_by(None)))
        .order_by(col(Attivita.attivita_id))
        .with_for_update(key_share=True)
    )
    if not (await session.scalars(tenute)).all():
        return []
    return [(mia, sua) for mia, sua in await session.execute(doppie)]


async def presenze_di(session: AsyncSession, persone: Collection[UUID]) -> Sequence[UUID]:
    """The attendances of people that were not cancelled."""
    statement = sa.select(col(Presenza.presenza_id)).where(
        col(Presenza.persona_id).in_(list(persone)), col(Presenza.stato) != StatoPresenza.ANNULLATA.value
    )
    return (await session.scalars(statement)).all()


async def sposta(session: AsyncSession, persona_id: UUID, assorbita_id: UUID) -> None:
    """Gives the remaining record the attendances, registrations, accesses, forms and identities of the absorbed one."""
    for model in (Presenza, Iscrizione, Accesso, Identita):
        await session.execute(
            sa.update(model).where(col(model.persona_id) == assorbita_id).values(persona_id=persona_id),
            execution_options={"synchronize_session": False},
        )
    firmate = sa.select(col(Adesione.laboratorio_id)).where(col(Adesione.persona_id) == persona_id)
    await session.execute(
        sa.update(Adesione)
        .where(col(Adesione.persona_id) == assorbita_id, col(Adesione.laboratorio_id).not_in(firmate))
        .values(persona_id=persona_id),
        execution_options={"synchronize_session": False},
    )
    enti = sa.select(col(PersonaEnte.ente)).where(col(PersonaEnte.persona_id) == persona_id)
    await session.execute(
        sa.update(PersonaEnte)
        .where(col(PersonaEnte.persona_id) == assorbita_id, col(PersonaEnte.ente).not_in(enti))
        .values(persona_id=persona_id),
        execution_options={"synchronize_session": False},
    )
    await session.execute(sa.delete(PersonaEnte).where(col(PersonaEnte.persona_id) == assorbita_id))
    await session.execute(
        sa.update(Persona).where(col(Persona.unita_in) == assorbita_id).values(unita_in=persona_id),
        execution_options={"synchronize_session": False},
    )


async def legami(session: AsyncSession, persona_id: UUID) -> dict[UUID, PersonaLaboratorio]:
    """How each lab knows a person."""
    statement = sa.select(PersonaLaboratorio).where(col(PersonaLaboratorio.persona_id) == persona_id)
    return {legame.laboratorio_id: legame for legame in await session.scalars(statement)}


async def sposta_condizioni(session: AsyncSession, persona_id: UUID, assorbita_id: UUID) -> None:
    """Gives the remaining record the absorbed one's answer about conditions; to be called in their role."""
    nuova = (
        sa.select(
            sa.literal(persona_id, sa.Uuid),
            col(RilevazioneCondizioni.esito),
            col(RilevazioneCondizioni.rilevata_il),
            col(RilevazioneCondizioni.rilevata_da),
        )
    ).where(col(RilevazioneCondizioni.persona_id) == assorbita_id)
    await session.execute(
        sa.insert(RilevazioneCondizioni).from_select(["persona_id", "esito", "rilevata_il", "rilevata_da"], nuova)
    )
    await session.execute(
        sa.update(CondizionePersona)
        .where(col(CondizionePersona.persona_id) == assorbita_id)
        .values(persona_id=persona_id),
        execution_options={"synchronize_session": False},
    )
    await session.execute(sa.delete(RilevazioneCondizioni).where(col(RilevazioneCondizioni.persona_id) == assorbita_id))


async def dimentica_risposte(session: AsyncSession, persona_id: UUID) -> None:
    """Forgets the kept answers that tell of a person: they may repeat names."""
    answer = tables.idempotent_answer
    await session.execute(sa.delete(answer).where(answer.c.body.op("LIKE")(b"%" + str(persona_id).encode() + b"%")))


async def cancella_identita(session: AsyncSession, persona_id: UUID) -> None:
    """Unties every access from a person."""
    await session.execute(sa.delete(Identita).where(col(Identita.persona_id) == persona_id))
