"""Enrolments through their routes: explained outcomes, late facts, refusals, and who sees them."""

import asyncio
from typing import Any

import pytest

from chassis.ids import uuid7
from tests.inclusione.storia import RISPOSTE_BUONE, Storia, ok, regole_json, rifiuto


def corpo(storia: Storia, **altro: Any) -> dict[str, Any]:
    """An enrolment as it travels."""
    base: dict[str, Any] = {
        "misura_codice": storia.misura,
        "progetto_id": str(storia.progetto_id),
        "persona_id": str(uuid7()),
        "risposte": RISPOSTE_BUONE,
    }
    return base | altro


async def test_the_outcome_is_explained_rule_by_rule_and_told_to_others(storia: Storia) -> None:
    await storia.apri()
    risposte = [{"requisito": "NASPI", "risposta": "si", "prova": {"tipo": "banca_dati"}}]
    iscrizione = await storia.iscrivi(risposte=risposte)
    assert iscrizione["esito"] == "non_idoneo"
    assert {voce["regola"]: voce["esito"] for voce in iscrizione["spiegazione"]} == {
        "DISOCCUPATO": "da_verificare",
        "NASPI": "non_soddisfatta",
        "presa_in_carico": "soddisfatta",
    }
    [evento] = await storia.eventi("iscrizione.valutata", iscrizione_id=iscrizione["iscrizione_id"])
    assert (evento["esito"], evento["versione"]) == ("non_idoneo", 1)
    assert set(evento) == {
        "iscrizione_id",
        "versione",
        "persona_id",
        "progetto_id",
        "misura_codice",
        "esito",
        "valutata_il",
    }


async def test_a_taking_on_that_comes_late_evaluates_the_enrolment_again(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    iscrizione = await storia.iscrivi(persona_id, presa=False)
    assert iscrizione["esito"] == "in_accertamento"
    await storia.preso_in_carico(persona_id)
    letta = ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}"), 200)
    assert (letta["esito"], letta["versione"]) == ("idoneo", 2)
    eventi = await storia.eventi("iscrizione.valutata", iscrizione_id=iscrizione["iscrizione_id"])
    assert [(evento["esito"], evento["versione"]) for evento in eventi] == [("in_accertamento", 1), ("idoneo", 2)]
    storia_valutazioni = ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}/valutazioni"), 200)
    assert [riga["causa"] for riga in storia_valutazioni["items"]] == ["iscrizione", "presa_in_carico"]


async def test_a_taking_on_told_twice_leaves_one_trace(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    iscrizione = await storia.iscrivi(persona_id)
    await storia.preso_in_carico(persona_id)
    assert len(await storia.eventi("iscrizione.valutata", iscrizione_id=iscrizione["iscrizione_id"])) == 1


async def test_a_measure_may_ask_for_the_lab_of_its_own_project(storia: Storia) -> None:
    await storia.apri(presa_in_carico="del_progetto")
    persona_id = uuid7()
    await storia.preso_in_carico(persona_id, progetto_id=uuid7())
    iscrizione = await storia.iscrivi(persona_id, presa=False)
    assert iscrizione["esito"] == "in_accertamento"
    await storia.preso_in_carico(persona_id)
    letta = ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}"), 200)
    assert letta["esito"] == "idoneo"


async def test_an_answer_corrected_keeps_the_one_before_in_the_story(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi(risposte=[])
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}"
    dopo = ok(await storia.op("POST", f"{percorso}/risposte", json={"risposte": RISPOSTE_BUONE}))
    assert (dopo["esito"], len(dopo["risposte"])) == ("idoneo", 2)
    naspi = [{"requisito": "NASPI", "risposta": "si", "prova": {"tipo": "documento_esibito"}}]
    dopo = ok(await storia.op("POST", f"{percorso}/risposte", json={"risposte": naspi}))
    assert dopo["esito"] == "non_idoneo"
    assert {riga["requisito"]: riga["risposta"] for riga in dopo["risposte"]} == {"DISOCCUPATO": "si", "NASPI": "si"}
    valutazioni = ok(await storia.op("GET", f"{percorso}/valutazioni"), 200)["items"]
    assert [riga["esito"] for riga in valutazioni] == ["in_accertamento", "idoneo", "non_idoneo"]


