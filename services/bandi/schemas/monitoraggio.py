"""Bodies of what a project reports: works, spaces, dwellings, results, duties."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules import monitoraggio as rules
from services.bandi.rules.monitoraggio import Ambito, Canone, TipoObbligo, TitoloUso
from services.bandi.schemas.bando import Giorno

Percento = Annotated[int, Field(ge=0, le=100, description="Percentuale dei lavori fatti")]


class LavoriNuovi(Body):
    """Lo stato dei lavori di un blocco in un giorno."""

    ambito: Ambito
    blocco: TestoBreve = Field(description="Il blocco o la parte del quartiere, per esempio `Nord`")
    percento: Percento
    alloggi: Conteggio | None = Field(default=None, description="Alloggi oggetto dei lavori, se noti")
    rilevato_il: Giorno
    motivo: TestoMedio | None = Field(default=None, description="Perche' la percentuale e' scesa, se e' scesa")


class LavoriVista(View):
    """Una rilevazione dello stato dei lavori."""

    numero: Versione
    ambito: Ambito
    blocco: TestoBreve
    percento: Percento
    alloggi: Conteggio | None
    rilevato_il: date
    motivo: TestoMedio | None
    registrato_il: Istante


class LavoriProgetto(View):
    """Lo stato dei lavori: per ogni blocco l'ultima rilevazione, e tutte in ordine."""

    attuale: list[LavoriVista] = Field(max_length=1000)
    storia: list[LavoriVista] = Field(max_length=1000)


class SpazioNuovo(Body):
    """Uno spazio che il progetto usa."""

    codice: Codice
    denominazione: TestoBreve
    indirizzo: TestoBreve | None = None
    titolo: TitoloUso
    concedente: CodiceEnte | None = Field(default=None, description="Chi lo concede; assente solo se in proprieta'")
    superficie_mq: Conteggio | None = None
    dal: Giorno
    al: Giorno | None = None


class RestituzioneSpazio(Body):
    """L'ultimo giorno d'uso di uno spazio."""

    al: Giorno


class SpazioVista(View):
    """Uno spazio di un progetto."""

    codice: Codice
    denominazione: TestoBreve
    indirizzo: TestoBreve | None
    titolo: TitoloUso
    concedente: CodiceEnte | None
    superficie_mq: Conteggio | None
    dal: date
    al: date | None


class SpaziProgetto(View):
    """Gli spazi di un progetto, in ordine di codice."""

    items: list[SpazioVista] = Field(max_length=1000)


class AlloggiCanone(Body):
    """Gli alloggi di un canone, prima e dopo il progetto."""

    canone: Canone
    prima: Conteggio
    dopo: Conteggio

    def to_rules(self) -> rules.Alloggi:
        """Return the dwellings as the rules see them."""
        return rules.Alloggi(self.canone, self.prima, self.dopo)


class AlloggiNuovi(Body):
    """Il prospetto degli alloggi: quelli a canone sociale non diminuiscono."""

    alloggi: list[AlloggiCanone] = Field(min_length=1, max_length=4)


class AlloggiProgetto(View):
    """Il prospetto degli alloggi in vigore."""

    numero: Conteggio = Field(description="0: nessun prospetto")
    alloggi: list[AlloggiCanone] = Field(max_length=4)
    totale_prima: Conteggio
    totale_dopo: Conteggio


class RisultatoNuovo(Body):
    """Quanto e' stato raggiunto di un indicatore del piano."""

    indicatore: Codice
    raggiunto: Conteggio
    rilevato_il: Giorno
    nota: TestoMedio | None = None


class IndicatoreVista(View):
    """Atteso e raggiunto di un indicatore."""

    codice: Codice
    titolo: TestoBreve
    unita: TestoBreve
    atteso: Conteggio
    raggiunto: Conteggio | None = Field(description="Assente finche' nulla e' stato rilevato")
    rilevato_il: date | None
    rilevazioni: Conteggio


class IndicatoriProgetto(View):
    """Gli indicatori del piano in vigore, con i risultati."""

    piano: Conteggio
    items: list[IndicatoreVista] = Field(max_length=100)


class ObbligoNuovo(Body):
    """Un obbligo di disseminazione o di continuita'."""

    tipo: TipoObbligo
    descrizione: TestoBreve
    entro: Giorno


class AdempimentoNuovo(Body):
    """L'adempimento di un obbligo e la sua prova."""

    adempiuto_il: Giorno
    prova: TestoMedio = Field(description="Dove si vede: estremi di un documento o indirizzo di una pagina")


class ObbligoVista(View):
    """Un obbligo di un progetto."""

    obbligo_id: UUID
    tipo: TipoObbligo
    descrizione: TestoBreve
    entro: date
    adempiuto_il: date | None
    prova: TestoMedio | None
    scaduto: bool = Field(description="Il termine e' passato senza adempimento")


class ObblighiProgetto(View):
    """Gli obblighi di un progetto, per termine."""

    items: list[ObbligoVista] = Field(max_length=500)
