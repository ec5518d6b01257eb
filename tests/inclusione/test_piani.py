"""Plans through their routes: drafts, signatures, revisions, gates, the Dote under concurrency."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from chassis.ids import uuid7
from services.inclusione.jobs import attiva_piani
from services.inclusione.models import Linea, Pip, PipVersione, TettoPersona
from tests.inclusione.storia import MARZO, Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


async def firma_senza_stancarsi(storia: Storia, pip: dict[str, Any]) -> httpx.Response:
    """Signs as a careful client does: an overloaded answer (503) is tried again until there is another one."""
    while True:
        risposta = await storia.firma(pip)
        if risposta.status_code != 503:
            return risposta


@pytest.mark.slow
async def test_three_hundred_plans_signed_at_once_against_money_for_two_hundred_reserve_exactly_two_hundred(
    storia: Storia,
) -> None:
    """Each plan is at both caps: 150 hours cost 3,000 EUR of services and the person's 2,000 EUR of allowance.

    PROLORENTEGGIO's money: 600,000 EUR of services and 400,000 EUR of allowance are 200 people.
    """
    await storia.apri(
        200 * 5_000_00, indennita=[{"dal": "2019-01-01", "orario": "15.00"}], presa_in_carico="non_richiesta"
    )
    bozze = [await storia.bozza(await storia.iscrivi(presa=False), FORMAZIONE=150) for _ in range(300)]
    risposte = await asyncio.gather(*(firma_senza_stancarsi(storia, bozza) for bozza in bozze))
    firmati = [risposta for risposta in risposte if risposta.status_code == 201]
    rifiutati = [risposta for risposta in risposte if risposta.status_code != 201]
    assert len(firmati) == 200
    for risposta in rifiutati:
        rifiuto(risposta, 409, "linea-esaurita")
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["riservato_indennita"], linea["residuo"]) == (
        "600000.00",
        "400000.00",
        "0.00",
    )
    assert linea["piani"] == {"attivo": 200, "bozza": 100}
    assert len(await storia.eventi("pip.attivato", progetto_id=str(storia.progetto_id))) == 200

    for risposta in firmati[:5]:
        ok(await storia.op("POST", f"/pip/{risposta.json()['pip_id']}/rinuncia", json={"motivo": "Rinuncia"}))
    firmati_id = {risposta.json()["pip_id"] for risposta in firmati}
    in_bozza = [bozza for bozza in bozze if bozza["pip_id"] not in firmati_id]
    seconde = await asyncio.gather(*(firma_senza_stancarsi(storia, pip) for pip in in_bozza))
    assert sorted(risposta.status_code for risposta in seconde) == [201] * 5 + [409] * 95
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["riservato_indennita"], linea["residuo"]) == (
        "600000.00",
        "400000.00",
        "0.00",
    )


async def test_a_plan_signed_twice_at_once_reserves_once(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=10)
    risposte = await asyncio.gather(*(storia.firma(bozza) for _ in range(5)))
    assert sorted(risposta.status_code for risposta in risposte) == [201, 409, 409, 409, 409]
    assert (await storia.linea())["riservato_servizi"] == "200.00"


async def test_the_database_itself_refuses_more_than_the_line_the_path_or_the_person_may_hold(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo()
    for comando in (
        sa.update(Linea).where(col(Linea.progetto_id) == storia.progetto_id).values(riservato_servizi_cent=10_000_01),
        sa.update(Pip).where(col(Pip.pip_id) == pip["pip_id"]).values(riservato_servizi_cent=3_000_01),
        sa.update(Pip).where(col(Pip.pip_id) == pip["pip_id"]).values(maturato_cent=400_01),
        sa.update(TettoPersona)
        .where(col(TettoPersona.persona_id) == pip["persona_id"])
        .values(riservato_cent=2_000_01),
    ):
        with pytest.raises(sa.exc.IntegrityError, match="ck_"):
            async with storia.servizio.transaction() as session:
                await session.execute(comando)


async def test_a_signed_version_cannot_be_edited_even_in_the_database(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo()
    with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
        async with storia.servizio.transaction() as session:
            await session.execute(
                sa.update(PipVersione).where(col(PipVersione.pip_id) == pip["pip_id"]).values(testo="altro")
            )


async def test_the_signed_text_is_kept_with_its_hash_and_both_signatures(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=100)
    pip = ok(await storia.firma(bozza))
    assert (await storia.pip(pip["pip_id"]))["bozza"] is None
    versione = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/1"), 200)
    assert versione["testo"] == bozza["bozza"]["testo"]
    assert versione["testo_sha256"] == bozza["bozza"]["testo_sha256"]
    assert "indennita massima EUR 400.00" in versione["testo"]
    assert [(firma["chi"], firma["metodo"]) for firma in versione["firme"]] == [
        ("operatore", "digitale"),
        ("persona", "autografa"),
    ]
    rifiuto(await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/2"), 404, "not-found")


async def test_a_draft_is_edited_on_the_version_that_was_read_and_the_old_text_cannot_be_signed(
    storia: Storia,
) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=10)
    percorso = f"/pip/{bozza['pip_id']}/bozza"
    letto = await storia.op("GET", f"/pip/{bozza['pip_id']}")
    nuovo = storia.piano(FORMAZIONE=12)
    rifiuto(await storia.op("PUT", percorso, json=nuovo), 428, "precondition-required")
    modificata = ok(await storia.op("PUT", percorso, json=nuovo, headers={"If-Match": letto.headers["etag"]}), 200)
    rifiuto(
        await storia.op("PUT", percorso, json=nuovo, headers={"If-Match": letto.headers["etag"]}),
        412,
        "precondition-failed",
    )
    rifiuto(await storia.firma(bozza), 409, "firma-su-altro-testo")
    ok(await storia.firma(modificata))
    assert (await storia.pip(bozza["pip_id"]))["servizi"][0]["previsti_minuti"] == 720
    rifiuto(await storia.op("PUT", percorso, json=nuovo, headers={"If-Match": "*"}), 409, "nessuna-bozza")
    rifiuto(await storia.firma(modificata), 409, "nessuna-bozza")


async def test_a_revision_reserves_the_difference_and_says_what_changed(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=50)
    percorso = f"/pip/{pip['pip_id']}/revisioni"
    rivisto = ok(await storia.op("POST", percorso, json=storia.piano(FORMAZIONE=80, ACCOGLIENZA=2)))
    assert rivisto["bozza"]["differenze"] == ["ACCOGLIENZA: 0.00 -> 2.00 ore", "FORMAZIONE: 50.00 -> 80.00 ore"]
    assert rivisto["riservato_servizi"] == "1000.00"
    rifiuto(await storia.op("POST", percorso, json=storia.piano(FORMAZIONE=80)), 409, "bozza-gia-aperta")
    firmato = ok(await storia.firma(rivisto))
    assert (firmato["numero"], firmato["stato"], firmato["riservato_servizi"]) == (2, "attivo", "1640.00")
    letto = await storia.pip(pip["pip_id"])
    assert [(voce["causale"], voce["servizi"]) for voce in letto["dote"]] == [
        ("firma", "1000.00"),
        ("revisione", "640.00"),
    ]
    ridotto = ok(await storia.op("POST", percorso, json=storia.piano(FORMAZIONE=10)))
    ok(await storia.firma(ridotto))
    linea = await storia.linea()
    assert (linea["riservato_servizi"], linea["riservato_indennita"]) == ("200.00", "40.00")
    versione = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/2"), 200)
    assert versione["differenze"] == ["ACCOGLIENZA: 0.00 -> 2.00 ore", "FORMAZIONE: 50.00 -> 80.00 ore"]


async def test_a_revision_keeps_the_hours_already_registered(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=50)
    await storia.registra(pip["pip_id"], storia.ora(LUNEDI, 240))
    rivisto = ok(await storia.op("POST", f"/pip/{pip['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=3)))
    rifiuto(await storia.firma(rivisto), 409, "revisione-sotto-il-fatto")


async def test_a_plan_of_tomorrow_holds_its_money_today_and_starts_on_its_first_day(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    piano = storia.piano(FORMAZIONE=10) | {"inizio": "2019-03-02"}
    bozza = ok(await storia.op("POST", "/pip", json={"iscrizione_id": iscrizione["iscrizione_id"], "piano": piano}))
    firmato = ok(await storia.firma(bozza))
    assert (firmato["stato"], firmato["riservato_servizi"]) == ("firmato", "200.00")
    await storia.servizio.run_job(attiva_piani)
    assert (await storia.pip(bozza["pip_id"]))["stato"] == "firmato"
    assert await storia.eventi("pip.attivato", pip_id=bozza["pip_id"]) == []
    storia.servizio.set_clock(MARZO.replace(day=1, hour=23, minute=30))  # in Rome it is the second of March
    await storia.servizio.run_job(attiva_piani)
    await storia.servizio.run_job(attiva_piani)
    attivo = await storia.pip(bozza["pip_id"])
    assert (attivo["stato"], attivo["attivato_il"][:13]) == ("attivo", "2019-03-01T23")
    assert len(await storia.eventi("pip.attivato", pip_id=bozza["pip_id"])) == 1


async def test_a_plan_given_up_before_its_first_day_returns_its_money_and_tells_nobody(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    piano = storia.piano(FORMAZIONE=10) | {"inizio": "2019-03-10"}
    bozza = ok(await storia.op("POST", "/pip", json={"iscrizione_id": iscrizione["iscrizione_id"], "piano": piano}))
    ok(await storia.firma(bozza))
    chiuso = ok(await storia.op("POST", f"/pip/{bozza['pip_id']}/rinuncia", json={"motivo": "Ripensamento"}))
    assert (chiuso["stato"], chiuso["attivato_il"]) == ("rinunciato", None)
    assert (await storia.linea())["riservato_servizi"] == "0.00"
    assert await storia.eventi("pip.rinunciato", pip_id=bozza["pip_id"]) == []


async def test_an_unsuitable_enrolment_has_no_plan_and_one_that_became_unsuitable_is_not_signed(
    storia: Storia,
) -> None:
    await storia.apri()
    in_accertamento = await storia.iscrivi(presa=False)
    corpo = {"iscrizione_id": in_accertamento["iscrizione_id"], "piano": storia.piano(FORMAZIONE=1)}
    rifiuto(await storia.op("POST", "/pip", json=corpo), 409, "iscrizione-non-idonea")
    idonea = await storia.iscrivi()
    bozza = await storia.bozza(idonea)
    naspi = [{"requisito": "NASPI", "risposta": "si", "prova": {"tipo": "banca_dati"}}]
    ok(await storia.op("POST", f"/iscrizioni/{idonea['iscrizione_id']}/risposte", json={"risposte": naspi}))
    rifiuto(await storia.firma(bozza), 409, "iscrizione-non-idonea")
    assert (await storia.linea())["riservato_servizi"] == "0.00"


async def test_an_enrolment_has_one_living_plan_and_another_after_it_was_given_up(storia: Storia) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    primo = await storia.bozza(iscrizione)
    corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(FORMAZIONE=1)}
    rifiuto(await storia.op("POST", "/pip", json=corpo), 409, "pip-gia-aperto")
    ok(await storia.op("POST", f"/pip/{primo['pip_id']}/rinuncia", json={"motivo": "Ripensamento"}))
    assert await storia.eventi("pip.rinunciato", pip_id=primo["pip_id"]) == []
    ok(await storia.op("POST", "/pip", json=corpo))


@pytest.mark.parametrize(
    ("piano", "status", "tipo"),
    [
        ({"servizi": [{"servizio": "DANZA", "minuti": 60}]}, 422, "piano-non-valido"),
        ({"servizi": [{"servizio": "FORMAZIONE", "minuti": 50}]}, 422, "piano-non-valido"),
        ({"fine": "2019-02-28"}, 422, "piano-non-valido"),
        ({"servizi": [{"servizio": "FORMAZIONE", "minuti": 151 * 60}]}, 409, "massimale-percorso-superato"),
        ({"inizio": "2018-12-31"}, 409, "tariffa-non-prevista"),
    ],
)
async def test_a_plan_outside_the_rules_is_not_even_drafted(
    storia: Storia, piano: dict[str, Any], status: int, tipo: str
) -> None:
    await storia.apri()
    iscrizione = await storia.iscrivi()
    corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(FORMAZIONE=10) | piano}
    rifiuto(await storia.op("POST", "/pip", json=corpo), status, tipo)
    assert ok(await storia.op("GET", "/pip"), 200)["items"] == []


async def test_a_gated_level_opens_with_a_selection(storia: Storia) -> None:
    livelli = [{"livello": "consolidamento", "minuti_massimi": 124 * 60, "richiede_ammissione": True}]
    await storia.apri(livelli=livelli)
    iscrizione = await storia.iscrivi()
    corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(FORMAZIONE=124)}
    rifiuto(await storia.op("POST", "/pip", json=corpo), 409, "livello-non-ammesso")
    percorso = f"/iscrizioni/{iscrizione['iscrizione_id']}/ammissioni"
    for _ in range(2):
        ammessa = ok(await storia.op("POST", percorso, json={"livello": "consolidamento"}))
        assert ammessa["livelli_ammessi"] == ["consolidamento"]
    ok(await storia.op("POST", "/pip", json=corpo))
    in_accertamento = await storia.iscrivi(presa=False)
    rifiuto(
        await storia.op(
            "POST", f"/iscrizioni/{in_accertamento['iscrizione_id']}/ammissioni", json={"livello": "consolidamento"}
        ),
        409,
        "iscrizione-non-idonea",
    )


async def test_the_allowance_of_a_person_stops_at_the_cap_over_all_their_plans(storia: Storia) -> None:
    """Two measures' worth of plans in two projects under one measure: 1,200.00 first, then only 800.00."""
    altra = Storia(storia.servizio)
    altra.misura, altra.operatore, altra.bando = storia.misura, storia.operatore, storia.bando
    await storia.apri(indennita=[{"dal": "2019-01-01", "orario": "12.00"}])
    await altra.progetto()
    persona_id = uuid7()
    primo = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=100)
    secondo = await altra.attivo(await altra.iscrivi(persona_id), FORMAZIONE=100)
    assert (primo["riservato_indennita"], secondo["riservato_indennita"]) == ("1200.00", "800.00")
    ok(await storia.op("POST", f"/pip/{primo['pip_id']}/rinuncia", json={"motivo": "Rinuncia"}))
    rivisto = ok(await altra.op("POST", f"/pip/{secondo['pip_id']}/revisioni", json=altra.piano(FORMAZIONE=100)))
    assert ok(await altra.firma(rivisto))["riservato_indennita"] == "1200.00"