@pytest.mark.parametrize(
    ("risposte", "tipo"),
    [
        ([{"requisito": "ETA", "risposta": "da_verificare"}], "requisito-sconosciuto"),
        ([{"requisito": "NASPI", "risposta": "no"}], "risposta-senza-prova"),
    ],
)
async def test_an_answer_that_cannot_be_used_refuses_the_whole_request(
    storia: Storia, risposte: list[dict[str, str]], tipo: str
) -> None:
    await storia.apri()
    rifiuto(await storia.op("POST", "/iscrizioni", json=corpo(storia, risposte=risposte)), 422, tipo)
    iscrizione = await storia.iscrivi()
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}/risposte"
    rifiuto(await storia.op("POST", percorso, json={"risposte": risposte}), 422, tipo)
    pagina = ok(await storia.op("GET", "/iscrizioni"), 200)
    assert [riga["versione"] for riga in pagina["items"]] == [1]


async def test_evidence_has_no_room_for_a_name_or_a_tax_code(storia: Storia) -> None:
    await storia.apri()
    for riferimento in ("RSSMRA80A01H501U", "Mario Rossi", "prot. di Mario"):
        prova = {"tipo": "documento_esibito", "riferimento": riferimento}
        risposte = [{"requisito": "NASPI", "risposta": "no", "prova": prova}]
        risposta = await storia.op("POST", "/iscrizioni", json=corpo(storia, risposte=risposte))
        assert risposta.status_code == 422, riferimento


async def test_a_person_enrols_once_in_a_measure_of_a_project(storia: Storia) -> None:
    await storia.apri()
    nuova = corpo(storia)
    ok(await storia.op("POST", "/iscrizioni", json=nuova))
    rifiuto(await storia.op("POST", "/iscrizioni", json=nuova), 409, "persona-gia-iscritta")


async def test_two_operators_at_once_enrol_a_person_once(storia: Storia) -> None:
    await storia.apri()
    nuova = corpo(storia)
    risposte = await asyncio.gather(*(storia.op("POST", "/iscrizioni", json=nuova, sub=f"op-{n}") for n in range(6)))
    assert sorted(risposta.status_code for risposta in risposte) == [201, 409, 409, 409, 409, 409]


async def test_only_a_partner_of_the_project_enrols_people_in_it(storia: Storia) -> None:
    await storia.apri()
    risposta = await storia.servizio.post(
        "/v1/iscrizioni", json=corpo(storia), roles=["operatore_accreditato"], ente="ALTRO-ENTE"
    )
    rifiuto(risposta, 403, "operatore-non-partner")
    senza_ente = await storia.servizio.post("/v1/iscrizioni", json=corpo(storia), roles=["operatore_accreditato"])
    rifiuto(senza_ente, 403, "operatore-non-partner")


async def test_a_measure_of_another_call_or_not_in_force_is_refused(storia: Storia) -> None:
    await storia.progetto()
    misura = {
        "codice": storia.misura,
        "titolo": "Misura",
        "bando_codice": "ALTRO-BANDO",
        "vale_dal": "2019-01-01",
        "atto": "Atto",
        "regole": regole_json(),
    }
    ok(await storia.servizio.post("/v1/misure", json=misura, roles=["funzionario_bandi"]))
    rifiuto(await storia.op("POST", "/iscrizioni", json=corpo(storia)), 409, "misura-di-altro-bando")
    futura = misura | {"codice": f"{storia.misura}-F", "bando_codice": None, "vale_dal": "2020-01-01"}
    ok(await storia.servizio.post("/v1/misure", json=futura, roles=["funzionario_bandi"]))
    non_ancora = corpo(storia, misura_codice=f"{storia.misura}-F")
    rifiuto(await storia.op("POST", "/iscrizioni", json=non_ancora), 404, "not-found")
    rifiuto(await storia.op("POST", "/iscrizioni", json=corpo(storia, misura_codice="NESSUNA")), 404, "not-found")
    rifiuto(await storia.op("POST", "/iscrizioni", json=corpo(storia, progetto_id=str(uuid7()))), 404, "not-found")


