"""Attendances: registered, confirmed once whoever confirms, corrected only by new facts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.events import Event
from chassis.ids import uuid7
from chassis.outbox import emit
from services.laboratori.events import (
    PresenzaAnnullata,
    PresenzaConfermata,
    PresenzaRettificata,
    StatoPresenzaPubblicato,
)
from services.laboratori.models import Attivita, FattoPresenza, Presenza
from services.laboratori.models.presenze import SENZA_SOVRAPPOSIZIONI, UNA_PER_INIZIO
from services.laboratori.queries import attivita as queries_attivita
from services.laboratori.queries import persone as queries_persone
from services.laboratori.queries import presenze as queries
from services.laboratori.queries.presenze import DaConfermare, Tempo
from services.laboratori.rules.attivita import StatoAttivita, verifica_programmata
from services.laboratori.rules.nuclei import ElencoRespinto
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio, StatoPersona, verifica_attiva
from services.laboratori.rules.presenze import (
    PresenzaGiaRegistrata,
    PresenzaSovrapposta,
    StatoPresenza,
    StoriaPresenza,
    TipoFatto,
    annulla,
    conferma,
    minuti_in_quarti,
    rettifica,
    verifica_dentro_attivita,
)
from services.laboratori.schemas.presenze import ConfermeFatte, PresenzaConStoria, PresenzaNuova, PresenzaVista
from services.laboratori.service.attivita import trova_attivita
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.vincoli import rifiuti_del_database


def _sovrapposta() -> Refusal:
    return PresenzaSovrapposta(
        "La persona ha già ore confermate altrove nello stesso momento.",
        field="inizio",
        remedy="Correggere l'orario, oppure rettificare o annullare l'altra presenza.",
    )


def _gia_registrata() -> Refusal:
    return PresenzaGiaRegistrata(
        "La presenza della persona a quell'ora è già registrata.",
        field="inizio",
        remedy="Confermare quella già registrata.",
    )


VINCOLI = {SENZA_SOVRAPPOSIZIONI: _sovrapposta, UNA_PER_INIZIO: _gia_registrata}


def _storia(presenza: Presenza) -> StoriaPresenza:
    return StoriaPresenza(StatoPresenza(presenza.stato), presenza.versione, presenza.inizio, presenza.fine)


def _verifica_nuova(corpo: PresenzaNuova, attivita: Attivita, stato: StatoPersona | None, *, nota: bool) -> int:
    """Checks one attendance to be registered; returns its minutes."""
    if stato is None:
        raise NotFound("La persona non esiste.", field="persona_id")
    verifica_attiva(stato)
    if not nota:
        raise PersonaDiAltroLaboratorio("La persona non è seguita da questo laboratorio.", field="persona_id")
    minuti = minuti_in_quarti(corpo.inizio, corpo.fine)
    verifica_dentro_attivita(corpo.inizio, corpo.fine, attivita_inizio=attivita.inizio, attivita_fine=attivita.fine)
    return minuti


async def registra_presenze(
    session: AsyncSession, attivita_id: UUID, corpi: Sequence[PresenzaNuova], *, autore: str, now: datetime
) -> list[PresenzaVista]:
    """Register attendances to an activity, walk-ins too: all of them, or none with the defects of each row.

    Args:
        attivita_id: the activity.
        corpi: one attendance, or the up to 500 of a sheet.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The attendances in the order told, `registrata`.

    Raises:
        NotFound: no such activity or, for one attendance, person.
        AttivitaAnnullata: it was cancelled.
        LaboratorioNonAttivo: the lab was not open then.
        PersonaDiAltroLaboratorio: the lab does not know the person.
        DurataNonValida: not in quarters.
        PresenzaFuoriAttivita: outside the time of the activity.
        PresenzaGiaRegistrata: the same attendance is there already.
        ElencoRespinto: what is wrong in a sheet, row by row.

    Source: DOMAIN laboratori, attendance: walk-in or registered, hours in quarters.
    """
    attivita = await trova_attivita(session, attivita_id)
    verifica_programmata(StatoAttivita(attivita.stato))
    await laboratorio_attivo(session, attivita.laboratorio_id, istante=max(corpo.fine for corpo in corpi))
    persone = {corpo.persona_id for corpo in corpi}
    stati = await queries_persone.stati_persone(session, persone)
    note = await queries_persone.conosciute(session, attivita.laboratorio_id, persone)
    iscrizioni = await queries.iscrizioni_di(session, attivita_id, persone)
    gia = await queries.inizi_registrati(session, attivita_id, persone)
    presenze: list[Presenza] = []
    errori: list[tuple[int, Refusal]] = []
    for numero, corpo in enumerate(corpi):
        chi = corpo.persona_id
        try:
            minuti = _verifica_nuova(corpo, attivita, stati.get(chi), nota=chi in note)
            if (chi, corpo.inizio) in gia:
                raise _gia_registrata()
        except Refusal as refusal:
            errori.append((numero, refusal))
            continue
        gia.add((chi, corpo.inizio))
        presenze.append(
            Presenza(
                presenza_id=uuid7(),
                versione=1,
                stato=StatoPresenza.REGISTRATA.value,
                laboratorio_id=attivita.laboratorio_id,
                attivita_id=attivita_id,
                persona_id=chi,
                iscrizione_id=iscrizioni.get(chi),
                nucleo_id=None,
                inizio=corpo.inizio,
                fine=corpo.fine,
                minuti=minuti,
                fascia=None,
                diretta=None,
                categoria_indiretta=None,
                registrata_il=now,
                registrata_da=autore,
            )
        )
    _respingi(errori, len(corpi))
    session.add_all(presenze)
    async with rifiuti_del_database(session, VINCOLI):
        pass
    session.add_all(_fatto(presenza, TipoFatto.REGISTRATA, autore=autore, now=now) for presenza in presenze)
    await session.flush()
    return [PresenzaVista.di(presenza) for presenza in presenze]


def _respingi(errori: Sequence[tuple[int, Refusal]], quante: int) -> None:
    if not errori:
        return
    if quante == 1:
        raise errori[0][1]
    raise ElencoRespinto(
        f"{len(errori)} righe su {quante} non sono valide: non ne è stata scritta nessuna.",
        remedy="Correggere le righe elencate in errori e ripetere.",
        items=[
            {
                "campo": f"presenze.{numero}" + (f".{refusal.field}" if refusal.field else ""),
                "messaggio": refusal.detail,
            }
            for numero, refusal in errori
        ],
    )


def _fatto(
    presenza: Presenza, tipo: TipoFatto, *, autore: str, now: datetime, motivo: str | None = None
) -> FattoPresenza:
    return FattoPresenza(
        presenza_id=presenza.presenza_id,
        versione=presenza.versione,
        tipo=tipo.value,
        inizio=presenza.inizio,
        fine=presenza.fine,
        nucleo_id=presenza.nucleo_id,
        motivo=motivo,
        autore=autore,
        accaduto_il=now,
    )


def _evento(kind: type[StatoPresenzaPubblicato], presenza: Presenza, progetto_id: UUID | None) -> Event:
    """The event of a fact: the whole state after it."""
    return kind.model_validate(
        {name: getattr(presenza, name) for name in StatoPresenzaPubblicato.model_fields if name != "progetto_id"}
        | {"progetto_id": progetto_id}
    )


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
        PersonaNonAttiva: merged or erased meanwhile.
        PresenzaSovrapposta: the person has confirmed hours elsewhere at that time.

    Source: DOMAIN laboratori; issue text, two operators confirm at once: one fact, one event.
    """
    riga = await _una(session, presenza_id)
    nuova = _verifica_conferma(riga, now=now)
    if nuova is None:
        return PresenzaVista.di(riga.presenza)
    await _conferma(session, [(riga, nuova)], autore=autore, now=now)
    return PresenzaVista.di(riga.presenza)


