"""Programmes in phases: an expression of interest opens the second call to its admitted alone, one act at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bandi.esempi import DOPO, DURANTE, Ufficio, bando_corpo, contenuto_corpo, importi, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
FASI = ["esplorativa", "concorsuale", "negoziale", "attuativa"]
SECONDA = datetime(2018, 6, 10, 9, tzinfo=UTC)
CHIUSA = datetime(2018, 7, 10, 9, tzinfo=UTC)
TERMINI = {"apre_il": "2018-06-01T10:00:00+02:00", "chiude_il": "2018-06-30T12:00:00+02:00"}


async def apri(office: Ufficio, fase: str) -> Any:
    path = f"/v1/bandi/{office.codice}/fasi"
    return await office.service.post(path, json={"fase": fase, "atto": f"apre {fase}"}, roles=UFFICIO)


async def programma(bandi: ServiceUnderTest, codice: str) -> tuple[Ufficio, Ufficio]:
    """An expression of interest with two admitted and one not, and the second call it opens, published."""
    first = await Ufficio(bandi, codice).pubblica(
        modalita="manifestazione_di_interesse", fasi=FASI, seconda_fase=f"{codice}-2", termine_ultimo=None
    )
    for ente, esito in (("COMUNE-A", {}), ("COMUNE-B", {}), ("COMUNE-C", {"motivi": ["fuori area"]})):
        bandi.clock.set(DURANTE)
        receipt = await first.presenta(ente)
        body = {"esito": "non_ammissibile" if esito else "ammissibile"} | esito
        await first.ok("POST", f"/v1/domande/{receipt['domanda_id']}/istruttoria", body)
    second = Ufficio(bandi, f"{codice}-2")
    bandi.clock.set(DOPO)
    await second.ok("POST", "/v1/bandi", bando_corpo(second.codice, prima_fase=codice, **TERMINI))
    await second.ok("POST", f"/v1/bandi/{second.codice}/pubblicazione", {"atto": "decreto"})
    await second.ok(
        "POST",
        f"/v1/bandi/{second.codice}/commissione",
        {"atto": "nomina", "commissari": ["commissario.a", "commissario.b"]},
    )
    return first, second


async def test_a_programme_goes_through_its_four_phases_by_its_acts(bandi: ServiceUnderTest) -> None:
    first, second = await programma(bandi, "QUATTRO")
    assert (await first.ok("GET", "/v1/bandi/QUATTRO", roles=None))["regole"]["fase"] == "esplorativa"
    ranked = await bandi.post("/v1/bandi/QUATTRO/graduatorie", json={"atto": "x"}, roles=UFFICIO)
    assert problem(ranked) == "bando-senza-graduatoria"
    bandi.clock.set(SECONDA)
    draft = await second.bozza("COMUNE-A")
    path = f"/v1/domande/{draft['domanda_id']}/presentazione"
    who: dict[str, Any] = {"roles": ["proponente"], "ente": "COMUNE-A"}
    assert problem(await bandi.post(path, **who)) == "fase-non-in-corso", "the choice is not open yet"
    wrong = await apri(first, "negoziale")
    assert problem(wrong) == "fase-non-valida"
    assert "concorsuale" in wrong.json()["detail"]
    assert (await apri(first, "concorsuale")).status_code == 200
    assert (await bandi.post(path, **who)).status_code == 200
    body = {"bando": second.codice, "contenuto": contenuto_corpo("COMUNE-C")}
    out = await bandi.post("/v1/domande", json=body, roles=["proponente"], ente="COMUNE-C")
    assert problem(out) == "non-ammesso-alla-prima-fase"
    await second.ammetti(draft["domanda_id"], "55.00")
    bandi.clock.set(CHIUSA)
    await second.approva()
    progetto = f"/v1/progetti/{(await second.progetto('COMUNE-A'))['progetto_id']}"
    committed = await bandi.post(f"{progetto}/impegni", json=importi(LAB="1.00"), roles=UFFICIO)
    assert problem(committed) == "fase-non-in-corso"
    assert (await apri(first, "negoziale")).status_code == 200
    late = await bandi.post(f"/v1/bandi/{second.codice}/graduatorie", json={"atto": "x"}, roles=UFFICIO)
    assert problem(late) == "fase-non-in-corso"
    started = await bandi.post(f"{progetto}/avvio", json={"atto": "x", "inizio": "2018-09-01"}, roles=UFFICIO)
    assert problem(started) == "fase-non-in-corso"
    assert (await apri(first, "attuativa")).status_code == 200
    await second.ok("POST", f"{progetto}/impegni", importi(LAB="1.00"))
    assert problem(await apri(first, "attuativa")) == "fase-non-valida", "it was the last"
    versions = (await bandi.get("/v1/bandi/QUATTRO/versioni")).json()["items"]
    assert [(item["motivo"], item["regole"]["fase"], item["atto"]) for item in versions[1:]] == [
        ("fase", fase, f"apre {fase}") for fase in FASI[1:]
    ]


async def test_a_phase_is_not_opened_over_who_waits_nor_before_the_term(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "PRESTO").pubblica(
        modalita="manifestazione_di_interesse", fasi=FASI, seconda_fase="PRESTO-2"
    )
    await office.presenta("COMUNE-A")
    assert problem(await apri(office, "concorsuale")) == "bando-ancora-aperto"
    bandi.clock.set(DOPO)
    waiting = await apri(office, "concorsuale")
    assert problem(waiting) == "istruttoria-incompleta"
    assert "protocolli 1" in waiting.json()["detail"]
    plain = await Ufficio(bandi, "SENZA-FASI").pubblica()
    assert problem(await apri(plain, "attuativa")) == "fase-non-valida"
    stranger = {"json": {"fase": "attuativa", "atto": "x"}, "roles": UFFICIO, "ente": "COMUNE-LODI"}
    assert problem(await bandi.post("/v1/bandi/SENZA-FASI/fasi", **stranger)) == "bando-di-altro-ente"


async def test_a_second_phase_follows_an_interest_that_names_it(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "NON-LA-NOMINA").pubblica()
    for codice, prima in (("ORFANA", "NESSUNO"), ("ESTRANEA", "NON-LA-NOMINA")):
        bandi.clock.set(DOPO - timedelta(days=120))
        office = Ufficio(bandi, codice)
        await office.ok("POST", "/v1/bandi", bando_corpo(codice, prima_fase=prima, **TERMINI))
        answer = await bandi.post(f"/v1/bandi/{codice}/pubblicazione", json={"atto": "x"}, roles=UFFICIO)
        assert (answer.status_code, problem(answer)) == (409, "prima-fase-non-valida")


ESITO: dict[str, Any] = {
    "atto": "aggiudicazione",
    "titolo": "MILO LAB",
    "aggiudicatario": {"ente": "SPAZIO-APERTO", "denominazione": "Spazio Aperto Servizi", "categoria": "TERZO_SETTORE"},
    "altri": [{"ente": "KCITY", "denominazione": "KCity", "categoria": "PICCOLA_IMPRESA"}],
    "comune": "Milano",
    "quartiere": "Lorenteggio",
    "durata_mesi": 36,
    "importi": [{"linea": "LAB", "importo": "937702.27"}],
}


async def affidato(bandi: ServiceUnderTest, codice: str, dotazione: str | None) -> Ufficio:
    rules: dict[str, Any] = bando_corpo(codice)["regole"]
    return await Ufficio(bandi, codice).pubblica(
        modalita="affidamento",
        apre_il=None,
        chiude_il=None,
        linee=[rules["linee"][0] | {"dotazione": dotazione}],
        partenariato={"capofila_ammessi": ["TERZO_SETTORE"], "categorie_ammesse": ["PICCOLA_IMPRESA"]},
        valutazione={},
        durata_massima_mesi=36,
        termine_ultimo=None,
    )


@pytest.mark.parametrize("dotazione", [None, "937702.27"])
async def test_the_outcome_of_a_tender_opens_its_project(bandi: ServiceUnderTest, dotazione: str | None) -> None:
    codice = "GARA-NOTA" if dotazione else "GARA-IGNOTA"
    office = await affidato(bandi, codice, dotazione)
    project = await office.ok("POST", f"/v1/bandi/{codice}/esito", ESITO)
    assert (project["codice"], project["capofila"], project["durata_mesi"]) == (f"{codice}-0001", "SPAZIO-APERTO", 36)
    assert [member["ruolo"] for member in project["membri"]] == ["capofila", "partner"]
    assert project["linee"][0]["ammesso"] == "937702.27"
    events = [e for e in await bandi.emitted("bandi.progetto.finanziato.v1") if e["bando_codice"] == codice]
    assert len(events) == 1
    money = await office.ok("GET", f"/v1/bandi/{codice}/avanzamento", roles=None)
    assert money["totale"]["ammesso"] == "937702.27"


async def test_an_outcome_that_the_call_cannot_keep_is_refused(bandi: ServiceUnderTest) -> None:
    await affidato(bandi, "GARA-POVERA", "1000.00")

    async def refused(codice: str, **change: Any) -> str:
        answer = await bandi.post(f"/v1/bandi/{codice}/esito", json=ESITO | change, roles=UFFICIO)
        return problem(answer)

    assert await refused("GARA-POVERA") == "esito-non-valido"
    one = {"linea": "LAB", "importo": "1.00"}
    assert await refused("GARA-POVERA", importi=[{"linea": "X", "importo": "1.00"}]) == "esito-non-valido"
    assert await refused("GARA-POVERA", importi=[one, one]) == "esito-non-valido"
    assert await refused("GARA-POVERA", importi=[{"linea": "LAB", "importo": "0.00"}]) == "esito-non-valido"
    assert await refused("GARA-POVERA", importi=[one], durata_mesi=37) == "domanda-incompleta"
    await Ufficio(bandi, "NON-GARA").pubblica()
    assert await refused("NON-GARA") == "bando-non-in-affidamento"
    assert (await bandi.get("/v1/bandi/GARA-POVERA/avanzamento")).json()["progetti"] == 0
