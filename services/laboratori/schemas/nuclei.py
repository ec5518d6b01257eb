"""Bodies of households."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from chassis.types import Body, Codice, CodiceEnte, Versione, View
from services.laboratori.rules.nuclei import RuoloNucleo
from services.laboratori.schemas.persone import PersonaNuova
from services.laboratori.schemas.tipi import Giorno


class MembroNuovo(Body):
    """Chi entra nel nucleo: una persona gia' registrata, oppure una scheda nuova."""

    persona_id: UUID | None = None
    persona: PersonaNuova | None = None
    ruolo: RuoloNucleo = RuoloNucleo.COMPONENTE
    dal: Giorno
    presa_in_carico: bool = Field(default=False, description="Il laboratorio la prende anche in carico.")

    @model_validator(mode="after")
    def _una_sola(self) -> Self:
        if (self.persona_id is None) == (self.persona is None):
            raise ValueError("indicare persona_id oppure persona, non entrambi")
        return self


class ContrattoNuovo(Body):
    """Un contratto di locazione con il suo proprietario."""

    contratto_codice: Codice
    ente_proprietario: CodiceEnte
    dal: Giorno
    al: Giorno | None = Field(default=None, description="Ultimo giorno, compreso.")


class NucleoNuovo(Body):
    """Un nucleo con chi lo compone e i suoi contratti."""

    membri: list[MembroNuovo] = Field(min_length=1, max_length=30)
    contratti: list[ContrattoNuovo] = Field(default=[], max_length=10)


class NucleiNuovi(Body):
    """Un elenco di nuclei: si scrivono tutti oppure nessuno."""

    nuclei: list[NucleoNuovo] = Field(min_length=1, max_length=500)


class MembroCreato(View):
    """Un membro con lo pseudonimo della sua persona."""

    persona_id: UUID
    ruolo: RuoloNucleo
    dal: Giorno
    al: Giorno | None


class ContrattoVisto(View):
    """Un contratto del nucleo."""

    contratto_id: UUID
    contratto_codice: Codice
    ente_proprietario: CodiceEnte
    dal: Giorno
    al: Giorno | None


class NucleoVisto(View):
    """Un nucleo con la sua storia, senza nomi."""

    nucleo_id: UUID
    versione: Versione
    laboratorio_id: UUID
    membri: list[MembroCreato] = Field(max_length=500)
    contratti: list[ContrattoVisto] = Field(max_length=500)

    @classmethod
    def di(cls, nucleo: BaseModel, membri: Sequence[object], contratti: Sequence[object]) -> Self:
        """A household as its lab and its residents see it, from its rows."""
        return cls.model_validate(
            nucleo.model_dump()
            | {
                "membri": [MembroCreato.model_validate(membro) for membro in membri],
                "contratti": [ContrattoVisto.model_validate(contratto) for contratto in contratti],
            }
        )


class NucleoCreato(View):
    """Un nucleo appena registrato: le persone nell'ordine in cui sono state indicate."""

    nucleo_id: UUID
    persone: list[UUID] = Field(max_length=30)


class NucleiCreati(View):
    """I nuclei registrati, nell'ordine dell'elenco."""

    items: list[NucleoCreato] = Field(max_length=500)


class NucleoInElenco(View):
    """Un nucleo nell'elenco del laboratorio."""

    nucleo_id: UUID
    versione: Versione
    persone: Annotated[int, Field(ge=0, le=500, description="Quante persone lo compongono oggi.")]
    contratti: list[ContrattoVisto] = Field(max_length=500)
