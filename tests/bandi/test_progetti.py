"""Projects over HTTP: committed, started, paid, extended, renounced, concluded; the waterfall always holds."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import constraint_name
from tests.bandi.esempi import DOPO, Ufficio, importi, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]


async def finanziato(bandi: ServiceUnderTest, codice: str, **regole: Any) -> tuple[Ufficio, str]:
    """A call with one funded project: 100.00 on LAB and 50.00 on INC."""
    office = await Ufficio(bandi, codice).pubblica(**regole)
    await office.ammetti((await office.presenta("COMUNE-MANTOVA"))["domanda_id"], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    return office, f"/v1/progetti/{(await office.progetto('COMUNE-MANTOVA'))['progetto_id']}"


async def test_the_life_of_a_project_is_told_by_its_events_and_its_acts(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "VITA")
    committed = await office.ok("POST", f"{path}/impegni", importi(LAB="90.00", INC="50.00"))
    assert committed["stato"] == "impegnato"
    started = await office.ok("POST", f"{path}/avvio", {"atto": "avvio", "inizio": "2018-09-01"})
    assert (started["inizio"], started["fine"]) == ("2018-09-01", "2020-08-31")
    extended = await bandi.post(f"{path}/proroghe", json={"atto": "x", "fine": "2020-10-01"}, roles=UFFICIO)
    assert problem(extended) == "proroga-non-valida", "24 months are over"
    longer = {"atto": "decreto 16659", "durata_massima_mesi": 30}
    await office.ok("POST", "/v1/bandi/VITA/proroghe", longer)
    extended_now = await office.ok("POST", f"{path}/proroghe", {"atto": "proroga", "fine": "2020-12-19"})
    assert extended_now["fine"] == "2020-12-19"
    await office.ok("POST", f"{path}/pagamenti", importi(LAB="60.00"))
    closed = await office.ok("POST", f"{path}/conclusione", {"atto": "saldo"})
    assert closed["stato"] == "concluso"
    assert [(linea["linea"], linea["ammesso"], linea["erogato"]) for linea in closed["linee"]] == [
        ("INC", "0.00", "0.00"),
        ("LAB", "60.00", "60.00"),
    ]
    acts = (await office.ok("GET", f"{path}/movimenti", roles=None))["items"]
    assert [(act["numero"], act["tipo"]) for act in acts] == [
        (1, "finanziamento"),
        (2, "impegno"),
        (3, "avvio"),
        (4, "proroga"),
        (5, "pagamento"),
        (6, "conclusione"),
    ]
    assert acts[5]["importi"] == [{"linea": "INC", "importo": "50.00"}, {"linea": "LAB", "importo": "40.00"}]
    page = await office.ok("GET", f"{path}/movimenti?limit=4", roles=None)
    rest = await office.ok("GET", f"{path}/movimenti?limit=4&cursor={page['cursor']}", roles=None)
    assert [*page["items"], *rest["items"]] == acts
    told = {
        name: [e for e in await bandi.emitted(f"bandi.progetto.{name}.v1") if e["bando_codice"] == "VITA"]
        for name in ("finanziato", "impegnato", "prorogato", "concluso")
    }
    assert {name: [event["versione"] for event in events] for name, events in told.items()} == {
        "finanziato": [1],
        "impegnato": [2, 3],
        "prorogato": [4],
        "concluso": [6],
    }
    state = told["impegnato"][1]
    assert (state["stato"], state["inizio"], state["fine"]) == ("impegnato", "2018-09-01", "2020-08-31")
    assert state["linee"][1] == {
        "azione": "9.4.2",
        "fondo": "POR FSE",
        "ammesso_cent": 10_000,
        "impegnato_cent": 9_000,
    }
    call = await office.ok("GET", "/v1/bandi/VITA", roles=None)
    assert call["assegnato"] == "60.00", "the economy returns to the pool"


async def test_the_economy_of_a_concluded_project_funds_the_next_row(bandi: ServiceUnderTest) -> None:
    linee = [{"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": "150.00"}]
    linee.append({"codice": "INC", "azione": "9.1.3", "fondo": "FSE", "dotazione": "100.00"})
    office = await Ufficio(bandi, "ECONOMIA").pubblica(linee=linee)
    for ente, points in (("COMUNE-UNO", "55.00"), ("COMUNE-DUE", "50.00")):
        await office.ammetti((await office.presenta(ente))["domanda_id"], points)
    bandi.clock.set(DOPO)
    assert (await office.approva())["finanziate"] == 1
    path = f"/v1/progetti/{(await office.progetto('COMUNE-UNO'))['progetto_id']}"
    await office.ok("POST", f"{path}/impegni", importi(LAB="100.00"))
    await office.ok("POST", f"{path}/avvio", {"atto": "avvio", "inizio": "2018-09-01"})
    await office.ok("POST", f"{path}/pagamenti", importi(LAB="50.00"))
    await office.ok("POST", f"{path}/conclusione", {"atto": "saldo"})
    await office.approva("scorrimento per economia")
    rows = {row["capofila"]: row for row in await office.righe(2)}
    assert rows["COMUNE-DUE"]["cambiamento"] == "finanziata_per_scorrimento"
    first = rows["COMUNE-UNO"]
    assert (first["cambiamento"], first["motivo"], first["esito"]) == (
        "importo_ridotto",
        "gia_finanziata",
        "finanziata",
    )
    assert [(linea["linea"], linea["importo"]) for linea in first["ammesso"]] == [("INC", "0.00"), ("LAB", "50.00")]
    assert "dei 150.00 assegnati ne restano 50.00" in first["spiegazione"]
    call = await office.ok("GET", "/v1/bandi/ECONOMIA", roles=None)
    ranked = await office.ok("GET", "/v1/bandi/ECONOMIA/graduatorie/2", roles=None)
    assert ranked["finanziato"] == call["assegnato"] == "200.00", "never more than the 250.00 of the call"
    again = await bandi.post("/v1/bandi/ECONOMIA/graduatorie", json={"atto": "x"}, roles=UFFICIO)
    assert problem(again) == "graduatoria-invariata", "what was told once is not told again"


async def test_a_revoked_project_loses_what_is_not_paid_and_gives_back_what_is(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "REVOCA")
    await office.ok("POST", f"{path}/impegni", importi(LAB="100.00"))
    await office.ok("POST", f"{path}/pagamenti", importi(LAB="40.00"))
    early = await bandi.post(f"{path}/recuperi", json=importi(LAB="1.00"), roles=UFFICIO)
    assert (early.status_code, problem(early)) == (409, "recupero-non-dovuto")
    body = {"atto": "decreto di revoca", "motivo": "Il laboratorio non ha mai aperto"}
    lead = await bandi.post(f"{path}/revoca", json=body, roles=["proponente"], ente="COMUNE-MANTOVA")
    assert lead.status_code == 403
    revoked = await office.ok("POST", f"{path}/revoca", body)
    assert (revoked["stato"], revoked["linee"][1]["ammesso"]) == ("revocato", "40.00")
    assert (await bandi.emitted("bandi.progetto.revocato.v1"))[-1]["stato"] == "revocato"
    found = await office.ok("GET", f"/v1/domande/{revoked['domanda_id']}")
    assert (found["stato"], found["motivo_uscita"]) == ("revocata", "Il laboratorio non ha mai aperto")
    again = await bandi.post(f"{path}/revoca", json=body, roles=UFFICIO)
    assert problem(again) == "progetto-non-in-corso"
    for wrong, name in ((importi(LAB="40.01"), "recupero-non-dovuto"), (importi(X="1.00"), "linea-non-del-progetto")):
        assert problem(await bandi.post(f"{path}/recuperi", json=wrong, roles=UFFICIO)) == name
    back = await office.ok("POST", f"{path}/recuperi", importi(LAB="15.00"))
    assert (back["linee"][1]["erogato"], back["linee"][1]["ammesso"]) == ("25.00", "25.00")
    assert await told_last(bandi, "revocato", "REVOCA") == ("revocato", back["versione"], 2_500)
    assert (await office.ok("GET", "/v1/bandi/REVOCA", roles=None))["assegnato"] == "25.00"
    await office.approva("presa d'atto della revoca")
    assert (await office.righe(2))[0]["esito"] == "revocata"


async def told_last(bandi: ServiceUnderTest, name: str, codice: str) -> tuple[str, int, int]:
    """State, version and committed cents on LAB of the last event of that name of a call's projects."""
    last = [e for e in await bandi.emitted(f"bandi.progetto.{name}.v1") if e["bando_codice"] == codice][-1]
    [lab] = [linea for linea in last["linee"] if linea["azione"] == "9.4.2"]
    assert lab["ammesso_cent"] == lab["impegnato_cent"]
    return last["stato"], last["versione"], lab["impegnato_cent"]