def _verifica_conferma(riga: DaConfermare, *, now: datetime) -> StoriaPresenza | None:
    nuova = conferma(_storia(riga.presenza), now=now)
    if nuova is not None:
        verifica_attiva(riga.stato_persona)
    return nuova


async def _conferma(
    session: AsyncSession, righe: Sequence[tuple[DaConfermare, StoriaPresenza]], *, autore: str, now: datetime
) -> None:
    """Writes confirmations already checked, their facts and events; attendances and people are locked."""
    fatti: list[FattoPresenza] = []
    eventi: list[Event] = []
    for riga, nuova in righe:
        presenza = riga.presenza
        presenza.stato, presenza.versione = nuova.stato.value, nuova.versione
        presenza.nucleo_id = riga.nucleo_id
        presenza.fascia, presenza.diretta = riga.fascia.value, riga.diretta
        presenza.categoria_indiretta = riga.categoria_indiretta
        presenza.confermata_il, presenza.confermata_da = now, autore
        fatti.append(_fatto(presenza, TipoFatto.CONFERMATA, autore=autore, now=now))
        eventi.append(_evento(PresenzaConfermata, presenza, riga.progetto_id))
    async with rifiuti_del_database(session, VINCOLI):
        session.add_all(fatti)
    await emit(session, *eventi, now=now)


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
        ElencoRespinto: what is wrong, row by row (not of this lab, cancelled, not over, overlapping).

    Source: DOMAIN laboratori, paper-sheet bulk entry, confirmation by operator.
    """
    ordine = {presenza_id: numero for numero, presenza_id in reversed(list(enumerate(presenze)))}
    righe = {
        riga.presenza.presenza_id: riga
        for riga in await queries.da_confermare(session, list(ordine))
        if riga.presenza.laboratorio_id == laboratorio_id
    }
    occupati = await queries.tempi_confermati(session, {riga.presenza.persona_id for riga in righe.values()})
    errori: list[tuple[int, Refusal]] = []
    valide: list[tuple[DaConfermare, StoriaPresenza]] = []
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
                raise _sovrapposta()
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


async def _una(session: AsyncSession, presenza_id: UUID) -> DaConfermare:
    righe = await queries.da_confermare(session, [presenza_id])
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
    attivita = await queries_attivita.attivita(session, presenza.attivita_id)
    assert attivita is not None
    verifica_dentro_attivita(inizio, fine, attivita_inizio=attivita.inizio, attivita_fine=attivita.fine)
    nucleo_id = await queries.nucleo_alla_presenza(session, presenza.persona_id, inizio)
    presenza.inizio, presenza.fine, presenza.versione = nuova.inizio, nuova.fine, nuova.versione
    presenza.minuti = minuti_in_quarti(inizio, fine)
    presenza.nucleo_id = nucleo_id
    async with rifiuti_del_database(session, VINCOLI):
        session.add(_fatto(presenza, TipoFatto.RETTIFICATA, autore=autore, now=now, motivo=motivo))
    await emit(session, _evento(PresenzaRettificata, presenza, riga.progetto_id), now=now)
    return PresenzaVista.di(presenza)


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
    session.add(_fatto(presenza, TipoFatto.ANNULLATA, autore=autore, now=now, motivo=motivo))
    await session.flush()
    if presenza.confermata_il is not None:
        await emit(session, _evento(PresenzaAnnullata, presenza, riga.progetto_id), now=now)
    return PresenzaVista.di(presenza)


async def leggi_presenza(session: AsyncSession, presenza_id: UUID) -> PresenzaConStoria:
    """Give an attendance with its history.

    Raises:
        NotFound: there is none with that id.
    """
    presenza = await queries.presenza(session, presenza_id)
    if presenza is None:
        raise NotFound("La presenza non esiste.", field="presenza_id")
    return PresenzaConStoria.con(presenza, list(await queries.storia(session, presenza_id)))


async def elenca_presenze_attivita(
    session: AsyncSession, attivita_id: UUID, *, dopo: UUID | None, limite: int
) -> list[PresenzaVista]:
    """Give the attendances of an activity."""
    trovate = await queries.presenze_di_attivita(session, attivita_id, dopo=dopo, limite=limite)
    return [PresenzaVista.di(presenza) for presenza in trovate]


async def elenca_presenze(
    session: AsyncSession,
    laboratorio_id: UUID,
    *,
    stato: StatoPresenza | None,
    dal: datetime | None,
    al: datetime | None,
    dopo: tuple[datetime, UUID] | None,
    limite: int,
) -> list[PresenzaVista]:
    """Give the attendances of a lab by beginning, in a state and an interval if told."""
    trovate = await queries.presenze_del_laboratorio(
        session, laboratorio_id, stato=stato.value if stato else None, dal=dal, al=al, dopo=dopo, limite=limite
    )
    return [PresenzaVista.di(presenza) for presenza in trovate]
