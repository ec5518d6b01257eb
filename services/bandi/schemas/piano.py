"""Bodies of a project's CUP, of its plans and of the requests that redraw them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules import piano as rules
from services.bandi.rules.piano import StatoRimodulazione
from services.bandi.schemas.bando import Atto, Giorno
from services.bandi.schemas.progetto import CascataVista


class CupNuovo(Atto):
    """Il CUP di un progetto."""

    cup: Annotated[str, StringConstraints(min_length=15, max_length=30, pattern=r"^[A-Za-z0-9 ]+$")] = Field(
        description="Una lettera, due cifre, una lettera, undici cifre", examples=["E89J18000010006"]
    )


class AttivitaPiano(Body):
    """Un'attivita' prevista."""

    codice: Codice
    titolo: TestoBreve
    linea: Codice | None = None
    inizio: Giorno | None = None
    fine: Giorno | None = None


class IndicatorePiano(Body):
    """Un risultato promesso: quanto, di che cosa."""

    codice: Codice
    titolo: TestoBreve
    unita: TestoBreve
    atteso: Conteggio


class QuotaPiano(Body):
    """La parte di un ente nel costo di una linea e nel suo contributo."""

    linea: Codice
    ente: CodiceEnte
    costo: Euro
    contributo: Euro


class ContenutoPiano(Body):
    """Attivita', risultati attesi e quote: le quote di una linea sommate fanno cio' che le e' ammesso."""

    attivita: list[AttivitaPiano] = Field(default_factory=list, max_length=200)
    indicatori: list[IndicatorePiano] = Field(default_factory=list, max_length=100)
    quote: list[QuotaPiano] = Field(min_length=1, max_length=1000)

    def to_rules(self) -> rules.Piano:
        """Return the plan as the rules see it."""
        return rules.Piano(
            tuple(rules.Attivita(a.codice, a.titolo, a.linea, a.inizio, a.fine) for a in self.attivita),
            tuple(rules.Indicatore(i.codice, i.titolo, i.unita, i.atteso) for i in self.indicatori),
            tuple(rules.Quota(q.linea, q.ente, q.costo, q.contributo) for q in self.quote),
        )


class RimodulazioneNuova(Body):
    """La richiesta di un primo piano, o di un altro piano, e il perche'."""

    motivo: TestoMedio
    piano: ContenutoPiano


class RigettoRimodulazione(Atto):
    """Il rigetto di una richiesta."""

    motivo: TestoMedio


class RimodulazioneVista(View):
    """Una richiesta di rimodulazione e la sua decisione."""

    progetto_id: UUID
    numero: Versione
    stato: StatoRimodulazione
    base: Conteggio = Field(description="Il piano da cui parte; 0: il progetto non ne ha ancora")
    motivo: TestoMedio
    piano: ContenutoPiano
    chiesta_il: Istante
    atto: TestoBreve | None
    motivo_decisione: TestoMedio | None
    decisa_il: Istante | None


class RimodulazioniVista(View):
    """Le richieste di un progetto, dalla prima."""

    items: list[RimodulazioneVista] = Field(max_length=1000)


class PianoVoce(View):
    """Una versione approvata del piano."""

    numero: Versione
    atto: TestoBreve
    richiesta: Versione
    costo: Euro
    contributo: Euro
    approvato_il: Istante


class PianiVista(View):
    """I piani approvati di un progetto, dal primo."""

    items: list[PianoVoce] = Field(max_length=1000)


class PianoVista(PianoVoce):
    """Un piano approvato per intero: non si modifica mai."""

    piano: ContenutoPiano


class DifferenzaVista(View):
    """Una differenza fra due piani; vuoto: da quella parte non c'e'."""

    dove: TestoBreve
    prima: TestoMedio | None
    dopo: TestoMedio | None


class ConfrontoPiani(View):
    """Che cosa cambia da un piano a un altro."""

    prima: Versione
    dopo: Versione
    costo_prima: Euro
    costo_dopo: Euro
    contributo_prima: Euro
    contributo_dopo: Euro
    differenze: list[DifferenzaVista] = Field(max_length=5000)


class QuotaVista(CascataVista):
    """Il denaro di un ente su una linea del progetto."""

    linea: Codice
    ente: CodiceEnte
