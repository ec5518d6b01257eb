"""Claims on person-hours: reading them all for a person, and writing who holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.rules.ore import Fonte, Pretesa, StatoOra


@dataclass(frozen=True, slots=True)
class OraLetta:
    """A claim as stored."""

    ora_id: UUID
    versione: int
    versione_fonte: int
    persona_id: UUID
    stato: StatoOra
    pagata_da: UUID | None
    pretesa: Pretesa


@dataclass(frozen=True, slots=True)
class OraDaScrivere:
    """A claim to write, keyed by its source."""

    ora_id: UUID
    versione_fonte: int
    persona_id: UUID
    stato: StatoOra
    pretesa: Pretesa


async def scrivi_ore(session: AsyncSession, ore: Sequence[OraDaScrivere], *, now: datetime) -> None:
    """Write claims in one statement; a claim already known by its source takes the new interval and state."""
    if not ore:
        return
    righe: list[dict[str, Any]] = [
        {
            "ora_id": o.ora_id,
            "versione": 1,
            "fonte": str(o.pretesa.fonte),
            "fonte_id": o.pretesa.fonte_id,
            "versione_fonte": o.versione_fonte,
            "persona_id": o.persona_id,
            "inizio": o.pretesa.inizio,
            "fine": o.pretesa.fine,
            "decisa_il": o.pretesa.decisa_il,
            "stato": str(o.stato),
            "pagata_da": None,
            "aggiornata_il": now,
        }
        for o in ore
    ]
    await session.execute(
        sa.text(
            "INSERT INTO ora_pagata SELECT * FROM json_populate_recordset(NULL::ora_pagata, CAST(:righe AS json)) "
            "ON CONFLICT (fonte, fonte_id) DO UPDATE SET versione = ora_pagata.versione + 1, "
            "versione_fonte = EXCLUDED.versione_fonte, persona_id = EXCLUDED.persona_id, inizio = EXCLUDED.inizio, "
            "fine = EXCLUDED.fine, decisa_il = EXCLUDED.decisa_il, stato = EXCLUDED.stato, pagata_da = NULL, "
            "aggiornata_il = EXCLUDED.aggiornata_il"
        ),
        {"righe": orjson.dumps(righe, default=str).decode()},
    )


async def ora_della_fonte(session: AsyncSession, fonte: Fonte, fonte_id: UUID) -> OraLetta | None:
    """The claim of a source, locked."""
    riga = (
        await session.execute(
            sa.text(
                "SELECT *, false AS ferma FROM ora_pagata WHERE fonte = :fonte AND fonte_id = :fonte_id FOR UPDATE"
            ),
            {"fonte": str(fonte), "fonte_id": fonte_id},
        )
    ).first()
    return None if riga is None else _letta(riga)


async def pretese_delle_persone(session: AsyncSession, persone: Sequence[UUID]) -> list[OraLetta]:
    """All the active claims of some persons, each attendance with whether a landlord already confirmed its points.

    Points leave a household's account in the order in which they came: an attendance's points are confirmed as soon as
    what landlords confirmed reaches beyond what the account had received before them.
    """
    righe = await session.execute(
        sa.text(
            """
            SELECT o.*, coalesce(
              o.fonte = 'presenza' AND a.movimento_id IS NOT NULL AND (
                SELECT coalesce(sum(r.confermato_cent), 0) FROM riduzione r
                 WHERE r.nucleo_id = a.nucleo_id AND r.origine = 'punti' AND r.stato IN ('confermata', 'liquidata')
              ) > (
                SELECT coalesce(sum(l.importo_cent), 0) FROM riga l JOIN movimento m USING (movimento_id)
                 WHERE l.conto_id = a.conto_id AND l.importo_cent > 0 AND m.causa NOT IN ('restituzione', 'conferma')
                   AND m.ordine < (SELECT ordine FROM movimento WHERE movimento_id = a.movimento_id)
              ) AND EXISTS (SELECT FROM conto c WHERE c.conto_id = a.conto_id AND c.tipo = 'nucleo'), false) AS ferma
              FROM ora_pagata o LEFT JOIN accredito a ON o.fonte = 'presenza' AND a.presenza_id = o.fonte_id
             WHERE o.persona_id = ANY (CAST(:persone AS uuid[])) AND o.stato IN ('pagata', 'ceduta', 'rinunciata')
             ORDER BY o.ora_id FOR UPDATE OF o
            """
        ),
        {"persone": list(persone)},
    )
    return [_letta(riga) for riga in righe]


async def sposta_ore(
    session: AsyncSession, cambi: Sequence[tuple[UUID, StatoOra, UUID | None]], *, now: datetime
) -> None:
    """Change the state of claims (id, new state, source that holds the hour); give first those that leave the hour."""
    for uscenti in (True, False):
        scelti = [c for c in cambi if (c[1] is not StatoOra.PAGATA) is uscenti]
        if scelti:
            await session.execute(
                sa.text(
                    "UPDATE ora_pagata o SET stato = n.stato, pagata_da = n.pagata_da, versione = o.versione + 1, "
                    "aggiornata_il = CAST(:ora AS timestamptz) FROM unnest(CAST(:ids AS uuid[]), "
                    "CAST(:stati AS text[]), CAST(:pagate AS uuid[])) AS n (ora_id, stato, pagata_da) "
                    "WHERE o.ora_id = n.ora_id"
                ),
                {
                    "ora": now,
                    "ids": [c[0] for c in scelti],
                    "stati": [str(c[1]) for c in scelti],
                    "pagate": [c[2] for c in scelti],
                },
            )


def _letta(r: Any) -> OraLetta:
    return OraLetta(
        ora_id=r.ora_id,
        versione=r.versione,
        versione_fonte=r.versione_fonte,
        persona_id=r.persona_id,
        stato=StatoOra(r.stato),
        pagata_da=r.pagata_da,
        pretesa=Pretesa(Fonte(r.fonte), r.fonte_id, r.inizio, r.fine, r.decisa_il, r.ferma),
    )
