"""An approved ranking is computed again from its kept inputs: the same bytes, or the first wrong row is named."""

from typing import Any

import asyncpg
import pytest

from cli.bandi import verify_rankings
from cli.console import CommandError
from tests.bandi.esempi import DOPO, Ufficio
from tests.support.service import ServiceUnderTest


async def graduati(bandi: ServiceUnderTest, codice: str) -> Ufficio:
    """A call with two versions of its ranking: three ranked, one not admitted, then a top-up."""
    office = await Ufficio(bandi, codice).pubblica()
    for ente, points in (("COMUNE-UNO", "55.00"), ("COMUNE-DUE", "50.00"), ("COMUNE-TRE", "45.00")):
        await office.ammetti((await office.presenta(ente))["domanda_id"], points)
    out = await office.presenta("COMUNE-FUORI")
    path = f"/v1/domande/{out['domanda_id']}/istruttoria"
    await office.ok("POST", path, {"esito": "non_ammissibile", "motivi": ["fuori tema"]})
    bandi.clock.set(DOPO)
    await office.approva()
    for linea in ("LAB", "INC"):
        top_up = {"atto": "DGR", "importi": [{"linea": linea, "importo": "1000.00"}]}
        await office.ok("POST", f"/v1/bandi/{codice}/integrazioni", top_up)
    await office.ok(
        "POST",
        f"/v1/progetti/{(await office.progetto('COMUNE-DUE'))['progetto_id']}/rinuncia",
        {"atto": "nota", "motivo": "rinuncia"},
    )
    await office.approva("scorrimento")
    return office


async def tamper(bandi: ServiceUnderTest, statement: str) -> None:
    """Change as the owner of the database what the service itself can never change."""
    owner = await asyncpg.connect(bandi.settings.migration_url)
    try:
        assert (await owner.execute(statement)) != "UPDATE 0"
    finally:
        await owner.close()


async def test_an_approved_ranking_is_computed_again_to_the_same_bytes(bandi: ServiceUnderTest) -> None:
    office = await graduati(bandi, "VERIFICA")
    for number in (1, 2):
        ranking = await office.ok("GET", f"/v1/bandi/VERIFICA/graduatorie/{number}", roles=None)
        assert await office.ok("GET", f"/v1/bandi/VERIFICA/graduatorie/{number}/verifica") == {
            "numero": number,
            "identica": True,
            "prima_differenza": None,
            "impronta_approvata": ranking["impronta"],
            "impronta_ricalcolata": ranking["impronta"],
        }


THIS = "graduatoria_id IN (SELECT graduatoria_id FROM graduatoria JOIN bando USING (bando_id) WHERE codice = '{codice}'"
CHANGES: dict[str, tuple[str, dict[str, Any] | None]] = {
    "CONTENUTO": (
        "UPDATE riga_graduatoria SET contenuto = jsonb_set(contenuto, '{{totale_cent}}', '9999') WHERE ordine = 2 AND "
        + THIS
        + " AND numero = 2)",
        {"ordine": 2, "protocollo": 3, "campi": ["totale_cent"]},
    ),
    "COLONNA": (
        "UPDATE riga_graduatoria SET esito = 'idonea_non_finanziata' WHERE ordine = 1 AND " + THIS + " AND numero = 2)",
        {"ordine": 1, "protocollo": 1, "campi": ["esito"]},
    ),
    "RIGA": (
        "DELETE FROM riga_graduatoria WHERE ordine = 4 AND " + THIS + " AND numero = 2)",
        {"ordine": 4, "protocollo": None, "campi": ["riga"]},
    ),
    "IMPRONTA": (
        "UPDATE graduatoria SET impronta = repeat('0', 64) WHERE " + THIS + " AND numero = 2)",
        None,
    ),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_the_command_names_the_first_row_that_is_not_what_its_inputs_give(
    bandi: ServiceUnderTest, what: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    codice = f"COMANDO-{what}"
    office = await graduati(bandi, codice)
    monkeypatch.setattr("cli.bandi.load_settings", lambda *_: bandi.settings)
    assert await verify_rankings(codice) == 0
    assert "2 graduatorie ricalcolate, stessi byte" in capsys.readouterr().out
    statement, difference = CHANGES[what]
    await tamper(bandi, statement.format(codice=codice))
    assert (await office.ok("GET", f"/v1/bandi/{codice}/graduatorie/2/verifica"))["prima_differenza"] == difference
    assert await verify_rankings(codice) == 1
    said = capsys.readouterr().out
    assert "graduatoria 1: identica" in said
    assert "graduatoria 2: DIVERSA" in said
    if difference is not None:
        assert f"prima riga che differisce: {difference['ordine']} " in said
        assert difference["campi"][0] in said


async def test_the_command_says_that_there_is_no_such_call(
    bandi: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.bandi.load_settings", lambda *_: bandi.settings)
    with pytest.raises(CommandError, match="NESSUNO"):
        await verify_rankings("NESSUNO")
