"""Enrolments, their answers and evaluations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import (
    Ammissione,
    Iscrizione,
    Pip,
    ProfiloFatto,
    Progetto,
    RispostaData,
    ValutazioneFatta,
)
from services.inclusione.rules.iscrizione import Esito
from services.inclusione.rules.misura import Livello
from services.inclusione.rules.stati import CON_DOTE


async def aggiungi_iscrizione(session: AsyncSession, iscrizione: Iscrizione) -> bool:
    """Adds an enrolment; False if the person already has one to that measure in that project."""
    added = await session.scalar(
        insert(Iscrizione)
        .values(iscrizione.model_dump())
        .on_conflict_do_nothing(index_elements=["persona_id", "misura_id", "progetto_id"])
        .returning(col(Iscrizione.iscrizione_id))
    )
    return added is not None


async def iscrizione(session: AsyncSession, iscrizione_id: UUID, *, blocca: bool = False) -> Iscrizione | None:
    """An enrolment, under its lock if asked."""
    return await session.get(Iscrizione, iscrizione_id, with_for_update=blocca, populate_existing=blocca)


async def iscrizione_e_capofila(session: AsyncSession, iscrizione_id: UUID) -> tuple[str, str] | None:
    """Whose an enrolment is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(Iscrizione.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(Iscrizione.progetto_id))
            .where(col(Iscrizione.iscrizione_id) == iscrizione_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def iscrizioni_della_persona(
    session: AsyncSession, persone: Sequence[UUID], *, esclusa: UUID | None = None
) -> Sequence[Iscrizione]:
    """The enrolments of a person under any of their ids, but one, locked in id order."""
    found = await session.scalars(
        sa.select(Iscrizione)
        .where(
            col(Iscrizione.persona_id).in_(persone),
            sa.true() if esclusa is None else col(Iscrizione.iscrizione_id) != esclusa,
        )
        .order_by(col(Iscrizione.iscrizione_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def risposte(session: AsyncSession, iscrizione_id: UUID) -> Sequence[RispostaData]:
    """The latest answer to each requirement, in requirement order."""
    found = await session.scalars(
        sa.select(RispostaData)
        .where(col(RispostaData.iscrizione_id) == iscrizione_id)
        .ext(distinct_on(col(RispostaData.requisito)))
        .order_by(col(RispostaData.requisito), col(RispostaData.numero).desc())
    )
    return found.all()


async def profilo(session: AsyncSession, iscrizione_id: UUID) -> ProfiloFatto | None:
    """The latest profile of an enrolment."""
    return await session.scalar(
        sa.select(ProfiloFatto)
        .where(col(ProfiloFatto.iscrizione_id) == iscrizione_id)
        .order_by(col(ProfiloFatto.numero).desc())
        .limit(1)
    )


async def percorso_iniziato(session: AsyncSession, iscrizione_id: UUID) -> bool:
    """Whether a plan of the enrolment was ever signed."""
    found = await session.scalar(
        sa.select(col(Pip.pip_id)).where(col(Pip.iscrizione_id) == iscrizione_id, col(Pip.numero) > 0).limit(1)
    )
    return found is not None


async def altre_politiche(
    session: AsyncSession, persone: Sequence[UUID], misura_id: UUID, progetto_id: UUID
) -> Sequence[str]:
    """The codes of the measures in which a person has a plan that holds money, but for one measure in one project."""
    found = await session.scalars(
        sa.select(col(Pip.misura_codice))
        .where(
            col(Pip.persona_id).in_(persone),
            col(Pip.stato).in_(CON_DOTE),
            sa.or_(col(Pip.misura_id) != misura_id, col(Pip.progetto_id) != progetto_id),
        )
        .order_by(col(Pip.misura_codice))
    )
    return found.all()


async def ammissioni(session: AsyncSession, iscrizione_id: UUID) -> Sequence[Livello]:
    """The gated levels this enrolment was selected for."""
    found = await session.scalars(
        sa.select(col(Ammissione.livello))
        .where(col(Ammissione.iscrizione_id) == iscrizione_id)
        .order_by(col(Ammissione.livello))
    )
    return found.all()


async def segna_ammissione(session: AsyncSession, ammissione: Ammissione) -> bool:
    """Keeps a selection, once; False if it was known."""
    added = await session.scalar(
        insert(Ammissione)
        .values(ammissione.model_dump())
        .on_conflict_do_nothing()
        .returning(col(Ammissione.iscrizione_id))
    )
    return added is not None


async def valutazioni(session: AsyncSession, iscrizione_id: UUID) -> Sequence[ValutazioneFatta]:
    """The evaluations of an enrolment, from the first."""
    found = await session.scalars(
        sa.select(ValutazioneFatta)
        .where(col(ValutazioneFatta.iscrizione_id) == iscrizione_id)
        .order_by(col(ValutazioneFatta.numero))
        .limit(1000)
    )
    return found.all()


async def iscrizioni(
    session: AsyncSession,
    *,
    vede: sa.ColumnElement[bool],
    progetto_id: UUID | None,
    persona_id: UUID | None,
    esito: Esito | None,
    dopo: UUID | None,
    limit: int,
) -> Sequence[Iscrizione]:
    """Enrolments the caller may see, in id order."""
    statement = (
        sa.select(Iscrizione)
        .join(Progetto, col(Progetto.progetto_id) == col(Iscrizione.progetto_id))
        .where(vede)
        .order_by(col(Iscrizione.iscrizione_id))
        .limit(limit)
    )
    filtri: list[tuple[Any, Any]] = [
        (col(Iscrizione.progetto_id), progetto_id),
        (col(Iscrizione.persona_id), persona_id),
        (col(Iscrizione.esito), esito),
    ]
    for colonna, valore in filtri:
        if valore is not None:
            statement = statement.where(colonna == valore)
    if dopo is not None:
        statement = statement.where(col(Iscrizione.iscrizione_id) > dopo)
    return (await session.scalars(statement)).all()


def iscrizioni_di(ente: str | None, *, operatore: bool, capofila: bool) -> sa.ColumnElement[bool]:
    """Which enrolments an organisation sees: as the operator that made them, as the lead of their project."""
    casi: list[sa.ColumnElement[bool]] = [sa.false()]
    if operatore:
        casi.append(col(Iscrizione.ente) == ente)
    if capofila:
        casi.append(col(Progetto.capofila) == ente)
    return sa.or_(*casi)