async def test_a_plan_revised_after_two_people_turned_out_one_keeps_what_it_accrued(storia: Storia) -> None:
    """Both ids hold their whole cap: the person has nothing left, and the hours that were attended stay paid."""
    await storia.apri(indennita=[{"dal": "2019-01-01", "orario": "20.00"}])
    assorbita, attuale = uuid7(), uuid7()
    primo = await storia.attivo(await storia.iscrivi(assorbita), FORMAZIONE=100)
    secondo = await storia.attivo(await storia.iscrivi(attuale), FORMAZIONE=100)
    assert (primo["riservato_indennita"], secondo["riservato_indennita"]) == ("2000.00", "2000.00")
    await storia.convalida(secondo["pip_id"], storia.ora(LUNEDI))
    unione = {"persona_id": str(attuale), "versione": 2, "assorbita_id": str(assorbita)}
    await storia.servizio.deliver("laboratori.persona.unita.v1", unione)
    rivisto = ok(await storia.op("POST", f"/pip/{secondo['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=90)))
    firmato = ok(await storia.firma(rivisto))
    assert (firmato["numero"], firmato["riservato_indennita"], firmato["maturato"]) == (2, "20.00", "20.00")


async def test_plans_and_versions_of_others_are_refused_and_unknown_ones_are_not_found(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza()
    pip_id = bozza["pip_id"]
    chiusura = {"motivo": "Prova"}
    for metodo, percorso, corpo in (
        ("GET", f"/v1/pip/{pip_id}", None),
        ("PUT", f"/v1/pip/{pip_id}/bozza", storia.piano(FORMAZIONE=1)),
        ("POST", f"/v1/pip/{pip_id}/revisioni", storia.piano(FORMAZIONE=1)),
        ("POST", f"/v1/pip/{pip_id}/firme", storia.firme(bozza)),
        ("POST", f"/v1/pip/{pip_id}/conclusione", chiusura),
        ("POST", f"/v1/pip/{pip_id}/rinuncia", chiusura),
        ("GET", f"/v1/pip/{pip_id}/versioni/1", None),
        ("POST", "/v1/pip", {"iscrizione_id": bozza["iscrizione_id"], "piano": storia.piano(FORMAZIONE=1)}),
    ):
        risposta = await storia.servizio.request(
            metodo, percorso, json=corpo, roles=["operatore_accreditato"], ente="ALTRO-ENTE"
        )
        rifiuto(risposta, 403, "forbidden")
    altrui = await storia.servizio.post(
        f"/v1/pip/{pip_id}/decadenza", json=chiusura, roles=["funzionario_comune"], ente="ALTRO-COMUNE"
    )
    rifiuto(altrui, 403, "forbidden")
    rifiuto(await storia.op("GET", f"/pip/{uuid7()}"), 404, "not-found")
    rifiuto(
        await storia.op("POST", "/pip", json={"iscrizione_id": str(uuid7()), "piano": storia.piano(FORMAZIONE=1)}),
        404,
        "not-found",
    )
    viste = ok(
        await storia.servizio.get("/v1/pip", params={"limit": 500}, roles=["operatore_accreditato"], ente="ALTRO-ENTE"),
        200,
    )
    assert viste["items"] == []
    del_capofila = ok(await storia.comune("GET", "/pip", params={"stato": "bozza"}), 200)
    assert [riga["pip_id"] for riga in del_capofila["items"]] == [pip_id]


async def test_a_draft_alone_cannot_be_concluded_nor_a_closed_plan_revised(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza()
    percorso = f"/pip/{bozza['pip_id']}"
    rifiuto(await storia.op("POST", f"{percorso}/conclusione", json={"motivo": "Fine"}), 409, "transizione-non-ammessa")
    ok(await storia.op("POST", f"{percorso}/rinuncia", json={"motivo": "Fine"}))
    rifiuto(
        await storia.op("POST", f"{percorso}/revisioni", json=storia.piano(FORMAZIONE=1)),
        409,
        "transizione-non-ammessa",
    )