async def test_what_a_concluded_project_gives_back_is_told(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "RECUPERO")
    await office.ok("POST", f"{path}/impegni", importi(LAB="100.00"))
    await office.ok("POST", f"{path}/avvio", {"atto": "avvio", "inizio": "2018-09-01"})
    await office.ok("POST", f"{path}/pagamenti", importi(LAB="40.00"))
    closed = await office.ok("POST", f"{path}/conclusione", {"atto": "saldo"})
    assert await told_last(bandi, "concluso", "RECUPERO") == ("concluso", closed["versione"], 4_000)
    back = await office.ok("POST", f"{path}/recuperi", importi(LAB="15.00"))
    assert await told_last(bandi, "concluso", "RECUPERO") == ("concluso", closed["versione"] + 1, 2_500)
    assert back["versione"] == closed["versione"] + 1


async def test_what_the_waterfall_forbids_is_refused_and_nothing_moves(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "RIFIUTI")

    async def refused(route: str, body: dict[str, Any]) -> tuple[int, str]:
        answer = await bandi.post(f"{path}/{route}", json=body, roles=UFFICIO)
        return answer.status_code, problem(answer)

    assert await refused("pagamenti", importi(LAB="1.00")) == (409, "pagamento-senza-impegno")
    assert await refused("impegni", importi(LAB="100.01")) == (409, "impegno-oltre-ammesso")
    assert await refused("impegni", importi(X="1.00")) == (422, "linea-non-del-progetto")
    assert await refused("impegni", importi(LAB="0.00")) == (422, "linea-non-del-progetto")
    twice = importi(LAB="1.00")
    assert await refused("impegni", twice | {"importi": twice["importi"] * 2}) == (422, "linea-non-del-progetto")
    assert await refused("conclusione", {"atto": "x"}) == (409, "progetto-non-impegnato")
    assert await refused("proroghe", {"atto": "x", "fine": "2020-01-01"}) == (409, "progetto-non-avviato")
    assert await refused("avvio", {"atto": "x", "inizio": "2020-12-20"}) == (409, "proroga-non-valida")
    before = await office.ok("GET", path, roles=None)
    assert before["versione"] == 1
    await office.ok("POST", f"{path}/impegni", importi(LAB="100.00", INC="20.00"))
    assert await refused("pagamenti", importi(INC="20.01")) == (409, "pagamento-oltre-impegno")
    assert await refused("pagamenti", importi(INC="10.00", LAB="100.01")) == (409, "pagamento-oltre-impegno")
    assert (await office.ok("GET", path, roles=None))["linee"][0]["erogato"] == "0.00", "all lines or none"
    assert await refused("conclusione", {"atto": "x"}) == (409, "progetto-non-avviato")
    await office.ok("POST", f"{path}/avvio", {"atto": "avvio", "inizio": "2018-09-01"})
    assert await refused("avvio", {"atto": "x", "inizio": "2018-09-02"}) == (409, "progetto-gia-avviato")
    await office.ok("POST", f"{path}/pagamenti", importi(INC="20.00"))
    assert await refused("rinuncia", {"atto": "x", "motivo": "x"}) == (409, "rinuncia-dopo-pagamento")
    await office.ok("POST", f"{path}/conclusione", {"atto": "saldo"})
    for route, body in (
        ("impegni", importi(LAB="1.00")),
        ("pagamenti", importi(LAB="1.00")),
        ("avvio", {"atto": "x", "inizio": "2018-09-02"}),
        ("proroghe", {"atto": "x", "fine": "2020-12-19"}),
        ("rinuncia", {"atto": "x", "motivo": "x"}),
        ("conclusione", {"atto": "x"}),
    ):
        assert await refused(route, body) == (409, "progetto-non-in-corso"), route


