"""What a merge must not take away from a person: a promised place, a consent withdrawn."""

from typing import Any

from tests.laboratori.esempi import attivita, da_operatrice, laboratorio, persona, prende_in_carico
from tests.support.service import ServiceUnderTest

FUTURA = {"inizio": "2019-12-01T08:00:00Z", "fine": "2019-12-01T12:00:00Z"}


async def unisci(servizio: ServiceUnderTest, resta: str, assorbita: str) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/persone/{resta}/unioni", {"assorbita_id": assorbita})


async def test_a_merge_keeps_the_place_of_the_absorbed_record_and_leaves_the_queue(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita, terza = [await persona(laboratori, lab) for _ in range(3)]
    cosa = await attivita(laboratori, lab, capienza=1, **FUTURA)
    for chi in (assorbita, terza, resta):
        await da_operatrice(laboratori, "POST", f"/v1/attivita/{cosa}/iscrizioni", {"persona_id": chi})
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    iscrizioni = (await da_operatrice(laboratori, "GET", f"/v1/attivita/{cosa}/iscrizioni")).json()["items"]
    assert [(i["persona_id"], i["stato"]) for i in iscrizioni] == [
        (resta, "iscritta"),
        (terza, "in_attesa"),
        (resta, "ritirata"),
    ]


async def test_conditions_do_not_outlive_a_consent_taken_back_on_the_other_record(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    resta, assorbita = await persona(laboratori, lab), await persona(laboratori, lab)
    for chi in (resta, assorbita):
        await prende_in_carico(laboratori, lab, chi)
    dato = {"tipo": "categorie_particolari", "stato": "dato", "testo_versione": "V1"}
    for chi, stato in ((resta, "dato"), (assorbita, "dato"), (assorbita, "ritirato")):
        await da_operatrice(laboratori, "POST", f"/v1/persone/{chi}/consensi", dato | {"stato": stato})
    condizioni = {"esito": "presenti", "condizioni": ["disabilita"], "principale": "disabilita"}
    scritte = await da_operatrice(laboratori, "PUT", f"/v1/persone/{resta}/condizioni", condizioni)
    assert scritte.status_code == 200
    assert (await unisci(laboratori, resta, assorbita)).status_code == 200
    lette = (await da_operatrice(laboratori, "GET", f"/v1/persone/{resta}/condizioni")).json()
    assert (lette["chiesta"], lette["condizioni"]) == (False, [])
