"""Sixty-four clients on one fund and ten thousand households, the service and PostgreSQL killed in the middle.

Fifteen seconds by default; the whole minute: `QUARTIERI_MARTELLO_S=60 pytest tests/local/test_martello.py`.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from chassis.database import Database
from chassis.ids import uuid7
from chassis.settings import load_settings
from chassis.signing import open_signing
from chassis.store import open_store
from deploy.local.platform import LocalPlatform
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di
from services.puntiluna.service.registro import sigilla, verifica_registro
from tests.support.semina import semina

pytestmark = [pytest.mark.local, pytest.mark.slow]

SECONDI = float(os.environ.get("QUARTIERI_MARTELLO_S", "15"))
CLIENTI, NUCLEI = 64, 10_000
COMUNE, SEME = "COMUNE-MARTELLO", 20201130
INIZIALE_CENT = 50_000

Riga = tuple[UUID, int]


@dataclass
class Diario:
    """What the clients sent and what they were told."""

    mandate: dict[str, Riga] = field(default_factory=dict)
    confermate: dict[str, UUID] = field(default_factory=dict)
    rifiutate: set[str] = field(default_factory=set)
    versati_cent: int = INIZIALE_CENT
    versati_forse_cent: int = 0
    tagliate: int = 0


class Cliente:
    """An office that posts to households, or fills the fund; what is cut off is sent again with the same references."""

    def __init__(self, numero: int, url: str, progetto: UUID, nuclei: list[UUID], diario: Diario) -> None:
        self.caso = random.Random(SEME + numero)
        self.riempie = numero % 16 == 0
        self.url, self.progetto, self.nuclei, self.diario = f"{url}/v1/progetti/{progetto}", progetto, nuclei, diario

    async def lavora(self, sessione: aiohttp.ClientSession, fino_a: float) -> None:
        """Send until the time is over, then once more what has no answer yet."""
        while time.monotonic() < fino_a:
            await (self.alimenta(sessione, fino_a) if self.riempie else self.riporta(sessione, fino_a))

    async def riporta(self, sessione: aiohttp.ClientSession, fino_a: float) -> None:
        righe = {
            uuid7().hex: (self.caso.choice(self.nuclei), self.caso.randint(1, 300))
            for _ in range(self.caso.choice((1, 1, 1, 20)))
        }
        self.diario.mandate |= righe
        corpo = {
            "atto": "Martello",
            "righe": [
                {"riferimento": r, "nucleo_id": str(n), "punti": f"{p // 100}.{p % 100:02d}"}
                for r, (n, p) in righe.items()
            ],
        }
        risposta = await self._insiste(sessione, "riporti", corpo, fino_a)
        for voce in (risposta or {"items": []})["items"]:
            if voce["esito"] == "registrato":
                self.diario.confermate[voce["riferimento"]] = UUID(voce["movimento_id"])
            else:
                assert voce["esito"] == "saldo_insufficiente", voce
                self.diario.rifiutate.add(voce["riferimento"])

    async def alimenta(self, sessione: aiohttp.ClientSession, fino_a: float) -> None:
        cent = self.caso.randint(100, 5000)
        self.diario.versati_forse_cent += cent
        corpo = {"importo": f"{cent // 100}.{cent % 100:02d}", "origine": "comune", "atto": uuid7().hex}
        if await self._insiste(sessione, "alimentazioni", corpo, fino_a):
            self.diario.versati_cent += cent
            self.diario.versati_forse_cent -= cent

    async def _insiste(self, sessione: aiohttp.ClientSession, dove: str, corpo: Any, fino_a: float) -> Any:
        """The answer to a request, sent again with one key until it comes or the time is over; None then."""
        chiave = {"Idempotency-Key": uuid7().hex}
        while True:
            try:
                async with sessione.post(f"{self.url}/{dove}", json=corpo, headers=chiave) as risposta:
                    if risposta.status in {200, 201}:
                        return await risposta.json()
                    assert risposta.status == 503, await risposta.text()
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            self.diario.tagliate += 1
            if time.monotonic() > fino_a + 10:
                return None
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def piattaforma() -> AsyncIterator[LocalPlatform]:
    """A platform of our own."""
    async with LocalPlatform.throwaway() as platform:
        yield platform


async def uccidi(platform: LocalPlatform, fino_a: float) -> None:
    """kill -9 of the service after a third of the time, of PostgreSQL after two."""
    for nome, quando in (("puntiluna", 2 / 3), ("postgres", 1 / 3)):
        await asyncio.sleep(max(0.0, fino_a - SECONDI * quando - time.monotonic()))
        platform.kill(nome)
        await platform.restart(nome)


async def test_what_was_acknowledged_is_there_and_nothing_is_doubled(piattaforma: LocalPlatform) -> None:
    platform = piattaforma
    assert platform.postgres is not None
    progetto, nuclei = uuid7(), [uuid7() for _ in range(NUCLEI)]
    connection = await asyncpg.connect(platform.postgres.admin_url("puntiluna"))
    await semina(connection, [progetto], nuclei, COMUNE, INIZIALE_CENT)
    await connection.close()
    diario = Diario()
    token = await platform.token(roles=["funzionario_comune"], subject="martello", ente=COMUNE)
    url = f"http://127.0.0.1:{platform.ports.puntiluna}"
    clienti = [Cliente(numero, url, progetto, nuclei, diario) for numero in range(CLIENTI)]
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {token}"},
        connector=aiohttp.TCPConnector(limit=CLIENTI),
        timeout=aiohttp.ClientTimeout(total=20),
    ) as sessione:
        fino_a = time.monotonic() + SECONDI
        await asyncio.gather(uccidi(platform, fino_a), *(cliente.lavora(sessione, fino_a) for cliente in clienti))
    await platform.wait_ready(["puntiluna"])

    assert diario.tagliate > 0, "the kills must have cut requests off, or nothing was proved"
    assert len(diario.confermate) > 100
    connection = await asyncpg.connect(platform.postgres.admin_url("puntiluna"))
    righe = await connection.fetch(
        "SELECT m.movimento_id, m.dettaglio->>'riferimento' AS riferimento, r.conto_id, r.importo_cent "
        "FROM movimento m JOIN riga r USING (movimento_id) WHERE m.causa = 'riporto' AND r.importo_cent > 0"
    )
    scritte = {riga["riferimento"]: riga for riga in righe}
    assert len(scritte) == len(righe), "no reference is posted twice"
    for riferimento, riga in scritte.items():
        nucleo, punti = diario.mandate[riferimento]
        conto = conto_id_di(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo))
        assert (riga["conto_id"], riga["importo_cent"]) == (conto, punti)
    for riferimento, movimento_id in diario.confermate.items():
        assert scritte[riferimento]["movimento_id"] == movimento_id, "what was acknowledged is there"
    assert not diario.rifiutate & scritte.keys(), "what was refused is not"
    conti = await connection.fetch("SELECT tipo, titolare, saldo_cent FROM conto")
    await connection.close()
    assert sum(conto["saldo_cent"] for conto in conti) == 0
    assert all(conto["saldo_cent"] >= 0 for conto in conti if conto["tipo"] != "apporto")
    fondo = next(conto["saldo_cent"] for conto in conti if conto["tipo"] == "fondo")
    usciti = sum(riga["importo_cent"] for riga in righe)
    assert diario.versati_cent <= fondo + usciti <= diario.versati_cent + diario.versati_forse_cent

    impostazioni = load_settings("puntiluna", platform.environment())
    database = Database(impostazioni.database_url.get_secret_value(), pool_size=1)
    async with database.transaction() as session:
        await sigilla(session, now=datetime.now(UTC))
        verifica = await verifica_registro(session, open_store(impostazioni), open_signing(impostazioni))
    await database.close()
    assert verifica.in_ordine, verifica.guasti()[:5]
