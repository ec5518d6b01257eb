"""Calls: reading, listing and locking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import Bando, BandoVersione, Commissario, Linea
from services.bandi.rules.bando import CategoriaEnte, Modalita, StatoBando


@dataclass(frozen=True, slots=True)
class FiltriBandi:
    """What a reader asks of the list of published calls."""

    aperti_il: datetime | None = None
    modalita: Modalita | None = None
    fondo: str | None = None
    azione: str | None = None
    territorio: str | None = None
    capofila: CategoriaEnte | None = None


async def inserisci_bando(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Insert a draft call; False when its code is taken."""
    statement = (
        insert(Bando).values(**values).on_conflict_do_nothing(index_elements=["codice"]).returning(col(Bando.bando_id))
    )
    return await session.scalar(statement) is not None


async def bando(session: AsyncSession, codice: str) -> Bando | None:
    """Return a call by its code."""
    found: Bando | None = await session.scalar(sa.select(Bando).where(col(Bando.codice) == codice))
    return found


async def bando_bloccato(session: AsyncSession, codice: str) -> Bando | None:
    """Return a call by its code, locked against protocols, rankings and movements of money."""
    return await _locked(session, col(Bando.codice) == codice, shared=False)


async def bando_per_id(session: AsyncSession, bando_id: UUID) -> Bando:
    """Return the call with that id, which exists."""
    return (await session.scalars(sa.select(Bando).where(col(Bando.bando_id) == bando_id))).one()


async def blocca_bando(session: AsyncSession, bando_id: UUID, *, shared: bool = False) -> Bando:
    """Return the call with that id, which exists, locked (shared: only against who locks it for writing)."""
    found = await _locked(session, col(Bando.bando_id) == bando_id, shared=shared)
    if found is None:
        raise LookupError(bando_id)
    return found


async def _locked(session: AsyncSession, condition: sa.ColumnElement[bool], *, shared: bool) -> Bando | None:
    statement = (
        sa.select(Bando)
        .where(condition)
        .with_for_update(read=shared, key_share=not shared)
        .execution_options(populate_existing=True)
    )
    found: Bando | None = await session.scalar(statement)
    return found


async def versione(session: AsyncSession, bando_id: UUID, numero: int) -> BandoVersione:
    """Return a version of a call's rules, which exists."""
    statement = sa.select(BandoVersione).where(
        col(BandoVersione.bando_id) == bando_id, col(BandoVersione.numero) == numero
    )
    return (await session.scalars(statement)).one()


async def versioni(session: AsyncSession, bando_id: UUID) -> Sequence[BandoVersione]:
    """Return the versions of a call's rules, from the first."""
    statement = (
        sa.select(BandoVersione).where(col(BandoVersione.bando_id) == bando_id).order_by(col(BandoVersione.numero))
    )
    return (await session.scalars(statement)).all()


async def linee(session: AsyncSession, bando_id: UUID, *, lock: bool = False) -> Sequence[Linea]:
    """Return the lines of a call in the order of its rules, locked if asked."""
    statement = sa.select(Linea).where(col(Linea.bando_id) == bando_id).order_by(col(Linea.ordine))
    if lock:
        statement = statement.with_for_update(key_share=True)
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


def libero(linee: Sequence[Linea]) -> dict[str, int]:
    """Return the cents of each line that are neither assigned nor reserved."""
    return {linea.codice: (linea.dotazione_cent or 0) - linea.assegnato_cent - linea.prenotato_cent for linea in linee}


