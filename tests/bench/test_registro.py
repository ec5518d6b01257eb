"""The ledger: single postings and batches over HTTP beside pgbench, events from a backlog, past balances, memory."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from chassis.database import Database
from deploy.local.platform import LocalPlatform
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di
from services.puntiluna.service.saldi import saldo_del_nucleo
from tests.bench.registro import CLIENTI, CLIENTI_GRUPPI, FONDI, Banco
from tests.bench.report import Report, Row

pytestmark = pytest.mark.bench

GIRI = 3
EVENTI = 20_000
MOVIMENTI = 10_000

STORIA = """
    DO $$ BEGIN FOR giro IN 0..{giri} LOOP PERFORM registra_movimenti(
        timestamptz '2019-01-01' + giro * interval '1 hour', ARRAY['{fondo}', '{casa}']::uuid[],
        ARRAY['punti', 'punti'], ARRAY['fondo', 'nucleo'], ARRAY['{progetto}', '{nucleo}'],
        ARRAY['{progetto}', NULL]::uuid[],
        (SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 20)), array_fill('punti'::text, ARRAY[20]),
        array_fill('riporto'::text, ARRAY[20]),
        (SELECT array_agg('storia:' || giro || ':' || n) FROM generate_series(1, 20) n),
        array_fill(NULL::uuid, ARRAY[20]), array_fill(NULL::uuid, ARRAY[20]),
        array_fill(timestamptz '2019-01-01', ARRAY[20]), array_fill('{{}}'::text, ARRAY[20]),
        (SELECT array_agg(n ORDER BY n) FROM generate_series(1, 20) n, generate_series(1, 2)),
        (SELECT array_agg(c ORDER BY n, k) FROM generate_series(1, 20) n,
                (VALUES (1, '{fondo}'::uuid), (2, '{casa}'::uuid)) v (k, c)),
        (SELECT array_agg(i ORDER BY n, k) FROM generate_series(1, 20) n,
                (VALUES (1, -1::bigint), (2, 1::bigint)) v (k, i))); END LOOP; END $$"""
SALDO_NUDO = "SELECT sum(importo_cent) FROM riga WHERE conto_id = $1 AND registrato_il <= $2"
ARRETRATO = """
    INSERT INTO outbox (event_id, subject, aggregate_id, versione, body, accaduto_il)
    SELECT gen_random_uuid(), 'laboratori.presenza.confermata.v1', p, 1, jsonb_build_object(
             'presenza_id', p, 'versione', 1, 'stato', 'confermata', 'laboratorio_id', gen_random_uuid(),
             'progetto_id', $2::uuid, 'attivita_id', gen_random_uuid(), 'persona_id', gen_random_uuid(),
             'nucleo_id', ($3::uuid[])[n % 1000 + 1], 'inizio', t, 'fine', t + interval '2 hours', 'minuti', 120,
             'fascia', 'base', 'diretta', true, 'categoria_indiretta', null, 'confermata_il', t), t
      FROM (SELECT n, gen_random_uuid() AS p,
                   timestamptz '2019-05-01 09:00Z' + n % 300 * interval '1 day' AS t
              FROM generate_series(1, $1::int) n) q"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def banco(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Banco]:
    """A platform on a disk, fsync on, with a thousand funds and ten thousand households."""
    async with LocalPlatform.throwaway(durable=True) as platform:
        banco = Banco(platform, tmp_path_factory.mktemp("registro"))
        await banco.semina()
        yield banco


def righe(what: str, figure: list[float], floor: list[float], promise: float, note: str, times: int = 1) -> Row:
    """A row of the table: medians of the rounds, and the ratio of each round."""
    ratios = [got * times / base for got, base in zip(figure, floor, strict=True)]
    ratio = statistics.median(ratios)
    return Row(
        what,
        f"{statistics.median(figure) * times:,.0f} postings/s",
        f"pgbench, the same statements as one call: {statistics.median(floor):,.0f}/s",
        f"{ratio:.2f}x ({min(ratios):.2f}-{max(ratios):.2f})",
        f">= {promise}x",
        ratio >= promise,
        note,
    )


