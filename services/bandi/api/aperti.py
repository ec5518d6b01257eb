"""Open data: files that anybody follows without a token, with the licence and an ETag."""

from typing import Any

from fastapi import Response

from chassis.http import PUBLIC, Api, Ctx
from chassis.http.files import CSV_MEDIA_TYPE, PDF_MEDIA_TYPE, file_responses, public_file
from services.bandi.api.parametri import CodiceBando, Numero
from services.bandi.schemas.aperti import Catalogo, DatiAvanzamento, DatiBandi, DatiGraduatoria, DatiProgetti
from services.bandi.service import aperti
from services.bandi.service.aperti import Documento, Formato

api = Api("bandi", tag="Dati aperti", description="Bandi, graduatorie e denaro da scaricare: CC BY 4.0, senza token.")

Answers = dict[int | str, dict[str, Any]]
SAME: Answers = {304: {"description": "I dati sono quelli dell'ETag in If-None-Match: non si trasmettono di nuovo."}}
CSV: Answers = file_responses(CSV_MEDIA_TYPE, "Dati aperti, licenza CC BY 4.0") | SAME
PDF: Answers = file_responses(PDF_MEDIA_TYPE, "L'atto pubblicato, licenza CC BY 4.0") | SAME
MEDIA_TYPES = {Formato.CSV: CSV_MEDIA_TYPE, Formato.JSON: "application/json", Formato.PDF: PDF_MEDIA_TYPE}


def _json(model: type[Any]) -> Answers:
    return {200: {"description": "Dati aperti, licenza CC BY 4.0", "model": model}} | SAME


async def _answer(ctx: Ctx, found: Documento, formato: Formato) -> Response:
    return await public_file(
        ctx,
        found.nome,
        found.versione,
        found.rendi,
        media_type=MEDIA_TYPES[formato],
        filename=found.nome,
        licence_url=aperti.LICENZA.indirizzo,
    )


@api.get(
    "/dati-aperti",
    roles=PUBLIC,
    summary="Elenca i dati aperti",
    description="Che cosa c'e', dove si scarica, con quale licenza, quali identificativi non cambiano.",
)
async def catalogo() -> Catalogo:
    """Return the catalogue."""
    return aperti.CATALOGO


@api.get(
    "/dati-aperti/bandi/csv",
    roles=PUBLIC,
    summary="Scarica i bandi pubblicati come CSV",
    description="Una riga per linea di finanziamento. Con l'ETag in If-None-Match risponde 304 se nulla e' cambiato.",
    response_class=Response,
    responses=CSV,
)
async def csv_bandi(ctx: Ctx) -> Response:
    """Return the published calls as CSV."""
    return await _answer(ctx, await aperti.bandi_aperti(ctx.session, Formato.CSV), Formato.CSV)


@api.get(
    "/dati-aperti/bandi/json",
    roles=PUBLIC,
    summary="Scarica i bandi pubblicati come JSON",
    description="Con le regole in vigore. Con l'ETag in If-None-Match risponde 304 se nulla e' cambiato.",
    response_class=Response,
    responses=_json(DatiBandi),
)
async def json_bandi(ctx: Ctx) -> Response:
    """Return the published calls as JSON."""
    return await _answer(ctx, await aperti.bandi_aperti(ctx.session, Formato.JSON), Formato.JSON)


@api.get(
    "/dati-aperti/progetti/csv",
    roles=PUBLIC,
    summary="Scarica i progetti e il loro denaro come CSV",
    description="Una riga per progetto e linea. Con l'ETag in If-None-Match risponde 304 se nulla e' cambiato.",
    response_class=Response,
    responses=CSV,
)
async def csv_progetti(ctx: Ctx) -> Response:
    """Return the projects as CSV."""
    return await _answer(ctx, await aperti.progetti_aperti(ctx.session, Formato.CSV), Formato.CSV)


@api.get(
    "/dati-aperti/progetti/json",
    roles=PUBLIC,
    summary="Scarica i progetti e il loro denaro come JSON",
    description="Con l'ETag in If-None-Match risponde 304 se nulla e' cambiato.",
    response_class=Response,
    responses=_json(DatiProgetti),
)
async def json_progetti(ctx: Ctx) -> Response:
    """Return the projects as JSON."""
    return await _answer(ctx, await aperti.progetti_aperti(ctx.session, Formato.JSON), Formato.JSON)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/csv",
    roles=PUBLIC,
    summary="Scarica una graduatoria come CSV",
    response_class=Response,
    responses=CSV,
)
async def csv_graduatoria(codice: CodiceBando, numero: Numero, ctx: Ctx) -> Response:
    """Return a ranking as CSV."""
    found = await aperti.graduatoria_aperta(ctx.session, codice, numero, Formato.CSV)
    return await _answer(ctx, found, Formato.CSV)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/json",
    roles=PUBLIC,
    summary="Scarica una graduatoria come JSON",
    description="Tutta insieme; l'elenco delle righe la da' invece una pagina per volta.",
    response_class=Response,
    responses=_json(DatiGraduatoria),
)
async def json_graduatoria(codice: CodiceBando, numero: Numero, ctx: Ctx) -> Response:
    """Return a ranking as JSON."""
    found = await aperti.graduatoria_aperta(ctx.session, codice, numero, Formato.JSON)
    return await _answer(ctx, found, Formato.JSON)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/pdf",
    roles=PUBLIC,
    summary="Scarica l'atto pubblicato di una graduatoria",
    description="PDF/A con le righe e l'impronta che chiunque puo' ricalcolare.",
    response_class=Response,
    responses=PDF,
)
async def pdf_graduatoria(codice: CodiceBando, numero: Numero, ctx: Ctx) -> Response:
    """Return the published act of a ranking."""
    found = await aperti.graduatoria_aperta(ctx.session, codice, numero, Formato.PDF)
    return await _answer(ctx, found, Formato.PDF)


@api.get(
    "/bandi/{codice}/avanzamento/csv",
    roles=PUBLIC,
    summary="Scarica il denaro di un bando come CSV",
    response_class=Response,
    responses=CSV,
)
async def csv_avanzamento(codice: CodiceBando, ctx: Ctx) -> Response:
    """Return the money of a call as CSV."""
    return await _answer(ctx, await aperti.avanzamento_aperto(ctx.session, codice, Formato.CSV), Formato.CSV)


@api.get(
    "/bandi/{codice}/avanzamento/json",
    roles=PUBLIC,
    summary="Scarica il denaro di un bando come JSON",
    response_class=Response,
    responses=_json(DatiAvanzamento),
)
async def json_avanzamento(codice: CodiceBando, ctx: Ctx) -> Response:
    """Return the money of a call as JSON."""
    return await _answer(ctx, await aperti.avanzamento_aperto(ctx.session, codice, Formato.JSON), Formato.JSON)
