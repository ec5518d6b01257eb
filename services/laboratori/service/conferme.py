"""Facts after the registration: confirmed once whoever confirms, corrected and cancelled only by new facts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.events import Event
from chassis.outbox import emit
from services.laboratori.events import (
    PresenzaAnnullata,
    PresenzaConfermata,
    PresenzaRettificata,
    StatoPresenzaPubblicato,
)
from services.laboratori.queries import fatti as queries
from services.laboratori.queries import presenze as queries_presenze
from services.laboratori.queries.fatti import NuovoFatto, PresenzaBloccata, PresenzaCorrente
from services.laboratori.queries.presenze import Tempo
from services.laboratori.rules.attivita import verifica_programmata
from services.laboratori.rules.nuclei import ElencoRespinto
from services.laboratori.rules.persone import verifica_attiva
from services.laboratori.rules.presenze import (
    StatoPresenza,
    StoriaPresenza,
    TipoFatto,
    annulla,
    conferma,
    minuti_in_quarti,
    rettifica,
    verifica_dentro_attivita,
)
from services.laboratori.schemas.presenze import ConfermeFatte, PresenzaVista
from services.laboratori.service.presenze import VINCOLI, sovrapposta
from services.laboratori.service.vincoli import rifiuti_del_database

_DELL_EVENTO = tuple(name for name in StatoPresenzaPubblicato.model_fields if name != "progetto_id")


def _storia(presenza: PresenzaCorrente) -> StoriaPresenza:
    return StoriaPresenza(StatoPresenza(presenza.stato), presenza.versione, presenza.inizio, presenza.fine)


def _evento(kind: type[StatoPresenzaPubblicato], presenza: PresenzaCorrente, progetto_id: UUID | None) -> Event:
    """The event of a fact: the whole state after it."""
    valori = {name: getattr(presenza, name) for name in _DELL_EVENTO}
    return kind.model_validate(valori | {"progetto_id": progetto_id})


async def conferma_presenza(session: AsyncSession, presenza_id: UUID, *, autore: str, now: datetime) -> PresenzaVista:
    """Confirm an attendance. Confirmed already, by whoever, it is answered as it is: one fact, one event.

    Args:
        presenza_id: the attendance.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The attendance, confirmed, with the household of the person at its date and the tariff of the activity.

    Raises:
        NotFound: there is no such attendance.
        PresenzaGiaAnnullata: it was cancelled.
        PresenzaFutura: its hours are not over.
        AttivitaAnnullata: the activity did not take place.
        PresenzaFuoriAttivita: outside the time of the activity.
        PersonaNonAttiva: merged or erased meanwhile.
        PresenzaSovrapposta: the person has confirmed hours elsewhere at that time.

    Source: DOMAIN laboratori; issue text, two operators confirm at once: one fact, one event.
    """
    riga = await _una(session, presenza_id)
    nuova = _verifica_conferma(riga, now=now)
    if nuova is None:
        return PresenzaVista.model_validate(riga.presenza)
    await _conferma(session, [(riga, nuova)], autore=autore, now=now)
    return PresenzaVista.model_validate(riga.presenza)


def _verifica_conferma(riga: PresenzaBloccata, *, now: datetime) -> StoriaPresenza | None:
    nuova = conferma(_storia(riga.presenza), now=now)
    if nuova is not None:
        verifica_programmata(riga.stato_attivita)
        verifica_dentro_attivita(
            nuova.inizio, nuova.fine, attivita_inizio=riga.inizio_attivita, attivita_fine=riga.fine_attivita
        )
        verifica_attiva(riga.stato_persona)
    return nuova


async def _conferma(
    session: AsyncSession, righe: Sequence[tuple[PresenzaBloccata, StoriaPresenza]], *, autore: str, now: datetime
) -> None:
    """Writes confirmations already checked, their facts and events; attendances and people are locked."""
    fatti: list[tuple[PresenzaCorrente, NuovoFatto]] = []
    eventi: list[Event] = []
    for riga, nuova in righe:
        presenza = riga.presenza
        presenza.stato, presenza.versione = nuova.stato.value, nuova.versione
        presenza.nucleo_id = riga.nucleo_id
        presenza.fascia, presenza.diretta = riga.fascia.value, riga.diretta
        presenza.categoria_indiretta = riga.categoria_indiretta
        presenza.confermata_il, presenza.confermata_da = now, autore
        fatti.append((presenza, NuovoFatto(TipoFatto.CONFERMATA, autore, now)))
        eventi.append(_evento(PresenzaConfermata, presenza, riga.progetto_id))
    async with rifiuti_del_database(session, VINCOLI):
        await queries.scrivi_fatti(session, fatti)
    await emit(session, *eventi, now=now)


async def _occupati(session: AsyncSession, presenze: Sequence[PresenzaCorrente]) -> dict[UUID, list[Tempo]]:
    """The hours already confirmed of the people of a list, in the days it is about."""
    if not presenze:
        return {}
    return await queries_presenze.tempi_confermati(
        session,
        {presenza.persona_id for presenza in presenze},
        min(presenza.inizio for presenza in presenze),
        max(presenza.fine for presenza in presenze),
    )


async def conferma_presenze(
    session: AsyncSession, laboratorio_id: UUID, presenze: Sequence[UUID], *, autore: str, now: datetime
) -> ConfermeFatte:
    """Confirm the attendances of a list: all of them, or none with the defects of each row.

    Those confirmed already are left as they are.

    Args:
        laboratorio_id: the lab they all belong to.
        presenze: up to 500 attendances.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        How many were confirmed now, and how many had been.

    Raises:
        ElencoRespinto: what is wrong, row by row (not of this lab, cancelled, of a cancelled activity, not over,
            overlapping).

    Source: DOMAIN laboratori, paper-sheet bulk entry, confirmation by operator.
    """
    ordine = {presenza_id: numero for numero, presenza_id in reversed(list(enumerate(presenze)))}
    righe = {
        riga.presenza.presenza_id: riga
        for riga in await queries.blocca_presenze(session, list(ordine))
        if riga.presenza.laboratorio_id == laboratorio_id
    }
    occupati = await _occupati(session, [riga.presenza for riga in righe.values()])
    errori: list[tuple[int, Refusal]] = []
    valide: list[tuple[PresenzaBloccata, StoriaPresenza]] = []
    gia = 0
    for presenza_id, numero in sorted(ordine.items(), key=lambda voce: voce[1]):
        try:
            riga = righe.get(presenza_id)
            if riga is None:
                raise NotFound("La presenza non esiste in questo laboratorio.")
            nuova = _verifica_conferma(riga, now=now)
            if nuova is None:
                gia += 1
                continue
            tempo = Tempo(nuova.inizio, nuova.fine)
            suoi = occupati.setdefault(riga.presenza.persona_id, [])
            if any(tempo.incontra(altro) for altro in suoi):
                raise sovrapposta()
        except Refusal as refusal:
            errori.append((numero, refusal))
            continue
        suoi.append(tempo)
        valide.append((riga, nuova))
    if errori:
        raise ElencoRespinto(
            f"{len(errori)} presenze su {len(presenze)} non si possono confermare: non ne è stata confermata nessuna.",
            remedy="Togliere o correggere le righe elencate in errori e ripetere.",
            items=[{"campo": f"presenze.{n}", "messaggio": refusal.detail} for n, refusal in errori],
        )
    await _conferma(session, valide, autore=autore, now=now)
    return ConfermeFatte(confermate=len(valide), gia_confermate=gia)


async def _una(session: AsyncSession, presenza_id: UUID) -> PresenzaBloccata:
    righe = await queries.blocca_presenze(session, [presenza_id])
    if not righe:
        raise NotFound("La presenza non esiste.", field="presenza_id")
    return righe[0]


async def rettifica_presenza(
    session: AsyncSession,
    presenza_id: UUID,
    *,
    inizio: datetime,
    fine: datetime,
    motivo: str,
    autore: str,
    now: datetime,
) -> PresenzaVista:
    """Correct the hours of a confirmed attendance by a new fact; its tariff and first confirmation stay.

    Args:
        presenza_id: the attendance.
        inizio: true first instant.
        fine: true last instant.
        motivo: why.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The attendance after the fact.

    Raises:
        NotFound: there is no such attendance.
        PresenzaGiaAnnullata: it was cancelled.
        PresenzaNonConfermata: it was not confirmed yet.
        RettificaSenzaEffetto: the hours are the same.
        DurataNonValida: not in quarters.
        PresenzaFutura: the new hours are not over.
        PresenzaFuoriAttivita: outside the time of the activity.
        PersonaNonAttiva: merged or erased meanwhile.
        PresenzaSovrapposta: the person has confirmed hours elsewhere at that time.

    Source: DOMAIN laboratori, corrected only by a new fact; decision 7 for the household.
    """
    riga = await _una(session, presenza_id)
    presenza = riga.presenza
    nuova = rettifica(_storia(presenza), inizio=inizio, fine=fine, now=now)
    verifica_attiva(riga.stato_persona)
    verifica_dentro_attivita(inizio, fine, attivita_inizio=riga.inizio_attivita, attivita_fine=riga.fine_attivita)
    nucleo_id = await queries.nucleo_alla_presenza(session, presenza.persona_id, inizio)
    presenza.inizio, presenza.fine, presenza.versione = nuova.inizio, nuova.fine, nuova.versione
    presenza.minuti = minuti_in_quarti(inizio, fine)
    presenza.nucleo_id = nucleo_id
    async with rifiuti_del_database(session, VINCOLI):
        await queries.scrivi_fatti(session, [(presenza, NuovoFatto(TipoFatto.RETTIFICATA, autore, now, motivo))])
    await emit(session, _evento(PresenzaRettificata, presenza, riga.progetto_id), now=now)
    return PresenzaVista.model_validate(presenza)


async def annulla_presenza(
    session: AsyncSession, presenza_id: UUID, *, motivo: str, autore: str, now: datetime
) -> PresenzaVista:
    """Cancel an attendance by a new fact; the others are told only if it had been confirmed.

    Args:
        presenza_id: the attendance.
        motivo: why.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The attendance, cancelled.

    Raises:
        NotFound: there is no such attendance.
        PresenzaGiaAnnullata: it was cancelled already.

    Source: DOMAIN laboratori, corrected only by a new fact.
    """
    riga = await _una(session, presenza_id)
    presenza = riga.presenza
    nuova = annulla(_storia(presenza))
    presenza.stato, presenza.versione = nuova.stato.value, nuova.versione
    await queries.scrivi_fatti(session, [(presenza, NuovoFatto(TipoFatto.ANNULLATA, autore, now, motivo))])
    if presenza.confermata_il is not None:
        await emit(session, _evento(PresenzaAnnullata, presenza, riga.progetto_id), now=now)
    return PresenzaVista.model_validate(presenza)
