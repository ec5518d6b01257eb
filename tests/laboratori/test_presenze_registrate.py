"""Attendances before their confirmation: registered one by one or from a sheet, listed page by page."""

import asyncio
from typing import Any

import pytest

from tests.laboratori.esempi import (
    attivita,
    da_operatrice,
    laboratorio,
    ore,
    persona,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest


async def conferma(servizio: ServiceUnderTest, presenza_id: str, **altro: Any) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/presenze/{presenza_id}/conferma", **altro)


async def test_a_registered_attendance_tells_nobody_until_it_is_confirmed(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), chi)
    assert not [e for e in await laboratori.emitted() if e.get("presenza_id") == presenza_id]


@pytest.mark.parametrize(
    ("dalle", "alle", "rifiuto"),
    [
        ("08:00", "08:00", "durata-non-valida"),
        ("10:00", "09:00", "durata-non-valida"),
        ("08:00", "08:50", "durata-non-valida"),
        ("07:45", "09:00", "presenza-fuori-attivita"),
        ("12:00", "13:15", "presenza-fuori-attivita"),
    ],
)
async def test_hours_not_in_quarters_or_outside_the_activity_are_refused(
    laboratori: ServiceUnderTest, dalle: str, alle: str, rifiuto: str
) -> None:
    lab = await laboratorio(laboratori)
    cosa, chi = await attivita(laboratori, lab), await persona(laboratori, lab)
    risposta = await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze", ore(chi, dalle, alle))
    assert risposta.status_code == 422
    assert tipo(risposta) == rifiuto


async def test_the_same_attendance_is_not_registered_twice(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa, chi = await attivita(laboratori, lab), await persona(laboratori, lab)
    await presenza(laboratori, cosa, chi)
    risposta = await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze", ore(chi))
    assert (risposta.status_code, tipo(risposta)) == (409, "presenza-gia-registrata")


async def test_the_same_attendance_registered_twice_at_once_is_registered_once(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa, chi = await attivita(laboratori, lab), await persona(laboratori, lab)
    risposte = await asyncio.gather(
        *(da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze", ore(chi)) for _ in range(5))
    )
    assert sorted(r.status_code for r in risposte) == [201, 409, 409, 409, 409]


async def test_a_sheet_is_registered_whole_or_not_at_all(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab)
    uno, due = await persona(laboratori, lab), await persona(laboratori, lab)
    estraneo = await persona(laboratori, altro)
    percorso = f"/v1/attivita/{cosa}/presenze/elenco"
    righe = [ore(uno), ore(due, "08:00", "08:20"), ore(estraneo), ore(uno)]
    risposta = await da_operatrice(laboratori, "POST", percorso, {"presenze": righe})
    assert tipo(risposta) == "elenco-respinto"
    assert [voce["campo"] for voce in risposta.json()["errori"]] == [
        "presenze.1.fine",
        "presenze.2.persona_id",
        "presenze.3.inizio",
    ]
    vuota = await da_operatrice(laboratori, "GET", f"/v1/attivita/{cosa}/presenze")
    assert vuota.json()["items"] == []
    buona = await da_operatrice(laboratori, "POST", percorso, {"presenze": [ore(uno), ore(due)]})
    assert buona.status_code == 201
    elenco = (await da_operatrice(laboratori, "GET", f"/v1/attivita/{cosa}/presenze")).json()["items"]
    assert [riga["presenza_id"] for riga in elenco] == buona.json()["items"]


async def test_the_list_of_a_lab_is_read_page_by_page_and_by_state(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    cosa = await attivita(laboratori, lab)
    attese = [
        await presenza(laboratori, cosa, await persona(laboratori, lab), f"{ora:02}:00", f"{ora:02}:45")
        for ora in range(8, 13)
    ]
    await conferma(laboratori, attese[2])
    percorso = f"/v1/laboratori/{lab}/presenze?limit=2"
    lette: list[str] = []
    cursore = ""
    while True:
        pagina = (await da_operatrice(laboratori, "GET", percorso + cursore)).json()
        lette += [riga["presenza_id"] for riga in pagina["items"]]
        if not pagina["cursor"]:
            break
        cursore = f"&cursor={pagina['cursor']}"
    assert lette == attese
    confermate = await da_operatrice(laboratori, "GET", f"/v1/laboratori/{lab}/presenze?stato=confermata")
    assert [riga["presenza_id"] for riga in confermate.json()["items"]] == [attese[2]]
    presto = await da_operatrice(laboratori, "GET", f"/v1/laboratori/{lab}/presenze?al=2019-11-18T10:00:00Z")
    assert [riga["presenza_id"] for riga in presto.json()["items"]] == attese[:2]
