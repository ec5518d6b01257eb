"""What lineage reads: accounts that gave to each other, and all their movements."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.models import FonteRiduzione
from services.puntiluna.rules.provenienza import MovimentoTracciato, RigaTracciata
from services.puntiluna.rules.registro import TipoConto


async def conti_a_monte(session: AsyncSession, conti: Sequence[UUID]) -> list[UUID]:
    """Some accounts with all those that gave to them, and to those, and so on."""
    righe = await session.scalars(
        sa.text(
            """
            WITH RECURSIVE monte (conto_id) AS (
              SELECT unnest(CAST(:conti AS uuid[]))
              UNION
              SELECT da.conto_id
                FROM monte JOIN riga a ON a.conto_id = monte.conto_id AND a.importo_cent > 0
                JOIN movimento m ON m.movimento_id = a.movimento_id
                 AND m.causa IN ('donazione', 'ripartizione', 'unione')
                JOIN riga da ON da.movimento_id = a.movimento_id AND da.importo_cent < 0
                JOIN conto c ON c.conto_id = da.conto_id AND c.tipo IN ('nucleo', 'donatore', 'solidale'))
            SELECT conto_id FROM monte
            """
        ),
        {"conti": list(conti)},
    )
    return list(righe)


async def conti_a_valle(session: AsyncSession, conti: Sequence[UUID]) -> list[UUID]:
    """Some accounts with all those that received from them, and from those, and so on."""
    righe = await session.scalars(
        sa.text(
            """
            WITH RECURSIVE valle (conto_id) AS (
              SELECT unnest(CAST(:conti AS uuid[]))
              UNION
              SELECT a.conto_id
                FROM valle JOIN riga da ON da.conto_id = valle.conto_id AND da.importo_cent < 0
                JOIN riga a ON a.movimento_id = da.movimento_id AND a.importo_cent > 0
                JOIN conto c ON c.conto_id = a.conto_id AND c.tipo IN ('nucleo', 'donatore', 'solidale'))
            SELECT conto_id FROM valle
            """
        ),
        {"conti": list(conti)},
    )
    return list(righe)


async def conti_del_movimento(session: AsyncSession, movimento_id: UUID) -> list[UUID]:
    """The accounts that a movement entered."""
    return list(
        await session.scalars(
            sa.text("SELECT conto_id FROM riga WHERE movimento_id = :movimento AND importo_cent > 0"),
            {"movimento": movimento_id},
        )
    )


async def movimenti_dei_conti(session: AsyncSession, conti: Sequence[UUID]) -> list[MovimentoTracciato]:
    """All the movements of some accounts with all their lines, in the order of the ledger."""
    righe = (
        await session.execute(
            sa.text(
                """
                SELECT m.ordine, m.dettaglio->>'riduzione_id' AS riduzione, m.dettaglio->>'donazione_id' AS donazione,
                       m.causa = 'ripartizione' AS ripartizione, r.conto_id, c.tipo, c.progetto_id, r.importo_cent
                  FROM movimento m JOIN riga r USING (movimento_id) JOIN conto c USING (conto_id)
                 WHERE m.movimento_id IN (SELECT movimento_id FROM riga WHERE conto_id = ANY (CAST(:conti AS uuid[])))
                 ORDER BY m.ordine, r.conto_id
                """
            ),
            {"conti": list(conti)},
        )
    ).all()
    return [
        MovimentoTracciato(
            ordine=ordine,
            riduzione_id=UUID(sue[0].riduzione) if sue[0].riduzione else None,
            donazione_id=UUID(sue[0].donazione) if sue[0].donazione else None,
            ripartizione=sue[0].ripartizione,
            righe=tuple(RigaTracciata(r.conto_id, TipoConto(r.tipo), r.progetto_id, r.importo_cent) for r in sue),
        )
        for ordine, sue in ((ordine, list(gruppo)) for ordine, gruppo in groupby(righe, key=lambda riga: riga.ordine))
    ]


async def tipi_dei_conti(session: AsyncSession, conti: Sequence[UUID]) -> dict[UUID, str]:
    """What kind of account each one is."""
    righe = await session.execute(
        sa.text("SELECT conto_id, tipo FROM conto WHERE conto_id = ANY (CAST(:conti AS uuid[]))"),
        {"conti": list(conti)},
    )
    return {riga.conto_id: riga.tipo for riga in righe}


async def scrivi_fonti(session: AsyncSession, fonti: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Write what each project pays of each reduction; what is already written stays."""
    if fonti:
        await session.execute(
            insert(FonteRiduzione)
            .values([{"riduzione_id": r, "progetto_id": p, "importo_cent": i} for r, p, i in fonti])
            .on_conflict_do_nothing()
        )
