"""What changes during a path is kept apart from its start; other policies and duplicates are found across measures."""

import asyncio
from typing import Any

import pytest

from chassis.ids import uuid7
from tests.inclusione.registro import RegistroFinto
from tests.inclusione.storia import Storia, ok, rifiuto

REQUISITI = [
    {"codice": "DISOCCUPATO", "testo": "La persona e' disoccupata.", "mantenuto": True},
    {"codice": "NASPI", "testo": "La persona percepisce la NASpI.", "atteso": "no", "mantenuto": True},
]
NASPI = {"requisito": "NASPI", "risposta": "si", "prova": {"tipo": "banca_dati"}, "giorno": "2019-03-01"}


async def due_misure(storia: Storia, **regole: Any) -> Storia:
    """Two measures in two projects, both excluding whoever is in another policy; the second one is returned."""
    altra = Storia(storia.servizio)
    for una in (storia, altra):
        await una.apri(esclude_altre_politiche=True, **regole)
    return altra


def altra_politica(iscrizione: dict[str, Any]) -> str:
    """What the explanation says of other policies."""
    [voce] = [voce for voce in iscrizione["spiegazione"] if voce["regola"] == "altra_politica"]
    return str(voce["esito"])


async def letta(storia: Storia, iscrizione: dict[str, Any]) -> dict[str, Any]:
    """An enrolment as it is now."""
    corpo: dict[str, Any] = ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}"), 200)
    return corpo


async def test_a_plan_elsewhere_excludes_until_it_ends_and_the_enrolment_is_evaluated_again_by_itself(
    storia: Storia,
) -> None:
    altra = await due_misure(storia)
    persona_id = uuid7()
    prima, seconda = await storia.iscrivi(persona_id), await altra.iscrivi(persona_id)
    assert (prima["esito"], seconda["esito"]) == ("idoneo", "idoneo")
    bozza = await altra.bozza(seconda)
    pip = await storia.attivo(prima)
    esclusa = await letta(altra, seconda)
    assert (esclusa["esito"], altra_politica(esclusa)) == ("non_idoneo", "non_soddisfatta")
    rifiuto(await altra.firma(bozza), 409, "iscrizione-non-idonea")
    tardiva = Storia(storia.servizio)
    await tardiva.apri(esclude_altre_politiche=True)
    assert (await tardiva.iscrivi(persona_id))["esito"] == "non_idoneo"
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/rinuncia", json={"motivo": "Rinuncia"}))
    assert (await letta(altra, seconda))["esito"] == "idoneo"
    storico = ok(await altra.op("GET", f"/iscrizioni/{seconda['iscrizione_id']}/valutazioni"), 200)["items"]
    assert [(voce["causa"], voce["esito"]) for voce in storico] == [
        ("iscrizione", "idoneo"),
        ("altra_politica", "non_idoneo"),
        ("altra_politica", "idoneo"),
    ]
    ok(await altra.firma(bozza))


async def test_of_two_plans_of_one_person_signed_at_once_one_is_refused(storia: Storia) -> None:
    altra = await due_misure(storia)
    persona_id = uuid7()
    bozze = [await una.bozza(await una.iscrivi(persona_id)) for una in (storia, altra)]
    risposte = await asyncio.gather(storia.firma(bozze[0]), altra.firma(bozze[1]))
    assert sorted(risposta.status_code for risposta in risposte) == [201, 409]


