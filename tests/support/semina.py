"""Funds and households without number, written straight into the database of puntiluna: measurements and hard tests.

The table `misura` lists their accounts by number, for who speaks SQL only.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di

SEMINA = """
    CREATE TABLE IF NOT EXISTS misura (tipo text, n int, conto_id uuid, titolare text, PRIMARY KEY (tipo, n))"""
PROGETTI = """
    INSERT INTO progetto (progetto_id, versione_progetto, codice, titolo, capofila, enti, stato, impegnato_cent,
                          tetto_cent, da_progetto_cent, fondo_id, versione, aperto_il, aggiornato_il)
    SELECT titolare::uuid, 1, 'MISURA-' || n, 'Misura', $1::text, ARRAY[$1::text], 'impegnato', 0, 0, 0, conto_id, 1,
           now(), now()
      FROM misura WHERE tipo = 'fondo'"""
CASE = """
    WITH nuovi AS (INSERT INTO nucleo (nucleo_id, versione, progetto_id, aggiornato_il)
                   SELECT titolare::uuid, 1, NULL, now() FROM misura WHERE tipo = 'nucleo' RETURNING nucleo_id)
    INSERT INTO contratto (ente_proprietario, contratto_codice, nucleo_id, dal)
    SELECT 'ALER-MISURA', 'C-' || nucleo_id, nucleo_id, '2010-01-01' FROM nuovi"""
FONDO = """
    SELECT registra_movimenti(
        now(), $1, ARRAY['punti', 'punti'], ARRAY['fondo', 'apporto'], ARRAY[$2, $2], ARRAY[$3, $3]::uuid[],
        ARRAY[$4]::uuid[], ARRAY['punti'], ARRAY['alimentazione'], ARRAY['misura:' || $2], ARRAY[NULL::uuid],
        ARRAY[NULL::uuid], ARRAY[now()], ARRAY['{}'], ARRAY[1, 1], $1, ARRAY[$5::bigint, -$5::bigint])"""


async def semina(
    connection: Any, progetti: Sequence[UUID], nuclei: Sequence[UUID], comune: str, importo_cent: int
) -> None:
    """Make projects whose funds hold an amount, and households with a contract.

    Args:
        connection: to puntiluna's database, as its owner or a superuser.
        progetti: ids of the projects.
        nuclei: ids of the households.
        comune: who leads the projects.
        importo_cent: what each fund holds, in hundredths.
    """
    await connection.execute(SEMINA)
    righe = [
        (str(tipo), n, conto_id_di(Libro.PUNTI, tipo, str(chi)), str(chi))
        for tipo, elenco in ((TipoConto.FONDO, progetti), (TipoConto.NUCLEO, nuclei))
        for n, chi in enumerate(elenco, start=1)
    ]
    await connection.executemany("INSERT INTO misura VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", righe)
    await connection.execute(PROGETTI, comune)
    await connection.execute(CASE)
    for chi in progetti:
        conti = [conto_id_di(Libro.PUNTI, tipo, str(chi)) for tipo in (TipoConto.FONDO, TipoConto.APPORTO)]
        await connection.execute(FONDO, conti, str(chi), chi, uuid7(), importo_cent)
    await connection.execute("ANALYZE")
