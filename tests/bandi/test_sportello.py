"""Rolling calls: money reserved in order of protocol under concurrency; a waiting list that advances by itself."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.database import constraint_name
from services.bandi.rules.bando import Taglio
from services.bandi.rules.sportello import ci_sta, promosse, riserva_subito
from tests.bandi.esempi import Ufficio, problem
from tests.support.service import ServiceUnderTest

UFFICIO = ["funzionario_bandi"]
PROPONENTE = ["proponente"]


async def aperto(bandi: ServiceUnderTest, codice: str, lab: str = "300.00", **regole: Any) -> Ufficio:
    """A rolling call with money for three applications of 100 euro on LAB (and one of nothing on INC)."""
    linee = [{"codice": "LAB", "azione": "9.4.2", "fondo": "FSE", "dotazione": lab}]
    linee.append({"codice": "INC", "azione": "9.1.3", "fondo": "FSE", "dotazione": "9000.00"})
    return await Ufficio(bandi, codice).pubblica(modalita="sportello", linee=linee, **regole)


async def elenco(office: Ufficio) -> list[tuple[int, str, int | None]]:
    page = await office.ok("GET", f"/v1/bandi/{office.codice}/sportello?limit=500", roles=None)
    return [(item["protocollo"], item["prenotazione"], item["attesa"]) for item in page["items"]]


async def test_money_is_reserved_in_order_and_then_a_numbered_list_waits(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "FILA")
    receipts = [await office.presenta(f"COMUNE-{n}") for n in range(5)]
    assert [(r["prenotazione"], r["attesa"]) for r in receipts] == [
        ("riservata", None),
        ("riservata", None),
        ("riservata", None),
        ("in_attesa", 1),
        ("in_attesa", 2),
    ]
    again = await office.ok(
        "GET", f"/v1/domande/{receipts[3]['domanda_id']}/ricevuta", roles=PROPONENTE, ente="COMUNE-3"
    )
    assert again == receipts[3]
    call = await office.ok("GET", "/v1/bandi/FILA", roles=None)
    assert call["assegnato"] == "0.00", "reserved is not yet assigned"


async def test_nobody_overtakes_who_waits_even_if_a_smaller_request_would_fit(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "SORPASSO", lab="150.00")
    await office.presenta("COMUNE-0")
    assert (await office.presenta("COMUNE-1"))["prenotazione"] == "in_attesa"
    assert (await office.presenta("COMUNE-2", lab="50.00"))["prenotazione"] == "in_attesa"
    skipping = await aperto(bandi, "SALTELLO", lab="150.00", taglio="salta")
    await skipping.presenta("COMUNE-0")
    assert (await skipping.presenta("COMUNE-1"))["prenotazione"] == "in_attesa"
    assert (await skipping.presenta("COMUNE-2", lab="50.00"))["prenotazione"] == "riservata"


async def test_admission_funds_what_is_reserved_and_only_that(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "AMMETTE", lab="100.00")
    first, second = [await office.presenta(f"COMUNE-{n}") for n in range(2)]
    await office.ammetti(first["domanda_id"])
    await office.ammetti(second["domanda_id"])
    project = await office.progetto("COMUNE-0")
    assert (project["codice"], project["linee"][1]["ammesso"]) == ("AMMETTE-0001", "100.00")
    events = [e for e in await bandi.emitted("bandi.progetto.finanziato.v1") if e["bando_codice"] == "AMMETTE"]
    assert [event["capofila"] for event in events] == ["COMUNE-0"]
    states = [(await office.ok("GET", f"/v1/domande/{r['domanda_id']}"))["stato"] for r in (first, second)]
    assert states == ["finanziata", "ammissibile"]
    assert await elenco(office) == [(1, "confermata", None), (2, "in_attesa", 1)]
    ranked = await bandi.post("/v1/bandi/AMMETTE/graduatorie", json={"atto": "x"}, roles=UFFICIO)
    assert problem(ranked) == "bando-senza-graduatoria"


async def test_a_rolling_call_scores_nothing_and_takes_no_sheet(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "SENZA-PUNTI")
    receipt = await office.presenta("COMUNE-0")
    await office.dichiara(receipt["domanda_id"], "commissario.a")
    sheet = {"punteggi": [{"criterio": "A", "punti": "50.00"}]}
    path = f"/v1/domande/{receipt['domanda_id']}/schede"
    answer = await bandi.post(path, json=sheet, roles=["commissario"], sub="commissario.a")
    assert (answer.status_code, problem(answer)) == (409, "domanda-non-valutabile")
    assert "non ha criteri" in answer.json()["detail"]


async def test_a_top_up_advances_the_list_and_funds_who_is_already_admitted(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "AVANZA", lab="100.00")
    receipts = [await office.presenta(f"COMUNE-{n}") for n in range(4)]
    await office.ammetti(receipts[1]["domanda_id"])
    top_up = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "250.00"}]}
    await office.ok("POST", "/v1/bandi/AVANZA/integrazioni", top_up)
    assert await elenco(office) == [
        (1, "riservata", None),
        (2, "confermata", 1),
        (3, "riservata", 2),
        (4, "in_attesa", 3),
    ]
    assert (await office.progetto("COMUNE-1"))["stato"] == "finanziato"


@pytest.mark.parametrize("how", ["withdrawal", "not admitted", "renunciation", "replacement"])
async def test_who_leaves_makes_room_for_the_first_who_waits(bandi: ServiceUnderTest, how: str) -> None:
    office = await aperto(bandi, "POSTO-" + how.upper().replace(" ", "-"), lab="100.00")
    first, _ = [await office.presenta(f"COMUNE-{n}") for n in range(2)]
    path = f"/v1/domande/{first['domanda_id']}"
    who = {"roles": PROPONENTE, "ente": "COMUNE-0"}
    if how == "withdrawal":
        await office.ok("POST", f"{path}/ritiro", {"motivo": "x"}, **who)
    elif how == "not admitted":
        await office.ok("POST", f"{path}/istruttoria", {"esito": "non_ammissibile", "motivi": ["x"]})
    elif how == "renunciation":
        await office.ammetti(first["domanda_id"])
        project = await office.progetto("COMUNE-0")
        await office.ok("POST", f"/v1/progetti/{project['progetto_id']}/rinuncia", {"atto": "x", "motivo": "x"})
    else:
        draft = await office.ok("POST", f"{path}/sostituzione", **who)
        receipt = await office.ok("POST", f"/v1/domande/{draft['domanda_id']}/presentazione", **who)
        assert (receipt["protocollo"], receipt["attesa"]) == (3, 2), "a replacement goes to the end of the queue"
    rows = {row[0]: row for row in await elenco(office)}
    assert rows[2] == (2, "riservata", 1)
    assert rows[1][1] == ("confermata" if how == "renunciation" else "rilasciata")


async def test_a_hundred_at_once_with_money_for_forty_fund_the_right_forty(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "CENTO", lab="400.00")
    drafts = [await office.bozza(f"COMUNE-{n}", lab="10.00") for n in range(100)]

    async def present(draft: dict[str, Any]) -> dict[str, Any]:
        while True:
            path = f"/v1/domande/{draft['domanda_id']}/presentazione"
            answer = await bandi.post(path, roles=PROPONENTE, ente=draft["capofila"])
            if answer.status_code != 503:
                return dict(answer.json())

    receipts = sorted(await asyncio.gather(*(present(draft) for draft in drafts)), key=lambda r: r["protocollo"])
    assert [r["protocollo"] for r in receipts] == list(range(1, 101))
    assert [r["prenotazione"] for r in receipts] == ["riservata"] * 40 + ["in_attesa"] * 60
    assert [r["attesa"] for r in receipts[40:]] == list(range(1, 61))
    top_up = {"atto": "DGR", "importi": [{"linea": "LAB", "importo": "100.00"}]}
    await office.ok("POST", "/v1/bandi/CENTO/integrazioni", top_up)
    states = [state for _, state, _ in await elenco(office)]
    assert states == ["riservata"] * 50 + ["in_attesa"] * 50


async def test_the_database_itself_refuses_to_promise_more_than_there_is(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "PROMESSA", lab="150.00")
    await office.presenta("COMUNE-0")
    await office.presenta("COMUNE-1")
    with pytest.raises(sa.exc.IntegrityError) as refused:
        async with bandi.transaction() as session:
            await session.execute(
                sa.text(
                    "UPDATE prenotazione_linea SET riservato_cent = chiesto_cent WHERE bando_id = "
                    "(SELECT bando_id FROM bando WHERE codice = 'PROMESSA')"
                )
            )
    assert constraint_name(refused.value) == "ck_linea_impieghi_entro_la_dotazione"


async def test_the_list_is_read_page_by_page_by_anybody(bandi: ServiceUnderTest) -> None:
    office = await aperto(bandi, "PUBBLICA")
    for n in range(3):
        await office.presenta(f"COMUNE-{n}")
    first = await office.ok("GET", "/v1/bandi/PUBBLICA/sportello?limit=2", roles=None)
    rest = await office.ok("GET", f"/v1/bandi/PUBBLICA/sportello?limit=2&cursor={first['cursor']}", roles=None)
    assert [item["protocollo"] for item in [*first["items"], *rest["items"]]] == [1, 2, 3]
    assert first["items"][0]["capofila"] == "COMUNE-0"
    assert problem(await bandi.get("/v1/bandi/MAI/sportello")) == "bando-sconosciuto"


MONEY = st.fixed_dictionaries({"LAB": st.integers(0, 100), "INC": st.integers(0, 100)})
QUEUE = st.lists(MONEY, max_size=12).map(lambda items: list(enumerate(items)))


@settings(max_examples=200, deadline=None)
@given(MONEY, QUEUE, st.sampled_from(Taglio))
def test_who_leaves_the_list_never_takes_more_than_there_is_and_keeps_its_order(
    free: dict[str, int], queue: list[tuple[int, dict[str, int]]], taglio: Taglio
) -> None:
    chosen = promosse(free, queue, taglio)
    asked = dict(queue)
    for linea, cents in free.items():
        assert sum(asked[key][linea] for key in chosen) <= cents
    assert chosen == sorted(chosen)
    if taglio is not Taglio.SALTA:
        assert chosen == list(range(len(chosen)))
    left = {linea: cents - sum(asked[key][linea] for key in chosen) for linea, cents in free.items()}
    waiting = [key for key, _ in queue if key not in chosen]
    blocked = waiting[:1] if taglio is not Taglio.SALTA else waiting
    assert not any(ci_sta(left, asked[key]) for key in blocked)


def test_at_presentation_who_waits_comes_first_unless_the_call_skips() -> None:
    free = {"LAB": 100}
    assert riserva_subito(free, {"LAB": 100}, qualcuno_attende=False, taglio=Taglio.STOP)
    assert not riserva_subito(free, {"LAB": 101}, qualcuno_attende=False, taglio=Taglio.SALTA)
    assert not riserva_subito(free, {"LAB": 1}, qualcuno_attende=True, taglio=Taglio.STOP)
    assert riserva_subito(free, {"LAB": 1}, qualcuno_attende=True, taglio=Taglio.SALTA)
    assert not ci_sta(free, {"INC": 1})