async def test_an_erased_person_is_not_enrolled(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    await storia.servizio.deliver("laboratori.persona.cancellata.v1", {"persona_id": str(persona_id), "versione": 2})
    rifiuto(
        await storia.op("POST", "/iscrizioni", json=corpo(storia, persona_id=str(persona_id))),
        409,
        "persona-cancellata",
    )


async def test_a_merged_person_brings_the_taking_on_and_is_enrolled_under_the_present_id(storia: Storia) -> None:
    await storia.apri()
    assorbita, attuale = uuid7(), uuid7()
    await storia.preso_in_carico(assorbita)
    in_attesa = await storia.iscrivi(attuale, presa=False)
    assert in_attesa["esito"] == "in_accertamento"
    unione = {"persona_id": str(attuale), "versione": 2, "assorbita_id": str(assorbita)}
    await storia.servizio.deliver("laboratori.persona.unita.v1", unione)
    letta = ok(await storia.op("GET", f"/iscrizioni/{in_attesa['iscrizione_id']}"), 200)
    assert letta["esito"] == "idoneo"
    rifiuto(
        await storia.op("POST", "/iscrizioni", json=corpo(storia, persona_id=str(assorbita))),
        409,
        "persona-gia-iscritta",
    )


async def test_an_operator_sees_the_people_enrolled_with_them_and_the_lead_those_of_its_projects(
    storia: Storia,
) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    percorso = f"/v1/iscrizioni/{iscrizione['iscrizione_id']}"
    for ruolo, ente, status in (
        ("operatore_accreditato", storia.operatore, 200),
        ("funzionario_comune", storia.capofila, 200),
        ("operatore_accreditato", "ALTRO-ENTE", 403),
        ("operatore_accreditato", storia.capofila, 403),
        ("funzionario_comune", storia.operatore, 403),
        ("funzionario_comune", None, 403),
        ("residente", None, 403),
    ):
        risposta = await storia.servizio.get(percorso, roles=[ruolo], ente=ente)
        assert risposta.status_code == status, (ruolo, ente, risposta.text)
        pagina = await storia.servizio.get("/v1/iscrizioni", params={"limit": 500}, roles=[ruolo], ente=ente)
        if pagina.status_code == 200:
            viste = {riga["iscrizione_id"] for riga in pagina.json()["items"]}
            assert (iscrizione["iscrizione_id"] in viste) == (status == 200), (ruolo, ente)


async def test_enrolments_are_listed_by_outcome_page_by_page(storia: Storia) -> None:
    await storia.apri()
    idonee = [(await storia.iscrivi())["iscrizione_id"] for _ in range(3)]
    await storia.iscrivi(presa=False)
    trovate: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2, "esito": "idoneo"} | ({"cursor": cursor} if cursor else {})
        pagina = ok(await storia.op("GET", "/iscrizioni", params=params), 200)
        trovate += [riga["iscrizione_id"] for riga in pagina["items"]]
        cursor = pagina["cursor"]
        if not cursor:
            break
    assert trovate == idonee
    di_una = ok(await storia.op("GET", "/iscrizioni", params={"progetto_id": str(uuid7())}), 200)
    assert di_una["items"] == []


async def test_reading_the_answers_of_a_person_is_written_in_the_access_register(storia: Storia) -> None:
    import sqlalchemy as sa

    from chassis import tables

    await storia.apri()
    iscrizione = await storia.iscrivi()
    ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}", sub="op-curioso"), 200)
    rifiuto(
        await storia.servizio.get(
            f"/v1/iscrizioni/{iscrizione['iscrizione_id']}",
            roles=["operatore_accreditato"],
            sub="op-estraneo",
            ente="ALTRO-ENTE",
        ),
        403,
        "forbidden",
    )
    registro = tables.access_register
    async with storia.servizio.transaction() as session:
        righe = await session.execute(
            sa.select(registro.c.soggetto, registro.c.esito).where(registro.c.oggetto_id == iscrizione["iscrizione_id"])
        )
        assert sorted((riga[0], riga[1]) for riga in righe) == [
            ("op-curioso", "consentito"),
            ("op-estraneo", "negato"),
        ]
