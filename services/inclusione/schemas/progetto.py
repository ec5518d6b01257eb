"""Bodies of projects and their inclusion line."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Euro, TestoBreve, Versione, View
from services.inclusione.rules.dote import StatoLinea


class LineaVista(View):
    """La linea di inclusione di un progetto: quanto ha, quanto tengono i piani, quanto resta."""

    progetto_id: UUID
    versione: Versione
    bando_codice: Codice
    codice: Codice
    titolo: TestoBreve
    capofila: CodiceEnte
    comune: TestoBreve | None
    quartiere: TestoBreve | None
    inizio: date | None
    fine: date | None
    stato: StatoLinea
    fondo: TestoBreve
    ammesso: Euro
    impegnato: Euro
    riservato_servizi: Euro
    riservato_indennita: Euro
    residuo: Euro = Field(description="Quanto si puo' ancora prenotare")
    scoperto: Euro = Field(description="Quanto i piani tengono oltre l'impegnato, dopo una riduzione")
    tetto_servizi: Euro | None
    tetto_indennita: Euro | None
    liquidato: Euro = Field(description="Indennita' gia' liquidate")
    piani: dict[TestoBreve, Versione] = Field(default={}, max_length=6, description="Numero di piani per stato")


class Ripartizione(Body):
    """La divisione della linea in due: servizi e indennita'."""

    servizi: Euro
    indennita: Euro
