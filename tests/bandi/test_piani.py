"""CUP, plans and partners' shares over HTTP: asked for, approved, compared; every line adds up to the cent."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import constraint_name
from tests.bandi.cantiere import CAPOFILA, cantiere, piano, quota, voce
from tests.bandi.esempi import Ufficio, importi, problem
from tests.support.service import ServiceUnderTest

CUP = "E89J18000010006"


async def test_a_cup_has_one_form_and_no_other_project_that_holds_its_funding(bandi: ServiceUnderTest) -> None:
    first, second = await cantiere(bandi, "CUP-UNO"), await cantiere(bandi, "CUP-DUE", avviato=False)
    for wrong in ("E89J1800001000", "189J18000010006", "E89J180000100066", "E8 9J18 00001 000X"):
        status, name = await first.rifiuto("cup", {"atto": "x", "cup": wrong})
        assert (status, name) in {(422, "cup-non-valido"), (422, "invalid")}, wrong
    given = await first.ufficio("cup", {"atto": "comunicazione", "cup": "e89j 18000010006"})
    assert given["cup"] == CUP
    told = (await bandi.emitted("bandi.progetto.impegnato.v1"))[-1]
    assert (told["cup"], told["versione"]) == (CUP, given["versione"])
    assert await second.rifiuto("cup", {"atto": "x", "cup": CUP}) == (409, "cup-gia-usato")
    await second.ufficio("cup", {"atto": "x", "cup": "E89J18000010007"})
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with bandi.transaction() as session:
            await session.execute(
                sa.text("UPDATE progetto SET cup = :cup WHERE codice = :codice"), {"cup": CUP, "codice": second.codice}
            )
    assert constraint_name(refused.value) == "uq_progetto_cup"
    await first.ufficio("revoca", {"atto": "x", "motivo": "x"})
    assert (await second.ufficio("cup", {"atto": "x", "cup": CUP}))["cup"] == CUP, "a revoked project frees its code"
    assert await first.rifiuto("cup", {"atto": "x", "cup": CUP}) == (409, "progetto-non-in-corso")


async def test_two_offices_that_register_one_cup_at_once_give_it_to_one_project(bandi: ServiceUnderTest) -> None:
    sites = [await cantiere(bandi, f"CUP-GARA-{n}", avviato=False) for n in range(3)]
    body = {"atto": "x", "cup": "F11B20000480009"}
    answers = await asyncio.gather(
        *(bandi.post(f"{site.path}/cup", json=body, roles=["funzionario_bandi"]) for site in sites)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


async def test_a_call_may_ask_for_the_cup_before_any_commitment(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CUP-PRIMA", avviato=False, gestione={"cup_obbligatorio": True})
    assert await site.rifiuto("impegni", importi(LAB="1.00")) == (409, "cup-mancante")
    await site.ufficio("cup", {"atto": "x", "cup": "J81B21000210001"})
    await site.ufficio("impegni", importi(LAB="1.00"))


async def test_a_plan_is_asked_for_by_the_lead_and_approved_by_an_act(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "PIANO")
    before = await site.leggi("avanzamento")
    assert [(q["linea"], q["ente"], q["impegnato"]) for q in before["quote"]] == [
        ("INC", CAPOFILA, "45.00"),
        ("LAB", CAPOFILA, "90.00"),
    ]
    asked = await site.capofila("rimodulazioni", {"motivo": "Dividere il lavoro", "piano": piano()})
    assert (asked["numero"], asked["stato"], asked["base"]) == (1, "chiesta", 0)
    body = {"motivo": "x", "piano": piano()}
    assert await site.rifiuto("rimodulazioni", body, capofila=True) == (409, "rimodulazione-gia-chiesta")
    approved = await site.ufficio("rimodulazioni/1/approvazione", {"atto": "decreto 1"})
    assert (approved["numero"], approved["costo"], approved["contributo"]) == (1, "150.00", "135.00")
    assert approved["piano"]["quote"] == piano()["quote"]
    assert (await site.leggi())["piano"] == 1
    after = await site.leggi("avanzamento")
    assert [(q["linea"], q["ente"], q["ammesso"], q["impegnato"]) for q in after["quote"]] == [
        ("INC", CAPOFILA, "18.00", "18.00"),
        ("INC", "SOLCO", "27.00", "27.00"),
        ("LAB", CAPOFILA, "54.00", "54.00"),
        ("LAB", "SOLCO", "36.00", "36.00"),
    ]
    assert await site.rifiuto("rimodulazioni/1/approvazione", {"atto": "x"}) == (409, "rimodulazione-gia-decisa")
    assert await site.rifiuto("rimodulazioni/9/approvazione", {"atto": "x"}) == (404, "rimodulazione-sconosciuta")


async def test_a_further_plan_keeps_the_totals_and_tells_what_changed(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CONFRONTO")
    await site.approva_piano(piano())
    await site.ufficio("pagamenti", importi(LAB="40.00"))
    quote = [
        quota("LAB", CAPOFILA, "30.00", "27.00"),
        quota("LAB", "SOLCO", "70.00", "63.00"),
        quota("INC", "SOLCO", "50.00", "45.00"),
    ]
    second = await site.approva_piano(piano(quote=quote, attivita=[], indicatori=piano()["indicatori"]))
    assert second["numero"] == 2
    differs = await site.office.ok("GET", f"{site.path}/piani/2/confronto?con=1", roles=None)
    assert differs["contributo_prima"] == differs["contributo_dopo"] == "135.00"
    assert [(d["dove"], d["prima"], d["dopo"]) for d in differs["differenze"]] == [
        (f"quote.INC.{CAPOFILA}", "costo 20.00, contributo 18.00", None),
        ("quote.INC.SOLCO", "costo 30.00, contributo 27.00", "costo 50.00, contributo 45.00"),
        (f"quote.LAB.{CAPOFILA}", "costo 60.00, contributo 54.00", "costo 30.00, contributo 27.00"),
        ("quote.LAB.SOLCO", "costo 40.00, contributo 36.00", "costo 70.00, contributo 63.00"),
        ("attivita.A1", "Sportello, linea LAB, dal inizio al termine", None),
    ]
    first = await site.office.ok("GET", f"{site.path}/piani/1", roles=None)
    assert first["piano"]["quote"] == piano()["quote"], "the plan before stays as it was"
    listed = await site.office.ok("GET", f"{site.path}/piani", roles=None)
    assert [item["numero"] for item in listed["items"]] == [1, 2]
    money = await site.leggi("avanzamento")
    assert money["totale"] == {"programmato": "135.00", "ammesso": "135.00", "impegnato": "135.00", "erogato": "40.00"}
    lab = {q["ente"]: (q["ammesso"], q["erogato"]) for q in money["quote"] if q["linea"] == "LAB"}
    assert lab == {CAPOFILA: ("27.00", "24.00"), "SOLCO": ("63.00", "16.00")}, "what was paid stays with who has it"
    answer = await bandi.get(f"{site.path}/piani/3")
    assert (answer.status_code, problem(answer)) == (404, "piano-sconosciuto")


async def test_a_plan_that_does_not_hold_is_refused_with_every_defect(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "DIFETTI")
    wrong = piano(
        attivita=[
            {"codice": "A1", "titolo": "x", "linea": "X"},
            {"codice": "A1", "titolo": "y", "inizio": "2018-06-02", "fine": "2018-06-01"},
            {"codice": "A3", "titolo": "z", "inizio": "2018-04-30"},
        ],
        quote=[
            quota("LAB", CAPOFILA, "90.00", "89.00"),
            quota("LAB", CAPOFILA, "1.00", "2.00"),
            quota("INC", "ESTRANEO", "45.00", "45.00"),
            quota("X", "SOLCO", "1.00", "1.00"),
        ],
    )
    body = {"motivo": "x", "piano": wrong}
    answer = await bandi.post(f"{site.path}/rimodulazioni", json=body, roles=["proponente"], ente=CAPOFILA)
    assert (answer.status_code, problem(answer)) == (422, "piano-non-valido")
    found = " ".join(item["messaggio"] for item in answer.json()["errori"])
    for said in (
        "le quote fanno 91.00 e l'ammesso e' 90.00",
        "il contributo supera il 90,00% del costo",
        "il cofinanziamento e' sotto il 10,00% del costo",
        "il contributo di COMUNE-MANTOVA supera il suo costo",
        "ESTRANEO non e' nel partenariato",
        "il progetto non ha la linea X",
        "Il codice A1 compare 2 volte",
        "finisce prima di cominciare",
        "il progetto va dal 2018-05-01 al 2020-04-30",
        "compare 2 volte",
    ):
        assert said in found, said
    assert (await site.leggi("rimodulazioni"))["items"] == []


async def test_no_cost_falls_below_the_expenses_already_admitted(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "AMMESSE")
    await site.approva_piano(piano())
    await site.spende(voce("40.00", "F1", ente="SOLCO"))
    quote = [quota("LAB", CAPOFILA, "61.00", "54.00"), quota("LAB", "SOLCO", "39.99", "36.00"), *piano()["quote"][2:]]
    body = {"motivo": "x", "piano": piano(quote=quote)}
    answer = await bandi.post(f"{site.path}/rimodulazioni", json=body, roles=["proponente"], ente=CAPOFILA)
    assert (answer.status_code, problem(answer)) == (422, "piano-non-valido")
    assert [item["messaggio"] for item in answer.json()["errori"]] == [
        "Linea LAB: a SOLCO sono gia' ammesse spese per 40.00, il costo non scende sotto."
    ]


async def test_no_share_falls_below_what_its_partner_was_paid(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "PAGATO")
    await site.approva_piano(piano())
    named = {"linea": "LAB", "importo": "30.00", "quote": [{"ente": "SOLCO", "importo": "30.00"}]}
    await site.ufficio("pagamenti", {"atto": "mandato", "importi": [named]})
    quote = [quota("LAB", CAPOFILA, "70.00", "63.00"), quota("LAB", "SOLCO", "30.00", "27.00")]
    quote += [quota("INC", "SOLCO", "50.00", "45.00")]
    body = {"motivo": "x", "piano": piano(quote=quote)}
    answer = await bandi.post(f"{site.path}/rimodulazioni", json=body, roles=["proponente"], ente=CAPOFILA)
    assert problem(answer) == "piano-non-valido"
    assert "a SOLCO sono gia' stati pagati 30.00" in answer.json()["detail"]


async def test_an_act_may_name_the_partners_within_their_room(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "NOMINATE")

    def named(importo: str, *shares: tuple[str, str]) -> dict[str, Any]:
        quote = [{"ente": ente, "importo": cents} for ente, cents in shares]
        return {"atto": "mandato", "importi": [{"linea": "LAB", "importo": importo, "quote": quote}]}

    assert await site.rifiuto("pagamenti", named("1.00", ("SOLCO", "1.00"))) == (422, "quote-non-quadrano")
    await site.approva_piano(piano())
    assert await site.rifiuto("pagamenti", named("40.00", ("SOLCO", "40.00"))) == (409, "quota-non-capiente")
    assert await site.rifiuto("pagamenti", named("5.00", ("SOLCO", "4.00"))) == (422, "quote-non-quadrano")
    assert await site.rifiuto("pagamenti", named("5.00", ("ESTRANEO", "5.00"))) == (422, "quote-non-quadrano")
    twice = named("5.00", ("SOLCO", "2.00"), ("SOLCO", "3.00"))
    assert await site.rifiuto("pagamenti", twice) == (422, "quote-non-quadrano")
    await site.ufficio("pagamenti", named("36.00", ("SOLCO", "36.00")))
    lab = {q["ente"]: q["erogato"] for q in (await site.leggi("avanzamento"))["quote"] if q["linea"] == "LAB"}
    assert lab == {CAPOFILA: "0.00", "SOLCO": "36.00"}


async def test_a_request_is_rejected_or_withdrawn_and_the_plan_in_force_stays(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "RIGETTO")
    await site.capofila("rimodulazioni", {"motivo": "x", "piano": piano()})
    rejected = await site.ufficio("rimodulazioni/1/rigetto", {"atto": "nota 3", "motivo": "Manca la relazione"})
    assert (rejected["stato"], rejected["motivo_decisione"]) == ("respinta", "Manca la relazione")
    await site.capofila("rimodulazioni", {"motivo": "x", "piano": piano()})
    assert (await site.capofila("rimodulazioni/2/ritiro"))["stato"] == "ritirata"
    assert await site.rifiuto("rimodulazioni/2/ritiro", capofila=True) == (409, "rimodulazione-gia-decisa")
    assert (await site.leggi())["piano"] == 0
    assert [r["stato"] for r in (await site.leggi("rimodulazioni"))["items"]] == ["respinta", "ritirata"]


async def test_a_request_overtaken_by_the_money_is_not_approved(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "SUPERATA")
    await site.approva_piano(piano())
    quote = [quota("LAB", "SOLCO", "100.00", "90.00"), quota("INC", "SOLCO", "50.00", "45.00")]
    await site.capofila("rimodulazioni", {"motivo": "x", "piano": piano(quote=quote)})
    await site.ufficio("pagamenti", importi(LAB="10.00"))
    assert await site.rifiuto("rimodulazioni/2/approvazione", {"atto": "x"}) == (409, "rimodulazione-superata")
    assert (await site.leggi())["piano"] == 1


async def test_what_the_application_divided_is_divided_from_the_first_day(bandi: ServiceUnderTest) -> None:
    parts = [
        {"linea": "LAB", "titolo": "Lab", "costo": "100.00", "contributo": "90.00", "cofinanziamento_denaro": "4.00"}
        | {
            "quote": [
                {"ente": e, "costo": c, "contributo": d}
                for e, c, d in ((CAPOFILA, "70.00", "63.00"), ("SOLCO", "30.00", "27.00"))
            ]
        }
    ]
    linee = [{"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": "300.00"}]
    site = await cantiere(bandi, "DIVISA", parts=parts, avviato=False, linee=linee)
    await site.ufficio("impegni", importi(LAB="10.00"))
    shares = {q["ente"]: (q["ammesso"], q["impegnato"]) for q in (await site.leggi("avanzamento"))["quote"]}
    assert shares == {CAPOFILA: ("63.00", "7.00"), "SOLCO": ("27.00", "3.00")}


async def test_the_database_itself_keeps_shares_and_line_equal(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "QUADRA")
    await site.approva_piano(piano())
    for change in (
        "UPDATE quota_partner SET erogato_cent = erogato_cent + 1 WHERE ente = 'SOLCO' AND linea = 'LAB'",
        "UPDATE progetto_linea SET impegnato_cent = impegnato_cent - 1 WHERE linea = 'LAB'",
        "DELETE FROM quota_partner WHERE ente = 'SOLCO' AND linea = 'LAB'",
    ):
        with pytest.raises(sa.exc.DBAPIError) as refused:
            async with bandi.transaction() as session:
                await session.execute(sa.text(f"{change} AND progetto_id = '{site.path.rsplit('/', 1)[1]}'"))
        assert constraint_name(refused.value) == "ck_quota_partner_somma_della_linea", change


async def test_only_the_lead_asks_and_only_the_office_of_the_call_decides(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CHI-CHIEDE")
    body = {"motivo": "x", "piano": piano()}
    stranger = await bandi.post(f"{site.path}/rimodulazioni", json=body, roles=["proponente"], ente="COMUNE-ALTRO")
    assert (stranger.status_code, problem(stranger)) == (403, "domanda-di-altri")
    await site.capofila("rimodulazioni", body)
    other = await bandi.post(
        f"{site.path}/rimodulazioni/1/approvazione",
        json={"atto": "x"},
        roles=["funzionario_bandi"],
        ente="COMUNE-ALTRO",
    )
    assert (other.status_code, problem(other)) == (403, "bando-di-altro-ente")
    unread = await bandi.get(f"{site.path}/rimodulazioni", roles=["proponente"], ente="COMUNE-ALTRO")
    assert unread.status_code == 403


async def test_what_a_scorrimento_adds_is_spread_over_the_shares(bandi: ServiceUnderTest) -> None:
    linee = [{"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": "60.00"}]
    parts = [
        {"linea": "LAB", "titolo": "Lab", "costo": "100.00", "contributo": "90.00", "cofinanziamento_denaro": "4.00"}
    ]
    site = await cantiere(bandi, "SCORRE", parts=parts, avviato=False, linee=linee, taglio="parziale")
    office: Ufficio = site.office
    quote = [quota("LAB", CAPOFILA, "34.00", "30.00"), quota("LAB", "SOLCO", "34.00", "30.00")]
    await site.approva_piano(piano(quote=quote))
    more = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "30.00"}]}
    await office.ok("POST", f"/v1/bandi/{office.codice}/integrazioni", more)
    await office.approva("scorrimento")
    shares = {q["ente"]: (q["programmato"], q["ammesso"]) for q in (await site.leggi("avanzamento"))["quote"]}
    assert shares == {CAPOFILA: ("45.00", "45.00"), "SOLCO": ("45.00", "45.00")}
