"""Applications over HTTP: checked, presented with gapless protocols, replaced, withdrawn, decided on, scored."""

import asyncio
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.bandi.queries import bandi as queries_bandi
from services.bandi.rules.domanda import BandoScaduto
from services.bandi.service import presentazioni as service
from tests.bandi.esempi import APRE, CHIUDE, DURANTE, Ufficio, contenuto_corpo, problem
from tests.support.service import ServiceUnderTest

PROPONENTE = ["proponente"]
UFFICIO = ["funzionario_bandi"]
A = "COMUNE-A"


async def test_a_draft_belongs_to_the_organisation_that_leads_it(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "DI-CHI").pubblica()
    draft = await office.bozza(A)
    path = f"/v1/domande/{draft['domanda_id']}"
    assert (await bandi.get(path, roles=PROPONENTE, ente=A)).json()["stato"] == "bozza"
    for who in ({"roles": PROPONENTE, "ente": "COMUNE-B"}, {"roles": UFFICIO}, {"roles": ["commissario"], "sub": "x"}):
        refused = await bandi.get(path, **who)
        assert (refused.status_code, problem(refused)) == (403, "domanda-di-altri"), who
    for name in ("presentazione", "ritiro", "sostituzione"):
        body = {"motivo": "x"} if name == "ritiro" else None
        refused = await bandi.post(f"{path}/{name}", roles=PROPONENTE, ente="COMUNE-B", json=body)
        assert problem(refused) == "domanda-di-altri", name
    nobody = await bandi.post("/v1/domande", json={"bando": "DI-CHI"}, roles=PROPONENTE)
    assert (nobody.status_code, problem(nobody)) == (403, "ente-mancante")
    assert problem(await bandi.get(path, roles=PROPONENTE)) == "domanda-di-altri"
    unknown = await bandi.get(f"/v1/domande/{UUID(int=7)}", roles=PROPONENTE, ente=A)
    assert (unknown.status_code, problem(unknown)) == (404, "domanda-sconosciuta")


async def test_the_lead_is_the_organisation_of_the_token(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "CAPOFILA").pubblica()
    body = {"bando": "CAPOFILA", "contenuto": contenuto_corpo("COMUNE-B")}
    refused = await bandi.post("/v1/domande", json=body, roles=PROPONENTE, ente=A)
    assert (refused.status_code, problem(refused)) == (422, "capofila-diverso")
    assert problem(await bandi.post("/v1/domande", json={"bando": "MAI"}, roles=PROPONENTE, ente=A)) == (
        "bando-sconosciuto"
    )


async def test_a_draft_is_saved_by_who_has_seen_its_last_version(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "SALVA").pubblica()
    draft = await office.bozza(A)
    path = f"/v1/domande/{draft['domanda_id']}/contenuto"
    who = {"roles": PROPONENTE, "ente": A}
    partial = {"titolo": "Solo il titolo"}
    assert (await bandi.put(path, json=partial, **who)).status_code == 428
    saved = await bandi.put(path, json=partial, headers={"If-Match": '"v1"'}, **who)
    assert saved.status_code == 200, saved.text
    assert saved.json()["contenuto"]["membri"] == []
    stale = await bandi.put(path, json=partial, headers={"If-Match": '"v1"'}, **who)
    assert stale.status_code == 412
    other = await bandi.put(path, json=partial, headers={"If-Match": '"v2"'}, roles=PROPONENTE, ente="COMUNE-B")
    assert other.status_code == 403


