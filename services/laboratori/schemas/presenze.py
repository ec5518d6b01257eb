"""Bodies of attendances."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.types import Body, Conteggio, Istante, Soggetto, TestoMedio, Versione, View
from services.laboratori.rules.attivita import Fascia
from services.laboratori.rules.presenze import DURATA_MASSIMA_MINUTI, StatoPresenza, TipoFatto
from services.laboratori.schemas.tipi import Momento, Voce

MinutiPresenza = Annotated[int, Field(ge=15, le=DURATA_MASSIMA_MINUTI, multiple_of=15)]


class PresenzaNuova(Body):
    """La presenza di una persona a un'attivita', a quarti d'ora; iscritta o arrivata senza iscrizione."""

    persona_id: UUID
    inizio: Momento
    fine: Momento


class PresenzeNuove(Body):
    """Le presenze di un foglio firma: si scrivono tutte oppure nessuna."""

    presenze: list[PresenzaNuova] = Field(min_length=1, max_length=500)


class PresenzeCreate(View):
    """Le presenze registrate, nell'ordine del foglio."""

    items: list[UUID] = Field(max_length=500)


class ConfermeNuove(Body):
    """Le presenze da confermare insieme: tutte oppure nessuna."""

    presenze: list[UUID] = Field(min_length=1, max_length=500)


class ConfermeFatte(View):
    """Esito della conferma di un elenco."""

    confermate: Conteggio
    gia_confermate: Conteggio


class RettificaNuova(Body):
    """L'orario giusto e perche' si corregge."""

    inizio: Momento
    fine: Momento
    motivo: TestoMedio


class PresenzaVista(View):
    """Una presenza dopo i fatti avvenuti finora."""

    presenza_id: UUID
    versione: Versione
    stato: StatoPresenza
    laboratorio_id: UUID
    attivita_id: UUID
    persona_id: UUID
    nucleo_id: UUID | None = Field(description="Nucleo della persona alla data della presenza, dalla conferma in poi.")
    inizio: Istante
    fine: Istante
    minuti: MinutiPresenza
    fascia: Fascia | None
    diretta: bool | None
    categoria_indiretta: Voce | None
    registrata_il: Istante
    confermata_il: Istante | None


class FattoVisto(View):
    """Un fatto della storia di una presenza."""

    versione: Versione
    tipo: TipoFatto
    inizio: Istante
    fine: Istante
    nucleo_id: UUID | None
    motivo: TestoMedio | None
    autore: Soggetto
    accaduto_il: Istante


class PresenzaConStoria(PresenzaVista):
    """Una presenza con tutti i fatti che l'hanno portata dove e'."""

    storia: list[FattoVisto] = Field(max_length=1000)

    @classmethod
    def con(cls, presenza: BaseModel, fatti: Sequence[object]) -> Self:
        """An attendance with its history."""
        return cls.model_validate(
            presenza.model_dump() | {"storia": [FattoVisto.model_validate(fatto) for fatto in fatti]}
        )
