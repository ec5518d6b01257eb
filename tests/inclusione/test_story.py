"""The story of one person, from enrolment to the third of the allowance that goes to the arrears."""

from datetime import UTC, datetime, timedelta

from chassis.ids import uuid7
from tests.inclusione.storia import Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


async def test_a_plan_runs_to_its_end_and_a_third_of_the_allowance_goes_to_the_arrears(storia: Storia) -> None:
    await storia.apri(10_000_00)
    persona_id = uuid7()
    iscrizione = await storia.iscrivi(persona_id)
    assert iscrizione["esito"] == "idoneo"
    nucleo_id = await storia.nucleo(persona_id)
    pip = await storia.attivo(iscrizione, ACCOGLIENZA=2, FORMAZIONE=101)
    assert (pip["riservato_servizi"], pip["riservato_indennita"]) == ("2060.00", "404.00")
    linea = await storia.linea()
    assert (linea["residuo"], linea["piani"]) == ("7536.00", {"attivo": 1})

    giorni = [storia.ora(LUNEDI + timedelta(days=giorno), 300) for giorno in range(20)]
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI - timedelta(days=1), 60, "ACCOGLIENZA"), *giorni)
    patto = ok(
        await storia.patto(
            pip_id=pip["pip_id"], metodo="autografa", incolpevole={"da": storia.capofila, "il": "2019-03-20"}
        )
    )
    assert (patto["quota"], patto["nucleo_id"]) == ("1/3", str(nucleo_id))
    lotto = ok(
        await storia.comune(
            "POST", f"/linee/{storia.progetto_id}/lotti", json={"fino_al": "2019-03-31", "atto": "Det. 7/2019"}
        )
    )
    riga = lotto["liquidazioni"][0]
    assert (riga["importo"], riga["quota_morosita"], riga["netto"]) == ("400.00", "133.33", "266.67")

    chiuso = ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Percorso concluso"}))
    assert (chiuso["stato"], chiuso["riservato_servizi"], chiuso["riservato_indennita"]) == (
        "concluso",
        "2020.00",
        "400.00",
    )
    linea = await storia.linea()
    assert (linea["residuo"], linea["liquidato"]) == ("7580.00", "400.00")

    quota = (await storia.eventi("indennita.quota_morosita", persona_id=str(persona_id)))[0]
    assert (quota["importo_cent"], quota["nucleo_id"], quota["patto_id"]) == (
        133_33,
        str(nucleo_id),
        patto["patto_id"],
    )
    liquidata = (await storia.eventi("indennita.liquidata", persona_id=str(persona_id)))[0]
    assert (liquidata["importo_cent"], liquidata["quota_morosita_cent"]) == (400_00, 133_33)
    validate = await storia.eventi("ore.validate", persona_id=str(persona_id))
    assert len(validate) == 21
    assert sorted({(evento["servizio_codice"], evento["indennizzata"]) for evento in validate}) == [
        ("ACCOGLIENZA", False),
        ("FORMAZIONE", True),
    ]
    [attivato] = await storia.eventi("pip.attivato", persona_id=str(persona_id))
    [concluso] = await storia.eventi("pip.concluso", persona_id=str(persona_id))
    assert concluso["versione"] > attivato["versione"]
    assert concluso["stato"] == "concluso"


async def test_every_movement_of_the_dote_adds_up_to_what_the_plan_holds(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    await storia.convalida(pip["pip_id"], storia.ora(LUNEDI, 240))
    chiuso = ok(await storia.op("POST", f"/pip/{pip['pip_id']}/rinuncia", json={"motivo": "Ha trovato lavoro"}))
    assert [movimento["causale"] for movimento in chiuso["dote"]] == ["firma", "rinuncia"]
    assert [movimento["servizi"] for movimento in chiuso["dote"]] == ["200.00", "-120.00"]
    assert [movimento["indennita"] for movimento in chiuso["dote"]] == ["40.00", "-24.00"]
    assert (chiuso["riservato_servizi"], chiuso["riservato_indennita"]) == ("80.00", "16.00")
    assert [passo["stato"] for passo in chiuso["passaggi"]] == ["bozza", "firmato", "attivo", "rinunciato"]
    assert len(await storia.eventi("pip.rinunciato", pip_id=pip["pip_id"])) == 1


async def test_a_closed_plan_refuses_to_be_closed_again(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo()
    percorso = f"/pip/{pip['pip_id']}/conclusione"
    ok(await storia.op("POST", percorso, json={"motivo": "Fine"}))
    rifiuto(await storia.op("POST", percorso, json={"motivo": "Fine"}), 409, "transizione-non-ammessa")
