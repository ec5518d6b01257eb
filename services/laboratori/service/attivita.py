"""Activities, their calendar, registrations and waiting lists."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ids import uuid7
from services.laboratori.models import Attivita, Iscrizione, PersonaLaboratorio
from services.laboratori.queries import attivita as queries
from services.laboratori.queries import persone as queries_persone
from services.laboratori.rules.attivita import (
    Fascia,
    GiaIscritta,
    IscrizioneGiaRitirata,
    Posti,
    StatoAttivita,
    StatoIscrizione,
    esito_iscrizione,
    promozioni,
    verifica_annullabile,
    verifica_attivita,
    verifica_capienza,
    verifica_iscrizione_aperta,
    verifica_modifica_tariffa,
    verifica_presenze_dentro,
    verifica_programmata,
)
from services.laboratori.rules.calendario import estremi_del_mese
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio, StatoPersona, verifica_attiva
from services.laboratori.schemas.attivita import AttivitaNuova, AttivitaVista, IscrizioneVista
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.persone import trova_persona
from services.laboratori.service.vincoli import rifiuti_del_database

VersionCheck = Callable[[int], None]


async def trova_attivita(session: AsyncSession, attivita_id: UUID, *, lock: bool = False) -> Attivita:
    """Give an activity.

    Raises:
        NotFound: there is none with that id.
    """
    found = await queries.attivita(session, attivita_id, lock=lock)
    if found is None:
        raise NotFound("L'attività non esiste.", field="attivita_id")
    return found


def _verifica(corpo: AttivitaNuova) -> None:
    verifica_attivita(
        inizio=corpo.inizio,
        fine=corpo.fine,
        fascia=corpo.fascia,
        diretta=corpo.diretta,
        categoria_indiretta=corpo.categoria_indiretta,
    )


async def crea_attivita(
    session: AsyncSession, laboratorio_id: UUID, corpo: AttivitaNuova, *, autore: str, now: datetime
) -> AttivitaVista:
    """Put an activity of a lab in the public calendar.

    Args:
        laboratorio_id: the lab.
        corpo: what, when, where, for how many, with what tariff.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The activity.

    Raises:
        NotFound: there is no such lab.
        LaboratorioNonAttivo: it is not open at the end of the activity.
        AttivitaNonValida: times or tariff do not hold together.

    Source: DOMAIN laboratori, activities.
    """
    await laboratorio_attivo(session, laboratorio_id, istante=corpo.fine)
    _verifica(corpo)
    attivita = Attivita(
        attivita_id=uuid7(),
        versione=1,
        laboratorio_id=laboratorio_id,
        stato=StatoAttivita.PROGRAMMATA.value,
        iscritti=0,
        in_attesa=0,
        ultimo_numero=0,
        creata_il=now,
        creata_da=autore,
        **_colonne(corpo),
    )
    session.add(attivita)
    await session.flush()
    return AttivitaVista.di(attivita)


def _colonne(corpo: AttivitaNuova) -> dict[str, Any]:
    return corpo.model_dump(exclude={"tipo", "fascia"}) | {"tipo": corpo.tipo.value, "fascia": corpo.fascia.value}


async def modifica_attivita(
    session: AsyncSession, attivita_id: UUID, corpo: AttivitaNuova, *, check_version: VersionCheck, now: datetime
) -> AttivitaVista:
    """Change an activity; more places promote who waits.

    Raises:
        NotFound: there is no such activity.
        AttivitaAnnullata: it was cancelled.
        AttivitaNonValida: times or tariff do not hold together.
        TariffaNonModificabile: the tariff would change under confirmed hours.
        CapienzaInsufficiente: more people hold a place.
        PresenzeFuoriOrario: registered hours would fall outside.

    Source: DOMAIN laboratori, activities with capacity and automatic promotion.
    """
    attivita = await trova_attivita(session, attivita_id, lock=True)
    check_version(attivita.versione)
    verifica_programmata(StatoAttivita(attivita.stato))
    _verifica(corpo)
    cambia = (Fascia(attivita.fascia), attivita.diretta, attivita.categoria_indiretta) != (
        corpo.fascia,
        corpo.diretta,
        corpo.categoria_indiretta,
    )
    confermate = await queries.presenze_confermate(session, attivita_id) if cambia else 0
    verifica_modifica_tariffa(cambia=cambia, presenze_confermate=confermate)
    verifica_capienza(corpo.capienza, iscritti=attivita.iscritti)
    prima, ultima = await queries.estremi_presenze(session, attivita_id)
    verifica_presenze_dentro(inizio=corpo.inizio, fine=corpo.fine, prima=prima, ultima=ultima)
    for name, value in _colonne(corpo).items():
        setattr(attivita, name, value)
    attivita.versione += 1
    await _promuovi(session, attivita, now=now)
    await session.flush()
    return AttivitaVista.di(attivita)


async def annulla_attivita(session: AsyncSession, attivita_id: UUID, *, check_version: VersionCheck) -> AttivitaVista:
    """Cancel an activity: it stays in the calendar, told as cancelled.

    Raises:
        NotFound: there is no such activity.
        AttivitaAnnullata: it was cancelled already.
        AttivitaConOreConfermate: it took place.

    Source: DOMAIN laboratori, activities.
    """
    attivita = await trova_attivita(session, attivita_id, lock=True)
    check_version(attivita.versione)
    verifica_programmata(StatoAttivita(attivita.stato))
    verifica_annullabile(await queries.presenze_confermate(session, attivita_id))
    attivita.stato = StatoAttivita.ANNULLATA.value
    attivita.versione += 1
    await session.flush()
    return AttivitaVista.di(attivita)


async def leggi_attivita(session: AsyncSession, attivita_id: UUID) -> AttivitaVista:
    """Give an activity as everybody sees it.

    Raises:
        NotFound: there is none with that id.
    """
    return AttivitaVista.di(await trova_attivita(session, attivita_id))


async def leggi_calendario(
    session: AsyncSession,
    mese: str,
    *,
    laboratorio_id: UUID | None,
    comune: str | None,
    quartiere: str | None,
    dopo: tuple[datetime, UUID] | None,
    limite: int,
) -> list[AttivitaVista]:
    """Give the activities of a month in Lombardy, those that only touch it too; no personal data.

    Args:
        mese: `YYYY-MM`.
        laboratorio_id: of one lab only.
        comune: of one town only.
        quartiere: of one neighbourhood only.
        dopo: beginning and id of the last one already seen.
        limite: how many at most.

    Returns:
        The activities by beginning.

    Raises:
        MeseNonValido: the text is not a month.

    Source: DOMAIN laboratori, calendar of a neighbourhood by month.
    """
    inizio, fine = estremi_del_mese(mese)
    trovate = await queries.calendario(
        session,
        inizio,
        fine,
        laboratorio_id=laboratorio_id,
        comune=comune,
        quartiere=quartiere,
        dopo=dopo,
        limite=limite,
    )
    return [AttivitaVista.di(attivita) for attivita in trovate]


def _gia_iscritta() -> Refusal:
    return GiaIscritta("La persona è già iscritta, o in attesa.", field="persona_id")


def _posti(attivita: Attivita) -> Posti:
    return Posti(attivita.capienza, attivita.iscritti, attivita.in_attesa)


async def iscrive(
    session: AsyncSession, attivita_id: UUID, persona_id: UUID, *, da_residente: bool, now: datetime
) -> IscrizioneVista:
    """Register a person to an activity: with a place, or at the end of the waiting list.

    Args:
        attivita_id: the activity; its places are decided one registration at a time.
        persona_id: the person.
        da_residente: a resident registers somebody of the household: the lab knows them from now on.
        now: platform instant.

    Returns:
        The registration.

    Raises:
        NotFound: no such activity or person.
        AttivitaAnnullata: it was cancelled.
        IscrizioniChiuse: it is over.
        LaboratorioNonAttivo: the lab will not be open then.
        PersonaNonAttiva: merged or erased.
        PersonaDiAltroLaboratorio: the lab does not know the person.
        GiaIscritta: registered or waiting already.

    Source: DOMAIN laboratori, waiting list with automatic promotion under one lock.
    """
    attivita = await trova_attivita(session, attivita_id)
    await laboratorio_attivo(session, attivita.laboratorio_id, istante=attivita.fine)
    persona = await trova_persona(session, persona_id)
    verifica_attiva(StatoPersona(persona.stato))
    if await queries_persone.legame(session, persona_id, attivita.laboratorio_id) is None:
        if not da_residente:
            raise PersonaDiAltroLaboratorio("La persona non è seguita da questo laboratorio.", field="persona_id")
        session.add(
            PersonaLaboratorio(persona_id=persona_id, laboratorio_id=attivita.laboratorio_id, conosciuta_il=now)
        )
    attivita = await trova_attivita(session, attivita_id, lock=True)
    verifica_iscrizione_aperta(StatoAttivita(attivita.stato), fine=attivita.fine, now=now)
    if await queries.iscrizione_aperta(session, attivita_id, persona_id) is not None:
        raise _gia_iscritta()
    stato = esito_iscrizione(_posti(attivita))
    attivita.ultimo_numero += 1
    if stato is StatoIscrizione.ISCRITTA:
        attivita.iscritti += 1
    else:
        attivita.in_attesa += 1
    iscrizione = Iscrizione(
        iscrizione_id=uuid7(),
        attivita_id=attivita_id,
        persona_id=persona_id,
        numero=attivita.ultimo_numero,
        stato=stato.value,
        iscritta_il=now,
    )
    session.add(iscrizione)
    async with rifiuti_del_database(session, {"uq_iscrizione_una_per_persona": _gia_iscritta}):
        pass
    return IscrizioneVista.model_validate(iscrizione)


async def ritira(session: AsyncSession, iscrizione_id: UUID, *, now: datetime) -> IscrizioneVista:
    """Withdraw a registration; the first of who waits gets the place.

    Raises:
        NotFound: there is no such registration.
        IscrizioneGiaRitirata: withdrawn already.

    Source: DOMAIN laboratori, waiting list with automatic promotion under one lock.
    """
    attivita_id = await queries.attivita_della_iscrizione(session, iscrizione_id)
    if attivita_id is None:
        raise NotFound("L'iscrizione non esiste.", field="iscrizione_id")
    attivita = await trova_attivita(session, attivita_id, lock=True)
    iscrizione = await queries.iscrizione(session, iscrizione_id)
    assert iscrizione is not None
    if iscrizione.stato == StatoIscrizione.RITIRATA:
        raise IscrizioneGiaRitirata("L'iscrizione è già ritirata.")
    if iscrizione.stato == StatoIscrizione.ISCRITTA:
        attivita.iscritti -= 1
    else:
        attivita.in_attesa -= 1
    iscrizione.stato = StatoIscrizione.RITIRATA.value
    iscrizione.ritirata_il = now
    await _promuovi(session, attivita, now=now)
    await session.flush()
    return IscrizioneVista.model_validate(iscrizione)


async def _promuovi(session: AsyncSession, attivita: Attivita, *, now: datetime) -> None:
    """Gives the free places to who waits, in order of arrival; the activity is locked."""
    quanti = promozioni(_posti(attivita))
    if quanti == 0:
        return
    with session.no_autoflush:  # the counts hold together only once everybody is promoted
        in_attesa = await queries.primi_in_attesa(session, attivita.attivita_id, quanti)
    for prima in in_attesa:
        prima.stato = StatoIscrizione.ISCRITTA.value
        prima.promossa_il = now
        attivita.iscritti += 1
        attivita.in_attesa -= 1


async def elenca_iscrizioni(
    session: AsyncSession, attivita_id: UUID, *, dopo: int | None, limite: int
) -> list[IscrizioneVista]:
    """Give the registrations to an activity in order of arrival."""
    trovate = await queries.iscrizioni(session, attivita_id, dopo=dopo, limite=limite)
    return [IscrizioneVista.model_validate(iscrizione) for iscrizione in trovate]
