"""Merged person records: who stays, and what moves to them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import PersonaUnita


async def chi_resta(session: AsyncSession, persona_id: UUID) -> UUID:
    """The record that stands for a person: itself, unless it was absorbed."""
    trovata = await session.scalar(
        sa.select(col(PersonaUnita.persona_id)).where(col(PersonaUnita.assorbita_id) == persona_id)
    )
    return trovata or persona_id


async def scrivi_unione(session: AsyncSession, assorbita_id: UUID, persona_id: UUID, *, now: datetime) -> bool:
    """Remember a merge, and bring to the same record what the absorbed one had absorbed; False if already known."""
    scritta = await session.scalar(
        insert(PersonaUnita)
        .values(assorbita_id=assorbita_id, persona_id=persona_id, unita_il=now)
        .on_conflict_do_nothing()
        .returning(col(PersonaUnita.assorbita_id))
    )
    await session.execute(
        sa.update(PersonaUnita)
        .where(col(PersonaUnita.persona_id) == assorbita_id)
        .values(persona_id=persona_id)
        .execution_options(synchronize_session=False)
    )
    return scritta is not None


async def sposta_persona(
    session: AsyncSession, da: UUID, a: UUID, *, conto_da: UUID, conto_a: UUID, now: datetime
) -> None:
    """Give to a person the attendances, claims and recoveries of another; moved claims wait for the arbitration."""
    persone = {"da": da, "a": a}
    conti = {"conto_da": conto_da, "conto_a": conto_a}
    await session.execute(
        sa.text(
            "UPDATE ora_pagata SET persona_id = :a, versione = versione + 1, aggiornata_il = :ora, pagata_da = NULL, "
            "stato = CASE stato WHEN 'pagata' THEN 'ceduta' ELSE stato END WHERE persona_id = :da"
        ),
        persone | {"ora": now},
    )
    await session.execute(sa.text("UPDATE accredito SET persona_id = :a WHERE persona_id = :da"), persone)
    await session.execute(sa.text("UPDATE accredito SET conto_id = :conto_a WHERE conto_id = :conto_da"), conti)
    await session.execute(sa.text("UPDATE recupero SET conto_id = :conto_a WHERE conto_id = :conto_da"), conti)