async def test_days_beyond_the_calendar_of_programmes_are_refused(bandi: ServiceUnderTest) -> None:
    _, path = await finanziato(bandi, "CALENDARIO")
    for day in ("9999-12-31", "0001-01-01", "2100-12-32", "ieri"):
        answer = await bandi.post(f"{path}/avvio", json={"atto": "x", "inizio": day}, roles=UFFICIO)
        assert (answer.status_code, problem(answer)) == (422, "invalid"), day


async def test_a_project_that_does_not_exist_is_not_found(bandi: ServiceUnderTest) -> None:
    path = f"/v1/progetti/{UUID(int=5)}"
    bodies: dict[str, dict[str, Any]] = {
        "impegni": importi(LAB="1.00"),
        "pagamenti": importi(LAB="1.00"),
        "avvio": {"atto": "x", "inizio": "2018-09-02"},
        "proroghe": {"atto": "x", "fine": "2020-12-19"},
        "rinuncia": {"atto": "x", "motivo": "x"},
        "conclusione": {"atto": "x"},
        "revoca": {"atto": "x", "motivo": "x"},
        "recuperi": importi(LAB="1.00"),
    }
    for route, body in bodies.items():
        answer = await bandi.post(f"{path}/{route}", json=body, roles=UFFICIO)
        assert (answer.status_code, problem(answer)) == (404, "progetto-sconosciuto"), route
    for answer in (await bandi.get(path), await bandi.get(f"{path}/movimenti")):
        assert problem(answer) == "progetto-sconosciuto"