async def test_the_dry_run_lists_every_defect_and_writes_nothing(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "VERIFICA").pubblica()
    body = {"bando": "VERIFICA", "contenuto": {"titolo": "Vuota"}}
    draft = await office.ok("POST", "/v1/domande", body, roles=PROPONENTE, ente=A)
    path = f"/v1/domande/{draft['domanda_id']}"
    check = await office.ok("GET", f"{path}/verifica", roles=PROPONENTE, ente=A)
    assert check["presentabile"] is False
    assert {item["campo"] for item in check["difetti"]} == {"durata_mesi", "membri", "sotto_progetti"}
    refused = await bandi.post(f"{path}/presentazione", roles=PROPONENTE, ente=A)
    assert (refused.status_code, problem(refused)) == (422, "domanda-incompleta")
    assert len(refused.json()["errori"]) == len(check["difetti"])
    receipt = await bandi.get(f"{path}/ricevuta", roles=PROPONENTE, ente=A)
    assert (receipt.status_code, problem(receipt)) == (404, "domanda-sconosciuta")
    assert (await office.presenta("COMUNE-B"))["protocollo"] == 1, "a refused presentation takes no number"
    good = await office.bozza("COMUNE-C")
    ready = await office.ok("GET", f"/v1/domande/{good['domanda_id']}/verifica", roles=PROPONENTE, ente="COMUNE-C")
    assert ready == {"presentabile": True, "regole_versione": 1, "difetti": []}
    bandi.clock.set(CHIUDE + timedelta(days=1))
    late = await office.ok("GET", f"/v1/domande/{good['domanda_id']}/verifica", roles=PROPONENTE, ente="COMUNE-C")
    assert [item["regola"] for item in late["difetti"]] == ["termini"]


async def test_presentation_gives_a_receipt_with_the_hash_of_what_was_presented(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "RICEVUTA").pubblica()
    receipt = await office.presenta(A)
    path = f"/v1/domande/{receipt['domanda_id']}"
    assert receipt["protocollo"] == 1
    assert receipt["presentata_il"] == receipt["protocollata_il"]
    seen = await office.ok("GET", path, roles=PROPONENTE, ente=A)
    text = (await bandi.get(f"{path}/presentata", roles=PROPONENTE, ente=A)).content
    assert receipt["impronta"] == hashlib.sha256(text).hexdigest()
    told = json.loads(text)
    assert (told["bando"], told["capofila"], told["contenuto"]) == ("RICEVUTA", A, seen["contenuto"])
    assert told["adesioni"] == [{"ente": "SOLCO", "condizioni": seen["adesioni"][0]["condizioni"]}]
    pdf = [await bandi.get(f"{path}/ricevuta/pdf", roles=PROPONENTE, ente=A) for _ in range(2)]
    assert pdf[0].content == pdf[1].content, "a receipt is always the same file"
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf[0].content)).pages)
    digest = receipt["impronta"]
    assert " ".join(digest[start : start + 8] for start in range(0, 64, 8)) in " ".join(printed.split())
    assert "10/01/2018 alle 10:00:00 (ora di Roma)" in printed
    assert await office.ok("GET", f"{path}/ricevuta", roles=PROPONENTE, ente=A) == receipt
    event = (await bandi.emitted("bandi.domanda.presentata.v1"))[-1]
    assert (event["domanda_id"], event["protocollo"], event["capofila"]) == (receipt["domanda_id"], 1, A)
    again = await bandi.post(f"{path}/presentazione", roles=PROPONENTE, ente=A)
    assert (again.status_code, problem(again)) == (409, "domanda-non-in-bozza")
    edit = await bandi.put(
        f"{path}/contenuto", json={}, roles=PROPONENTE, ente=A, headers={"If-Match": f'"v{seen["versione"]}"'}
    )
    assert problem(edit) == "domanda-non-in-bozza"


async def test_the_database_keeps_what_was_presented_from_being_edited(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "IMMUTABILE").pubblica()
    await office.presenta(A)
    for table, column in (
        ("domanda_presentata", "impronta"),
        ("membro", "categoria"),
        ("sotto_progetto", "contributo_cent"),
        ("quota_membro", "contributo_cent"),
        ("documento_presentato", "impronta"),
        ("istruttoria", "esito"),
        ("scheda", "commissario"),
        ("punteggio", "punti_cent"),
        ("bando_versione", "regole"),
        ("graduatoria", "impronta"),
        ("riga_graduatoria", "contenuto"),
        ("movimento_progetto", "importi"),
    ):
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
                async with bandi.transaction() as session:
                    await session.execute(sa.text(statement))


