"""Claims of operators: the hours they may ask for, their rows, the sums they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inclusione.models import DomandaRimborso, OperatoreLinea, Ora, Pip, Progetto, RimborsoRiga
from services.inclusione.rules.rimborso import StatoRimborso, TipoRigaRimborso
from services.inclusione.rules.stati import StatoOra


@dataclass(frozen=True, slots=True)
class RigaDaChiedere:
    """What may go into a claim: an hour still to be paid, or one to be given back."""

    ore_id: UUID
    pip_id: UUID
    tipo: TipoRigaRimborso
    chiesto_cent: int


@dataclass(frozen=True, slots=True)
class RigaLetta:
    """A row of a claim with the hour it is of."""

    riga: RimborsoRiga
    ora: Ora


def _viva(tipo: TipoRigaRimborso) -> sa.ColumnElement[bool]:
    altra = sa.orm.aliased(RimborsoRiga)
    return sa.exists().where(col(altra.ore_id) == col(Ora.ore_id), col(altra.viva), col(altra.tipo) == tipo)


def _ore_da_chiedere(progetto_id: UUID, misura_id: UUID, ente: str) -> sa.Select[UUID, UUID, int]:
    return (
        sa.select(col(Ora.ore_id), col(Ora.pip_id), col(Ora.costo_cent))
        .join(Pip, col(Pip.pip_id) == col(Ora.pip_id))
        .where(
            col(Pip.progetto_id) == progetto_id,
            col(Pip.misura_id) == misura_id,
            col(Pip.ente) == ente,
            col(Ora.diretta),
            col(Ora.stato) == StatoOra.VALIDATA,
            ~_viva(TipoRigaRimborso.ORA),
        )
    )


def _recuperi(progetto_id: UUID, misura_id: UUID, ente: str) -> sa.Select[UUID, UUID, int | None]:
    return (
        sa.select(col(RimborsoRiga.ore_id), col(RimborsoRiga.pip_id), col(RimborsoRiga.ammesso_cent))
        .join(Ora, col(Ora.ore_id) == col(RimborsoRiga.ore_id))
        .join(DomandaRimborso, col(DomandaRimborso.domanda_id) == col(RimborsoRiga.domanda_id))
        .where(
            col(DomandaRimborso.progetto_id) == progetto_id,
            col(DomandaRimborso.misura_id) == misura_id,
            col(DomandaRimborso.ente) == ente,
            col(RimborsoRiga.viva),
            col(RimborsoRiga.tipo) == TipoRigaRimborso.ORA,
            col(RimborsoRiga.ammesso_cent) > 0,
            col(Ora.stato) == StatoOra.ANNULLATA,
            ~_viva(TipoRigaRimborso.RECUPERO),
        )
    )


async def piani_da_chiedere(
    session: AsyncSession, progetto_id: UUID, misura_id: UUID, ente: str, dal: date, al: date
) -> set[UUID]:
    """The plans whose hours a claim would touch."""
    ore = _ore_da_chiedere(progetto_id, misura_id, ente).where(col(Ora.giorno).between(dal, al))
    found = {riga[1] for riga in await session.execute(ore)}
    return found | {riga[1] for riga in await session.execute(_recuperi(progetto_id, misura_id, ente))}


async def righe_da_chiedere(
    session: AsyncSession, progetto_id: UUID, misura_id: UUID, ente: str, dal: date, al: date, *, limit: int
) -> list[RigaDaChiedere]:
    """What a claim would hold: the hours of its days, and whatever is to be given back; the plans' locks are held."""
    ore = _ore_da_chiedere(progetto_id, misura_id, ente).where(col(Ora.giorno).between(dal, al))
    recuperi = _recuperi(progetto_id, misura_id, ente)
    righe = [
        RigaDaChiedere(ore_id, pip_id, TipoRigaRimborso.RECUPERO, -int(cent or 0))
        for ore_id, pip_id, cent in await session.execute(recuperi.order_by(col(RimborsoRiga.ore_id)).limit(limit))
    ]
    righe.extend(
        RigaDaChiedere(ore_id, pip_id, TipoRigaRimborso.ORA, int(cent))
        for ore_id, pip_id, cent in await session.execute(ore.order_by(col(Ora.inizio), col(Ora.ore_id)).limit(limit))
    )
    return righe


async def blocca_operatore(session: AsyncSession, progetto_id: UUID, misura_id: UUID, ente: str) -> OperatoreLinea:
    """An operator on a line under its lock, made when missing: its claims come one after the other."""
    chiave = {"progetto_id": progetto_id, "misura_id": misura_id, "ente": ente}
    await session.execute(
        insert(OperatoreLinea)
        .values(**chiave, tetto_cent=None, chiesto_cent=0, ammesso_cent=0, domande=0)
        .on_conflict_do_nothing()
    )
    found = await session.get(
        OperatoreLinea, (progetto_id, misura_id, ente), with_for_update=True, populate_existing=True
    )
    assert found is not None
    return found


async def operatori(session: AsyncSession, progetto_id: UUID) -> Sequence[OperatoreLinea]:
    """The operators that claimed something on a line."""
    found = await session.scalars(
        sa.select(OperatoreLinea)
        .where(col(OperatoreLinea.progetto_id) == progetto_id)
        .order_by(col(OperatoreLinea.ente), col(OperatoreLinea.misura_id))
        .limit(1000)
    )
    return found.all()


