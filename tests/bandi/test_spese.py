"""Expenses and final account over HTTP: declared, admitted or cut, paid within the rules, closed with what is due."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import constraint_name
from tests.bandi.cantiere import CAPOFILA, Cantiere, cantiere, piano, quota, voce
from tests.bandi.esempi import importi, problem
from tests.support.service import ServiceUnderTest

TRANCHES = {"anticipo_massimo": 4000, "saldo_minimo": 2000, "rendiconto_obbligatorio": True}


async def lines(site: Cantiere) -> dict[str, Any]:
    """The lines of a project's whole waterfall, by code."""
    return {linea["linea"]: linea for linea in (await site.leggi("avanzamento"))["linee"]}


async def test_expenses_are_declared_by_the_lead_and_cut_with_a_reason(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "SPESE")
    await site.approva_piano(piano())
    made = await site.capofila("spese", {"voci": [voce("40.00", "F1"), voce("20.00", "F2", ente="SOLCO")]})
    assert (made["numero"], made["dichiarato"], made["ammesso"]) == (1, "60.00", None)
    assert (await lines(site))["LAB"]["da_esaminare"] == "60.00"
    cut = {"voce": 2, "ammesso": "15.00", "motivo": "IVA recuperabile"}
    examined = await site.ufficio("spese/1/esame", {"atto": "verbale 1", "tagli": [cut]})
    assert (examined["ammesso"], examined["tagliato"]) == ("55.00", "5.00")
    assert [(v["ammesso"], v["motivo"]) for v in examined["voci"]] == [("40.00", None), ("15.00", "IVA recuperabile")]
    assert await site.leggi("spese/1") == examined
    assert [d["numero"] for d in (await site.leggi("spese"))["items"]] == [1]
    lab = (await lines(site))["LAB"]
    assert (lab["dichiarato"], lab["spesa_ammessa"], lab["da_esaminare"]) == ("60.00", "55.00", "0.00")
    assert await site.rifiuto("spese/1/esame", {"atto": "x"}) == (409, "dichiarazione-gia-esaminata")
    assert await site.rifiuto("spese/7/esame", {"atto": "x"}) == (404, "dichiarazione-sconosciuta")


async def test_a_wrong_declaration_is_refused_with_every_defect(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "VOCI")
    await site.approva_piano(piano())
    await site.capofila("spese", {"voci": [voce("1.00", "F1")]})
    wrong = [
        voce("0.00", "F2"),
        voce("1.00", "F3", ente="ESTRANEO"),
        voce("1.00", "F4", linea="X"),
        voce("1.00", "F5", pagata_il="2018-04-30"),
        voce("1.00", "F6", pagata_il="2019-01-01"),
        voce("1.00", "F1"),
        voce("1.00", "F7"),
        voce("2.00", "F7"),
    ]
    answer = await bandi.post(f"{site.path}/spese", json={"voci": wrong}, roles=["proponente"], ente=CAPOFILA)
    assert (answer.status_code, problem(answer)) == (422, "dichiarazione-non-valida")
    found = [item["messaggio"] for item in answer.json()["errori"]]
    assert found == [
        "Voce 1: l'importo e' maggiore di zero.",
        "Voce 2: ESTRANEO non ha una quota sulla linea LAB.",
        "Voce 3: COMUNE-MANTOVA non ha una quota sulla linea X.",
        "Voce 4: sono ammesse le spese pagate dal 2018-05-01 al 2020-04-30.",
        "Voce 5: la spesa non e' ancora pagata, 2019-01-01.",
        "Voce 6: il documento F1 e' gia' dichiarato.",
        "Voce 8: il documento F7 e' gia' dichiarato.",
    ]
    assert len((await site.leggi("spese"))["items"]) == 1


async def test_expenses_wait_for_commitment_and_start(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "PRIMA", avviato=False)
    body = {"voci": [voce("1.00", "F1")]}
    assert await site.rifiuto("spese", body, capofila=True) == (409, "progetto-non-impegnato")
    await site.ufficio("impegni", importi(LAB="90.00"))
    assert await site.rifiuto("spese", body, capofila=True) == (409, "progetto-non-avviato")


