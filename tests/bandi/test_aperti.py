"""Open data: with no token, with a licence, the same bytes until they change, told so by an ETag."""

import csv
import io
from typing import Any

import pypdf
import pytest

from tests.bandi.esempi import DOPO, Ufficio, problem
from tests.support.service import ServiceUnderTest

LICENCE = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'


async def graduato(bandi: ServiceUnderTest, codice: str) -> Ufficio:
    """A ranking of three; the money of LAB is enough for two."""
    office = await Ufficio(bandi, codice).pubblica()
    for ente, points in (("COMUNE-UNO", "55.00"), ("COMUNE-DUE", "50.00"), ("COMUNE-TRE", "45.00")):
        await office.ammetti((await office.presenta(ente, lab="150.00"))["domanda_id"], points)
    bandi.clock.set(DOPO)
    await office.approva()
    return office


def righe(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/dati-aperti/bandi/csv",
        "/v1/dati-aperti/bandi/json",
        "/v1/dati-aperti/progetti/csv",
        "/v1/dati-aperti/progetti/json",
        "/v1/bandi/FILE-APERTI/graduatorie/1/csv",
        "/v1/bandi/FILE-APERTI/graduatorie/1/json",
        "/v1/bandi/FILE-APERTI/graduatorie/1/pdf",
        "/v1/bandi/FILE-APERTI/avanzamento/csv",
        "/v1/bandi/FILE-APERTI/avanzamento/json",
    ],
)
async def test_a_file_is_not_sent_again_to_who_has_it(bandi: ServiceUnderTest, path: str) -> None:
    if not (await bandi.get("/v1/bandi/FILE-APERTI")).is_success:
        await graduato(bandi, "FILE-APERTI")
    first = await bandi.get(path)
    assert first.status_code == 200, first.text
    assert first.headers["link"] == LICENCE
    assert first.headers["cache-control"] == "public, no-cache"
    assert (await bandi.get(path)).content == first.content
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"altro", {etag}', "*"):
        same = await bandi.get(path, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag), known
    assert (await bandi.get(path, headers={"If-None-Match": '"altro"'})).status_code == 200


async def test_an_act_changes_the_version_of_what_it_touches_and_of_nothing_else(bandi: ServiceUnderTest) -> None:
    office = await graduato(bandi, "TOCCATO")
    paths = {
        "calls": "/v1/dati-aperti/bandi/csv",
        "projects": "/v1/dati-aperti/progetti/csv",
        "ranking": "/v1/bandi/TOCCATO/graduatorie/1/csv",
        "waterfall": "/v1/bandi/TOCCATO/avanzamento/csv",
    }

    async def marks() -> dict[str, str]:
        return {name: (await bandi.get(path)).headers["etag"] for name, path in paths.items()}

    before = await marks()
    project = await office.progetto("COMUNE-UNO")
    act = {"atto": "x", "importi": [{"linea": "LAB", "importo": "10.00"}]}
    await office.ok("POST", f"/v1/progetti/{project['progetto_id']}/impegni", act)
    after = await marks()
    assert {name for name in paths if before[name] != after[name]} == {"calls", "projects", "waterfall"}
    rows = righe((await bandi.get(paths["projects"])).content)
    mine = [row for row in rows if row["progetto"] == project["codice"] and row["linea"] == "LAB"]
    assert [(row["impegnato"], row["ammesso"], row["licenza"]) for row in mine] == [("10.00", "150.00", "CC-BY-4.0")]


async def test_calls_and_projects_are_whole_files_with_stable_names(bandi: ServiceUnderTest) -> None:
    await graduato(bandi, "INTERI")
    call = (await bandi.get("/v1/bandi/INTERI")).json()
    rows = [row for row in righe((await bandi.get("/v1/dati-aperti/bandi/csv")).content) if row["bando"] == "INTERI"]
    assert [(row["bando_id"], row["linea"], row["dotazione"], row["chiude_il"]) for row in rows] == [
        (call["bando_id"], "LAB", "300.00", "2018-02-15T11:00:00Z"),
        (call["bando_id"], "INC", "200.00", "2018-02-15T11:00:00Z"),
    ]
    data = (await bandi.get("/v1/dati-aperti/bandi/json")).json()
    assert (data["dataset"], data["licenza"]["codice"]) == ("bandi", "CC-BY-4.0")
    assert [item["codice"] for item in data["items"]] == sorted(item["codice"] for item in data["items"])
    assert call in data["items"]
    projects = (await bandi.get("/v1/dati-aperti/progetti/json")).json()["items"]
    listed = (await bandi.get("/v1/progetti?bando=INTERI")).json()["items"]
    assert [item for item in projects if item["bando"] == "INTERI"] == listed


async def test_a_draft_is_in_no_open_data(bandi: ServiceUnderTest) -> None:
    await Ufficio(bandi, "PUBBLICO").pubblica()
    body = (await bandi.get("/v1/bandi/PUBBLICO/bozza", roles=["funzionario_bandi"])).json()
    draft = {name: body[name] for name in ("titolo", "ente_promotore", "territorio", "regole")} | {"codice": "SEGRETO"}
    assert (await bandi.post("/v1/bandi", json=draft, roles=["funzionario_bandi"])).status_code == 201
    for form in ("csv", "json"):
        content = (await bandi.get(f"/v1/dati-aperti/bandi/{form}")).text
        assert "PUBBLICO" in content
        assert "SEGRETO" not in content


