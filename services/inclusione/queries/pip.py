"""Plans, their parts, and the money they hold."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    DoteMovimento,
    Pip,
    PipBozza,
    PipFirma,
    PipPassaggio,
    PipServizio,
    PipVersione,
    Progetto,
    TettoPersona,
)
from services.inclusione.rules.stati import VIVI, StatoPip


async def pip(session: AsyncSession, pip_id: UUID) -> Pip | None:
    """A plan, without a lock."""
    return await session.get(Pip, pip_id)


async def blocca_pip(session: AsyncSession, pip_id: UUID) -> Pip | None:
    """A plan under its lock, as it is now."""
    return await session.get(Pip, pip_id, with_for_update=True, populate_existing=True)


async def blocca_piani(session: AsyncSession, piani: Iterable[UUID]) -> dict[UUID, Pip]:
    """Plans under their locks, taken in id order."""
    found = await session.scalars(
        sa.select(Pip)
        .where(col(Pip.pip_id).in_(set(piani)))
        .order_by(col(Pip.pip_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {piano.pip_id: piano for piano in found}


async def pip_e_capofila(session: AsyncSession, pip_id: UUID) -> tuple[str, str] | None:
    """Whose a plan is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(Pip.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(Pip.progetto_id))
            .where(col(Pip.pip_id) == pip_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def pip_aperto(session: AsyncSession, iscrizione_id: UUID) -> Pip | None:
    """The living plan of an enrolment."""
    return await session.scalar(
        sa.select(Pip).where(
            col(Pip.iscrizione_id) == iscrizione_id,
            col(Pip.stato).in_(VIVI),
        )
    )


async def tenuto_da_altri(session: AsyncSession, iscrizione_id: UUID, escluso: UUID | None) -> int:
    """What the other plans of an enrolment hold of the path's cap, cents: those closed hold what they spent."""
    indennita = sa.case((col(Pip.percorso_con_indennita), col(Pip.riservato_indennita_cent)), else_=0)
    statement = sa.select(sa.func.coalesce(sa.func.sum(col(Pip.riservato_servizi_cent) + indennita), 0)).where(
        col(Pip.iscrizione_id) == iscrizione_id
    )
    if escluso is not None:
        statement = statement.where(col(Pip.pip_id) != escluso)
    return int(await session.scalar(statement) or 0)


async def validati_da_altri(session: AsyncSession, iscrizione_id: UUID, escluso: UUID | None) -> dict[str, int]:
    """The validated minutes of the other plans of an enrolment, by service code."""
    statement = (
        sa.select(col(PipServizio.servizio_codice), sa.func.sum(col(PipServizio.validati_minuti)))
        .join(Pip, col(Pip.pip_id) == col(PipServizio.pip_id))
        .where(col(Pip.iscrizione_id) == iscrizione_id)
        .group_by(col(PipServizio.servizio_codice))
    )
    if escluso is not None:
        statement = statement.where(col(Pip.pip_id) != escluso)
    return {row[0]: int(row[1]) for row in await session.execute(statement)}


async def bozza(session: AsyncSession, pip_id: UUID) -> PipBozza | None:
    """The draft of a plan."""
    return await session.get(PipBozza, pip_id, populate_existing=True)


async def versione(session: AsyncSession, pip_id: UUID, numero: int) -> PipVersione | None:
    """A signed version of a plan."""
    return await session.get(PipVersione, (pip_id, numero))


async def firme(session: AsyncSession, pip_id: UUID, numero: int) -> Sequence[PipFirma]:
    """The signatures of a version."""
    found = await session.scalars(
        sa.select(PipFirma)
        .where(col(PipFirma.pip_id) == pip_id, col(PipFirma.numero) == numero)
        .order_by(col(PipFirma.chi))
    )
    return found.all()


async def servizi(session: AsyncSession, piani: Iterable[UUID]) -> Sequence[PipServizio]:
    """The services of plans, in plan and code order; callers hold the plans' locks where they change them."""
    found = await session.scalars(
        sa.select(PipServizio)
        .where(col(PipServizio.pip_id).in_(set(piani)))
        .order_by(col(PipServizio.pip_id), col(PipServizio.servizio_codice))
        .execution_options(populate_existing=True)
    )
    return found.all()


async def passaggi(session: AsyncSession, pip_id: UUID) -> Sequence[PipPassaggio]:
    """The steps of a plan's life, from the first."""
    found = await session.scalars(
        sa.select(PipPassaggio)
        .where(col(PipPassaggio.pip_id) == pip_id)
        .order_by(col(PipPassaggio.versione))
        .limit(1000)
    )
    return found.all()


async def movimenti(session: AsyncSession, pip_id: UUID) -> Sequence[DoteMovimento]:
    """The changes of a plan's Dote, from the first."""
    found = await session.scalars(
        sa.select(DoteMovimento)
        .where(col(DoteMovimento.pip_id) == pip_id)
        .order_by(col(DoteMovimento.movimento_id))
        .limit(1000)
    )
    return found.all()


async def blocca_tetti(
    session: AsyncSession, tetti: Iterable[tuple[UUID, UUID, int]]
) -> dict[tuple[UUID, UUID], TettoPersona]:
    """The caps of people in measures under their locks, made when missing, in person order.

    A cap follows the version of the measure that asks for it, never below what the person already holds.

    Args:
        tetti: person, measure and the cap (cents) in the version of the measure that counts.
    """
    massimali: dict[tuple[UUID, UUID], int] = {}
    for persona, misura, cent in tetti:
        massimali[persona, misura] = max(cent, massimali.get((persona, misura), cent))
    if not massimali:
        return {}
    richiesti = [(*chiave, cent) for chiave, cent in sorted(massimali.items())]
    await session.execute(
        insert(TettoPersona)
        .values(
            [
                {
                    "persona_id": persona,
                    "misura_id": misura,
                    "tetto_cent": cent,
                    "riservato_cent": 0,
                    "maturato_cent": 0,
                }
                for persona, misura, cent in richiesti
            ]
        )
        .on_conflict_do_nothing()
    )
    found = await session.scalars(
        sa.select(TettoPersona)
        .where(
            sa.tuple_(col(TettoPersona.persona_id), col(TettoPersona.misura_id)).in_(
                [(persona, misura) for persona, misura, _ in richiesti]
            )
        )
        .order_by(col(TettoPersona.persona_id), col(TettoPersona.misura_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    bloccati = {(tetto.persona_id, tetto.misura_id): tetto for tetto in found}
    for chiave, tetto in bloccati.items():
        tetto.tetto_cent = max(massimali[chiave], tetto.riservato_cent)
    return bloccati


async def tetto(session: AsyncSession, persona_id: UUID, misura_id: UUID) -> TettoPersona | None:
    """The cap of a person in a measure, without a lock; None before their first signed plan."""
    return await session.get(TettoPersona, (persona_id, misura_id), populate_existing=True)


async def riservato_altrove(session: AsyncSession, persone: Sequence[UUID], misura_id: UUID, esclusa: UUID) -> int:
    """What a person's other ids (absorbed by a merge) already hold of the allowance of a measure, cents."""
    total = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(TettoPersona.riservato_cent)), 0)).where(
            col(TettoPersona.persona_id).in_(persone),
            col(TettoPersona.misura_id) == misura_id,
            col(TettoPersona.persona_id) != esclusa,
        )
    )
    return int(total or 0)


