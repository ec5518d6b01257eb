"""Bodies of claims."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import (
    Body,
    Codice,
    CodiceEnte,
    Conteggio,
    Euro,
    EuroConSegno,
    Istante,
    TestoBreve,
    TestoMedio,
    Versione,
    View,
)
from services.inclusione.rules.rimborso import StatoRimborso, TipoRigaRimborso
from services.inclusione.schemas.comuni import CodiceServizio, Giorno


class RimborsoNuovo(Body):
    """Una domanda di rimborso: le ore validate di un periodo non ancora rendicontate."""

    misura_codice: Codice
    dal: Giorno
    al: Giorno = Field(description="Ultimo giorno, compreso; non dopo oggi")


class TaglioCorpo(Body):
    """Quanto si ammette di un'ora, e perche' non il resto."""

    ore_id: UUID
    ammesso: Euro
    motivo: TestoMedio


class IstruttoriaRimborso(Body):
    """L'istruttoria di una domanda: le ore non nominate sono ammesse per intero."""

    atto: TestoBreve
    tagli: list[TaglioCorpo] = Field(default=[], max_length=10_000)


class RimborsoVisto(View):
    """Una domanda di rimborso: quanto chiede e quanto e' stato ammesso."""

    domanda_id: UUID
    versione: Versione
    progetto_id: UUID
    misura_codice: Codice
    ente: CodiceEnte
    numero: Versione
    dal: date
    al: date
    stato: StatoRimborso
    righe: Conteggio
    chiesto: EuroConSegno = Field(description="Negativo se la domanda soltanto restituisce")
    ammesso: EuroConSegno | None
    tagliato: Euro | None
    presentata_il: Istante
    atto: TestoBreve | None
    istruita_il: Istante | None
    ritirata_il: Istante | None


class RimborsoRigaVista(View):
    """Una riga della domanda: un'ora da pagare, oppure una ammessa in passato, poi annullata, da restituire."""

    ore_id: UUID
    pip_id: UUID
    tipo: TipoRigaRimborso
    servizio_codice: CodiceServizio
    giorno: date
    minuti: Conteggio
    chiesto: EuroConSegno
    ammesso: EuroConSegno | None
    motivo: TestoMedio | None


class RimborsoIntero(RimborsoVisto):
    """Una domanda di rimborso con le sue righe e il lavoro indiretto dello stesso periodo, che non si paga."""

    minuti_indiretti: dict[TestoBreve, Conteggio] = Field(max_length=20)
    voci: list[RimborsoRigaVista] = Field(max_length=20_000)


class RendicontoOperatore(View):
    """Il conto di un operatore su una linea, per misura."""

    misura_codice: Codice
    ente: CodiceEnte
    minuti_validati: Conteggio
    costo: Euro = Field(description="Costo riconoscibile delle ore validate, tolti i tagli")
    massimale: Euro | None
    chiesto: EuroConSegno = Field(description="Ammesso, piu' quanto chiedono le domande non ancora istruite")
    ammesso: EuroConSegno


class Rendiconto(View):
    """Il conto dei servizi di una linea, operatore per operatore."""

    progetto_id: UUID
    prenotato: Euro
    ammesso: Euro
    operatori: list[RendicontoOperatore] = Field(max_length=1000)
