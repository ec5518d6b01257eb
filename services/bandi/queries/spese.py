"""Declared expenses, their examination and final accounts: reading and writing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import (
    DichiarazioneSpesa,
    EsameSpesa,
    Rendiconto,
    RendicontoLinea,
    VoceEsaminata,
    VoceSpesa,
)
from services.bandi.rules.spesa import Spesa, StatoRendiconto

_SAME_VOICE = sa.and_(
    col(VoceEsaminata.progetto_id) == col(VoceSpesa.progetto_id),
    col(VoceEsaminata.dichiarazione) == col(VoceSpesa.dichiarazione),
    col(VoceEsaminata.n) == col(VoceSpesa.n),
)


async def dichiarazioni(session: AsyncSession, progetto_id: UUID) -> list[tuple[DichiarazioneSpesa, EsameSpesa | None]]:
    """Return the declarations of a project with their examination, from the first."""
    statement = (
        sa.select(DichiarazioneSpesa, EsameSpesa)
        .outerjoin(
            EsameSpesa,
            sa.and_(
                col(EsameSpesa.progetto_id) == col(DichiarazioneSpesa.progetto_id),
                col(EsameSpesa.numero) == col(DichiarazioneSpesa.numero),
            ),
        )
        .where(col(DichiarazioneSpesa.progetto_id) == progetto_id)
        .order_by(col(DichiarazioneSpesa.numero))
        .limit(1000)
    )
    return [(made, examined) for made, examined in (await session.execute(statement)).all()]


async def ultima_dichiarazione(session: AsyncSession, progetto_id: UUID) -> int:
    """Return the last number given to a declaration of a project, 0 if none."""
    statement = sa.select(sa.func.max(col(DichiarazioneSpesa.numero))).where(
        col(DichiarazioneSpesa.progetto_id) == progetto_id
    )
    return await session.scalar(statement) or 0


async def dichiarazione(
    session: AsyncSession, progetto_id: UUID, numero: int
) -> tuple[DichiarazioneSpesa, EsameSpesa | None] | None:
    """Return a declaration of a project with its examination."""
    made = await session.get(DichiarazioneSpesa, (progetto_id, numero))
    return None if made is None else (made, await session.get(EsameSpesa, (progetto_id, numero)))


async def voci(
    session: AsyncSession, progetto_id: UUID, dichiarazione_: int
) -> list[tuple[VoceSpesa, VoceEsaminata | None]]:
    """Return the expenses of a declaration with what was admitted of each, in order."""
    statement = (
        sa.select(VoceSpesa, VoceEsaminata)
        .outerjoin(VoceEsaminata, _SAME_VOICE)
        .where(col(VoceSpesa.progetto_id) == progetto_id, col(VoceSpesa.dichiarazione) == dichiarazione_)
        .order_by(col(VoceSpesa.n))
    )
    return [(made, examined) for made, examined in (await session.execute(statement)).all()]


async def documenti_dichiarati(session: AsyncSession, progetto_id: UUID) -> frozenset[tuple[str, str, str]]:
    """Return line, partner and document of the expenses that wait for or passed the examination."""
    statement = (
        sa.select(col(VoceSpesa.linea), col(VoceSpesa.ente), col(VoceSpesa.documento))
        .outerjoin(VoceEsaminata, _SAME_VOICE)
        .where(
            col(VoceSpesa.progetto_id) == progetto_id,
            sa.or_(col(VoceEsaminata.ammesso_cent).is_(None), col(VoceEsaminata.ammesso_cent) > 0),
        )
    )
    return frozenset((linea, ente, documento) for linea, ente, documento in (await session.execute(statement)).all())


async def ammesso_per_quota(session: AsyncSession, progetto_id: UUID) -> dict[tuple[str, str], int]:
    """Return the cents admitted so far by line and partner."""
    statement = (
        sa.select(
            col(VoceSpesa.linea),
            col(VoceSpesa.ente),
            sa.func.sum(col(VoceEsaminata.ammesso_cent)).cast(sa.BigInteger),
        )
        .join(VoceEsaminata, _SAME_VOICE)
        .where(col(VoceSpesa.progetto_id) == progetto_id)
        .group_by(col(VoceSpesa.linea), col(VoceSpesa.ente))
    )
    return {(linea, ente): cents for linea, ente, cents in (await session.execute(statement)).all()}


async def spese_per_linea(session: AsyncSession, progetto_id: UUID) -> dict[str, tuple[Spesa, int, int]]:
    """Return, by line, the admitted expenses, the cents declared in all and those still to be examined."""
    admitted = col(VoceEsaminata.ammesso_cent)

    def total(what: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(what), 0).cast(sa.BigInteger)

    statement = (
        sa.select(
            col(VoceSpesa.linea),
            total(admitted),
            total(sa.case((col(VoceSpesa.in_natura), admitted), else_=0)),
            total(col(VoceSpesa.importo_cent)),
            total(sa.case((admitted.is_(None), col(VoceSpesa.importo_cent)), else_=0)),
        )
        .outerjoin(VoceEsaminata, _SAME_VOICE)
        .where(col(VoceSpesa.progetto_id) == progetto_id)
        .group_by(col(VoceSpesa.linea))
    )
    rows = (await session.execute(statement)).all()
    return {linea: (Spesa(cost, in_kind), declared, waiting) for linea, cost, in_kind, declared, waiting in rows}


async def scrivi_dichiarazione(session: AsyncSession, row: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Insert a declaration with its expenses."""
    await session.execute(insert(DichiarazioneSpesa), [row])
    await session.execute(insert(VoceSpesa), rows)


async def scrivi_esame(session: AsyncSession, row: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Insert the examination of a declaration with what was admitted of each expense."""
    await session.execute(insert(EsameSpesa), [row])
    await session.execute(insert(VoceEsaminata), rows)


async def ultimo_rendiconto(session: AsyncSession, progetto_id: UUID) -> Rendiconto | None:
    """Return the last final account of a project, read again: its project is locked by who decides."""
    statement = (
        sa.select(Rendiconto)
        .where(col(Rendiconto.progetto_id) == progetto_id)
        .order_by(col(Rendiconto.numero).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found: Rendiconto | None = await session.scalar(statement)
    return found


async def linee_del_rendiconto(session: AsyncSession, progetto_id: UUID, numero: int) -> Sequence[RendicontoLinea]:
    """Return the outcome of an approved final account by line."""
    statement = (
        sa.select(RendicontoLinea)
        .where(col(RendicontoLinea.progetto_id) == progetto_id, col(RendicontoLinea.numero) == numero)
        .order_by(col(RendicontoLinea.linea))
    )
    return (await session.scalars(statement)).all()


async def rendiconto_aperto(session: AsyncSession, progetto_id: UUID) -> bool:
    """Say whether a project's final account is presented or approved."""
    statement = sa.select(sa.literal(1)).where(
        col(Rendiconto.progetto_id) == progetto_id, col(Rendiconto.stato) != StatoRendiconto.RINVIATO
    )
    return await session.scalar(statement) is not None


async def scrivi_rendiconto(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert the outcome of an approved final account, line by line."""
    await session.execute(insert(RendicontoLinea), rows)
