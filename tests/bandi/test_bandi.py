"""Calls over HTTP: drafted, published, topped up, extended, found by everybody."""

import csv
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import pytest

from tests.bandi.esempi import Ufficio, bando_corpo, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
PRIMA = datetime(2017, 11, 15, 9, tzinfo=UTC)


async def crea(bandi: ServiceUnderTest, codice: str, **regole: Any) -> dict[str, Any]:
    bandi.clock.set(PRIMA)
    answer = await bandi.post("/v1/bandi", json=bando_corpo(codice, **regole), roles=UFFICIO)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_draft_is_seen_by_its_office_and_by_nobody_else(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "BOZZA-1")
    assert problem(await bandi.get("/v1/bandi/BOZZA-1")) == "bando-sconosciuto"
    assert (await bandi.get("/v1/bandi/BOZZA-1/bozza", roles=["proponente"])).status_code == 403
    assert (await bandi.get("/v1/bandi/BOZZA-1/bozza")).status_code == 401
    seen = await bandi.get("/v1/bandi/BOZZA-1/bozza", roles=UFFICIO)
    assert seen.json()["stato"] == "bozza"
    assert seen.headers["etag"] == '"v1"'
    assert "BOZZA-1" not in (await bandi.get("/v1/bandi?limit=500")).text


async def test_publication_makes_version_one_and_tells_it(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "PUB-1")
    answer = await bandi.post("/v1/bandi/PUB-1/pubblicazione", json={"atto": "decreto 1"}, roles=UFFICIO)
    assert answer.status_code == 200, answer.text
    public = (await bandi.get("/v1/bandi/PUB-1")).json()
    assert public["stato"] == "pubblicato"
    assert public["dotazione"] == "500.00"
    assert public["chiude_il"] == "2018-02-15T11:00:00Z"
    assert public["chiude_a_roma"] == "15/02/2018 alle 12:00:00 (ora di Roma)"
    versions = (await bandi.get("/v1/bandi/PUB-1/versioni")).json()["items"]
    assert [(item["numero"], item["motivo"], item["atto"]) for item in versions] == [(1, "pubblicazione", "decreto 1")]
    event = (await bandi.emitted("bandi.bando.pubblicato.v1"))[-1]
    assert (event["codice"], event["dotazione_cent"], event["versione"]) == ("PUB-1", 50_000, 2)
    again = await bandi.post("/v1/bandi/PUB-1/pubblicazione", json={"atto": "decreto 1"}, roles=UFFICIO)
    assert (again.status_code, problem(again)) == (409, "bando-gia-pubblicato")


async def test_contradictory_rules_are_refused_at_drafting_all_at_once(bandi: ServiceUnderTest) -> None:
    body = bando_corpo("ROTTO", chiude_il="2017-11-30T12:00:00+01:00", seconda_fase="ALTRO")
    body["regole"]["valutazione"]["soglia"] = "100.01"
    answer = await bandi.post("/v1/bandi", json=body, roles=UFFICIO)
    assert (answer.status_code, problem(answer)) == (422, "regole-contraddittorie")
    assert {item["campo"] for item in answer.json()["errori"]} == {"chiude_il", "valutazione", "seconda_fase"}
    assert (await bandi.get("/v1/bandi/ROTTO/bozza", roles=UFFICIO)).status_code == 404


async def test_terms_and_money_beyond_what_can_be_written_are_refused(bandi: ServiceUnderTest) -> None:
    far = await bandi.post("/v1/bandi", json=bando_corpo("LONTANO", chiude_il="9999-12-31T23:59:59Z"), roles=UFFICIO)
    assert (far.status_code, problem(far)) == (422, "invalid")
    rich = bando_corpo("RICCO")
    for linea in rich["regole"]["linee"]:
        linea["dotazione"] = "9999999999999.99"
    answer = await bandi.post("/v1/bandi", json=rich, roles=UFFICIO)
    assert (answer.status_code, problem(answer)) == (422, "regole-contraddittorie")
    await Ufficio(bandi, "RICCO-2").pubblica()
    more = {"atto": "x", "importi": [{"linea": "LAB", "importo": "9999999999999.99"}]}
    answer = await bandi.post("/v1/bandi/RICCO-2/integrazioni", json=more, roles=UFFICIO)
    assert (answer.status_code, problem(answer)) == (422, "regole-contraddittorie")


