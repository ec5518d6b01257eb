"""Business figures of the service, for its metrics."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.bandi.models import (
    DichiarazioneSpesa,
    DocumentoPresentato,
    Domanda,
    EsameSpesa,
    Progetto,
    ProgettoLinea,
    Rimodulazione,
    Soccorso,
)

IMPORTI = ("programmato", "ammesso", "impegnato", "erogato")


async def domande_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many applications are in each state."""
    stato = col(Domanda.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def soccorsi_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many requests to complete an application are in each state."""
    stato = col(Soccorso.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def documenti_presentati(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many documents were presented, by format."""
    formato = col(DocumentoPresentato.formato)
    counted = sa.select(formato, sa.func.count()).group_by(formato)
    return {(row[0],): row[1] for row in await session.execute(counted)}


async def progetti_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many projects are in each state."""
    stato = col(Progetto.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}


async def denaro_per_azione(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of all the projects, by action of the funding line and by stage of the waterfall."""
    somme = [sa.func.sum(getattr(ProgettoLinea, f"{nome}_cent")) for nome in IMPORTI]
    azione = col(ProgettoLinea.azione)
    rows = await session.execute(sa.select(azione, *somme).group_by(azione))
    return {(row[0], nome): int(somma) for row in rows for nome, somma in zip(IMPORTI, row[1:], strict=True)}


async def denaro_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of all the projects, by state of the project and by stage of the waterfall."""
    somme = [sa.func.sum(getattr(ProgettoLinea, f"{nome}_cent")) for nome in IMPORTI]
    stato = col(Progetto.stato)
    same = col(Progetto.progetto_id) == col(ProgettoLinea.progetto_id)
    rows = await session.execute(sa.select(stato, *somme).join(Progetto, same).group_by(stato))
    return {(row[0], nome): int(somma) for row in rows for nome, somma in zip(IMPORTI, row[1:], strict=True)}


async def spese_per_esito(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents of the declared expenses: still to be examined, admitted, cut."""

    def total(what: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(what), 0)

    waiting = sa.case((col(EsameSpesa.ammesso_cent).is_(None), col(DichiarazioneSpesa.dichiarato_cent)), else_=0)
    cut = col(DichiarazioneSpesa.dichiarato_cent) - col(EsameSpesa.ammesso_cent)
    same = sa.and_(
        col(EsameSpesa.progetto_id) == col(DichiarazioneSpesa.progetto_id),
        col(EsameSpesa.numero) == col(DichiarazioneSpesa.numero),
    )
    statement = (
        sa.select(total(waiting), total(col(EsameSpesa.ammesso_cent)), total(cut))
        .select_from(DichiarazioneSpesa)
        .outerjoin(EsameSpesa, same)
    )
    row = (await session.execute(statement)).one()
    return {(nome,): int(somma) for nome, somma in zip(("da_esaminare", "ammesse", "tagliate"), row, strict=True)}


async def da_recuperare(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Cents that final accounts ask back and nobody has given back yet."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(col(ProgettoLinea.da_recuperare_cent)), 0))
    return {(): int(await session.scalar(statement) or 0)}


async def rimodulazioni_per_stato(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """How many requests to redraw a plan are in each state."""
    stato = col(Rimodulazione.stato)
    return {(row[0],): row[1] for row in await session.execute(sa.select(stato, sa.func.count()).group_by(stato))}
