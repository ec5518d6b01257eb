"""Plans that stand still: no hours then, the end moves by the days lost, the Dote follows the rates."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.inclusione.storia import MARZO, Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
DECRETO = {"motivo": "emergenza_pubblica", "atto": "D.P.C.M. 9 marzo 2020"}


async def sospendi(storia: Storia, pip: dict[str, Any], dal: str | None = None) -> Any:
    """The operator suspends the plan."""
    return await storia.op("POST", f"/pip/{pip['pip_id']}/sospensione", json=DECRETO | ({"dal": dal} if dal else {}))


async def riprendi(storia: Storia, pip: dict[str, Any], il: str | None = None) -> Any:
    """The operator lets the plan go on."""
    return await storia.op("POST", f"/pip/{pip['pip_id']}/ripresa", json={"il": il} if il else {})


async def test_the_end_moves_by_the_days_the_plan_stood_still_and_the_dote_stays(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(MARZO.replace(day=20))
    fermo = ok(await sospendi(storia, pip, "2019-03-11"))
    assert (fermo["stato"], fermo["fine"], fermo["riservato_servizi"]) == ("sospeso", "2019-06-30", "200.00")
    storia.servizio.set_clock(MARZO.replace(month=5, day=4))
    ripreso = ok(await riprendi(storia, pip))
    assert (ripreso["stato"], ripreso["fine"]) == ("attivo", "2019-08-23"), "11 March to 3 May is 54 days"
    assert [(una["dal"], una["al"]) for una in ripreso["sospensioni"]] == [("2019-03-11", "2019-05-03")]
    assert [voce["causale"] for voce in ripreso["dote"]] == ["firma"]
    assert ok(await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/1"), 200)["piano"]["fine"] == "2019-06-30"


async def test_no_hour_stands_on_a_suspended_day_and_those_of_other_days_go_on(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(MARZO.replace(day=20))
    ok(await sospendi(storia, pip, "2019-03-11"))
    prima, durante = storia.ora(LUNEDI), storia.ora(LUNEDI.replace(day=12))
    esito = await storia.registra(pip["pip_id"], prima, durante)
    assert [(riga["riga"], riga["tipo"]) for riga in esito["rifiutate"]] == [(1, "ora-in-sospensione")]
    await storia.firma_ore(esito["fatte"])
    assert (await storia.valida(esito["fatte"]))["fatte"] == esito["fatte"], "a suspended plan's past hours count"
    ok(await riprendi(storia, pip, "2019-03-15"))
    esito = await storia.registra(pip["pip_id"], durante, storia.ora(LUNEDI.replace(day=15)))
    assert [(riga["riga"], riga["tipo"]) for riga in esito["rifiutate"]] == [(0, "ora-in-sospensione")]
    indiretta = storia.ora(LUNEDI.replace(day=12), servizio=None, categoria_indiretta="monitoraggio")
    assert not (await storia.registra(pip["pip_id"], indiretta))["rifiutate"], "the operator worked all the same"


@pytest.mark.parametrize(
    ("dal", "status", "tipo"),
    [
        ("2019-02-28", 422, "sospensione-non-valida"),
        ("2019-04-02", 422, "sospensione-non-valida"),
        ("2019-03-04", 409, "ore-nella-sospensione"),
    ],
)
async def test_a_suspension_starts_on_a_day_of_the_plan_that_has_come_and_has_no_hours_after(
    storia: Storia, dal: str, status: int, tipo: str
) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    await storia.registra(pip["pip_id"], storia.ora(LUNEDI))
    rifiuto(await sospendi(storia, pip, dal), status, tipo)
    ok(await sospendi(storia, pip, "2019-03-05"))
    for il in ("2019-03-05", "2019-04-02"):
        rifiuto(await riprendi(storia, pip, il), 422, "sospensione-non-valida")
    ok(await riprendi(storia, pip, "2019-03-06"))


async def test_days_already_lost_are_not_lost_twice(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(MARZO.replace(day=20))
    ok(await sospendi(storia, pip, "2019-03-11"))
    ok(await riprendi(storia, pip, "2019-03-13"))
    ok(await sospendi(storia, pip, "2019-03-12"))
    ripreso = ok(await riprendi(storia, pip, "2019-03-15"))
    assert [(una["dal"], una["al"]) for una in ripreso["sospensioni"]] == [
        ("2019-03-11", "2019-03-12"),
        ("2019-03-13", "2019-03-14"),
    ]
    assert ripreso["fine"] == "2019-07-04"
    with pytest.raises(sa.exc.IntegrityError, match="sospensioni_senza_sovrapposizioni"):
        async with storia.servizio.transaction() as session:
            await session.execute(
                sa.text(
                    "INSERT INTO pip_sospensione (sospensione_id, pip_id, dal, motivo, sospesa_da, sospesa_il) VALUES "
                    "(gen_random_uuid(), :pip, '2019-03-14', 'emergenza_pubblica', 'x', now())"
                ),
                {"pip": pip["pip_id"]},
            )


async def test_the_end_does_not_move_beyond_the_project(storia: Storia) -> None:
    await storia.apri()
    await storia.progetto(100_000_00, fine="2019-07-05")
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(MARZO.replace(day=20))
    ok(await sospendi(storia, pip, "2019-03-01"))
    assert ok(await riprendi(storia, pip))["fine"] == "2019-07-05"


async def test_a_dearer_rate_in_the_days_added_is_reserved_or_the_plan_does_not_go_on(storia: Storia) -> None:
    servizi = [
        {
            "codice": "FORMAZIONE",
            "nome": "Formazione",
            "livello": "consolidamento",
            "tipo": "formazione",
            "costi": [{"dal": "2019-01-01", "orario": "20.00"}, {"dal": "2019-07-01", "orario": "30.00"}],
            "da_indennita": True,
        }
    ]
    await storia.apri(2_900_00, servizi=servizi)
    pip, altro = await storia.attivo(FORMAZIONE=50), await storia.attivo(FORMAZIONE=50)
    storia.servizio.set_clock(MARZO.replace(day=20))
    for uno in (pip, altro):
        ok(await sospendi(storia, uno, "2019-03-11"))
    ripreso = ok(await riprendi(storia, pip))
    assert [(voce["causale"], voce["servizi"]) for voce in ripreso["dote"]] == [
        ("firma", "1000.00"),
        ("ripresa", "500.00"),
    ]
    assert (await storia.linea())["residuo"] == "0.00"
    rifiuto(await riprendi(storia, altro), 409, "linea-esaurita")
    ridotto = ok(await storia.op("POST", f"/pip/{altro['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=20)))
    ok(await storia.firma(ridotto))
    assert ok(await riprendi(storia, altro))["stato"] == "attivo"


async def test_suspended_days_do_not_count_in_the_length_of_a_revised_plan(storia: Storia) -> None:
    await storia.apri(durata_massima_mesi=4)
    pip = await storia.attivo(FORMAZIONE=10)
    lungo = storia.piano(FORMAZIONE=10) | {"fine": "2019-07-03"}
    rifiuto(await storia.op("POST", f"/pip/{pip['pip_id']}/revisioni", json=lungo), 422, "piano-non-valido")
    storia.servizio.set_clock(MARZO.replace(day=20))
    ok(await sospendi(storia, pip, "2019-03-11"))
    ok(await riprendi(storia, pip, "2019-03-14"))
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/revisioni", json=lungo))


async def test_a_suspended_plan_that_is_given_up_returns_its_money_and_its_suspension_ends(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    ok(await sospendi(storia, pip))
    chiuso = ok(await storia.op("POST", f"/pip/{pip['pip_id']}/rinuncia", json={"motivo": "Rinuncia"}))
    assert (chiuso["riservato_servizi"], chiuso["sospensioni"][0]["al"]) == ("0.00", "2019-03-01")
    assert len(await storia.eventi("pip.rinunciato", pip_id=pip["pip_id"])) == 1


async def test_the_lead_stops_and_restarts_every_plan_of_the_project_each_on_its_own(storia: Storia) -> None:
    await storia.apri()
    primo, secondo, bozza = await storia.attivo(), await storia.attivo(), await storia.bozza()
    await storia.registra(secondo["pip_id"], storia.ora(LUNEDI))
    percorso = f"/linee/{storia.progetto_id}"
    esito = ok(await storia.comune("POST", f"{percorso}/sospensioni", json=DECRETO | {"dal": "2019-03-04"}))
    assert (esito["fatti"], [riga["pip_id"] for riga in esito["rifiutati"]]) == ([primo["pip_id"]], [secondo["pip_id"]])
    assert esito["rifiutati"][0]["tipo"] == "ore-nella-sospensione"
    ripresi = ok(await storia.comune("POST", f"{percorso}/riprese", json={"il": "2019-03-06"}))
    assert (ripresi["fatti"], ripresi["rifiutati"]) == ([primo["pip_id"]], [])
    assert (await storia.pip(bozza["pip_id"]))["stato"] == "bozza"
