"""The register tells who took on, welcomed or looked for a person, even who looked in vain."""

import sqlalchemy as sa

from tests.laboratori.esempi import da_operatrice, in_equipe, laboratorio, persona
from tests.support.service import ServiceUnderTest


async def scopi(servizio: ServiceUnderTest, soggetto: str, oggetto_id: str) -> list[str]:
    async with servizio.transaction() as session:
        righe = await session.scalars(
            sa.text(
                "SELECT scopo FROM registro_accessi WHERE soggetto = :chi AND oggetto_id = :id AND esito = 'consentito'"
                " ORDER BY registrazione_id"
            ),
            {"chi": soggetto, "id": oggetto_id},
        )
        return list(righe)


async def test_a_welcome_and_a_taking_on_are_written_in_the_register(laboratori: ServiceUnderTest) -> None:
    lab, altro = await laboratorio(laboratori), await laboratorio(laboratori, operatori=["accogliente"])
    chi = await persona(laboratori, lab, data_nascita="1971-05-10")
    corpo = {"persona_id": chi, "data_nascita": "1971-05-10"}
    for azione, atteso in (("accoglienze", 200), ("prese-in-carico", 201)):
        risposta = await da_operatrice(laboratori, "POST", f"/v1/laboratori/{altro}/{azione}", corpo, sub="accogliente")
        assert risposta.status_code == atteso, risposta.text
    assert await scopi(laboratori, "accogliente", chi) == ["accoglienza nel laboratorio", "presa in carico"]


async def test_a_search_that_finds_nobody_is_written_in_the_register(laboratori: ServiceUnderTest) -> None:
    lab = await laboratorio(laboratori)
    await in_equipe(laboratori, lab, "cercatrice")
    risposta = await da_operatrice(
        laboratori, "POST", "/v1/persone/ricerche", {"testo": "Nessunissimo"}, sub="cercatrice"
    )
    assert (risposta.status_code, risposta.json()["items"]) == (200, [])
    assert await scopi(laboratori, "cercatrice", "-") == ["ricerca allo sportello senza risultati"]
