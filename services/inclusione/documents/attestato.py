"""A certificate as PDF, with the code that anybody may check. The name comes in here and stays in the file."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.italian import day_text
from chassis.pdf import Document
from services.inclusione.rules.attestato import TipoAttestato

TITOLI = {
    TipoAttestato.FREQUENZA: "Attestato di frequenza",
    TipoAttestato.COMPETENZE: "Attestato di competenze",
    TipoAttestato.IMPRESA: "Attestato di accompagnamento all'impresa",
}


@dataclass(frozen=True, slots=True)
class Attestazione:
    """What a certificate says, but the name."""

    ente: str
    progetto: str
    tipo: TipoAttestato
    corso: str
    ore: str
    codice: str
    rilasciato_il: datetime


def pdf_attestato(
    attestazione: Attestazione, *, nome: str, cognome: str, nascita: date | None, indirizzo: str
) -> Document:
    """A certificate.

    Args:
        nome: of the person, with `cognome` and day of birth as laboratori tells them at this moment.
        indirizzo: where the code is checked; it is in the QR code.
    """
    documento = Document(title=TITOLI[attestazione.tipo], issuer=attestazione.ente, now=attestazione.rilasciato_il)
    documento.fields(
        [
            ("Persona", f"{nome} {cognome}"),
            ("Data di nascita", day_text(nascita) if nascita else "-"),
            ("Corso", attestazione.corso),
            ("Ore frequentate", attestazione.ore.replace(".", ",")),
            ("Progetto", attestazione.progetto),
        ]
    )
    documento.heading("Verifica")
    documento.paragraph(
        f"Codice {attestazione.codice}. Chiunque puo' controllare che l'attestato valga: la risposta dice solo corso, "
        "ore e data, mai il nome."
    )
    documento.code(indirizzo)
    return documento
