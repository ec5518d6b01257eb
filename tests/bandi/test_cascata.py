"""The money waterfall under random concurrent acts: whatever is done, refused or lost in a race, every sum holds.

Hypothesis chooses the acts; they run several at once on the real service and the real Postgres, and after each round
the whole database is asked whether anything is out of place.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bandi.cantiere import CAPOFILA, Cantiere, cantiere
from tests.bandi.esempi import importi
from tests.support.service import ServiceUnderTest

STORTURE = {
    "la cascata di una linea": """
        SELECT progetto_id FROM progetto_linea WHERE NOT (programmato_cent >= ammesso_cent
           AND ammesso_cent >= impegnato_cent AND impegnato_cent >= erogato_cent AND erogato_cent >= 0)""",
    "la cascata di una quota": """
        SELECT progetto_id FROM quota_partner WHERE NOT (programmato_cent >= ammesso_cent
           AND ammesso_cent >= impegnato_cent AND impegnato_cent >= erogato_cent AND erogato_cent >= 0)""",
    "le quote fanno la linea": """
        SELECT l.progetto_id FROM progetto_linea l JOIN quota_partner q USING (progetto_id, linea)
         GROUP BY l.progetto_id, l.linea
        HAVING (l.programmato_cent, l.ammesso_cent, l.impegnato_cent, l.erogato_cent)
            <> (sum(q.programmato_cent), sum(q.ammesso_cent), sum(q.impegnato_cent), sum(q.erogato_cent))""",
    "l'assegnato del bando e' la somma degli ammessi, entro la dotazione": """
        SELECT l.bando_id FROM linea l LEFT JOIN progetto_linea p ON p.bando_id = l.bando_id AND p.linea = l.codice
         GROUP BY l.bando_id, l.codice
        HAVING l.assegnato_cent <> coalesce(sum(p.ammesso_cent), 0)
            OR l.assegnato_cent + l.prenotato_cent > l.dotazione_cent""",
    "il pagato e' la somma dei pagamenti meno i recuperi": """
        SELECT l.progetto_id FROM progetto_linea l LEFT JOIN (
            SELECT progetto_id, key AS linea, sum(CASE tipo WHEN 'pagamento' THEN value::bigint
                WHEN 'recupero' THEN -value::bigint ELSE 0 END) AS cent
              FROM movimento_progetto, jsonb_each_text(importi) GROUP BY 1, 2) m USING (progetto_id, linea)
         WHERE l.erogato_cent <> coalesce(m.cent, 0)""",
    "l'ammesso e' cio' che gli atti hanno dato meno cio' che hanno reso": """
        SELECT l.progetto_id FROM progetto_linea l LEFT JOIN (
            SELECT progetto_id, key AS linea, sum(CASE WHEN tipo = 'finanziamento' THEN value::bigint
                WHEN tipo IN ('rinuncia', 'conclusione', 'revoca', 'rendiconto', 'recupero') THEN -value::bigint
                ELSE 0 END) AS cent
              FROM movimento_progetto, jsonb_each_text(importi) GROUP BY 1, 2) m USING (progetto_id, linea)
         WHERE l.ammesso_cent <> coalesce(m.cent, 0)""",
    "un progetto finito tiene soltanto il pagato": """
        SELECT l.progetto_id FROM progetto_linea l JOIN progetto p USING (progetto_id)
         WHERE p.stato IN ('concluso', 'rinunciato', 'revocato')
           AND (l.ammesso_cent, l.impegnato_cent) <> (l.erogato_cent, l.erogato_cent)""",
    "nessuna spesa ammessa oltre il dichiarato o la quota": """
        SELECT v.progetto_id FROM voce_spesa v JOIN voce_esaminata e
            ON (e.progetto_id, e.dichiarazione, e.n) = (v.progetto_id, v.dichiarazione, v.n)
         WHERE e.ammesso_cent > v.importo_cent""",
    "un rendiconto approvato non riconosce piu' dell'impegnato": """
        SELECT r.progetto_id FROM rendiconto_linea r JOIN progetto_linea l USING (progetto_id, linea)
          JOIN progetto p USING (progetto_id)
         WHERE p.stato = 'rendicontato' AND r.spettante_cent > l.impegnato_cent""",
    "un piano approvato ha un solo numero e una sola richiesta": """
        SELECT p.progetto_id FROM progetto p LEFT JOIN piano n USING (progetto_id) GROUP BY p.progetto_id
        HAVING p.piano <> count(n.numero) OR p.piano <> coalesce(max(n.numero), 0)""",
}
ATTI = Counter(
    impegno=2, pagamento=3, piano=2, spesa=3, esame=3, rendiconto=1, approva=1, conclude=1, recupera=1, scorre=1
)
LINEE = st.sampled_from(["LAB", "INC"])
ATTO = st.tuples(st.sampled_from([*ATTI.elements()]), LINEE, st.integers(1, 3_000), st.integers(0, 10))
GIRI = st.lists(st.lists(ATTO, min_size=4, max_size=8), min_size=2, max_size=5)
FINE: tuple[tuple[tuple[str, str, int, int], ...], ...] = (
    tuple(("esame", "LAB", 1, n) for n in range(4)),
    (("spesa", "LAB", 900, 1), ("spesa", "INC", 900, 2), ("pagamento", "LAB", 300, 1), ("piano", "LAB", 1, 6)),
    tuple(("esame", "LAB", 1, n) for n in range(8)),
    (("rendiconto", "LAB", 1, 1), ("approva", "LAB", 1, 1), ("pagamento", "INC", 500, 1), ("scorre", "LAB", 1, 1)),
    (("approva", "LAB", 1, 1), ("approva", "LAB", 1, 1), ("pagamento", "LAB", 700, 1), ("conclude", "LAB", 1, 1)),
    (("conclude", "LAB", 1, 1), ("revoca", "LAB", 1, 1), ("recupera", "INC", 1, 1), ("rinuncia", "LAB", 1, 1)),
    tuple(("recupera", linea, cents, 1) for linea in ("LAB", "INC") for cents in (1, 200, 200)),
)
"""Every project ends, whatever chance left of it: each round is a race that somebody loses."""


class Tempesta:
    """Random acts on one project; a refusal is part of life, a failure is not."""

    def __init__(self, site: Cantiere, done: Counter[str]) -> None:
        self.site = site
        self.done = done
        self.documents = 0

    async def act(self, name: str, linea: str, cents: int, tenths: int) -> None:
        """One act, as whoever may do it."""
        amount = f"{cents // 100}.{cents % 100:02d}"
        ente = CAPOFILA if tenths % 2 else "SOLCO"
        self.documents += 1
        number = 1 + tenths % 4
        money, act = importi(**{linea: amount}), {"atto": "x"}
        expense: dict[str, Any] = {"linea": linea, "ente": ente, "documento": f"F{self.documents}", "descrizione": "x"}
        expense |= {"pagata_il": "2018-05-10", "importo": amount, "in_natura": tenths == 0}
        cut = {"voce": 1, "ammesso": "0.01", "motivo": "x"}
        routes: dict[str, tuple[str, Any, bool]] = {
            "impegno": ("impegni", money, False),
            "pagamento": ("pagamenti", money, False),
            "spesa": ("spese", {"voci": [expense]}, True),
            "esame": (f"spese/{number}/esame", act | {"tagli": [cut] if tenths > 7 else []}, False),
            "rendiconto": ("rendiconto", {"relazione": "x"}, True),
            "approva": ("rendiconto/approvazione", act, False),
            "conclude": ("conclusione", act, False),
            "recupera": ("recuperi", money, False),
            "rinuncia": ("rinuncia", act | {"motivo": "x"}, False),
            "revoca": ("revoca", act | {"motivo": "x"}, False),
        }
        if name == "piano":
            await self.redraw(tenths)
        elif name == "scorre":
            more = act | {"importi": [{"linea": linea, "importo": "1.00"}]}
            await self.call(name, f"/v1/bandi/{self.site.office.codice}/integrazioni", more)
            await self.call("graduatoria", f"/v1/bandi/{self.site.office.codice}/graduatorie", act)
        else:
            route, body, lead = routes[name]
            await self.call(name, f"{self.site.path}/{route}", body, lead=lead)

    async def redraw(self, tenths: int) -> None:
        """Ask for a plan that splits both lines in some way, and approve it."""
        money = {linea["linea"]: linea for linea in (await self.site.leggi("avanzamento"))["linee"]}
        quote = []
        for codice, linea in money.items():
            given = int(linea["ammesso"].replace(".", ""))
            for ente, part in ((CAPOFILA, given * tenths // 10), ("SOLCO", given - given * tenths // 10)):
                cost = -(-part * 10 // 9)
                quote.append(
                    {"linea": codice, "ente": ente, "costo": f"{cost / 100:.2f}", "contributo": f"{part / 100:.2f}"}
                )
        asked = await self.call(
            "chiede", f"{self.site.path}/rimodulazioni", {"motivo": "x", "piano": {"quote": quote}}, lead=True
        )
        if asked is not None:
            path = f"{self.site.path}/rimodulazioni/{asked['numero']}"
            if await self.call("piano", f"{path}/approvazione", {"atto": "x"}) is None:
                await self.call("rigetto", f"{path}/rigetto", {"atto": "x", "motivo": "superata"})

    async def call(self, name: str, path: str, body: Any, *, lead: bool = False) -> Any:
        """Call a route; only an accepted act or a refusal is right."""
        who: dict[str, Any] = {"roles": ["proponente"], "ente": CAPOFILA} if lead else {"roles": ["funzionario_bandi"]}
        answer = await self.site.service.post(path, json=body, **who)
        assert answer.status_code in {200, 201, 404, 409, 422, 503}, f"{path}: {answer.status_code} {answer.text}"
        self.done[name if answer.is_success else "rifiuti"] += 1
        return answer.json() if answer.is_success else None


async def crooked(bandi: ServiceUnderTest) -> dict[str, list[Any]]:
    """What is out of place in the whole database."""
    async with bandi.transaction() as session:
        found = {name: list(await session.execute(sa.text(query))) for name, query in STORTURE.items()}
    return {name: rows for name, rows in found.items() if rows}


async def storms(bandi: ServiceUnderTest, examples: int, prefix: str) -> Counter[str]:
    """Play some storms chosen by Hypothesis and return how many acts of each kind succeeded."""
    done: Counter[str] = Counter()
    loop = asyncio.get_running_loop()

    async def play(rounds: list[list[tuple[str, str, int, int]]]) -> None:
        done["tempeste"] += 1
        rules: dict[str, Any] = {"gestione": {"anticipo_massimo": 6000}, "taglio": "parziale"}
        site = await cantiere(bandi, f"{prefix}-{done['tempeste']}", avviato=False, **rules)
        await site.ufficio("impegni", importi(LAB="45.00", INC="30.00"))
        await site.ufficio("avvio", {"atto": "avvio", "inizio": "2018-05-01"})
        storm = Tempesta(site, done)
        for acts in [*rounds, *FINE]:
            await asyncio.gather(*(storm.act(*act) for act in acts))
            assert not await crooked(bandi)

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(GIRI)
    def storm(rounds: list[list[tuple[str, str, int, int]]]) -> None:
        asyncio.run_coroutine_threadsafe(play(rounds), loop).result(timeout=60)

    await asyncio.to_thread(storm)
    return done


async def test_the_waterfall_holds_in_a_short_storm(bandi: ServiceUnderTest) -> None:
    done = await storms(bandi, 1, "BREVE")
    assert done["impegno"] + done["pagamento"] > 0, done
    assert done["conclude"] + done["revoca"] + done["rinuncia"] == done["tempeste"], "each project ended once"


@pytest.mark.slow
async def test_the_waterfall_holds_under_random_concurrent_acts(bandi: ServiceUnderTest) -> None:
    done = await storms(bandi, 12, "LUNGA")
    for name in ("impegno", "pagamento", "piano", "spesa", "esame", "rendiconto", "approva", "recupera", "scorre"):
        assert done[name] > 0, (name, done)
    assert done["conclude"] + done["revoca"] + done["rinuncia"] == done["tempeste"], "each project ended once"
    assert done["rifiuti"] > done["tempeste"], done
