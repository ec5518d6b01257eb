"""Caps over more than one plan: of a path, of a level, of a person under two ids or two versions of the measure."""

from datetime import UTC, datetime

import httpx

from chassis.ids import uuid7
from tests.inclusione.storia import Storia, ok, regole_json, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


async def test_hours_validated_after_two_people_turned_out_one_stop_at_one_cap(storia: Storia) -> None:
    await storia.apri(indennita=[{"dal": "2019-01-01", "orario": "20.00"}], massimale_persona="100.00")
    assorbita, attuale = uuid7(), uuid7()
    primo = await storia.attivo(await storia.iscrivi(assorbita), FORMAZIONE=5)
    secondo = await storia.attivo(await storia.iscrivi(attuale), FORMAZIONE=5)
    await storia.convalida(primo["pip_id"], storia.ora(LUNEDI, 240))
    unione = {"persona_id": str(attuale), "versione": 2, "assorbita_id": str(assorbita)}
    await storia.servizio.deliver("laboratori.persona.unita.v1", unione)
    await storia.convalida(secondo["pip_id"], storia.ora(LUNEDI.replace(day=5), 240))
    assert (await storia.pip(secondo["pip_id"]))["maturato"] == "20.00"


async def test_a_cap_follows_the_version_of_the_measure_and_never_falls_below_what_is_held(storia: Storia) -> None:
    await storia.apri(indennita=[{"dal": "2019-01-01", "orario": "20.00"}], massimale_persona="100.00")
    altra = Storia(storia.servizio)
    altra.misura, altra.operatore, altra.bando = storia.misura, storia.operatore, storia.bando
    await altra.progetto()
    persona_id = uuid7()
    primo = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=5)
    regole = regole_json(indennita=[{"dal": "2019-01-01", "orario": "20.00"}], massimale_persona="160.00")
    versione = {"vale_dal": "2019-03-01", "atto": "D.d.s. 2/2019", "regole": regole}
    percorso = f"/v1/misure/{storia.misura}/versioni"
    ok(await storia.servizio.post(percorso, json=versione, roles=["funzionario_bandi"]))
    secondo = await altra.attivo(await altra.iscrivi(persona_id), FORMAZIONE=5)
    assert (primo["riservato_indennita"], secondo["riservato_indennita"]) == ("100.00", "60.00")
    rivisto = ok(await storia.op("POST", f"/pip/{primo['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=4)))
    assert ok(await storia.firma(rivisto))["riservato_indennita"] == "40.00"


async def test_a_second_plan_has_what_the_first_left_of_the_path_and_of_its_levels(storia: Storia) -> None:
    livelli = [{"livello": "consolidamento", "minuti_massimi": 152 * 60}]
    await storia.apri(livelli=livelli)
    iscrizione = await storia.iscrivi()
    primo = await storia.attivo(iscrizione, FORMAZIONE=100)
    await storia.convalida(primo["pip_id"], *(storia.ora(LUNEDI.replace(day=giorno), 240) for giorno in range(4, 9)))
    ok(await storia.op("POST", f"/pip/{primo['pip_id']}/conclusione", json={"motivo": "Fine"}))

    async def apri(**ore: int) -> httpx.Response:
        corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": storia.piano(**ore)}
        return await storia.op("POST", "/pip", json=corpo)

    costa = rifiuto(await apri(FORMAZIONE=131), 409, "massimale-percorso-superato")
    assert "400.00 EUR gia' spesi" in costa["detail"]
    troppe = rifiuto(await apri(FORMAZIONE=133), 422, "piano-non-valido")
    assert "20.00 sono gia' state fatte" in troppe["detail"]
    secondo = ok(await apri(FORMAZIONE=130))
    firmato = ok(await storia.firma(secondo))
    assert firmato["stato"] == "attivo"
    di_piu = storia.piano(FORMAZIONE=130, ACCOGLIENZA=1)
    rifiuto(
        await storia.op("POST", f"/pip/{secondo['pip_id']}/revisioni", json=di_piu), 409, "massimale-percorso-superato"
    )
    assert (await storia.linea())["riservato_servizi"] == "3000.00"
