"""What the measurements of the ledger stand on: a platform on a disk, funds and households without number, pgbench."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid5

import asyncpg

from chassis.ids import uuid7
from deploy.local.platform import LocalPlatform
from deploy.local.postgres import binary
from tests.support.semina import semina

FONDI, NUCLEI = 1000, 10_000
CLIENTI, CLIENTI_GRUPPI, SECONDI = 32, 4, 6
COMUNE = "COMUNE-MISURA"
_SPAZIO = UUID("7d2d9f1e-1111-4222-8333-444455556666")

# What a row of `POST /progetti/{id}/riporti` makes the database do, as one call: who the officer is, whose household
# it is, and the posting.
UNA = """\\set f random(1, {fondi})
\\set c random(1, {nuclei})
SELECT p.enti, n.nucleo_id, r.esito FROM misura f JOIN progetto p ON p.fondo_id = f.conto_id, misura c
  JOIN nucleo n ON n.nucleo_id = c.titolare::uuid LEFT JOIN contratto USING (nucleo_id), registra_movimenti(
  now(), ARRAY[f.conto_id, c.conto_id], ARRAY['punti', 'punti'], ARRAY['fondo', 'nucleo'],
  ARRAY[f.titolare, c.titolare], ARRAY[f.titolare::uuid, NULL], ARRAY[gen_random_uuid()], ARRAY['punti'],
  ARRAY['riporto'], ARRAY['pgbench:' || gen_random_uuid()], ARRAY[NULL::uuid], ARRAY[NULL::uuid], ARRAY[now()],
  ARRAY['{{"atto": "misura"}}'], ARRAY[1, 1], ARRAY[f.conto_id, c.conto_id], ARRAY[-1::bigint, 1]) r
 WHERE f.tipo = 'fondo' AND f.n = :f AND c.tipo = 'nucleo' AND c.n = :c;
"""


class Banco:
    """A platform under measurement.

    Args:
        platform: with its own PostgreSQL, on a disk, fsync on.
        folder: for scripts and bodies.
    """

    def __init__(self, platform: LocalPlatform, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        self.fondi = [uuid5(_SPAZIO, f"progetto {n}") for n in range(1, FONDI + 1)]
        self.nuclei = [uuid5(_SPAZIO, f"nucleo {n}") for n in range(1, NUCLEI + 1)]

    def admin(self, service: str = "puntiluna") -> str:
        """Address of a service's database as the superuser."""
        assert self.platform.postgres is not None
        return self.platform.postgres.admin_url(service)

    async def semina(self) -> None:
        """Make a thousand funds that hold plenty and ten thousand households."""
        connection = await asyncpg.connect(self.admin())
        try:
            await semina(connection, self.fondi, self.nuclei, COMUNE, 1_000_000_000)
        finally:
            await connection.close()

    def pgbench(self, fondi: int, secondi: float = SECONDI) -> float:
        """Transactions a second of single postings, as one call each, by 32 clients."""
        script = self.folder / f"una-{fondi}.sql"
        script.write_text(UNA.format(fondi=fondi, nuclei=NUCLEI), "utf-8")
        done = subprocess.run(
            [
                *(binary("pgbench"), self.admin(), "-n", "-M", "prepared", "-f", str(script)),
                *("-c", str(CLIENTI), "-j", "2", "-T", str(int(secondi))),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        assert found is not None, done.stdout
        assert "number of failed transactions: 0 " in done.stdout, done.stdout
        return float(found[1])

    async def http(self, fondi: int, righe: int, secondi: float = SECONDI) -> dict[str, float]:
        """Answers a second of `POST /progetti/{id}/riporti` to the service, some rows each; groups from 4 clients."""
        corpi = self.folder / f"corpi-{fondi}-{righe}.txt"
        quanti = int((3000 if righe == 1 else 60) * secondi)
        with corpi.open("w", encoding="utf-8") as stream:
            for numero in range(quanti):
                progetto = self.fondi[numero * 7919 % fondi]
                elenco = [
                    {
                        "riferimento": uuid7().hex,
                        "nucleo_id": str(self.nuclei[(numero * righe + posto) * 104_729 % NUCLEI]),
                        "punti": "0.01",
                    }
                    for posto in range(righe)
                ]
                stream.write(f"/v1/progetti/{progetto}/riporti\t{json.dumps({'atto': 'Misura', 'righe': elenco})}\n")
        token = await self.platform.token(roles=["funzionario_comune"], subject="misura", ente=COMUNE)
        done = await asyncio.to_thread(
            subprocess.run,
            [
                *(sys.executable, "-m", "tests.bench.posts", str(self.platform.ports.puntiluna), str(corpi)),
                *(str(CLIENTI if righe == 1 else CLIENTI_GRUPPI), str(secondi)),
            ],
            input=f"Authorization: Bearer {token}",
            capture_output=True,
            text=True,
            check=True,
        )
        told: dict[str, float] = json.loads(done.stdout)
        # An overloaded service answers 503: not a posting.
        assert told["wrong"] < 0.5 * told["rate"] * secondi, told
        return {**told, "rate": told["rate"] - told["wrong"] / secondi}