async def test_a_measure_that_does_not_exclude_says_nothing_of_other_policies(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri()
    await altra.apri()
    persona_id = uuid7()
    await storia.attivo(await storia.iscrivi(persona_id))
    seconda = await altra.iscrivi(persona_id)
    assert (seconda["esito"], [voce["regola"] for voce in seconda["spiegazione"]]) == (
        "idoneo",
        ["DISOCCUPATO", "NASPI", "presa_in_carico"],
    )


async def test_a_path_that_started_keeps_its_eligibility_and_shows_the_change_as_compliance(storia: Storia) -> None:
    await storia.apri(requisiti=REQUISITI)
    iscrizione = await storia.iscrivi()
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}"
    rifiuto(await storia.op("POST", f"{percorso}/verifiche", json={"verifiche": [NASPI]}), 409, "percorso-non-iniziato")
    pip = await storia.attivo(iscrizione, FORMAZIONE=10)
    assert ok(await storia.op("GET", f"{percorso}/conformita"), 200)["esito"] == "conforme"
    dubbio = {"requisito": "DISOCCUPATO", "risposta": "da_verificare"}
    assert (
        ok(await storia.op("POST", f"{percorso}/verifiche", json={"verifiche": [dubbio]}))["esito"] == "da_verificare"
    )
    cambiata = ok(await storia.op("POST", f"{percorso}/verifiche", json={"verifiche": [NASPI]}))
    assert cambiata["esito"] == "non_conforme"
    assert [(voce["regola"], voce["esito"]) for voce in cambiata["spiegazione"]] == [
        ("DISOCCUPATO", "da_verificare"),
        ("NASPI", "non_soddisfatta"),
    ]
    assert (await letta(storia, iscrizione))["esito"] == "idoneo"
    rivedi = f"/pip/{pip['pip_id']}/revisioni"
    maggiore = ok(await storia.op("POST", rivedi, json=storia.piano(FORMAZIONE=11)))
    rifiuto(await storia.firma(maggiore), 409, "percorso-non-conforme")
    minore = ok(
        await storia.op(
            "PUT",
            f"/pip/{pip['pip_id']}/bozza",
            json=storia.piano(FORMAZIONE=9),
            headers={"If-Match": "*"},
        ),
        200,
    )
    ok(await storia.firma(minore))
    di_nuovo = NASPI | {"risposta": "no"}
    buona = [di_nuovo, dubbio | {"risposta": "si", "prova": {"tipo": "documento_esibito"}}]
    assert ok(await storia.op("POST", f"{percorso}/verifiche", json={"verifiche": buona}))["esito"] == "conforme"


@pytest.mark.parametrize(
    ("verifica", "tipo"),
    [
        ({"requisito": "ETA", "risposta": "si", "prova": {"tipo": "banca_dati"}}, "requisito-sconosciuto"),
        ({"requisito": "NASPI", "risposta": "si"}, "risposta-senza-prova"),
        ({"requisito": "RESIDENTE", "risposta": "no", "prova": {"tipo": "banca_dati"}}, "requisito-non-mantenuto"),
    ],
)
async def test_only_requirements_to_be_kept_are_checked_and_with_evidence(
    storia: Storia, verifica: dict[str, Any], tipo: str
) -> None:
    await storia.apri(requisiti=[*REQUISITI, {"codice": "RESIDENTE", "testo": "Risiede nel quartiere."}])
    iscrizione = await storia.iscrivi()
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}/verifiche"
    rifiuto(await storia.op("POST", percorso, json={"verifiche": [verifica]}), 422, tipo)


