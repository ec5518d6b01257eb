"""What is known of people and households."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    Nucleo,
    NucleoMembro,
    Ora,
    PersonaCancellata,
    PersonaUnita,
    PresaInCaricoNota,
)


async def blocca_persona(session: AsyncSession, *persone: UUID) -> None:
    """Lets one enrolment, taking-on or merge of a person happen at a time (advisory: there is no row to lock)."""
    for persona_id in sorted(persone):
        await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(persona_id), 0))))


async def persona_attuale(session: AsyncSession, persona_id: UUID) -> UUID:
    """Who a person is now, following merges; the same id when never absorbed."""
    attuale, visti = persona_id, {persona_id}
    while True:
        riga = await session.get(PersonaUnita, attuale)
        if riga is None or riga.persona_id in visti:
            return attuale
        attuale = riga.persona_id
        visti.add(attuale)


async def stesse_persone(session: AsyncSession, persona_id: UUID) -> list[UUID]:
    """The ids that are this person: the present one and those it absorbed."""
    tutte, nuove = {persona_id}, {persona_id}
    while nuove:
        trovate = await session.scalars(
            sa.select(col(PersonaUnita.assorbita_id)).where(col(PersonaUnita.persona_id).in_(nuove))
        )
        nuove = set(trovate) - tutte
        tutte |= nuove
    return sorted(tutte)


async def cancellata(session: AsyncSession, persone: Sequence[UUID]) -> bool:
    """Whether one of the ids was erased."""
    found = await session.scalar(
        sa.select(col(PersonaCancellata.persona_id)).where(col(PersonaCancellata.persona_id).in_(persone)).limit(1)
    )
    return found is not None


async def segna_cancellata(session: AsyncSession, persona_id: UUID, now: datetime) -> None:
    """Remembers an erasure, once."""
    await session.execute(
        insert(PersonaCancellata).values(persona_id=persona_id, cancellata_il=now).on_conflict_do_nothing()
    )


async def segna_unita(session: AsyncSession, persona_id: UUID, assorbita_id: UUID, now: datetime) -> bool:
    """Remembers a merge, once; False if it was known."""
    added = await session.scalar(
        insert(PersonaUnita)
        .values(assorbita_id=assorbita_id, persona_id=persona_id, unita_il=now)
        .on_conflict_do_nothing()
        .returning(col(PersonaUnita.assorbita_id))
    )
    return added is not None


async def sposta_ore(session: AsyncSession, da: UUID, a: UUID) -> None:
    """Gives the hours of an absorbed person to the present one, but those that would overlap."""
    altra = sa.orm.aliased(Ora)
    sovrapposta = sa.exists().where(
        col(altra.persona_id) == a,
        col(altra.diretta),
        sa.cast(col(altra.stato), sa.Text) != "annullata",
        col(altra.inizio) < col(Ora.fine),
        col(Ora.inizio) < col(altra.fine),
    )
    await session.execute(
        sa.update(Ora)
        .where(col(Ora.persona_id) == da, ~sovrapposta)
        .values(persona_id=a)
        .execution_options(synchronize_session=False)
    )


async def segna_presa_in_carico(session: AsyncSession, presa: PresaInCaricoNota) -> bool:
    """Keeps a taking-on; False if a newer version is known already."""
    statement = insert(PresaInCaricoNota).values(presa.model_dump())
    nuova = statement.excluded
    kept = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["persona_id", "laboratorio_id"],
            set_={
                "versione": nuova.versione,
                "progetto_id": nuova.progetto_id,
                "nucleo_id": nuova.nucleo_id,
                "presa_in_carico_il": nuova.presa_in_carico_il,
            },
            where=col(PresaInCaricoNota.versione) < nuova.versione,
        ).returning(col(PresaInCaricoNota.persona_id))
    )
    return kept is not None


async def prese_in_carico(session: AsyncSession, persone: Sequence[UUID]) -> Sequence[PresaInCaricoNota]:
    """The takings-on of a person under any of their ids."""
    found = await session.scalars(sa.select(PresaInCaricoNota).where(col(PresaInCaricoNota.persona_id).in_(persone)))
    return found.all()


async def segna_nucleo(
    session: AsyncSession, nucleo_id: UUID, versione: int, membri: Iterable[tuple[UUID, date, date | None]]
) -> bool:
    """Replaces what is known of a household; False if a newer version is known already."""
    statement = insert(Nucleo).values(nucleo_id=nucleo_id, versione=versione)
    kept = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["nucleo_id"],
            set_={"versione": statement.excluded.versione},
            where=col(Nucleo.versione) < statement.excluded.versione,
        ).returning(col(Nucleo.nucleo_id))
    )
    if kept is None:
        return False
    await session.execute(sa.delete(NucleoMembro).where(col(NucleoMembro.nucleo_id) == nucleo_id))
    righe = [{"nucleo_id": nucleo_id, "persona_id": persona_id, "dal": dal, "al": al} for persona_id, dal, al in membri]
    if righe:
        await session.execute(insert(NucleoMembro).values(righe).on_conflict_do_nothing())
    return True


async def nucleo_del(session: AsyncSession, persone: Sequence[UUID], giorno: date) -> UUID | None:
    """The household of a person on a day; the latest joined if two say so."""
    return await session.scalar(
        sa.select(col(NucleoMembro.nucleo_id))
        .where(
            col(NucleoMembro.persona_id).in_(persone),
            col(NucleoMembro.dal) <= giorno,
            sa.or_(col(NucleoMembro.al).is_(None), col(NucleoMembro.al) >= giorno),
        )
        .order_by(col(NucleoMembro.dal).desc(), col(NucleoMembro.nucleo_id))
        .limit(1)
    )