async def test_a_code_is_given_once(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "UNICO")
    again = await bandi.post("/v1/bandi", json=bando_corpo("UNICO"), roles=UFFICIO)
    assert (again.status_code, problem(again)) == (409, "codice-bando-gia-usato")


async def test_a_draft_is_edited_by_who_has_seen_its_last_version(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "EDIT-1")
    body = bando_corpo("EDIT-1", durata_massima_mesi=30)
    del body["codice"]
    path = "/v1/bandi/EDIT-1/bozza"
    assert (await bandi.put(path, json=body, roles=UFFICIO)).status_code == 428
    assert (await bandi.put(path, json=body, roles=UFFICIO, headers={"If-Match": '"v9"'})).status_code == 412
    edited = await bandi.put(path, json=body, roles=UFFICIO, headers={"If-Match": '"v1"'})
    assert edited.status_code == 200, edited.text
    assert edited.headers["etag"] == '"v2"'
    assert edited.json()["regole"]["durata_massima_mesi"] == 30
    body["regole"]["linee"] = []
    broken = await bandi.put(path, json=body, roles=UFFICIO, headers={"If-Match": '"v2"'})
    assert problem(broken) == "regole-contraddittorie"
    await bandi.post("/v1/bandi/EDIT-1/pubblicazione", json={"atto": "decreto"}, roles=UFFICIO)
    body = bando_corpo("EDIT-1")
    del body["codice"]
    late = await bandi.put(path, json=body, roles=UFFICIO, headers={"If-Match": '"v3"'})
    assert problem(late) == "bando-gia-pubblicato"
    unknown = await bandi.put("/v1/bandi/NESSUNO/bozza", json=body, roles=UFFICIO, headers={"If-Match": '"v1"'})
    assert problem(unknown) == "bando-sconosciuto"


async def test_a_call_is_not_published_after_its_own_term(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "TARDI")
    bandi.clock.set(datetime(2018, 3, 1, tzinfo=UTC))
    answer = await bandi.post("/v1/bandi/TARDI/pubblicazione", json={"atto": "decreto"}, roles=UFFICIO)
    assert (answer.status_code, problem(answer)) == (409, "pubblicazione-tardiva")


async def test_a_call_may_still_be_published_in_its_own_last_second(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "ULTIMO-SECONDO")
    closes = datetime(2018, 2, 15, 11, tzinfo=UTC)
    act = {"json": {"atto": "decreto"}, "roles": UFFICIO}
    bandi.clock.set(closes + timedelta(seconds=1))
    late = await bandi.post("/v1/bandi/ULTIMO-SECONDO/pubblicazione", **act)
    assert problem(late) == "pubblicazione-tardiva"
    bandi.clock.set(closes + timedelta(microseconds=400_000))
    answer = await bandi.post("/v1/bandi/ULTIMO-SECONDO/pubblicazione", **act)
    assert answer.status_code == 200, answer.text


async def test_a_top_up_is_a_new_version_with_its_act(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "TOP-UP").pubblica()
    path = "/v1/bandi/TOP-UP/integrazioni"
    act = {"atto": "DGR 741/2018"}
    answer = await bandi.post(path, json=act | {"importi": [{"linea": "LAB", "importo": "41.51"}]}, roles=UFFICIO)
    assert answer.status_code == 200, answer.text
    assert answer.json()["dotazione"] == "541.51"
    versions = (await bandi.get("/v1/bandi/TOP-UP/versioni")).json()["items"]
    assert [item["motivo"] for item in versions] == ["pubblicazione", "integrazione"]
    assert [item["regole"]["linee"][0]["dotazione"] for item in versions] == ["300.00", "341.51"]
    assert (await bandi.emitted("bandi.bando.pubblicato.v1"))[-1]["dotazione_cent"] == 54_151
    for importi, name in (
        ([{"linea": "X", "importo": "1.00"}], "linea-sconosciuta"),
        ([{"linea": "LAB", "importo": "0.00"}], "integrazione-non-valida"),
        ([{"linea": "LAB", "importo": "1.00"}] * 2, "integrazione-non-valida"),
    ):
        refused = await bandi.post(path, json=act | {"importi": importi}, roles=UFFICIO)
        assert (refused.status_code, problem(refused)) == (422, name)
    assert (await bandi.get("/v1/bandi/TOP-UP")).json()["dotazione"] == "541.51"


