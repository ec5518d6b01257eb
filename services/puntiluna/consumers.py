"""What puntiluna listens to: projects, attendances, households, validated hours, shares of allowances."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Envelope, EventIn
from chassis.inbox import Consumers
from chassis.money import MAX_CENTS
from services.puntiluna.rules.accrediti import Presenza
from services.puntiluna.rules.tariffe import Fascia
from services.puntiluna.service.accrediti import applica_ore, applica_presenze
from services.puntiluna.service.nuclei import ContrattoRaccontato, aggiorna_nucleo
from services.puntiluna.service.ore import OreValidate
from services.puntiluna.service.persone import unisci_persone
from services.puntiluna.service.progetti import ProgettoRaccontato, aggiorna_progetto
from services.puntiluna.service.quote import QuotaRaccontata, accogli_quota

consumers = Consumers("puntiluna")


class _Parte(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class StatoPresenza(StrEnum):
    """State of an attendance in its lab."""

    CONFERMATA = "confermata"
    ANNULLATA = "annullata"


class StatoOre(StrEnum):
    """State of training hours in inclusione."""

    VALIDATA = "validata"
    ANNULLATA = "annullata"


class PartnerIn(_Parte):
    """A partner of a project."""

    ente: str = Field(max_length=64)


class LineaIn(_Parte):
    """A funding line of a project."""

    impegnato_cent: int = Field(ge=0, le=MAX_CENTS)


class ProgettoIn(EventIn):
    """The state of a project, whatever happened to it."""

    progetto_id: UUID
    codice: str
    titolo: str
    capofila: str
    partner: list[PartnerIn] = Field(default_factory=list)
    comune: str | None = None
    stato: str
    linee: list[LineaIn] = Field(default_factory=list)


class PresenzaIn(EventIn):
    """An attendance, whatever happened to it."""

    presenza_id: UUID
    stato: StatoPresenza
    progetto_id: UUID | None = None
    attivita_id: UUID
    persona_id: UUID
    nucleo_id: UUID | None = None
    inizio: datetime
    fine: datetime
    minuti: int = Field(ge=0, le=1_000_000)
    fascia: Fascia
    diretta: bool
    categoria_indiretta: str | None = None
    confermata_il: datetime


class ContrattoIn(_Parte):
    """A tenancy contract of a household."""

    contratto_codice: str = Field(max_length=64)
    ente_proprietario: str = Field(max_length=64)
    dal: date
    al: date | None = None


class NucleoIn(EventIn):
    """A household with its contracts; its members are not kept here."""

    nucleo_id: UUID
    progetto_id: UUID | None = None
    contratti: list[ContrattoIn] = Field(default_factory=list)


class PersonaUnitaIn(EventIn):
    """A duplicate record of a person was absorbed by another."""

    persona_id: UUID
    assorbita_id: UUID


class OreIn(EventIn):
    """Validated training hours, or their annulment."""

    ore_id: UUID
    persona_id: UUID
    inizio: datetime
    fine: datetime
    indennizzata: bool
    cumulabile: bool = False
    stato: StatoOre
    validate_il: datetime


class QuotaIn(EventIn):
    """A share of an allowance that goes to the household's arrears."""

    quota_id: UUID
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID
    importo_cent: int = Field(ge=0, le=MAX_CENTS)
    patto_id: UUID
    liquidata_il: datetime


async def _progetto(session: AsyncSession, event: ProgettoIn, envelope: Envelope, now: datetime) -> None:
    del envelope
    await aggiorna_progetto(
        session,
        ProgettoRaccontato(
            progetto_id=event.progetto_id,
            versione=event.versione,
            codice=event.codice,
            titolo=event.titolo,
            capofila=event.capofila,
            partner=tuple(partner.ente for partner in event.partner),
            comune=event.comune,
            stato=event.stato,
            impegnato_cent=sum(linea.impegnato_cent for linea in event.linee),
        ),
        now=now,
    )


async def _presenze(session: AsyncSession, events: Sequence[tuple[PresenzaIn, Envelope]], now: datetime) -> None:
    await applica_presenze(session, [(_presenza(event), envelope.event_id) for event, envelope in events], now=now)


for _fatto in ("finanziato", "impegnato", "prorogato", "concluso", "revocato"):
    consumers.on(f"bandi.progetto.{_fatto}.v1", ProgettoIn)(_progetto)
for _fatto in ("confermata", "rettificata", "annullata"):
    consumers.on_batch(f"laboratori.presenza.{_fatto}.v1", PresenzaIn)(_presenze)


@consumers.on("laboratori.nucleo.aggiornato.v1", NucleoIn)
async def nucleo_aggiornato(session: AsyncSession, event: NucleoIn, envelope: Envelope, now: datetime) -> None:
    """Keep the mirror of a household's contracts."""
    del envelope
    await aggiorna_nucleo(
        session,
        nucleo_id=event.nucleo_id,
        versione=event.versione,
        progetto_id=event.progetto_id,
        contratti=[ContrattoRaccontato(c.contratto_codice, c.ente_proprietario, c.dal, c.al) for c in event.contratti],
        now=now,
    )


@consumers.on("laboratori.persona.unita.v1", PersonaUnitaIn)
async def persona_unita(session: AsyncSession, event: PersonaUnitaIn, envelope: Envelope, now: datetime) -> None:
    """Give to the record that stays what was of the absorbed one."""
    del envelope
    await unisci_persone(session, event.persona_id, event.assorbita_id, now=now)


@consumers.on("inclusione.ore.validate.v1", OreIn)
async def ore_validate(session: AsyncSession, event: OreIn, envelope: Envelope, now: datetime) -> None:
    """Let validated training hours claim their person-hours."""
    del envelope
    await applica_ore(
        session,
        OreValidate(
            ore_id=event.ore_id,
            versione=event.versione,
            persona_id=event.persona_id,
            inizio=event.inizio,
            fine=event.fine,
            pagate=event.indennizzata and not event.cumulabile and event.stato is StatoOre.VALIDATA,
            annullate=event.stato is StatoOre.ANNULLATA,
            validate_il=event.validate_il,
        ),
        now=now,
    )


@consumers.on("inclusione.indennita.quota_morosita.v1", QuotaIn)
async def quota_morosita(session: AsyncSession, event: QuotaIn, envelope: Envelope, now: datetime) -> None:
    """Take the share of an allowance into the book of real money and reserve it on the arrears."""
    await accogli_quota(
        session,
        QuotaRaccontata(
            quota_id=event.quota_id,
            versione=event.versione,
            persona_id=event.persona_id,
            nucleo_id=event.nucleo_id,
            progetto_id=event.progetto_id,
            patto_id=event.patto_id,
            importo_cent=event.importo_cent,
            liquidata_il=event.liquidata_il,
        ),
        evento=envelope.event_id,
        now=now,
    )


def _presenza(event: PresenzaIn) -> Presenza:
    return Presenza(
        presenza_id=event.presenza_id,
        versione=event.versione,
        annullata=event.stato is StatoPresenza.ANNULLATA,
        progetto_id=event.progetto_id,
        attivita_id=event.attivita_id,
        persona_id=event.persona_id,
        nucleo_id=event.nucleo_id,
        inizio=event.inizio,
        fine=event.fine,
        minuti=event.minuti,
        fascia=event.fascia,
        diretta=event.diretta,
        categoria_indiretta=event.categoria_indiretta,
        confermata_il=event.confermata_il,
    )
