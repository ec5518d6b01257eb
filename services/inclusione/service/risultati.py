"""Targets and results of a project: what was expected, beside what the recorded facts give."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inclusione.models import Obiettivo
from services.inclusione.queries import risultato as queries
from services.inclusione.rules.misura import TipoServizio
from services.inclusione.rules.risultato import Indicatore
from services.inclusione.schemas.risultato import ObiettivoCorpo, Risultati, RisultatoVisto
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di

PER_TIPO = {
    TipoServizio.ORIENTAMENTO: Indicatore.PERSONE_ORIENTATE,
    TipoServizio.FORMAZIONE: Indicatore.PERSONE_FORMATE,
    TipoServizio.LAVORO: Indicatore.PERSONE_SERVIZI_LAVORO,
}


async def scrivi_obiettivo(
    session: AsyncSession,
    progetto_id: UUID,
    indicatore: Indicatore,
    corpo: ObiettivoCorpo,
    *,
    autore: str,
    check_version: Callable[[int], None],
    now: datetime,
) -> Obiettivo:
    """Writes what a project expects of an indicator; the same value again changes nothing.

    Raises:
        NotFound: no such project here.
        PreconditionFailed, PreconditionRequired: another value stands there, which the caller did not see.
    """
    await progetto_di(session, progetto_id)
    obiettivo = await queries.obiettivo(session, progetto_id, indicatore)
    if obiettivo is None:
        obiettivo = Obiettivo(
            progetto_id=progetto_id,
            indicatore=indicatore,
            versione=1,
            atteso=corpo.atteso,
            fonte=corpo.fonte,
            scritto_da=autore,
            scritto_il=now,
        )
        session.add(obiettivo)
    elif (obiettivo.atteso, obiettivo.fonte) != (corpo.atteso, corpo.fonte):
        check_version(obiettivo.versione)
        obiettivo.atteso, obiettivo.fonte = corpo.atteso, corpo.fonte
        obiettivo.scritto_da, obiettivo.scritto_il = autore, now
        obiettivo.versione += 1
    await session.flush()
    return obiettivo


async def leggi_risultati(session: AsyncSession, progetto_id: UUID) -> Risultati:
    """Every indicator of a project: its target, if one is written, and what the recorded facts give.

    Raises:
        NotFound: no such project here.

    Source: issue of inclusione ("what a source gives as planned or expected is entered as target, never asserted").
    """
    await progetto_di(session, progetto_id)
    obiettivi = await queries.obiettivi(session, progetto_id)
    raggiunti = await queries.conteggi(session, progetto_id) | await _persone_servite(session, progetto_id)
    return Risultati(
        items=[
            RisultatoVisto(
                indicatore=indicatore,
                atteso=obiettivi[indicatore].atteso if indicatore in obiettivi else None,
                fonte=obiettivi[indicatore].fonte if indicatore in obiettivi else None,
                raggiunto=raggiunti[indicatore],
            )
            for indicatore in Indicatore
        ]
    )


async def _persone_servite(session: AsyncSession, progetto_id: UUID) -> dict[Indicatore, int]:
    servite: dict[Indicatore, set[UUID]] = {indicatore: set() for indicatore in PER_TIPO.values()}
    for misura_id, numero, codice, persona_id in await queries.persone_per_servizio(session, progetto_id):
        servizio = (await regole_di(session, misura_id, numero)).servizio(codice)
        if servizio is not None and servizio.tipo in PER_TIPO:
            servite[PER_TIPO[servizio.tipo]].add(persona_id)
    return {indicatore: len(persone) for indicatore, persone in servite.items()}
