"""An hour pays once: attendances and validated training hours of the same person never pay the same time twice."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.ids import uuid7
from services.puntiluna.service.registro import verifica_registro
from tests.puntiluna.fatti import ADESSO, ANNULLATA, CONFERMATA, ORE, Mondo, ore, presenza
from tests.support.service import ServiceUnderTest

INIZIO = ADESSO - timedelta(days=1)
PRIMA = (ADESSO - timedelta(hours=5)).isoformat()
DOPO = (ADESSO + timedelta(hours=5)).isoformat()


async def _cedute(puntiluna: ServiceUnderTest, persona_id: str) -> list[dict[str, Any]]:
    eventi = await puntiluna.emitted("puntiluna.ora.gia_pagata.v1")
    return [evento for evento in eventi if evento["persona_id"] == persona_id]


@pytest.mark.parametrize("prima_le_ore", [True, False])
async def test_the_earliest_confirmed_wins_whatever_arrives_first(
    puntiluna: ServiceUnderTest, prima_le_ore: bool
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO, confermata_il=PRIMA)
    validata = ore(fatta["persona_id"], INIZIO, validate_il=DOPO)
    arrivi = [(CONFERMATA, fatta), (ORE, validata)]
    for soggetto, corpo in reversed(arrivi) if prima_le_ore else arrivi:
        await puntiluna.deliver(soggetto, corpo)
    assert await mondo.saldo(famiglia) == "10.00"
    [ceduta] = await _cedute(puntiluna, fatta["persona_id"])
    assert (ceduta["ore_id"], ceduta["pagata_da"]) == (validata["ore_id"], fatta["presenza_id"])


@pytest.mark.parametrize("prima_le_ore", [True, False])
@pytest.mark.parametrize("validate_il", [PRIMA, ADESSO.isoformat()])
async def test_the_allowance_wins_if_it_came_first_or_on_a_tie(
    puntiluna: ServiceUnderTest, prima_le_ore: bool, validate_il: str
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO)
    validata = ore(fatta["persona_id"], INIZIO, validate_il=validate_il)
    arrivi = [(CONFERMATA, fatta), (ORE, validata)]
    for soggetto, corpo in reversed(arrivi) if prima_le_ore else arrivi:
        await puntiluna.deliver(soggetto, corpo)
    assert await mondo.saldo(famiglia) == "0.00"
    assert await _cedute(puntiluna, fatta["persona_id"]) == []
    letto = await puntiluna.get(f"/v1/accrediti/{fatta['presenza_id']}", roles=["operatore_laboratorio"])
    assert letto.json()["stato"] == "ora_gia_pagata"


async def test_an_annulled_hour_gives_the_attendance_its_points_back(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO)
    validata = ore(fatta["persona_id"], INIZIO, validate_il=PRIMA)
    await puntiluna.deliver(ORE, validata)
    await puntiluna.deliver(CONFERMATA, fatta)
    await puntiluna.deliver(ORE, validata | {"versione": 2, "stato": "annullata"})
    assert await mondo.saldo(famiglia) == "10.00"


async def test_hours_that_only_touch_are_both_paid(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = await mondo.presenza(famiglia, inizio=INIZIO)
    await puntiluna.deliver(ORE, ore(fatta["persona_id"], INIZIO + timedelta(hours=2), validate_il=PRIMA))
    assert await mondo.saldo(famiglia) == "10.00"
    assert await _cedute(puntiluna, fatta["persona_id"]) == []


async def test_of_two_trainings_in_the_same_hour_the_loser_is_told_once(puntiluna: ServiceUnderTest) -> None:
    persona = str(uuid7())
    prima, dopo = ore(persona, INIZIO, validate_il=PRIMA), ore(persona, INIZIO, validate_il=DOPO)
    for validata in (dopo, prima, dopo, prima | {"versione": 2}):
        await puntiluna.deliver(ORE, validata)
    [ceduta] = await _cedute(puntiluna, persona)
    assert (ceduta["ore_id"], ceduta["pagata_da"]) == (dopo["ore_id"], prima["ore_id"])


@pytest.mark.parametrize("cambio", [{"indennizzata": False}, {"cumulabile": True}])
async def test_hours_without_allowance_or_that_may_be_added_claim_nothing(
    puntiluna: ServiceUnderTest, cambio: dict[str, bool]
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO)
    await puntiluna.deliver(ORE, ore(fatta["persona_id"], INIZIO, validate_il=PRIMA) | cambio)
    await puntiluna.deliver(CONFERMATA, fatta)
    assert await mondo.saldo(famiglia) == "10.00"


async def test_points_a_landlord_confirmed_stay_and_the_allowance_yields(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    fatta = await mondo.presenza(famiglia, inizio=INIZIO)
    await mondo.prenota(famiglia, contratto, "10.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    await puntiluna.deliver(ORE, ore(fatta["persona_id"], INIZIO, validate_il=PRIMA))
    assert len(await _cedute(puntiluna, fatta["persona_id"])) == 1
    assert (await mondo.cifre())["punti_emessi"] == "10.00"


async def test_every_order_of_the_same_facts_ends_in_the_same_balance(puntiluna: ServiceUnderTest) -> None:
    saldi = set()
    mondo = await Mondo(puntiluna).apri()
    for ordine in permutations(range(4)):
        famiglia = uuid7()
        persona = str(uuid7())
        prima = presenza(mondo.progetto_id, famiglia, persona_id=persona, inizio=INIZIO)
        seconda = presenza(
            mondo.progetto_id, famiglia, persona_id=persona, inizio=INIZIO + timedelta(hours=1), confermata_il=DOPO
        )
        validata = ore(persona, INIZIO + timedelta(hours=2), validate_il=(ADESSO + timedelta(hours=6)).isoformat())
        fatti = [
            (CONFERMATA, prima),
            (ANNULLATA, prima | {"versione": 2, "stato": "annullata"}),
            (CONFERMATA, seconda),
            (ORE, validata | {"indennizzata": False}),
        ]
        for posto in ordine:
            await puntiluna.deliver(*fatti[posto])
        saldi.add(await mondo.saldo(famiglia))
    assert saldi == {"10.00"}, "the first attendance is cancelled, the second gets the hours in every order"


async def _liberate(puntiluna: ServiceUnderTest, persona_id: str) -> list[dict[str, Any]]:
    eventi = await puntiluna.emitted("puntiluna.ora.liberata.v1")
    return [evento for evento in eventi if evento["persona_id"] == persona_id]


async def test_a_training_hour_is_paid_in_the_end_in_every_order_when_the_attendance_before_it_is_cancelled(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    for ordine in permutations(range(3)):
        famiglia, _ = await mondo.nucleo_moroso(None)
        fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO, confermata_il=PRIMA)
        validata = ore(fatta["persona_id"], INIZIO, validate_il=DOPO)
        fatti = [(CONFERMATA, fatta), (ORE, validata), (ANNULLATA, fatta | {"versione": 2, "stato": "annullata"})]
        for posto in (*ordine, *ordine):
            await puntiluna.deliver(*fatti[posto])
        cedute = await _cedute(puntiluna, fatta["persona_id"])
        liberate = await _liberate(puntiluna, fatta["persona_id"])
        assert len(cedute) == len(liberate), f"whoever was told to yield is told to come back, order {ordine}"
        for ceduta, liberata in zip(cedute, liberate, strict=True):
            assert ceduta["ora_id"] == liberata["ora_id"]
            assert ceduta["versione"] < liberata["versione"]
        assert await mondo.saldo(famiglia) == "0.00"
        seconda = presenza(mondo.progetto_id, famiglia, persona_id=fatta["persona_id"], inizio=INIZIO)
        seconda["confermata_il"] = (ADESSO + timedelta(hours=9)).isoformat()
        await puntiluna.deliver(CONFERMATA, seconda)
        assert await mondo.saldo(famiglia) == "0.00", f"the training holds the hour, order {ordine}"


async def test_a_training_hour_told_to_yield_still_claims_though_inclusione_took_its_allowance_out(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO, confermata_il=PRIMA)
    validata = ore(fatta["persona_id"], INIZIO, validate_il=DOPO)
    await puntiluna.deliver(CONFERMATA, fatta)
    await puntiluna.deliver(ORE, validata)
    await puntiluna.deliver(ORE, validata | {"versione": 2, "indennizzata": False})
    await puntiluna.deliver(ANNULLATA, fatta | {"versione": 2, "stato": "annullata"})
    assert len(await _liberate(puntiluna, fatta["persona_id"])) == 1
    await puntiluna.deliver(ORE, validata | {"versione": 3})
    assert len(await _cedute(puntiluna, fatta["persona_id"])) == 1


async def test_a_training_hour_annulled_after_it_yielded_claims_no_more(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = presenza(mondo.progetto_id, famiglia, inizio=INIZIO, confermata_il=PRIMA)
    validata = ore(fatta["persona_id"], INIZIO, validate_il=DOPO)
    await puntiluna.deliver(CONFERMATA, fatta)
    await puntiluna.deliver(ORE, validata)
    await puntiluna.deliver(ORE, validata | {"versione": 2, "indennizzata": False, "stato": "annullata"})
    await puntiluna.deliver(ANNULLATA, fatta | {"versione": 2, "stato": "annullata"})
    assert await _liberate(puntiluna, fatta["persona_id"]) == []


UNITA = "laboratori.persona.unita.v1"


def _unione(resta: str, assorbita: str) -> tuple[str, dict[str, Any]]:
    return UNITA, {"persona_id": resta, "assorbita_id": assorbita, "versione": 2}


async def test_a_duplicate_records_hours_are_one_persons_in_whatever_order_they_arrive(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    for ordine in permutations(range(3)):
        famiglia, _ = await mondo.nucleo_moroso(None)
        resta, assorbita = str(uuid7()), str(uuid7())
        fatta = presenza(mondo.progetto_id, famiglia, persona_id=assorbita, inizio=INIZIO)
        fatti = [(CONFERMATA, fatta), (ORE, ore(resta, INIZIO, validate_il=PRIMA)), _unione(resta, assorbita)]
        for posto in ordine:
            await puntiluna.deliver(*fatti[posto])
        assert await mondo.saldo(famiglia) == "0.00", f"the allowance came first, order {ordine}"


async def test_records_merged_one_into_the_other_end_in_the_last_one_and_twice_is_once(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    for ordine in permutations(range(2)):
        prima, seconda, ultima = str(uuid7()), str(uuid7()), str(uuid7())
        await puntiluna.deliver(CONFERMATA, presenza(mondo.progetto_id, None, persona_id=prima, inizio=INIZIO))
        unioni = [_unione(seconda, prima), _unione(ultima, seconda)]
        for posto in (*ordine, *ordine):
            await puntiluna.deliver(*unioni[posto])
        dopo = INIZIO + timedelta(hours=5)
        await puntiluna.deliver(CONFERMATA, presenza(mondo.progetto_id, None, persona_id=prima, inizio=dopo))
        dono = {"importo": "20.00", "a_progetto_id": str(mondo.progetto_id), "da_persona_id": ultima}
        risposta = await puntiluna.post("/v1/donazioni", json=dono, roles=["operatore_laboratorio"])
        assert risposta.status_code == 201, "the points of the absorbed records belong to the one that stays"


async def test_what_a_merged_record_earned_can_still_be_cancelled(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    resta, assorbita = str(uuid7()), str(uuid7())
    fatta = presenza(mondo.progetto_id, None, persona_id=assorbita, inizio=INIZIO)
    await puntiluna.deliver(CONFERMATA, fatta)
    await puntiluna.deliver(*_unione(resta, assorbita))
    await puntiluna.deliver(ANNULLATA, fatta | {"versione": 2, "stato": "annullata"})
    cifre = await mondo.cifre()
    assert (cifre["saldo_fondo"], cifre["punti_emessi"], cifre["da_recuperare"]) == ("100.00", "0.00", "0.00")
    async with puntiluna.transaction() as session:
        verifica = await verifica_registro(session)
    assert verifica.in_ordine, verifica.guasti()
