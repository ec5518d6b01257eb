"""Tariffs by date and limits by data, entered over HTTP and applied to attendances."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.ids import uuid7
from tests.puntiluna.fatti import ADESSO, ANNULLATA, COMUNE, CONFERMATA, ORE, Mondo, ore, presenza, problema
from tests.support.service import ServiceUnderTest


async def _tariffa(servizio: ServiceUnderTest, mondo: Mondo, **cambi: Any) -> Any:
    corpo = {"progetto_id": str(mondo.progetto_id), "tipo": "fascia", "voce": "base", "punti_ora": "6.00"}
    return await servizio.post(
        "/v1/tariffe", json=corpo | {"dal": "2019-05-01"} | cambi, roles=["funzionario_comune"], ente=COMUNE
    )


async def _limite(servizio: ServiceUnderTest, mondo: Mondo, **cambi: Any) -> dict[str, Any]:
    corpo = {"progetto_id": str(mondo.progetto_id), "ambito": "nucleo_mese", "massimo": "10.00", "rigido": True}
    risposta = await servizio.post(
        "/v1/limiti", json=corpo | {"dal": "2019-01-01"} | cambi, roles=["funzionario_comune"], ente=COMUNE
    )
    assert risposta.status_code == 201, risposta.text
    trovato: dict[str, Any] = risposta.json()
    return trovato


async def _stato(servizio: ServiceUnderTest, presenza_id: str) -> str:
    letto = await servizio.get(f"/v1/accrediti/{presenza_id}", roles=["operatore_laboratorio"])
    return str(letto.json()["stato"])


async def test_the_general_tariff_is_five_points_doubled_and_quadrupled(puntiluna: ServiceUnderTest) -> None:
    trovate = (await puntiluna.get("/v1/tariffe", roles=["residente"])).json()["items"]
    assert {(t["voce"], t["punti_ora"]) for t in trovate if t["progetto_id"] is None} == {
        ("base", "5.00"),
        ("silver", "10.00"),
        ("gold", "20.00"),
    }


async def test_a_projects_own_tariff_holds_from_its_day_on(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    assert (await _tariffa(puntiluna, mondo)).status_code == 201
    await mondo.presenza(famiglia, inizio=datetime(2019, 4, 30, 10, 0, tzinfo=UTC), minuti=60)
    await mondo.presenza(famiglia, inizio=datetime(2019, 5, 1, 10, 0, tzinfo=UTC), minuti=60)
    assert await mondo.saldo(famiglia) == "11.00"


async def test_tariffs_are_refused_twice_or_for_a_band_that_does_not_exist(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    assert (await _tariffa(puntiluna, mondo)).status_code == 201
    problema(await _tariffa(puntiluna, mondo), 409, "tariffa-gia-presente")
    problema(await _tariffa(puntiluna, mondo, voce="platino"), 422, "tariffa-non-valida")
    problema(await _tariffa(puntiluna, mondo, progetto_id=None), 403, "fuori-competenza")
    problema(await _tariffa(puntiluna, mondo, progetto_id=str(uuid7())), 422, "progetto-sconosciuto")
    di_tutti = {"tipo": "indiretta", "voce": "doposcuola", "punti_ora": "1.00", "dal": "2019-01-01"}
    assert (await puntiluna.post("/v1/tariffe", json=di_tutti, roles=["amministratore"])).status_code == 201


async def test_a_hard_monthly_limit_refuses_and_the_next_month_starts_again_in_rome(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await _limite(puntiluna, mondo)
    await mondo.presenza(famiglia, inizio=datetime(2019, 4, 2, 10, 0, tzinfo=UTC))
    oltre = await mondo.presenza(famiglia, inizio=datetime(2019, 4, 3, 10, 0, tzinfo=UTC), minuti=15)
    assert await _stato(puntiluna, oltre["presenza_id"]) == "oltre_limite"
    # 22:30 UTC of the 30th is already 1 May in Rome.
    await mondo.presenza(famiglia, inizio=datetime(2019, 4, 30, 22, 30, tzinfo=UTC))
    assert await mondo.saldo(famiglia) == "20.00"
    avvisi = await puntiluna.get(
        f"/v1/progetti/{mondo.progetto_id}/avvisi-limiti", roles=["funzionario_comune"], ente=COMUNE
    )
    assert [(a["presenza_id"], a["rigido"]) for a in avvisi.json()["items"]] == [(oltre["presenza_id"], True)]


async def test_a_soft_limit_only_warns(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await _limite(puntiluna, mondo, rigido=False, massimo="1.00")
    await mondo.presenza(famiglia)
    assert await mondo.saldo(famiglia) == "10.00"
    avvisi = await puntiluna.get(
        f"/v1/progetti/{mondo.progetto_id}/avvisi-limiti", roles=["funzionario_comune"], ente=COMUNE
    )
    assert [a["rigido"] for a in avvisi.json()["items"]] == [False]


async def test_limits_of_activity_programme_and_person_count_together_also_within_a_batch(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    attivita = str(uuid7())
    persona = str(uuid7())
    await _limite(puntiluna, mondo, ambito="attivita", attivita_id=attivita, massimo="10.00")
    await _limite(puntiluna, mondo, ambito="programma", massimo="15.00")
    await _limite(puntiluna, mondo, ambito="persona_giorno", massimo="5.00")
    ora = timedelta(hours=2)

    def una(**cambi: Any) -> dict[str, Any]:
        return presenza(mondo.progetto_id, famiglia, minuti=60, **cambi)

    inizio = ADESSO - timedelta(days=2)
    fatte = [
        una(attivita_id=attivita, persona_id=persona, inizio=inizio, confermata_il=(ADESSO + ora).isoformat()),
        una(attivita_id=attivita, confermata_il=(ADESSO + 2 * ora).isoformat()),
        una(attivita_id=attivita, confermata_il=(ADESSO + 3 * ora).isoformat()),
        una(persona_id=persona, inizio=inizio + 2 * ora, confermata_il=(ADESSO + 4 * ora).isoformat()),
        una(confermata_il=(ADESSO + 5 * ora).isoformat()),
        una(confermata_il=(ADESSO + 6 * ora).isoformat()),
    ]
    await puntiluna.deliver_batch([(CONFERMATA, fatta, uuid7()) for fatta in fatte])
    stati = [await _stato(puntiluna, fatta["presenza_id"]) for fatta in fatte]
    assert stati == ["accreditato", "accreditato", "oltre_limite", "oltre_limite", "accreditato", "oltre_limite"]


async def test_an_officer_can_have_an_attendance_evaluated_again_only_if_it_was_refused(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await _limite(puntiluna, mondo, massimo="10.00")
    prima = await mondo.presenza(famiglia)
    oltre = await mondo.presenza(famiglia, minuti=60)
    await puntiluna.deliver("laboratori.presenza.annullata.v1", prima | {"versione": 2, "stato": "annullata"})

    async def rivaluta(presenza_id: str, ente: str = COMUNE) -> Any:
        return await puntiluna.post(
            f"/v1/accrediti/{presenza_id}/rivalutazioni", roles=["funzionario_comune"], ente=ente
        )

    problema(await rivaluta(oltre["presenza_id"], "COMUNE-CREMONA"), 403, "fuori-competenza")
    assert (await rivaluta(oltre["presenza_id"])).json()["stato"] == "accreditato"
    assert await mondo.saldo(famiglia) == "5.00"
    problema(await rivaluta(oltre["presenza_id"]), 409, "accredito-non-rivalutabile")
    problema(await rivaluta(str(uuid7())), 404, "accredito-sconosciuto")


async def test_limits_that_make_no_sense_are_refused(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    corpo = {"progetto_id": str(mondo.progetto_id), "ambito": "programma", "massimo": "1.00", "rigido": True}
    for cambi in ({"dal": "2019-02-01", "al": "2019-01-01"}, {"dal": "2019-01-01", "attivita_id": str(uuid7())}):
        risposta = await puntiluna.post("/v1/limiti", json=corpo | cambi, roles=["funzionario_comune"], ente=COMUNE)
        problema(risposta, 422, "limite-non-valido")
    elenco = await puntiluna.get("/v1/limiti", roles=["operatore_laboratorio"])
    assert all(limite["progetto_id"] != str(mondo.progetto_id) for limite in elenco.json()["items"])


@pytest.mark.parametrize("insieme", [False, True])
async def test_an_attendance_that_gets_its_hours_back_passes_the_limits_too(
    puntiluna: ServiceUnderTest, insieme: bool
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await _limite(puntiluna, mondo)
    inizio = datetime(2019, 4, 2, 10, 0, tzinfo=UTC)
    seconda = presenza(mondo.progetto_id, famiglia, inizio=inizio)
    validata = ore(seconda["persona_id"], inizio, validate_il=(ADESSO - timedelta(days=9)).isoformat())
    await puntiluna.deliver(ORE, validata)
    await puntiluna.deliver(CONFERMATA, seconda)
    assert await _stato(puntiluna, seconda["presenza_id"]) == "ora_gia_pagata"
    if insieme:  # the month is filled by the very batch that frees the hours
        occupa = presenza(
            mondo.progetto_id,
            famiglia,
            inizio=inizio,
            persona_id=seconda["persona_id"],
            confermata_il=(ADESSO - timedelta(hours=5)).isoformat(),
        )
        await puntiluna.deliver(ORE, validata | {"versione": 2, "stato": "annullata"})
        assert await mondo.saldo(famiglia) == "10.00"
        await puntiluna.deliver(CONFERMATA, occupa)
        altra = presenza(mondo.progetto_id, famiglia, inizio=inizio + timedelta(days=1))
        via = occupa | {"versione": 2, "stato": "annullata"}
        await puntiluna.deliver_batch([(ANNULLATA, via, uuid7()), (CONFERMATA, altra, uuid7())])
        stati = [await _stato(puntiluna, p["presenza_id"]) for p in (seconda, altra)]
        assert sorted(stati) == ["accreditato", "oltre_limite"]
    else:
        await mondo.presenza(famiglia, inizio=inizio + timedelta(days=1))
        await puntiluna.deliver(ORE, validata | {"versione": 2, "stato": "annullata"})
        assert await _stato(puntiluna, seconda["presenza_id"]) == "oltre_limite"
    assert await mondo.saldo(famiglia) == "10.00"
