"""A ranking of 10,000 applications with five criteria and three tie-breakers: computed, stored, read, explained."""

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.bandi.esempi import ENTI, Ufficio
from tests.bench.report import Report, Row
from tests.support.service import ServiceUnderTest, service_fixture

pytestmark = pytest.mark.bench

bandi = service_fixture("bandi", enti=ENTI)

MANY = 10_000
CRITERI = "ABCDE"
CODICE = "DIECIMILA"

# Ten thousand presented, admitted and scored applications, as the service itself would have written them.
FILL = (
    """INSERT INTO domanda (domanda_id, bando_id, versione, stato, capofila, bozza, autore, creata_il, aggiornata_il,
                            protocollo, presentata_il, protocollata_il)
       SELECT uuidv7(), bando_id, 3, 'valutata', 'COMUNE-' || n, '{}', 'prova', now(), now(), n,
              '2018-01-10', '2018-01-10'
       FROM bando, generate_series(1, :many) n WHERE codice = :codice""",
    """INSERT INTO domanda_presentata (domanda_id, regole_versione, titolo, durata_mesi, membri, costo_cent,
                                       contributo_cent, contenuto, canonico, impronta)
       SELECT domanda_id, 1, 'Progetto ' || protocollo, 24, 3, 15000, 15000, '{"membri": []}', '{}',
              encode(sha256('{}'), 'hex')
       FROM domanda""",
    """INSERT INTO sotto_progetto (domanda_id, linea, titolo, costo_cent, contributo_cent, cofinanziamento_denaro_cent)
       SELECT domanda_id, linea, 'Parte', cent, cent, 0
       FROM domanda_presentata, (VALUES ('LAB', 10000), ('INC', 5000)) parti (linea, cent)""",
    """INSERT INTO istruttoria (domanda_id, esito, motivi, rilievi, premialita, decisa_da, decisa_il)
       SELECT domanda_id, 'ammissibile', '[]', '[]', '[]', 'prova', now() FROM domanda_presentata""",
    """INSERT INTO scheda (scheda_id, domanda_id, commissario, firmata_il, collegiale)
       SELECT uuidv7(), domanda_id, soggetto, now(), false FROM domanda_presentata, commissario""",
    """INSERT INTO punteggio (scheda_id, criterio, punti_cent)
       SELECT scheda_id, criterio, 1000 + (hashtext(scheda_id::text || criterio) & 511)
       FROM scheda, unnest(string_to_array('A,B,C,D,E', ',')) criterio""",
    "UPDATE bando SET ultimo_protocollo = :many WHERE codice = :codice",
)
BARE_STORE = """INSERT INTO riga_graduatoria
    SELECT :other, ordine, protocollo, domanda_id, posizione, totale_cent, esito, motivo, cambiamento, ammesso_cent,
           contenuto
    FROM riga_graduatoria WHERE graduatoria_id = :graduatoria"""
BARE_PAGE = "SELECT contenuto FROM riga_graduatoria WHERE graduatoria_id = :graduatoria ORDER BY ordine LIMIT 101"


async def filled(bandi: ServiceUnderTest) -> Ufficio:
    valutazione = {
        "criteri": [{"codice": code, "titolo": code, "punti_massimi": "20.00"} for code in CRITERI],
        "punteggio_massimo": "100.00",
        "soglia": "30.00",
        "spareggi": [{"tipo": "criterio", "criterio": "A"}, {"tipo": "contributo_minore"}, {"tipo": "protocollo"}],
    }
    linee = [
        {"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": "300000.00"},
        {"codice": "INC", "azione": "9.1.3", "fondo": "FSE", "dotazione": "200000.00"},
    ]
    office = await Ufficio(bandi, CODICE).pubblica(linee=linee, valutazione=valutazione)
    async with bandi.transaction() as session:
        for statement in FILL:
            await session.execute(sa.text(statement), {"many": MANY, "codice": CODICE} if ":" in statement else {})
    bandi.clock.set(datetime(2018, 5, 23, 10, tzinfo=UTC))
    return office


async def median_ms(call: Callable[[], Awaitable[Any]], times: int = 30) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


async def test_ten_thousand_applications_are_ranked_stored_and_read(bandi: ServiceUnderTest, report: Report) -> None:
    office = await filled(bandi)
    started = time.perf_counter()
    ranking = await office.approva()
    seconds = time.perf_counter() - started
    assert (ranking["righe"], ranking["finanziate"]) == (MANY, 3_000)
    ids = {"graduatoria": ranking["graduatoria_id"]}

    async def bare(statement: str, **values: Any) -> None:
        async with bandi.transaction() as session:
            await session.execute(sa.text(statement), ids | values)

    started = time.perf_counter()
    with pytest.raises(sa.exc.IntegrityError):  # the copy has no ranking of its own: written, then refused at the end
        await bare(BARE_STORE, other="00000000-0000-7000-8000-000000000000")
    floor_s = time.perf_counter() - started
    report.add(
        Row(
            f"ranking of {MANY} applications, computed and stored",
            f"{seconds:.2f} s",
            f"bare INSERT of the same rows {floor_s:.2f} s",
            f"{seconds / floor_s:.1f}x",
            "<= 2 s",
            seconds <= 2,
        )
    )
    path = f"/v1/bandi/{CODICE}/graduatorie/1"
    page_floor = await median_ms(lambda: bare(BARE_PAGE))
    for what, call in (
        ("page of 100 rows", f"{path}/righe"),
        ("explanation of one row", f"{path}/righe/7777/spiegazione"),
    ):
        taken = await median_ms(lambda call=call: office.ok("GET", call, roles=None))  # type: ignore[misc]
        report.add(
            Row(
                f"{what}, ranking of {MANY}",
                f"{taken:.1f} ms",
                f"bare SELECT of 100 rows {page_floor:.1f} ms",
                f"{taken / page_floor:.1f}x",
                "<= 50 ms",
                taken <= 50,
            )
        )
