"""Reductions, batches, answers and shares of allowances."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Contratto, Lotto, Quota, Riduzione, RispostaRiga


async def riduzioni_del_nucleo(
    session: AsyncSession, nucleo_id: UUID, dopo: UUID | None, limite: int
) -> list[Riduzione]:
    """Reductions of a household, the latest first."""
    consulta = (
        sa.select(Riduzione)
        .where(col(Riduzione.nucleo_id) == nucleo_id)
        .order_by(col(Riduzione.riduzione_id).desc())
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Riduzione.riduzione_id) < dopo)
    return list(await session.scalars(consulta))


async def riduzione(session: AsyncSession, riduzione_id: UUID) -> Riduzione | None:
    """A reduction."""
    return await session.get(Riduzione, riduzione_id)


async def riduzioni(session: AsyncSession, ids: Sequence[UUID]) -> list[Riduzione]:
    """Some reductions, in order."""
    return list(
        await session.scalars(
            sa.select(Riduzione).where(col(Riduzione.riduzione_id).in_(ids)).order_by(col(Riduzione.riduzione_id))
        )
    )


async def lotto_aperto(session: AsyncSession, ente: str) -> Lotto | None:
    """The open batch of a landlord, locked."""
    return await session.scalar(
        sa.select(Lotto)
        .where(col(Lotto.ente_proprietario) == ente, col(Lotto.stato) == "aperto")
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def lotto(session: AsyncSession, ente: str, lotto_id: UUID, *, blocca: bool = False) -> Lotto | None:
    """A batch of a landlord; another landlord's batch is not there."""
    consulta = sa.select(Lotto).where(col(Lotto.lotto_id) == lotto_id, col(Lotto.ente_proprietario) == ente)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(consulta)


async def lotti(session: AsyncSession, ente: str, dopo: int | None, limite: int) -> list[Lotto]:
    """Batches of a landlord, the latest first."""
    consulta = (
        sa.select(Lotto).where(col(Lotto.ente_proprietario) == ente).order_by(col(Lotto.numero).desc()).limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Lotto.numero) < dopo)
    return list(await session.scalars(consulta))


async def righe_del_lotto(session: AsyncSession, lotto_id: UUID, *, blocca: bool = False) -> list[Riduzione]:
    """The reductions of a batch by protocol number."""
    consulta = sa.select(Riduzione).where(col(Riduzione.lotto_id) == lotto_id).order_by(col(Riduzione.protocollo))
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return list(await session.scalars(consulta))


async def blocca_da_inviare(session: AsyncSession, ente: str, quante: int, now: datetime) -> list[Riduzione]:
    """The oldest reserved reductions of a landlord that are within their term and in no batch, locked."""
    return list(
        await session.scalars(
            sa.select(Riduzione)
            .where(
                col(Riduzione.ente_proprietario) == ente,
                col(Riduzione.stato) == "prenotata",
                col(Riduzione.lotto_id).is_(None),
                col(Riduzione.scade_il) > now,
            )
            .order_by(col(Riduzione.protocollo))
            .limit(quante)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


async def scrivi_risposte(session: AsyncSession, risposte: Sequence[RispostaRiga]) -> None:
    """Keep the lines of an answer as they came."""
    session.add_all(risposte)
    await session.flush()


async def blocca_scadute(session: AsyncSession, now: datetime, quante: int) -> list[Riduzione]:
    """Reserved reductions whose term has passed, locked; those under change are skipped."""
    return list(
        await session.scalars(
            sa.select(Riduzione)
            .where(col(Riduzione.stato) == "prenotata", col(Riduzione.scade_il) <= now)
            .order_by(col(Riduzione.scade_il), col(Riduzione.riduzione_id))
            .limit(quante)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )


async def ultimo_progetto_del_nucleo(session: AsyncSession, nucleo_id: UUID) -> UUID | None:
    """The project of the household's latest attendance with points."""
    progetto: UUID | None = await session.scalar(
        sa.text(
            "SELECT progetto_id FROM accredito WHERE nucleo_id = :nucleo AND concesso_cent > 0 "
            "AND progetto_id IS NOT NULL ORDER BY confermata_il DESC LIMIT 1"
        ),
        {"nucleo": nucleo_id},
    )
    return progetto


async def quota(session: AsyncSession, quota_id: UUID) -> Quota | None:
    """A share of an allowance."""
    return await session.get(Quota, quota_id)


async def blocca_quote(session: AsyncSession, quote: Sequence[UUID]) -> dict[UUID, Quota]:
    """Some shares of allowances, locked."""
    righe = await session.scalars(
        sa.select(Quota)
        .where(col(Quota.quota_id).in_(quote))
        .order_by(col(Quota.quota_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {riga.quota_id: riga for riga in righe}


async def blocca_quote_da_prenotare(session: AsyncSession, nucleo_id: UUID) -> list[Quota]:
    """A household's shares that are not all reserved, oldest first, locked."""
    return list(
        await session.scalars(
            sa.select(Quota)
            .where(col(Quota.nucleo_id) == nucleo_id, col(Quota.prenotato_cent) < col(Quota.importo_cent))
            .order_by(col(Quota.liquidata_il), col(Quota.quota_id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


async def enti_del_nucleo(session: AsyncSession, nucleo_id: UUID) -> list[str]:
    """The landlords of a household, in order."""
    return list(
        await session.scalars(
            sa.select(col(Contratto.ente_proprietario))
            .where(col(Contratto.nucleo_id) == nucleo_id)
            .distinct()
            .order_by(col(Contratto.ente_proprietario))
        )
    )
