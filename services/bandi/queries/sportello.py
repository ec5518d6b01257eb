"""Reservations of rolling calls: reading and moving, always under the call's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Domanda, DomandaPresentata, Prenotazione, PrenotazioneLinea
from services.bandi.rules.domanda import IN_VALUTAZIONE
from services.bandi.rules.sportello import StatoPrenotazione


@dataclass(frozen=True, slots=True)
class Attesa:
    """An application in the waiting list and what it asks of each line, in cents."""

    domanda_id: UUID
    ammissibile: bool
    chiesto: dict[str, int]


async def inserisci(session: AsyncSession, row: dict[str, Any], linee: list[dict[str, Any]]) -> None:
    """Insert a reservation with its lines; the database adds what is reserved to the call's lines."""
    await session.execute(insert(Prenotazione), [row])
    await session.execute(insert(PrenotazioneLinea), linee)


async def prenotazione(session: AsyncSession, domanda_id: UUID) -> Prenotazione | None:
    """Return the reservation of an application, read again."""
    statement = sa.select(Prenotazione).where(col(Prenotazione.domanda_id) == domanda_id)
    found: Prenotazione | None = await session.scalar(statement.execution_options(populate_existing=True))
    return found


async def ultima_attesa(session: AsyncSession, bando_id: UUID) -> int:
    """Return the last number given in the waiting list of a call, 0 if none."""
    statement = sa.select(sa.func.max(col(Prenotazione.attesa))).where(col(Prenotazione.bando_id) == bando_id)
    return await session.scalar(statement) or 0


async def attese(session: AsyncSession, bando_id: UUID) -> list[Attesa]:
    """Return who waits for a call's money, in order."""
    asked = sa.func.jsonb_object_agg(col(PrenotazioneLinea.linea), col(PrenotazioneLinea.chiesto_cent))
    statement = (
        sa.select(col(Prenotazione.domanda_id), col(Domanda.stato), asked)
        .join(PrenotazioneLinea, col(PrenotazioneLinea.domanda_id) == col(Prenotazione.domanda_id))
        .join(Domanda, col(Domanda.domanda_id) == col(Prenotazione.domanda_id))
        .where(col(Prenotazione.bando_id) == bando_id, col(Prenotazione.stato) == StatoPrenotazione.IN_ATTESA)
        .group_by(col(Prenotazione.domanda_id), col(Domanda.stato), col(Prenotazione.attesa))
        .order_by(col(Prenotazione.attesa))
    )
    rows = (await session.execute(statement)).all()
    return [Attesa(key, stato in IN_VALUTAZIONE, chiesto) for key, stato, chiesto in rows]


async def sposta(session: AsyncSession, domanda_ids: Sequence[UUID], stato: StatoPrenotazione, now: datetime) -> None:
    """Move reservations to a state; money is reserved in state `riservata` and in no other."""
    if not domanda_ids:
        return
    held = col(PrenotazioneLinea.chiesto_cent) if stato is StatoPrenotazione.RISERVATA else sa.literal(0)
    for statement in (
        sa.update(Prenotazione)
        .where(col(Prenotazione.domanda_id).in_(domanda_ids))
        .values(stato=stato, aggiornata_il=now),
        sa.update(PrenotazioneLinea)
        .where(col(PrenotazioneLinea.domanda_id).in_(domanda_ids))
        .values(riservato_cent=held),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def elenco(
    session: AsyncSession, bando_id: UUID, *, dopo: int, quante: int
) -> Sequence[tuple[Prenotazione, str, str, int]]:
    """Return the applications of a rolling call in order of protocol: reservation, lead, title, cents asked."""
    statement = (
        sa.select(
            Prenotazione,
            col(Domanda.capofila),
            col(DomandaPresentata.titolo),
            col(DomandaPresentata.contributo_cent),
        )
        .join(Domanda, col(Domanda.domanda_id) == col(Prenotazione.domanda_id))
        .join(DomandaPresentata, col(DomandaPresentata.domanda_id) == col(Prenotazione.domanda_id))
        .where(col(Prenotazione.bando_id) == bando_id, col(Prenotazione.protocollo) > dopo)
        .order_by(col(Prenotazione.protocollo))
        .limit(quante)
    )
    return [(a, b, c, d) for a, b, c, d in (await session.execute(statement)).all()]
