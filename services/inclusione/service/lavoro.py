"""Host firms and their vacancies, and who of the people followed fits them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from services.inclusione.models import Azienda, Disponibilita, Posizione
from services.inclusione.queries import lavoro as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.iscrizione import PersonaCancellata
from services.inclusione.rules.tirocinio import Candidatura, Fascia, TipoPosizione, abbina, in_ordine, verifica_posto
from services.inclusione.schemas.lavoro import (
    Abbinamenti,
    AbbinamentoVisto,
    AziendaNuova,
    DisponibilitaCorpo,
    PosizioneNuova,
)

CANDIDATI = 10_000
ABBINATI = 1000


async def registra_azienda(
    session: AsyncSession, corpo: AziendaNuova, *, ente: str, autore: str, now: datetime
) -> Azienda:
    """Enters a host firm in the network of an operator."""
    azienda = Azienda(
        azienda_id=uuid7(), versione=1, ente=ente, registrata_da=autore, registrata_il=now, **corpo.model_dump()
    )
    session.add(azienda)
    await session.flush()
    return azienda


async def elenca_aziende(session: AsyncSession, ente: str, *, dopo: UUID | None, limit: int) -> Sequence[Azienda]:
    """The host firms of an operator."""
    return await queries.aziende(session, ente, dopo=dopo, limit=limit)


async def apri_posizione(session: AsyncSession, azienda_id: UUID, corpo: PosizioneNuova, *, now: datetime) -> Posizione:
    """Opens a vacancy of a host firm."""
    posizione = Posizione(
        posizione_id=uuid7(),
        versione=1,
        azienda_id=azienda_id,
        tipo=corpo.tipo,
        mansione=corpo.mansione,
        competenze=sorted(set(corpo.competenze)),
        fasce=[fascia.value for fascia in Fascia if fascia in corpo.fasce],
        posti=corpo.posti,
        aperta_il=now,
    )
    session.add(posizione)
    await session.flush()
    return posizione


async def elenca_posizioni(
    session: AsyncSession, azienda_id: UUID, *, dopo: UUID | None, limit: int
) -> Sequence[Posizione]:
    """The vacancies of a host firm."""
    return await queries.posizioni(session, azienda_id, dopo=dopo, limit=limit)


async def chiudi_posizione(session: AsyncSession, posizione_id: UUID, *, now: datetime) -> Posizione:
    """Closes a vacancy to others; twice is once.

    Raises:
        NotFound: no such vacancy.
    """
    posizione = await posizione_di(session, posizione_id, blocca=True)
    if posizione.chiusa_il is None:
        posizione.chiusa_il = now
        posizione.versione += 1
        await session.flush()
    return posizione


async def posizione_di(session: AsyncSession, posizione_id: UUID, *, blocca: bool = False) -> Posizione:
    """A vacancy, under its lock if asked.

    Raises:
        NotFound: no such vacancy.
    """
    posizione = await queries.posizione(session, posizione_id, blocca=blocca)
    if posizione is None:
        raise NotFound("La posizione non esiste.", field="posizione_id")
    return posizione


async def occupa_posto(session: AsyncSession, posizione_id: UUID, tipo: TipoPosizione, *, ente: str) -> Posizione:
    """Takes a place of a vacancy of the caller's network, under its lock.

    Raises:
        NotFound: no such vacancy in the network of that operator.
        PosizioneDiAltroTipo, PosizioneChiusa: see the rules.
    """
    posizione = await posizione_di(session, posizione_id, blocca=True)
    azienda = await queries.azienda(session, posizione.azienda_id)
    if azienda is None or azienda.ente != ente:
        raise NotFound("La posizione non esiste fra quelle dell'operatore.", field="posizione_id")
    verifica_posto(
        posizione.tipo,
        atteso=tipo,
        occupati=posizione.occupati,
        posti=posizione.posti,
        chiusa=posizione.chiusa_il is not None,
    )
    posizione.occupati += 1
    posizione.versione += 1
    return posizione


async def libera_posto(session: AsyncSession, posizione_id: UUID) -> None:
    """Gives a place back."""
    posizione = await posizione_di(session, posizione_id, blocca=True)
    posizione.occupati -= 1
    posizione.versione += 1


async def dichiara_disponibilita(
    session: AsyncSession,
    persona_id: UUID,
    corpo: DisponibilitaCorpo,
    *,
    ente: str,
    check_version: Callable[[int], None],
    now: datetime,
) -> Disponibilita:
    """Keeps what a person declared to the operator that follows them, in place of what they had declared before.

    Args:
        check_version: refuses a caller who saw an older version; the same declaration again changes nothing.

    Raises:
        PersonaCancellata: the person asked to be erased.
        PreconditionFailed, PreconditionRequired: what the caller saw is no longer so, or was not said.
    """
    await queries_persone.blocca_persona(session, persona_id)
    if await queries_persone.cancellata(session, await queries_persone.stesse_persone(session, persona_id)):
        raise PersonaCancellata(
            "La persona ha chiesto la cancellazione.", remedy="Non si registra altro che la riguardi."
        )
    competenze = sorted(set(corpo.competenze))
    fasce = [fascia.value for fascia in Fascia if fascia in corpo.fasce]
    nota = await queries.disponibilita(session, persona_id, ente, blocca=True)
    if nota is None:
        nota = Disponibilita(
            persona_id=persona_id, ente=ente, versione=1, competenze=competenze, fasce=fasce, dichiarata_il=now
        )
        session.add(nota)
    elif (nota.competenze, nota.fasce) != (competenze, fasce):
        check_version(nota.versione)
        nota.competenze, nota.fasce, nota.dichiarata_il = competenze, fasce, now
        nota.versione += 1
    await session.flush()
    return nota


async def leggi_disponibilita(session: AsyncSession, persona_id: UUID, *, ente: str) -> Disponibilita:
    """What a person declared to an operator.

    Raises:
        NotFound: nothing yet.
    """
    nota = await queries.disponibilita(session, persona_id, ente)
    if nota is None:
        raise NotFound("La persona non ha ancora dichiarato nulla a questo operatore.", field="persona_id")
    return nota


async def dimentica_disponibilita(session: AsyncSession, persona_id: UUID) -> None:
    """Forgets what an erased person had declared, under any of their ids."""
    attuale = await queries_persone.persona_attuale(session, persona_id)
    await queries.dimentica_disponibilita(session, await queries_persone.stesse_persone(session, attuale))


async def abbina_posizione(session: AsyncSession, posizione_id: UUID, *, ente: str) -> Abbinamenti:
    """Who of the people an operator follows fits a vacancy, best first, with the reasons; nobody already placed.

    Raises:
        NotFound: no such vacancy.
    """
    posizione = await posizione_di(session, posizione_id)
    fasce = [Fascia(fascia) for fascia in posizione.fasce]
    trovati = []
    for nota in await queries.candidati(session, ente, CANDIDATI):
        persona = Candidatura(frozenset(nota.competenze), frozenset(Fascia(fascia) for fascia in nota.fasce))
        esito = abbina(posizione.competenze, fasce, persona)
        if esito is not None and esito.punti > 0:
            trovati.append((nota.persona_id, esito))
    return Abbinamenti(
        items=[
            AbbinamentoVisto(
                persona_id=persona_id,
                punti=esito.punti,
                competenze_presenti=list(esito.presenti),
                competenze_mancanti=list(esito.mancanti),
                fasce=list(esito.fasce),
            )
            for persona_id, esito in in_ordine(trovati)[:ABBINATI]
        ]
    )
