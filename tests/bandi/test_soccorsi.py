"""Soccorso istruttorio: what may be asked, the term to its last second, the answer, the silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.bandi.rules.bando import DocumentoRichiesto
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.rules.soccorso import (
    Richiesta,
    RichiestaNonValida,
    RispostaIncompleta,
    SoccorsoNonAperto,
    SoccorsoNonPossibile,
    SoccorsoScaduto,
    TipoRichiesta,
    contenuto_integrato,
    controlla_arrivo,
    controlla_richiesta,
    controlla_risposta,
    termine_del_soccorso,
)
from services.bandi.service import soccorsi as service
from tests.bandi.esempi import CONTENUTO, DOPO, REGOLE, Ufficio, contenuto_corpo, problem
from tests.bandi.test_documenti import pdf
from tests.support.service import ServiceUnderTest

LEAD: dict[str, Any] = {"roles": ["proponente"], "ente": "COMUNE-A"}
OFFICE: dict[str, Any] = {"roles": ["funzionario_bandi"], "ente": "REGIONE-LOMBARDIA"}
EMPTY = replace(CONTENUTO, comune=None)
RULES = replace(REGOLE, documenti=(DocumentoRichiesto("BILANCIO", "Bilancio", sanabile=True),))
DOC = Richiesta(TipoRichiesta.DOCUMENTO, "BILANCIO", "Il bilancio 2016")
FIELD = Richiesta(TipoRichiesta.CAMPO, "comune", "In quale comune?")
WHY = Richiesta(TipoRichiesta.CHIARIMENTO, None, "Chi gestisce la sede?")


def test_the_term_is_the_end_of_the_last_day_in_rome_whatever_the_season() -> None:
    asked = datetime(2018, 3, 20, 23, 30, tzinfo=UTC)  # already the 21st in Rome
    assert termine_del_soccorso(asked, 10) == datetime(2018, 3, 31, 21, 59, 59, tzinfo=UTC), "summer time"
    assert termine_del_soccorso(asked, 1) == datetime(2018, 3, 22, 22, 59, 59, tzinfo=UTC), "winter time"


@pytest.mark.parametrize(
    ("richieste", "giorni", "words"),
    [
        ([DOC], 11, "al piu' 10 giorni"),
        ([replace(DOC, oggetto="MAI")], 10, "non ha il documento MAI"),
        ([replace(DOC, oggetto=None)], 10, "Un chiarimento non ha oggetto"),
        ([replace(WHY, oggetto="titolo")], 10, "Un chiarimento non ha oggetto"),
        ([replace(FIELD, oggetto="durata_mesi")], 10, "non si integra"),
        ([replace(FIELD, oggetto="quartiere")], 10, "si completa, non si cambia"),
        ([DOC, DOC], 10, "chiesto 2 volte"),
    ],
)
def test_a_request_completes_and_does_not_change(richieste: list[Richiesta], giorni: int, words: str) -> None:
    with pytest.raises(RichiestaNonValida, match=words):
        controlla_richiesta(StatoDomanda.PRESENTATA, RULES, EMPTY, richieste, giorni)


@pytest.mark.parametrize("stato", [stato for stato in StatoDomanda if stato is not StatoDomanda.PRESENTATA])
def test_only_who_waits_for_a_decision_is_asked_to_complete(stato: StatoDomanda) -> None:
    controlla_richiesta(StatoDomanda.PRESENTATA, RULES, EMPTY, [DOC, FIELD, WHY, WHY], 10)
    with pytest.raises(SoccorsoNonPossibile):
        controlla_richiesta(stato, RULES, EMPTY, [DOC], 10)


def test_the_last_second_is_inside_and_the_next_microsecond_outside() -> None:
    term = termine_del_soccorso(DOPO, 10)
    controlla_arrivo(StatoDomanda.IN_INTEGRAZIONE, term, term + timedelta(microseconds=999_999))
    with pytest.raises(SoccorsoScaduto, match="ora di Roma"):
        controlla_arrivo(StatoDomanda.IN_INTEGRAZIONE, term, term + timedelta(seconds=1))
    with pytest.raises(SoccorsoNonAperto):
        controlla_arrivo(StatoDomanda.PRESENTATA, term, DOPO)
    with pytest.raises(SoccorsoNonAperto):
        controlla_arrivo(StatoDomanda.IN_INTEGRAZIONE, None, DOPO)


def test_an_answer_gives_all_that_was_asked_and_nothing_else() -> None:
    asked = [DOC, FIELD, WHY]
    controlla_risposta(asked, {"BILANCIO"}, {"comune": "Mantova"}, ["Il Comune"])
    with pytest.raises(RispostaIncompleta) as empty:
        controlla_risposta(asked, (), {}, [])
    assert [item["campo"] for item in empty.value.items] == ["documenti.BILANCIO", "campi.comune", "chiarimenti"]
    with pytest.raises(RispostaIncompleta) as more:
        controlla_risposta([], {None, "FOTO"}, {"quartiere": "x"}, ["y"])
    assert [item["campo"] for item in more.value.items] == [
        "documenti.FOTO",
        "documenti.altro",
        "campi.quartiere",
        "chiarimenti",
    ]


def test_what_was_presented_stays_whatever_an_answer_says() -> None:
    completed = contenuto_integrato(EMPTY, [{"comune": "Mantova", "quartiere": "Altro"}, {"comune": "Brescia"}])
    assert (completed.comune, completed.quartiere) == ("Mantova", "Lunetta")


async def ask(bandi: ServiceUnderTest, codice: str) -> tuple[Ufficio, str]:
    """An application without its balance sheet and its comune, asked to complete them within ten days."""
    office = await Ufficio(bandi, codice).pubblica(
        documenti=[{"codice": "BILANCIO", "titolo": "Bilancio", "sanabile": True}]
    )
    content = contenuto_corpo("COMUNE-A") | {"comune": None}
    draft = await office.ok("POST", "/v1/domande", {"bando": codice, "contenuto": content}, **LEAD)
    await office.aderiscono(draft)
    path = f"/v1/domande/{draft['domanda_id']}"
    await office.ok("POST", f"{path}/presentazione", **LEAD)
    bandi.clock.set(datetime(2018, 3, 1, 9, tzinfo=UTC))
    body = {
        "richieste": [
            {"tipo": "documento", "oggetto": "BILANCIO", "testo": "Il bilancio 2016"},
            {"tipo": "campo", "oggetto": "comune", "testo": "In quale comune?"},
            {"tipo": "chiarimento", "testo": "Chi gestisce la sede?"},
        ]
    }
    asked = await office.ok("POST", f"{path}/soccorsi", body)
    assert (asked["stato"], asked["scade_il"]) == ("aperto", "2018-03-11T22:59:59Z")
    assert "23:59:59 (ora di Roma)" in asked["scade_a_roma"]
    return office, path


async def test_the_lead_completes_in_time_and_the_office_decides_on_the_whole(bandi: ServiceUnderTest) -> None:
    office, path = await ask(bandi, "SOCCORSO")
    assert (await office.ok("GET", path, **LEAD))["stato"] == "in_integrazione"
    early = await bandi.post(f"{path}/istruttoria", json={"esito": "ammissibile"}, **OFFICE)
    assert (early.status_code, problem(early)) == (409, "integrazione-in-corso")
    again = await bandi.post(f"{path}/soccorsi", json={"richieste": [{"tipo": "chiarimento", "testo": "x"}]}, **OFFICE)
    assert (again.status_code, problem(again)) == (409, "soccorso-non-possibile")
    edit = await bandi.put(f"{path}/contenuto", json={}, headers={"If-Match": "*"}, **LEAD)
    assert problem(edit) == "domanda-non-in-bozza", "what was presented does not change"

    answer = {"comune": "Mantova", "chiarimenti": ["La cooperativa Sol.Co"]}
    missing = await bandi.post(f"{path}/soccorsi/risposta", json=answer, **LEAD)
    assert (missing.status_code, problem(missing)) == (422, "risposta-incompleta")
    made = await office.ok("POST", f"{path}/documenti", {"nome": "bilancio.pdf", "richiesto": "BILANCIO"}, **LEAD)
    await bandi.put(f"{path}/documenti/{made['documento_id']}/file", content=pdf(), **LEAD)
    assert len((await office.ok("GET", f"{path}/documenti", **LEAD))["items"]) == 1
    assert (await office.ok("GET", f"{path}/documenti"))["items"] == [], "the office sees what is answered, not drafts"
    early = await bandi.get(f"{path}/documenti/{made['documento_id']}/file", roles=["funzionario_bandi"])
    assert (early.status_code, problem(early)) == (404, "documento-sconosciuto")
    stranger = await bandi.post(f"{path}/soccorsi/risposta", json=answer, roles=["proponente"], ente="SOLCO")
    assert (stranger.status_code, problem(stranger)) == (403, "domanda-di-altri"), "the lead answers"
    bandi.clock.set(datetime(2018, 3, 11, 22, 59, 59, 200_000, tzinfo=UTC))
    done = await office.ok("POST", f"{path}/soccorsi/risposta", answer, **LEAD)
    assert (done["stato"], done["comune"], len(done["impronta"])) == ("risposto", "Mantova", 64)
    assert (await office.ok("GET", f"{path}/documenti"))["items"] != [], "the office sees what was answered"
    (file,) = (await office.ok("GET", f"{path}/documenti", **LEAD))["items"]
    assert (file["presentato"], file["soccorso"]) == (True, 1)
    assert (await office.ok("GET", path, **LEAD))["stato"] == "presentata"
    twice = await bandi.post(f"{path}/soccorsi/risposta", json=answer, **LEAD)
    assert (twice.status_code, problem(twice)) == (409, "soccorso-non-aperto")
    assert (await office.ok("GET", f"{path}/controlli"))["conforme"] is True, "the machine sees the whole"
    wrong = await bandi.post(
        f"{path}/soccorsi",
        json={"richieste": [{"tipo": "campo", "oggetto": "comune", "testo": "di nuovo?"}]},
        **OFFICE,
    )
    assert (wrong.status_code, problem(wrong)) == (422, "richiesta-non-valida"), "what is there is not asked again"

    await office.ammetti(path.rsplit("/", 1)[-1], "50.00")
    bandi.clock.set(DOPO)
    await office.approva()
    assert (await office.progetto("COMUNE-A"))["comune"] == "Mantova"


async def test_a_late_answer_is_refused_and_silence_gives_the_decision_back(bandi: ServiceUnderTest) -> None:
    office, path = await ask(bandi, "SILENZIO")
    await office.ok("POST", f"{path}/documenti", {"nome": "bilancio.pdf", "richiesto": "BILANCIO"}, **LEAD)
    bandi.clock.set(datetime(2018, 3, 11, 22, 59, 59, 500_000, tzinfo=UTC))
    await bandi.run_job(service.fai_scadere_soccorsi)
    assert (await office.ok("GET", path, **LEAD))["stato"] == "in_integrazione", "the last second is inside"
    bandi.clock.set(datetime(2018, 3, 11, 23, tzinfo=UTC))
    answer = {"comune": "Mantova", "chiarimenti": ["La cooperativa"]}
    late = await bandi.post(f"{path}/soccorsi/risposta", json=answer, **LEAD)
    assert (late.status_code, problem(late)) == (409, "soccorso-scaduto"), "before any job has run"
    await bandi.run_job(service.fai_scadere_soccorsi)
    (closed,) = (await office.ok("GET", f"{path}/soccorsi", **LEAD))["items"]
    assert (closed["stato"], closed["risposto_il"], closed["impronta"]) == ("scaduto", None, None)
    assert (await office.ok("GET", f"{path}/documenti", **LEAD))["items"] == []
    body = {"esito": "non_ammissibile", "motivi": ["Bilancio non presentato nel termine"]}
    decided = await office.ok("POST", f"{path}/istruttoria", body)
    assert [item["campo"] for item in decided["rilievi"]] == ["documenti.BILANCIO"]


async def test_who_withdraws_leaves_nothing_open(bandi: ServiceUnderTest) -> None:
    office, path = await ask(bandi, "RITIRATA")
    await office.ok("POST", f"{path}/ritiro", {"motivo": "Non riusciamo"}, **LEAD)
    (closed,) = (await office.ok("GET", f"{path}/soccorsi"))["items"]
    assert closed["stato"] == "superato"
    bandi.clock.set(DOPO)
    await bandi.run_job(service.fai_scadere_soccorsi)
    assert (await office.ok("GET", path, **LEAD))["stato"] == "ritirata"
