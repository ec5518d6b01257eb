"""Files of hours: read row by row, previewed without a trace, imported whole or as far as they are good."""

from typing import Any

import pytest

from chassis.ids import uuid7
from tests.inclusione.storia import APRILE, Storia, ok, rifiuto

TITOLI = "piano;servizio;attivita_indiretta;giorno;dalle;alle;sessione"


def file(*righe: str, titoli: str = TITOLI) -> str:
    """A file with its header."""
    return "\r\n".join((titoli, *righe)) + "\r\n"


async def pronta(storia: Storia) -> str:
    """A plan of ten hours of training, the clock in April."""
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=10)
    storia.servizio.set_clock(APRILE)
    return str(pip["pip_id"])


async def importa(storia: Storia, csv: str, politica: str = "solo_buone") -> Any:
    """Imports a file."""
    return await storia.op("POST", "/ore/importazioni", json={"csv": csv, "politica": politica})


def miste(pip: str) -> str:
    """Two good rows, and four that are not for four reasons, with an empty line among them."""
    return file(
        f"{pip};FORMAZIONE;;2019-03-04;09:00;11:00;",
        f"{pip};FORMAZIONE;;2019-03-04;10:00;12:00;",
        "",
        f"{pip};;monitoraggio;2019-03-04;14:00;15:00;",
        f"{pip};FORMAZIONE;;4/3/2019;14:00;15:00;",
        f"{uuid7()};FORMAZIONE;;2019-03-05;09:00;10:00;",
        f"{pip};FORMAZIONE;;2019-03-05;09:00",
    )


RIFIUTATE = [(3, "ora-sovrapposta"), (6, "riga-non-leggibile"), (7, "not-found"), (8, "riga-non-leggibile")]


def rifiutate(esito: dict[str, Any]) -> list[tuple[int, str]]:
    """The refused rows of an outcome."""
    return [(riga["riga"], riga["tipo"]) for riga in esito["rifiutate"]]


async def test_a_preview_says_what_the_import_does_and_leaves_no_trace(storia: Storia) -> None:
    pip = await pronta(storia)
    anteprima = ok(await storia.op("POST", "/ore/importazioni/anteprima", json={"csv": miste(pip)}), 200)
    assert (anteprima["righe"], anteprima["buone"], anteprima["fatte"]) == (6, 2, [])
    assert rifiutate(anteprima) == RIFIUTATE
    assert ok(await storia.op("GET", f"/pip/{pip}/ore"), 200)["items"] == []
    esito = ok(await importa(storia, miste(pip)))
    assert (len(esito["fatte"]), esito["buone"], rifiutate(esito)) == (2, 2, RIFIUTATE)
    ore = ok(await storia.op("GET", f"/pip/{pip}/ore"), 200)["items"]
    assert [(ora["inizio"], ora["minuti"]) for ora in ore] == [
        ("2019-03-04T08:00:00Z", 120),
        ("2019-03-04T13:00:00Z", 60),
    ], "times are those of Rome"
    assert (await storia.pip(pip))["servizi"][0]["registrati_minuti"] == 120


async def test_all_or_none_keeps_nothing_of_a_file_with_one_bad_row(storia: Storia) -> None:
    pip = await pronta(storia)
    problema = rifiuto(await importa(storia, miste(pip), "tutte_o_nessuna"), 409, "importazione-rifiutata")
    assert [errore["campo"] for errore in problema["errori"]] == [f"riga {numero}" for numero, _ in RIFIUTATE]
    assert ok(await storia.op("GET", f"/pip/{pip}/ore"), 200)["items"] == []
    buono = file(f"{pip};FORMAZIONE;;2019-03-04;09:00;11:00;")
    assert len(ok(await importa(storia, buono, "tutte_o_nessuna"))["fatte"]) == 1
    doppio = ok(await importa(storia, buono))
    assert (doppio["fatte"], rifiutate(doppio)) == ([], [(2, "ora-sovrapposta")])


async def test_the_rows_of_a_file_count_together_against_the_plan(storia: Storia) -> None:
    pip = await pronta(storia)
    righe = [f"{pip},FORMAZIONE,2019-03-{giorno:02d},09:00,13:00" for giorno in range(4, 8)]
    esito = ok(await importa(storia, "\ufeff" + file(*righe, titoli="piano,servizio,giorno,dalle,alle")))
    assert (len(esito["fatte"]), rifiutate(esito)) == (2, [(4, "ore-piano-esaurite"), (5, "ore-piano-esaurite")])


@pytest.mark.parametrize(
    "csv",
    [
        "x",
        TITOLI,
        "piano;giorno;dalle\nx;y;z",
        TITOLI + ";nome\n",
        TITOLI + ";piano\n",
        file(*["x"] * 5_001),
        file('"aperta'.ljust(140_000, "x")),
    ],
)
async def test_a_file_that_is_no_table_of_hours_is_refused_whole(storia: Storia, csv: str) -> None:
    rifiuto(await importa(storia, csv), 422, "file-non-leggibile")


async def test_a_time_the_clocks_skip_and_a_code_that_is_none_are_refused_alone(storia: Storia) -> None:
    pip = await pronta(storia)
    righe = (
        f"{pip};FORMAZIONE;;2019-03-31;02:30;03:30;",
        f"{pip};corso di cucina;;2019-03-04;09:00;10:00;",
        f"{pip};FORMAZIONE;;2019-03-04;09:00;10:00;s 1",
        f"{pip};FORMAZIONE;;2019-03-04;09:00;10:00;S-1",
        f"{pip};FORMAZIONE;ballo;2019-03-04;09:00;10:00;",
        f"{pip};FORMAZIONE;;0001-01-01;00:00;01:00;",
        f"{pip};FORMAZIONE;;1019-03-04;09:00;10:00;",
    )
    assert rifiutate(ok(await importa(storia, file(*righe)))) == [
        (2, "riga-non-leggibile"),
        (3, "riga-non-leggibile"),
        (4, "riga-non-leggibile"),
        (5, "sessione-non-valida"),
        (6, "riga-non-leggibile"),
        (7, "riga-non-leggibile"),
        (8, "riga-non-leggibile"),
    ]


async def test_a_file_holds_text_lines_and_nothing_else(storia: Storia) -> None:
    pip = await pronta(storia)
    riga = f"{pip};FORMAZIONE;;2019-03-04;09:00;11:00;"
    assert (await importa(storia, file(f"{riga}\x00"))).status_code == 422
    assert len(ok(await importa(storia, file(riga)))["fatte"]) == 1
