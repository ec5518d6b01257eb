"""Works, spaces, dwellings, results and duties of a project over HTTP."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.database import constraint_name
from tests.bandi.cantiere import CAPOFILA, cantiere, piano
from tests.bandi.esempi import importi, problem
from tests.support.service import ServiceUnderTest


async def test_works_go_forward_block_by_block(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "LAVORI")

    def survey(blocco: str, percento: int, giorno: str, **more: Any) -> dict[str, Any]:
        return {"ambito": "erp", "blocco": blocco, "percento": percento, "rilevato_il": giorno} | more

    await site.capofila("lavori", survey("Nord", 100, "2018-05-01", alloggi=1341))
    await site.ufficio("lavori", survey("Sud", 50, "2018-05-01"))
    await site.capofila(
        "lavori", {"ambito": "infrastrutture"} | survey("intero", 95, "2018-05-02", ambito="infrastrutture")
    )
    assert await site.rifiuto("lavori", survey("Sud", 40, "2018-05-03")) == (409, "lavori-in-calo")
    assert await site.rifiuto("lavori", survey("Sud", 60, "2018-04-30")) == (409, "rilevazione-anteriore")
    assert await site.rifiuto("lavori", survey("Sud", 60, "2018-05-24")) == (422, "giorno-futuro")
    assert await site.rifiuto("lavori", survey("Sud", 101, "2018-05-03")) == (422, "invalid")
    await site.ufficio("lavori", survey("Sud", 45, "2018-05-03", motivo="Misura precedente errata"))
    works = await site.office.ok("GET", f"{site.path}/lavori", roles=None)
    assert [(w["ambito"], w["blocco"], w["percento"]) for w in works["attuale"]] == [
        ("erp", "Nord", 100),
        ("erp", "Sud", 45),
        ("infrastrutture", "intero", 95),
    ]
    assert [w["percento"] for w in works["storia"]] == [100, 50, 95, 45]


async def test_a_space_of_others_has_who_gives_it_and_is_given_back_once(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "SPAZI")
    space = {"codice": "URBAN-CENTER", "denominazione": "Urban Center", "titolo": "comodato", "dal": "2018-05-01"}
    assert await site.rifiuto("spazi", space) == (422, "comodato-senza-concedente")
    early = space | {"concedente": CAPOFILA, "al": "2018-04-30"}
    assert await site.rifiuto("spazi", early) == (422, "restituzione-anteriore")
    await site.capofila("spazi", space | {"concedente": CAPOFILA, "superficie_mq": 6570})
    assert await site.rifiuto("spazi", space | {"concedente": CAPOFILA}) == (409, "spazio-gia-presente")
    assert await site.rifiuto("spazi/ALTRO/restituzione", {"al": "2018-05-02"}) == (404, "spazio-sconosciuto")
    assert await site.rifiuto("spazi/URBAN-CENTER/restituzione", {"al": "2018-04-02"}) == (
        422,
        "restituzione-anteriore",
    )
    await site.ufficio("spazi/URBAN-CENTER/restituzione", {"al": "2018-05-20"})
    assert await site.rifiuto("spazi/URBAN-CENTER/restituzione", {"al": "2018-05-21"}) == (409, "spazio-gia-restituito")
    await site.ufficio("spazi", {"codice": "A", "denominazione": "Sala", "titolo": "proprieta", "dal": "2018-05-01"})
    listed = (await site.office.ok("GET", f"{site.path}/spazi", roles=None))["items"]
    assert [(item["codice"], item["al"]) for item in listed] == [("A", None), ("URBAN-CENTER", "2018-05-20")]


async def test_dwellings_at_social_rent_never_become_fewer(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "ALLOGGI")
    assert (await site.leggi("alloggi"))["numero"] == 0

    def sheet(*rows: tuple[str, int, int]) -> dict[str, Any]:
        return {"alloggi": [{"canone": c, "prima": p, "dopo": d} for c, p, d in rows]}

    assert await site.rifiuto("alloggi", sheet(("sociale", 10, 9))) == (409, "alloggi-sociali-ridotti")
    assert await site.rifiuto("alloggi", sheet(("sociale", 1, 1), ("sociale", 1, 1))) == (422, "alloggi-non-validi")
    await site.capofila("alloggi", sheet(("sociale", 10, 12), ("moderato", 8, 5)))
    told = await site.ufficio("alloggi", sheet(("sociale", 10, 10), ("moderato", 8, 4), ("libero", 0, 2)))
    assert (told["numero"], told["totale_prima"], told["totale_dopo"]) == (2, 18, 16)
    assert await site.leggi("alloggi") == told
    for rows in ([("sociale", 8, 8), ("moderato", 10, 6)], [("moderato", 18, 18)]):
        assert await site.rifiuto("alloggi", sheet(*rows)) == (409, "alloggi-sociali-ridotti"), "10 in the one in force"
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with bandi.transaction() as session:
            await session.execute(
                sa.text("INSERT INTO prospetto_alloggi VALUES (:p, 9, 'sociale', 2, 1, 'x', '2018-01-01')"),
                {"p": site.path.rsplit("/", 1)[1]},
            )
    assert constraint_name(refused.value) == "ck_prospetto_alloggi_canone_sociale_non_ridotto"


async def test_results_stand_beside_the_targets_of_the_plan_in_force(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "INDICATORI")

    def result(reached: int, day: str, code: str = "I1") -> dict[str, Any]:
        return {"indicatore": code, "raggiunto": reached, "rilevato_il": day}

    assert await site.rifiuto("indicatori", result(1, "2018-05-02"), capofila=True) == (404, "indicatore-sconosciuto")
    await site.approva_piano(piano())
    assert await site.rifiuto("indicatori", result(1, "2018-05-02", "I9"), capofila=True) == (
        404,
        "indicatore-sconosciuto",
    )
    assert await site.rifiuto("indicatori", result(1, "2018-06-02"), capofila=True) == (422, "giorno-futuro")
    await site.capofila("indicatori", result(40, "2018-05-10"))
    await site.capofila("indicatori", result(15, "2018-05-05"))
    shown = await site.office.ok("GET", f"{site.path}/indicatori", roles=None)
    [item] = shown["items"]
    assert (item["atteso"], item["raggiunto"], item["rilevato_il"], item["rilevazioni"]) == (100, 40, "2018-05-10", 2)


async def test_dissemination_holds_the_conclusion_back_and_continuity_does_not(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "OBBLIGHI")
    tell = {"tipo": "disseminazione", "descrizione": "Pagina dei risultati", "entro": "2018-05-20"}
    duty = await site.ufficio("obblighi", tell)
    assert duty["scaduto"] is True
    await site.ufficio("obblighi", {"tipo": "continuita", "descrizione": "Sportello aperto", "entro": "2023-01-01"})
    await site.ufficio("pagamenti", importi(LAB="1.00"))
    assert await site.rifiuto("conclusione", {"atto": "x"}) == (409, "obblighi-aperti")
    done = {"adempiuto_il": "2018-05-22", "prova": "https://esempio.it/risultati"}
    path = f"obblighi/{duty['obbligo_id']}/adempimento"
    assert await site.rifiuto(path, done | {"adempiuto_il": "2018-06-22"}, capofila=True) == (422, "giorno-futuro")
    assert await site.rifiuto(f"obblighi/{uuid4()}/adempimento", done, capofila=True) == (404, "obbligo-sconosciuto")
    fulfilled = await site.capofila(path, done)
    assert (fulfilled["scaduto"], fulfilled["prova"]) == (False, done["prova"])
    assert await site.rifiuto(path, done, capofila=True) == (409, "obbligo-gia-adempiuto")
    assert (await site.ufficio("conclusione", {"atto": "x"}))["stato"] == "concluso"
    listed = (await site.office.ok("GET", f"{site.path}/obblighi", roles=None))["items"]
    assert [item["tipo"] for item in listed] == ["disseminazione", "continuita"]


async def test_a_stranger_reports_nothing_and_nothing_is_reported_of_no_project(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "ESTRANEI", avviato=False)
    bodies: dict[str, dict[str, Any]] = {
        "lavori": {"ambito": "erp", "blocco": "Nord", "percento": 1, "rilevato_il": "2018-05-01"},
        "spazi": {"codice": "AA", "denominazione": "x", "titolo": "proprieta", "dal": "2018-05-01"},
        "alloggi": {"alloggi": [{"canone": "sociale", "prima": 1, "dopo": 1}]},
        "indicatori": {"indicatore": "I1", "raggiunto": 1, "rilevato_il": "2018-05-01"},
    }
    for route, body in bodies.items():
        stranger = await bandi.post(f"{site.path}/{route}", json=body, roles=["proponente"], ente="COMUNE-ALTRO")
        assert (stranger.status_code, problem(stranger)) == (403, "domanda-di-altri"), route
        nowhere = await bandi.post(f"/v1/progetti/{uuid4()}/{route}", json=body, roles=["proponente"], ente=CAPOFILA)
        assert (nowhere.status_code, problem(nowhere)) == (404, "progetto-sconosciuto"), route
        read = await bandi.get(f"/v1/progetti/{uuid4()}/{route}")
        assert (read.status_code, problem(read)) == (404, "progetto-sconosciuto"), route
