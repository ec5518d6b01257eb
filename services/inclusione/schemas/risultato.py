"""Bodies of enterprise paths, certificates, targets and results."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, CodiceEnte, Conteggio, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.attestato import TipoAttestato
from services.inclusione.rules.risultato import Indicatore
from services.inclusione.rules.tirocinio import StatoTirocinio, Traguardo
from services.inclusione.schemas.comuni import CodiceServizio, Giorno

CodiceVerifica = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z-]{1,40}$", max_length=40)]
Ore = Annotated[str, StringConstraints(pattern=r"^\d{1,6}\.\d{2}$", max_length=9)]


class ImpresaNuova(Body):
    """L'avvio dell'accompagnamento di una persona verso un'impresa propria."""

    pip_id: UUID
    dal: Giorno
    mesi: Annotated[int, Field(ge=1, le=60)]


class TraguardoNuovo(Body):
    """Un traguardo raggiunto."""

    traguardo: Traguardo
    raggiunto_il: Giorno


class TraguardoVisto(View):
    """Un traguardo raggiunto e il suo giorno."""

    traguardo: Traguardo
    raggiunto_il: date


class ImpresaVista(View):
    """Un percorso di impresa: le ore di accompagnamento validate e i traguardi raggiunti."""

    impresa_id: UUID
    versione: Versione
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    dal: date
    mesi: Conteggio
    stato: StatoTirocinio
    minuti_accompagnamento: Conteggio = Field(description="Minuti validati dei servizi di tipo impresa del piano")
    traguardi: list[TraguardoVisto] = Field(max_length=5)
    motivo: TestoMedio | None
    avviata_il: Istante
    finita_il: Istante | None


class AttestatoNuovo(Body):
    """Un attestato delle ore validate di un servizio."""

    pip_id: UUID
    servizio_codice: CodiceServizio
    tipo: TipoAttestato = TipoAttestato.FREQUENZA
    soglia_percento: Annotated[int, Field(ge=1, le=100)] = Field(
        default=75, description="Quota delle ore previste che il corso chiede"
    )


class AttestatoVisto(View):
    """Un attestato, senza il nome della persona: quello sta solo nel PDF."""

    attestato_id: UUID
    versione: Versione
    codice: CodiceVerifica
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    ente: CodiceEnte
    tipo: TipoAttestato
    servizio_codice: CodiceServizio
    corso: TestoBreve
    minuti: Conteggio
    rilasciato_il: Istante
    revocato_il: Istante | None
    motivo: TestoMedio | None


class Attestati(View):
    """Gli attestati di un piano."""

    items: list[AttestatoVisto] = Field(max_length=100)


class Verifica(View):
    """L'esito del controllo di un attestato: solo se vale, di che corso, quante ore e quando."""

    valido: bool
    corso: TestoBreve | None = None
    ore: Ore | None = None
    rilasciato_il: date | None = None


class ObiettivoCorpo(Body):
    """Quanto il progetto si attende, e dove e' scritto."""

    atteso: Conteggio
    fonte: TestoBreve


class RisultatoVisto(View):
    """Un indicatore: quanto era atteso, se scritto, e quanto risulta dai fatti registrati."""

    indicatore: Indicatore
    atteso: Conteggio | None
    fonte: TestoBreve | None
    raggiunto: Conteggio


class Risultati(View):
    """Gli indicatori di un progetto."""

    items: list[RisultatoVisto] = Field(max_length=40)
