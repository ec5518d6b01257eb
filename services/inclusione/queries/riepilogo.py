"""Hours of a project by what they were: direct by service, indirect by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import Ora, Pip
from services.inclusione.rules.stati import StatoOra


@dataclass(frozen=True, slots=True)
class RigaRiepilogo:
    """The hours of one operator for one service or one kind of indirect work; minutes and cents."""

    ente: str
    diretta: bool
    voce: str
    persone: int
    minuti: int
    minuti_firmati: int
    minuti_validati: int
    costo_cent: int
    indennita_cent: int


async def ore_del_progetto(session: AsyncSession, progetto_id: UUID, dal: date, al: date) -> Sequence[RigaRiepilogo]:
    """The hours of a project between two days, both inside, annulled ones left out; direct first."""
    voce = sa.func.coalesce(col(Ora.servizio_codice), sa.cast(col(Ora.categoria_indiretta), sa.Text))
    validate = col(Ora.stato) == StatoOra.VALIDATA

    def minuti(quali: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(col(Ora.minuti)).filter(quali), 0)

    rows = await session.execute(
        sa.select(
            col(Ora.ente),
            col(Ora.diretta),
            voce,
            sa.func.count(sa.distinct(col(Ora.persona_id))),
            minuti(sa.true()),
            minuti(col(Ora.firmata_il).is_not(None)),
            minuti(validate),
            sa.func.sum(col(Ora.costo_cent)),
            sa.func.sum(col(Ora.indennita_cent)),
        )
        .join(Pip, col(Pip.pip_id) == col(Ora.pip_id))
        .where(
            col(Pip.progetto_id) == progetto_id,
            col(Ora.giorno).between(dal, al),
            col(Ora.stato) != StatoOra.ANNULLATA,
        )
        .group_by(col(Ora.ente), col(Ora.diretta), voce)
        .order_by(col(Ora.ente), col(Ora.diretta).desc(), voce)
    )
    return [
        RigaRiepilogo(str(ente), bool(diretta), str(quale), *(int(cifra) for cifra in cifre))
        for ente, diretta, quale, *cifre in rows
    ]


async def minuti_per_tipo(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Minutes of all the hours not annulled: direct and indirect, by state."""
    tipo = sa.case((col(Ora.diretta), "diretta"), else_="indiretta")
    rows = await session.execute(
        sa.select(tipo, col(Ora.stato), sa.func.sum(col(Ora.minuti)))
        .where(col(Ora.stato) != StatoOra.ANNULLATA)
        .group_by(tipo, col(Ora.stato))
    )
    return {(str(row[0]), str(row[1])): int(row[2]) for row in rows}
