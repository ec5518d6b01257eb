"""Everybody at once: events told twice by two replicas, desks, officers and the landlord on the same project."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import Response

from chassis.database import as_unavailable
from chassis.ids import uuid7
from services.puntiluna.service.accrediti import avanza_tutte_le_attese, recupera_punti
from services.puntiluna.service.registro import sigilla, verifica_registro
from tests.puntiluna.fatti import ANNULLATA, COMUNE, CONFERMATA, RETTIFICATA, Mondo, presenza
from tests.support.service import ServiceUnderTest

pytestmark = pytest.mark.slow

SEME = 20201130
PERSONE, GESTI = 8, 30

Evento = tuple[str, dict[str, Any], UUID]


class Folla:
    """Eight people at desks, offices and the landlord's, each with a sequence of gestures of their own."""

    def __init__(self, mondo: Mondo, famiglie: list[tuple[UUID, str]]) -> None:
        self.mondo = mondo
        self.servizio = mondo.servizio
        self.famiglie = famiglie
        self.rifiuti: list[str] = []

    async def persona(self, numero: int) -> None:
        """Make thirty gestures."""
        caso = random.Random(SEME + numero)
        for _ in range(GESTI):
            gesto = caso.choices([self.prenota, self.dona, self.alimenta, self.rispondi], [4, 3, 1, 2])[0]
            risposta = await gesto(caso, f"{caso.randint(1, 9)}.{caso.randint(0, 99):02d}")
            assert risposta is None or risposta.status_code < 500 or risposta.status_code == 503, risposta.text
            if risposta is not None and risposta.is_error:
                self.rifiuti.append(risposta.json()["type"])

    async def prenota(self, caso: random.Random, punti: str) -> Response | None:
        famiglia, contratto = caso.choice(self.famiglie)
        corpo = {"ente_proprietario": self.mondo.ente, "contratto_codice": contratto, "importo": punti}
        return await self.servizio.post(f"/v1/nuclei/{famiglia}/riduzioni", json=corpo, roles=["operatore_laboratorio"])

    async def dona(self, caso: random.Random, punti: str) -> Response | None:
        (da, _), (a, _) = caso.choice(self.famiglie), caso.choice(self.famiglie)
        dono = {"importo": punti, "da_nucleo_id": str(da), "a_nucleo_id": str(a)}
        return await self.servizio.post("/v1/donazioni", json=dono, roles=["operatore_laboratorio"])

    async def alimenta(self, caso: random.Random, punti: str) -> Response | None:
        atto = {"importo": punti, "origine": "comune", "atto": f"{uuid7()} {caso.random()}"}
        return await self.servizio.post(
            f"/v1/progetti/{self.mondo.progetto_id}/alimentazioni", json=atto, roles=["funzionario_comune"], ente=COMUNE
        )

    async def rispondi(self, caso: random.Random, punti: str) -> Response | None:
        lotto = await self.mondo.lotto()
        if lotto is None:
            return None
        confermata, respinta = {"esito": "confermata"}, {"esito": "respinta", "motivo": "altro", "nota": punti}
        righe = [
            {"protocollo": riga["protocollo"]} | caso.choice([confermata, respinta]) for riga in lotto["righe"][:3]
        ]
        return await self.servizio.post(
            f"/v1/lotti/{lotto['lotto_id']}/risposte",
            json={"righe": righe},
            roles=["ente_proprietario"],
            ente=self.mondo.ente,
        )


async def replica(servizio: ServiceUnderTest, eventi: list[Evento]) -> None:
    """Apply events in batches of seven; what meets a busy database is delivered again, as the broker does."""
    for inizio in range(0, len(eventi), 7):
        for tentativo in range(20):
            try:
                await servizio.deliver_batch(eventi[inizio : inizio + 7])
                break
            except sa.exc.DBAPIError as errore:
                if as_unavailable(errore) is None or tentativo == 19:
                    raise


async def lavori(servizio: ServiceUnderTest) -> None:
    """What time does, meanwhile."""
    for _ in range(10):
        for lavoro in (recupera_punti, avanza_tutte_le_attese, sigilla):
            async with servizio.transaction() as session:
                await lavoro(session, now=servizio.clock.now())
        await asyncio.sleep(0.02)


def storie(caso: random.Random, mondo: Mondo, famiglie: list[tuple[UUID, str]]) -> list[list[Evento]]:
    """Eighty attendances, some corrected, some cancelled."""
    tutte = []
    for _ in range(80):
        fatta = presenza(mondo.progetto_id, caso.choice(famiglie)[0], minuti=15 * caso.randint(1, 8))
        storia: list[Evento] = [(CONFERMATA, fatta, uuid7())]
        if caso.random() < 0.5:
            storia.append((RETTIFICATA, fatta | {"versione": 2, "minuti": 15 * caso.randint(1, 8)}, uuid7()))
        if caso.random() < 0.3:
            storia.append((ANNULLATA, fatta | {"versione": 3, "stato": "annullata"}, uuid7()))
        tutte.append(storia)
    return tutte


async def test_everybody_at_once_ends_where_the_facts_say(puntiluna: ServiceUnderTest) -> None:
    caso = random.Random(SEME)
    mondo = await Mondo(puntiluna).apri("300.00")
    famiglie = [await mondo.nucleo_moroso("40.00") for _ in range(6)]
    fatti = storie(caso, mondo, famiglie)
    eventi = [evento for storia in fatti for evento in storia] * 2
    caso.shuffle(eventi)
    folla = Folla(mondo, famiglie)
    meta = len(eventi) // 2
    await asyncio.gather(
        replica(puntiluna, eventi[:meta]),
        replica(puntiluna, eventi[meta:]),
        lavori(puntiluna),
        *(folla.persona(numero) for numero in range(PERSONE)),
    )
    await mondo.alimenta("5000.00", origine="comune")
    await lavori(puntiluna)

    ultimi = [storia[-1][1] for storia in fatti]
    atteso = sum(corpo["minuti"] * 500 // 60 for corpo in ultimi if corpo["stato"] == "confermata")
    cifre = await mondo.cifre()
    assert cifre["punti_emessi"] == f"{atteso // 100}.{atteso % 100:02d}"
    assert cifre["presenze_in_attesa"] == 0
    async with puntiluna.transaction() as session:
        verifica = await verifica_registro(session)
        ridotti = await session.execute(
            sa.text(
                "SELECT contratto_codice, sum(CASE stato WHEN 'prenotata' THEN importo_cent ELSE confermato_cent END) "
                "AS ridotto, array_agg(protocollo) AS protocolli FROM riduzione WHERE ente_proprietario = :ente "
                "GROUP BY contratto_codice"
            ),
            {"ente": mondo.ente},
        )
        per_contratto = ridotti.all()
    assert verifica.in_ordine, verifica.guasti()
    assert all(riga.ridotto <= 4000 for riga in per_contratto), "no contract is ever reduced beyond its debt"
    numeri = sorted(numero for riga in per_contratto for numero in riga.protocolli)
    assert numeri == list(range(1, len(numeri) + 1)), "protocol numbers have no gaps"
    assert len(numeri) > 10
    assert len(folla.rifiuti) > 5, "the run must have met refusals, or nothing was contended"
