"""Hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from chassis.database import INSTANT
from services.inclusione.models import Ora
from services.inclusione.rules.stati import StatoOra

IN_SOSPESO = (StatoOra.REGISTRATA, StatoOra.FIRMATA)


async def aggiungi_ore(session: AsyncSession, ore: Sequence[Ora]) -> set[UUID]:
    """Adds hours; returns those that were added: the exclusion constraint leaves out who already has one then."""
    if not ore:
        return set()
    found = await session.execute(
        insert(Ora).on_conflict_do_nothing().returning(col(Ora.ore_id)),
        [ora.model_dump() for ora in ore],
    )
    return set(found.scalars())


async def ore_occupate(
    session: AsyncSession, persone: Iterable[UUID], dal: datetime, al: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """The intervals in which people already have direct hours, between two instants, whatever plan or operator."""
    rows = await session.execute(
        sa.select(col(Ora.persona_id), col(Ora.inizio), col(Ora.fine)).where(
            col(Ora.persona_id).in_(set(persone)),
            col(Ora.diretta),
            col(Ora.stato) != StatoOra.ANNULLATA,
            col(Ora.inizio) < al,
            col(Ora.fine) > dal,
        )
    )
    occupate: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for persona_id, inizio, fine in rows:
        occupate.setdefault(persona_id, []).append((inizio, fine))
    return occupate


async def ora(session: AsyncSession, ore_id: UUID) -> Ora | None:
    """An hour, as it is now; its plan's lock is the hour's lock too."""
    return await session.get(Ora, ore_id, populate_existing=True)


def _fra(ore: Iterable[UUID]) -> sa.ColumnElement[bool]:
    """One array instead of one parameter an hour: ten thousand of those cost as much as the rest of the statement."""
    return col(Ora.ore_id) == sa.any_(sa.bindparam("ore", list(set(ore)), ARRAY(sa.Uuid)))


async def piani_delle_ore(session: AsyncSession, ore: Iterable[UUID]) -> set[UUID]:
    """The plans hours belong to."""
    found = await session.scalars(sa.select(col(Ora.pip_id)).where(_fra(ore)).distinct())
    return set(found)


@dataclass(frozen=True, slots=True)
class OraLetta:
    """What a bulk request reads of an hour (a whole row of the table costs four times as much)."""

    ore_id: UUID
    versione: int
    pip_id: UUID
    persona_id: UUID
    diretta: bool
    servizio_codice: str | None
    inizio: datetime
    fine: datetime
    minuti: int
    giorno: date
    stato: StatoOra
    registrata_da: str
    validata_il: datetime | None
    gia_pagata_il: datetime | None


LETTE = [getattr(Ora, campo.name) for campo in fields(OraLetta)]


async def ore_lette(session: AsyncSession, identita: Iterable[UUID]) -> dict[UUID, OraLetta]:
    """Hours by id, as they are now; callers hold their plans' locks."""
    rows = await session.execute(sa.select(*LETTE).where(_fra(identita)))
    return {row[0]: OraLetta(*row) for row in rows}


async def segna_firmate(session: AsyncSession, identita: Sequence[UUID], metodo: str, now: datetime) -> None:
    """Records the person's signature on hours that were checked."""
    await session.execute(
        sa.text(
            "UPDATE ora SET versione = versione + 1, stato = 'firmata', firma_metodo = :metodo, firmata_il = :now"
            " WHERE ore_id = ANY(:ore)"
        ).bindparams(
            sa.bindparam("ore", list(identita), ARRAY(sa.Uuid)),
            sa.bindparam("now", now, INSTANT),
            sa.bindparam("metodo", metodo, sa.Text),
        )
    )


async def segna_validate(
    session: AsyncSession, righe: Sequence[tuple[UUID, int, int]], *, validata_da: str, now: datetime
) -> None:
    """Records the validation of hours that were checked: id, cost and allowance (cents) of each, in one statement."""
    await session.execute(
        sa.text(
            "UPDATE ora SET versione = versione + 1, stato = 'validata', validata_da = :chi, validata_il = :now,"
            " costo_cent = t.costo, indennita_cent = t.indennita"
            " FROM unnest(:ore, :costi, :indennita) AS t(ore_id, costo, indennita) WHERE ora.ore_id = t.ore_id"
        ).bindparams(
            sa.bindparam("ore", [riga[0] for riga in righe], ARRAY(sa.Uuid)),
            sa.bindparam("costi", [riga[1] for riga in righe], ARRAY(sa.BigInteger)),
            sa.bindparam("indennita", [riga[2] for riga in righe], ARRAY(sa.BigInteger)),
            sa.bindparam("now", now, INSTANT),
            sa.bindparam("chi", validata_da, sa.Text),
        )
    )


async def ore_del_pip(
    session: AsyncSession, pip_id: UUID, *, dopo: tuple[str, UUID] | None, limit: int
) -> Sequence[Ora]:
    """The hours of a plan, in order of time."""
    statement = sa.select(Ora).where(col(Ora.pip_id) == pip_id).order_by(col(Ora.inizio), col(Ora.ore_id)).limit(limit)
    if dopo is not None:
        statement = statement.where(
            sa.tuple_(col(Ora.inizio), col(Ora.ore_id))
            > sa.tuple_(sa.cast(sa.literal(dopo[0]), sa.DateTime(timezone=True)), sa.literal(dopo[1], sa.Uuid))
        )
    return (await session.scalars(statement)).all()


async def in_sospeso(session: AsyncSession, pip_id: UUID) -> int:
    """How many hours of a plan are neither validated nor annulled."""
    total = await session.scalar(
        sa.select(sa.func.count()).select_from(Ora).where(col(Ora.pip_id) == pip_id, col(Ora.stato).in_(IN_SOSPESO))
    )
    return int(total or 0)


async def giorni_con_ore(session: AsyncSession, pip_id: UUID) -> tuple[date, date] | None:
    """The first and the last day of a plan that have hours not annulled."""
    row = (
        await session.execute(
            sa.select(sa.func.min(col(Ora.giorno)), sa.func.max(col(Ora.giorno))).where(
                col(Ora.pip_id) == pip_id, col(Ora.stato) != StatoOra.ANNULLATA
            )
        )
    ).one()
    primo: date | None = row[0]
    return None if primo is None else (primo, row[1])
