"""Bodies of labs and their teams."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.types import Body, CodiceEnte, Istante, Soggetto, TestoBreve, Versione, View
from services.laboratori.rules.laboratori import (
    Apertura,
    OrigineLaboratorio,
    RuoloEquipe,
    StatoLaboratorio,
    ore_settimanali_minuti,
)
from services.laboratori.schemas.tipi import Giorno, Ora


class LaboratorioNuovo(Body):
    """Un laboratorio aperto a mano, senza un progetto regionale."""

    nome: TestoBreve
    ente_gestore: CodiceEnte = Field(description="Codice dell'ente che lo gestisce; per un funzionario, il proprio.")
    comune: TestoBreve
    quartiere: TestoBreve | None = None


class SedeNuova(Body):
    """La sede del laboratorio e chi ne e' proprietario."""

    indirizzo: TestoBreve
    comune: TestoBreve
    proprietario: TestoBreve = Field(description="Proprietario della sede, per esempio ALER o Comune.")
    dal: Giorno


class OrarioSettimanale(Body):
    """Un'apertura settimanale, in ora locale."""

    giorno: Annotated[int, Field(ge=1, le=7, description="Giorno della settimana: 1 lunedi', 7 domenica.")]
    apre: Ora
    chiude: Ora


class Allestimento(Body):
    """Cio' che serve perche' un laboratorio apra."""

    nome: TestoBreve
    quartiere: TestoBreve | None = None
    sede: SedeNuova
    orari: list[OrarioSettimanale] = Field(min_length=1, max_length=50)


class SedeVista(View):
    """Una sede e il periodo in cui lo e' stata."""

    indirizzo: TestoBreve
    comune: TestoBreve
    proprietario: TestoBreve
    dal: Giorno
    al: Giorno | None


class OrarioVisto(View):
    """Un'apertura settimanale, in ora locale."""

    giorno: Annotated[int, Field(ge=1, le=7)]
    apre: Ora
    chiude: Ora


class LaboratorioSintesi(View):
    """Un laboratorio nell'elenco pubblico."""

    laboratorio_id: UUID
    nome: TestoBreve
    ente_gestore: CodiceEnte
    progetto_id: UUID | None
    comune: TestoBreve | None
    quartiere: TestoBreve | None
    stato: StatoLaboratorio


class LaboratorioDettaglio(LaboratorioSintesi):
    """La pagina pubblica di un laboratorio."""

    versione: Versione
    origine: OrigineLaboratorio
    creato_il: Istante
    attivato_il: Istante | None
    chiuso_il: Istante | None
    sedi: list[SedeVista] = Field(max_length=200)
    orari: list[OrarioVisto] = Field(max_length=50)
    minuti_settimanali: Annotated[int, Field(ge=0, le=10_080, description="Minuti di apertura in una settimana.")]

    @classmethod
    def di(cls, laboratorio: BaseModel, sedi: Sequence[object], orari: Sequence[object]) -> Self:
        """The public page of a lab, from its rows."""
        visti = [OrarioVisto.model_validate(orario) for orario in orari]
        aperture = [Apertura(orario.giorno, orario.apre, orario.chiude) for orario in visti]
        return cls.model_validate(
            laboratorio.model_dump()
            | {
                "sedi": [SedeVista.model_validate(sede) for sede in sedi],
                "orari": visti,
                "minuti_settimanali": ore_settimanali_minuti(aperture),
            }
        )


class MembroEquipeNuovo(Body):
    """Un operatore che entra nell'equipe."""

    sub: Soggetto = Field(description="Identificativo opaco dell'operatore, come nel suo token.")
    ruolo: RuoloEquipe
    dal: Giorno
    al: Giorno | None = Field(default=None, description="Ultimo giorno, compreso.")


class MembroEquipeVisto(View):
    """Un operatore dell'equipe, con ruolo e periodo."""

    membro_equipe_id: UUID
    sub: Soggetto
    ruolo: RuoloEquipe
    dal: Giorno
    al: Giorno | None


class Equipe(View):
    """L'equipe di un laboratorio, anche di chi ne e' uscito."""

    items: list[MembroEquipeVisto] = Field(max_length=1000)


class Cessazione(Body):
    """Ultimo giorno, compreso."""

    al: Giorno
