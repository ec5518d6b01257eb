"""The examination: what the machine finds, declarations of the commissioners, sheets put together as the call says."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import tables
from services.bandi.rules.bando import Criterio, DocumentoRichiesto, MetodoPunteggio
from services.bandi.rules.contraddizioni import contraddizioni
from services.bandi.rules.controlli import rilievi_della_macchina
from services.bandi.rules.dichiarazioni import (
    ConflittoTardivo,
    DichiarazioneGiaResa,
    EsitoDichiarazione,
    MotivoDelConflitto,
    controlla_dichiarazione,
)
from services.bandi.rules.scheda import schede_attese
from tests.bandi.esempi import CHIUDE, CONTENUTO, DOPO, DURANTE, REGOLE, Ufficio, con_valutazione, problem
from tests.support.service import ServiceUnderTest

NO, YES = EsitoDichiarazione.NESSUN_CONFLITTO, EsitoDichiarazione.CONFLITTO
A: dict[str, Any] = {"roles": ["commissario"], "sub": "commissario.a"}
SHEET = {"punteggi": [{"criterio": "A", "punti": "50.00"}, {"criterio": "B", "punti": "30.00"}]}


def findings(**changes: Any) -> list[str]:
    """The rules the machine finds broken in the example, changed so."""
    given: dict[str, Any] = {"presentata_il": DURANTE, "documenti": (), "domande_del_capofila": 1}
    contenuto = changes.pop("contenuto", CONTENUTO)
    regole = changes.pop("regole", REGOLE)
    return [found.regola for found in rilievi_della_macchina(regole, contenuto, **(given | changes))]


def test_the_machine_checks_content_term_documents_and_number_by_the_rules_of_the_call() -> None:
    assert findings() == []
    assert findings(contenuto=replace(CONTENUTO, titolo=None)) == ["completezza"]
    assert findings(presentata_il=CHIUDE + timedelta(seconds=1)) == ["termini"]
    assert findings(domande_del_capofila=2) == ["domande_per_capofila"]
    asked = replace(REGOLE, documenti=(DocumentoRichiesto("BILANCIO", "Bilancio", sanabile=True),))
    assert findings(regole=asked) == ["documenti"], "what may come later is still missing"
    assert findings(regole=asked, documenti=["BILANCIO"]) == []


@pytest.mark.parametrize(
    ("before", "now", "why", "signed", "refusal"),
    [
        (None, YES, None, False, MotivoDelConflitto),
        (None, NO, "amico", False, MotivoDelConflitto),
        (YES, NO, None, False, DichiarazioneGiaResa),
        (NO, YES, "socio", True, ConflittoTardivo),
    ],
)
def test_a_declaration_says_its_reason_and_is_not_taken_back(
    before: EsitoDichiarazione | None, now: EsitoDichiarazione, why: str | None, signed: bool, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        controlla_dichiarazione(before, now, why, firmata=signed)


def test_a_conflict_found_later_is_added_and_saying_again_what_stands_writes_nothing() -> None:
    assert controlla_dichiarazione(None, NO, None, firmata=False)
    assert controlla_dichiarazione(NO, YES, "socio", firmata=False)
    assert not controlla_dichiarazione(NO, NO, None, firmata=True)


def test_how_many_sheets_an_application_needs() -> None:
    mean, total = REGOLE.valutazione, replace(REGOLE.valutazione, metodo=MetodoPunteggio.SOMMA, commissari=3)
    assert schede_attese(mean, 5, 2) == 3
    assert schede_attese(mean, 2, 2) == 1, "with everybody in conflict somebody else is needed"
    assert schede_attese(replace(mean, commissari=4), 5, 2) == 4
    assert schede_attese(total, 5, 2) == 3
    assert schede_attese(replace(mean, metodo=MetodoPunteggio.COLLEGIALE), 5, 2) == 1


def test_a_sum_needs_the_number_of_commissioners_and_a_maximum_as_many_times_as_large() -> None:
    criteri = (Criterio("A", "Qualita'", 6_000), Criterio("B", "Rete", 4_000, None, 9_000))
    good = {"criteri": criteri, "metodo": MetodoPunteggio.SOMMA, "commissari": 3, "punteggio_massimo_cent": 30_000}
    assert contraddizioni(con_valutazione(**good)) == ()
    assert {d.regola for d in contraddizioni(con_valutazione(**(good | {"commissari": None})))} >= {"pesi", "metodo"}
    assert {d.regola for d in contraddizioni(con_valutazione(**(good | {"commissari": 2})))} == {"pesi", "soglia"}
    agreed = con_valutazione(metodo=MetodoPunteggio.COLLEGIALE, commissari=3)
    assert [d.regola for d in contraddizioni(agreed)] == ["metodo"]


async def test_the_office_admits_what_the_machine_finds_wrong_only_saying_why(bandi: ServiceUnderTest) -> None:
    documenti = [{"codice": "BILANCIO", "titolo": "Bilancio", "sanabile": True}]
    office = await Ufficio(bandi, "SCOSTAMENTO").pubblica(documenti=documenti)
    clean = await Ufficio(bandi, "CONFORME").pubblica()
    receipt, good = await office.presenta("COMUNE-A"), await clean.presenta("COMUNE-A")
    path = f"/v1/domande/{receipt['domanda_id']}"
    found = await office.ok("GET", f"{path}/controlli")
    assert (found["conforme"], [item["campo"] for item in found["rilievi"]]) == (False, ["documenti.BILANCIO"])
    who = {"roles": ["funzionario_bandi"], "ente": "REGIONE-LOMBARDIA"}
    mute = await bandi.post(f"{path}/istruttoria", json={"esito": "ammissibile"}, **who)
    assert (mute.status_code, problem(mute)) == (422, "scostamento-non-motivato")
    assert mute.json()["errori"][0]["campo"] == "documenti.BILANCIO"
    body = {"esito": "ammissibile", "scostamento": "Il bilancio e' depositato al registro delle imprese"}
    decided = await office.ok("POST", f"{path}/istruttoria", body)
    assert (decided["rilievi"], decided["scostamento"]) == (found["rilievi"], body["scostamento"])
    other = f"/v1/domande/{good['domanda_id']}"
    assert (await office.ok("GET", f"{other}/controlli"))["conforme"] is True
    idle = await bandi.post(f"{other}/istruttoria", json=body, **who)
    assert (idle.status_code, problem(idle)) == (422, "scostamento-non-motivato")
    draft = await clean.bozza("COMUNE-B")
    nothing = await bandi.get(f"/v1/domande/{draft['domanda_id']}/controlli", **who)
    assert (nothing.status_code, problem(nothing)) == (404, "domanda-sconosciuta")


async def test_nobody_sees_or_scores_before_declaring_nor_with_a_conflict(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "INTERESSI").pubblica()
    first, second = await office.presenta("COMUNE-A"), await office.presenta("COMUNE-B")
    for item in (first, second):
        await office.ammetti(item["domanda_id"])
    path, declare = f"/v1/domande/{first['domanda_id']}", "/v1/bandi/INTERESSI/dichiarazioni"
    todo = (await office.ok("GET", declare, **A))["items"]
    assert [(item["capofila"], item["enti"], item["esito"]) for item in todo] == [
        ("COMUNE-A", ["COMUNE-A", "SOLCO"], None),
        ("COMUNE-B", ["COMUNE-B", "SOLCO"], None),
    ]

    async def refused(refusal: str) -> None:
        for answer in (
            await bandi.get(path, **A),
            await bandi.get(f"{path}/documenti", **A),
            await bandi.get(f"{path}/presentata", **A),
            await bandi.get(f"{path}/schede", **A),
            await bandi.get(f"{path}/spiegazione", **A),
            await bandi.post(f"{path}/schede", json=SHEET, **A),
        ):
            assert (answer.status_code, problem(answer)) == (403, refusal)

    await refused("dichiarazione-mancante")
    both = [
        {"domanda_id": first["domanda_id"], "esito": "nessun_conflitto"},
        {"domanda_id": second["domanda_id"], "esito": "nessun_conflitto"},
    ]
    assert (await office.ok("POST", declare, {"dichiarazioni": both}, **A))["registrate"] == 2
    assert (await bandi.get(path, **A)).status_code == 200
    conflict = [{"domanda_id": first["domanda_id"], "esito": "conflitto", "motivo": "Ha lavorato per il capofila"}]
    assert (await office.ok("POST", declare, {"dichiarazioni": conflict}, **A))["registrate"] == 1
    await refused("conflitto-dichiarato")
    officer_too = {"roles": ["commissario", "funzionario_bandi"], "sub": "commissario.a", "ente": "REGIONE-LOMBARDIA"}
    assert problem(await bandi.get(path, **officer_too)) == "conflitto-dichiarato", "whatever other role they have"
    officer = {"roles": ["funzionario_bandi"], "sub": "commissario.a", "ente": "REGIONE-LOMBARDIA"}
    decision = {"esito": "ammissibile"}
    for answer in (
        await bandi.get(f"{path}/controlli", **officer),
        await bandi.post(f"{path}/istruttoria", json=decision, **officer),
        await bandi.get("/v1/bandi/INTERESSI/graduatorie/anteprima", **officer),
    ):
        assert (answer.status_code, problem(answer)) == (403, "conflitto-dichiarato"), "nor by the office's routes"
    for who in (A, officer):
        listed = (await office.ok("GET", "/v1/bandi/INTERESSI/domande", **who))["items"]
        assert [item["capofila"] for item in listed] == ["COMUNE-B"], "what is in conflict is not even listed"
    async with bandi.transaction() as session:
        seen = tables.access_register
        statement = sa.select(sa.func.count()).where(seen.c.soggetto == "commissario.a", seen.c.esito == "negato")
        assert await session.scalar(statement.where(seen.c.oggetto_id == first["domanda_id"])) == 15

    for body, refusal in (
        (both[:1], "dichiarazione-gia-resa"),
        ([both[1], both[1]], "domanda-non-dichiarabile"),
        ([{"domanda_id": str(UUID(int=9)), "esito": "nessun_conflitto"}], "domanda-non-dichiarabile"),
        ([both[1] | {"esito": "conflitto"}], "motivo-del-conflitto"),
    ):
        assert problem(await bandi.post(declare, json={"dichiarazioni": body}, **A)) == refusal
    await office.ok("POST", f"/v1/domande/{second['domanda_id']}/schede", SHEET, **A)
    late = await bandi.post(declare, json={"dichiarazioni": [both[1] | {"esito": "conflitto", "motivo": "x"}]}, **A)
    assert (late.status_code, problem(late)) == (409, "conflitto-tardivo")
    everybody = (await office.ok("GET", f"{declare}?limit=3"))["items"]
    assert [(item["protocollo"], item["commissario"], item["esito"]) for item in everybody] == [
        (1, "commissario.a", "conflitto"),
        (1, "commissario.b", None),
        (2, "commissario.a", "nessun_conflitto"),
    ]
    page = await office.ok("GET", f"{declare}?limit=3")
    rest = await office.ok("GET", f"{declare}?limit=3&cursor={page['cursor']}")
    assert [(item["protocollo"], item["commissario"]) for item in rest["items"]] == [(2, "commissario.b")]

    await office.valuta(second["domanda_id"], "40.00", "30.00", "commissario.b")
    await office.valuta(first["domanda_id"], "50.00", "30.00", "commissario.b")
    bandi.clock.set(DOPO)
    assert (await office.approva())["righe"] == 2, "who is in conflict is not waited for"
    totals = {row["capofila"]: row["totale"] for row in await office.righe(1)}
    assert totals == {"COMUNE-A": "80.00", "COMUNE-B": "75.00"}


async def test_a_commissioner_of_an_organisation_that_applies_has_a_conflict(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "DI-CASA").pubblica()
    domanda_id = (await office.presenta("COMUNE-A"))["domanda_id"]
    declare, body = "/v1/bandi/DI-CASA/dichiarazioni", {"domanda_id": domanda_id, "esito": "nessun_conflitto"}
    answer = await bandi.post(declare, json={"dichiarazioni": [body]}, **(A | {"ente": "SOLCO"}))
    assert (answer.status_code, problem(answer)) == (409, "commissario-dell-ente")
    conflict = {"domanda_id": domanda_id, "esito": "conflitto", "motivo": "Lavora per un partner"}
    await office.ok("POST", declare, {"dichiarazioni": [conflict]}, **(A | {"ente": "SOLCO"}))
    other = A | {"sub": "commissario.b", "ente": "UNIVERSITA"}
    assert (await office.ok("POST", declare, {"dichiarazioni": [body]}, **other))["registrate"] == 1


async def test_the_agreed_sheet_is_one_and_of_the_whole_commission(bandi: ServiceUnderTest) -> None:
    valutazione = {
        "criteri": [{"codice": "A", "titolo": "Qualita'", "punti_massimi": "100.00"}],
        "punteggio_massimo": "100.00",
        "metodo": "collegiale",
        "motivazione_obbligatoria": True,
    }
    office = await Ufficio(bandi, "COLLEGIALE").pubblica(valutazione=valutazione)
    receipt = await office.presenta("COMUNE-A")
    await office.ammetti(receipt["domanda_id"])
    path = f"/v1/domande/{receipt['domanda_id']}/schede"
    sheet = {"punteggi": [{"criterio": "A", "punti": "71.50", "motivazione": "Rete solida"}]}
    await office.dichiara(receipt["domanda_id"], "commissario.a")
    alone = await bandi.post(path, json=sheet, **A)
    assert (alone.status_code, problem(alone)) == (409, "dichiarazioni-incomplete")
    await office.dichiara(receipt["domanda_id"], "commissario.b")
    mute = await bandi.post(path, json={"punteggi": [{"criterio": "A", "punti": "71.50"}]}, **A)
    assert (mute.status_code, problem(mute)) == (422, "motivazione-mancante")
    b = A | {"sub": "commissario.b"}
    answers = await asyncio.gather(bandi.post(path, json=sheet, **A), bandi.post(path, json=sheet, **b))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (second,) = (answer for answer in answers if answer.status_code == 409)
    assert problem(second) == "scheda-collegiale-gia-firmata"
    bandi.clock.set(DOPO)
    await office.approva()
    assert [row["totale"] for row in await office.righe(1)] == ["71.50"]


async def test_a_sum_adds_as_many_sheets_as_the_call_says(bandi: ServiceUnderTest) -> None:
    valutazione = {
        "criteri": [{"codice": "A", "titolo": "Qualita'", "punti_massimi": "50.00"}],
        "punteggio_massimo": "100.00",
        "metodo": "somma",
        "commissari": 2,
    }
    office = await Ufficio(bandi, "SOMMA").pubblica(valutazione=valutazione)
    more = {"atto": "integrazione", "commissari": ["commissario.c"]}
    await office.ok("POST", "/v1/bandi/SOMMA/commissione", more)
    receipt = await office.presenta("COMUNE-A")
    await office.ammetti(receipt["domanda_id"])
    path = f"/v1/domande/{receipt['domanda_id']}/schede"
    for name, points in (("commissario.a", "41.25"), ("commissario.b", "30.00")):
        await office.dichiara(receipt["domanda_id"], name)
        body = {"punteggi": [{"criterio": "A", "punti": points}]}
        await office.ok("POST", path, body, roles=["commissario"], sub=name)
    await office.dichiara(receipt["domanda_id"], "commissario.c")
    third = await bandi.post(
        path, json={"punteggi": [{"criterio": "A", "punti": "1.00"}]}, roles=["commissario"], sub="commissario.c"
    )
    assert (third.status_code, problem(third)) == (409, "scheda-in-piu")
    bandi.clock.set(DOPO)
    await office.approva()
    assert [row["totale"] for row in await office.righe(1)] == ["71.25"]