async def test_a_draft_is_neither_topped_up_nor_extended(bandi: ServiceUnderTest) -> None:
    await crea(bandi, "ANCORA-BOZZA")
    body = {"atto": "x", "importi": [{"linea": "LAB", "importo": "1.00"}]}
    refused = await bandi.post("/v1/bandi/ANCORA-BOZZA/integrazioni", json=body, roles=UFFICIO)
    assert (refused.status_code, problem(refused)) == (409, "bando-non-pubblicato")


async def test_an_extension_only_moves_terms_forward(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "PROROGA").pubblica()
    path = "/v1/bandi/PROROGA/proroghe"
    decree = {"atto": "decreto 16659 del 2020-12-31"}
    longer = decree | {"durata_massima_mesi": 30, "termine_ultimo": "2021-06-19"}
    answer = await bandi.post(path, json=longer, roles=UFFICIO)
    assert answer.status_code == 200, answer.text
    assert answer.json()["regole"]["durata_massima_mesi"] == 30
    assert answer.json()["regole"]["termine_ultimo"] == "2021-06-19"
    for change in (
        {},
        {"durata_massima_mesi": 30},
        {"termine_ultimo": "2021-06-18"},
        {"chiude_il": "2018-01-01T00:00:00Z"},
    ):
        refused = await bandi.post(path, json=decree | change, roles=UFFICIO)
        assert (refused.status_code, problem(refused)) == (422, "proroga-del-bando-non-valida"), change
    beyond = await bandi.post(path, json=decree | {"chiude_il": "2022-01-01T00:00:00Z"}, roles=UFFICIO)
    assert problem(beyond) == "regole-contraddittorie"
    later = await bandi.post(path, json=decree | {"chiude_il": "2018-02-20T12:00:00+01:00"}, roles=UFFICIO)
    assert later.json()["chiude_il"] == "2018-02-20T11:00:00Z"


async def test_everybody_finds_the_calls_that_are_open_now(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "CERCA-1").pubblica()
    rules: dict[str, Any] = {"apre_il": "2018-02-01T10:00:00+01:00", "modalita": "sportello"}
    await Ufficio(bandi, "CERCA-2").pubblica(**rules)
    body = bando_corpo("CERCA-3") | {"territorio": "Milano 100%"}
    body["regole"]["linee"] = [{"codice": "F", "azione": "V.3.c.1.1", "fondo": "POR FESR", "dotazione": "10.00"}]
    body["regole"]["partenariato"]["capofila_ammessi"] = ["NON_PROFIT"]
    bandi.clock.set(datetime(2017, 11, 20, tzinfo=UTC))
    office = Ufficio(bandi, "CERCA-3")
    await office.ok("POST", "/v1/bandi", body)
    await office.ok("POST", "/v1/bandi/CERCA-3/pubblicazione", {"atto": "decreto"})
    bandi.clock.set(datetime(2018, 1, 10, tzinfo=UTC))

    async def found(query: str) -> set[str]:
        items = (await bandi.get(f"/v1/bandi?limit=500&{query}")).json()["items"]
        return {item["codice"] for item in items if item["codice"].startswith("CERCA")}

    assert await found("") == {"CERCA-1", "CERCA-2", "CERCA-3"}
    assert await found("aperti=true") == {"CERCA-1", "CERCA-3"}
    assert await found("modalita=sportello") == {"CERCA-2"}
    assert await found("fondo=fesr") == {"CERCA-3"}
    assert await found("azione=9.1.3") == {"CERCA-1", "CERCA-2"}
    assert await found("territorio=milano 100%") == {"CERCA-3"}
    assert await found("territorio=%") == {"CERCA-3"}, "a wildcard of SQL is a plain character"
    assert await found("capofila=NON_PROFIT") == {"CERCA-3"}
    assert await found("capofila=ALER&fondo=FSE") == {"CERCA-1", "CERCA-2"}


