"""The acts of a call belong to the body that promotes it, and to the managing body it delegates."""

from typing import Any

import httpx

from tests.bandi.esempi import DOPO, REGIONE, Ufficio, bando_corpo, importi, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
ALTRO = "COMUNE-MILANO"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)


async def test_a_call_is_opened_for_the_body_of_who_opens_it(bandi: ServiceUnderTest) -> None:
    body = bando_corpo("DI-CHI")
    other = await bandi.post("/v1/bandi", json=body, roles=UFFICIO, ente=ALTRO)
    assert refused(other) == (403, "bando-di-altro-ente")
    headers = bandi.token(*UFFICIO)
    nobody = await bandi.client.post("/v1/bandi", json=body, headers=headers)
    assert refused(nobody) == (403, "ente-mancante")
    assert (await bandi.post("/v1/bandi", json=body, roles=UFFICIO)).status_code == 201
    name = await bandi.post("/v1/bandi", json=body | {"ente_promotore": "Regione Lombardia"}, roles=UFFICIO)
    assert name.status_code == 422, "a body is named by its code"
    del body["codice"]
    handed = body | {"ente_promotore": ALTRO}
    match = {"If-Match": '"v1"'}
    given = await bandi.put("/v1/bandi/DI-CHI/bozza", json=handed, roles=UFFICIO, headers=match)
    assert refused(given) == (403, "bando-di-altro-ente"), "a draft is not handed to another body"


async def test_every_act_of_an_office_is_refused_to_another_body(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "SUOI-ATTI").pubblica()
    receipt = await office.presenta("COMUNE-UNO")
    domanda = f"/v1/domande/{receipt['domanda_id']}"
    await office.ammetti(receipt["domanda_id"], "55.00")
    bandi.clock.set(DOPO)
    await office.approva()
    progetto = f"/v1/progetti/{(await office.progetto('COMUNE-UNO'))['progetto_id']}"
    bando = "/v1/bandi/SUOI-ATTI"
    act: dict[str, Any] = {"atto": "x"}
    for method, path, body in (
        ("GET", f"{bando}/bozza", None),
        ("POST", f"{bando}/pubblicazione", act),
        ("POST", f"{bando}/integrazioni", act | {"importi": [{"linea": "LAB", "importo": "1.00"}]}),
        ("POST", f"{bando}/proroghe", act | {"durata_massima_mesi": 60}),
        ("POST", f"{bando}/commissione", act | {"commissari": ["x"]}),
        ("POST", f"{bando}/graduatorie", act),
        ("GET", f"{bando}/graduatorie/anteprima", None),
        ("GET", f"{bando}/graduatorie/1/verifica", None),
        ("GET", f"{bando}/domande", None),
        ("GET", domanda, None),
        ("GET", f"{domanda}/ricevuta", None),
        ("GET", f"{domanda}/schede", None),
        ("GET", f"{domanda}/spiegazione", None),
        ("POST", f"{domanda}/istruttoria", {"esito": "ammissibile"}),
        ("POST", f"{progetto}/impegni", importi(LAB="1.00")),
        ("POST", f"{progetto}/avvio", act | {"inizio": "2018-12-20"}),
        ("POST", f"{progetto}/rinuncia", act | {"motivo": "x"}),
        ("POST", f"{progetto}/revoca", act | {"motivo": "x"}),
        ("POST", f"{progetto}/conclusione", act),
    ):
        options: dict[str, Any] = {} if body is None else {"json": body}
        answer = await bandi.request(method, path, roles=UFFICIO, ente=ALTRO, **options)
        assert refused(answer) == (403, "bando-di-altro-ente"), f"{method} {path}: {answer.text}"
    assert (await bandi.get(domanda, roles=UFFICIO)).status_code == 200
    assert (await bandi.get(f"{bando}/versioni")).json()["items"][-1]["motivo"] == "pubblicazione"


async def test_the_delegated_managing_body_acts_as_the_promoter_does(bandi: ServiceUnderTest) -> None:
    office = Ufficio(bandi, "DELEGATO")
    await office.pubblica(organismo_intermedio=ALTRO)
    public = (await bandi.get("/v1/bandi/DELEGATO")).json()
    assert (public["ente_promotore"], public["organismo_intermedio"]) == (REGIONE, ALTRO)
    top_up = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "1.00"}]}
    done = await bandi.post("/v1/bandi/DELEGATO/integrazioni", json=top_up, roles=UFFICIO, ente=ALTRO)
    assert done.status_code == 200, done.text
    third = await bandi.post("/v1/bandi/DELEGATO/integrazioni", json=top_up, roles=UFFICIO, ente="COMUNE-LODI")
    assert refused(third) == (403, "bando-di-altro-ente")
