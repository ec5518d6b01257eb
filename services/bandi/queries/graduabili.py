"""What a ranking reads and what its projects are made of: thousands of rows, read as plain values.

Mapped objects and arrays decoded one by one took most of the time of a ranking of ten thousand applications; here each
statement answers one JSON text, or plain rows (ADR 0051).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Domanda, DomandaPresentata, Istruttoria, Punteggio, Scheda, Soccorso, SottoProgetto
from services.bandi.rules.domanda import StatoDomanda

_DOMANDA: sa.Table = Domanda.__table__  # type: ignore[attr-defined]
_PRESENTATA: sa.Table = DomandaPresentata.__table__  # type: ignore[attr-defined]
_ISTRUTTORIA: sa.Table = Istruttoria.__table__  # type: ignore[attr-defined]
_PARTE: sa.Table = SottoProgetto.__table__  # type: ignore[attr-defined]
_SCHEDA: sa.Table = Scheda.__table__  # type: ignore[attr-defined]
_SOCCORSO: sa.Table = Soccorso.__table__  # type: ignore[attr-defined]
_PUNTEGGIO: sa.Table = Punteggio.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class DomandaDaGraduare:
    """An application with everything its call's ranking needs of it; `voti` are in the order of the sheets."""

    domanda_id: str
    protocollo: int
    stato: StatoDomanda
    presentata_il: datetime
    capofila: str
    titolo: str
    costo_cent: int
    membri: int
    motivi: list[str]
    premialita: list[str]
    richiesto: dict[str, int]
    voti: dict[str, list[int]]
    schede: int


class DaAprire(NamedTuple):
    """What a project takes from the application it is opened for."""

    titolo: str
    comune: str | None
    quartiere: str | None
    durata_mesi: int
    membri: list[dict[str, Any]]


def _completed(field: str) -> sa.Label[str | None]:
    """A field as it was presented or, where it was left empty, as an answer has completed it."""
    given = (
        sa.select(sa.func.max(_SOCCORSO.c.campi[field].astext))
        .where(_SOCCORSO.c.domanda_id == _PRESENTATA.c.domanda_id)
        .scalar_subquery()
    )
    return sa.func.coalesce(_PRESENTATA.c[field], given).label(field)


async def domande_da_graduare(session: AsyncSession, bando_id: UUID) -> list[DomandaDaGraduare]:
    """Return every application that takes part, or took part, in a call's ranking, in order of protocol.

    A replaced application is not there: its replacement is. Three statements joined here, because joined in one they
    became a nested loop of their aggregates as soon as the statistics were old: minutes for 10,000 applications.
    """
    base = (
        sa.select(
            sa.cast(_DOMANDA.c.domanda_id, sa.Text),
            _DOMANDA.c.protocollo,
            _DOMANDA.c.stato,
            _DOMANDA.c.presentata_il,
            _DOMANDA.c.capofila,
            _PRESENTATA.c.titolo,
            _PRESENTATA.c.costo_cent,
            _PRESENTATA.c.membri,
            _ISTRUTTORIA.c.motivi,
            _ISTRUTTORIA.c.premialita,
        )
        .join(_PRESENTATA, _PRESENTATA.c.domanda_id == _DOMANDA.c.domanda_id)
        .outerjoin(_ISTRUTTORIA, _ISTRUTTORIA.c.domanda_id == _DOMANDA.c.domanda_id)
        .where(_DOMANDA.c.bando_id == bando_id, _DOMANDA.c.stato != StatoDomanda.SOSTITUITA)
        .order_by(_DOMANDA.c.protocollo)
    )
    parts = (
        sa.select(_PARTE.c.domanda_id, sa.func.json_object_agg(_PARTE.c.linea, _PARTE.c.contributo_cent).label("v"))
        .join(_DOMANDA, _DOMANDA.c.domanda_id == _PARTE.c.domanda_id)
        .where(_DOMANDA.c.bando_id == bando_id)
        .group_by(_PARTE.c.domanda_id)
        .subquery()
    )
    by_criterion = (
        sa.select(
            _SCHEDA.c.domanda_id,
            _PUNTEGGIO.c.criterio,
            sa.func.json_agg(aggregate_order_by(_PUNTEGGIO.c.punti_cent, _SCHEDA.c.scheda_id)).label("punti"),
        )
        .join(_PUNTEGGIO, _PUNTEGGIO.c.scheda_id == _SCHEDA.c.scheda_id)
        .join(_DOMANDA, _DOMANDA.c.domanda_id == _SCHEDA.c.domanda_id)
        .where(_DOMANDA.c.bando_id == bando_id)
        .group_by(_SCHEDA.c.domanda_id, _PUNTEGGIO.c.criterio)
        .subquery()
    )
    scores = (
        sa.select(
            by_criterion.c.domanda_id, sa.func.json_object_agg(by_criterion.c.criterio, by_criterion.c.punti).label("v")
        )
        .group_by(by_criterion.c.domanda_id)
        .subquery()
    )
    asked = await _by_application(session, parts)
    voted = await _by_application(session, scores)
    found = []
    for row in await session.execute(base):
        votes = voted.get(row[0], {})
        found.append(
            DomandaDaGraduare(
                domanda_id=row[0],
                protocollo=row[1],
                stato=StatoDomanda(row[2]),
                presentata_il=row[3],
                capofila=row[4],
                titolo=row[5],
                costo_cent=row[6],
                membri=row[7],
                motivi=row[8] or [],
                premialita=row[9] or [],
                richiesto=asked.get(row[0], {}),
                voti=votes,
                schede=max(map(len, votes.values()), default=0),
            )
        )
    return found


async def _by_application(session: AsyncSession, values: sa.Subquery) -> dict[str, Any]:
    """Return the values of a query by application, decoded at once."""
    text = await session.scalar(sa.select(sa.cast(sa.func.json_object_agg(values.c.domanda_id, values.c.v), sa.Text)))
    found: dict[str, Any] = orjson.loads(text) if text else {}
    return found


async def da_aprire(session: AsyncSession, domanda_ids: Sequence[UUID]) -> dict[UUID, DaAprire]:
    """Return what projects take from the applications they are opened for, by application."""
    statement = sa.select(
        _PRESENTATA.c.domanda_id,
        _PRESENTATA.c.titolo,
        _completed("comune"),
        _completed("quartiere"),
        _PRESENTATA.c.durata_mesi,
        _PRESENTATA.c.contenuto["membri"],
    ).where(_PRESENTATA.c.domanda_id.in_(domanda_ids))
    return {row[0]: DaAprire(*row[1:]) for row in await session.execute(statement)}
