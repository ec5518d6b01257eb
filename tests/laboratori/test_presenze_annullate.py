"""Confirmations beside what changes under them: activities cancelled or moved, records merged."""

import asyncio
from typing import Any

import sqlalchemy as sa

from tests.laboratori.esempi import (
    attivita,
    da_operatrice,
    eventi_di,
    laboratorio,
    nucleo,
    ore,
    persona,
    presenza,
    tipo,
)
from tests.support.service import ServiceUnderTest

CONFERMATA = "laboratori.presenza.confermata.v1"


async def conferma(servizio: ServiceUnderTest, presenza_id: str) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/presenze/{presenza_id}/conferma")


async def annulla(servizio: ServiceUnderTest, attivita_id: str) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/attivita/{attivita_id}/annullamento", headers={"If-Match": "*"})


async def confermate(servizio: ServiceUnderTest, attivita_id: str) -> int:
    elenco = (await da_operatrice(servizio, "GET", f"/v1/attivita/{attivita_id}/presenze")).json()["items"]
    return sum(riga["stato"] == "confermata" for riga in elenco)


async def test_hours_of_a_cancelled_activity_are_not_confirmed_alone_nor_in_a_list(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    chi, cosa = await persona(laboratori, lab), await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, chi)
    assert (await annulla(laboratori, cosa)).status_code == 200

    sola = await conferma(laboratori, presenza_id)
    assert (sola.status_code, tipo(sola)) == (409, "attivita-annullata")
    percorso = f"/v1/laboratori/{lab}/presenze/conferme"
    lista = await da_operatrice(laboratori, "POST", percorso, {"presenze": [presenza_id]})
    assert tipo(lista) == "elenco-respinto"
    assert await confermate(laboratori, cosa) == 0
    assert await eventi_di(laboratori, CONFERMATA, "presenza_id", presenza_id) == []


async def test_who_cancels_and_who_confirms_at_once_never_leave_confirmed_hours_behind(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    persone = [await persona(laboratori, lab) for _ in range(4)]
    for giro in range(6):
        giorno = f"2019-11-{10 + giro}"
        orario = {"inizio": f"{giorno}T08:00:00Z", "fine": f"{giorno}T13:00:00Z"}
        cosa = await attivita(laboratori, lab, **orario)
        righe = {"presenze": [ore(chi, giorno=giorno) for chi in persone]}
        fatte = await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze/elenco", righe)
        presenze = fatte.json()["items"]
        annullata, *esiti = await asyncio.gather(
            annulla(laboratori, cosa), *(conferma(laboratori, presenza_id) for presenza_id in presenze)
        )
        assert annullata.status_code in (200, 409), annullata.text
        assert {esito.status_code for esito in esiti} <= {200, 409}
        assert (await confermate(laboratori, cosa) == 0) == (annullata.status_code == 200)


async def in_attesa_di_lock(servizio: ServiceUnderTest, quanti: int = 1) -> None:
    """Waits until somebody waits for a row of this transaction's tables."""
    for _ in range(200):
        async with servizio.transaction() as session:
            fermi = await session.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'"
                )
            )
        if (fermi or 0) >= quanti:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waits")


async def test_a_confirmation_and_a_registration_wait_for_who_is_cancelling(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi, altra, cosa = await persona(laboratori, lab), await persona(laboratori, lab), await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, chi)
    async with laboratori.transaction() as session:
        await session.execute(
            sa.text("UPDATE attivita SET stato = 'annullata', versione = versione + 1 WHERE attivita_id = :id"),
            {"id": cosa},
        )
        chiamate = [
            asyncio.create_task(conferma(laboratori, presenza_id)),
            asyncio.create_task(da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/presenze", ore(altra))),
        ]
        await in_attesa_di_lock(laboratori, 2)
        await session.commit()
    assert [tipo(risposta) for risposta in await asyncio.gather(*chiamate)] == ["attivita-annullata"] * 2


async def test_hours_are_confirmed_inside_the_time_the_activity_has_now(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi, cosa = await persona(laboratori, lab), await attivita(laboratori, lab)
    presenza_id = await presenza(laboratori, cosa, chi)
    async with laboratori.transaction() as session:
        await session.execute(
            sa.text("UPDATE attivita SET inizio = inizio + interval '1 hour' WHERE attivita_id = :id"), {"id": cosa}
        )
        await session.commit()
    risposta = await conferma(laboratori, presenza_id)
    assert (risposta.status_code, tipo(risposta)) == (422, "presenza-fuori-attivita")


async def test_a_confirmation_that_waits_for_a_merge_finds_the_household(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, assorbita)
    presenza_id = await presenza(laboratori, await attivita(laboratori, lab), assorbita)
    async with laboratori.transaction() as session:
        for tabella in ("presenza", "membro"):
            await session.execute(
                sa.text(f"UPDATE {tabella} SET persona_id = :resta WHERE persona_id = :assorbita"),
                {"resta": resta, "assorbita": assorbita},
            )
        chiamata = asyncio.create_task(conferma(laboratori, presenza_id))
        await in_attesa_di_lock(laboratori)
        await session.commit()
    risposta = (await chiamata).json()
    assert (risposta["persona_id"], risposta["nucleo_id"]) == (resta, casa)