async def test_only_the_office_moves_money(bandi: ServiceUnderTest) -> None:
    _, path = await finanziato(bandi, "CHI-MUOVE")
    for role in ("proponente", "commissario", "funzionario_comune", "tesoriere", "residente", "servizio"):
        answer = await bandi.post(f"{path}/impegni", json=importi(LAB="1.00"), roles=[role], ente="COMUNE-MANTOVA")
        assert answer.status_code == 403, role
    assert (await bandi.post(f"{path}/impegni", json=importi(LAB="1.00"))).status_code == 401


async def test_twenty_commitments_at_once_never_exceed_what_was_admitted(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "VENTI")

    async def commit(_: int) -> int:
        while True:
            answer = await bandi.post(f"{path}/impegni", json=importi(LAB="10.00"), roles=UFFICIO)
            if answer.status_code != 503:
                return answer.status_code

    answers = await asyncio.gather(*(commit(n) for n in range(20)))
    assert sorted(answers) == [200] * 10 + [409] * 10
    project = await office.ok("GET", path, roles=None)
    assert project["linee"][1]["impegnato"] == "100.00"
    assert project["versione"] == 11


@pytest.mark.slow
async def test_the_waterfall_holds_under_random_concurrent_acts(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "CASO")
    seeded = random.Random(20171115)

    async def act() -> int:
        route = seeded.choice(["impegni", "impegni", "pagamenti", "pagamenti", "pagamenti"])
        linea = seeded.choice(["LAB", "INC"])
        amount = f"{seeded.randint(1, 20)}.{seeded.randint(0, 99):02d}"
        while True:
            answer = await bandi.post(f"{path}/{route}", json=importi(**{linea: amount}), roles=UFFICIO)
            if answer.status_code != 503:
                return answer.status_code

    statuses: list[int] = []
    for _ in range(8):
        statuses += await asyncio.gather(*(act() for _ in range(12)))
        project = await office.ok("GET", path, roles=None)
        for linea in project["linee"]:
            steps = [float(linea[name]) for name in ("programmato", "ammesso", "impegnato", "erogato")]
            assert steps == sorted(steps, reverse=True)
            assert steps[3] >= 0
    assert set(statuses) == {200, 409}
    acts = (await office.ok("GET", f"{path}/movimenti?limit=500", roles=None))["items"]
    paid = sum(int(item["importo"].replace(".", "")) for a in acts if a["tipo"] == "pagamento" for item in a["importi"])
    state = await office.ok("GET", path, roles=None)
    assert paid == sum(int(linea["erogato"].replace(".", "")) for linea in state["linee"]) > 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("ammesso_cent = programmato_cent + 1", "ck_progetto_linea_ammesso_entro_il_programmato"),
        ("impegnato_cent = ammesso_cent + 1", "ck_progetto_linea_impegnato_entro_l_ammesso"),
        ("erogato_cent = impegnato_cent + 1", "ck_progetto_linea_erogato_entro_l_impegnato"),
        ("erogato_cent = -1", "ck_progetto_linea_erogato_non_negativo"),
    ],
)
async def test_the_database_itself_keeps_the_waterfall(bandi: ServiceUnderTest, change: str, constraint: str) -> None:
    if (await bandi.get("/v1/bandi/CASCATA-DB")).status_code == 404:
        await finanziato(bandi, "CASCATA-DB")
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with bandi.transaction() as session:
            await session.execute(sa.text(f"UPDATE progetto_linea SET {change}"))
    assert constraint_name(refused.value) == constraint


