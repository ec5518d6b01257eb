"""Donations, and what each household would still need from the common pool."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Donazione, Ripartizione
from services.puntiluna.rules.ripartizione import Bisogno

_BISOGNI = sa.text(
    """
    WITH dovuto AS (
      SELECT c.nucleo_id, min(prima.al_giorno) AS dal,
             sum(greatest(d.importo_cent - coalesce(r.pendente, 0) - coalesce(r.confermato, 0), 0)) AS riducibile
        FROM (SELECT DISTINCT n.nucleo_id, c.ente_proprietario, c.contratto_codice
                FROM nucleo n JOIN contratto c USING (nucleo_id)
               WHERE n.progetto_id = :progetto AND (c.al IS NULL OR c.al >= :oggi)) c
        JOIN debito d USING (ente_proprietario, contratto_codice)
        LEFT JOIN LATERAL (
          SELECT min(p.al_giorno) AS al_giorno FROM posizione_debitoria p
           WHERE p.ente_proprietario = c.ente_proprietario AND p.contratto_codice = c.contratto_codice
             AND p.importo_cent > 0) prima ON true
        LEFT JOIN LATERAL (
          SELECT sum(r.importo_cent) FILTER (WHERE r.stato = 'prenotata') AS pendente,
                 sum(r.confermato_cent) FILTER (
                   WHERE r.stato IN ('confermata', 'liquidata')
                     AND (r.risposta_il > d.ricevuta_il
                          OR (r.risposta_il AT TIME ZONE 'Europe/Rome')::date > d.al_giorno)) AS confermato
            FROM riduzione r WHERE r.ente_proprietario = c.ente_proprietario
             AND r.contratto_codice = c.contratto_codice) r ON true
       GROUP BY c.nucleo_id)
    SELECT v.nucleo_id, v.dal, (v.riducibile - coalesce(k.saldo_cent, 0))::bigint AS importo_cent
      FROM dovuto v LEFT JOIN conto k
        ON k.libro = 'punti' AND k.tipo = 'nucleo' AND k.titolare = v.nucleo_id::text
     WHERE v.riducibile > coalesce(k.saldo_cent, 0)
     ORDER BY v.nucleo_id
    """
)


async def bisogni_del_progetto(session: AsyncSession, progetto_id: UUID, oggi: date) -> list[Bisogno]:
    """Households of a project that owe more than their own points cover, with how much and since when it is known."""
    righe = await session.execute(_BISOGNI, {"progetto": progetto_id, "oggi": oggi})
    return [Bisogno(r.nucleo_id, int(r.importo_cent), r.dal) for r in righe]


async def donazione(session: AsyncSession, donazione_id: UUID) -> Donazione | None:
    """A donation."""
    return await session.get(Donazione, donazione_id)


async def donazioni_del_nucleo(
    session: AsyncSession, nucleo_id: UUID, dopo: UUID | None, limite: int
) -> list[Donazione]:
    """Donations that a household made, the latest first."""
    consulta = (
        sa.select(Donazione)
        .where(col(Donazione.da_nucleo_id) == nucleo_id)
        .order_by(col(Donazione.donazione_id).desc())
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Donazione.donazione_id) < dopo)
    return list(await session.scalars(consulta))


async def ripartizioni(session: AsyncSession, progetto_id: UUID, dopo: UUID | None, limite: int) -> list[Ripartizione]:
    """The acts that shared a project's pool out, the latest first."""
    consulta = (
        sa.select(Ripartizione)
        .where(col(Ripartizione.progetto_id) == progetto_id)
        .order_by(col(Ripartizione.ripartizione_id).desc())
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Ripartizione.ripartizione_id) < dopo)
    return list(await session.scalars(consulta))


async def nuclei_noti(session: AsyncSession, nuclei: Sequence[UUID]) -> set[UUID]:
    """Which of some households are known here."""
    return set(
        await session.scalars(
            sa.text("SELECT nucleo_id FROM nucleo WHERE nucleo_id = ANY (CAST(:nuclei AS uuid[]))"),
            {"nuclei": list(nuclei)},
        )
    )
