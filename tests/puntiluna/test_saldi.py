"""Balances at any instant, points carried over from before the platform, points that attendances would give."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.ids import uuid7
from chassis.peers import Identity
from services.puntiluna.service.registro import verifica_registro
from tests.puntiluna.conftest import Identita
from tests.puntiluna.fatti import ADESSO, COMUNE, Mondo, problema
from tests.support.service import ServiceUnderTest

OPERATORE = {"roles": ["operatore_laboratorio"]}
UFFICIO = {"roles": ["funzionario_comune"], "ente": COMUNE}


def riga(riferimento: str, nucleo_id: UUID, punti: str) -> dict[str, str]:
    return {"riferimento": riferimento, "nucleo_id": str(nucleo_id), "punti": punti}


async def riporta(mondo: Mondo, *righe: dict[str, str], atto: str = "Verbale 7/2018") -> Any:
    risposta = await mondo.servizio.post(
        f"/v1/progetti/{mondo.progetto_id}/riporti", json={"atto": atto, "righe": list(righe)}, **UFFICIO
    )
    assert risposta.status_code == 200, risposta.text
    return risposta.json()


async def test_a_balance_is_read_at_any_past_instant(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    nucleo_id, contratto = await mondo.nucleo_moroso("500.00")
    saldi = []
    for giorno in range(3):
        puntiluna.set_clock(ADESSO + timedelta(days=giorno))
        await mondo.presenza(nucleo_id)
        if giorno == 1:
            await mondo.prenota(nucleo_id, contratto, "4.00")
    for giorno in (-1, 0, 1, 2):
        al = (ADESSO + timedelta(days=giorno, hours=1)).isoformat()
        risposta = await puntiluna.get(f"/v1/nuclei/{nucleo_id}/saldo", params={"al": al}, **OPERATORE)
        saldi.append(risposta.json()["saldo"])
    assert saldi == ["0.00", "10.00", "16.00", "26.00"]
    adesso = await puntiluna.get(f"/v1/nuclei/{nucleo_id}/saldo", **OPERATORE)
    assert adesso.json()["saldo"] == await mondo.saldo(nucleo_id)


async def test_the_balance_of_a_household_that_nobody_told_of_is_refused(puntiluna: ServiceUnderTest) -> None:
    problema(await puntiluna.get(f"/v1/nuclei/{uuid7()}/saldo", **OPERATORE), 404, "nucleo-sconosciuto")


async def test_points_of_before_come_out_of_the_fund_and_a_refused_row_leaves_its_neighbours_alone(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    primo, secondo = [(await mondo.nucleo_moroso())[0] for _ in range(2)]
    righe = (
        riga("A/1", primo, "60.00"),
        riga("A/2", secondo, "50.00"),
        riga("A/3", uuid7(), "1.00"),
        riga("A/4", secondo, "40.00"),
    )
    prima = await riporta(mondo, *righe)
    esiti = [r["esito"] for r in prima["items"]]
    assert esiti == ["registrato", "saldo_insufficiente", "nucleo_sconosciuto", "registrato"]
    assert (prima["registrate"], await mondo.saldo(primo), await mondo.saldo(secondo)) == (2, "60.00", "40.00")
    assert await riporta(mondo, *righe) == prima, "sent again, it answers the same and credits nothing"
    diversa = await riporta(mondo, riga("A/1", primo, "61.00"))
    assert [r["esito"] for r in diversa["items"]] == ["riferimento_riusato"]
    altro_atto = await riporta(mondo, riga("A/1", primo, "1.00"), atto="Verbale 8/2018")
    assert [r["esito"] for r in altro_atto["items"]] == ["saldo_insufficiente"]
    voci = (await mondo.estratto(primo))["movimenti"]
    assert [voce["descrizione"] for voce in voci] == ["Punti maturati prima della piattaforma (Verbale 7/2018)"]
    async with puntiluna.transaction() as session:
        assert (await verifica_registro(session)).in_ordine


async def test_a_household_without_arrears_carries_over_points_that_it_can_only_give(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    nucleo_id, _ = await mondo.nucleo_moroso("0.00")
    await riporta(mondo, riga("1", nucleo_id, "5.00"))
    saldo = (await puntiluna.get(f"/v1/nuclei/{nucleo_id}/saldo", **OPERATORE)).json()
    assert (saldo["saldo"], saldo["saldo_donatore"]) == ("0.00", "5.00")


async def test_a_carry_over_with_a_reference_twice_or_for_another_body_s_project_is_refused(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    nucleo_id, _ = await mondo.nucleo_moroso()
    corpo = {"atto": "x", "righe": [riga("1", nucleo_id, "1.00"), riga("1", nucleo_id, "2.00")]}
    percorso = f"/v1/progetti/{mondo.progetto_id}/riporti"
    problema(await puntiluna.post(percorso, json=corpo, **UFFICIO), 422, "riferimento-doppio")
    altrui = {"roles": ["funzionario_comune"], "ente": "COMUNE-ALTROVE"}
    problema(await puntiluna.post(percorso, json=corpo, **altrui), 403, "fuori-competenza")


async def simula(servizio: ServiceUnderTest, progetto_id: UUID, *presenze: dict[str, Any], **chi: Any) -> Any:
    return await servizio.post(
        "/v1/simulazioni-punti",
        json={"progetto_id": str(progetto_id), "presenze": list(presenze)},
        **(chi or OPERATORE),
    )


def ipotesi(minuti: int = 60, **cambi: Any) -> dict[str, Any]:
    return {"inizio": datetime(2019, 5, 19, 9, tzinfo=UTC).isoformat(), "minuti": minuti} | cambi


async def test_a_simulation_gives_what_the_true_attendances_give_and_registers_nothing(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    nucleo_id, _ = await mondo.nucleo_moroso()
    limiti = (
        {"ambito": "nucleo_mese", "massimo": "25.00", "rigido": True},
        {"ambito": "persona_giorno", "massimo": "10.00", "rigido": False},
    )
    for limite in limiti:
        corpo = {"progetto_id": str(mondo.progetto_id), "dal": "2019-01-01", **limite}
        assert (await puntiluna.post("/v1/limiti", json=corpo, **UFFICIO)).status_code == 201
    persona = str(uuid7())
    await mondo.presenza(nucleo_id, persona_id=persona, minuti=60)
    chi = {"nucleo_id": str(nucleo_id), "persona_id": persona}
    presenze = [
        ipotesi(60, **chi),
        ipotesi(45, fascia="silver", **chi),
        ipotesi(120, fascia="gold", **chi),
        ipotesi(60, categoria_indiretta="mai_tariffata", **chi),
        ipotesi(90, **chi),
    ]
    simulata = (await simula(puntiluna, mondo.progetto_id, *presenze)).json()
    assert [(voce["punti"], voce["stato"]) for voce in simulata["items"]] == [
        ("5.00", "accreditato"),
        ("7.50", "accreditato"),
        ("0.00", "oltre_limite"),
        ("0.00", "senza_tariffa"),
        ("7.50", "accreditato"),
    ]
    assert simulata["totale"] == "20.00"
    assert [{p["ambito"]: (p["consumati"], p["superato"]) for p in v["limiti"]} for v in simulata["items"]] == [
        {"nucleo_mese": ("5.00", False), "persona_giorno": ("5.00", False)},
        {"nucleo_mese": ("10.00", False), "persona_giorno": ("10.00", True)},
        {"nucleo_mese": ("17.50", True), "persona_giorno": ("17.50", True)},
        {"nucleo_mese": ("17.50", False), "persona_giorno": ("17.50", False)},
        {"nucleo_mese": ("17.50", False), "persona_giorno": ("17.50", True)},
    ]
    assert await mondo.saldo(nucleo_id) == "5.00", "nothing was registered"
    for numero, voce in enumerate(presenze):
        inizio = datetime.fromisoformat(voce["inizio"]) + timedelta(hours=(numero + 1) * 2)
        await mondo.presenza(
            nucleo_id,
            persona_id=persona,
            inizio=inizio,
            minuti=voce["minuti"],
            fascia=voce.get("fascia", "base"),
            diretta="categoria_indiretta" not in voce,
            categoria_indiretta=voce.get("categoria_indiretta"),
        )
    assert await mondo.saldo(nucleo_id) == "25.00", "the true ones give what the simulation said"


async def test_who_simulates_for_others_is_refused(puntiluna: ServiceUnderTest, identita: Identita) -> None:
    mondo = await Mondo(puntiluna).apri()
    nucleo_id, _ = await mondo.nucleo_moroso()
    persona = uuid7()
    identita.persone["io"] = Identity(persona, nucleo_id)
    io: dict[str, Any] = {"roles": ["residente"], "sub": "io"}
    mie = ipotesi(nucleo_id=str(nucleo_id), persona_id=str(persona))
    assert (await simula(puntiluna, mondo.progetto_id, mie, **io)).json()["totale"] == "5.00"
    altri = ipotesi(persona_id=str(uuid7()))
    problema(await simula(puntiluna, mondo.progetto_id, altri, **io), 403, "persona-di-altri")
    problema(await simula(puntiluna, mondo.progetto_id, ipotesi(nucleo_id=str(uuid7())), **io), 403, "nucleo-di-altri")
    problema(await simula(puntiluna, mondo.progetto_id, altri, **UFFICIO), 403, "persona-di-altri")


@pytest.mark.parametrize("minuti", [0, 1441])
async def test_a_duration_out_of_the_day_is_refused(puntiluna: ServiceUnderTest, minuti: int) -> None:
    assert (await simula(puntiluna, uuid7(), ipotesi(minuti))).status_code == 422