@pytest.mark.parametrize(("fondi", "singola", "gruppo"), [(FONDI, 0.3, 1.3), (1, 0.7, 3.0)], ids=["spread", "hot"])
async def test_postings_over_http_beside_pgbench(
    banco: Banco, report: Report, fondi: int, singola: float, gruppo: float
) -> None:
    floor, single, batch = [], [], []
    for _ in range(GIRI):
        floor.append(banco.pgbench(fondi))
        single.append((await banco.http(fondi, 1))["rate"])
        batch.append((await banco.http(fondi, 100))["rate"])
    where = "one hot fund" if fondi == 1 else "spread over a thousand funds"
    note = "straight to the service: token, roles, ownership, validation; PostgreSQL on the same machine; clients: "
    report.add(righe(f"HTTP single posting, {where}", single, floor, singola, f"{note}{CLIENTI}"))
    report.add(righe(f"HTTP batch of 100, {where}", batch, floor, gruppo, f"{note}{CLIENTI_GRUPPI}", times=100))


async def test_past_balance_of_a_household_with_ten_thousand_movements(banco: Banco, report: Report) -> None:
    nucleo, progetto = banco.nuclei[0], banco.fondi[0]
    casa = conto_id_di(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo))
    fondo = conto_id_di(Libro.PUNTI, TipoConto.FONDO, str(progetto))
    connection = await asyncpg.connect(banco.admin())
    giri = MOVIMENTI // 20 - 1
    await connection.execute(STORIA.format(giri=giri, fondo=fondo, casa=casa, progetto=progetto, nucleo=nucleo))
    database = Database(banco.platform.environment()["PUNTILUNA_DATABASE_URL"], pool_size=1)
    ours, bare = [], []
    for ore in range(0, giri, 5):
        istante = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=ore)
        async with database.transaction() as session:
            started = time.perf_counter()
            saldo = await saldo_del_nucleo(session, nucleo, al=istante)
            ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        sommate = await connection.fetchval(SALDO_NUDO, casa, istante)
        bare.append(time.perf_counter() - started)
        assert saldo.saldo_cent == sommate == 20 * (ore + 1)
    await database.close()
    await connection.close()
    took, floor = statistics.median(ours) * 1e3, statistics.median(bare) * 1e3
    report.add(
        Row(
            f"balance of a household at past instants, {MOVIMENTI:,} movements",
            f"{took:.2f} ms, worst {max(ours) * 1e3:.1f} ms",
            f"bare sum of the lines: {floor:.2f} ms, worst {max(bare) * 1e3:.1f} ms",
            f"{took / floor:.2f}x",
            "<= 5 ms",
            took <= 5,
        )
    )


async def test_events_applied_from_a_backlog(banco: Banco, report: Report) -> None:
    platform = banco.platform
    connection = await asyncpg.connect(banco.admin())
    await platform.stop_one("puntiluna")
    laboratori = await asyncpg.connect(banco.admin("laboratori"))
    await laboratori.execute(ARRETRATO, EVENTI, banco.fondi[1], banco.nuclei[:1000])
    scadenza = time.monotonic() + 120
    while await laboratori.fetchval("SELECT count(*) FROM outbox WHERE inviato_il IS NULL"):
        assert time.monotonic() < scadenza, "the relay of laboratori did not publish the backlog"
        await asyncio.sleep(0.2)
    await laboratori.close()
    await platform.restart("puntiluna", wait=False)
    letti: list[tuple[float, int]] = []
    scadenza = time.monotonic() + 180
    while not letti or letti[-1][1] < EVENTI:
        assert time.monotonic() < scadenza, letti[-3:]
        letti.append((time.perf_counter(), await connection.fetchval("SELECT count(*) FROM accredito")))
        await asyncio.sleep(0.05)
    await platform.wait_ready(["puntiluna"])
    await connection.close()
    (inizio, primi), (fine, ultimi) = next(voce for voce in letti if voce[1]), letti[-1]
    rate = (ultimi - primi) / (fine - inizio)
    report.add(
        Row(
            f"events applied from a backlog of {EVENTI:,}",
            f"{rate:,.0f} events/s",
            promise=">= 3,000/s",
            kept=rate >= 3000,
            note="from NATS to points posted; start of the process not counted; sealing and telling go on meanwhile",
        )
    )
