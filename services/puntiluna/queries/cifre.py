"""Business figures of the service, for its metrics."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Accredito, DaSigillare, Distinta, FonteRiduzione, Riduzione


async def riduzioni_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of the reductions in each state: what was confirmed where there is an answer, what was asked elsewhere."""
    stato = col(Riduzione.stato)
    importo = sa.case(
        (stato.in_(["confermata", "liquidata"]), col(Riduzione.confermato_cent)), else_=col(Riduzione.importo_cent)
    )
    rows = await session.execute(sa.select(stato, sa.func.sum(importo)).group_by(stato))
    return {(row[0],): int(row[1]) for row in rows}


async def punti_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Hundredths of a point issued for attendances, and those that wait for a fund."""
    emessi, dovuti = sa.func.sum(col(Accredito.concesso_cent)), sa.func.sum(col(Accredito.dovuto_cent))
    row = (await session.execute(sa.select(sa.func.coalesce(emessi, 0), sa.func.coalesce(dovuti, 0)))).one()
    return {("emessi",): int(row[0]), ("in_attesa_fondo",): int(row[1]) - int(row[0])}


async def distinte_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of the Distinte in each state: what waits for approval, for payment, and what was settled."""
    rows = await session.execute(
        sa.select(col(Distinta.stato), sa.func.sum(col(Distinta.totale_cent))).group_by(col(Distinta.stato))
    )
    return {(row[0],): int(row[1]) for row in rows}


async def da_distinguere(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents that landlords confirmed and no Distinta holds yet."""
    libere = sa.select(sa.func.coalesce(sa.func.sum(col(FonteRiduzione.importo_cent)), 0)).where(
        col(FonteRiduzione.distinta_id).is_(None)
    )
    return {(): int(await session.scalar(libere) or 0)}


async def differenze_per_tipo(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many differences the latest reconciliation of each landlord showed, by kind."""
    rows = await session.execute(
        sa.text(
            "SELECT d.tipo, count(*) FROM differenza d WHERE d.riconciliazione_id IN (SELECT DISTINCT ON "
            "(ente_proprietario) riconciliazione_id FROM riconciliazione "
            "ORDER BY ente_proprietario, riconciliazione_id DESC) GROUP BY d.tipo"
        )
    )
    return {(row[0],): int(row[1]) for row in rows}


async def da_sigillare(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many movements wait for their seal."""
    return {(): int(await session.scalar(sa.select(sa.func.count()).select_from(DaSigillare)) or 0)}
