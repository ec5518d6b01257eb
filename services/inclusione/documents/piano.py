"""A signed version of a plan and its DRU as PDF: the person's name is printed and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.italian import amount_text, day_text, instant_text
from chassis.pdf import Document
from services.inclusione.rules.pip import ore_italiane


@dataclass(frozen=True, slots=True)
class Intestatario:
    """Who the plan is of, as laboratori tells it for this document."""

    nome: str
    data_nascita: date | None
    codice_fiscale: str | None


@dataclass(frozen=True, slots=True)
class RigaServizio:
    """A service of the version: its name in the catalogue, level, minutes, whether it gives the allowance."""

    codice: str
    nome: str
    livello: str
    minuti: int
    da_indennita: bool


@dataclass(frozen=True, slots=True)
class RigaFirma:
    """A signature: whose, how, when."""

    chi: str
    metodo: str
    firmata_il: datetime


@dataclass(frozen=True, slots=True)
class RigaRequisito:
    """A requirement with its answer and the kind of evidence."""

    testo: str
    risposta: str
    prova: str


@dataclass(frozen=True, slots=True)
class PianoFirmato:
    """A signed version, in plain values; amounts in cents."""

    pip: str
    numero: int
    misura: str
    titolo_misura: str
    misura_numero: int
    progetto: str
    ente: str
    fascia: str | None
    inizio: date
    fine: date
    servizi: Sequence[RigaServizio]
    servizi_cent: int
    indennita_cent: int
    testo_sha256: str
    firme: Sequence[RigaFirma]
    differenze: Sequence[str]
    requisiti: Sequence[RigaRequisito]
    quota_patto: str
    esito: str


def pdf_piano(piano: PianoFirmato, intestatario: Intestatario, *, now: datetime) -> Document:
    """The plan as signed, for the person and the operator.

    Args:
        now: the instant of issue.
    """
    documento = Document(
        title=f"Piano di Intervento Personalizzato, versione {piano.numero}", issuer=piano.ente, now=now
    )
    _persona(documento, intestatario)
    documento.heading("Piano")
    documento.fields(_dati(piano))
    _servizi(documento, piano)
    if piano.differenze:
        documento.heading("Che cosa cambia dalla versione precedente")
        for riga in piano.differenze:
            documento.paragraph(riga)
    _firme(documento, piano)
    return documento


def pdf_dru(piano: PianoFirmato, intestatario: Intestatario, *, now: datetime) -> Document:
    """The Dichiarazione Riassuntiva Unica that goes with the plan: what the person declares and what is planned.

    Args:
        now: the instant of issue.
    """
    documento = Document(title="Dichiarazione Riassuntiva Unica", issuer=piano.ente, now=now)
    _persona(documento, intestatario)
    documento.heading("Che cosa dichiara la persona")
    documento.table(
        headers=("Requisito della misura", "Risposta", "Prova"),
        rows=[(riga.testo, riga.risposta, riga.prova) for riga in piano.requisiti],
        widths=(5, 1, 2),
    )
    documento.paragraph(
        f"Esito della verifica: {piano.esito}. La persona si impegna a comunicare ogni variazione di quanto dichiara "
        "e a non ricevere indennita' per le stesse ore da altre politiche attive pubbliche."
    )
    documento.heading("Che cosa prevede il piano")
    documento.fields(_dati(piano))
    _servizi(documento, piano)
    documento.paragraph(
        "L'indennita' matura solo sulle ore frequentate e validate dei servizi che la danno, fino all'importo massimo; "
        f"sotto un patto di corresponsabilita' una quota ({piano.quota_patto}, se il patto non dice altro) va alla "
        "morosita'."
    )
    _firme(documento, piano)
    return documento


def _persona(documento: Document, intestatario: Intestatario) -> None:
    documento.heading("Persona")
    righe = [("Nome e cognome", intestatario.nome)]
    if intestatario.data_nascita is not None:
        righe.append(("Data di nascita", day_text(intestatario.data_nascita)))
    if intestatario.codice_fiscale is not None:
        righe.append(("Codice fiscale", intestatario.codice_fiscale))
    documento.fields(righe)


def _dati(piano: PianoFirmato) -> list[tuple[str, str]]:
    return [
        ("Piano", piano.pip),
        ("Misura", f"{piano.titolo_misura} ({piano.misura}, versione {piano.misura_numero})"),
        ("Progetto", piano.progetto),
        *([("Fascia d'intensita'", piano.fascia)] if piano.fascia else []),
        ("Durata", f"dal {day_text(piano.inizio)} al {day_text(piano.fine)}"),
        ("Dote per i servizi", f"{amount_text(piano.servizi_cent)} EUR"),
        ("Indennita' massima", f"{amount_text(piano.indennita_cent)} EUR"),
    ]


def _servizi(documento: Document, piano: PianoFirmato) -> None:
    documento.table(
        headers=("Servizio", "Livello", "Ore", "Indennita'"),
        rows=[
            (
                f"{riga.nome} ({riga.codice})",
                riga.livello.replace("_", " "),
                ore_italiane(riga.minuti).replace(".", ","),
                "si'" if riga.da_indennita else "no",
            )
            for riga in piano.servizi
        ],
        widths=(5, 3, 1, 1),
        align="LLRC",
    )


def _firme(documento: Document, piano: PianoFirmato) -> None:
    documento.heading("Firme")
    documento.table(
        headers=("Firma", "Metodo", "Raccolta il"),
        rows=[(riga.chi, riga.metodo, instant_text(riga.firmata_il)) for riga in piano.firme],
    )
    documento.fingerprint("Impronta SHA-256 del testo firmato, senza nomi", piano.testo_sha256)