async def test_the_list_is_read_page_by_page_without_loss(bandi: ServiceUnderTest) -> None:
    for n in range(5):
        await Ufficio(bandi, f"PAGINA-{n}").pubblica()
    everything = [item["codice"] for item in (await bandi.get("/v1/bandi?limit=500")).json()["items"]]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await bandi.get(f"/v1/bandi?limit=2&cursor={cursor}")).json()
        seen += [item["codice"] for item in page["items"]]
        cursor = page.get("cursor") or ""
        if not cursor:
            break
    assert seen == everything
    assert len(set(seen)) == len(seen) >= 5
    assert (await bandi.get("/v1/bandi?cursor=contraffatto")).status_code == 422


async def test_commissioners_are_appointed_once_each(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "COMMISSIONE").pubblica()
    body = {"atto": "nomina bis", "commissari": ["commissario.c", "commissario.a", "commissario.c"]}
    answer = await bandi.post("/v1/bandi/COMMISSIONE/commissione", json=body, roles=UFFICIO)
    assert answer.json() == {"commissari": ["commissario.a", "commissario.b", "commissario.c"]}


FACTS = list(csv.DictReader(resources.files("scenari.facts").joinpath("bandi.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", FACTS, ids=[row["codice"] for row in FACTS])
async def test_every_call_of_the_sources_is_entered_without_code(bandi: ServiceUnderTest, row: dict[str, str]) -> None:
    mode = {"gara": "affidamento"}.get(row["modalita"], row["modalita"])
    money = row["dotazione_iniziale_eur"] or (None if mode == "affidamento" else "0.00")
    body = bando_corpo(row["codice"], modalita=mode) | {
        "titolo": row["denominazione"],
        "ente_promotore": row["ente_promotore"].upper().replace(" ", "-"),
        "promotore": row["ente_promotore"],
        "territorio": row["territorio"],
    }
    actions = row["azioni"].split(";")
    body["regole"]["linee"] = [
        {
            "codice": f"L{n}",
            "azione": action,
            "fondo": row["fonte_finanziaria"],
            "dotazione": money if n == 0 or money is None else "0.00",
        }
        for n, action in enumerate(actions)
    ]
    if mode == "finestre":
        body["regole"]["finestre"] = [
            {"codice": "F1", "apre_il": "2017-12-01T09:00:00Z", "chiude_il": "2017-12-31T09:00:00Z"},
            {"codice": "F2", "apre_il": "2018-01-10T09:00:00Z", "chiude_il": "2018-02-15T11:00:00Z"},
        ]
    if mode == "manifestazione_di_interesse":
        body["regole"]["fasi"] = ["esplorativa", "concorsuale", "negoziale", "attuativa"]
    bandi.clock.set(PRIMA)
    ente = body["ente_promotore"]
    created = await bandi.post("/v1/bandi", json=body, roles=UFFICIO, ente=ente)
    assert created.status_code == 201, created.text
    published = await bandi.post(
        f"/v1/bandi/{row['codice']}/pubblicazione", json={"atto": row["fonte"][:200]}, roles=UFFICIO, ente=ente
    )
    assert published.status_code == 200, published.text
    assert published.json()["dotazione"] == (money or "0.00")


async def test_money_is_not_added_to_a_line_whose_money_nobody_knows(bandi: ServiceUnderTest) -> None:
    linee = [{"codice": "LAB", "azione": "9.4.2", "fondo": "FSE"}]
    await Ufficio(bandi, "IGNOTA").pubblica(modalita="affidamento", linee=linee)
    body = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "1.00"}]}
    answer = await bandi.post("/v1/bandi/IGNOTA/integrazioni", json=body, roles=["funzionario_bandi"])
    assert (answer.status_code, problem(answer)) == (422, "integrazione-non-valida")
