"""Bodies of the documents of an application."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from chassis.text import clean_text
from chassis.types import Body, Codice, Conteggio, Istante, TestoBreve, Versione, View
from services.bandi.rules.bando import FormatoDocumento
from services.bandi.schemas.domanda import Impronta

NomeFile = Annotated[
    str,
    StringConstraints(min_length=1, max_length=150, pattern=r"^[^/\\\x00-\x1f\x7f]+$"),
    AfterValidator(clean_text),
]
"""A name for people: no path, no control character; what the file is is told by its content."""


class DocumentoNuovo(Body):
    """Un documento da aggiungere: poi se ne carica il file."""

    nome: NomeFile
    richiesto: Codice | None = Field(
        default=None, description="Il codice nell'elenco dei documenti del bando; senza, e' un altro allegato"
    )


class DocumentoVista(View):
    """Un documento di una domanda; i campi del file mancano finche' non e' caricato."""

    documento_id: UUID
    nome: TestoBreve
    richiesto: Codice | None
    presentato: bool = Field(description="Se fa parte di cio' che e' stato presentato: allora non cambia")
    soccorso: Versione | None = Field(description="Numero della richiesta di integrazione con cui e' arrivato")
    formato: FormatoDocumento | None = Field(description="Riconosciuto dal contenuto")
    dimensione: Conteggio | None = Field(description="Byte")
    impronta: Impronta | None = Field(description="SHA-256 del contenuto")
    caricato_il: Istante | None


class DocumentiDomanda(View):
    """I documenti di una domanda."""

    items: list[DocumentoVista] = Field(max_length=200)
