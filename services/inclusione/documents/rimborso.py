"""A claim as CSV, for the accounts, and as PDF, to be signed and filed. Pseudonymous: no name is needed to pay it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.italian import amount_text, day_text, instant_text
from chassis.money import format_cents
from chassis.pdf import Document
from chassis.sheets import csv_file
from services.inclusione.rules.pip import ore_italiane

COLONNE = ("ora", "piano", "tipo", "servizio", "giorno", "ore", "chiesto", "ammesso", "motivo")


@dataclass(frozen=True, slots=True)
class Voce:
    """A row of a claim, in plain values."""

    ora: str
    piano: str
    tipo: str
    servizio: str
    giorno: date
    minuti: int
    chiesto_cent: int
    ammesso_cent: int | None
    motivo: str | None


@dataclass(frozen=True, slots=True)
class Domanda:
    """A claim, in plain values."""

    numero: int
    ente: str
    progetto: str
    misura: str
    dal: date
    al: date
    stato: str
    chiesto_cent: int
    ammesso_cent: int | None
    atto: str | None
    presentata_il: datetime
    istruita_il: datetime | None
    minuti_indiretti: Mapping[str, int]
    voci: Sequence[Voce]


def csv_rimborso(domanda: Domanda) -> bytes:
    """The rows of a claim: one an hour, decimal points, ISO days."""
    return csv_file(
        COLONNE,
        [
            (
                voce.ora,
                voce.piano,
                voce.tipo,
                voce.servizio,
                voce.giorno.isoformat(),
                ore_italiane(voce.minuti),
                format_cents(voce.chiesto_cent),
                None if voce.ammesso_cent is None else format_cents(voce.ammesso_cent),
                voce.motivo,
            )
            for voce in domanda.voci
        ],
    )


def pdf_rimborso(domanda: Domanda, *, impronta: str) -> Document:
    """A claim: what is asked and admitted, by service and by plan, the cuts with their reasons, the indirect work.

    Args:
        impronta: SHA-256 of the CSV, so that the two files can be shown to be of the same rows.
    """
    quando = domanda.istruita_il or domanda.presentata_il
    documento = Document(title=f"Domanda di rimborso {domanda.numero}", issuer=domanda.ente, now=quando)
    documento.fields(
        [
            ("Progetto", domanda.progetto),
            ("Misura", domanda.misura),
            ("Periodo", f"{day_text(domanda.dal)} - {day_text(domanda.al)}"),
            ("Presentata", instant_text(domanda.presentata_il)),
            ("Stato", domanda.stato),
            ("Righe", str(len(domanda.voci))),
            ("Chiesto", f"{amount_text(domanda.chiesto_cent)} EUR"),
            ("Ammesso", "-" if domanda.ammesso_cent is None else f"{amount_text(domanda.ammesso_cent)} EUR"),
            ("Atto", domanda.atto or "-"),
        ]
    )
    documento.heading("Per servizio")
    documento.table(
        headers=("Servizio", "Ore", "Chiesto", "Ammesso"),
        rows=_per(domanda, lambda voce: voce.servizio),
        widths=(3, 1, 1, 1),
        align="LRRR",
    )
    documento.heading("Per piano")
    documento.table(
        headers=("Piano", "Ore", "Chiesto", "Ammesso"),
        rows=_per(domanda, lambda voce: voce.piano),
        widths=(3, 1, 1, 1),
        align="LRRR",
    )
    tagli = [
        (voce.ora, amount_text(voce.chiesto_cent), amount_text(voce.ammesso_cent), voce.motivo or "")
        for voce in domanda.voci
        if voce.ammesso_cent is not None and voce.ammesso_cent != voce.chiesto_cent
    ]
    if tagli:
        documento.heading("Tagli")
        documento.table(headers=("Ora", "Chiesto", "Ammesso", "Motivo"), rows=tagli, widths=(3, 1, 1, 3), align="LRRL")
    documento.heading("Lavoro indiretto dello stesso periodo, non pagato")
    indiretto = [(nome, ore_italiane(minuti)) for nome, minuti in sorted(domanda.minuti_indiretti.items())]
    if indiretto:
        documento.table(headers=("Categoria", "Ore"), rows=indiretto, widths=(3, 1), align="LR")
    else:
        documento.paragraph("Nessuno registrato.")
    documento.fingerprint("SHA-256 del CSV delle righe", impronta)
    return documento


def _per(domanda: Domanda, campo: Callable[[Voce], str]) -> list[tuple[str, str, str, str]]:
    somme: dict[str, list[int]] = {}
    for voce in domanda.voci:
        somma = somme.setdefault(campo(voce), [0, 0, 0])
        somma[0] += voce.minuti if voce.chiesto_cent >= 0 else 0
        somma[1] += voce.chiesto_cent
        somma[2] += voce.ammesso_cent or 0
    righe = [
        (nome, ore_italiane(minuti), amount_text(chiesto), amount_text(ammesso))
        for nome, (minuti, chiesto, ammesso) in sorted(somme.items())
    ]
    totali = [sum(somma[quale] for somma in somme.values()) for quale in range(3)]
    return [*righe, ("Totale", ore_italiane(totali[0]), amount_text(totali[1]), amount_text(totali[2]))]
