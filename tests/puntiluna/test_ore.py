"""An hour pays once: attendances and validated training hours of the same person never pay the same time twice."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.ids import uuid7
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
