"""Bodies of activities, their calendar and the registrations to them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.types import Body, Conteggio, Istante, TestoBreve, TestoMedio, Versione, View
from services.laboratori.rules.attivita import CAPIENZA_MASSIMA, Fascia, StatoAttivita, StatoIscrizione, TipoAttivita
from services.laboratori.schemas.tipi import Momento, Voce

Capienza = Annotated[int, Field(ge=1, le=CAPIENZA_MASSIMA)]


class AttivitaNuova(Body):
    """Un'attivita' del laboratorio, con la sua tariffa."""

    tipo: TipoAttivita
    titolo: TestoBreve
    descrizione: TestoMedio | None = None
    luogo: TestoBreve
    inizio: Momento
    fine: Momento
    capienza: Capienza | None = Field(default=None, description="Assente: senza limite di posti.")
    fascia: Fascia = Field(default=Fascia.NESSUNA, description="Fascia di tariffa delle ore di un'attivita' diretta.")
    diretta: bool = Field(default=True, description="Falso per le attivita' indirette, con una tariffa propria.")
    categoria_indiretta: Voce | None = Field(default=None, description="Per esempio centro_aggregazione_giovanile.")


class AttivitaVista(View):
    """Un'attivita' come la vede chiunque."""

    attivita_id: UUID
    versione: Versione
    laboratorio_id: UUID
    tipo: TipoAttivita
    titolo: TestoBreve
    descrizione: TestoMedio | None
    luogo: TestoBreve
    inizio: Istante
    fine: Istante
    capienza: Capienza | None
    posti_liberi: Conteggio | None = Field(description="Assente: senza limite di posti.")
    fascia: Fascia
    diretta: bool
    categoria_indiretta: Voce | None
    stato: StatoAttivita

    @classmethod
    def di(cls, attivita: BaseModel) -> Self:
        """An activity as everybody sees it, from its row."""
        valori = attivita.model_dump()
        capienza, iscritti = valori["capienza"], valori["iscritti"]
        return cls.model_validate(valori | {"posti_liberi": None if capienza is None else capienza - iscritti})


class IscrizioneNuova(Body):
    """L'iscrizione di una persona a un'attivita'."""

    persona_id: UUID


class IscrizioneVista(View):
    """Un'iscrizione: con il posto, in attesa nell'ordine di arrivo, oppure ritirata."""

    iscrizione_id: UUID
    attivita_id: UUID
    persona_id: UUID
    numero: Conteggio = Field(description="Ordine di arrivo.")
    stato: StatoIscrizione
    iscritta_il: Istante
    promossa_il: Istante | None
    ritirata_il: Istante | None


class Motivo(Body):
    """Perche' lo si fa."""

    motivo: TestoMedio
