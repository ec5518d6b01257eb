"""Files rendered from plain values: statements as CSV and PDF, Distinte as CSV."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from chassis.italian import amount_text, instant_text
from chassis.pdf import Document


def estratto_pdf(
    *,
    nucleo: str,
    al: datetime,
    punti: Sequence[tuple[str, int]],
    attivita: Sequence[tuple[str, int, int]],
    morosita: Sequence[tuple[str, int | None, int | None, int, int | None]],
    riduzioni: Sequence[tuple[int, str, str, int, str | None, datetime | None]],
    movimenti: Sequence[tuple[datetime, str, int, int]],
    now: datetime,
) -> Document:
    """Write a household's statement in plain Italian, without names.

    Args:
        nucleo: the household's pseudonymous id.
        al: the instant it speaks of.
        punti: labels and hundredths.
        attivita: kind, attendances and hundredths earned.
        morosita: contract, first told, last told, reduced, left (cents).
        riduzioni: protocol number, contract, state, amount, landlord's confirmation and its instant.
        movimenti: instant, what happened, hundredths, balance after it; the latest first.
        now: the instant of issue.

    Returns:
        The document, not yet rendered.
    """
    documento = Document(title="Estratto conto PuntiLuna", issuer="Quartieri", now=now)
    documento.fields([("Nucleo", nucleo), ("Situazione al", instant_text(al))])
    documento.paragraph("Un punto vale un euro di morosità in meno, quando il proprietario della casa lo conferma.")
    documento.heading("I tuoi punti")
    documento.fields([(nome, amount_text(cent)) for nome, cent in punti])
    if attivita:
        documento.heading("Da quali attività")
        righe = [(nome, str(presenze), amount_text(cent)) for nome, presenze, cent in attivita]
        documento.table(headers=("Attività", "Presenze", "Punti"), rows=righe, widths=(3, 1, 1), align="LRR")
    documento.heading("La morosità")
    for contratto, prima, ultima, ridotta, resta in morosita:
        importi = (
            ("Comunicata all'inizio", prima),
            ("Comunicata per ultima", ultima),
            ("Ridotta con i punti", ridotta),
        )
        righe_contratto = [(nome, _euro(cent)) for nome, cent in (*importi, ("Resta", resta))]
        documento.fields([("Contratto", contratto), *righe_contratto])
    if not morosita:
        documento.paragraph("Il nucleo non ha contratti con un proprietario della piattaforma.")
    if riduzioni:
        documento.heading("Le riduzioni e le conferme del proprietario")
        documento.table(
            headers=("N.", "Contratto", "Stato", "Euro", "Conferma", "Del"),
            rows=[
                (str(n), contratto, stato, amount_text(cent), conferma or "", instant_text(il) if il else "")
                for n, contratto, stato, cent, conferma, il in riduzioni
            ],
            widths=(1, 3, 4, 2, 3, 3),
            align="RLLRLL",
        )
    if movimenti:
        documento.heading("Gli ultimi movimenti")
        documento.table(
            headers=("Quando", "Che cosa", "Punti", "Saldo"),
            rows=[
                (instant_text(q), testo, amount_text(cent), amount_text(saldo)) for q, testo, cent, saldo in movimenti
            ],
            widths=(3, 8, 2, 2),
            align="LLRR",
        )
    return documento


def _euro(cent: int | None) -> str:
    return "non comunicata" if cent is None else f"{amount_text(cent)} euro"


def impronta(contenuto: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(contenuto).hexdigest()
