"""Bodies of hours."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Codice, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.ore import CategoriaIndiretta, StatoOra
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.schemas.comuni import CodiceServizio, Momento

MASSIMO_RIGHE = 10_000


class OraNuova(Body):
    """Un intervallo: di un servizio (diretta) oppure di una categoria di lavoro indiretto."""

    servizio_codice: CodiceServizio | None = None
    categoria_indiretta: CategoriaIndiretta | None = None
    inizio: Momento
    fine: Momento
    sessione: Codice | None = Field(default=None, description="Codice della sessione di gruppo")


class OraDiUnPip(OraNuova):
    """Un intervallo e il piano a cui appartiene."""

    pip_id: UUID


class RegistrazioneOre(Body):
    """Molte ore insieme: ogni riga riesce o e' rifiutata da sola."""

    righe: list[OraDiUnPip] = Field(min_length=1, max_length=2_000)


class FirmaOre(Body):
    """La firma della persona su ore sue, raccolta dall'operatore."""

    ore: list[UUID] = Field(min_length=1, max_length=MASSIMO_RIGHE)
    metodo: MetodoFirma


class ValidazioneOre(Body):
    """Le ore da validare: ogni riga riesce o e' rifiutata da sola."""

    ore: list[UUID] = Field(min_length=1, max_length=MASSIMO_RIGHE)


class Annullamento(Body):
    """Perche' un'ora si annulla."""

    motivo: TestoBreve


TipoProblema = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$", max_length=80)]


class RigaRifiutata(View):
    """Una riga rifiutata: la sua posizione, il tipo del rifiuto e la ragione."""

    riga: Conteggio = Field(description="Posizione nella richiesta, da 0")
    ore_id: UUID | None
    tipo: TipoProblema
    messaggio: TestoMedio


class EsitoOre(View):
    """Che cosa e' stato fatto, riga per riga."""

    fatte: list[UUID] = Field(max_length=MASSIMO_RIGHE, description="Ore riuscite, nell'ordine della richiesta")
    rifiutate: list[RigaRifiutata] = Field(max_length=MASSIMO_RIGHE)


class OraVista(View):
    """Un'ora."""

    ore_id: UUID
    versione: Versione
    pip_id: UUID
    diretta: bool
    servizio_codice: CodiceServizio | None
    categoria_indiretta: CategoriaIndiretta | None
    sessione: Codice | None
    inizio: Istante
    fine: Istante
    minuti: Conteggio
    giorno: date
    stato: StatoOra
    firmata_il: Istante | None
    validata_il: Istante | None
    annullata_il: Istante | None
    annullata_motivo: TestoBreve | None
    costo: Euro
    indennita: Euro
    gia_pagata_da: TestoBreve | None = Field(description="Chi ha gia' pagato questa ora, se non la paga l'indennita'")
