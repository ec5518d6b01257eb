"""Files rendered from plain values, the same bytes every time: receipts, published acts, open data.

CSV is UTF-8 with commas and amounts as decimal text; its last column is the licence, so that a file that travels alone
still says how it may be used.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from chassis.money import format_cents
from chassis.pdf import Document
from services.bandi.rules.bando import ora_di_roma
from services.bandi.rules.righe import Riga

LICENZA = "CC-BY-4.0"
LICENZA_TITOLO = "Creative Commons Attribuzione 4.0 Internazionale"
LICENZA_INDIRIZZO = "https://creativecommons.org/licenses/by/4.0/"
RIGHE_PDF = 2_000
"""Rows of a printed ranking: who needs more of them reads the CSV, which has them all."""


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


def ricevuta(
    *,
    promotore: str,
    bando: tuple[str, str],
    protocollo: int,
    presentata_il: datetime,
    protocollata_il: datetime,
    capofila: str,
    titolo: str,
    contributo_cent: int,
    documenti: Sequence[tuple[str, str]],
    impronta: str,
) -> Document:
    """Write the receipt of a presented application; it is dated by its protocol, so it is always the same file.

    Args:
        promotore: body that issues it.
        bando: code and title of the call.
        protocollo: number of the application in the call.
        presentata_il: when the request arrived.
        protocollata_il: when it got its number.
        capofila: organisation that leads.
        titolo: of the project.
        contributo_cent: what is asked, in cents.
        documenti: name and SHA-256 of each document presented.
        impronta: SHA-256 of the whole that was presented.
    """
    document = Document(title="Ricevuta di presentazione", issuer=promotore, now=protocollata_il)
    document.fields(
        [
            ("Bando", f"{bando[0]} - {bando[1]}"),
            ("Protocollo", str(protocollo)),
            ("Arrivata il", ora_di_roma(presentata_il)),
            ("Protocollata il", ora_di_roma(protocollata_il)),
            ("Capofila", capofila),
            ("Progetto", titolo),
            ("Contributo chiesto", f"{format_cents(contributo_cent)} euro"),
        ]
    )
    document.paragraph(
        "L'arrivo decide il rispetto del termine, il protocollo l'ordine delle domande. L'impronta qui sotto e' lo "
        "SHA-256 del testo presentato, che contiene anche le impronte dei documenti e le adesioni dei partner: chi ha "
        "la domanda puo' ricalcolarla."
    )
    document.fingerprint("Impronta SHA-256", impronta)
    if documenti:
        document.heading("Documenti")
        document.table(headers=("Documento", "Impronta SHA-256"), rows=list(documenti), widths=(2, 3))
    return document


def csv_tabella(header: Sequence[str], righe: Iterable[Sequence[str | int | None]]) -> bytes:
    """Render rows of plain values, nothing where there is none.

    Args:
        header: names of the columns, without the licence.
        righe: the rows; amounts are already decimal text.
    """
    return _render(header, (["" if value is None else str(value) for value in riga] for riga in righe))


def pdf_graduatoria(
    *,
    promotore: str,
    bando: str,
    titolo: str,
    numero: int,
    finestra: str | None,
    atto: str,
    approvata_il: datetime,
    impronta: str,
    righe: Sequence[Riga],
) -> Document:
    """Write the published act of a ranking: who approved it, its rows, the digest that anybody can compute again.

    Args:
        promotore: name of the body that promotes the call.
        bando: code of the call.
        titolo: title of the call.
        numero: version of the ranking.
        finestra: the window that is ranked, if any.
        atto: the act that approved it.
        approvata_il: when, UTC.
        impronta: SHA-256 of the computed document.
        righe: its rows, in order; at most ``RIGHE_PDF`` are printed.
    """
    document = Document(title=f"Graduatoria {numero} - {titolo}", issuer=promotore, now=approvata_il)
    funded = [riga for riga in righe if riga.esito.value == "finanziata"]
    document.fields(
        [
            ("Bando", bando),
            *([("Finestra", finestra)] if finestra else []),
            ("Atto", atto),
            ("Approvata il", ora_di_roma(approvata_il)),
            ("Domande", str(len(righe))),
            ("Finanziate", str(len(funded))),
            ("Contributi", f"{format_cents(sum(riga.ammesso_cent for riga in funded))} euro"),
        ]
    )
    document.heading("Righe")
    document.table(
        headers=("Pos.", "Prot.", "Capofila", "Progetto", "Punti", "Contributo", "Esito"),
        rows=[
            (
                "-" if riga.posizione is None else str(riga.posizione),
                str(riga.protocollo),
                riga.capofila,
                riga.titolo,
                "-" if riga.totale_cent is None else format_cents(riga.totale_cent),
                format_cents(riga.ammesso_cent),
                riga.esito.value.replace("_", " "),
            )
            for riga in righe[:RIGHE_PDF]
        ],
        widths=(4, 5, 14, 18, 7, 10, 11),
        align="RRLLRRL",
    )
    if len(righe) > RIGHE_PDF:
        document.paragraph(f"Sono stampate le prime {RIGHE_PDF} righe di {len(righe)}: il CSV le ha tutte.")
    document.fingerprint("Impronta (SHA-256)", impronta)
    document.paragraph(f"Dati aperti, licenza {LICENZA}: {LICENZA_INDIRIZZO}")
    return document


def _render(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*header, "licenza"])
    for row in rows:
        writer.writerow([*(_inert(value) for value in row), LICENZA])
    return buffer.getvalue().encode()


def _inert(value: str) -> str:
    """Keep a spreadsheet from running text as a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value