async def test_a_policy_begun_elsewhere_during_the_path_is_a_matter_of_compliance(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri(esclude_altre_politiche=True)
    await altra.apri()
    persona_id = uuid7()
    iscrizione = await storia.iscrivi(persona_id)
    await storia.attivo(iscrizione)
    await altra.attivo(await altra.iscrivi(persona_id))
    assert ((await letta(storia, iscrizione))["esito"], altra_politica(await letta(storia, iscrizione))) == (
        "idoneo",
        "soddisfatta",
    )
    conformita = ok(await storia.op("GET", f"/iscrizioni/{iscrizione['iscrizione_id']}/conformita"), 200)
    assert (conformita["esito"], altra.misura in conformita["spiegazione"][0]["motivo"]) == ("non_conforme", True)


async def test_the_other_enrolments_of_a_person_are_found_even_under_a_merged_record(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri()
    await altra.apri()
    resta, assorbita = uuid7(), uuid7()
    mia, sua = await storia.iscrivi(resta), await altra.iscrivi(assorbita)
    await altra.attivo(sua)
    percorso = f"/iscrizioni/{mia['iscrizione_id']}/duplicati"
    assert ok(await storia.op("GET", percorso), 200)["items"] == []
    await storia.servizio.deliver(
        "laboratori.persona.unita.v1", {"persona_id": str(resta), "assorbita_id": str(assorbita), "versione": 2}
    )
    [duplicato] = ok(await storia.op("GET", percorso), 200)["items"]
    assert (duplicato["misura_codice"], duplicato["stato_piano"], duplicato["inizio"]) == (
        altra.misura,
        "attivo",
        "2019-03-01",
    )
    assert not {"ente", "progetto_id", "persona_id"} & duplicato.keys(), "not who follows the person elsewhere"


async def test_a_person_enrols_over_the_web_and_sees_why_the_outcome_is_what_it_is(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    storia.servizio.app.state.identita = RegistroFinto({"resi-1": persona_id, "resi-2": uuid7()})
    corpo = {
        "misura_codice": storia.misura,
        "progetto_id": str(storia.progetto_id),
        "ente": storia.operatore,
        "risposte": [
            {"requisito": "DISOCCUPATO", "risposta": "si"},
            {"requisito": "NASPI", "risposta": "da_verificare"},
        ],
    }
    chi = {"roles": ["residente"], "sub": "resi-1"}
    altrove = await storia.servizio.post("/v1/io/iscrizioni", json=corpo | {"ente": storia.capofila}, **chi)
    rifiuto(altrove, 403, "operatore-non-partner")
    mia = ok(await storia.servizio.post("/v1/io/iscrizioni", json=corpo, **chi))
    assert (mia["canale"], mia["esito"], mia["profilo"]) == ("web", "in_accertamento", None)
    rifiuto(await storia.servizio.post("/v1/io/iscrizioni", json=corpo, **chi), 409, "persona-gia-iscritta")
    vista = await letta(storia, mia)
    assert [(voce["requisito"], voce["prova"]) for voce in vista["risposte"]] == [
        ("DISOCCUPATO", "autocertificazione"),
        ("NASPI", None),
    ]
    assert vista["operatore"] == "residente", "who answered is nobody's login"
    await storia.preso_in_carico(persona_id)
    verificate = [{"requisito": "NASPI", "risposta": "no", "prova": {"tipo": "banca_dati"}}]
    ok(await storia.op("POST", f"/iscrizioni/{mia['iscrizione_id']}/risposte", json={"risposte": verificate}))
    [ora] = ok(await storia.servizio.get("/v1/io/iscrizioni", **chi), 200)["items"]
    assert (ora["esito"], len(ora["spiegazione"]), ora["conformita"]["esito"]) == ("idoneo", 3, "conforme")
    assert ok(await storia.servizio.get("/v1/io/iscrizioni", roles=["residente"], sub="resi-2"), 200)["items"] == []


PROFILAZIONE = {
    "voci": [
        {
            "codice": codice,
            "testo": codice.title(),
            "opzioni": [{"codice": "NO", "testo": "No", "punti": 0}, {"codice": "SI", "testo": "Si'", "punti": 10}],
        }
        for codice in ("OLTRE_12_MESI", "OLTRE_50_ANNI")
    ],
    "fasce": [
        {"codice": "BASSA", "da_punti": 0, "massimale_percorso": "1000.00"},
        {"codice": "ALTA", "da_punti": 20},
    ],
}


def profilo(mesi: str, anni: str) -> dict[str, Any]:
    """The answers to the table."""
    risposte = [{"voce": "OLTRE_12_MESI", "opzione": mesi}, {"voce": "OLTRE_50_ANNI", "opzione": anni}]
    return {"risposte": risposte}


async def test_the_band_of_the_profile_limits_the_path_and_the_person_sees_why(storia: Storia) -> None:
    await storia.apri(profilazione=PROFILAZIONE)
    persona_id = uuid7()
    iscrizione = await storia.iscrivi(persona_id)
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}/profili"
    nuovo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(FORMAZIONE=51)}
    rifiuto(await storia.op("POST", "/pip", json=nuovo), 409, "profilo-mancante")
    rifiuto(await storia.op("POST", percorso, json=profilo("SI", "FORSE")), 422, "profilo-incompleto")
    bassa = ok(await storia.op("POST", percorso, json=profilo("SI", "NO")))
    assert (bassa["fascia"], bassa["punti"], [voce["punti"] for voce in bassa["voci"]]) == ("BASSA", 10, [10, 0])
    rifiuto(await storia.op("POST", "/pip", json=nuovo), 409, "massimale-percorso-superato")
    alta = ok(await storia.op("POST", percorso, json=profilo("SI", "SI")))
    assert (alta["numero"], alta["fascia"]) == (2, "ALTA")
    bozza = ok(await storia.op("POST", "/pip", json=nuovo))
    assert bozza["fascia"] == "ALTA"
    ok(await storia.firma(bozza))
    storia.servizio.app.state.identita = RegistroFinto({"resi-1": persona_id})
    [mia] = ok(await storia.servizio.get("/v1/io/iscrizioni", roles=["residente"], sub="resi-1"), 200)["items"]
    assert (mia["profilo"]["fascia"], mia["profilo"]["voci"][1]["risposta"]) == ("ALTA", "Si'")


async def test_a_measure_without_a_table_profiles_nobody(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    risposta = await storia.op("POST", f"/iscrizioni/{iscrizione['iscrizione_id']}/profili", json=profilo("SI", "NO"))
    rifiuto(risposta, 409, "profilazione-non-prevista")
