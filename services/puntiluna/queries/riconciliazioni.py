"""Reconciliations: what the platform has for a landlord's record, and what was found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Differenza, Riconciliazione
from services.puntiluna.rules.riconciliazioni import RigaPiattaforma
from services.puntiluna.rules.riduzioni import StatoRiduzione


async def righe_della_piattaforma(
    session: AsyncSession, ente: str, dal: datetime, al: datetime, protocolli: Sequence[int]
) -> dict[int, RigaPiattaforma]:
    """A landlord's reductions that it names or that it answered in [dal, al), by protocol number."""
    righe = await session.execute(
        sa.text(
            "SELECT protocollo, contratto_codice, confermato_cent, stato, "
            "coalesce(risposta_il >= :dal AND risposta_il < :al, false) AS nel_periodo FROM riduzione "
            "WHERE ente_proprietario = :ente AND ((risposta_il >= :dal AND risposta_il < :al) "
            "OR protocollo = ANY (CAST(:protocolli AS bigint[])))"
        ),
        {"ente": ente, "dal": dal, "al": al, "protocolli": list(protocolli)},
    )
    return {
        r.protocollo: RigaPiattaforma(
            r.protocollo, r.contratto_codice, r.confermato_cent, StatoRiduzione(r.stato), r.nel_periodo
        )
        for r in righe
    }


async def riconciliazione(session: AsyncSession, ente: str, riconciliazione_id: UUID) -> Riconciliazione | None:
    """A reconciliation of a landlord; another landlord's is not there."""
    return await session.scalar(
        sa.select(Riconciliazione).where(
            col(Riconciliazione.riconciliazione_id) == riconciliazione_id,
            col(Riconciliazione.ente_proprietario) == ente,
        )
    )


async def riconciliazioni(session: AsyncSession, ente: str, dopo: UUID | None, limite: int) -> list[Riconciliazione]:
    """Reconciliations of a landlord, the latest first."""
    consulta = (
        sa.select(Riconciliazione)
        .where(col(Riconciliazione.ente_proprietario) == ente)
        .order_by(col(Riconciliazione.riconciliazione_id).desc())
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Riconciliazione.riconciliazione_id) < dopo)
    return list(await session.scalars(consulta))


async def differenze(
    session: AsyncSession, riconciliazione_id: UUID, dopo: int | None, limite: int
) -> list[Differenza]:
    """Differences of a reconciliation, in order."""
    consulta = (
        sa.select(Differenza)
        .where(col(Differenza.riconciliazione_id) == riconciliazione_id)
        .order_by(col(Differenza.posto))
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Differenza.posto) > dopo)
    return list(await session.scalars(consulta))
