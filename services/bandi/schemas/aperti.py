"""Bodies of the open data: each says what it is, under which licence and in which version."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.types import TestoBreve, TestoMedio, View
from services.bandi.schemas.bando import BandoDettaglio
from services.bandi.schemas.graduatoria import GraduatoriaVista, RigaVista
from services.bandi.schemas.progetto import AvanzamentoBando, ProgettoVoce

Percorso = Annotated[str, StringConstraints(max_length=300, pattern=r"^/[!-~]*$")]
"""A path below the service's address."""


class Licenza(View):
    """La licenza dei dati."""

    codice: TestoBreve = Field(description="Come la nomina SPDX")
    titolo: TestoBreve
    indirizzo: Annotated[str, StringConstraints(max_length=300, pattern=r"^https://[!-~]*$")]


class DatiAperti(View):
    """Un insieme di dati: nome stabile, licenza, versione."""

    dataset: TestoBreve = Field(description="Nome stabile dell'insieme di dati")
    licenza: Licenza
    versione: TestoBreve = Field(description="Cambia quando cambiano i dati, ed e' nell'ETag")


class DatiBandi(DatiAperti):
    """I bandi pubblicati, con le regole in vigore."""

    items: list[BandoDettaglio] = Field(max_length=100_000)


class DatiProgetti(DatiAperti):
    """I progetti finanziati e il loro denaro, per linea."""

    items: list[ProgettoVoce] = Field(max_length=100_000)


class DatiGraduatoria(DatiAperti):
    """Una versione approvata della graduatoria di un bando."""

    graduatoria: GraduatoriaVista
    items: list[RigaVista] = Field(max_length=100_000)


class DatiAvanzamento(DatiAperti):
    """Il denaro di un bando, per linea e in tutto."""

    avanzamento: AvanzamentoBando


class VoceCatalogo(View):
    """Un insieme di dati del catalogo."""

    dataset: TestoBreve
    titolo: TestoBreve
    descrizione: TestoMedio
    identificativi: TestoMedio = Field(description="Che cosa resta stabile nel tempo")
    percorsi: list[Percorso] = Field(max_length=20, description="Dove si scarica, per formato")


class Catalogo(View):
    """Gli insiemi di dati aperti del servizio."""

    licenza: Licenza
    items: list[VoceCatalogo] = Field(max_length=100)
