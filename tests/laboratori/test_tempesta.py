"""Many operators at once, for a while, doing everything to the same people: whatever the order, the facts hold."""

import asyncio
import random
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa

from tests.laboratori.esempi import attivita, da_operatrice, laboratorio, nucleo, persona, presenza
from tests.support.service import ServiceUnderTest

OPERATRICI = [f"operatrice.{n}" for n in range(6)]
MOSSE = 240
PESI = {"conferma": 4, "elenco": 2, "rettifica": 1, "annulla": 1, "iscrive": 2, "ritira": 1, "contratto": 1}


class Tempesta:
    """One lab, a few people and activities, and what is done to them at random."""

    def __init__(self, servizio: ServiceUnderTest, seme: int) -> None:
        self.servizio = servizio
        self.caso = random.Random(seme)
        self.seme = seme
        self.iscrizioni: list[str] = []
        self.unioni = 0

    async def prepara(self) -> None:
        """Makes the lab, its people and their attendances, some of them overlapping."""
        self.lab = await laboratorio(self.servizio, operatori=["operatrice.lunetta", *OPERATRICI])
        self.persone = [await persona(self.servizio, self.lab) for _ in range(8)]
        self.casa = await nucleo(self.servizio, self.lab, *self.persone[:3])
        cose = [await attivita(self.servizio, self.lab) for _ in range(3)]
        self.futura = await attivita(
            self.servizio, self.lab, capienza=3, inizio="2019-12-01T08:00:00Z", fine="2019-12-01T12:00:00Z"
        )
        self.presenze = [
            await presenza(self.servizio, cosa, chi, dalle, alle)
            for cosa in cose
            for chi in self.persone[:5]
            for dalle, alle in (("08:00", "09:30"), ("09:00", "11:00"))
        ]

    async def chiama(self, percorso: str, corpo: Any = None) -> Any:
        sub = self.caso.choice(OPERATRICI)
        return await da_operatrice(self.servizio, "POST", percorso, corpo, sub=sub)

    def una_presenza(self) -> str:
        return f"/v1/presenze/{self.caso.choice(self.presenze)}"

    async def conferma(self) -> Any:
        return await self.chiama(f"{self.una_presenza()}/conferma")

    async def elenco(self) -> Any:
        scelte = self.caso.sample(self.presenze, 4)
        return await self.chiama(f"/v1/laboratori/{self.lab}/presenze/conferme", {"presenze": scelte})

    async def rettifica(self) -> Any:
        fine = f"2019-11-18T{self.caso.choice(['09:15', '10:00', '12:30'])}:00Z"
        corpo = {"inizio": "2019-11-18T08:15:00Z", "fine": fine, "motivo": "tempesta"}
        return await self.chiama(f"{self.una_presenza()}/rettifica", corpo)

    async def annulla(self) -> Any:
        return await self.chiama(f"{self.una_presenza()}/annullamento", {"motivo": "tempesta"})

    async def iscrive(self) -> Any:
        corpo = {"persona_id": self.caso.choice(self.persone)}
        risposta = await self.chiama(f"/v1/attivita/{self.futura}/iscrizioni", corpo)
        if risposta.status_code == 201:
            self.iscrizioni.append(risposta.json()["iscrizione_id"])
        return risposta

    async def ritira(self) -> Any:
        if not self.iscrizioni:
            return await self.iscrive()
        return await self.chiama(f"/v1/iscrizioni/{self.caso.choice(self.iscrizioni)}/ritiro")

    async def contratto(self) -> Any:
        codice = f"T{self.seme}-{self.caso.randrange(10**9)}"
        corpo = {"contratto_codice": codice, "ente_proprietario": "ALER-X", "dal": "2010-01-01"}
        return await self.chiama(f"/v1/nuclei/{self.casa}/contratti", corpo)

    async def unione(self) -> Any:
        resta, assorbita = self.caso.sample(self.persone, 2)
        risposta = await self.chiama(f"/v1/persone/{resta}/unioni", {"assorbita_id": assorbita})
        self.unioni += risposta.status_code == 200
        return risposta

    async def scatena(self) -> list[Any]:
        """All the moves, eight at a time; two merges among them."""
        nomi = self.caso.choices(list(PESI), weights=list(PESI.values()), k=MOSSE)
        for posto in (MOSSE // 3, MOSSE // 2, 2 * MOSSE // 3):
            nomi[posto] = "unione"
        coda = asyncio.Semaphore(8)

        async def in_fila(nome: str) -> Any:
            async with coda:
                return await getattr(self, nome)()

        return await asyncio.gather(*(in_fila(nome) for nome in nomi))

    async def righe(self, domanda: str, **valori: Any) -> list[Any]:
        async with self.servizio.transaction() as session:
            return list(await session.execute(sa.text(domanda), valori))

    async def storie(self) -> list[Any]:
        """Each attendance with the versions of its facts and the kind of the last."""
        return await self.righe(
            "SELECT p.presenza_id, p.versione, p.stato, array_agg(f.versione ORDER BY f.versione) AS fatti,"
            " (array_agg(f.tipo ORDER BY f.versione))[count(*)] AS ultimo"
            " FROM presenza p JOIN fatto_presenza f USING (presenza_id) WHERE p.laboratorio_id = :lab GROUP BY 1, 2, 3",
            lab=self.lab,
        )


ULTIMO_FATTO = {
    "registrata": {"registrata"},
    "confermata": {"confermata", "rettificata"},
    "annullata": {"annullata"},
}


@pytest.mark.slow
@pytest.mark.parametrize("seme", [1, 2])
async def test_whatever_many_operators_do_at_once_the_facts_hold_together(
    laboratori: ServiceUnderTest, seme: int
) -> None:
    tempesta = Tempesta(laboratori, seme)
    await tempesta.prepara()
    risposte = await tempesta.scatena()

    rotte = [r.text for r in risposte if r.status_code not in {200, 201, 403, 404, 409, 422}]
    assert rotte == []
    assert sum(r.status_code in {200, 201} for r in risposte) > MOSSE / 5
    assert tempesta.unioni > 0

    storie = await tempesta.storie()
    assert len(storie) == len(tempesta.presenze)
    for storia in storie:
        assert storia.fatti == list(range(1, storia.versione + 1))
        assert storia.ultimo in ULTIMO_FATTO[storia.stato]
    assert {storia.stato for storia in storie} >= {"confermata", "annullata"}

    sovrapposte = await tempesta.righe(
        "SELECT 1 FROM presenza a JOIN presenza b ON a.persona_id = b.persona_id AND a.presenza_id < b.presenza_id"
        " AND a.stato = 'confermata' AND b.stato = 'confermata' AND a.inizio < b.fine AND b.inizio < a.fine"
    )
    assert sovrapposte == []

    raccontate: dict[str, list[int]] = defaultdict(list)
    for evento in await laboratori.emitted():
        if "presenza_id" in evento:
            raccontate[evento["presenza_id"]].append(evento["versione"])
    for storia in storie:
        versioni = raccontate[str(storia.presenza_id)]
        assert len(versioni) == len(set(versioni))
        assert storia.stato != "confermata" or max(versioni) == storia.versione

    [posti] = await tempesta.righe(
        "SELECT a.iscritti, a.in_attesa, count(*) FILTER (WHERE i.stato = 'iscritta') AS dentro,"
        " count(*) FILTER (WHERE i.stato = 'in_attesa') AS fuori"
        " FROM attivita a LEFT JOIN iscrizione i USING (attivita_id) WHERE a.attivita_id = :id GROUP BY 1, 2",
        id=tempesta.futura,
    )
    assert (posti.iscritti, posti.in_attesa) == (posti.dentro, posti.fuori)
    assert posti.iscritti <= 3

    case = [e for e in await laboratori.emitted("laboratori.nucleo.aggiornato.v1") if e["nucleo_id"] == tempesta.casa]
    assert sorted(e["versione"] for e in case) == list(range(1, len(case) + 1))