async def test_a_published_ranking_is_one_file_in_three_forms(bandi: ServiceUnderTest) -> None:
    office = await graduato(bandi, "TRE-FORME")
    path = "/v1/bandi/TRE-FORME/graduatorie/1"
    data = (await bandi.get(f"{path}/json")).json()
    assert data["dataset"] == "graduatorie/TRE-FORME/1"
    assert data["graduatoria"] == await office.ok("GET", path, roles=None)
    assert data["items"] == await office.righe(1)
    rows = righe((await bandi.get(f"{path}/csv")).content)
    assert [row["capofila"] for row in rows] == [item["capofila"] for item in data["items"]]
    printed = await bandi.get(f"{path}/pdf")
    assert printed.headers["content-type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.content)).pages)
    for said in ("decreto 7390 del 2018-05-23", "COMUNE-DUE", "23/05/2018 alle 12:", "CC-BY-4.0"):
        assert said in text, said
    assert data["graduatoria"]["impronta"] in text.replace(" ", "").replace("\n", "")
    missing = await bandi.get("/v1/bandi/TRE-FORME/graduatorie/9/pdf")
    assert (missing.status_code, problem(missing)) == (404, "graduatoria-sconosciuta")


async def test_the_catalogue_leads_to_every_file(bandi: ServiceUnderTest) -> None:
    await graduato(bandi, "CATALOGO")
    catalogue = (await bandi.get("/v1/dati-aperti")).json()
    assert catalogue["licenza"]["indirizzo"] in LICENCE
    paths = [path for item in catalogue["items"] for path in item["percorsi"]]
    assert len(paths) == 9
    for path in paths:
        answer = await bandi.get(path.format(codice="CATALOGO", numero=1))
        assert answer.status_code == 200, path


async def cause(office: Ufficio, numero: int) -> list[tuple[Any, ...]]:
    found = await office.ok("GET", f"/v1/bandi/{office.codice}/graduatorie/{numero}", roles=None)
    return [(item["tipo"], item["atto"], item["chi"], item["importo"]) for item in found["cause"]]


async def test_a_scorrimento_says_what_has_brought_and_freed_its_money(bandi: ServiceUnderTest) -> None:
    office = await graduato(bandi, "CAUSE")
    assert await cause(office, 1) == []
    top_up = {"atto": "DGR 741/2018", "importi": [{"linea": "LAB", "importo": "100.00"}]}
    await office.ok("POST", "/v1/bandi/CAUSE/integrazioni", top_up)
    first = await office.progetto("COMUNE-UNO")
    out = {"atto": "nota del Comune", "motivo": "rinuncia"}
    await office.ok("POST", f"/v1/progetti/{first['progetto_id']}/rinuncia", out)
    await office.approva("scorrimento")
    assert await cause(office, 2) == [
        ("integrazione", "DGR 741/2018", None, "100.00"),
        ("rinuncia", "nota del Comune", "CAUSE-0001", "200.00"),
    ]
    rows = {row["capofila"]: row for row in await office.righe(2)}
    assert rows["COMUNE-TRE"]["cambiamento"] == "finanziata_per_scorrimento"
    told = await office.ok("GET", "/v1/bandi/CAUSE/graduatorie/2/righe/3/spiegazione", roles=None)
    steps = {step["regola"]: step["testo"] for step in told["passi"]}
    assert "integrazione (DGR 741/2018); rinuncia (nota del Comune)" in steps["scorrimento"]
    second = await office.progetto("COMUNE-DUE")
    await office.ok("POST", f"/v1/progetti/{second['progetto_id']}/revoca", {"atto": "decreto", "motivo": "inerzia"})
    await office.approva("presa d'atto")
    assert await cause(office, 3) == [("revoca", "decreto", "CAUSE-0002", "200.00")]


async def test_a_withdrawal_is_among_the_causes_of_the_next_version(bandi: ServiceUnderTest) -> None:
    office = await graduato(bandi, "RITIRO")
    waiting = next(row for row in await office.righe(1) if row["capofila"] == "COMUNE-TRE")
    path = f"/v1/domande/{waiting['domanda_id']}/ritiro"
    await office.ok("POST", path, {"motivo": "altro finanziamento"}, roles=["proponente"], ente="COMUNE-TRE")
    await office.approva("presa d'atto")
    assert await cause(office, 2) == [("ritiro", None, "3", "0.00")]


async def test_the_applicant_alone_reads_the_reasons_of_its_scores(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "MOTIVI").pubblica()
    receipt = await office.presenta("COMUNE-UNO")
    path = f"/v1/domande/{receipt['domanda_id']}"
    await office.ammetti(receipt["domanda_id"])
    for name in ("commissario.a", "commissario.b"):
        sheet = {
            "punteggi": [
                {"criterio": "A", "punti": "50.00", "motivazione": f"foglio {name[-1]}"},
                {"criterio": "B", "punti": "30.00", "motivazione": "rete ampia"},
            ]
        }
        await office.dichiara(receipt["domanda_id"], name)
        await office.ok("POST", f"{path}/schede", sheet, roles=["commissario"], sub=name)
    bandi.clock.set(DOPO)
    await office.approva()
    own = await office.ok("GET", f"{path}/spiegazione", roles=["proponente"], ente="COMUNE-UNO")
    said = {step["regola"]: step["testo"] for step in own["passi"]}
    assert said["scheda.1.A"] == "Scheda 1, criterio A: 50.00 punti: foglio a"
    assert said["scheda.2.B"] == "Scheda 2, criterio B: 30.00 punti: rete ampia"
    assert "commissario" not in str(own)
    public = await office.ok("GET", "/v1/bandi/MOTIVI/graduatorie/1/righe/1/spiegazione", roles=None)
    assert "rete ampia" not in str(public)
