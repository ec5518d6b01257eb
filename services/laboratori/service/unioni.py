"""Two records that were one person become one, and an identity is erased: the facts stay with the pseudonym."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.outbox import emit
from services.laboratori.events import PersonaCancellata, PersonaUnita
from services.laboratori.models import Membro, Persona
from services.laboratori.queries import condizioni as queries_condizioni
from services.laboratori.queries import nuclei as queries_nuclei
from services.laboratori.queries import persone as queries_persone
from services.laboratori.queries import presenze as queries_presenze
from services.laboratori.queries import unioni as queries
from services.laboratori.queries.presenze import Tempo
from services.laboratori.rules.attivita import StatoIscrizione
from services.laboratori.rules.calendario import Periodo
from services.laboratori.rules.persone import (
    StatoPersona,
    UnioneDaRipetere,
    UnioneNonValida,
    verifica_attiva,
    verifica_unione,
)
from services.laboratori.rules.presenze import StatoPresenza
from services.laboratori.rules.profilo import StatoConsenso, TipoConsenso
from services.laboratori.schemas.persone import PersonaCreata
from services.laboratori.service.attivita import ritira
from services.laboratori.service.censimento import VINCOLI
from services.laboratori.service.conferme import annulla_presenza
from services.laboratori.service.nuclei import aggiorna_nucleo
from services.laboratori.service.persone import trova_persona
from services.laboratori.service.presenze import VINCOLI as VINCOLI_PRESENZE
from services.laboratori.service.vincoli import rifiuti_del_database

IDENTITA = ("nome", "cognome", "data_nascita", "codice_fiscale", "telefono")
PROFILO = ("genere", "cittadinanza", "area_origine", "titolo_studio", "occupazione", "provincia")
MOTIVO_UNIONE = "unione di due schede della stessa persona: ore gia' registrate sull'altra"


def _da_ripetere() -> Refusal:
    return UnioneDaRipetere(
        "Nel frattempo una delle due schede e' stata iscritta, o segnata presente, dove era gia' l'altra.",
        remedy="Ripetere l'unione: terra' conto della nuova iscrizione.",
    )


ISCRITTE_NEL_FRATTEMPO = dict.fromkeys(("uq_iscrizione_una_per_persona", *VINCOLI_PRESENZE), _da_ripetere)


async def unisce_persone(
    session: AsyncSession, persona_id: UUID, assorbita_id: UUID, *, autore: str, now: datetime
) -> PersonaCreata:
    """Make two records of the same person one: every fact moves to the record that stays, the other keeps no name.

    Of hours confirmed twice only those of the record that stays remain; the others are cancelled by a new fact.

    Args:
        persona_id: record that stays; its missing data are taken from the other.
        assorbita_id: record that is absorbed.
        autore: subject of the operator.
        now: platform instant.

    Returns:
        The record that stays.

    Raises:
        NotFound: one of them does not exist.
        UnioneNonValida: the same record twice, one no longer active, two tax codes, or two households at a time.
        UnioneDaRipetere: one of them was registered meanwhile where the other already is.

    Source: DOMAIN laboratori, duplicates are detected and merged, never silently; ADR 0028.
    """
    for mia, sua in await queries.iscrizioni_doppie(session, persona_id, assorbita_id):
        # a place already promised is never given away for a turn on the waiting list
        tiene_la_sua = sua.stato == StatoIscrizione.ISCRITTA and mia.stato == StatoIscrizione.IN_ATTESA
        await ritira(session, (mia if tiene_la_sua else sua).iscrizione_id, now=now)
    await _annulla_doppie(session, persona_id, assorbita_id, autore=autore, now=now)
    persone = await queries_persone.persone(session, {persona_id, assorbita_id}, lock=True)
    if persona_id not in persone or assorbita_id not in persone:
        raise NotFound("Una delle due schede non esiste.", field="assorbita_id")
    resta, assorbita = persone[persona_id], persone[assorbita_id]
    verifica_unione(persona_id, assorbita_id, [StatoPersona(resta.stato), StatoPersona(assorbita.stato)])
    if resta.codice_fiscale and assorbita.codice_fiscale:
        raise UnioneNonValida(
            "Le due schede hanno codici fiscali diversi: sono due persone.",
            field="assorbita_id",
            remedy="Correggere prima il codice sbagliato.",
        )
    async with rifiuti_del_database(session, ISCRITTE_NEL_FRATTEMPO):
        await queries.sposta(session, persona_id, assorbita_id)
    await _unisce_legami(session, persona_id, assorbita_id)
    codice = assorbita.codice_fiscale
    await _assorbe(session, resta, assorbita, now=now)
    resta.codice_fiscale = resta.codice_fiscale or codice
    await session.flush()
    await _unisce_condizioni(session, persona_id, assorbita_id)
    await _unisce_nuclei(session, persona_id, assorbita_id, now=now)
    await emit(
        session, PersonaUnita(persona_id=persona_id, versione=resta.versione, assorbita_id=assorbita_id), now=now
    )
    return PersonaCreata(persona_id=persona_id, versione=resta.versione)


async def _annulla_doppie(
    session: AsyncSession, persona_id: UUID, assorbita_id: UUID, *, autore: str, now: datetime
) -> None:
    """Cancels what would be there twice: overlapping confirmed hours, the same attendance registered on both."""
    presenze = await queries_presenze.presenze(session, await queries.presenze_di(session, {persona_id, assorbita_id}))
    resta = [p for p in presenze if p.persona_id == persona_id]
    tempi = [Tempo(p.inizio, p.fine) for p in resta if p.stato == StatoPresenza.CONFERMATA]
    registrate = {(p.attivita_id, p.inizio): p for p in resta}
    for altra in presenze:
        if altra.persona_id != assorbita_id:
            continue
        confermata = altra.stato == StatoPresenza.CONFERMATA
        tempo = Tempo(altra.inizio, altra.fine)
        stessa = registrate.get((altra.attivita_id, altra.inizio))
        if confermata and any(tempo.incontra(suo) for suo in tempi):
            doppia = altra
        elif stessa is None:
            continue
        else:
            doppia = stessa if confermata and stessa.stato != StatoPresenza.CONFERMATA else altra
        await annulla_presenza(session, doppia.presenza_id, motivo=MOTIVO_UNIONE, autore=autore, now=now)


async def _unisce_legami(session: AsyncSession, persona_id: UUID, assorbita_id: UUID) -> None:
    """The labs of the absorbed record know the one that stays; the first taking on counts."""
    miei = await queries.legami(session, persona_id)
    for laboratorio_id, suo in (await queries.legami(session, assorbita_id)).items():
        mio = miei.get(laboratorio_id)
        if mio is None:
            suo.persona_id = persona_id
            continue
        mio.conosciuta_il = min(mio.conosciuta_il, suo.conosciuta_il)
        if suo.presa_in_carico_il is not None and (
            mio.presa_in_carico_il is None or suo.presa_in_carico_il < mio.presa_in_carico_il
        ):
            mio.presa_in_carico_il, mio.presa_in_carico_da = suo.presa_in_carico_il, suo.presa_in_carico_da
        await session.delete(suo)
    await session.flush()


async def _unisce_condizioni(session: AsyncSession, persona_id: UUID, assorbita_id: UUID) -> None:
    """The answer of the record that stays counts; without one, the absorbed one's; none if consent was taken back.

    The records are already one: the last consent is that of both.
    """
    consenso = await queries_persone.ultimo_consenso(session, persona_id, TipoConsenso.CATEGORIE_PARTICOLARI.value)
    async with queries_condizioni.ruolo_condizioni(session):
        if await queries_condizioni.rilevazione(session, persona_id) is None:
            await queries.sposta_condizioni(session, persona_id, assorbita_id)
        else:
            await queries_condizioni.cancella(session, assorbita_id)
        if consenso == StatoConsenso.RITIRATO:
            await queries_condizioni.cancella(session, persona_id)


async def _assorbe(session: AsyncSession, resta: Persona, assorbita: Persona, *, now: datetime) -> None:
    """Fills what is missing from the absorbed record, which then keeps no name."""
    for name in (*PROFILO, "telefono"):
        if getattr(resta, name) is None:
            setattr(resta, name, getattr(assorbita, name))
    for name in (*IDENTITA, *PROFILO):
        setattr(assorbita, name, None)
    assorbita.stato = StatoPersona.UNITA.value
    assorbita.unita_in = resta.persona_id
    for persona in (resta, assorbita):
        persona.versione += 1
        persona.aggiornata_il = now
    await session.flush()


async def _unisce_nuclei(session: AsyncSession, persona_id: UUID, assorbita_id: UUID, *, now: datetime) -> None:
    """Gives the memberships to the record that stays; two in the same household at once become one."""
    appartenenze = await queries_nuclei.appartenenze(session, {persona_id, assorbita_id})
    toccati: set[UUID] = set()
    for suo in appartenenze[assorbita_id]:
        mio = next((m for m in appartenenze[persona_id] if _periodo(m).incontra(_periodo(suo))), None)
        if mio is not None and mio.nucleo_id != suo.nucleo_id:
            raise UnioneNonValida(
                "Le due schede sono in due nuclei diversi nello stesso periodo.",
                field="assorbita_id",
                remedy="Registrare prima l'uscita da uno dei due nuclei.",
            )
        toccati.add(suo.nucleo_id)
        if mio is None:
            suo.persona_id = persona_id
        else:
            await session.delete(suo)
            await session.flush()
            mio.dal = min(mio.dal, suo.dal)
            mio.al = None if mio.al is None or suo.al is None else max(mio.al, suo.al)
    async with rifiuti_del_database(session, VINCOLI):
        nuclei = await queries_nuclei.nuclei(session, toccati)
    for nucleo in nuclei:
        await aggiorna_nucleo(session, nucleo, now=now)


def _periodo(membro: Membro) -> Periodo:
    return Periodo(membro.dal, membro.al)


async def cancella_persona(session: AsyncSession, persona_id: UUID, *, now: datetime) -> PersonaCreata:
    """Erase an identity: names, code, profile, conditions and accesses go; the pseudonym and its facts stay.

    Args:
        persona_id: the person.
        now: platform instant.

    Returns:
        The pseudonym.

    Raises:
        NotFound: there is no such person.
        PersonaNonAttiva: merged or erased already.

    Source: EU regulation 2016/679 art. 17; DOMAIN laboratori, the ledger keeps pseudonym and amounts.
    """
    persona = await trova_persona(session, persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    for name in (*IDENTITA, *PROFILO):
        setattr(persona, name, None)
    persona.stato = StatoPersona.CANCELLATA.value
    persona.versione += 1
    persona.aggiornata_il = now
    await queries.cancella_identita(session, persona_id)
    await queries.dimentica_risposte(session, persona_id)
    async with queries_condizioni.ruolo_condizioni(session):
        await queries_condizioni.cancella(session, persona_id)
    await session.flush()
    await emit(session, PersonaCancellata(persona_id=persona_id, versione=persona.versione), now=now)
    return PersonaCreata(persona_id=persona_id, versione=persona.versione)
