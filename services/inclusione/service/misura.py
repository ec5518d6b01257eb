"""Measures: entered as data, versioned, read by everybody."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Conflict, NotFound
from chassis.ids import uuid7
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.models import Misura, MisuraVersione
from services.inclusione.queries import misura as queries
from services.inclusione.rules.iscrizione import MisuraDiAltroEnte
from services.inclusione.rules.misura import RegoleMisura, verifica_regole
from services.inclusione.schemas.misura import (
    MisuraInElenco,
    MisuraNuova,
    MisuraVersioneNuova,
    MisuraVista,
    RegoleCorpo,
)

_regole: LRUCache[tuple[UUID, int], RegoleMisura] = LRUCache(256)


class MisuraGiaEsistente(Conflict):
    """The code of the measure is taken."""

    title = "Misura gia' esistente"


class VersioneNelPassato(Conflict):
    """A version holds from the day of the previous one or later."""

    title = "Versione anteriore alla precedente"


async def regole_di(session: AsyncSession, misura_id: UUID, numero: int) -> RegoleMisura:
    """The rules of a version; versions never change, so they are kept in memory."""
    known = _regole.get((misura_id, numero))
    if known is None:
        versione = await queries.versione(session, misura_id, numero)
        if versione is None:
            raise NotFound(f"La misura non ha la versione {numero}.")
        known = RegoleCorpo.model_validate(versione.regole).regole()
        _regole[misura_id, numero] = known
    return known


async def crea_misura(session: AsyncSession, corpo: MisuraNuova, *, principal: Principal, now: datetime) -> MisuraVista:
    """Enters a measure with its first version.

    Raises:
        MisuraIncoerente: its rules contradict each other.
        MisuraGiaEsistente: the code is taken.
    """
    verifica_regole(corpo.regole.regole(), vale_dal=corpo.vale_dal)
    misura = Misura(
        misura_id=uuid7(),
        codice=corpo.codice,
        titolo=corpo.titolo,
        bando_codice=corpo.bando_codice,
        ente_titolare=principal.ente,
        numero=1,
    )
    if not await queries.aggiungi_misura(session, misura):
        raise MisuraGiaEsistente(
            f"La misura {corpo.codice} esiste gia'.", field="codice", remedy="Aggiungerle una versione, o altro codice."
        )
    versione = _versione(misura.misura_id, 1, corpo, autore=principal.subject, now=now)
    session.add(versione)
    return _vista(misura, versione)


async def aggiungi_versione(
    session: AsyncSession, codice: str, corpo: MisuraVersioneNuova, *, principal: Principal, now: datetime
) -> MisuraVista:
    """Adds a version to a measure; enrolments made before keep theirs.

    Raises:
        NotFound: no such measure.
        MisuraDiAltroEnte: a Comune edits only its own measures.
        VersioneNelPassato: it would hold from before the previous one.
        MisuraIncoerente: its rules contradict each other.
    """
    misura = await queries.misura(session, codice, blocca=True)
    if misura is None:
        raise _assente(codice)
    if not principal.has(Ruolo.FUNZIONARIO_BANDI, Ruolo.AMMINISTRATORE) and misura.ente_titolare != principal.ente:
        raise MisuraDiAltroEnte(
            f"La misura {codice} e' di un altro ente.", remedy="Chiedere la modifica a chi l'ha approvata."
        )
    precedente = await queries.versione(session, misura.misura_id, misura.numero)
    if precedente is not None and corpo.vale_dal < precedente.vale_dal:
        raise VersioneNelPassato(
            f"La versione {misura.numero} vale dal {precedente.vale_dal.isoformat()}: la nuova vale da allora in poi.",
            field="vale_dal",
            remedy="Indicare quel giorno o uno seguente.",
        )
    verifica_regole(corpo.regole.regole(), vale_dal=corpo.vale_dal)
    misura.numero += 1
    versione = _versione(misura.misura_id, misura.numero, corpo, autore=principal.subject, now=now)
    session.add(versione)
    return _vista(misura, versione)


def _versione(
    misura_id: UUID, numero: int, corpo: MisuraVersioneNuova, *, autore: str, now: datetime
) -> MisuraVersione:
    return MisuraVersione(
        misura_id=misura_id,
        numero=numero,
        vale_dal=corpo.vale_dal,
        atto=corpo.atto,
        regole=corpo.regole.model_dump(mode="json"),
        autore=autore,
        approvata_il=now,
    )


async def misura_in_vigore(session: AsyncSession, codice: str, giorno: date) -> tuple[Misura, MisuraVersione]:
    """A measure and its version in force on a day.

    Raises:
        NotFound: no such measure, or not in force yet.
    """
    misura = await queries.misura(session, codice)
    if misura is None:
        raise _assente(codice)
    versione = await queries.versione_in_vigore(session, misura.misura_id, giorno)
    if versione is None:
        raise NotFound(f"La misura {codice} non e' ancora in vigore il {giorno.isoformat()}.", field="misura_codice")
    return misura, versione


async def leggi_misura(session: AsyncSession, codice: str, numero: int | None) -> MisuraVista:
    """A measure with the asked version, the last one if none is asked.

    Raises:
        NotFound: no such measure or version.
    """
    misura = await queries.misura(session, codice)
    if misura is None:
        raise _assente(codice)
    versione = await queries.versione(session, misura.misura_id, numero or misura.numero)
    if versione is None:
        raise NotFound(f"La misura {codice} non ha la versione {numero}.")
    return _vista(misura, versione)


async def elenca_misure(session: AsyncSession, *, dopo: str | None, limit: int) -> Sequence[Misura]:
    """Measures in code order."""
    return await queries.misure(session, dopo=dopo, limit=limit)


def _assente(codice: str) -> NotFound:
    return NotFound(f"La misura {codice} non esiste.", field="misura_codice")


def _vista(misura: Misura, versione: MisuraVersione) -> MisuraVista:
    return MisuraVista(
        **MisuraInElenco.model_validate(misura).model_dump(),
        numero_letto=versione.numero,
        vale_dal=versione.vale_dal,
        atto=versione.atto,
        approvata_il=versione.approvata_il,
        regole=RegoleCorpo.model_validate(versione.regole),
    )
