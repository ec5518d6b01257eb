"""Events this service publishes, version 1: each carries its aggregate's version and its full relevant state."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.events import Event
from services.bandi.rules.bando import CategoriaEnte, Modalita
from services.bandi.rules.domanda import RuoloPartner
from services.bandi.rules.progetto import StatoProgetto


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartnerStato(_Part):
    """An organisation of a project's partnership."""

    ente: str
    categoria: CategoriaEnte
    ruolo: RuoloPartner


class LineaStato(_Part):
    """The money of a project on one line; `azione` tells a lab (9.4.2) from inclusion (9.1.3)."""

    azione: str
    fondo: str
    ammesso_cent: int = Field(ge=0)
    impegnato_cent: int = Field(ge=0)


class ProgettoStato(Event):
    """The full state of a project, as all its events carry it."""

    progetto_id: UUID
    bando_id: UUID
    bando_codice: str
    codice: str
    titolo: str
    capofila: str
    partner: list[PartnerStato]
    comune: str | None
    quartiere: str | None
    stato: StatoProgetto
    inizio: date | None
    fine: date | None
    cup: str | None = None
    linee: list[LineaStato]
    accaduto_il: datetime


class BandoPubblicato(Event, subject="bandi.bando.pubblicato.v1", aggregate="bando_id"):
    """A call has been published, or changed by a later version with its act."""

    bando_id: UUID
    codice: str
    titolo: str
    modalita: Modalita
    apre_il: datetime | None
    chiude_il: datetime | None
    dotazione_cent: int = Field(ge=0)


class DomandaPresentata(Event, subject="bandi.domanda.presentata.v1", aggregate="domanda_id"):
    """An application has its protocol number."""

    domanda_id: UUID
    bando_id: UUID
    bando_codice: str
    protocollo: int = Field(ge=1)
    capofila: str
    presentata_il: datetime
    protocollata_il: datetime
    sostituisce: UUID | None


class GraduatoriaApprovata(Event, subject="bandi.graduatoria.approvata.v1", aggregate="graduatoria_id"):
    """A ranking, or a scorrimento, has been approved by an act."""

    graduatoria_id: UUID
    bando_id: UUID
    numero: int = Field(ge=1)
    atto: str
    righe: int = Field(ge=0)
    finanziate: int = Field(ge=0)
    finanziato_cent: int = Field(ge=0)


class ProgettoFinanziato(ProgettoStato, subject="bandi.progetto.finanziato.v1", aggregate="progetto_id"):
    """A project has been funded, or its grant has grown."""


class ProgettoImpegnato(ProgettoStato, subject="bandi.progetto.impegnato.v1", aggregate="progetto_id"):
    """Money of a project has been committed, or its start is known."""


class ProgettoProrogato(ProgettoStato, subject="bandi.progetto.prorogato.v1", aggregate="progetto_id"):
    """The end of a project has moved."""


class ProgettoConcluso(ProgettoStato, subject="bandi.progetto.concluso.v1", aggregate="progetto_id"):
    """A project is over and its accounts are closed; told again when money is recovered from it."""


class ProgettoRevocato(ProgettoStato, subject="bandi.progetto.revocato.v1", aggregate="progetto_id"):
    """A project has lost its funding, by its own renunciation or by the office's act; told again at a recovery."""


EVENTS: tuple[type[Event], ...] = (
    BandoPubblicato,
    DomandaPresentata,
    GraduatoriaApprovata,
    ProgettoFinanziato,
    ProgettoImpegnato,
    ProgettoProrogato,
    ProgettoConcluso,
    ProgettoRevocato,
)
