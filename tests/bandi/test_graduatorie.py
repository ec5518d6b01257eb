"""Rankings over HTTP: approved once each, funding projects, explained to all, computed again to the same bytes."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import constraint_name
from tests.bandi.esempi import CHIUDE, DOPO, Ufficio, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
NOMI = ("COMUNE-UNO", "COMUNE-DUE", "COMUNE-TRE", "COMUNE-QUATTRO")


async def valutate(bandi: ServiceUnderTest, codice: str, **regole: Any) -> tuple[Ufficio, dict[str, str]]:
    """Four applications of 100 + 50 euro, scored 85, 80, 75, 70; a fifth not admitted, a sixth under the threshold."""
    office = await Ufficio(bandi, codice).pubblica(**regole)
    ids = {ente: (await office.presenta(ente))["domanda_id"] for ente in (*NOMI, "COMUNE-FUORI", "COMUNE-BASSO")}
    for n, ente in enumerate(NOMI):
        await office.ammetti(ids[ente], f"{55 - 5 * n}.00")
    await office.ammetti(ids["COMUNE-BASSO"], "20.00")
    await office.ok(
        "POST",
        f"/v1/domande/{ids['COMUNE-FUORI']}/istruttoria",
        {"esito": "non_ammissibile", "motivi": ["manca la firma"]},
    )
    bandi.clock.set(DOPO)
    return office, ids


def esiti(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["capofila"]: row["esito"] for row in rows}


async def test_a_ranking_funds_in_order_and_opens_a_project_for_each_funded_row(bandi: ServiceUnderTest) -> None:
    office, ids = await valutate(bandi, "PRIMA")
    preview = await office.ok("GET", "/v1/bandi/PRIMA/graduatorie/anteprima")
    assert (await office.ok("GET", "/v1/bandi/PRIMA/graduatorie", roles=None))["items"] == [], (
        "a preview stores nothing"
    )
    ranking = await office.approva()
    rows = await office.righe(1)
    assert preview["righe"] == rows
    assert (ranking["righe"], ranking["finanziate"], ranking["finanziato"]) == (6, 3, "450.00")
    assert [row["posizione"] for row in rows] == [1, 2, 3, 4, None, None]
    assert [row["motivo"] for row in rows] == [
        "entro_la_dotazione",
        "entro_la_dotazione",
        "entro_la_dotazione",
        "fondi_insufficienti",
        "sotto_soglia",
        "non_ammessa",
    ]
    assert rows[0]["residuo"] == [{"linea": "INC", "importo": "150.00"}, {"linea": "LAB", "importo": "200.00"}]
    events = [e for e in await bandi.emitted("bandi.progetto.finanziato.v1") if e["bando_codice"] == "PRIMA"]
    assert {event["capofila"] for event in events} == set(NOMI[:3])
    assert events[0]["linee"] == [
        {"azione": "9.1.3", "fondo": "POR FSE", "ammesso_cent": 5_000, "impegnato_cent": 0},
        {"azione": "9.4.2", "fondo": "POR FSE", "ammesso_cent": 10_000, "impegnato_cent": 0},
    ]
    assert events[0]["partner"] == [
        {"ente": events[0]["capofila"], "categoria": "COMUNE", "ruolo": "capofila"},
        {"ente": "SOLCO", "categoria": "OPERATORE_ACCREDITATO", "ruolo": "partner"},
    ]
    approved = (await bandi.emitted("bandi.graduatoria.approvata.v1"))[-1]
    assert (approved["numero"], approved["finanziate"], approved["finanziato_cent"]) == (1, 3, 45_000)
    seen = await office.ok("GET", f"/v1/domande/{ids['COMUNE-UNO']}", roles=["proponente"], ente="COMUNE-UNO")
    assert seen["stato"] == "finanziata"
    project = await office.progetto("COMUNE-UNO")
    assert project["codice"] == "PRIMA-0001"
    call = await office.ok("GET", "/v1/bandi/PRIMA", roles=None)
    assert [(linea["codice"], linea["assegnato"]) for linea in call["linee"]] == [("LAB", "300.00"), ("INC", "150.00")]


async def test_a_top_up_funds_the_next_rows_by_a_second_version(bandi: ServiceUnderTest) -> None:
    office, _ = await valutate(bandi, "SCORRE")
    await office.approva()
    before = await office.progetto("COMUNE-UNO")
    again = await bandi.post("/v1/bandi/SCORRE/graduatorie", json={"atto": "x"}, roles=UFFICIO)
    assert (again.status_code, problem(again)) == (409, "graduatoria-invariata")
    top_up = {"atto": "DGR 741/2018", "importi": [{"linea": "LAB", "importo": "100.00"}]}
    await office.ok("POST", "/v1/bandi/SCORRE/integrazioni", top_up)
    second = await office.approva("scorrimento, novembre 2018")
    assert (second["numero"], second["finanziate"], second["finanziato"]) == (2, 4, "600.00")
    rows = {row["capofila"]: row for row in await office.righe(2)}
    assert rows["COMUNE-QUATTRO"]["cambiamento"] == "finanziata_per_scorrimento"
    assert rows["COMUNE-UNO"]["cambiamento"] == "invariata"
    assert rows["COMUNE-UNO"]["motivo"] == "gia_finanziata"
    assert await office.progetto("COMUNE-UNO") == before
    assert esiti(await office.righe(1))["COMUNE-QUATTRO"] == "idonea_non_finanziata", "the first version stays"
    money = await office.ok("GET", "/v1/bandi/SCORRE/avanzamento", roles=None)
    assert (money["progetti"], money["operazioni"], money["totale"]["ammesso"]) == (4, 8, "600.00")


async def test_a_renunciation_frees_the_money_of_the_next(bandi: ServiceUnderTest) -> None:
    office, _ = await valutate(bandi, "RINUNCIA")
    await office.approva()
    project = await office.progetto("COMUNE-DUE")
    body = {"atto": "nota del Comune", "motivo": "Mancano gli spazi"}
    path = f"/v1/progetti/{project['progetto_id']}/rinuncia"
    stranger = await bandi.post(path, json=body, roles=["proponente"], ente="COMUNE-TRE")
    assert (stranger.status_code, problem(stranger)) == (403, "domanda-di-altri")
    gone = await office.ok("POST", path, body, roles=["proponente"], ente="COMUNE-DUE")
    assert gone["stato"] == "rinunciato"
    assert [linea["ammesso"] for linea in gone["linee"]] == ["0.00", "0.00"]
    assert (await bandi.emitted("bandi.progetto.revocato.v1"))[-1]["stato"] == "rinunciato"
    await office.approva("scorrimento")
    rows = {row["capofila"]: row for row in await office.righe(2)}
    assert (rows["COMUNE-DUE"]["esito"], rows["COMUNE-DUE"]["cambiamento"]) == ("rinunciata", "uscita")
    assert rows["COMUNE-TRE"]["cambiamento"] == "posizione"
    assert rows["COMUNE-QUATTRO"]["cambiamento"] == "finanziata_per_scorrimento"


async def test_who_waits_may_withdraw_and_leaves_the_next_version(bandi: ServiceUnderTest) -> None:
    office, ids = await valutate(bandi, "ATTENDE")
    await office.approva()
    path = f"/v1/domande/{ids['COMUNE-QUATTRO']}/ritiro"
    await office.ok("POST", path, {"motivo": "x"}, roles=["proponente"], ente="COMUNE-QUATTRO")
    await office.approva("presa d'atto")
    assert esiti(await office.righe(2))["COMUNE-QUATTRO"] == "ritirata"


async def test_a_grant_in_part_is_completed_by_the_top_up_and_told(bandi: ServiceUnderTest) -> None:
    linee = [
        {"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": "350.00"},
        {"codice": "INC", "azione": "9.1.3", "fondo": "FSE", "dotazione": "500.00"},
    ]
    office, _ = await valutate(bandi, "PARZIALE", linee=linee, taglio="parziale")
    await office.approva()
    part = await office.progetto("COMUNE-QUATTRO")
    assert [linea["ammesso"] for linea in part["linee"]] == ["50.00", "50.00"]
    top_up = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "50.00"}]}
    await office.ok("POST", "/v1/bandi/PARZIALE/integrazioni", top_up)
    await office.approva("scorrimento")
    whole = await office.progetto("COMUNE-QUATTRO")
    assert [linea["ammesso"] for linea in whole["linee"]] == ["50.00", "100.00"]
    told = [e for e in await bandi.emitted("bandi.progetto.finanziato.v1") if e["progetto_id"] == part["progetto_id"]]
    assert [event["versione"] for event in told] == [1, 2]
    assert [linea["ammesso_cent"] for linea in told[1]["linee"]] == [5_000, 10_000]


async def test_nobody_is_ranked_before_the_term_or_without_a_decision_or_a_score(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "INCOMPLETA").pubblica()
    path = "/v1/bandi/INCOMPLETA/graduatorie"

    async def refused() -> str:
        return problem(await bandi.post(path, json={"atto": "x"}, roles=UFFICIO))

    assert await refused() == "bando-ancora-aperto"
    first = await office.presenta("COMUNE-UNO")
    bandi.clock.set(CHIUDE - timedelta(seconds=30))
    assert await refused() == "bando-ancora-aperto"
    bandi.clock.set(DOPO)
    assert await refused() == "istruttoria-incompleta"
    await office.ammetti(first["domanda_id"])
    assert await refused() == "valutazione-incompleta"
    await office.valuta(first["domanda_id"], "50.00", "30.00", "commissario.a")
    assert await refused() == "valutazione-incompleta", "the second commissioner has not signed"
    await office.valuta(first["domanda_id"], "50.00", "30.00", "commissario.b")
    assert (await office.approva())["finanziate"] == 1


async def test_other_refusals_of_a_ranking(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "A-SPORTELLO").pubblica(modalita="sportello")
    await Ufficio(bandi, "DESERTO").pubblica()
    bandi.clock.set(DOPO)
    for codice, name in (
        ("A-SPORTELLO", "bando-senza-graduatoria"),
        ("DESERTO", "nessuna-domanda"),
        ("INESISTENTE", "bando-sconosciuto"),
    ):
        answer = await bandi.post(f"/v1/bandi/{codice}/graduatorie", json={"atto": "x"}, roles=UFFICIO)
        assert problem(answer) == name
    for path in (
        "/v1/bandi/DESERTO/graduatorie/1",
        "/v1/bandi/DESERTO/graduatorie/1/righe",
        "/v1/bandi/DESERTO/graduatorie/1/csv",
        "/v1/bandi/DESERTO/graduatorie/1/righe/1/spiegazione",
    ):
        answer = await bandi.get(path)
        assert (answer.status_code, problem(answer)) == (404, "graduatoria-sconosciuta"), path


async def test_ten_approvals_at_once_make_one_version(bandi: ServiceUnderTest) -> None:
    await valutate(bandi, "CORSA")
    answers = await asyncio.gather(
        *(bandi.post("/v1/bandi/CORSA/graduatorie", json={"atto": "x"}, roles=UFFICIO) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len((await bandi.get("/v1/bandi/CORSA/graduatorie")).json()["items"]) == 1
    assert (await bandi.get("/v1/bandi/CORSA/avanzamento")).json()["progetti"] == 3


async def test_an_explanation_is_public_for_a_published_row_and_for_the_applicant(bandi: ServiceUnderTest) -> None:
    office, ids = await valutate(bandi, "SPIEGA")
    mine = {"roles": ["proponente"], "ente": "COMUNE-QUATTRO"}
    path = f"/v1/domande/{ids['COMUNE-QUATTRO']}/spiegazione"
    early = await bandi.get(path, **mine)
    assert (early.status_code, problem(early)) == (404, "graduatoria-sconosciuta")
    await office.approva()
    public = await office.ok("GET", "/v1/bandi/SPIEGA/graduatorie/1/righe/4/spiegazione", roles=None)
    steps = {step["regola"]: step["testo"] for step in public["passi"]}
    assert "la linea LAB chiede 100.00 e ne restano 0.00" in steps["taglio.stop"]
    assert steps["totale"] == "Totale 70.00 punti; la soglia del bando e' 60.00."
    assert (public["regole_versione"], public["atto"]) == (1, "decreto 7390 del 2018-05-23")
    own = await office.ok("GET", path, **mine)
    assert own["passi"][: len(public["passi"])] == public["passi"]
    assert own | {"passi": public["passi"]} == public
    out = await office.ok("GET", "/v1/bandi/SPIEGA/graduatorie/1/righe/5/spiegazione", roles=None)
    assert out["passi"] == [{"regola": "ammissibilita", "testo": "Non ammessa: manca la firma"}]
    unknown = await bandi.get("/v1/bandi/SPIEGA/graduatorie/1/righe/99/spiegazione")
    assert problem(unknown) == "graduatoria-sconosciuta"
    draft = await office.bozza("COMUNE-BOZZA")
    never = await bandi.get(f"/v1/domande/{draft['domanda_id']}/spiegazione", roles=["proponente"], ente="COMUNE-BOZZA")
    assert problem(never) == "graduatoria-sconosciuta"


async def test_ties_are_told_with_the_value_that_decided(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "PARI").pubblica()
    ids = [(await office.presenta(ente))["domanda_id"] for ente in NOMI[:3]]
    for domanda_id, a, b in zip(ids, ("50.00", "45.00", "50.00"), ("30.00", "35.00", "30.00"), strict=True):
        await office.ammetti(domanda_id, a, b)
    bandi.clock.set(DOPO)
    await office.approva()
    rows = await office.righe(1)
    assert [(row["protocollo"], row["totale"]) for row in rows] == [(1, "80.00"), (3, "80.00"), (2, "80.00")]
    why = await office.ok("GET", "/v1/bandi/PARI/graduatorie/1/righe/3/spiegazione", roles=None)
    steps = {step["regola"]: step["testo"] for step in why["passi"]}
    assert "Altre 2 domande" in steps["spareggi"]
    assert "valore di questa domanda: 3" in steps["spareggio.protocollo"]


async def test_a_bonus_verified_by_the_office_moves_a_row_up(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "PREMIO").pubblica()
    ids = [(await office.presenta(ente))["domanda_id"] for ente in NOMI[:2]]
    await office.ammetti(ids[0], "50.00")
    await office.ammetti(ids[1], "46.00", premialita=["P1"])
    bandi.clock.set(DOPO)
    await office.approva()
    rows = await office.righe(1)
    assert [(row["protocollo"], row["totale"], row["premialita"]) for row in rows] == [
        (2, "81.00", "5.00"),
        (1, "80.00", "0.00"),
    ]


async def test_the_means_of_the_commissioners_count(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "MEDIA").pubblica()
    domanda_id = (await office.presenta("COMUNE-UNO"))["domanda_id"]
    await office.ammetti(domanda_id)
    await office.valuta(domanda_id, "50.00", "30.00", "commissario.a")
    await office.valuta(domanda_id, "45.01", "20.00", "commissario.b")
    bandi.clock.set(DOPO)
    await office.approva()
    row = (await office.righe(1))[0]
    assert row["punteggi"] == [{"criterio": "A", "punti": "47.51"}, {"criterio": "B", "punti": "25.00"}]


async def test_a_published_ranking_is_open_data(bandi: ServiceUnderTest) -> None:
    office, _ = await valutate(bandi, "APERTI")
    await office.approva()
    answer = await bandi.get("/v1/bandi/APERTI/graduatorie/1/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert lines[0].startswith("bando,graduatoria,ordine,posizione,protocollo,capofila,titolo,totale,richiesto_INC")
    assert lines[1].startswith("APERTI,1,1,1,1,COMUNE-UNO,Progetto di COMUNE-UNO,85.00,50.00,100.00,50.00,100.00,finan")
    assert len(lines) == 8
    assert (await bandi.get("/v1/bandi/APERTI/graduatorie/1/csv")).content == answer.content
    pages = await office.ok("GET", "/v1/bandi/APERTI/graduatorie/1/righe?limit=4", roles=None)
    rest = await office.ok("GET", f"/v1/bandi/APERTI/graduatorie/1/righe?limit=4&cursor={pages['cursor']}", roles=None)
    assert [row["ordine"] for row in [*pages["items"], *rest["items"]]] == [1, 2, 3, 4, 5, 6]
    listed = await office.ok("GET", "/v1/bandi/APERTI/graduatorie", roles=None)
    assert listed["items"] == [await office.ok("GET", "/v1/bandi/APERTI/graduatorie/1", roles=None)]


async def test_a_title_that_looks_like_a_formula_stays_text_in_the_csv(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "FORMULA").pubblica()
    draft = await office.bozza("COMUNE-UNO")
    path = f"/v1/domande/{draft['domanda_id']}"
    content = draft["contenuto"] | {"titolo": '=HYPERLINK("x")'}
    who = {"roles": ["proponente"], "ente": "COMUNE-UNO"}
    saved = await bandi.put(f"{path}/contenuto", json=content, headers={"If-Match": '"v1"'}, **who)
    assert saved.status_code == 200
    await office.ok("POST", f"{path}/presentazione", **who)
    await office.ammetti(draft["domanda_id"], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    assert "'=HYPERLINK" in (await bandi.get("/v1/bandi/FORMULA/graduatorie/1/csv")).text


async def test_the_database_itself_refuses_to_assign_more_than_a_line_has(bandi: ServiceUnderTest) -> None:
    office, _ = await valutate(bandi, "TETTO")
    await office.approva()
    project = await office.progetto("COMUNE-UNO")
    statement = sa.text(
        "UPDATE progetto_linea SET programmato_cent = 20001, ammesso_cent = 20001 "
        "WHERE progetto_id = :progetto AND linea = 'LAB'"
    )
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with bandi.transaction() as session:
            await session.execute(statement, {"progetto": UUID(project["progetto_id"])})
    assert constraint_name(refused.value) == "ck_linea_impieghi_entro_la_dotazione"
    moved = sa.text("UPDATE progetto_linea SET linea = 'X' WHERE progetto_id = :progetto AND linea = 'LAB'")
    with pytest.raises(sa.exc.DBAPIError):
        async with bandi.transaction() as session:
            await session.execute(moved, {"progetto": UUID(project["progetto_id"])})
    async with bandi.transaction() as session:
        rows = await session.execute(
            sa.text(
                "SELECT l.assegnato_cent, sum(p.ammesso_cent) FROM linea l JOIN progetto_linea p "
                "ON p.bando_id = l.bando_id AND p.linea = l.codice GROUP BY l.bando_id, l.codice, l.assegnato_cent"
            )
        )
        pairs = rows.all()
    assert pairs
    assert all(assigned == total for assigned, total in pairs)


async def test_a_replaced_application_is_not_ranked_beside_its_replacement(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "RIMPIAZZO").pubblica()
    who = {"roles": ["proponente"], "ente": "COMUNE-UNO"}
    old = await office.presenta("COMUNE-UNO")
    draft = await office.ok("POST", f"/v1/domande/{old['domanda_id']}/sostituzione", **who)
    await office.ok("POST", f"/v1/domande/{draft['domanda_id']}/presentazione", **who)
    await office.ammetti(draft["domanda_id"], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    assert [row["protocollo"] for row in await office.righe(1)] == [2]


async def test_two_versions_are_compared_row_by_row(bandi: ServiceUnderTest) -> None:
    office, _ = await valutate(bandi, "CONFRONTO")
    await office.approva()
    top_up = {"atto": "DGR 741/2018", "importi": [{"linea": "LAB", "importo": "100.00"}]}
    await office.ok("POST", "/v1/bandi/CONFRONTO/integrazioni", top_up)
    await office.approva("scorrimento")
    path = "/v1/bandi/CONFRONTO/graduatorie"
    told = await office.ok("GET", f"{path}/2/confronto?con=1", roles=None)
    assert told == await office.ok("GET", f"{path}/1/confronto?con=2", roles=None)
    assert (told["prima"], told["dopo"]) == (1, 2)
    assert [item["cambiata"] for item in told["items"]] == [False, False, False, True, False, False]
    assert told["items"][3] == {
        "protocollo": 4,
        "capofila": "COMUNE-QUATTRO",
        "prima": {"posizione": 4, "esito": "idonea_non_finanziata", "ammesso": "0.00"},
        "dopo": {"posizione": 4, "esito": "finanziata", "ammesso": "150.00"},
        "cambiata": True,
    }
    unknown = await bandi.get(f"{path}/1/confronto?con=9")
    assert (unknown.status_code, problem(unknown)) == (404, "graduatoria-sconosciuta")
