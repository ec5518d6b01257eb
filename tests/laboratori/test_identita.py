"""Identities: a resident sees their own household, another service learns pseudonyms or, for a purpose, names."""

from typing import Any

import sqlalchemy as sa

from chassis.ids import uuid7
from tests.laboratori.esempi import OPERATRICE, da_operatrice, laboratorio, nucleo, persona, tipo
from tests.support.service import ServiceUnderTest

SERVIZIO: dict[str, Any] = {"roles": ["servizio"], "sub": "servizio.puntiluna"}


async def associa(servizio: ServiceUnderTest, chi: str, sub: str) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/persone/{chi}/identita", {"sub": sub})


async def test_a_resident_sees_themselves_their_household_and_nobody_elses(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    io, convivente, estranea = [await persona(laboratori, lab, nome="Selma", cognome=f"Prova {n}") for n in range(3)]
    casa = await nucleo(laboratori, lab, io, convivente)
    altra = await nucleo(laboratori, lab, estranea)
    await da_operatrice(
        laboratori,
        "POST",
        f"/v1/nuclei/{casa}/contratti",
        {"contratto_codice": "IO-1", "ente_proprietario": "ALER-MILANO", "dal": "2015-01-01"},
    )
    await associa(laboratori, io, "residente.uno")
    me: dict[str, Any] = {"roles": ["residente"], "sub": "residente.uno"}
    letto = (await laboratori.get("/v1/identita/io", **me)).json()
    assert (letto["persona_id"], letto["nucleo_id"], letto["nome"]) == (io, casa, "Selma")
    assert [c["contratto_codice"] for c in letto["contratti"]] == ["IO-1"]
    for percorso, atteso in (
        (f"/v1/nuclei/{casa}", 200),
        (f"/v1/nuclei/{altra}", 403),
        (f"/v1/persone/{io}", 200),
        (f"/v1/persone/{convivente}", 200),
        (f"/v1/persone/{estranea}", 403),
    ):
        assert (await laboratori.get(percorso, **me)).status_code == atteso, percorso


async def test_who_moved_out_no_longer_sees_the_household(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    io, convivente = await persona(laboratori, lab), await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, io, convivente)
    await associa(laboratori, io, "residente.uscito")
    await da_operatrice(laboratori, "POST", f"/v1/nuclei/{casa}/membri/{io}/uscita", {"al": "2019-11-19"})
    me: dict[str, Any] = {"roles": ["residente"], "sub": "residente.uscito"}
    assert (await laboratori.get("/v1/identita/io", **me)).json()["nucleo_id"] is None
    assert (await laboratori.get(f"/v1/nuclei/{casa}", **me)).status_code == 403
    assert (await laboratori.get(f"/v1/persone/{convivente}", **me)).status_code == 403


async def test_an_access_stands_for_one_person_and_the_same_tie_twice_is_one(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    uno, due = await persona(laboratori, lab), await persona(laboratori, lab)
    assert (await associa(laboratori, uno, "residente.conteso")).status_code == 200
    assert (await associa(laboratori, uno, "residente.conteso")).status_code == 200
    assert (await associa(laboratori, uno, "residente.conteso.cie")).status_code == 200
    rifiuto = await associa(laboratori, due, "residente.conteso")
    assert (rifiuto.status_code, tipo(rifiuto)) == (409, "identita-gia-associata")


async def test_a_service_learns_only_pseudonyms_from_a_subject(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    casa = await nucleo(laboratori, lab, chi)
    await associa(laboratori, chi, "residente.cercato")
    trovata = await laboratori.post("/v1/identita/ricerche", json={"sub": "residente.cercato"}, **SERVIZIO)
    assert trovata.status_code == 200
    assert trovata.json() == {"persona_id": chi, "nucleo_id": casa}
    ignota = await laboratori.post("/v1/identita/ricerche", json={"sub": "nessuno"}, **SERVIZIO)
    assert ignota.status_code == 404


async def test_names_are_given_to_a_service_for_a_stated_purpose_that_is_registered(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    persone = [await persona(laboratori, lab, cognome=f"Documentata {n}") for n in ("uno", "due")]
    corpo = {"persone": [*persone, persone[0]], "scopo": "DRU del piano"}
    risposta = await laboratori.post("/v1/identita/anagrafiche", json=corpo, **SERVIZIO)
    assert [p["persona_id"] for p in risposta.json()["items"]] == persone
    assert risposta.json()["items"][0]["cognome"] == "Documentata uno"
    async with laboratori.transaction() as session:
        righe = await session.execute(
            sa.text("SELECT oggetto_id FROM registro_accessi WHERE scopo = 'DRU del piano' AND soggetto = :chi"),
            {"chi": SERVIZIO["sub"]},
        )
        assert {riga.oggetto_id for riga in righe} == set(persone)
    senza = await laboratori.post("/v1/identita/anagrafiche", json={"persone": persone}, **SERVIZIO)
    assert senza.status_code == 422
    ignota = corpo | {"persone": [str(uuid7())]}
    assert (await laboratori.post("/v1/identita/anagrafiche", json=ignota, **SERVIZIO)).status_code == 404


async def test_only_services_ask_for_identities_and_only_residents_for_themselves(
    laboratori: ServiceUnderTest,
) -> None:
    for ruolo in ("residente", "operatore_laboratorio", "amministratore", "ente_proprietario"):
        cerca = await laboratori.post("/v1/identita/ricerche", json={"sub": "x"}, roles=[ruolo])
        nomi = {"persone": [str(uuid7())], "scopo": "x"}
        leggi = await laboratori.post("/v1/identita/anagrafiche", json=nomi, roles=[ruolo])
        assert (cerca.status_code, leggi.status_code) == (403, 403)
    assert (await laboratori.get("/v1/identita/io", roles=["servizio"])).status_code == 403
    assert (await laboratori.get("/v1/identita/io", roles=["residente"], sub="mai.visto")).status_code == 403


async def test_another_service_learns_whether_an_operator_follows_a_household(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    casa = await nucleo(laboratori, lab, await persona(laboratori, lab))
    for sub, nucleo_id, atteso in (
        (OPERATRICE, casa, True),
        ("operatrice.altrove", casa, False),
        (OPERATRICE, str(uuid7()), False),
    ):
        domanda = {"sub": sub, "nucleo_id": nucleo_id}
        risposta = await laboratori.post("/v1/identita/competenze", json=domanda, **SERVIZIO)
        assert risposta.json() == {"segue": atteso, "nucleo_id": None}


async def test_another_service_learns_whether_an_operator_follows_a_person(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    sola, accasata = [await persona(laboratori, lab) for _ in range(2)]
    casa = await nucleo(laboratori, lab, accasata)
    for sub, persona_id, segue, nucleo_id in (
        (OPERATRICE, sola, True, None),
        (OPERATRICE, accasata, True, casa),
        ("operatrice.altrove", accasata, False, None),
        (OPERATRICE, casa, False, None),
        (OPERATRICE, str(uuid7()), False, None),
    ):
        domanda = {"sub": sub, "persona_id": persona_id}
        risposta = await laboratori.post("/v1/identita/competenze", json=domanda, **SERVIZIO)
        assert risposta.json() == {"segue": segue, "nucleo_id": nucleo_id}
    for domanda in ({"sub": OPERATRICE}, {"sub": OPERATRICE, "nucleo_id": casa, "persona_id": sola}):
        assert (await laboratori.post("/v1/identita/competenze", json=domanda, **SERVIZIO)).status_code == 422
