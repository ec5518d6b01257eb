"""The operators' registers: sessions of a service, for one person or a group, and who was there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.ids import uuid7
from tests.inclusione.storia import APRILE, Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


def pagina(storia: Storia, codice: str = "S-1", **altro: Any) -> dict[str, Any]:
    """Two hours of training for a group."""
    corpo = {
        "codice": codice,
        "progetto_id": str(storia.progetto_id),
        "servizio_codice": "FORMAZIONE",
        "tipo": "gruppo",
        "inizio": LUNEDI.isoformat(),
        "fine": LUNEDI.replace(hour=10).isoformat(),
    }
    return corpo | altro


async def test_a_group_session_gives_each_present_their_hours_and_shows_signatures_and_validations(
    storia: Storia,
) -> None:
    await storia.apri()
    piani = [await storia.attivo(FORMAZIONE=10) for _ in range(3)]
    storia.servizio.set_clock(APRILE)
    aperta = ok(await storia.op("POST", "/sessioni", json=pagina(storia)))
    assert (aperta["persone"], aperta["minuti"]) == (0, 0)
    presenti = [
        {"pip_id": piani[0]["pip_id"]},
        {"pip_id": piani[1]["pip_id"], "inizio": LUNEDI.replace(hour=9).isoformat()},
        {"pip_id": piani[2]["pip_id"], "fine": LUNEDI.replace(hour=11).isoformat()},
        {"pip_id": str(uuid7())},
        {"pip_id": piani[0]["pip_id"]},
    ]
    esito = ok(await storia.op("POST", "/sessioni/S-1/presenti", json={"presenti": presenti}))
    assert [(riga["riga"], riga["tipo"]) for riga in esito["rifiutate"]] == [
        (2, "sessione-non-valida"),
        (3, "not-found"),
        (4, "ora-sovrapposta"),
    ]
    await storia.firma_ore(esito["fatte"])
    await storia.valida(esito["fatte"][:1])
    letta = ok(await storia.op("GET", "/sessioni/S-1"), 200)
    assert (letta["persone"], letta["minuti"], letta["minuti_validati"]) == (2, 180, 120)
    assert sorted(ora["stato"] for ora in letta["ore"]) == ["firmata", "validata"]
    elenco = ok(await storia.op("GET", "/sessioni", params={"servizio_codice": "FORMAZIONE"}), 200)["items"]
    assert [(riga["codice"], riga["minuti"]) for riga in elenco] == [("S-1", 180)]
    assert ok(await storia.op("GET", "/sessioni", params={"servizio_codice": "ALTRO"}), 200)["items"] == []


async def test_an_individual_session_has_one_person(storia: Storia) -> None:
    await storia.apri()
    primo, secondo = await storia.attivo(FORMAZIONE=10), await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(APRILE)
    ok(await storia.op("POST", "/sessioni", json=pagina(storia, tipo="individuale")))
    mezza = {"fine": LUNEDI.replace(hour=9).isoformat()}
    uno, due = ({"pip_id": pip["pip_id"]} | mezza for pip in (primo, secondo))
    esito = ok(await storia.op("POST", "/sessioni/S-1/presenti", json={"presenti": [uno, due]}))
    assert [riga["tipo"] for riga in esito["rifiutate"]] == ["sessione-individuale"]
    esito = ok(await storia.op("POST", "/sessioni/S-1/presenti", json={"presenti": [due]}))
    assert [riga["tipo"] for riga in esito["rifiutate"]] == ["sessione-individuale"]
    ok(await storia.op("POST", f"/ore/{(await _ore(storia))[0]}/annullamento", json={"motivo": "Errore"}))
    assert not ok(await storia.op("POST", "/sessioni/S-1/presenti", json={"presenti": [due]}))["rifiutate"]


async def _ore(storia: Storia) -> list[str]:
    return [ora["ore_id"] for ora in ok(await storia.op("GET", "/sessioni/S-1"), 200)["ore"]]


@pytest.mark.parametrize(
    ("ora", "tipo"),
    [
        ({"sessione": "S-9"}, "sessione-non-valida"),
        ({"sessione": "S-1", "servizio_codice": "ACCOGLIENZA"}, "sessione-non-valida"),
        ({"sessione": "S-1", "inizio": LUNEDI.replace(hour=7).isoformat()}, "sessione-non-valida"),
    ],
)
async def test_an_hour_belongs_to_a_session_of_its_service_and_stays_inside_it(
    storia: Storia, ora: dict[str, str], tipo: str
) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10, ACCOGLIENZA=2)
    storia.servizio.set_clock(APRILE)
    ok(await storia.op("POST", "/sessioni", json=pagina(storia)))
    rifiuto(await storia.op("POST", f"/pip/{pip['pip_id']}/ore", json=storia.ora(LUNEDI) | ora), 422, tipo)
    assert (await storia.op("POST", f"/pip/{pip['pip_id']}/ore", json=storia.ora(LUNEDI, sessione="S-1"))).is_success


async def test_a_register_is_the_operators_own_and_its_codes_are_used_once(storia: Storia) -> None:
    await storia.apri()
    storia.servizio.set_clock(APRILE)
    ok(await storia.op("POST", "/sessioni", json=pagina(storia)))
    rifiuto(await storia.op("POST", "/sessioni", json=pagina(storia)), 409, "sessione-gia-aperta")
    futura = pagina(storia, "S-2", inizio="2019-04-02T08:00:00Z", fine="2019-04-02T09:00:00Z")
    rifiuto(await storia.op("POST", "/sessioni", json=futura), 409, "ora-futura")
    altrui = {"roles": ["operatore_accreditato"], "ente": "ALTRO-ENTE"}
    rifiuto(await storia.servizio.get("/v1/sessioni/S-1", **altrui), 404, "not-found")
    rifiuto(await storia.servizio.post("/v1/sessioni", json=pagina(storia), **altrui), 403, "operatore-non-partner")
    assert ok(await storia.servizio.get("/v1/sessioni", **altrui), 200)["items"] == []


async def test_every_report_of_hours_shows_the_indirect_ones_by_kind_and_unpaid(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI, 120))
    esito = await storia.registra(
        pip["pip_id"],
        storia.ora(LUNEDI.replace(day=5)),
        storia.ora(LUNEDI, 90, servizio=None, categoria_indiretta="ricerca_aziende"),
        storia.ora(LUNEDI.replace(day=12), servizio=None, categoria_indiretta="monitoraggio"),
    )
    await storia.valida(esito["fatte"][1:2])
    percorso = f"/linee/{storia.progetto_id}/ore"
    periodo = {"dal": "2019-03-04", "al": "2019-03-11"}
    letto = ok(await storia.comune("GET", percorso, params=periodo), 200)
    assert [
        (riga["voce"], riga["diretta"], riga["persone"], riga["minuti"], riga["minuti_validati"], riga["costo"])
        for riga in letto["righe"]
    ] == [("FORMAZIONE", True, 1, 180, 120, "40.00"), ("ricerca_aziende", False, 1, 90, 90, "0.00")]
    assert (letto["minuti_diretti"], letto["minuti_indiretti"], letto["indennita"]) == (180, 90, "8.00")
    csv = (await storia.op("GET", f"{percorso}/csv", params=periodo)).text
    assert f"{storia.operatore}" in csv
    assert "indiretta" in csv
    assert "ricerca_aziende" in csv
    rifiuto(
        await storia.comune("GET", percorso, params={"dal": "2019-03-05", "al": "2019-03-04"}), 422, "ora-non-valida"
    )
    altrui = await storia.servizio.get(f"/v1{percorso}", params=periodo, roles=["operatore_accreditato"], ente="ALTRO")
    rifiuto(altrui, 403, "forbidden")
