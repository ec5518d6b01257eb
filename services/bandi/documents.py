"""Open data as CSV, rendered from plain values: UTF-8, commas, amounts as decimal text, the same bytes every time."""

import csv
import io
from collections.abc import Iterable, Sequence

from chassis.money import format_cents
from services.bandi.rules.righe import Riga


def csv_graduatoria(bando: str, numero: int, righe: Sequence[Riga]) -> bytes:
    """Render an approved ranking, one line for each row; amounts by line follow in the order of their code.

    Args:
        bando: code of the call.
        numero: version of the ranking.
        righe: its rows, in order.
    """
    linee = sorted({linea for riga in righe for linea, _ in riga.richiesto})
    header = ["bando", "graduatoria", "ordine", "posizione", "protocollo", "capofila", "titolo", "totale"]
    header += [f"richiesto_{linea}" for linea in linee] + [f"ammesso_{linea}" for linea in linee]
    header += ["esito", "motivo", "cambiamento", "spiegazione"]
    return _render(header, (_row(bando, numero, order, riga, linee) for order, riga in enumerate(righe, 1)))


def _row(bando: str, numero: int, order: int, riga: Riga, linee: Sequence[str]) -> list[str]:
    asked, given = dict(riga.richiesto), dict(riga.ammesso)
    return [
        bando,
        str(numero),
        str(order),
        "" if riga.posizione is None else str(riga.posizione),
        str(riga.protocollo),
        riga.capofila,
        riga.titolo,
        "" if riga.totale_cent is None else format_cents(riga.totale_cent),
        *(format_cents(asked.get(linea, 0)) for linea in linee),
        *(format_cents(given.get(linea, 0)) for linea in linee),
        riga.esito.value,
        riga.motivo.value,
        riga.cambiamento.value,
        riga.spiegazione,
    ]


def csv_avanzamento(bando: str, righe: Iterable[Sequence[str | int]]) -> bytes:
    """Render the money of a call by line.

    Args:
        bando: code of the call.
        righe: for each line its code, action, fund, operations and then cents of dotazione, programmato, ammesso,
            impegnato, erogato.
    """
    header = ["bando", "linea", "azione", "fondo", "operazioni"]
    header += ["dotazione", "programmato", "ammesso", "impegnato", "erogato"]
    return _render(
        header,
        (
            [bando, *(str(value) for value in riga[:4]), *(format_cents(int(value)) for value in riga[4:])]
            for riga in righe
        ),
    )


def _render(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_inert(value) for value in row])
    return buffer.getvalue().encode()


def _inert(value: str) -> str:
    """Keep a spreadsheet from running text as a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value
