"""What live updates read: how far the seals have come, whom the new ones concern, what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.rules.flussi import Posizione

_TOCCATI = sa.text(
    """
    WITH nuovi AS (
      SELECT s.movimento_id, m.causa, m.dettaglio->>'riduzione_id' AS riduzione
        FROM sigillo s JOIN movimento m USING (movimento_id)
       WHERE (s.libro = 'punti' AND s.n > :da_punti AND s.n <= :a_punti)
          OR (s.libro = 'quote' AND s.n > :da_quote AND s.n <= :a_quote))
    SELECT k.titolare FROM nuovi JOIN riga r USING (movimento_id) JOIN conto k USING (conto_id)
     WHERE k.tipo IN ('nucleo', 'donatore') AND k.titolare = ANY (CAST(:nuclei AS text[]))
     UNION
    SELECT d.nucleo_id::text FROM nuovi JOIN riduzione d ON d.riduzione_id = CAST(nuovi.riduzione AS uuid)
     WHERE nuovi.causa = 'conferma' AND d.nucleo_id::text = ANY (CAST(:nuclei AS text[]))
    """
)

_NOVITA = sa.text(
    """
    WITH suoi AS (
      SELECT r.movimento_id, sum(r.importo_cent)::bigint AS importo_cent FROM riga r
       WHERE r.conto_id = ANY (CAST(:conti AS uuid[])) GROUP BY r.movimento_id
       UNION ALL
      SELECT m.movimento_id, 0 FROM riduzione d JOIN movimento m ON m.chiave = 'risposta:' || d.riduzione_id::text
       WHERE d.nucleo_id = :nucleo AND d.risposta_il IS NOT NULL AND d.confermato_cent = d.importo_cent)
    SELECT s.libro, s.n, m.movimento_id, m.causa, m.registrato_il, m.accaduto_il, m.dettaglio, suoi.importo_cent,
           d.confermato_cent, d.riferimento
      FROM suoi JOIN sigillo s USING (movimento_id) JOIN movimento m USING (movimento_id)
      LEFT JOIN riduzione d ON d.riduzione_id = CAST(m.dettaglio->>'riduzione_id' AS uuid)
     WHERE (s.libro = 'punti' AND s.n > :punti) OR (s.libro = 'quote' AND s.n > :quote)
     ORDER BY s.libro, s.n LIMIT :limite
    """
)


@dataclass(frozen=True, slots=True)
class Novita:
    """A sealed movement that concerns a household (hundredths); `confermato_cent`: what its landlord confirmed."""

    libro: str
    n: int
    movimento_id: UUID
    causa: str
    registrato_il: datetime
    accaduto_il: datetime
    dettaglio: dict[str, Any]
    importo_cent: int
    confermato_cent: int | None
    riferimento: str | None


async def ultima_posizione(session: AsyncSession) -> Posizione:
    """How far the seals have come."""
    riga = (
        await session.execute(
            sa.text(
                "SELECT coalesce((SELECT max(n) FROM sigillo WHERE libro = 'punti'), 0) AS punti, "
                "coalesce((SELECT max(n) FROM sigillo WHERE libro = 'quote'), 0) AS quote"
            )
        )
    ).one()
    return Posizione(riga.punti, riga.quote)


async def nuclei_toccati(session: AsyncSession, nuclei: Sequence[UUID], da: Posizione, a: Posizione) -> set[UUID]:
    """Which of some households the seals between two positions concern."""
    dati = {"da_punti": da.punti, "a_punti": a.punti, "da_quote": da.quote, "a_quote": a.quote}
    trovati = await session.scalars(_TOCCATI, dati | {"nuclei": [str(nucleo) for nucleo in nuclei]})
    return {UUID(trovato) for trovato in trovati}


async def novita(
    session: AsyncSession, nucleo_id: UUID, conti: Sequence[UUID], da: Posizione, limite: int
) -> list[Novita]:
    """The sealed movements of a household after a position, in order."""
    righe = await session.execute(
        _NOVITA,
        {"nucleo": nucleo_id, "conti": list(conti), "punti": da.punti, "quote": da.quote, "limite": limite},
    )
    return [Novita(**riga) for riga in righe.mappings()]
