"""Certificates of hours attended: issued, revoked, checked by anybody who holds the code."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from services.inclusione.documents.attestato import Attestazione
from services.inclusione.models import Attestato
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import risultato as queries
from services.inclusione.rules.attestato import (
    AttestatoGiaRevocato,
    AttestatoGiaRilasciato,
    codice_di_verifica,
    verifica_frequenza,
)
from services.inclusione.rules.pip import ore_italiane
from services.inclusione.schemas.risultato import AttestatoNuovo, Verifica
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di
from services.inclusione.service.viste import pip_di


async def rilascia_attestato(session: AsyncSession, corpo: AttestatoNuovo, *, autore: str, now: datetime) -> Attestato:
    """Issues a certificate of the validated hours of a service, with a code to check it.

    Raises:
        NotFound: no such plan, or the plan has no such service.
        OreInsufficienti: too few validated hours.
        AttestatoGiaRilasciato: one of that kind is in force for this service and plan.
    """
    pip = await pip_di(session, corpo.pip_id)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    servizio = regole.servizio(corpo.servizio_codice)
    righe = {riga.servizio_codice: riga for riga in await queries_pip.servizi(session, [pip.pip_id])}
    riga = righe.get(corpo.servizio_codice)
    if servizio is None or riga is None:
        raise NotFound(f"Il piano non ha il servizio {corpo.servizio_codice}.", field="servizio_codice")
    verifica_frequenza(
        riga.validati_minuti, previsti_minuti=riga.previsti_minuti, soglia_percento=corpo.soglia_percento
    )
    attestato = Attestato(
        attestato_id=uuid7(),
        versione=1,
        codice=codice_di_verifica(secrets.randbelow),
        pip_id=pip.pip_id,
        persona_id=await queries_persone.persona_attuale(session, pip.persona_id),
        progetto_id=pip.progetto_id,
        ente=pip.ente,
        tipo=corpo.tipo,
        servizio_codice=corpo.servizio_codice,
        corso=servizio.nome,
        minuti=riga.validati_minuti,
        rilasciato_da=autore,
        rilasciato_il=now,
    )
    if not await queries.aggiungi_attestato(session, attestato):
        raise AttestatoGiaRilasciato(
            "Per questo servizio e questo piano c'e' gia' un attestato in vigore.",
            field="servizio_codice",
            remedy="Revocare prima quello, se le ore sono cambiate.",
        )
    return attestato


async def attestato_di(session: AsyncSession, attestato_id: UUID, *, blocca: bool = False) -> Attestato:
    """A certificate, under its lock if asked.

    Raises:
        NotFound: no such certificate.
    """
    attestato = await queries.attestato(session, attestato_id, blocca=blocca)
    if attestato is None:
        raise NotFound("L'attestato non esiste.", field="attestato_id")
    return attestato


async def elenca_attestati(session: AsyncSession, pip_id: UUID) -> Sequence[Attestato]:
    """The certificates of a plan."""
    return await queries.attestati(session, pip_id)


async def revoca_attestato(session: AsyncSession, attestato_id: UUID, *, motivo: str, now: datetime) -> Attestato:
    """Revokes a certificate: whoever checks it learns that it does not hold.

    Raises:
        NotFound: no such certificate.
        AttestatoGiaRevocato: it was.
    """
    attestato = await attestato_di(session, attestato_id, blocca=True)
    if attestato.revocato_il is not None:
        raise AttestatoGiaRevocato("L'attestato e' gia' revocato.", remedy="Rilasciarne un altro, se serve.")
    attestato.revocato_il, attestato.motivo = now, motivo
    attestato.versione += 1
    await session.flush()
    return attestato


async def stampa_attestato(session: AsyncSession, attestato: Attestato) -> Attestazione:
    """A certificate in the plain values it is rendered from, but the name of the person.

    Raises:
        AttestatoGiaRevocato: nobody prints a certificate that does not hold.
    """
    if attestato.revocato_il is not None:
        raise AttestatoGiaRevocato("L'attestato e' revocato.", remedy="Rilasciarne un altro, se serve.")
    progetto = await progetto_di(session, attestato.progetto_id)
    return Attestazione(
        ente=attestato.ente,
        progetto=progetto.titolo,
        tipo=attestato.tipo,
        corso=attestato.corso,
        ore=ore_italiane(attestato.minuti),
        codice=attestato.codice,
        rilasciato_il=attestato.rilasciato_il,
    )


async def verifica_attestato(session: AsyncSession, codice: str) -> Verifica:
    """What anybody may learn with a code: whether the certificate holds, and of which course, hours and day.

    An unknown code and a revoked certificate answer alike: it does not hold, and nothing else.
    """
    attestato = await queries.attestato_con_codice(session, codice)
    if attestato is None or attestato.revocato_il is not None:
        return Verifica(valido=False)
    return Verifica(
        valido=True,
        corso=attestato.corso,
        ore=ore_italiane(attestato.minuti),
        rilasciato_il=attestato.rilasciato_il.astimezone(ROMA).date(),
    )