async def validato_per_operatore(session: AsyncSession, progetto_id: UUID) -> dict[tuple[UUID, str], tuple[int, int]]:
    """By measure and operator: minutes of validated hours and cents of what they cost."""
    rows = await session.execute(
        sa.select(col(Pip.misura_id), col(Pip.ente), sa.func.sum(col(Ora.minuti)), sa.func.sum(col(Ora.costo_cent)))
        .join(Ora, col(Ora.pip_id) == col(Pip.pip_id))
        .where(col(Pip.progetto_id) == progetto_id, col(Ora.diretta), col(Ora.stato) == StatoOra.VALIDATA)
        .group_by(col(Pip.misura_id), col(Pip.ente))
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


async def domanda(session: AsyncSession, domanda_id: UUID, *, blocca: bool = False) -> DomandaRimborso | None:
    """A claim, under its lock if asked."""
    return await session.get(DomandaRimborso, domanda_id, with_for_update=blocca, populate_existing=blocca)


async def domanda_e_capofila(session: AsyncSession, domanda_id: UUID) -> tuple[str, str] | None:
    """Whose a claim is: the operator's organisation and the project's lead."""
    row = (
        await session.execute(
            sa.select(col(DomandaRimborso.ente), col(Progetto.capofila))
            .join(Progetto, col(Progetto.progetto_id) == col(DomandaRimborso.progetto_id))
            .where(col(DomandaRimborso.domanda_id) == domanda_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])


async def domande(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    ente: str | None,
    stato: StatoRimborso | None,
    dopo: UUID | None,
    limit: int,
) -> Sequence[DomandaRimborso]:
    """The claims on a line, of one operator if asked, in the order in which they came."""
    statement = (
        sa.select(DomandaRimborso)
        .where(col(DomandaRimborso.progetto_id) == progetto_id)
        .order_by(col(DomandaRimborso.domanda_id))
        .limit(limit)
    )
    if ente is not None:
        statement = statement.where(col(DomandaRimborso.ente) == ente)
    if stato is not None:
        statement = statement.where(col(DomandaRimborso.stato) == stato)
    if dopo is not None:
        statement = statement.where(col(DomandaRimborso.domanda_id) > dopo)
    return (await session.scalars(statement)).all()


async def aggiungi_righe(session: AsyncSession, domanda_id: UUID, righe: Sequence[RigaDaChiedere]) -> None:
    """Adds the rows of a claim, in one statement."""
    await session.execute(
        sa.insert(RimborsoRiga),
        [
            {
                "domanda_id": domanda_id,
                "ore_id": riga.ore_id,
                "tipo": riga.tipo,
                "pip_id": riga.pip_id,
                "viva": True,
                "chiesto_cent": riga.chiesto_cent,
            }
            for riga in righe
        ],
    )


async def piani_della_domanda(session: AsyncSession, domanda_id: UUID) -> set[UUID]:
    """The plans a claim touches."""
    found = await session.scalars(
        sa.select(col(RimborsoRiga.pip_id)).where(col(RimborsoRiga.domanda_id) == domanda_id).distinct()
    )
    return set(found)


async def righe(session: AsyncSession, domanda_id: UUID) -> list[RigaLetta]:
    """The rows of a claim with their hours, in order of time; changed only under the plans' locks."""
    rows = await session.execute(
        sa.select(RimborsoRiga, Ora)
        .join(Ora, col(Ora.ore_id) == col(RimborsoRiga.ore_id))
        .where(col(RimborsoRiga.domanda_id) == domanda_id)
        .order_by(col(Ora.inizio), col(Ora.ore_id), col(RimborsoRiga.tipo))
        .execution_options(populate_existing=True)
    )
    return [RigaLetta(row[0], row[1]) for row in rows]


async def chiesto_per_ore(session: AsyncSession, domanda_id: UUID) -> int:
    """What the hours of a claim ask for, cents, without what it gives back."""
    total = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(RimborsoRiga.chiesto_cent)), 0)).where(
            col(RimborsoRiga.domanda_id) == domanda_id, col(RimborsoRiga.tipo) == TipoRigaRimborso.ORA
        )
    )
    return int(total or 0)


async def ritira_righe(session: AsyncSession, domanda_id: UUID) -> None:
    """Lets the hours of a withdrawn claim be claimed again."""
    await session.execute(sa.update(RimborsoRiga).where(col(RimborsoRiga.domanda_id) == domanda_id).values(viva=False))


async def minuti_indiretti(
    session: AsyncSession, progetto_id: UUID, misura_id: UUID, ente: str, dal: date, al: date
) -> dict[str, int]:
    """Minutes of validated indirect work by kind: unpaid, told in every report."""
    rows = await session.execute(
        sa.select(sa.cast(col(Ora.categoria_indiretta), sa.Text), sa.func.sum(col(Ora.minuti)))
        .join(Pip, col(Pip.pip_id) == col(Ora.pip_id))
        .where(
            col(Pip.progetto_id) == progetto_id,
            col(Pip.misura_id) == misura_id,
            col(Pip.ente) == ente,
            ~col(Ora.diretta),
            col(Ora.stato) == StatoOra.VALIDATA,
            col(Ora.giorno).between(dal, al),
        )
        .group_by(col(Ora.categoria_indiretta))
        .order_by(sa.cast(col(Ora.categoria_indiretta), sa.Text))
    )
    return {str(row[0]): int(row[1]) for row in rows}


async def rimborsi_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of the claims by state: asked while waiting, admitted once examined."""
    stato = col(DomandaRimborso.stato)
    cent = sa.func.sum(sa.func.coalesce(col(DomandaRimborso.ammesso_cent), col(DomandaRimborso.chiesto_cent)))
    rows = await session.execute(sa.select(stato, cent).group_by(stato))
    return {(str(row[0]),): int(row[1] or 0) for row in rows}
