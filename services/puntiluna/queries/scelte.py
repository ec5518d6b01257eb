"""Standing choices of households, and who of them has something to reduce."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import SceltaNucleo

# Points to spend beyond what is kept aside, and a debt of a contract in force that nobody refused to reduce.
_DA_RIDURRE = sa.text(
    """
    SELECT s.nucleo_id
      FROM scelta_nucleo s
      JOIN conto k ON k.libro = 'punti' AND k.tipo = 'nucleo' AND k.titolare = s.nucleo_id::text
      LEFT JOIN LATERAL (SELECT sum(residuo_cent) AS residuo FROM recupero WHERE conto_id = k.conto_id) q ON true
     WHERE s.automatica AND k.saldo_cent - coalesce(q.residuo, 0) - s.riserva_cent > 0
       AND EXISTS (
         SELECT FROM contratto c JOIN debito d USING (ente_proprietario, contratto_codice)
           LEFT JOIN LATERAL (
             SELECT coalesce(sum(r.importo_cent) FILTER (WHERE r.stato = 'prenotata'), 0)
                    + coalesce(sum(r.confermato_cent) FILTER (
                        WHERE r.stato IN ('confermata', 'liquidata')
                          AND (r.risposta_il > d.ricevuta_il
                               OR (r.risposta_il AT TIME ZONE 'Europe/Rome')::date > d.al_giorno)), 0) AS preso,
                    coalesce(bool_or(r.origine = 'punti' AND r.automatica AND r.stato <> 'prenotata'
                             AND r.confermato_cent < r.importo_cent AND r.risposta_il >= d.ricevuta_il), false)
                      AS rifiutata
               FROM riduzione r WHERE r.ente_proprietario = c.ente_proprietario
                AND r.contratto_codice = c.contratto_codice) r ON true
          WHERE c.nucleo_id = s.nucleo_id AND c.al IS NULL AND c.dal <= :oggi AND NOT r.rifiutata
            AND d.importo_cent - r.preso > 0
            AND least(k.saldo_cent - coalesce(q.residuo, 0) - s.riserva_cent, d.importo_cent - r.preso)
                >= least(s.minimo_cent, d.importo_cent - r.preso))
     ORDER BY s.nucleo_id LIMIT :quanti
    """
)


async def scelta(session: AsyncSession, nucleo_id: UUID, *, blocca: bool = False) -> SceltaNucleo | None:
    """The standing choice of a household."""
    consulta = sa.select(SceltaNucleo).where(col(SceltaNucleo.nucleo_id) == nucleo_id)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(consulta)


async def nuclei_da_ridurre(session: AsyncSession, quanti: int, oggi: date) -> list[UUID]:
    """Households that let their points reduce their arrears, and have both."""
    return list(await session.scalars(_DA_RIDURRE, {"quanti": quanti, "oggi": oggi}))