async def test_forty_at_once_get_forty_numbers_without_gaps_in_order_of_time(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "INSIEME").pubblica()
    good = [await office.bozza(f"COMUNE-{n}") for n in range(40)]
    broken = [
        await office.ok("POST", "/v1/domande", {"bando": "INSIEME"}, roles=PROPONENTE, ente=f"ALTRO-{n}")
        for n in range(10)
    ]
    drafts = [*good[:20], *broken, *good[20:]]

    async def present(draft: dict[str, Any]) -> httpx.Response:
        """Present as a careful client: told that the platform is busy, it tries again."""
        while True:
            path = f"/v1/domande/{draft['domanda_id']}/presentazione"
            answer = await bandi.post(path, roles=PROPONENTE, ente=draft["capofila"])
            if answer.status_code != 503:
                return answer

    answers = await asyncio.gather(*(present(draft) for draft in drafts))
    receipts = sorted((a.json() for a in answers if a.status_code == 200), key=lambda r: r["protocollo"])
    assert sorted({a.status_code for a in answers}) == [200, 422]
    assert [receipt["protocollo"] for receipt in receipts] == list(range(1, 41))
    instants = [receipt["protocollata_il"] for receipt in receipts]
    assert instants == sorted(set(instants))
    assert all(receipt["presentata_il"] <= receipt["protocollata_il"] for receipt in receipts)


LAST = CHIUDE + timedelta(microseconds=999_999)


async def test_the_arrival_decides_the_term_and_the_queue_does_not(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "ULTIMO").pubblica()
    in_time, late = await office.bozza("COMUNE-IN"), await office.bozza("COMUNE-OUT")
    async with bandi.transaction() as session:
        found = await queries_bandi.bando_bloccato(session, "ULTIMO")
        assert found is not None
        found.ultimo_protocollo_il = CHIUDE + timedelta(minutes=3)
    async with bandi.transaction() as session:
        receipt = await service.presenta_domanda(session, UUID(in_time["domanda_id"]), now=LAST)
    assert receipt.presentata_il == LAST
    assert receipt.protocollata_il > CHIUDE + timedelta(minutes=3)
    with pytest.raises(BandoScaduto):
        async with bandi.transaction() as session:
            await service.presenta_domanda(session, UUID(late["domanda_id"]), now=CHIUDE + timedelta(seconds=1))


async def test_before_the_opening_and_after_the_closing_nothing_is_presented(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "TERMINI").pubblica()
    draft = await office.bozza(A)
    path = f"/v1/domande/{draft['domanda_id']}/presentazione"
    bandi.clock.set(APRE - timedelta(hours=1))
    early = await bandi.post(path, roles=PROPONENTE, ente=A)
    assert (early.status_code, problem(early)) == (409, "bando-non-ancora-aperto")
    bandi.clock.set(CHIUDE + timedelta(hours=1))
    late = await bandi.post(path, roles=PROPONENTE, ente=A)
    assert (late.status_code, problem(late)) == (409, "bando-scaduto")
    assert "ora di Roma" in late.json()["detail"]


