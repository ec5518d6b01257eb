"""Reductions, batches, answers, shares of allowances and settlements."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Contratto, Distinta, Lotto, Quota, Riduzione, RispostaRiga

IN_ROMA = "Europe/Rome"


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


async def blocca_da_liquidare(
    session: AsyncSession, ente: str, dal: date, al: date, progetti: Sequence[UUID]
) -> list[Riduzione]:
    """Confirmed reductions of a landlord in some projects, in no Distinta, answered in [dal, al) in Italy, locked."""
    giorno = sa.cast(sa.func.timezone(IN_ROMA, col(Riduzione.risposta_il)), sa.Date)
    consulta = (
        sa.select(Riduzione)
        .where(
            col(Riduzione.ente_proprietario) == ente,
            col(Riduzione.stato) == "confermata",
            col(Riduzione.distinta_id).is_(None),
            col(Riduzione.progetto_id).in_(progetti),
            giorno >= dal,
            giorno < al,
        )
        .order_by(col(Riduzione.protocollo))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(await session.scalars(consulta))


async def distinta(session: AsyncSession, distinta_id: UUID, *, blocca: bool = False) -> Distinta | None:
    """A Distinta."""
    consulta = sa.select(Distinta).where(col(Distinta.distinta_id) == distinta_id)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(consulta)


async def distinte(
    session: AsyncSession, progetti: Sequence[UUID] | None, dopo: UUID | None, limite: int
) -> list[Distinta]:
    """Distinte, the latest first; only those that hold reductions of some projects if these are given."""
    consulta = sa.select(Distinta).order_by(col(Distinta.distinta_id).desc()).limit(limite)
    if progetti is not None:
        consulta = consulta.where(
            sa.exists().where(
                col(Riduzione.distinta_id) == col(Distinta.distinta_id), col(Riduzione.progetto_id).in_(progetti)
            )
        )
    if dopo is not None:
        consulta = consulta.where(col(Distinta.distinta_id) < dopo)
    return list(await session.scalars(consulta))


async def righe_della_distinta(
    session: AsyncSession, distinta_id: UUID, dopo: int | None, limite: int | None, *, blocca: bool = False
) -> list[Riduzione]:
    """The reductions of a Distinta by protocol number."""
    consulta = sa.select(Riduzione).where(col(Riduzione.distinta_id) == distinta_id).order_by(col(Riduzione.protocollo))
    if dopo is not None:
        consulta = consulta.where(col(Riduzione.protocollo) > dopo)
    if limite is not None:
        consulta = consulta.limit(limite)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return list(await session.scalars(consulta))


async def progetti_della_distinta(session: AsyncSession, distinta_id: UUID) -> list[UUID]:
    """The projects whose households' reductions are in a Distinta."""
    righe = await session.scalars(
        sa.select(col(Riduzione.progetto_id))
        .where(col(Riduzione.distinta_id) == distinta_id, col(Riduzione.progetto_id).is_not(None))
        .distinct()
    )
    return [riga for riga in righe if riga is not None]


async def progetti_dell_ente(session: AsyncSession, ente: str, progetti: Sequence[UUID] | None = None) -> list[UUID]:
    """Among some projects (or all), those in which an organisation takes part."""
    consulta = "SELECT progetto_id FROM progetto WHERE :ente = ANY (enti)"
    dati: dict[str, object] = {"ente": ente}
    if progetti is not None:
        consulta += " AND progetto_id = ANY (CAST(:progetti AS uuid[]))"
        dati["progetti"] = list(progetti)
    return list(await session.scalars(sa.text(consulta), dati))
