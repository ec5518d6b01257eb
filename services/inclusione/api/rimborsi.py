"""Routes of the claims of operators."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.http.files import CSV_MEDIA_TYPE, PDF_MEDIA_TYPE, csv_response, file_responses, pdf_response
from chassis.pdf import render
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_rimborso, vede_linea
from services.inclusione.documents.rimborso import csv_rimborso, pdf_rimborso
from services.inclusione.rules.rimborso import StatoRimborso
from services.inclusione.schemas.rimborso import (
    IstruttoriaRimborso,
    Rendiconto,
    RimborsoIntero,
    RimborsoNuovo,
    RimborsoVisto,
)
from services.inclusione.service import rimborso as service
from services.inclusione.service.progetto import progetto_di

api = Api(
    "inclusione",
    tag="Rendicontazione",
    description="Le domande di rimborso degli operatori: ogni ora validata si chiede una volta sola, al suo costo.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE}


@api.post(
    "/linee/{progetto_id}/rimborsi",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=vede_linea,
    status_code=201,
    summary="Presenta una domanda di rimborso",
    description=(
        "Chiede il costo delle ore validate di un periodo che nessuna altra domanda contiene, e restituisce quanto era "
        "stato ammesso per ore poi annullate. Mai oltre il massimale dell'operatore nella misura."
    ),
)
async def presenta_rimborso(progetto_id: UUID, corpo: RimborsoNuovo, ctx: Ctx) -> RimborsoVisto:
    vista = await service.presenta_rimborso(ctx.session, progetto_id, corpo, principal=ctx.principal, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/linee/{progetto_id}/rimborsi",
    roles=CHI_LEGGE,
    owner=vede_linea,
    summary="Elenca le domande di rimborso di una linea",
    description="Dalla prima; un operatore vede le proprie, il capofila tutte.",
)
async def elenca_rimborsi(
    progetto_id: UUID,
    ctx: Ctx,
    limit: Limit = 100,
    cursor: CursorParam = None,
    stato: Annotated[StatoRimborso | None, Query(description="Solo in questo stato")] = None,
) -> Pagina[RimborsoVisto]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_rimborsi(
        ctx.session,
        progetto_id,
        ente=await _solo_proprie(progetto_id, ctx),
        stato=stato,
        dopo=UUID(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=righe[:limit],
        cursor=ctx.encode_cursor([str(righe[limit - 1].domanda_id)]) if len(righe) > limit else None,
    )


async def _solo_proprie(progetto_id: UUID, ctx: Ctx) -> str | None:
    progetto = await progetto_di(ctx.session, progetto_id)
    return None if ctx.principal.ente == progetto.capofila else ctx.principal.ente or ""


@api.get(
    "/linee/{progetto_id}/rendiconto",
    roles=CHI_LEGGE,
    owner=vede_linea,
    summary="Legge il rendiconto dei servizi di una linea",
    description="Per operatore e misura: ore validate e loro costo, chiesto, ammesso, massimale.",
)
async def leggi_rendiconto(progetto_id: UUID, ctx: Ctx) -> Rendiconto:
    return await service.leggi_rendiconto(ctx.session, progetto_id, ente=await _solo_proprie(progetto_id, ctx))


@api.get(
    "/rimborsi/{domanda_id}",
    roles=CHI_LEGGE,
    owner=del_rimborso,
    summary="Legge una domanda di rimborso",
    description="La domanda con le sue righe e le ore indirette dello stesso periodo, che non si pagano.",
)
async def leggi_rimborso(domanda_id: UUID, ctx: Ctx) -> RimborsoIntero:
    vista = await service.leggi_rimborso(ctx.session, domanda_id)
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/rimborsi/{domanda_id}/istruttoria",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=del_rimborso,
    status_code=201,
    summary="Istruisce una domanda di rimborso",
    description=(
        "Ammette le ore per intero, o ne taglia alcune con il motivo; quelle annullate nel frattempo sono tagliate da "
        "se'. Quanto e' tagliato torna alla linea."
    ),
)
async def istruisci_rimborso(domanda_id: UUID, corpo: IstruttoriaRimborso, ctx: Ctx) -> RimborsoVisto:
    vista = await service.istruisci_rimborso(ctx.session, domanda_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/rimborsi/{domanda_id}/ritiro",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_rimborso,
    status_code=201,
    summary="Ritira una domanda di rimborso",
    description="Prima dell'istruttoria: le sue ore si possono chiedere di nuovo.",
)
async def ritira_rimborso(domanda_id: UUID, ctx: Ctx) -> RimborsoVisto:
    vista = await service.ritira_rimborso(ctx.session, domanda_id, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/rimborsi/{domanda_id}/righe.csv",
    roles=CHI_LEGGE,
    owner=del_rimborso,
    summary="Scarica le righe di una domanda di rimborso",
    description="Una riga per ora in CSV (UTF-8, virgola), senza dati personali.",
    response_class=Response,
    responses=file_responses(CSV_MEDIA_TYPE, "Le righe della domanda"),
)
async def scarica_righe_rimborso(domanda_id: UUID, ctx: Ctx) -> Response:
    domanda = await service.stampa_rimborso(ctx.session, domanda_id)
    return csv_response(csv_rimborso(domanda), f"rimborso-{domanda.ente}-{domanda.numero}.csv")


@api.get(
    "/rimborsi/{domanda_id}/pdf",
    roles=CHI_LEGGE,
    owner=del_rimborso,
    summary="Scarica una domanda di rimborso in PDF",
    description="Importi per servizio e per piano, tagli motivati, ore indirette, impronta del CSV delle righe.",
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE, "La domanda di rimborso"),
)
async def scarica_rimborso(domanda_id: UUID, ctx: Ctx) -> Response:
    domanda = await service.stampa_rimborso(ctx.session, domanda_id)
    documento = pdf_rimborso(domanda, impronta=hashlib.sha256(csv_rimborso(domanda)).hexdigest())
    return pdf_response(await render(documento), f"rimborso-{domanda.ente}-{domanda.numero}.pdf")
