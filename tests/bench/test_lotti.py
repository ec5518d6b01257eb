"""A hundred thousand pending reductions pulled and answered batch by batch: what it does to the service's memory."""

import os
import time
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from chassis.ids import uuid7
from deploy.local.platform import LocalPlatform
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di
from tests.bench.registro import Banco
from tests.bench.report import Report, Row

pytestmark = pytest.mark.bench

RIDUZIONI = int(os.environ.get("QUARTIERI_RIDUZIONI", "100000"))
ENTE = "ALER-MISURA"
PROMISE_MB = 50

PROPRIETARIO = "INSERT INTO proprietario VALUES ($1, 60, $2, 0) ON CONFLICT (ente) DO UPDATE SET ultimo_protocollo = $2"
PRENOTATE = """
    INSERT INTO riduzione (riduzione_id, versione, nucleo_id, ente_proprietario, contratto_codice, origine, protocollo,
                           importo_cent, confermato_cent, debito_prima_cent, stato, prenotata_il, prenotata_da,
                           scade_il)
    SELECT gen_random_uuid(), 1, titolare::uuid, $1::text, 'C-' || titolare, 'punti', p, 100, 0, 100000, 'prenotata',
           now(), 'misura', now() + interval '60 days'
      FROM generate_series(1, $2::int) p JOIN misura m ON m.tipo = 'nucleo' AND m.n = p % 10000 + 1"""
PUNTI = """
    SELECT registra_movimenti(
        now(), $1, ARRAY['punti', 'punti'], ARRAY['prenotato', 'apporto'], ARRAY[$2::text, $2::text],
        ARRAY[NULL, NULL]::uuid[], ARRAY[$3]::uuid[], ARRAY['punti'], ARRAY['alimentazione'], ARRAY['misura lotti'],
        ARRAY[NULL::uuid], ARRAY[NULL::uuid], ARRAY[now()], ARRAY['{}'], ARRAY[1, 1], $1,
        ARRAY[$4::bigint, -$4::bigint])"""


async def test_memory_while_a_hundred_thousand_reductions_are_pulled(tmp_path: Path, report: Report) -> None:
    async with LocalPlatform.throwaway(durable=True) as platform:
        banco = Banco(platform, tmp_path)
        await banco.semina()
        connection = await asyncpg.connect(banco.admin())
        await connection.execute(PROPRIETARIO, ENTE, RIDUZIONI)
        conti = [conto_id_di(Libro.PUNTI, tipo, ENTE) for tipo in (TipoConto.PRENOTATO, TipoConto.APPORTO)]
        await connection.execute(PUNTI, conti, ENTE, uuid7(), RIDUZIONI * 100)
        await connection.execute(PRENOTATE, ENTE, RIDUZIONI)
        await connection.execute("ANALYZE")
        process = psutil.Process(platform.children["puntiluna"].pid)
        letture: list[int] = []
        started = time.perf_counter()
        url = f"http://127.0.0.1:{platform.ports.puntiluna}/v1"
        async with httpx.AsyncClient(timeout=120) as client:
            while True:
                token = await platform.token(roles=["ente_proprietario"], subject="misura", ente=ENTE)
                chi = {"Authorization": f"Bearer {token}"}
                lotto = (await client.post(f"{url}/lotti", headers=chi)).raise_for_status().json()["lotto"]
                if lotto is None:
                    break
                righe = [
                    {"protocollo": riga["protocollo"], "esito": "respinta", "motivo": "altro"}
                    for riga in lotto["righe"]
                ]
                risposta = await client.post(
                    f"{url}/lotti/{lotto['lotto_id']}/risposte", headers=chi, json={"righe": righe}
                )
                risposta.raise_for_status()
                letture.append(process.memory_info().rss)
        took = time.perf_counter() - started
        prenotato = await connection.fetchval("SELECT saldo_cent FROM conto WHERE conto_id = $1", conti[0])
        respinte = await connection.fetchval("SELECT count(*) FROM riduzione WHERE stato = 'respinta'")
        await connection.close()
    assert (prenotato, respinte, len(letture)) == (0, RIDUZIONI, -(-RIDUZIONI // 1000))
    # The first batches fill caches and pools: growth is what comes after them.
    base, cima = letture[min(2, len(letture) - 1)], max(letture)
    cresciuta = (cima - base) / 2**20
    report.add(
        Row(
            f"memory while {RIDUZIONI:,} pending reductions are pulled and answered, a thousand at a time",
            f"+{cresciuta:.0f} MB",
            f"resident after the third batch: {base / 2**20:.0f} MB",
            promise=f"<= {PROMISE_MB} MB",
            kept=cresciuta <= PROMISE_MB,
            note=f"{RIDUZIONI / took:,.0f} reductions/s, points returned one by one in the ledger",
        )
    )
