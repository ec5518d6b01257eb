"""Bodies of host firms, vacancies, declared skills, placements and contracts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, CodiceEnte, Conteggio, Istante, Soggetto, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.tirocinio import Fascia, StatoTirocinio, TipoContratto, TipoPosizione
from services.inclusione.schemas.comuni import Giorno

Competenza = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$", max_length=40),
    Field(examples=["cucina"], description="Un codice, mai parole della persona"),
]
Competenze = Annotated[list[Competenza], Field(max_length=40)]
Fasce = Annotated[list[Fascia], Field(max_length=5)]
Posti = Annotated[int, Field(ge=1, le=1000)]


class AziendaNuova(Body):
    """Un'azienda ospitante della rete dell'operatore."""

    denominazione: TestoBreve
    comune: TestoBreve
    settore: TestoBreve


class AziendaVista(View):
    """Un'azienda ospitante."""

    azienda_id: UUID
    versione: Versione
    ente: CodiceEnte
    denominazione: TestoBreve
    comune: TestoBreve
    settore: TestoBreve
    registrata_il: Istante


class PosizioneNuova(Body):
    """Una posizione aperta presso un'azienda: che cosa chiede e quando."""

    tipo: TipoPosizione
    mansione: TestoBreve
    competenze: Competenze = Field(default=[])
    fasce: Fasce = Field(default=[], description="Quando serve; vuoto: sempre")
    posti: Posti = 1


class PosizioneVista(View):
    """Una posizione e quanti dei suoi posti sono occupati."""

    posizione_id: UUID
    versione: Versione
    azienda_id: UUID
    tipo: TipoPosizione
    mansione: TestoBreve
    competenze: Competenze
    fasce: Fasce
    posti: Conteggio
    occupati: Conteggio
    aperta_il: Istante
    chiusa_il: Istante | None


class DisponibilitaCorpo(Body):
    """Che cosa una persona dichiara di saper fare e quando puo'."""

    competenze: Competenze
    fasce: Fasce


class DisponibilitaVista(View):
    """Quanto una persona ha dichiarato all'operatore che la segue."""

    persona_id: UUID
    versione: Versione
    competenze: Competenze
    fasce: Fasce
    dichiarata_il: Istante


class AbbinamentoVisto(View):
    """Una persona adatta a una posizione, e perche'."""

    persona_id: UUID
    punti: Annotated[int, Field(ge=0, le=100)]
    competenze_presenti: Competenze
    competenze_mancanti: Competenze
    fasce: Fasce


class Abbinamenti(View):
    """Le persone adatte a una posizione, dalla piu' adatta."""

    items: list[AbbinamentoVisto] = Field(max_length=1000)


class TirocinioNuovo(Body):
    """Un tirocinio presso un'azienda, al massimo sei mesi; il progetto non ne paga l'indennita'."""

    pip_id: UUID
    posizione_id: UUID
    tutor: Soggetto = Field(description="Il subject dell'operatore che fa da tutor")
    dal: Giorno
    al: Giorno


class Proroga(Body):
    """Il nuovo ultimo giorno."""

    al: Giorno


class Motivo(Body):
    """Perche'."""

    motivo: TestoMedio


class TirocinioVisto(View):
    """Un tirocinio."""

    tirocinio_id: UUID
    versione: Versione
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    posizione_id: UUID
    tutor: Soggetto
    dal: date
    al: date
    stato: StatoTirocinio
    motivo: TestoMedio | None
    avviato_il: Istante
    finito_il: Istante | None


class Tirocini(View):
    """I tirocini di un piano."""

    items: list[TirocinioVisto] = Field(max_length=100)


class ContrattoNuovo(Body):
    """Un contratto di lavoro iniziato: un risultato del percorso, non un'attesa."""

    pip_id: UUID
    posizione_id: UUID | None = None
    tipo: TipoContratto
    dal: Giorno
    mesi: Annotated[int, Field(ge=1, le=600)] | None = None


class ContrattoVisto(View):
    """Un contratto di lavoro."""

    contratto_id: UUID
    versione: Versione
    pip_id: UUID
    persona_id: UUID
    progetto_id: UUID
    posizione_id: UUID | None
    tipo: TipoContratto
    dal: date
    mesi: Conteggio | None
    registrato_il: Istante
    annullato_il: Istante | None
    motivo: TestoMedio | None


class Contratti(View):
    """I contratti di un piano."""

    items: list[ContrattoVisto] = Field(max_length=100)
