"""What limits add up, and the contracts that decide which account earns."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.rules.accrediti import ContrattoNoto, Presenza
from services.puntiluna.rules.tariffe import Limite, giorno_di, mese_di

# Each kind of limit reads by its own index.
_CONSUMI = sa.text(
    """
    WITH voci AS (
      SELECT * FROM json_to_recordset(CAST(:voci AS json)) AS v (chiave text, ambito text, dal date, al date,
        solo_progetto_id uuid, progetto_id uuid, attivita_id uuid, nucleo_id uuid, mese text, persona_id uuid,
        giorno date)),
    trovati AS (
      SELECT v.chiave, v.dal, v.al, v.solo_progetto_id, a.presenza_id, a.giorno, a.progetto_id, a.dovuto_cent
        FROM voci v JOIN accredito a ON a.attivita_id = v.attivita_id WHERE v.ambito = 'attivita'
      UNION ALL
      SELECT v.chiave, v.dal, v.al, v.solo_progetto_id, a.presenza_id, a.giorno, a.progetto_id, a.dovuto_cent
        FROM voci v JOIN accredito a ON a.nucleo_id = v.nucleo_id AND a.mese = v.mese WHERE v.ambito = 'nucleo_mese'
      UNION ALL
      SELECT v.chiave, v.dal, v.al, v.solo_progetto_id, a.presenza_id, a.giorno, a.progetto_id, a.dovuto_cent
        FROM voci v JOIN accredito a ON a.persona_id = v.persona_id AND a.giorno = v.giorno
       WHERE v.ambito = 'persona_giorno'
      UNION ALL
      SELECT v.chiave, v.dal, v.al, v.solo_progetto_id, a.presenza_id, a.giorno, a.progetto_id, a.dovuto_cent
        FROM voci v JOIN accredito a ON a.progetto_id = v.progetto_id WHERE v.ambito = 'programma')
    SELECT v.chiave, (SELECT coalesce(sum(t.dovuto_cent), 0)::bigint FROM trovati t WHERE t.chiave = v.chiave
              AND t.dovuto_cent > 0 AND t.giorno >= t.dal AND (t.al IS NULL OR t.giorno <= t.al)
              AND (t.solo_progetto_id IS NULL OR t.progetto_id = t.solo_progetto_id)
              AND t.presenza_id <> ALL (CAST(:escluse AS uuid[]))) AS consumo
      FROM voci v
    """
)

_CONTRATTI = sa.text(
    "SELECT n.nucleo_id, c.contratto_codice, c.ente_proprietario, c.dal, c.al, d.importo_cent AS debito_cent "
    "FROM nucleo n LEFT JOIN contratto c USING (nucleo_id) LEFT JOIN debito d "
    "ON d.ente_proprietario = c.ente_proprietario AND d.contratto_codice = c.contratto_codice "
    "WHERE n.nucleo_id = ANY (CAST(:nuclei AS uuid[]))"
)


async def consumi_limiti(
    session: AsyncSession, richiesti: Mapping[str, tuple[Limite, Presenza]], *, escluse: Sequence[UUID]
) -> dict[str, int]:
    """Points already due within limits, in one statement.

    Args:
        session: the transaction.
        richiesti: by what it adds up, a limit and an attendance within it.
        escluse: attendances that do not count: they are under evaluation.

    Returns:
        The points of each (hundredths).
    """
    if not richiesti:
        return {}
    voci = [
        {
            "chiave": chiave,
            "ambito": str(limite.ambito),
            "dal": limite.dal,
            "al": limite.al,
            "solo_progetto_id": limite.progetto_id,
            "progetto_id": presenza.progetto_id,
            "attivita_id": presenza.attivita_id,
            "nucleo_id": presenza.nucleo_id,
            "mese": mese_di(presenza.inizio),
            "persona_id": presenza.persona_id,
            "giorno": giorno_di(presenza.inizio),
        }
        for chiave, (limite, presenza) in richiesti.items()
    ]
    righe = await session.execute(
        _CONSUMI, {"voci": orjson.dumps(voci, default=str).decode(), "escluse": list(escluse)}
    )
    return {riga.chiave: riga.consumo for riga in righe}


async def contratti_dei_nuclei(session: AsyncSession, nuclei: Collection[UUID]) -> dict[UUID, list[ContrattoNoto]]:
    """Contracts with their debts of the households that laboratori told of; the others are absent."""
    righe = await session.execute(_CONTRATTI, {"nuclei": list(nuclei)})
    contratti: dict[UUID, list[ContrattoNoto]] = {}
    for riga in righe:
        noti = contratti.setdefault(riga.nucleo_id, [])
        if riga.contratto_codice is not None:
            noti.append(
                ContrattoNoto(riga.contratto_codice, riga.ente_proprietario, riga.dal, riga.al, riga.debito_cent)
            )
    return contratti
