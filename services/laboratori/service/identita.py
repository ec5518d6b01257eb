"""Identities: which person stands behind the subject of a token, and names for the documents of other services."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Forbidden, NotFound
from services.laboratori.models import Identita
from services.laboratori.queries import nuclei as queries_nuclei
from services.laboratori.queries import persone as queries
from services.laboratori.queries import proprieta
from services.laboratori.rules.calendario import giorno_civile
from services.laboratori.rules.persone import IdentitaGiaAssociata, StatoPersona, verifica_attiva
from services.laboratori.schemas.persone import (
    AnagraficaVista,
    Anagrafiche,
    Competenza,
    ContrattoMio,
    IdentitaTrovata,
    Io,
)
from services.laboratori.service.persone import trova_persona


async def associa_identita(
    session: AsyncSession, persona_id: UUID, sub: str, *, autore: str, now: datetime
) -> IdentitaTrovata:
    """Tie the subject of a resident's token to their person; the same tie twice is one.

    Raises:
        NotFound: there is no such person.
        PersonaNonAttiva: merged or erased.
        IdentitaGiaAssociata: the subject is somebody else's.

    Source: DOMAIN decision 10, a resident sees their household; a resident's `sub` is mapped here alone.
    """
    persona = await trova_persona(session, persona_id, lock=True)
    verifica_attiva(StatoPersona(persona.stato))
    associata = await queries.associa_identita(
        session, Identita(sub=sub, persona_id=persona_id, associata_il=now, associata_da=autore)
    )
    if associata != persona_id:
        raise IdentitaGiaAssociata(
            "L'accesso è già associato a un'altra persona.",
            field="sub",
            remedy="Controllare di avere davanti la persona giusta.",
        )
    nucleo_id = await proprieta.nucleo_del(session, persona_id, giorno_civile(now))
    return IdentitaTrovata(persona_id=persona_id, nucleo_id=nucleo_id)


async def cerca_identita(session: AsyncSession, sub: str, *, now: datetime) -> IdentitaTrovata:
    """Give the pseudonyms behind a subject, to another service.

    Raises:
        NotFound: nobody is tied to it.

    Source: DOMAIN decision 1.
    """
    persona_id = await proprieta.persona_di(session, sub)
    if persona_id is None:
        raise NotFound("Nessuna persona è associata a questo accesso.", field="sub")
    nucleo_id = await proprieta.nucleo_del(session, persona_id, giorno_civile(now))
    return IdentitaTrovata(persona_id=persona_id, nucleo_id=nucleo_id)


async def verifica_competenza(
    session: AsyncSession, sub: str, nucleo_id: UUID | None, persona_id: UUID | None, *, now: datetime
) -> Competenza:
    """Say whether an operator is today in the team of a lab that follows a household, or a person; no for unknown ones.

    Of a person that they follow, the household of today is told too.

    Source: DOMAIN decision 10, a desk operator sees their labs.
    """
    oggi = giorno_civile(now)
    if persona_id is not None:
        if not await proprieta.segue_persona(session, persona_id, sub, oggi):
            return Competenza(segue=False)
        return Competenza(segue=True, nucleo_id=await proprieta.nucleo_del(session, persona_id, oggi))
    if nucleo_id is None:
        return Competenza(segue=False)
    legame = await proprieta.legame_nucleo(session, nucleo_id, sub, oggi)
    return Competenza(segue=legame is not None and legame.in_equipe)


async def chi_sono(session: AsyncSession, sub: str, *, now: datetime) -> Io:
    """Give a resident who they are here: person, household, running contracts.

    Raises:
        Forbidden: nobody is tied to the subject.

    Source: DOMAIN decision 10, a resident sees their household.
    """
    persona_id = await proprieta.persona_di(session, sub)
    if persona_id is None:
        raise Forbidden(
            "Il tuo accesso non è ancora collegato a una persona registrata.",
            remedy="Rivolgersi allo sportello del laboratorio di quartiere.",
        )
    persona = await trova_persona(session, persona_id)
    oggi = giorno_civile(now)
    nucleo_id = await proprieta.nucleo_del(session, persona_id, oggi)
    contratti = await queries_nuclei.contratti(session, [nucleo_id] if nucleo_id else [])
    return Io(
        persona_id=persona_id,
        nome=persona.nome or "",
        cognome=persona.cognome or "",
        nucleo_id=nucleo_id,
        contratti=[
            ContrattoMio.model_validate(c) for c in contratti if c.dal <= oggi and (c.al is None or c.al >= oggi)
        ],
    )


async def leggi_anagrafiche(session: AsyncSession, persone: list[UUID]) -> Anagrafiche:
    """Give the identities of people to another service, for a document it renders and does not keep.

    A merged record answers with the person it was merged into.

    Raises:
        NotFound: one of them does not exist.

    Source: DOMAIN decision 2, identity asked from laboratori for a stated purpose.
    """
    trovate = await queries.persone(session, persone)
    assorbite = await queries.persone(session, {p.unita_in for p in trovate.values() if p.unita_in is not None})
    items: list[AnagraficaVista] = []
    for persona_id in dict.fromkeys(persone):
        persona = trovate.get(persona_id)
        if persona is None:
            raise NotFound("Una delle persone non esiste.", field="persone")
        chi = assorbite.get(persona.unita_in, persona) if persona.unita_in else persona
        items.append(
            AnagraficaVista(
                persona_id=persona_id,
                nome=chi.nome,
                cognome=chi.cognome,
                data_nascita=chi.data_nascita,
                codice_fiscale=chi.codice_fiscale,
            )
        )
    return Anagrafiche(items=items)
