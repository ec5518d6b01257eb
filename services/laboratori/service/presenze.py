"""Attendances: registered, confirmed once whoever confirms, corrected only by new facts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ids import uuid7
from services.laboratori.models import Attivita, FattoPresenza, Presenza
from services.laboratori.models.presenze import SENZA_SOVRAPPOSIZIONI, UNA_PER_INIZIO
from services.laboratori.queries import attivita as queries_attivita
from services.laboratori.queries import persone as queries_persone
from services.laboratori.queries import presenze as queries
from services.laboratori.rules.attivita import StatoAttivita, verifica_programmata
from services.laboratori.rules.nuclei import ElencoRespinto
from services.laboratori.rules.persone import PersonaDiAltroLaboratorio, StatoPersona, verifica_attiva
from services.laboratori.rules.presenze import (
    PresenzaGiaRegistrata,
    PresenzaSovrapposta,
    StatoPresenza,
    TipoFatto,
    minuti_in_quarti,
    verifica_dentro_attivita,
)
from services.laboratori.schemas.presenze import PresenzaConStoria, PresenzaNuova, PresenzaVista
from services.laboratori.service.laboratori import laboratorio_attivo
from services.laboratori.service.vincoli import rifiuti_del_database


def sovrapposta() -> Refusal:
    """The refusal of hours that overlap other confirmed hours of the person."""
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


VINCOLI = {SENZA_SOVRAPPOSIZIONI: sovrapposta, UNA_PER_INIZIO: _gia_registrata}


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
    attivita = await queries_attivita.attivita_ferma(session, attivita_id)
    if attivita is None:
        raise NotFound("L'attività non esiste.", field="attivita_id")
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
    session.add_all(_registrazione(presenza) for presenza in presenze)
    await session.flush()
    return [PresenzaVista.model_validate(presenza) for presenza in presenze]


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


def _registrazione(presenza: Presenza) -> FattoPresenza:
    """The first fact of an attendance's history."""
    return FattoPresenza(
        presenza_id=presenza.presenza_id,
        versione=presenza.versione,
        tipo=TipoFatto.REGISTRATA.value,
        inizio=presenza.inizio,
        fine=presenza.fine,
        nucleo_id=None,
        motivo=None,
        autore=presenza.registrata_da,
        accaduto_il=presenza.registrata_il,
    )


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
    return [PresenzaVista.model_validate(presenza) for presenza in trovate]


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
    return [PresenzaVista.model_validate(presenza) for presenza in trovate]
