"""Declarations of the commissioners: reading, writing, listing what is still to be declared."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Commissario, DichiarazioneInteresse, Domanda, Membro, Scheda
from services.bandi.rules.dichiarazioni import EsitoDichiarazione

CONFLITTO = EsitoDichiarazione.CONFLITTO


class DaDichiarare(NamedTuple):
    """An application and a commissioner of its call, with what the latter declared of it."""

    domanda_id: UUID
    protocollo: int
    capofila: str
    enti: list[str]
    commissario: str
    dichiarazione: DichiarazioneInteresse | None


def _latest(domanda_id: Any, commissario: Any) -> Any:
    """Where a conflict was found later, it is what stands."""
    return (
        sa.select(DichiarazioneInteresse)
        .where(
            col(DichiarazioneInteresse.domanda_id) == domanda_id,
            col(DichiarazioneInteresse.commissario) == commissario,
        )
        .order_by(sa.case((col(DichiarazioneInteresse.esito) == CONFLITTO, 0), else_=1))
        .limit(1)
    )


async def dichiarata(session: AsyncSession, domanda_id: UUID, commissario: str) -> EsitoDichiarazione | None:
    """Return what a commissioner has declared of an application."""
    found = await session.scalar(_latest(domanda_id, commissario))
    return EsitoDichiarazione(found.esito) if found is not None else None


async def dichiarate(
    session: AsyncSession, domanda_ids: Sequence[UUID], commissario: str
) -> dict[UUID, EsitoDichiarazione]:
    """Return what a commissioner has declared of some applications."""
    statement = sa.select(col(DichiarazioneInteresse.domanda_id), col(DichiarazioneInteresse.esito)).where(
        col(DichiarazioneInteresse.domanda_id).in_(domanda_ids),
        col(DichiarazioneInteresse.commissario) == commissario,
    )
    found: dict[UUID, EsitoDichiarazione] = {}
    for domanda_id, esito in await session.execute(statement):
        if found.get(domanda_id) is not CONFLITTO:
            found[domanda_id] = EsitoDichiarazione(esito)
    return found


async def firmate(session: AsyncSession, domanda_ids: Sequence[UUID], commissario: str) -> set[UUID]:
    """Return the applications of some whose sheet a commissioner has signed."""
    statement = sa.select(col(Scheda.domanda_id)).where(
        col(Scheda.domanda_id).in_(domanda_ids), col(Scheda.commissario) == commissario
    )
    return set(await session.scalars(statement))


async def a_cui_partecipa(session: AsyncSession, domanda_ids: Sequence[UUID], ente: str) -> set[UUID]:
    """Return the applications of some in whose partnership an organisation is."""
    statement = sa.select(col(Membro.domanda_id)).where(
        col(Membro.domanda_id).in_(domanda_ids), col(Membro.ente) == ente
    )
    return set(await session.scalars(statement))


async def presentate_al_bando(session: AsyncSession, bando_id: UUID, domanda_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of some applications were presented to a call; they are locked, so that none is signed meanwhile."""
    statement = (
        sa.select(col(Domanda.domanda_id))
        .where(
            col(Domanda.bando_id) == bando_id,
            col(Domanda.domanda_id).in_(domanda_ids),
            col(Domanda.protocollo).is_not(None),
        )
        .order_by(col(Domanda.domanda_id))
        .with_for_update(key_share=True)
    )
    return set(await session.scalars(statement))


async def inserisci_dichiarazioni(session: AsyncSession, righe: list[dict[str, Any]]) -> None:
    """Write declarations down."""
    if righe:
        await session.execute(insert(DichiarazioneInteresse), righe)


async def da_dichiarare(
    session: AsyncSession, bando_id: UUID, *, commissario: str | None, dopo: tuple[int, str] | None, quante: int
) -> list[DaDichiarare]:
    """Return the presented applications of a call with each commissioner, or one, and what was declared.

    Args:
        session: the transaction.
        bando_id: the call.
        commissario: only this one.
        dopo: protocol number and commissioner of the last item of the page before.
        quante: how many at most.
    """
    latest = _latest(col(Domanda.domanda_id), col(Commissario.soggetto)).lateral("dichiarazione")
    declared = sa.orm.aliased(DichiarazioneInteresse, latest)
    enti = (
        sa.select(sa.func.array_agg(aggregate_order_by(col(Membro.ente), col(Membro.ordine))))
        .where(col(Membro.domanda_id) == col(Domanda.domanda_id))
        .scalar_subquery()
    )
    who = col(Commissario.soggetto)
    statement = (
        sa.select(col(Domanda.domanda_id), col(Domanda.protocollo), col(Domanda.capofila), enti, who, declared)
        .join(Commissario, col(Commissario.bando_id) == col(Domanda.bando_id))
        .outerjoin(declared, sa.true())
        .where(col(Domanda.bando_id) == bando_id, col(Domanda.protocollo).is_not(None))
        .order_by(col(Domanda.protocollo), who)
        .limit(quante)
    )
    if commissario is not None:
        statement = statement.where(who == commissario)
    if dopo is not None:
        statement = statement.where(sa.tuple_(col(Domanda.protocollo), who) > sa.tuple_(*map(sa.literal, dopo)))
    return [DaDichiarare(*row) for row in (await session.execute(statement)).all()]


async def senza_dichiarazione(session: AsyncSession, bando_id: UUID, domanda_id: UUID) -> int:
    """Count the commissioners of a call who have declared nothing of an application."""
    declared = sa.exists().where(
        col(DichiarazioneInteresse.domanda_id) == domanda_id,
        col(DichiarazioneInteresse.commissario) == col(Commissario.soggetto),
    )
    statement = sa.select(sa.func.count()).where(col(Commissario.bando_id) == bando_id, ~declared)
    return await session.scalar(statement.select_from(Commissario)) or 0


async def in_conflitto(session: AsyncSession, bando_id: UUID) -> dict[str, set[str]]:
    """Return, for each application of a call, the commissioners in office who declared a conflict."""
    statement = (
        sa.select(col(DichiarazioneInteresse.domanda_id), col(DichiarazioneInteresse.commissario))
        .join(Domanda, col(Domanda.domanda_id) == col(DichiarazioneInteresse.domanda_id))
        .where(col(Domanda.bando_id) == bando_id, col(DichiarazioneInteresse.esito) == CONFLITTO)
    )
    found: dict[str, set[str]] = {}
    for domanda_id, commissario in await session.execute(statement):
        found.setdefault(str(domanda_id), set()).add(commissario)
    return found