async def da_attivare(session: AsyncSession, oggi: date, limit: int) -> Sequence[Pip]:
    """Signed plans whose first day has come, under their locks; those locked by others are left for the next run."""
    found = await session.scalars(
        sa.select(Pip)
        .where(col(Pip.stato) == StatoPip.FIRMATO, col(Pip.inizio) <= oggi)
        .order_by(col(Pip.pip_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def piani(
    session: AsyncSession,
    *,
    vede: sa.ColumnElement[bool],
    progetto_id: UUID | None,
    stato: StatoPip | None,
    dopo: UUID | None,
    limit: int,
) -> Sequence[Pip]:
    """Plans the caller may see, in id order."""
    statement = (
        sa.select(Pip)
        .join(Progetto, col(Progetto.progetto_id) == col(Pip.progetto_id))
        .where(vede)
        .order_by(col(Pip.pip_id))
        .limit(limit)
    )
    if progetto_id is not None:
        statement = statement.where(col(Pip.progetto_id) == progetto_id)
    if stato is not None:
        statement = statement.where(col(Pip.stato) == stato)
    if dopo is not None:
        statement = statement.where(col(Pip.pip_id) > dopo)
    return (await session.scalars(statement)).all()


def piani_di(ente: str | None, *, operatore: bool, capofila: bool) -> sa.ColumnElement[bool]:
    """Which plans an organisation sees: as their operator, as the lead of their project."""
    casi: list[sa.ColumnElement[bool]] = [sa.false()]
    if operatore:
        casi.append(col(Pip.ente) == ente)
    if capofila:
        casi.append(col(Progetto.capofila) == ente)
    return sa.or_(*casi)


async def piani_della_persona(session: AsyncSession, persone: Sequence[UUID]) -> Sequence[Pip]:
    """The plans of a person under any of their ids."""
    found = await session.scalars(
        sa.select(Pip).where(col(Pip.persona_id).in_(persone)).order_by(col(Pip.pip_id)).limit(100)
    )
    return found.all()


async def capofila_dei_progetti(session: AsyncSession, progetti: Iterable[UUID]) -> dict[UUID, str]:
    """The lead of each project."""
    rows = await session.execute(
        sa.select(col(Progetto.progetto_id), col(Progetto.capofila)).where(col(Progetto.progetto_id).in_(set(progetti)))
    )
    return {row[0]: row[1] for row in rows}
