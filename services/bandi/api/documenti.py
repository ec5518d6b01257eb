"""Documents of an application: announced with their name, uploaded as bytes, read by who may read the application."""

from uuid import UUID

from fastapi import Response

from chassis.http import Api, Ctx
from chassis.http.files import file_response, file_responses
from services.bandi.api.domande import LETTORI, PROPONENTE, del_capofila, di_chi_la_legge
from services.bandi.rules.documenti import MIB
from services.bandi.schemas.documento import DocumentiDomanda, DocumentoNuovo, DocumentoVista
from services.bandi.service import documenti as service
from services.bandi.service import permessi

api = Api("bandi", tag="Documenti", description="Documenti delle domande: PDF/A, PDF, ODF, riconosciuti dal contenuto.")

MASSIMO_BYTE = 25 * MIB


@api.post(
    "/domande/{domanda_id}/documenti",
    roles=PROPONENTE,
    owner=del_capofila,
    status_code=201,
    summary="Annuncia un documento di una domanda",
    description="Finche' la domanda e' in bozza, o quando va integrata. Poi se ne carica il file.",
)
async def annuncia_documento(domanda_id: UUID, corpo: DocumentoNuovo, ctx: Ctx) -> DocumentoVista:
    """Make place for a document."""
    return await service.annuncia_documento(ctx.session, domanda_id, corpo, now=ctx.now)


@api.get(
    "/domande/{domanda_id}/documenti",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Elenca i documenti di una domanda",
)
async def elenco_documenti(domanda_id: UUID, ctx: Ctx) -> DocumentiDomanda:
    """List the documents of an application."""
    member = await permessi.partecipa(ctx.session, domanda_id, ctx.principal)
    return await service.elenco_documenti(ctx.session, domanda_id, preparati=member)


@api.put(
    "/domande/{domanda_id}/documenti/{documento_id}/file",
    roles=PROPONENTE,
    owner=del_capofila,
    upload_max=MASSIMO_BYTE,
    summary="Carica il file di un documento",
    description=(
        "Il corpo della richiesta e' il file. Formato e dimensione si controllano sul contenuto, secondo il bando; un "
        "secondo caricamento sostituisce il primo."
    ),
)
async def carica_file(domanda_id: UUID, documento_id: UUID, ctx: Ctx) -> DocumentoVista:
    """Receive the file of a document."""
    return await service.carica_file(
        ctx.session,
        domanda_id,
        documento_id,
        ctx.upload.file,
        dimensione=ctx.upload.size,
        impronta=ctx.upload.sha256,
        autore=ctx.principal.subject,
        transaction=ctx.runtime.transaction,
        now=ctx.now,
    )


@api.get(
    "/domande/{domanda_id}/documenti/{documento_id}/file",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Scarica il file di un documento",
    responses=file_responses("application/octet-stream", "Il file, con il suo tipo"),
    response_class=Response,
)
async def leggi_file(domanda_id: UUID, documento_id: UUID, ctx: Ctx) -> Response:
    """Return the file of a document."""
    content, name, media_type = await service.leggi_file(
        ctx.session,
        domanda_id,
        documento_id,
        preparati=await permessi.partecipa(ctx.session, domanda_id, ctx.principal),
        chi=ctx.principal,
        request_id=ctx.request_id,
        now=ctx.now,
    )
    return file_response(content, name, media_type)


@api.delete(
    "/domande/{domanda_id}/documenti/{documento_id}",
    roles=PROPONENTE,
    owner=del_capofila,
    status_code=204,
    summary="Toglie un documento non presentato",
)
async def togli_documento(domanda_id: UUID, documento_id: UUID, ctx: Ctx) -> None:
    """Remove a document."""
    await service.togli_documento(ctx.session, domanda_id, documento_id)