async def test_projects_and_their_money_are_open_data(bandi: ServiceUnderTest) -> None:
    office, path = await finanziato(bandi, "DATI")
    await office.ok("POST", f"{path}/impegni", importi(LAB="80.00"))
    await office.ok("POST", f"{path}/pagamenti", importi(LAB="30.00"))
    money = await office.ok("GET", "/v1/bandi/DATI/avanzamento", roles=None)
    assert money["totale"] == {"programmato": "150.00", "ammesso": "150.00", "impegnato": "80.00", "erogato": "30.00"}
    assert (money["progetti"], money["operazioni"], money["dotazione"]) == (1, 2, "500.00")
    text = (await bandi.get("/v1/bandi/DATI/avanzamento/csv")).text
    assert text.split("\r\n")[:2] == [
        "bando,linea,azione,fondo,operazioni,dotazione,programmato,ammesso,impegnato,erogato,licenza",
        "DATI,LAB,9.4.2,POR FSE,1,300.00,100.00,100.00,80.00,30.00,CC-BY-4.0",
    ]
    detail = await office.ok("GET", path, roles=None)
    assert [member["ente"] for member in detail["membri"]] == ["COMUNE-MANTOVA", "SOLCO"]

    async def found(query: str) -> list[str]:
        items = (await office.ok("GET", f"/v1/progetti?{query}", roles=None))["items"]
        return [item["codice"] for item in items]

    assert await found("bando=DATI") == ["DATI-0001"]
    assert await found("bando=DATI&comune=Mantova&azione=9.4.2&stato=impegnato") == ["DATI-0001"]
    for nothing in ("capofila=COMUNE-X", "comune=Bergamo", "azione=1.1", "stato=concluso"):
        assert await found(f"bando=DATI&{nothing}") == [], nothing


async def test_projects_are_read_page_by_page(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "MOLTI").pubblica()
    for n in range(3):
        await office.ammetti((await office.presenta(f"COMUNE-{n}", lab="10.00", inc="5.00"))["domanda_id"], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    first = await office.ok("GET", "/v1/progetti?bando=MOLTI&limit=2", roles=None)
    second = await office.ok("GET", f"/v1/progetti?bando=MOLTI&limit=2&cursor={first['cursor']}", roles=None)
    assert [item["codice"] for item in [*first["items"], *second["items"]]] == [
        "MOLTI-0001",
        "MOLTI-0002",
        "MOLTI-0003",
    ]
    assert second["cursor"] is None