async def test_nobody_admits_more_than_declared_nor_more_than_the_share(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "AMMESSO")
    await site.approva_piano(piano())
    await site.capofila("spese", {"voci": [voce("30.00", "F1", ente="SOLCO"), voce("20.00", "F2", ente="SOLCO")]})

    async def refused(*tagli: tuple[int, str]) -> tuple[int, str]:
        cuts = [{"voce": n, "ammesso": cents, "motivo": "x"} for n, cents in tagli]
        return await site.rifiuto("spese/1/esame", {"atto": "x", "tagli": cuts})

    assert await refused((1, "30.01")) == (409, "ammesso-oltre-dichiarato")
    assert await refused((1, "30.00")) == (422, "esame-non-valido")
    assert await refused((3, "1.00")) == (422, "esame-non-valido")
    assert await refused((1, "1.00"), (1, "2.00")) == (422, "esame-non-valido")
    assert await refused() == (409, "ammesso-oltre-quota"), "50.00 of a share of 40.00"
    await site.ufficio("spese/1/esame", {"atto": "x", "tagli": [{"voce": 2, "ammesso": "10.00", "motivo": "eccede"}]})
    with pytest.raises(sa.exc.IntegrityError) as stopped:
        async with bandi.transaction() as session:
            await session.execute(
                sa.text(
                    "INSERT INTO voce_esaminata VALUES (:progetto, 1, 3, 1, 2, NULL)",
                ),
                {"progetto": site.path.rsplit("/", 1)[1]},
            )
    assert constraint_name(stopped.value) == "ck_voce_esaminata_ammesso_entro_il_dichiarato"


async def test_a_declaration_takes_the_number_after_the_last_beyond_the_thousand_listed(
    bandi: ServiceUnderTest,
) -> None:
    site = await cantiere(bandi, "MILLE")
    async with bandi.transaction() as session:
        await session.execute(
            sa.text(
                "INSERT INTO dichiarazione_spesa (progetto_id, numero, dichiarato_cent, dichiarata_da, dichiarata_il) "
                "SELECT cast(:progetto AS uuid), n, 1, 'x', '2018-05-20' FROM generate_series(1, 1001) n"
            ),
            {"progetto": site.path.rsplit("/", 1)[1]},
        )
    assert (await site.capofila("spese", {"voci": [voce("1.00", "F1")]}))["numero"] == 1002


async def test_an_expense_wholly_cut_may_be_declared_again(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "DI-NUOVO")
    await site.spende(voce("9.00", "F1"), tagli=[{"voce": 1, "ammesso": "0.00", "motivo": "Manca la quietanza"}])
    await site.spende(voce("9.00", "F1"))
    body = {"voci": [voce("9.00", "F1")]}
    assert await site.rifiuto("spese", body, capofila=True) == (422, "dichiarazione-non-valida")


async def test_payments_are_held_to_advance_earnings_and_balance(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "TRANCHE", gestione=TRANCHES)
    assert (await lines(site))["LAB"]["pagabile"] == "36.00", "40% of 90.00"
    assert await site.rifiuto("pagamenti", importi(LAB="36.01")) == (409, "pagamento-oltre-maturato")
    await site.ufficio("pagamenti", importi(LAB="36.00"))
    await site.spende(voce("20.00", "F1"))
    assert (await lines(site))["LAB"]["pagabile"] == "54.00", "and 90% of 20.00"
    await site.ufficio("pagamenti", importi(LAB="18.00"))
    await site.spende(voce("80.00", "F2"))
    assert (await lines(site))["LAB"]["pagabile"] == "72.00", "a fifth stays for the balance"
    assert await site.rifiuto("pagamenti", importi(LAB="18.01")) == (409, "pagamento-oltre-maturato")
    await site.ufficio("pagamenti", importi(LAB="18.00"))
    assert await site.rifiuto("conclusione", {"atto": "x"}) == (409, "rendiconto-mancante")