async def elenco_bandi(
    session: AsyncSession, filtri: FiltriBandi, *, dopo: tuple[datetime, UUID] | None, quanti: int
) -> list[tuple[Bando, int, int]]:
    """Return published calls, the latest first, with their money and how much of it is assigned.

    Args:
        filtri: what the reader asks for.
        dopo: publication and id of the last call of the previous page.
        quanti: how many, at most.
    """
    money = (
        sa.select(
            col(Linea.bando_id),
            sa.func.coalesce(sa.func.sum(col(Linea.dotazione_cent)), 0).cast(sa.BigInteger).label("dotazione"),
            sa.func.coalesce(sa.func.sum(col(Linea.assegnato_cent)), 0).cast(sa.BigInteger).label("assegnato"),
        )
        .group_by(col(Linea.bando_id))
        .subquery()
    )
    statement = (
        sa.select(Bando, money.c.dotazione, money.c.assegnato)
        .join(money, money.c.bando_id == col(Bando.bando_id))
        .where(col(Bando.stato) == StatoBando.PUBBLICATO, *_conditions(filtri))
        .order_by(col(Bando.pubblicato_il).desc(), col(Bando.bando_id).desc())
        .limit(quanti)
    )
    if dopo is not None:
        statement = statement.where(sa.tuple_(col(Bando.pubblicato_il), col(Bando.bando_id)) < sa.tuple_(*dopo))
    return [(found, total, given) for found, total, given in (await session.execute(statement)).all()]


def _conditions(filtri: FiltriBandi) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filtri.aperti_il is not None:
        closes = sa.func.date_trunc("second", col(Bando.chiude_il))  # its whole last second is inside
        second = sa.func.date_trunc("second", sa.literal(filtri.aperti_il))
        conditions += [
            col(Bando.apre_il) <= filtri.aperti_il,
            closes >= second,
            col(Bando.modalita) != Modalita.AFFIDAMENTO,
            sa.or_(col(Bando.modalita) != Modalita.FINESTRE, _window_open(filtri.aperti_il, second)),
        ]
    if filtri.modalita is not None:
        conditions.append(col(Bando.modalita) == filtri.modalita)
    if filtri.territorio is not None:
        conditions.append(col(Bando.territorio).icontains(filtri.territorio, autoescape=True))
    if filtri.fondo is not None or filtri.azione is not None:
        line = sa.select(sa.literal(1)).where(col(Linea.bando_id) == col(Bando.bando_id))
        if filtri.fondo is not None:
            line = line.where(col(Linea.fondo).icontains(filtri.fondo, autoescape=True))
        if filtri.azione is not None:
            line = line.where(col(Linea.azione) == filtri.azione)
        conditions.append(line.exists())
    if filtri.capofila is not None:
        rules = sa.select(sa.literal(1)).where(
            col(BandoVersione.bando_id) == col(Bando.bando_id),
            col(BandoVersione.numero) == col(Bando.regole_versione),
            col(BandoVersione.regole)["partenariato"]["capofila_ammessi"].contains([filtri.capofila.value]),
        )
        conditions.append(rules.exists())
    return conditions


def _window_open(now: datetime, second: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Say whether one of the windows of a call is open: between two of them it receives nothing."""
    window = sa.func.jsonb_array_elements(col(BandoVersione.regole)["finestre"]).table_valued("value", name="finestra")
    value = sa.cast(window.c.value, JSONB)
    opens = sa.cast(value["apre_il"].astext, sa.DateTime(timezone=True))
    closes = sa.cast(value["chiude_il"].astext, sa.DateTime(timezone=True))
    return (
        sa.select(sa.literal(1))
        .select_from(BandoVersione)
        .join(window, sa.true())
        .where(
            col(BandoVersione.bando_id) == col(Bando.bando_id),
            col(BandoVersione.numero) == col(Bando.regole_versione),
            opens <= now,
            sa.func.date_trunc("second", closes) >= second,
        )
        .exists()
    )


async def commissari(session: AsyncSession, bando_id: UUID) -> Sequence[str]:
    """Return the subjects of a call's commission, in order."""
    statement = (
        sa.select(col(Commissario.soggetto))
        .where(col(Commissario.bando_id) == bando_id)
        .order_by(col(Commissario.soggetto))
    )
    return (await session.scalars(statement)).all()


async def nomina(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert the members of a commission; who is already a member stays as appointed first."""
    await session.execute(insert(Commissario).on_conflict_do_nothing(), rows)
