"""What changes during a path: requirements checked again, other policies; and the duplicates across measures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.italian import ROMA
from services.inclusione.models import Iscrizione, VerificaInItinere
from services.inclusione.queries import conformita as queries
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.conformita import (
    PercorsoNonIniziato,
    RequisitoNonMantenuto,
    ValutazioneInItinere,
    Verifica,
    valuta_conformita,
)
from services.inclusione.rules.iscrizione import verifica_risposte
from services.inclusione.schemas.iscrizione import (
    ConformitaVista,
    Duplicati,
    DuplicatoVisto,
    IscrizionePropria,
    IscrizioniProprie,
    ProfiloVisto,
    VerificaVista,
    Verifiche,
    VoceVista,
)
from services.inclusione.service.iscrizione import iscrizione_di
from services.inclusione.service.misura import regole_di


async def valuta_percorso(session: AsyncSession, iscrizione: Iscrizione) -> ValutazioneInItinere:
    """What a path says now of the requirements to be kept."""
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    verifiche = {
        riga.requisito: Verifica(riga.risposta, riga.giorno)
        for riga in await queries.verifiche(session, iscrizione.iscrizione_id)
    }
    return valuta_conformita(regole, verifiche, altre_politiche=await altre_politiche(session, iscrizione))


async def altre_politiche(session: AsyncSession, iscrizione: Iscrizione) -> Sequence[str]:
    """The measures in which the enrolled person has another plan that holds money, under any of their ids."""
    attuale = await queries_persone.persona_attuale(session, iscrizione.persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    return await queries_iscrizione.altre_politiche(session, stesse, iscrizione.misura_id, iscrizione.progetto_id)


async def verifica_in_itinere(
    session: AsyncSession, iscrizione_id: UUID, corpo: Verifiche, *, autore: str, now: datetime
) -> ConformitaVista:
    """Records what requirements to be kept are now; the eligibility at the start stays as it was.

    Raises:
        NotFound: no such enrolment.
        PercorsoNonIniziato: no plan of the enrolment was ever signed.
        RequisitoNonMantenuto: the measure does not ask to keep it.
        RequisitoSconosciuto, RispostaSenzaProva: an answer cannot be used; none of them is kept.
    """
    letta = await iscrizione_di(session, iscrizione_id)
    await queries_persone.blocca_persona(session, letta.persona_id)
    iscrizione = await queries_iscrizione.iscrizione(session, iscrizione_id, blocca=True)
    assert iscrizione is not None
    regole = await regole_di(session, iscrizione.misura_id, iscrizione.misura_numero)
    righe = {riga.requisito: riga for riga in corpo.verifiche}
    verifica_risposte(regole, {codice: (riga.risposta, riga.prova is not None) for codice, riga in righe.items()})
    non_mantenuti = sorted(righe.keys() - {requisito.codice for requisito in regole.requisiti if requisito.mantenuto})
    if non_mantenuti:
        raise RequisitoNonMantenuto(
            f"La misura non chiede di mantenere: {', '.join(non_mantenuti)}.",
            field="verifiche",
            remedy="Se la risposta iniziale era sbagliata, correggerla fra le risposte dell'iscrizione.",
        )
    if not await queries_iscrizione.percorso_iniziato(session, iscrizione_id):
        raise PercorsoNonIniziato(
            "Nessun piano di questa iscrizione e' ancora firmato.",
            remedy="Prima della firma le risposte si danno all'iscrizione.",
        )
    numero = await queries.ultima_verifica(session, iscrizione_id) + 1
    oggi = now.astimezone(ROMA).date()
    session.add_all(
        VerificaInItinere(
            iscrizione_id=iscrizione_id,
            requisito=riga.requisito,
            numero=numero,
            risposta=riga.risposta,
            prova=riga.prova.tipo if riga.prova else None,
            riferimento=riga.prova.riferimento if riga.prova else None,
            giorno=min(riga.giorno or oggi, oggi),
            data_da=autore,
            data_il=now,
        )
        for riga in righe.values()
    )
    await session.flush()
    return await _vista(session, iscrizione)


async def leggi_conformita(session: AsyncSession, iscrizione_id: UUID) -> ConformitaVista:
    """What a path says now of the requirements to be kept, and the checks it rests on.

    Raises:
        NotFound: no such enrolment.
    """
    return await _vista(session, await iscrizione_di(session, iscrizione_id))


async def _vista(session: AsyncSession, iscrizione: Iscrizione) -> ConformitaVista:
    valutazione = await valuta_percorso(session, iscrizione)
    return ConformitaVista(
        iscrizione_id=iscrizione.iscrizione_id,
        esito=valutazione.esito,
        spiegazione=[VoceVista.model_validate(voce) for voce in valutazione.voci],
        verifiche=[
            VerificaVista.model_validate(riga) for riga in await queries.verifiche(session, iscrizione.iscrizione_id)
        ],
    )


async def trova_duplicati(session: AsyncSession, iscrizione_id: UUID) -> Duplicati:
    """The other enrolments of the same person, under any of their ids, with the state of their plans.

    Raises:
        NotFound: no such enrolment.
    """
    iscrizione = await iscrizione_di(session, iscrizione_id)
    attuale = await queries_persone.persona_attuale(session, iscrizione.persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    return Duplicati(
        items=[
            DuplicatoVisto(misura_codice=altra.misura_codice, esito=altra.esito, stato_piano=stato, inizio=dal, fine=al)
            for altra, stato, dal, al in await queries.altre_iscrizioni(session, stesse, iscrizione_id)
        ]
    )


async def iscrizioni_proprie(session: AsyncSession, persona_id: UUID) -> IscrizioniProprie:
    """The enrolments of a person as the person sees them, under any of their ids."""
    attuale = await queries_persone.persona_attuale(session, persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    proprie = []
    for iscrizione in await queries.iscrizioni_proprie(session, stesse):
        profilo = await queries_iscrizione.profilo(session, iscrizione.iscrizione_id)
        proprie.append(
            IscrizionePropria(
                iscrizione_id=iscrizione.iscrizione_id,
                misura_codice=iscrizione.misura_codice,
                progetto_id=iscrizione.progetto_id,
                ente=iscrizione.ente,
                canale=iscrizione.canale,
                esito=iscrizione.esito,
                spiegazione=[VoceVista.model_validate(voce) for voce in iscrizione.spiegazione],
                conformita=await _vista(session, iscrizione),
                profilo=None if profilo is None else ProfiloVisto.model_validate(profilo),
                iscritta_il=iscrizione.iscritta_il,
            )
        )
    return IscrizioniProprie(items=proprie)