async def test_the_final_account_gives_balance_economy_and_recovery(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CONTO", gestione=TRANCHES | {"anticipo_massimo": 8000})
    await site.ufficio("pagamenti", importi(LAB="60.00", INC="36.00"))
    await site.capofila("spese", {"voci": [voce("80.00", "F1")]})
    relation = {"relazione": "Che cosa si e' fatto"}
    assert await site.rifiuto("rendiconto", relation, capofila=True) == (409, "spese-da-esaminare")
    await site.ufficio("spese/1/esame", {"atto": "x"})
    await site.spende(voce("20.00", "F2", linea="INC"), voce("6.00", "F3", linea="INC", in_natura=True))
    trial = await site.leggi("rendiconto")
    assert (trial["numero"], trial["stato"]) == (0, None)
    assert await site.rifiuto("rendiconto/approvazione", {"atto": "x"}) == (409, "rendiconto-mancante")
    await site.capofila("rendiconto", relation)
    assert await site.rifiuto("rendiconto", relation, capofila=True) == (409, "rendiconto-presentato")
    assert await site.rifiuto("spese", {"voci": [voce("1.00", "F9")]}, capofila=True) == (409, "rendiconto-presentato")
    back = await site.ufficio("rendiconto/rinvio", {"atto": "nota", "motivo": "Mancano le firme"})
    assert (back["stato"], back["motivo"]) == ("rinviato", "Mancano le firme")
    await site.capofila("rendiconto", relation)
    account = await site.ufficio("rendiconto/approvazione", {"atto": "decreto"})
    assert (account["numero"], account["stato"]) == (2, "approvato")
    rows = {row["linea"]: row for row in account["linee"]}
    names = ("costo", "spettante", "limite", "economia", "saldo", "da_recuperare")
    assert [rows["LAB"][name] for name in names] == ["80.00", "72.00", "spesa", "18.00", "12.00", "0.00"]
    # 26.00 spent, 6.00 of it in kind: 20.00 of money less the promised 1.04 of own cash
    assert [rows["INC"][name] for name in names] == ["26.00", "18.96", "denaro", "9.00", "0.00", "17.04"]
    assert (rows["INC"]["cofinanziamento"], rows["INC"]["cofinanziamento_in_denaro"]) == ("7.04", "1.04")
    assert rows["INC"]["quota_cofinanziamento"] == 2707
    assert (await site.leggi())["stato"] == "rendicontato"
    assert await site.rifiuto("conclusione", {"atto": "x"}) == (409, "saldo-da-pagare")
    assert await site.rifiuto("impegni", importi(LAB="1.00")) == (409, "progetto-non-in-corso")
    assert await site.rifiuto("pagamenti", importi(LAB="12.01")) == (409, "pagamento-oltre-impegno")
    await site.ufficio("pagamenti", importi(LAB="12.00"))
    assert await site.rifiuto("recuperi", importi(INC="17.04")) == (409, "recupero-non-dovuto")
    await site.ufficio("conclusione", {"atto": "x"})
    await site.ufficio("recuperi", importi(INC="7.04"))
    inc = (await lines(site))["INC"]
    assert (inc["erogato"], inc["da_recuperare"]) == ("28.96", "10.00")
    await site.ufficio("recuperi", importi(INC="10.00"))
    assert (await lines(site))["INC"]["da_recuperare"] == "0.00"
    call = await site.office.ok("GET", f"/v1/bandi/{site.office.codice}", roles=None)
    assert call["assegnato"] == "90.96", "what was not due is in the call's pool again"
    kinds = [act["tipo"] for act in (await site.leggi("movimenti"))["items"]]
    assert kinds[-5:] == ["rendiconto", "pagamento", "conclusione", "recupero", "recupero"]
    assert await site.leggi("rendiconto") | {"linee": None} == account | {"linee": None}


async def test_the_shares_follow_the_final_account(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "QUOTE-CONTO", gestione={"rendiconto_obbligatorio": True})
    await site.approva_piano(piano())
    await site.ufficio("pagamenti", importi(LAB="10.00"))
    await site.spende(voce("50.00", "F1"), voce("30.00", "F2", ente="SOLCO"))
    await site.capofila("rendiconto", {"relazione": "x"})
    await site.ufficio("rendiconto/approvazione", {"atto": "x"})
    money = await site.leggi("avanzamento")
    for linea in money["linee"]:
        for stage in ("programmato", "ammesso", "impegnato", "erogato"):
            shares = sum(cents(q[stage]) for q in money["quote"] if q["linea"] == linea["linea"])
            assert shares == cents(linea[stage]), (linea["linea"], stage)
    assert money["totale"]["ammesso"] == "72.00"
    lab = {q["ente"]: (q["ammesso"], q["impegnato"]) for q in money["quote"] if q["linea"] == "LAB"}
    assert lab == {CAPOFILA: ("45.00", "45.00"), "SOLCO": ("27.00", "27.00")}, "each at 90% of its own expenses"


async def test_what_a_final_account_frees_is_told_as_a_cause_of_the_next_ranking(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CAUSA-CONTO", gestione={"rendiconto_obbligatorio": True})
    await site.spende(voce("80.00", "F1"), voce("50.00", "F2", linea="INC"))
    await site.capofila("rendiconto", {"relazione": "x"})
    await site.ufficio("rendiconto/approvazione", {"atto": "decreto del conto"})
    await site.office.approva("scorrimento")
    ranking = await site.office.ok("GET", "/v1/bandi/CAUSA-CONTO/graduatorie/2", roles=None)
    told = [(cause["tipo"], cause["atto"], cause["importo"]) for cause in ranking["cause"]]
    assert told == [("economia", "decreto del conto", "18.00")]


async def test_a_call_asking_for_the_balance_asks_for_the_account_too(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "REGOLE-SALDO", avviato=False)
    body = {"codice": "REGOLE-SALDO-2", "gestione": {"saldo_minimo": 1000}}
    draft = await site.office.ok("GET", "/v1/bandi/REGOLE-SALDO/bozza")
    rules = draft["regole"] | {"gestione": body["gestione"]}
    new = {name: draft[name] for name in ("titolo", "ente_promotore", "territorio")}
    bandi.clock.set(datetime(2017, 11, 1, tzinfo=UTC))
    answer = await bandi.post(
        "/v1/bandi", json=new | {"codice": body["codice"], "regole": rules}, roles=["funzionario_bandi"]
    )
    assert problem(answer) == "regole-contraddittorie"
    assert answer.json()["errori"][0]["campo"] == "gestione.saldo_minimo"


async def test_expenses_are_read_by_the_lead_and_the_office_alone(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CHI-LEGGE")
    await site.spende(voce("1.00", "F1"))
    for route in ("spese", "spese/1", "rendiconto"):
        for who in (
            {"roles": ["proponente"], "ente": "COMUNE-ALTRO"},
            {"roles": ["funzionario_bandi"], "ente": "ALTRO-E"},
        ):
            assert (await bandi.get(f"{site.path}/{route}", **who)).status_code == 403, (route, who)
        answer = await bandi.get(f"{site.path}/{route}", roles=["proponente"], ente=CAPOFILA)
        assert answer.status_code == 200, route


async def test_a_share_may_grow_by_a_plan_and_admit_what_was_refused(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CRESCE")
    await site.approva_piano(piano())
    await site.capofila("spese", {"voci": [voce("50.00", "F1", ente="SOLCO")]})
    assert await site.rifiuto("spese/1/esame", {"atto": "x"}) == (409, "ammesso-oltre-quota")
    quote = [quota("LAB", CAPOFILA, "50.00", "45.00"), quota("LAB", "SOLCO", "50.00", "45.00")]
    quote += [quota("INC", "SOLCO", "50.00", "45.00")]
    await site.approva_piano(piano(quote=quote))
    assert (await site.ufficio("spese/1/esame", {"atto": "x"}))["ammesso"] == "50.00"


def cents(text: str) -> int:
    """Read "12.34" as 1234."""
    return int(text.replace(".", ""))
