"""The plan and its DRU as PDF: the name is asked for the occasion, registered, printed and kept nowhere."""

import io
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from chassis import tables
from tests.inclusione.registro import RegistroFinto
from tests.inclusione.storia import Storia, ok, rifiuto


def che_dice(pdf: bytes) -> str:
    """What a PDF says, in one line."""
    return " ".join(" ".join(pagina.extract_text().split()) for pagina in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("documento", ["piano", "dru"])
async def test_a_document_says_who_the_plan_is_of_and_carries_the_hash_of_what_was_signed(
    storia: Storia, documento: str
) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=100, ACCOGLIENZA=2)
    ok(await storia.firma(bozza))
    registro = RegistroFinto({"resi-1": UUID(bozza["persona_id"])})
    storia.servizio.app.state.identita = registro
    percorso = f"/pip/{bozza['pip_id']}/versioni/1/{documento}/pdf"
    risposta = await storia.op("GET", percorso)
    assert (risposta.status_code, risposta.headers["content-type"]) == (200, "application/pdf")
    letto = che_dice(risposta.content)
    for atteso in (
        "Anna Bianchi",
        "03/02/1980",
        "BNCNNA80B43F205X",
        "Formazione (FORMAZIONE)",
        "100,00",
        "2.040,00 EUR",
        "400,00 EUR",
        "autografa",
    ):
        assert atteso in letto, atteso
    assert bozza["bozza"]["testo_sha256"] in letto.replace(" ", "")
    assert ("La persona e' disoccupata." in letto) is (documento == "dru")
    assert "Bianchi" not in risposta.headers["content-disposition"]
    assert registro.scopi == [f"stampa: {documento} del piano {bozza['pip_id']}, versione 1"]
    async with storia.servizio.transaction() as session:
        scopi = await session.scalars(
            sa.select(tables.access_register.c.scopo).where(tables.access_register.c.oggetto_id == bozza["persona_id"])
        )
        assert list(scopi) == registro.scopi


async def test_of_who_was_erased_a_document_prints_the_pseudonym(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.app.state.identita = RegistroFinto({})
    risposta = await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/1/piano/pdf")
    assert f"persona {pip['persona_id']}" in che_dice(risposta.content)


async def test_a_revision_prints_what_changed_and_a_draft_has_no_document(storia: Storia) -> None:
    await storia.apri()
    bozza = await storia.bozza(FORMAZIONE=10)
    percorso = f"/pip/{bozza['pip_id']}/versioni"
    storia.servizio.app.state.identita = RegistroFinto({})
    rifiuto(await storia.op("GET", f"{percorso}/1/piano/pdf"), 404, "not-found")
    ok(await storia.firma(bozza))
    rivisto = ok(await storia.op("POST", f"/pip/{bozza['pip_id']}/revisioni", json=storia.piano(FORMAZIONE=12)))
    ok(await storia.firma(rivisto))
    letto = che_dice((await storia.comune("GET", f"{percorso}/2/piano/pdf")).content)
    assert "FORMAZIONE: 10.00 -> 12.00 ore" in letto


async def test_without_the_registry_of_people_a_document_is_not_printed(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    if hasattr(storia.servizio.app.state, "identita"):
        del storia.servizio.app.state.identita
    rifiuto(await storia.op("GET", f"/pip/{pip['pip_id']}/versioni/1/dru/pdf"), 503, "unavailable")
