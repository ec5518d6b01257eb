"""An hour pays once: what the arbiter says counts whatever the order in which it comes, and may be taken back."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from chassis.ids import uuid7
from tests.inclusione.storia import Storia, ok, rifiuto

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
GIA_PAGATA, LIBERATA = "puntiluna.ora.gia_pagata.v1", "puntiluna.ora.liberata.v1"


async def dice(storia: Storia, soggetto: str, ore_id: str, versione: int) -> None:
    """The arbiter's word on an hour."""
    corpo = {
        "ora_id": str(uuid7()),
        "versione": versione,
        "ore_id": ore_id,
        "persona_id": str(uuid7()),
        "inizio": "2019-03-04T08:00:00Z",
        "fine": "2019-03-04T09:00:00Z",
        "pagata_da": str(uuid7()),
    }
    await storia.servizio.deliver(soggetto, corpo)


async def indennita(storia: Storia, pip_id: str) -> tuple[str, str, list[tuple[str, str]]]:
    """What a plan's allowance comes to: accrued, owed, and its items."""
    letta = ok(await storia.op("GET", f"/pip/{pip_id}/indennita"), 200)
    return letta["maturato"], letta["saldo"], [(voce["tipo"], voce["importo"]) for voce in letta["voci"]]


async def test_an_hour_that_yielded_comes_back_when_the_other_payment_is_taken_back(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    for soggetto, versione in ((GIA_PAGATA, 1), (GIA_PAGATA, 1), (LIBERATA, 2), (LIBERATA, 2)):
        await dice(storia, soggetto, ore_id, versione)
    assert await indennita(storia, pip["pip_id"]) == (
        "4.00",
        "4.00",
        [("maturazione", "4.00"), ("storno", "-4.00"), ("ripristino", "4.00")],
    )
    detti = await storia.eventi("ore.validate", ore_id=ore_id)
    assert [(detto["versione"], detto["indennizzata"]) for detto in detti] == [(3, True), (4, False), (5, True)]
    await dice(storia, GIA_PAGATA, ore_id, 3)
    assert (await indennita(storia, pip["pip_id"]))[0] == "0.00"
    await dice(storia, LIBERATA, ore_id, 4)
    assert (await indennita(storia, pip["pip_id"]))[0] == "4.00"


@pytest.mark.parametrize("quante", [2, 3])
async def test_the_last_word_of_the_arbiter_counts_in_every_order_of_arrival_and_with_duplicates(
    storia: Storia, quante: int
) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=100)
    parole = [(GIA_PAGATA, 1), (LIBERATA, 2), (GIA_PAGATA, 3)][:quante]
    attesa = "4.00" if quante == 2 else "0.00"
    for giorno, ordine in enumerate(permutations(parole)):
        prima = (await indennita(storia, pip["pip_id"]))[0]
        [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI.replace(day=4 + giorno)))
        for soggetto, versione in (*ordine, *ordine):
            await dice(storia, soggetto, ore_id, versione)
        dopo = (await indennita(storia, pip["pip_id"]))[0]
        assert Decimal(dopo) - Decimal(prima) == Decimal(attesa), ordine


async def test_a_word_that_comes_before_the_validation_is_remembered(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = (await storia.registra(pip["pip_id"], storia.ora(LUNEDI)))["fatte"]
    await dice(storia, GIA_PAGATA, ore_id, 1)
    await storia.firma_ore([ore_id])
    assert (await storia.valida([ore_id]))["fatte"] == [ore_id]
    assert await indennita(storia, pip["pip_id"]) == ("0.00", "0.00", [])
    [detto] = await storia.eventi("ore.validate", ore_id=ore_id)
    assert detto["indennizzata"] is False
    assert (await storia.pip(pip["pip_id"]))["costo_servizi"] == "20.00", "the service stays due"
    await dice(storia, LIBERATA, ore_id, 2)
    assert await indennita(storia, pip["pip_id"]) == ("4.00", "4.00", [("maturazione", "4.00")])


async def test_what_was_paid_and_taken_back_is_neither_paid_nor_recovered_again(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    lotto = {"fino_al": "2019-03-31", "atto": "Det. 1"}
    ok(await storia.comune("POST", f"/linee/{storia.progetto_id}/lotti", json=lotto))
    await dice(storia, GIA_PAGATA, ore_id, 1)
    await dice(storia, LIBERATA, ore_id, 2)
    assert await indennita(storia, pip["pip_id"]) == (
        "4.00",
        "0.00",
        [("maturazione", "4.00"), ("compensazione", "-4.00"), ("ripristino", "4.00")],
    )
    rifiuto(await storia.comune("POST", f"/linee/{storia.progetto_id}/lotti", json=lotto), 409, "niente-da-liquidare")


async def test_where_the_measure_lets_an_hour_pay_twice_the_arbiter_has_nothing_to_say(storia: Storia) -> None:
    await storia.apri(ora_anche_punti=True)
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    for soggetto, versione in ((GIA_PAGATA, 1), (LIBERATA, 2)):
        await dice(storia, soggetto, ore_id, versione)
    assert await indennita(storia, pip["pip_id"]) == ("4.00", "4.00", [("maturazione", "4.00")])
    [detto] = await storia.eventi("ore.validate", ore_id=ore_id)
    assert (detto["cumulabile"], detto["indennizzata"]) == (True, True)


@pytest.mark.parametrize("liquidata", [True, False])
async def test_a_closed_plan_gives_an_hour_back_only_what_it_still_holds(storia: Storia, liquidata: bool) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    if liquidata:
        lotto = {"fino_al": "2019-03-31", "atto": "Det. 1"}
        ok(await storia.comune("POST", f"/linee/{storia.progetto_id}/lotti", json=lotto))
    await dice(storia, GIA_PAGATA, ore_id, 1)
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    await dice(storia, LIBERATA, ore_id, 2)
    assert (await indennita(storia, pip["pip_id"]))[0] == ("4.00" if liquidata else "0.00")
    detto: Any = (await storia.eventi("ore.validate", ore_id=ore_id))[-1]
    assert detto["indennizzata"] is liquidata, "others hear whether the hour is paid here after all"


async def test_an_annulled_hour_does_not_come_back(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    [ore_id] = await storia.convalida(pip["pip_id"], storia.ora(LUNEDI))
    await dice(storia, GIA_PAGATA, ore_id, 1)
    ok(await storia.op("POST", f"/ore/{ore_id}/annullamento", json={"motivo": "Errore"}))
    await dice(storia, LIBERATA, ore_id, 2)
    assert (await indennita(storia, pip["pip_id"]))[0] == "0.00"
