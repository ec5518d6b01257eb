"""Documents of an application: announced, uploaded, read, removed; files that nothing names any more."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import wall_clock
from chassis.errors import InternalError
from chassis.filetypes import recognise
from chassis.ids import uuid7
from chassis.register import register_access
from chassis.ruoli import Ruolo
from chassis.store import MissingFile, store_of
from chassis.tokens import Principal
from services.bandi.models import Deposito, Documento, DocumentoPresentato, Domanda
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import documenti as queries
from services.bandi.queries import domande as queries_domande
from services.bandi.rules import documenti as rules
from services.bandi.rules.bando import DocumentoRichiesto, FormatoDocumento
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.schemas.documento import DocumentiDomanda, DocumentoNuovo, DocumentoVista
from services.bandi.service import bandi, domande

Transaction = Callable[[], AbstractAsyncContextManager[AsyncSession]]

ORFANI_DOPO = timedelta(hours=24)
ORFANI_PER_VOLTA = 100


class DocumentoAlterato(InternalError):
    """The store gives back other bytes than those that were presented."""

    title = "Documento alterato"


async def annuncia_documento(
    session: AsyncSession, domanda_id: UUID, corpo: DocumentoNuovo, *, now: datetime
) -> DocumentoVista:
    """Make place for a document; its file is uploaded into it.

    Raises:
        DocumentiChiusi, DocumentoNonPrevisto, TroppiDocumenti.
    """
    domanda = await _modificabile(session, domanda_id)
    await _richiesto(session, domanda, corpo.richiesto)
    here = len(await queries.documenti(session, domanda_id))
    rules.controlla_quanti(here + len(await queries.documenti_presentati(session, domanda_id)))
    documento = Documento(
        documento_id=uuid7(),
        domanda_id=domanda_id,
        richiesto=corpo.richiesto,
        nome=corpo.nome,
        creato_il=now,
        deposito_id=None,
        formato=None,
        media_type=None,
        dimensione=None,
        impronta=None,
        caricato_da=None,
        caricato_il=None,
    )
    session.add(documento)
    await session.flush()
    return _view(documento)


async def carica_file(
    session: AsyncSession,
    domanda_id: UUID,
    documento_id: UUID,
    file: IO[bytes],
    *,
    dimensione: int,
    impronta: str,
    autore: str,
    transaction: Transaction,
    now: datetime,
) -> DocumentoVista:
    """Put the file of a document in the store and write down what it is; a second file takes the place of the first.

    The key is written down in a transaction of its own before the file is put: if anything fails afterwards, the file
    is found by it and removed (ADR 0055).

    Args:
        session: the transaction.
        domanda_id: the application.
        documento_id: the document.
        file: open for reading.
        dimensione: bytes.
        impronta: SHA-256, in hexadecimal.
        autore: who uploads.
        transaction: opens another transaction of the service.
        now: when the request arrived.

    Raises:
        DocumentoSconosciuto, DocumentiChiusi, FormatoNonRiconosciuto, FileNonLeggibile, FormatoNonAmmesso,
        DocumentoTroppoGrande.
    """
    domanda = await domande.nota(session, domanda_id)
    rules.controlla_modificabili(StatoDomanda(domanda.stato))
    chiesto = await _richiesto(session, domanda, (await _noto(session, domanda_id, documento_id)).richiesto)
    recognised = await recognise(file)
    rules.controlla_file(chiesto, FormatoDocumento(recognised.kind.value), dimensione)
    deposito = Deposito(deposito_id=uuid7(), chiave=f"domande/{domanda_id}/{uuid7()}", creato_il=wall_clock())
    deposito_id, chiave = deposito.deposito_id, deposito.chiave
    async with transaction() as other:
        other.add(deposito)
    file.seek(0)
    await store_of(session).put(chiave, file)
    await _modificabile(session, domanda_id)
    documento = await _noto(session, domanda_id, documento_id)
    documento.deposito_id = deposito_id
    documento.formato = recognised.kind
    documento.media_type = recognised.media_type
    documento.dimensione = dimensione
    documento.impronta = impronta
    documento.caricato_da = autore
    documento.caricato_il = now
    await session.flush()
    return _view(documento)


async def togli_documento(session: AsyncSession, domanda_id: UUID, documento_id: UUID) -> None:
    """Remove a document that has not been presented; its file goes when nothing names it any more.

    Raises:
        DocumentoSconosciuto, DocumentiChiusi.
    """
    await _modificabile(session, domanda_id)
    await session.delete(await _noto(session, domanda_id, documento_id))


async def elenco_documenti(session: AsyncSession, domanda_id: UUID, *, preparati: bool) -> DocumentiDomanda:
    """Return the documents of an application: those presented, then those being prepared for who may see them."""
    presented = await queries.documenti_presentati(session, domanda_id)
    prepared = await queries.documenti(session, domanda_id) if preparati else []
    return DocumentiDomanda(items=[*map(_view, presented), *map(_view, prepared)])


async def leggi_file(
    session: AsyncSession,
    domanda_id: UUID,
    documento_id: UUID,
    *,
    preparati: bool,
    chi: Principal,
    request_id: str,
    now: datetime,
) -> tuple[bytes, str, str]:
    """Return the content of a document, its name and its media type; who examines leaves a line in the register.

    Args:
        session: the transaction.
        domanda_id: the application.
        documento_id: the document.
        preparati: the caller may see what is not presented yet.
        chi: the caller.
        request_id: the request, for the register.
        now: when it arrived.

    Raises:
        DocumentoSconosciuto, FileNonCaricato, DocumentoAlterato.
    """
    found = await queries.documento_presentato(session, domanda_id, documento_id)
    if found is None and not preparati:
        raise rules.DocumentoSconosciuto(
            f"La domanda non ha un documento presentato con identificativo {documento_id}."
        )
    documento = found or await _noto(session, domanda_id, documento_id)
    if documento.deposito_id is None:
        raise rules.FileNonCaricato("Il file di questo documento non e' ancora stato caricato.")
    if chi.has(Ruolo.FUNZIONARIO_BANDI, Ruolo.COMMISSARIO):
        await register_access(
            session,
            chi,
            oggetto="documento",
            oggetto_id=documento_id,
            scopo="esame della domanda",
            request_id=request_id,
            now=now,
        )
    try:
        content = await store_of(session).get(await queries.chiave(session, documento.deposito_id))
    except MissingFile as error:
        raise _altered(documento_id) from error
    if hashlib.sha256(content).hexdigest() != documento.impronta:
        raise _altered(documento_id)
    return content, documento.nome, documento.media_type or "application/octet-stream"


async def rimuovi_file_orfani(session: AsyncSession, now: datetime) -> None:
    """Delete from the store the files no document names any more: uploads that failed, documents removed."""
    del now  # a file is kept so many real hours: the platform's clock may be set
    for deposito in await queries.depositi_orfani(session, wall_clock() - ORFANI_DOPO, ORFANI_PER_VOLTA):
        await store_of(session).delete(deposito.chiave)
        await session.delete(deposito)


async def della_bozza(session: AsyncSession, domanda_id: UUID) -> tuple[rules.Documento, ...]:
    """Return the documents being prepared, as the rules see them."""
    return tuple(
        rules.Documento(found.richiesto, found.nome, found.deposito_id is not None)
        for found in await queries.documenti(session, domanda_id)
    )


def canonici(documenti: list[Documento]) -> list[dict[str, object]]:
    """Return what a receipt vouches for of each document, in an order that does not depend on the upload."""
    items: list[dict[str, object]] = [
        {
            "richiesto": found.richiesto,
            "nome": found.nome,
            "formato": found.formato,
            "dimensione": found.dimensione,
            "impronta": found.impronta,
        }
        for found in documenti
    ]
    return sorted(items, key=lambda item: (str(item["richiesto"]), str(item["nome"]), str(item["impronta"])))


async def _modificabile(session: AsyncSession, domanda_id: UUID) -> Domanda:
    domanda = await queries_domande.blocca_domanda(session, domanda_id)
    rules.controlla_modificabili(StatoDomanda(domanda.stato))
    return domanda


async def _noto(session: AsyncSession, domanda_id: UUID, documento_id: UUID) -> Documento:
    found = await queries.documento(session, domanda_id, documento_id)
    if found is not None:
        return found
    if await queries.documento_presentato(session, domanda_id, documento_id) is not None:
        raise rules.DocumentiChiusi(
            "Il documento e' stato presentato: non cambia.", remedy="Sostituire la domanda entro i termini."
        )
    raise rules.DocumentoSconosciuto(f"La domanda non ha un documento con identificativo {documento_id}.")


async def _richiesto(session: AsyncSession, domanda: Domanda, codice: str | None) -> DocumentoRichiesto | None:
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    return rules.richiesto((await bandi.regole_in_vigore(session, bando)).to_rules().documenti, codice)


def _altered(documento_id: UUID) -> DocumentoAlterato:
    return DocumentoAlterato(
        f"Il file del documento {documento_id} non e' quello che fu caricato: non viene consegnato.",
        remedy="Segnalare il numero della richiesta (X-Request-Id) a chi gestisce la piattaforma.",
    )


def _view(documento: Documento | DocumentoPresentato) -> DocumentoVista:
    return DocumentoVista(
        documento_id=documento.documento_id,
        richiesto=documento.richiesto,
        nome=documento.nome,
        presentato=isinstance(documento, DocumentoPresentato),
        soccorso=documento.soccorso if isinstance(documento, DocumentoPresentato) else None,
        formato=FormatoDocumento(documento.formato) if documento.formato else None,
        dimensione=documento.dimensione,
        impronta=documento.impronta,
        caricato_il=documento.caricato_il,
    )
