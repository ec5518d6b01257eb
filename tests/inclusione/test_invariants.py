"""Under any interleaving of what people do to plans, the money adds up and no cap is passed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.errors import Refusal
from chassis.ids import uuid7
from tests.inclusione.storia import APRILE, Storia
from tests.inclusione.test_ora_pagata import GIA_PAGATA, LIBERATA, dice
from tests.inclusione.test_ore import gia_pagata

LUNEDI = datetime(2019, 3, 4, 6, tzinfo=UTC)
PERSONE, PASSI, INSIEME = 6, 120, 8

CONTI = {
    "la linea tiene quanto i suoi piani": """
        SELECT l.riservato_servizi_cent, l.riservato_indennita_cent, sum(p.riservato_servizi_cent),
               sum(p.riservato_indennita_cent) FROM linea l JOIN pip p USING (progetto_id)
        WHERE l.progetto_id = :progetto GROUP BY l.progetto_id, 1, 2
        HAVING (l.riservato_servizi_cent, l.riservato_indennita_cent)
            <> (sum(p.riservato_servizi_cent), sum(p.riservato_indennita_cent) + (
                SELECT coalesce(sum(c.importo_cent), 0) FROM contributo c
                WHERE c.progetto_id = l.progetto_id AND c.stato <> 'revocato'))""",
    "la linea ha rimborsato quanto i suoi piani, e mai piu' di quanto tiene": """
        SELECT l.rimborsato_cent, sum(p.rimborsato_cent) FROM linea l JOIN pip p USING (progetto_id)
        WHERE l.progetto_id = :progetto GROUP BY l.progetto_id, 1
        HAVING l.rimborsato_cent <> sum(p.rimborsato_cent) OR l.rimborsato_cent > l.riservato_servizi_cent
            OR l.rimborsato_cent + l.liquidato_cent > l.capienza_cent""",
    "un piano ha rimborsato quanto ammesso e non restituito": """
        SELECT p.pip_id FROM pip p LEFT JOIN rimborso_riga r ON r.pip_id = p.pip_id AND r.viva
        WHERE p.progetto_id = :progetto GROUP BY p.pip_id
        HAVING p.rimborsato_cent <> coalesce(sum(r.ammesso_cent), 0)
            OR p.rimborsato_cent > p.massimale_percorso_cent""",
    "un'ora sta in una sola domanda viva": """
        SELECT r.ore_id FROM rimborso_riga r JOIN pip p USING (pip_id)
        WHERE p.progetto_id = :progetto AND r.viva GROUP BY r.ore_id, r.tipo HAVING count(*) > 1""",
    "un operatore chiede quanto le sue domande, entro il massimale": """
        SELECT o.ente FROM operatore_linea o LEFT JOIN domanda_rimborso d USING (progetto_id, misura_id, ente)
        WHERE o.progetto_id = :progetto GROUP BY o.progetto_id, o.misura_id, o.ente
        HAVING o.chiesto_cent <> coalesce(sum(coalesce(d.ammesso_cent, (
                    SELECT sum(r.chiesto_cent) FROM rimborso_riga r
                    WHERE r.domanda_id = d.domanda_id AND r.tipo = 'ora'), 0))
                FILTER (WHERE d.stato <> 'ritirata'), 0)
            OR o.ammesso_cent <> coalesce(sum(d.ammesso_cent), 0) OR o.chiesto_cent > o.tetto_cent""",
    "il liquidato della linea e' la somma dei pagamenti": """
        SELECT l.progetto_id FROM linea l WHERE l.progetto_id = :progetto AND l.liquidato_cent <> (
            SELECT coalesce(sum(q.importo_cent), 0) FROM liquidazione q JOIN lotto_liquidazione t USING (lotto_id)
            WHERE t.progetto_id = l.progetto_id)""",
    "un pagamento sta in un solo flusso non respinto": """
        SELECT r.liquidazione_id FROM flusso_pagamento_riga r JOIN flusso_pagamento f USING (flusso_id)
        JOIN lotto_liquidazione t USING (lotto_id) WHERE t.progetto_id = :progetto AND r.esito <> 'respinto'
        GROUP BY r.liquidazione_id HAVING count(*) > 1""",
    "un piano tiene la somma dei suoi movimenti": """
        SELECT p.pip_id FROM pip p LEFT JOIN dote_movimento m USING (pip_id)
        WHERE p.progetto_id = :progetto GROUP BY p.pip_id
        HAVING (p.riservato_servizi_cent, p.riservato_indennita_cent)
            <> (coalesce(sum(m.servizi_cent), 0), coalesce(sum(m.indennita_cent), 0))""",
    "il maturato e' la somma delle voci": """
        SELECT p.pip_id FROM pip p LEFT JOIN voce_indennita v USING (pip_id)
        WHERE p.progetto_id = :progetto GROUP BY p.pip_id
        HAVING p.maturato_cent <> coalesce(sum(v.importo_cent), 0)""",
    "il maturato e' l'indennita' delle ore": """
        SELECT p.pip_id FROM pip p LEFT JOIN ora o USING (pip_id) WHERE p.progetto_id = :progetto GROUP BY p.pip_id
        HAVING p.maturato_cent <> coalesce(sum(o.indennita_cent), 0)
            OR p.costo_servizi_cent <> coalesce(sum(o.costo_cent), 0)""",
    "il liquidato e' la somma delle liquidazioni e delle loro voci": """
        SELECT p.pip_id FROM pip p LEFT JOIN (
            SELECT l.pip_id, sum(l.importo_cent) AS pagato FROM liquidazione l GROUP BY 1) q USING (pip_id)
        LEFT JOIN (SELECT v.pip_id, sum(v.importo_cent) AS voci FROM voce_indennita v
                   JOIN liquidazione_voce USING (voce_id) GROUP BY 1) r USING (pip_id)
        WHERE p.progetto_id = :progetto
          AND (p.liquidato_cent <> coalesce(q.pagato, 0) OR p.liquidato_cent <> coalesce(r.voci, 0))""",
    "il tetto della persona tiene quanto i suoi piani": """
        SELECT t.persona_id FROM tetto_persona t JOIN pip p USING (persona_id, misura_id)
        WHERE p.progetto_id = :progetto GROUP BY t.persona_id, t.misura_id
        HAVING (t.riservato_cent, t.maturato_cent) <> (
            SELECT sum(p.riservato_indennita_cent) + coalesce(sum(c.importo_cent), 0),
                   sum(p.maturato_cent) + coalesce(sum(c.importo_cent), 0)
            FROM (SELECT sum(importo_cent) AS importo_cent FROM contributo
                  WHERE persona_id = t.persona_id AND misura_id = t.misura_id AND stato <> 'revocato') c)""",
    "i minuti del piano sono quelli delle ore": """
        SELECT s.pip_id FROM pip_servizio s JOIN pip p USING (pip_id)
        LEFT JOIN ora o ON o.pip_id = s.pip_id AND o.servizio_codice = s.servizio_codice AND o.stato <> 'annullata'
        WHERE p.progetto_id = :progetto GROUP BY s.pip_id, s.servizio_codice
        HAVING s.registrati_minuti <> coalesce(sum(o.minuti), 0)
            OR s.validati_minuti <> coalesce(sum(o.minuti) FILTER (WHERE o.stato = 'validata'), 0)""",
    "un patto ha dato la sua quota di quanto e' stato pagato": """
        SELECT a.patto_id FROM patto a JOIN liquidazione l USING (patto_id)
        WHERE a.progetto_id = :progetto GROUP BY a.patto_id
        HAVING (a.lordo_cent, a.versato_cent) <> (sum(l.importo_cent), sum(l.quota_morosita_cent))
            OR a.versato_cent <> a.lordo_cent * a.quota_numeratore / a.quota_denominatore""",
    "un piano chiuso tiene soltanto quanto ha usato": """
        SELECT pip_id FROM pip WHERE progetto_id = :progetto AND stato IN ('concluso', 'rinunciato', 'decaduto')
          AND (riservato_servizi_cent, riservato_indennita_cent)
              <> (greatest(costo_servizi_cent, rimborsato_cent), greatest(maturato_cent, liquidato_cent))""",
    "mai oltre la linea, il percorso o la persona, prenotato o speso": """
        SELECT p.pip_id FROM pip p JOIN linea l USING (progetto_id)
        LEFT JOIN tetto_persona t USING (persona_id, misura_id)
        WHERE p.progetto_id = :progetto AND (
            l.riservato_servizi_cent + l.riservato_indennita_cent > l.capienza_cent
            OR p.riservato_servizi_cent > p.massimale_percorso_cent
            OR greatest(p.costo_servizi_cent - p.riservato_servizi_cent, p.maturato_cent - p.riservato_indennita_cent,
                        p.liquidato_cent - p.riservato_indennita_cent, t.riservato_cent - t.tetto_cent) > 0)""",
    "un'ora gia' pagata altrove non matura": """
        SELECT o.ore_id FROM ora o JOIN pip p USING (pip_id)
        WHERE p.progetto_id = :progetto AND o.gia_pagata_il IS NOT NULL AND o.indennita_cent > 0""",
    "nessuna ora diretta in un giorno sospeso": """
        SELECT o.ore_id FROM ora o JOIN pip p USING (pip_id) JOIN pip_sospensione s USING (pip_id)
        WHERE p.progetto_id = :progetto AND o.diretta AND o.stato <> 'annullata'
          AND o.giorno BETWEEN s.dal AND coalesce(s.al, 'infinity')""",
    "un piano e' sospeso finche' ha una sospensione aperta": """
        SELECT p.pip_id FROM pip p LEFT JOIN pip_sospensione s ON s.pip_id = p.pip_id AND s.al IS NULL
        WHERE p.progetto_id = :progetto GROUP BY p.pip_id
        HAVING (p.stato = 'sospeso') <> (count(s.sospensione_id) = 1)""",
}


class Folla:
    """People of the project doing things at random, several at once; refusals are part of life, failures are not."""

    def __init__(self, storia: Storia, seme: int) -> None:
        self.storia = storia
        self.caso = random.Random(seme)
        self.iscrizioni: list[dict[str, Any]] = []
        self.piani: list[str] = []
        self.ore: list[str] = []
        self.riuscite: dict[str, int] = {}
        self.liberati = 0
        self.parole = 1

    async def prova(self, che_cosa: str, metodo: str, percorso: str, corpo: Any, **altro: Any) -> Any:
        """Makes a call; 4xx and overload are answers like others."""
        risposta = await self.storia.op(metodo, percorso, json=corpo, **altro)
        assert risposta.status_code < 500 or risposta.status_code == 503, risposta.text
        if risposta.status_code == 201:
            self.riuscite[che_cosa] = self.riuscite.get(che_cosa, 0) + 1
            return risposta.json()
        return None

    def piano(self) -> dict[str, Any]:
        """A plan of some hours."""
        return self.storia.piano(FORMAZIONE=self.caso.randint(2, 60))

    async def apre(self) -> None:
        """Opens a plan."""
        iscrizione = self.caso.choice(self.iscrizioni)
        corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": self.piano()}
        pip = await self.prova("apre", "POST", "/pip", corpo)
        if pip:
            self.piani.append(pip["pip_id"])
            await self.prova("firma", "POST", f"/pip/{pip['pip_id']}/firme", self.storia.firme(pip))

    async def rivede(self) -> None:
        """Revises a plan and signs it."""
        pip_id = self.caso.choice(self.piani or [str(uuid7())])
        pip = await self.prova("rivede", "POST", f"/pip/{pip_id}/revisioni", self.piano())
        if pip:
            await self.prova("firma revisione", "POST", f"/pip/{pip_id}/firme", self.storia.firme(pip))

    async def lavora(self) -> None:
        """Registers, signs and validates a few hours of several plans, together."""
        giorno = LUNEDI + timedelta(days=self.caso.randint(0, 20), hours=self.caso.randint(0, 10))
        righe = [
            self.storia.ora(giorno, self.caso.choice((60, 90, 120))) | {"pip_id": pip_id}
            for pip_id in self.caso.sample(self.piani, min(3, len(self.piani)))
        ]
        if not righe:
            return
        fatte = (await self.prova("registra", "POST", "/ore/registrazioni", {"righe": righe}) or {}).get("fatte", [])
        if fatte:
            self.ore += fatte
            await self.prova("firma ore", "POST", "/ore/firme", {"ore": fatte, "metodo": "spid"})
            if self.caso.random() < 0.9:
                await self.prova("valida", "POST", "/ore/validazioni", {"ore": fatte[::-1]}, sub="op-2")

    async def annulla(self) -> None:
        """Annuls an hour."""
        ore_id = self.caso.choice(self.ore or [str(uuid7())])
        await self.prova("annulla", "POST", f"/ore/{ore_id}/annullamento", {"motivo": "Errore"})

    async def paga_altrove(self) -> None:
        """The arbiter says an hour was paid with points."""
        if self.ore:
            await gia_pagata(self.storia, self.caso.choice(self.ore))

    async def liquida(self) -> None:
        """The lead pays what accrued."""
        corpo = {"fino_al": f"2019-03-{self.caso.randint(4, 31):02d}", "atto": "Det."}
        risposta = await self.storia.comune("POST", f"/linee/{self.storia.progetto_id}/lotti", json=corpo)
        assert risposta.status_code < 500 or risposta.status_code == 503, risposta.text
        self.riuscite["liquida"] = self.riuscite.get("liquida", 0) + (risposta.status_code == 201)

    async def torna(self) -> None:
        """The arbiter says an hour may be paid again, or once more that it was paid."""
        if self.ore:
            self.parole += 1
            fatto = self.caso.choice((LIBERATA, GIA_PAGATA))
            await dice(self.storia, fatto, self.caso.choice(self.ore), self.parole)

    async def sospende(self) -> None:
        """Suspends a plan, or lets it go on."""
        pip_id = self.caso.choice(self.piani or [str(uuid7())])
        dal = {"motivo": "emergenza_pubblica", "dal": f"2019-03-{self.caso.randint(18, 28)}"}
        if await self.prova("sospende", "POST", f"/pip/{pip_id}/sospensione", dal) is None:
            await self.prova("riprende", "POST", f"/pip/{pip_id}/ripresa", {"il": "2019-03-30"})

    async def rendiconta(self) -> None:
        """The operator claims some days; the officer examines, with cuts, or the operator withdraws."""
        dal = self.caso.randint(4, 20)
        corpo = {
            "misura_codice": self.storia.misura,
            "dal": f"2019-03-{dal:02d}",
            "al": f"2019-03-{self.caso.randint(dal, 31):02d}",
        }
        percorso = f"/linee/{self.storia.progetto_id}/rimborsi"
        domanda = await self.prova("rendiconta", "POST", percorso, corpo)
        if domanda is None:
            return
        if self.caso.random() < 0.2:
            await self.prova("ritira", "POST", f"/rimborsi/{domanda['domanda_id']}/ritiro", None)
            return
        intera = (await self.storia.op("GET", f"/rimborsi/{domanda['domanda_id']}")).json()
        tagli = [
            {"ore_id": voce["ore_id"], "ammesso": "1.00", "motivo": "Firma illeggibile"}
            for voce in intera["voci"]
            if voce["tipo"] == "ora" and self.caso.random() < 0.2
        ]
        istruttoria = {"atto": "Det.", "tagli": tagli}
        risposta = await self.storia.comune("POST", f"/rimborsi/{domanda['domanda_id']}/istruttoria", json=istruttoria)
        assert risposta.status_code < 500 or risposta.status_code == 503, risposta.text
        self.riuscite["istruisce"] = self.riuscite.get("istruisce", 0) + (risposta.status_code == 201)

    async def contribuisce(self) -> None:
        """The lead grants a contribution, and sometimes thinks better of it."""
        corpo = {
            "iscrizione_id": self.caso.choice(self.iscrizioni)["iscrizione_id"],
            "importo": f"{self.caso.randint(5, 60)}.00",
            "giorno": "2019-03-10",
            "atto": "Det.",
        }
        risposta = await self.storia.comune("POST", "/contributi", json=corpo)
        assert risposta.status_code < 500 or risposta.status_code == 503, risposta.text
        if risposta.status_code == 201 and self.caso.random() < 0.3:
            percorso = f"/contributi/{risposta.json()['contributo_id']}/revoca"
            revocato = await self.storia.comune("POST", percorso, json={"motivo": "Errore"})
            assert revocato.status_code in (201, 409, 503), revocato.text

    async def chiude(self) -> None:
        """Ends a plan."""
        pip_id = self.caso.choice(self.piani or [str(uuid7())])
        come = self.caso.choice(("conclusione", "rinuncia"))
        await self.prova("chiude", "POST", f"/pip/{pip_id}/{come}", {"motivo": "Fine"})

    async def impegna(self) -> None:
        """bandi changes the commitment, up or down."""
        self.storia.versione += 1
        linea = {"azione": "9.1.3", "fondo": "FSE", "ammesso_cent": 9_000_00}
        await self.storia.servizio.deliver(
            "bandi.progetto.impegnato.v1",
            {
                "progetto_id": str(self.storia.progetto_id),
                "versione": self.storia.versione,
                "bando_codice": self.storia.bando,
                "codice": "P",
                "titolo": "P",
                "capofila": self.storia.capofila,
                "partner": [{"ente": self.storia.operatore, "categoria": "X", "ruolo": "partner"}],
                "comune": None,
                "quartiere": None,
                "stato": "in_corso",
                "inizio": None,
                "fine": None,
                "linee": [linea | {"impegnato_cent": self.caso.choice((1_000_00, 4_000_00, 9_000_00))}],
            },
        )

    async def finisce(self) -> None:
        """Settles every hour still in suspense and closes every plan, one after the other."""
        await self.storia.firma_ore(self.ore)
        for riga in (await self.storia.valida(self.ore))["rifiutate"]:
            if riga["tipo"] != "stato-ora-non-ammesso":
                await self.prova("annulla", "POST", f"/ore/{riga['ore_id']}/annullamento", {"motivo": "Non fatta"})
        for pip_id in self.piani:
            prima = await self.storia.pip(pip_id)
            chiuso = await self.prova("chiude", "POST", f"/pip/{pip_id}/rinuncia", {"motivo": "Fine"})
            self.liberati += bool(chiuso) and prima["riservato_servizi"] != prima["costo_servizi"]

    async def passi(self, quanti: int) -> None:
        """Does things one after the other."""
        scelte: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.apre, 4),
            (self.rivede, 3),
            (self.lavora, 8),
            (self.annulla, 2),
            (self.paga_altrove, 2),
            (self.liquida, 2),
            (self.torna, 2),
            (self.sospende, 2),
            (self.rendiconta, 3),
            (self.contribuisce, 1),
            (self.chiude, 1),
            (self.impegna, 1),
        ]
        fare, pesi = [scelta[0] for scelta in scelte], [scelta[1] for scelta in scelte]
        for _ in range(quanti):
            try:
                await self.caso.choices(fare, pesi)[0]()
            except Refusal:
                continue


@pytest.mark.slow
@pytest.mark.parametrize("seme", [1, 2])
async def test_the_money_adds_up_whatever_the_order_of_things(storia: Storia, seme: int) -> None:
    await storia.apri(9_000_00, massimale_persona="150.00", massimale_operatore="3000.00")
    folla = Folla(storia, seme)
    for _ in range(PERSONE):
        persona_id = uuid7()
        await storia.nucleo(persona_id)
        iscrizione = await storia.iscrivi(persona_id)
        folla.iscrizioni.append(iscrizione)
    storia.servizio.set_clock(APRILE)
    for iscrizione in folla.iscrizioni[:3]:
        pip = await storia.attivo(iscrizione, FORMAZIONE=40)
        folla.piani.append(pip["pip_id"])
        corpo = {"pip_id": pip["pip_id"], "metodo": "spid", "incolpevole": {"da": "ENTE", "il": "2019-03-01"}}
        assert (await storia.patto(**corpo)).status_code == 201
    await asyncio.gather(*(folla.passi(PASSI // INSIEME) for _ in range(INSIEME)))
    await _fa_i_conti(storia)
    await folla.finisce()
    await _fa_i_conti(storia)
    linea = await storia.linea()
    assert set(linea["piani"]) <= {"concluso", "rinunciato"}
    assert folla.liberati > 0
    assert set(folla.riuscite) >= {
        "firma",
        "registra",
        "valida",
        "annulla",
        "liquida",
        "chiude",
        "sospende",
        "istruisce",
    }, folla.riuscite


async def _fa_i_conti(storia: Storia) -> None:
    async with storia.servizio.transaction() as session:
        for legge, domanda in CONTI.items():
            rotte = (await session.execute(sa.text(domanda), {"progetto": storia.progetto_id})).all()
            assert not rotte, (legge, rotte)
