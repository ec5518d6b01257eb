"""Sharing the pool out: exact to the hundredth, never beyond what is needed, and as it was simulated."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import uuid7
from services.puntiluna.rules.ripartizione import (
    Bisogno,
    CriterioRipartizione,
    NessunoDaAiutare,
    QuotaDiPunti,
    impronta_quote,
    ripartisci,
)
from tests.puntiluna.fatti import COMUNE, Mondo, problema
from tests.support.service import ServiceUnderTest

GIORNO = date(2019, 1, 1)
NUCLEI = sorted(uuid7() for _ in range(12))


def _bisogni(*importi: int) -> list[Bisogno]:
    return [Bisogno(NUCLEI[i], importo, GIORNO - timedelta(days=i)) for i, importo in enumerate(importi)]


@pytest.mark.parametrize(
    ("criterio", "totale", "bisogni", "attese"),
    [
        ("proporzionale", 100, (1, 1, 1), (1, 1, 1)),
        ("proporzionale", 100, (300, 300, 300), (34, 33, 33)),
        ("proporzionale", 10, (7, 100, 0), (1, 9, 0)),
        ("uguale", 100, (300, 300, 300), (34, 33, 33)),
        ("uguale", 100, (10, 300, 300), (10, 45, 45)),
        ("uguale", 2, (5, 5, 5), (1, 1, 0)),
        ("piu_antichi", 100, (60, 30, 80), (0, 20, 80)),
    ],
)
def test_each_criterion_shares_to_the_hundredth(
    criterio: str, totale: int, bisogni: tuple[int, ...], attese: tuple[int, ...]
) -> None:
    quote = ripartisci(CriterioRipartizione(criterio), totale, _bisogni(*bisogni))
    assert quote == [QuotaDiPunti(NUCLEI[i], importo) for i, importo in enumerate(attese) if importo]


@given(
    st.sampled_from(CriterioRipartizione),
    st.integers(1, 10**9),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=12),
)
def test_nothing_is_lost_nobody_receives_more_than_needed_and_the_order_given_is_indifferent(
    criterio: CriterioRipartizione, totale: int, importi: list[int]
) -> None:
    bisogni = _bisogni(*importi)
    if not any(importi):
        with pytest.raises(NessunoDaAiutare):
            ripartisci(criterio, totale, bisogni)
        return
    quote = ripartisci(criterio, totale, bisogni)
    assert sum(quota.importo_cent for quota in quote) == min(totale, sum(importi))
    per_nucleo = {b.nucleo_id: b.importo_cent for b in bisogni}
    assert all(0 < quota.importo_cent <= per_nucleo[quota.nucleo_id] for quota in quote)
    assert ripartisci(criterio, totale, bisogni[::-1]) == quote
    assert impronta_quote(quote) == impronta_quote(quote[::-1])


async def _pool(servizio: ServiceUnderTest) -> tuple[Mondo, list[Any]]:
    mondo = await Mondo(servizio).apri()
    donatrice, _ = await mondo.nucleo_moroso("0.00")
    famiglie = [await mondo.nucleo_moroso(debito) for debito in ("30.00", "60.00", "0.00")]
    await mondo.presenza(donatrice, minuti=240)
    dono = await servizio.post(
        "/v1/donazioni",
        json={"importo": "10.00", "a_progetto_id": str(mondo.progetto_id), "da_nucleo_id": str(donatrice)},
        roles=["operatore_laboratorio"],
    )
    assert dono.status_code == 201, dono.text
    return mondo, [famiglia for famiglia, _ in famiglie]


async def _ufficio(servizio: ServiceUnderTest, mondo: Mondo, coda: str, **corpo: Any) -> Any:
    return await servizio.post(
        f"/v1/progetti/{mondo.progetto_id}/ripartizioni{coda}", json=corpo, roles=["funzionario_comune"], ente=COMUNE
    )


async def test_an_act_does_what_was_simulated_and_nothing_else(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglie = await _pool(puntiluna)
    simulata = (await _ufficio(puntiluna, mondo, "/simulazioni", criterio="proporzionale")).json()
    assert simulata["totale"] == "10.00"
    attese = {str(famiglie[0]): "3.33", str(famiglie[1]): "6.67"}
    assert {q["nucleo_id"]: q["importo"] for q in simulata["quote"]} == attese
    assert [await mondo.saldo(f) for f in famiglie] == ["0.00"] * 3, "a simulation moves nothing"
    falsa = await _ufficio(puntiluna, mondo, "", atto="D. 1", criterio="proporzionale", impronta="0" * 64)
    problema(falsa, 409, "simulazione-superata")
    fatta = await _ufficio(puntiluna, mondo, "", atto="D. 1", criterio="proporzionale", impronta=simulata["impronta"])
    assert (fatta.status_code, fatta.json()["criterio"], fatta.json()["totale"]) == (201, "proporzionale", "10.00")
    assert [await mondo.saldo(f) for f in famiglie] == ["3.33", "6.67", "0.00"]
    elenco = await puntiluna.get(
        f"/v1/progetti/{mondo.progetto_id}/ripartizioni", roles=["funzionario_comune"], ente=COMUNE
    )
    assert [r["atto"] for r in elenco.json()["items"]] == ["D. 1"]


async def test_a_simulation_is_worth_nothing_after_a_debt_changed(puntiluna: ServiceUnderTest) -> None:
    mondo, _ = await _pool(puntiluna)
    simulata = (await _ufficio(puntiluna, mondo, "/simulazioni", criterio="uguale", totale="4.00")).json()
    assert [q["importo"] for q in simulata["quote"]] == ["2.00", "2.00"]
    altra, contratto = await mondo.nucleo_moroso("5.00")
    corpo = {"atto": "D. 2", "criterio": "uguale", "totale": "4.00", "impronta": simulata["impronta"]}
    problema(await _ufficio(puntiluna, mondo, "", **corpo), 409, "simulazione-superata")
    await mondo.debiti({contratto: "0.00"}, al_giorno="2019-05-02")
    assert (await _ufficio(puntiluna, mondo, "", **corpo)).status_code == 201
    assert await mondo.saldo(altra) == "0.00"


async def test_an_act_says_shares_or_criterion_and_somebody_must_need_it(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglie = await _pool(puntiluna)
    quote = [{"nucleo_id": str(famiglie[0]), "importo": "1.00"}]
    problema(await _ufficio(puntiluna, mondo, "", atto="D. 3"), 422, "ripartizione-non-valida")
    doppio = await _ufficio(puntiluna, mondo, "", atto="D. 3", quote=quote, criterio="uguale", impronta="0" * 64)
    problema(doppio, 422, "ripartizione-non-valida")
    vuoto = await Mondo(puntiluna).apri()
    problema(await _ufficio(puntiluna, vuoto, "/simulazioni", criterio="uguale"), 409, "nessuno-da-aiutare")
