"""Consents, participation forms and conditions: what a person declares, and who can reach it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from tests.laboratori.esempi import da_operatrice, laboratorio, persona, prende_in_carico, tipo
from tests.support.service import ServiceUnderTest

NON_CHIESTO: dict[str, Any] = {
    "chiesta": False,
    "esito": None,
    "condizioni": [],
    "principale": None,
    "rilevata_il": None,
}
PARTICOLARI = {"tipo": "categorie_particolari", "stato": "dato", "testo_versione": "INFORMATIVA-2019"}


async def in_carico(servizio: ServiceUnderTest, lab: str) -> str:
    chi = await persona(servizio, lab)
    await prende_in_carico(servizio, lab, chi)
    return chi


async def consenti(servizio: ServiceUnderTest, chi: str, **cambi: Any) -> Any:
    return await da_operatrice(servizio, "POST", f"/v1/persone/{chi}/consensi", PARTICOLARI | cambi)


async def rileva(
    servizio: ServiceUnderTest, chi: str, esito: str, *condizioni: str, principale: str | None = None
) -> Any:
    corpo: dict[str, Any] = {"esito": esito, "condizioni": list(condizioni), "principale": principale}
    return await da_operatrice(servizio, "PUT", f"/v1/persone/{chi}/condizioni", corpo)


async def leggi(servizio: ServiceUnderTest, chi: str) -> dict[str, Any]:
    risposta = await da_operatrice(servizio, "GET", f"/v1/persone/{chi}/condizioni")
    assert risposta.status_code == 200
    corpo: dict[str, Any] = risposta.json()
    return corpo


async def test_not_asked_is_not_the_same_answer_as_none_identified(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await in_carico(laboratori, lab)
    assert await leggi(laboratori, chi) == NON_CHIESTO
    assert (await rileva(laboratori, chi, "nessuna_individuata")).status_code == 200
    letto = await leggi(laboratori, chi)
    assert (letto["chiesta"], letto["esito"], letto["condizioni"]) == (True, "nessuna_individuata", [])


async def test_conditions_need_the_consent_on_special_categories_and_leave_with_it(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    chi = await in_carico(laboratori, lab)
    senza = await rileva(laboratori, chi, "presenti", "disabilita", principale="disabilita")
    assert (senza.status_code, tipo(senza)) == (409, "consenso-necessario")
    await consenti(laboratori, chi)
    con = await rileva(
        laboratori, chi, "presenti", "disabilita", "migrante_o_straniero", principale="migrante_o_straniero"
    )
    assert con.status_code == 200
    letto = await leggi(laboratori, chi)
    assert letto["condizioni"] == ["migrante_o_straniero", "disabilita"]
    assert letto["principale"] == "migrante_o_straniero"
    assert (await consenti(laboratori, chi, stato="ritirato")).status_code == 201
    assert await leggi(laboratori, chi) == NON_CHIESTO


async def test_a_new_answer_takes_the_place_of_the_former_one(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await in_carico(laboratori, lab)
    await consenti(laboratori, chi)
    await rileva(laboratori, chi, "presenti", "dipendenza", "altro", principale="dipendenza")
    await rileva(laboratori, chi, "presenti", "altro", principale="altro")
    assert (await leggi(laboratori, chi))["condizioni"] == ["altro"]


@pytest.mark.parametrize(
    ("esito", "condizioni", "principale"),
    [
        ("nessuna_individuata", ["altro"], "altro"),
        ("nessuna_individuata", [], "altro"),
        ("presenti", [], None),
        ("presenti", ["altro"], None),
        ("presenti", ["altro"], "disabilita"),
        ("presenti", ["altro", "altro"], "altro"),
    ],
)
async def test_an_answer_that_contradicts_itself_is_refused(
    laboratori: ServiceUnderTest, esito: str, condizioni: list[str], principale: str | None
) -> None:
    lab = await laboratorio(laboratori)
    chi = await in_carico(laboratori, lab)
    await consenti(laboratori, chi)
    risposta = await rileva(laboratori, chi, esito, *condizioni, principale=principale)
    assert (risposta.status_code, tipo(risposta)) == (422, "condizioni-non-valide")


@pytest.mark.parametrize("tabella", ["rilevazione_condizioni", "condizione_persona"])
async def test_the_service_reaches_conditions_only_after_taking_up_their_role(
    laboratori: ServiceUnderTest, tabella: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with laboratori.transaction() as session:
            await session.execute(sa.text(f"SELECT * FROM {tabella}"))
    async with laboratori.transaction() as session:
        await session.execute(sa.text("SET LOCAL ROLE laboratori_condizioni"))
        await session.execute(sa.text(f"SELECT * FROM {tabella}"))


@pytest.mark.parametrize("tabella", ["persona", "nucleo", "outbox", "registro_accessi"])
async def test_the_role_of_the_conditions_reaches_nothing_else(laboratori: ServiceUnderTest, tabella: str) -> None:
    async with laboratori.transaction() as session:
        await session.execute(sa.text("SET LOCAL ROLE laboratori_condizioni"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(sa.text(f"SELECT * FROM {tabella}"))
        await session.rollback()


async def test_the_role_of_the_conditions_ends_with_the_reading(laboratori: ServiceUnderTest) -> None:
    """The same connection is used again by the next request, which must not inherit the role."""
    lab = await laboratorio(laboratori)
    chi = await in_carico(laboratori, lab)
    for _ in range(3):
        await leggi(laboratori, chi)
        assert (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}")).status_code == 200


async def test_every_reading_of_conditions_is_registered_and_refused_to_another_lab(
    laboratori: ServiceUnderTest,
) -> None:
    lab = await laboratorio(laboratori)
    await laboratorio(laboratori, operatori=["estranea"])
    chi = await in_carico(laboratori, lab)
    await leggi(laboratori, chi)
    vietata = await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}/condizioni", sub="estranea")
    assert vietata.status_code == 403
    async with laboratori.transaction() as session:
        righe = await session.execute(
            sa.text("SELECT oggetto, esito FROM registro_accessi WHERE oggetto_id = :id"), {"id": chi}
        )
        assert {(riga.oggetto, riga.esito) for riga in righe} == {
            ("persona", "consentito"),
            ("condizioni", "consentito"),
            ("GET /v1/persone/{persona_id}/condizioni", "negato"),
        }


@pytest.mark.parametrize("titolo", ["prese-in-carico", "adesioni"])
async def test_conditions_are_for_who_took_the_person_on_or_holds_the_signed_form(
    laboratori: ServiceUnderTest, titolo: str
) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori, operatori=["conoscente"])
    chi = await persona(laboratori, lab, data_nascita="1971-05-10")
    contatto = {"persona_id": chi, "data_nascita": "1971-05-10"}
    accolta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{altro}/accoglienze", contatto, sub="conoscente")
    assert accolta.status_code == 200
    corpo = {"persona_id": chi} | (
        {"firmata_il": "2019-11-20", "modulo_versione": "ALLEGATO-2"} if titolo == "adesioni" else {}
    )
    percorso = f"/v1/persone/{chi}/condizioni"
    nessuna = {"esito": "nessuna_individuata", "condizioni": []}
    for metodo, dati in (("GET", None), ("PUT", nessuna)):
        prima = await da_operatrice(laboratori, metodo, percorso, dati)
        assert (prima.status_code, tipo(prima)) == (403, "condizioni-riservate")
    fatto = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{lab}/{titolo}", corpo)
    assert fatto.status_code == 201, fatto.text
    for metodo, dati in (("PUT", nessuna), ("GET", None)):
        assert (await da_operatrice(laboratori, metodo, percorso, dati)).status_code == 200
        altrui = await da_operatrice(laboratori, metodo, percorso, dati, sub="conoscente")
        assert (altrui.status_code, tipo(altrui)) == (403, "condizioni-riservate")


async def test_the_history_of_consents_keeps_every_fact_with_its_text(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    await consenti(laboratori, chi, tipo="immagini", testo_versione="V1")
    await consenti(laboratori, chi, tipo="immagini", stato="ritirato", testo_versione="V1")
    await consenti(laboratori, chi, tipo="immagini", testo_versione="V2")
    storia = (await da_operatrice(laboratori, "GET", f"/v1/persone/{chi}/consensi")).json()["items"]
    assert [(f["stato"], f["testo_versione"]) for f in storia] == [("dato", "V1"), ("ritirato", "V1"), ("dato", "V2")]


async def test_a_consent_never_given_cannot_be_taken_back(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    risposta = await consenti(laboratori, chi, stato="ritirato")
    assert (risposta.status_code, tipo(risposta)) == (409, "consenso-assente")


async def test_consents_once_written_cannot_be_changed(laboratori: ServiceUnderTest) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with laboratori.transaction() as session:
            await session.execute(sa.text("UPDATE consenso SET stato = 'dato'"))


async def test_the_participation_form_is_signed_once_in_each_lab(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori)
    chi = await persona(laboratori, lab)
    corpo = {"persona_id": chi, "firmata_il": "2019-11-20", "modulo_versione": "ALLEGATO-2"}
    percorso = f"/v1/laboratori/{lab}/adesioni"
    firmata = await da_operatrice(laboratori, "POST", percorso, corpo | {"documento_sha256": "a" * 64})
    assert firmata.status_code == 201
    assert firmata.json()["firmata_il"] == "2019-11-20"
    assert tipo(await da_operatrice(laboratori, "POST", percorso, corpo)) == "adesione-gia-presente"
    domani = await da_operatrice(laboratori, "POST", percorso, corpo | {"firmata_il": "2019-11-21"})
    assert tipo(domani) == "periodo-non-valido"
    altrove = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{altro}/adesioni", corpo)
    assert (altrove.status_code, tipo(altrove)) == (403, "persona-di-altro-laboratorio")
