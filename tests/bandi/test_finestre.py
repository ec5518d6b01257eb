"""Calls by windows: one window ranked at a time, what it leaves goes to the next, a window is extended by an act."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bandi.esempi import Ufficio, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
PRIMA = datetime(2017, 12, 10, 9, tzinfo=UTC)
FRA = datetime(2018, 1, 5, 9, tzinfo=UTC)
SECONDA = datetime(2018, 1, 20, 9, tzinfo=UTC)
DOPO = datetime(2018, 3, 1, 9, tzinfo=UTC)
FINESTRE = [
    {"codice": "F1", "apre_il": "2017-12-01T09:00:00Z", "chiude_il": "2017-12-31T11:00:00Z"},
    {"codice": "F2", "apre_il": "2018-01-10T09:00:00Z", "chiude_il": "2018-02-15T11:00:00Z"},
]


async def a_finestre(bandi: ServiceUnderTest, codice: str) -> Ufficio:
    return await Ufficio(bandi, codice).pubblica(modalita="finestre", finestre=FINESTRE)


async def presenta(office: Ufficio, when: datetime, *enti: str) -> None:
    for n, ente in enumerate(enti):
        office.service.clock.set(when)
        receipt = await office.presenta(ente)
        await office.ammetti(receipt["domanda_id"], f"{55 - 5 * n}.00")


async def graduatoria(office: Ufficio, finestra: str | None) -> Any:
    path = f"/v1/bandi/{office.codice}/graduatorie"
    body = {"atto": f"decreto {finestra}"} | ({"finestra": finestra} if finestra else {})
    return await office.service.post(path, json=body, roles=UFFICIO)


async def test_each_window_is_ranked_alone_with_the_money_the_earlier_ones_left(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "DUE-FINESTRE")
    await presenta(office, PRIMA, "COMUNE-A", "COMUNE-B")
    bandi.clock.set(FRA)
    first = await graduatoria(office, "F1")
    assert first.status_code == 201, first.text
    assert (first.json()["finestra"], first.json()["finanziate"]) == ("F1", 2)
    await presenta(office, SECONDA, "COMUNE-C", "COMUNE-D")
    early = await graduatoria(office, "F2")
    assert problem(early) == "bando-ancora-aperto", "the second window is still open"
    bandi.clock.set(DOPO)
    second = await graduatoria(office, "F2")
    assert (second.json()["numero"], second.json()["righe"], second.json()["finanziate"]) == (2, 2, 1)
    rows = await office.righe(2)
    assert [(row["capofila"], row["esito"]) for row in rows] == [
        ("COMUNE-C", "finanziata"),
        ("COMUNE-D", "idonea_non_finanziata"),
    ]
    top_up = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "100.00"}]}
    await office.ok("POST", "/v1/bandi/DUE-FINESTRE/integrazioni", top_up)
    third = await graduatoria(office, "F2")
    assert (third.json()["numero"], third.json()["finanziate"]) == (3, 2)
    assert problem(await graduatoria(office, "F1")) == "graduatoria-invariata"
    found = await office.ok("GET", "/v1/bandi/DUE-FINESTRE/domande")
    why = {}
    for item in found["items"]:
        told = await office.ok("GET", f"/v1/domande/{item['domanda_id']}/spiegazione")
        why[item["capofila"]] = told["graduatoria"]
    assert why == {"COMUNE-A": 1, "COMUNE-B": 1, "COMUNE-C": 3, "COMUNE-D": 3}


@pytest.mark.parametrize(("riporto", "finanziate", "avanza"), [(True, 2, "0.00"), (False, 1, "100.00")])
async def test_what_a_window_leaves_goes_to_the_next_or_is_kept_as_the_call_says(
    bandi: ServiceUnderTest, riporto: bool, finanziate: int, avanza: str
) -> None:
    """LAB has 300.00: 200.00 for the first window, which gives 100.00, and 100.00 for the second."""
    windows = [
        item | {"dotazioni": [{"linea": "LAB", "importo": money}, {"linea": "INC", "importo": "100.00"}]}
        for item, money in zip(FINESTRE, ("200.00", "100.00"), strict=True)
    ]
    office = Ufficio(bandi, f"RIPORTO-{riporto}".upper())
    await office.pubblica(modalita="finestre", finestre=windows, riporto=riporto)
    await presenta(office, PRIMA, "COMUNE-A")
    bandi.clock.set(FRA)
    assert (await graduatoria(office, "F1")).json()["finanziato"] == "150.00"
    await presenta(office, SECONDA, "COMUNE-B", "COMUNE-C", "COMUNE-D")
    bandi.clock.set(DOPO)
    second = await graduatoria(office, "F2")
    assert second.json()["finanziate"] == finanziate
    left = {item["linea"]: item["importo"] for item in (await office.righe(2))[-1]["residuo"]}
    assert left["LAB"] == "0.00"
    call = await office.ok("GET", f"/v1/bandi/{office.codice}", roles=None)
    free = {linea["codice"]: (linea["dotazione"], linea["assegnato"]) for linea in call["linee"]}
    assert free["LAB"] == ("300.00", f"{300 - int(float(avanza))}.00")


async def test_a_window_waits_for_the_ranking_of_the_earlier_ones(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "IN-ORDINE")
    await presenta(office, PRIMA, "COMUNE-A")
    await presenta(office, SECONDA, "COMUNE-B")
    bandi.clock.set(DOPO)
    early = await graduatoria(office, "F2")
    assert (early.status_code, problem(early)) == (409, "finestra-precedente-da-graduare")
    preview = await bandi.get("/v1/bandi/IN-ORDINE/graduatorie/anteprima?finestra=F2", roles=UFFICIO)
    assert problem(preview) == "finestra-precedente-da-graduare"
    assert (await graduatoria(office, "F1")).status_code == 201
    assert (await graduatoria(office, "F2")).json()["finanziate"] == 1


async def test_between_two_windows_a_call_is_not_among_the_open_ones(bandi: ServiceUnderTest) -> None:
    await a_finestre(bandi, "CHIUSA-IN-MEZZO")

    async def is_open(when: datetime) -> bool:
        bandi.clock.set(when)
        items = (await bandi.get("/v1/bandi?aperti=true&limit=500")).json()["items"]
        return "CHIUSA-IN-MEZZO" in {item["codice"] for item in items}

    assert await is_open(PRIMA)
    assert await is_open(datetime(2017, 12, 31, 11, 0, 0, 100_000, tzinfo=UTC))
    assert not await is_open(datetime(2017, 12, 31, 11, 0, 1, tzinfo=UTC))
    assert not await is_open(FRA)
    assert await is_open(SECONDA)
    call = (await bandi.get("/v1/bandi/CHIUSA-IN-MEZZO")).json()
    assert call["finestre"][1] == {
        "codice": "F2",
        "apre_a_roma": "10/01/2018 alle 10:00:00 (ora di Roma)",
        "chiude_a_roma": "15/02/2018 alle 12:00:00 (ora di Roma)",
    }


async def test_who_arrives_in_the_last_second_of_a_window_is_ranked_in_it(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "SECONDO")
    last = datetime(2017, 12, 31, 11, 0, 0, 400_000, tzinfo=UTC)
    bandi.clock.set(last)
    receipt = await office.presenta("COMUNE-A")
    found = await office.ok("GET", "/v1/bandi?aperti=true&limit=500", roles=None)
    assert "SECONDO" in {item["codice"] for item in found["items"]}
    assert problem(await graduatoria(office, "F1")) == "bando-ancora-aperto"
    bandi.clock.set(last + timedelta(milliseconds=600))
    late = await office.bozza("COMUNE-B")
    answer = await bandi.post(f"/v1/domande/{late['domanda_id']}/presentazione", roles=["proponente"], ente="COMUNE-B")
    assert problem(answer) == "bando-non-ancora-aperto", "the next window is awaited"
    await office.ammetti(receipt["domanda_id"], "55.00")
    ranked = await graduatoria(office, "F1")
    assert (ranked.status_code, ranked.json()["righe"]) == (201, 1), ranked.text


async def test_a_window_must_be_named_where_there_are_windows_and_nowhere_else(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "QUALE")
    plain = await Ufficio(bandi, "SENZA").pubblica()
    bandi.clock.set(DOPO)
    for where, name in ((office, None), (office, "F9"), (plain, "F1")):
        answer = await graduatoria(where, name)
        assert (answer.status_code, problem(answer)) == (422, "finestra-non-valida"), name
    preview = await bandi.get("/v1/bandi/QUALE/graduatorie/anteprima?finestra=F1", roles=UFFICIO)
    assert problem(preview) == "nessuna-domanda"


async def test_between_two_windows_nothing_is_presented(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "CHIUSO")
    draft = await office.bozza("COMUNE-A")
    bandi.clock.set(FRA)
    path = f"/v1/domande/{draft['domanda_id']}/presentazione"
    answer = await bandi.post(path, roles=["proponente"], ente="COMUNE-A")
    assert (answer.status_code, problem(answer)) == (409, "bando-non-ancora-aperto")


async def test_a_window_is_extended_and_takes_the_call_with_it(bandi: ServiceUnderTest) -> None:
    office = await a_finestre(bandi, "PROROGATA")
    path = "/v1/bandi/PROROGATA/proroghe"
    body = {"atto": "proroga", "finestra": "F2", "chiude_il": "2018-03-15T11:00:00Z"}
    longer = await office.ok("POST", path, body)
    assert [window["chiude_il"] for window in longer["regole"]["finestre"]] == [
        "2017-12-31T11:00:00Z",
        "2018-03-15T11:00:00Z",
    ]
    assert longer["chiude_il"] == "2018-03-15T11:00:00Z"
    for change, name in (
        ({"finestra": "F9"}, "proroga-del-bando-non-valida"),
        ({"chiude_il": "2018-03-15T11:00:00Z"}, "proroga-del-bando-non-valida"),
        ({"finestra": "F1", "chiude_il": "2018-01-20T11:00:00Z"}, "regole-contraddittorie"),
    ):
        refused = await bandi.post(path, json=body | change, roles=UFFICIO)
        assert (refused.status_code, problem(refused)) == (422, name), change
    await presenta(office, PRIMA, "COMUNE-A")
    bandi.clock.set(FRA)
    assert (await graduatoria(office, "F1")).status_code == 201
    ranked = {"atto": "x", "finestra": "F1", "chiude_il": "2018-01-05T11:00:00Z"}
    refused = await bandi.post(path, json=ranked, roles=UFFICIO)
    assert problem(refused) == "proroga-del-bando-non-valida"
    assert "non si riapre" in refused.json()["detail"]