async def test_one_key_presents_once_however_often_it_is_sent(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "CHIAVE").pubblica()
    draft = await office.bozza(A)
    path = f"/v1/domande/{draft['domanda_id']}/presentazione"
    answers = await asyncio.gather(
        *(bandi.post(path, roles=PROPONENTE, ente=A, headers={"Idempotency-Key": "k1"}) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["protocollo"] for answer in answers} == {1}
    assert sum(answer.headers.get("idempotency-hit") == "true" for answer in answers) == 5
    assert (await office.presenta("COMUNE-B"))["protocollo"] == 2


async def test_a_lead_may_present_as_many_as_the_call_says(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "UNA-SOLA").pubblica()
    await office.presenta(A)
    second = await office.bozza(A)
    refused = await bandi.post(f"/v1/domande/{second['domanda_id']}/presentazione", roles=PROPONENTE, ente=A)
    assert (refused.status_code, problem(refused)) == (409, "troppe-domande")


async def test_a_replacement_is_a_new_number_that_names_the_old_one(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "SOSTITUZIONE").pubblica()
    old = await office.presenta(A)
    who = {"roles": PROPONENTE, "ente": A}
    drafts = [await office.ok("POST", f"/v1/domande/{old['domanda_id']}/sostituzione", **who) for _ in range(2)]
    standing = await office.ok("GET", f"/v1/domande/{old['domanda_id']}", **who)
    assert standing["stato"] == "presentata", "the old one stands until the new one is presented"
    answers = await asyncio.gather(
        *(bandi.post(f"/v1/domande/{draft['domanda_id']}/presentazione", **who) for draft in drafts)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    receipt = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (receipt["protocollo"], receipt["sostituisce"]) == (2, old["domanda_id"])
    gone = await office.ok("GET", f"/v1/domande/{old['domanda_id']}", **who)
    assert gone["stato"] == "sostituita"
    refused = await bandi.post(f"/v1/domande/{old['domanda_id']}/sostituzione", **who)
    assert problem(refused) == "domanda-non-sostituibile"
    bandi.clock.set(CHIUDE + timedelta(hours=1))
    late = await bandi.post(f"/v1/domande/{receipt['domanda_id']}/sostituzione", **who)
    assert problem(late) == "bando-scaduto"


async def test_a_presented_application_is_withdrawn_with_its_reason(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "RITIRO").pubblica()
    receipt = await office.presenta(A)
    path = f"/v1/domande/{receipt['domanda_id']}/ritiro"
    out = await office.ok("POST", path, {"motivo": "Il partner si e' sciolto"}, roles=PROPONENTE, ente=A)
    assert (out["stato"], out["motivo_uscita"]) == ("ritirata", "Il partner si e' sciolto")
    again = await bandi.post(path, json={"motivo": "x"}, roles=PROPONENTE, ente=A)
    assert (again.status_code, problem(again)) == (409, "domanda-non-ritirabile")
    assert (await office.presenta(A))["protocollo"] == 2, "who has withdrawn may present again"


async def test_the_office_decides_once_with_its_reasons(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "ISTRUTTORIA").pubblica()
    receipt = await office.presenta(A)
    path = f"/v1/domande/{receipt['domanda_id']}/istruttoria"
    assert (await bandi.post(path, json={"esito": "ammissibile"}, roles=PROPONENTE, ente=A)).status_code == 403
    mute = await bandi.post(path, json={"esito": "non_ammissibile"}, roles=UFFICIO)
    assert (mute.status_code, problem(mute)) == (422, "motivi-mancanti")
    bonus = await bandi.post(path, json={"esito": "ammissibile", "premialita": ["P9"]}, roles=UFFICIO)
    assert (bonus.status_code, problem(bonus)) == (422, "premialita-sconosciuta")
    done = await bandi.post(path, json={"esito": "ammissibile", "premialita": ["P1"]}, roles=UFFICIO)
    assert (done.status_code, done.json()["stato"]) == (201, "ammissibile")
    again = await bandi.post(path, json={"esito": "ammissibile"}, roles=UFFICIO)
    assert (again.status_code, problem(again)) == (409, "istruttoria-non-aperta")
    assert (
        problem(
            await bandi.post(f"/v1/domande/{UUID(int=1)}/istruttoria", json={"esito": "ammissibile"}, roles=UFFICIO)
        )
        == "domanda-sconosciuta"
    )


async def test_only_the_commission_of_the_call_signs_one_sheet_each(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "SCHEDE").pubblica()
    receipt = await office.presenta(A)
    path = f"/v1/domande/{receipt['domanda_id']}/schede"
    sheet = {
        "punteggi": [{"criterio": "A", "punti": "50.00", "motivazione": "buona"}, {"criterio": "B", "punti": "30.00"}]
    }
    first = {"roles": ["commissario"], "sub": "commissario.a"}
    stranger = await bandi.post(path, json=sheet, roles=["commissario"], sub="estraneo")
    assert (stranger.status_code, problem(stranger)) == (403, "commissario-non-nominato")
    await office.dichiara(receipt["domanda_id"], "commissario.a")
    early = await bandi.post(path, json=sheet, **first)
    assert (early.status_code, problem(early)) == (409, "domanda-non-valutabile")
    await office.ammetti(receipt["domanda_id"])
    for punteggi in (
        [{"criterio": "A", "punti": "50.00"}],
        [{"criterio": "A", "punti": "60.01"}, {"criterio": "B", "punti": "30.00"}],
        [{"criterio": "A", "punti": "50.00"}, {"criterio": "A", "punti": "50.00"}, {"criterio": "B", "punti": "1.00"}],
    ):
        wrong = await bandi.post(path, json={"punteggi": punteggi}, **first)
        assert (wrong.status_code, problem(wrong)) == (422, "punteggio-non-valido"), punteggi
    answers = await asyncio.gather(*(bandi.post(path, json=sheet, **first) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {problem(a) for a in answers if a.status_code == 409} == {"scheda-gia-firmata"}
    await office.valuta(receipt["domanda_id"], "40.00", "20.00", "commissario.b")
    seen = await office.ok("GET", path)
    assert [item["commissario"] for item in seen["items"]] == ["commissario.a", "commissario.b"]
    assert seen["items"][0]["punteggi"][0] == {"criterio": "A", "punti": "50.00", "motivazione": "buona"}
    assert (await bandi.get(path, roles=PROPONENTE, ente=A)).status_code == 403
    assert (await bandi.get(path, roles=["commissario"], sub="estraneo")).status_code == 403


async def test_the_lists_show_each_what_is_theirs(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "ELENCHI").pubblica()
    mine = [(await office.bozza("COMUNE-ELENCO"))["domanda_id"] for _ in range(3)]
    await office.presenta("COMUNE-ALTRO")
    who = {"roles": PROPONENTE, "ente": "COMUNE-ELENCO"}
    page = await office.ok("GET", "/v1/domande?limit=2", **who)
    rest = await office.ok("GET", f"/v1/domande?limit=2&cursor={page['cursor']}", **who)
    assert [item["domanda_id"] for item in [*page["items"], *rest["items"]]] == mine[::-1]
    assert rest["cursor"] is None
    path = "/v1/bandi/ELENCHI/domande"
    for reader in ({"roles": UFFICIO}, {"roles": ["commissario"], "sub": "commissario.a"}):
        seen = await office.ok("GET", path, **reader)
        assert [item["capofila"] for item in seen["items"]] == ["COMUNE-ALTRO"], "drafts are of their authors"
    assert (await office.ok("GET", f"{path}?stato=ammissibile"))["items"] == []
    refused = await bandi.get(path, roles=["commissario"], sub="estraneo")
    assert (refused.status_code, problem(refused)) == (403, "commissario-non-nominato")
    assert (await bandi.get(path, **who)).status_code == 403


async def test_the_list_of_a_call_is_read_page_by_page(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "A-PAGINE").pubblica()
    for n in range(5):
        await office.presenta(f"COMUNE-{n}")
    first = await office.ok("GET", "/v1/bandi/A-PAGINE/domande?limit=3")
    second = await office.ok("GET", f"/v1/bandi/A-PAGINE/domande?limit=3&cursor={first['cursor']}")
    assert [item["protocollo"] for item in [*first["items"], *second["items"]]] == [1, 2, 3, 4, 5]
    assert second["cursor"] is None


async def test_a_tender_held_elsewhere_takes_no_application(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "GARA").pubblica(modalita="affidamento")
    draft = await office.bozza(A)
    refused = await bandi.post(f"/v1/domande/{draft['domanda_id']}/presentazione", roles=PROPONENTE, ente=A)
    assert (refused.status_code, problem(refused)) == (409, "bando-senza-domande")
    assert bandi.clock.now() >= DURANTE > datetime(2018, 1, 1, tzinfo=UTC)
