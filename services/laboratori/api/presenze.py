"""Routes of attendances."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.types import Pagina
from services.laboratori.api.proprieta import (
    OPERATORI,
    lavora_nel_laboratorio,
    lavora_per_attivita,
    lavora_per_presenza,
)
from services.laboratori.api.registro import annota
from services.laboratori.rules.presenze import StatoPresenza
from services.laboratori.schemas.attivita import Motivo
from services.laboratori.schemas.presenze import (
    ConfermeFatte,
    ConfermeNuove,
    PresenzaConStoria,
    PresenzaNuova,
    PresenzaVista,
    PresenzeCreate,
    PresenzeNuove,
    RettificaNuova,
)
from services.laboratori.schemas.tipi import Momento
from services.laboratori.service import conferme
from services.laboratori.service import presenze as service

api = Api(
    "laboratori", tag="Presenze", description="Ore di presenza: registrate, confermate, corrette con nuovi fatti."
)


@api.post(
    "/attivita/{attivita_id}/presenze",
    roles=OPERATORI,
    owner=lavora_per_attivita,
    status_code=201,
    summary="Registra una presenza",
)
async def registra_presenza(attivita_id: UUID, corpo: PresenzaNuova, ctx: Ctx) -> PresenzaVista:
    """Di chi era iscritto o e' arrivato senza iscrizione; conta soltanto dopo la conferma."""
    presenze = await service.registra_presenze(
        ctx.session, attivita_id, [corpo], autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(presenze[0].versione)
    return presenze[0]


@api.post(
    "/attivita/{attivita_id}/presenze/elenco",
    roles=OPERATORI,
    owner=lavora_per_attivita,
    status_code=201,
    summary="Registra le presenze di un foglio firma",
)
async def registra_presenze(attivita_id: UUID, corpo: PresenzeNuove, ctx: Ctx) -> PresenzeCreate:
    """Fino a 500: si scrivono tutte oppure nessuna, con i difetti riga per riga."""
    presenze = await service.registra_presenze(
        ctx.session, attivita_id, corpo.presenze, autore=ctx.principal.subject, now=ctx.now
    )
    return PresenzeCreate(items=[presenza.presenza_id for presenza in presenze])


@api.get(
    "/attivita/{attivita_id}/presenze",
    roles=OPERATORI,
    owner=lavora_per_attivita,
    summary="Elenca le presenze di un'attivita'",
)
async def elenca_presenze_attivita(
    attivita_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[PresenzaVista]:
    """Con gli pseudonimi delle persone; la lettura e' annotata."""
    dopo = ctx.decode_cursor(cursor, 1)
    trovate = await service.elenca_presenze_attivita(
        ctx.session, attivita_id, dopo=UUID(dopo[0]) if dopo else None, limite=limit
    )
    await annota(ctx, "presenze di attivita", attivita_id, "elenco delle presenze")
    ultima = trovate[-1] if len(trovate) == limit else None
    return Pagina(items=trovate, cursor=ctx.encode_cursor([str(ultima.presenza_id)]) if ultima else None)


@api.get(
    "/laboratori/{laboratorio_id}/presenze",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    summary="Elenca le presenze di un laboratorio",
)
async def elenca_presenze(
    laboratorio_id: UUID,
    ctx: Ctx,
    stato: Annotated[StatoPresenza | None, Query(description="Soltanto in uno stato")] = None,
    dal: Annotated[Momento | None, Query(description="Cominciate da questo istante")] = None,
    al: Annotated[Momento | None, Query(description="Cominciate prima di questo istante")] = None,
    limit: Limit = 100,
    cursor: CursorParam = None,
) -> Pagina[PresenzaVista]:
    """In ordine di inizio; la lettura e' annotata."""
    dopo = ctx.decode_cursor(cursor, 2)
    trovate = await service.elenca_presenze(
        ctx.session,
        laboratorio_id,
        stato=stato,
        dal=dal,
        al=al,
        dopo=(datetime.fromisoformat(dopo[0]), UUID(dopo[1])) if dopo else None,
        limite=limit,
    )
    await annota(ctx, "presenze del laboratorio", laboratorio_id, "elenco delle presenze")
    ultima = trovate[-1] if len(trovate) == limit else None
    return Pagina(
        items=trovate,
        cursor=ctx.encode_cursor([ultima.inizio.isoformat(), str(ultima.presenza_id)]) if ultima else None,
    )


@api.get("/presenze/{presenza_id}", roles=OPERATORI, owner=lavora_per_presenza, summary="Legge una presenza")
async def leggi_presenza(presenza_id: UUID, ctx: Ctx) -> PresenzaConStoria:
    """Con tutti i fatti che l'hanno portata dove e'; la lettura e' annotata."""
    presenza = await service.leggi_presenza(ctx.session, presenza_id)
    await annota(ctx, "presenza", presenza_id, "lettura della presenza")
    ctx.set_etag(presenza.versione)
    return presenza


@api.post(
    "/presenze/{presenza_id}/conferma",
    roles=OPERATORI,
    owner=lavora_per_presenza,
    summary="Conferma una presenza",
)
async def conferma_presenza(presenza_id: UUID, ctx: Ctx) -> PresenzaVista:
    """Da qui in poi le ore valgono. Se era gia' confermata risponde com'e': un fatto solo, un evento solo."""
    presenza = await conferme.conferma_presenza(ctx.session, presenza_id, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(presenza.versione)
    return presenza


@api.post(
    "/laboratori/{laboratorio_id}/presenze/conferme",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    summary="Conferma un elenco di presenze",
)
async def conferma_presenze(laboratorio_id: UUID, corpo: ConfermeNuove, ctx: Ctx) -> ConfermeFatte:
    """Fino a 500: si confermano tutte oppure nessuna, con i difetti riga per riga."""
    return await conferme.conferma_presenze(
        ctx.session, laboratorio_id, corpo.presenze, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/presenze/{presenza_id}/rettifica",
    roles=OPERATORI,
    owner=lavora_per_presenza,
    summary="Rettifica una presenza confermata",
)
async def rettifica_presenza(presenza_id: UUID, corpo: RettificaNuova, ctx: Ctx) -> PresenzaVista:
    """Un nuovo fatto con l'orario giusto e il motivo; la storia resta."""
    presenza = await conferme.rettifica_presenza(
        ctx.session,
        presenza_id,
        inizio=corpo.inizio,
        fine=corpo.fine,
        motivo=corpo.motivo,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    ctx.set_etag(presenza.versione)
    return presenza


@api.post(
    "/presenze/{presenza_id}/annullamento",
    roles=OPERATORI,
    owner=lavora_per_presenza,
    summary="Annulla una presenza",
)
async def annulla_presenza(presenza_id: UUID, corpo: Motivo, ctx: Ctx) -> PresenzaVista:
    """Un nuovo fatto con il motivo; la storia resta."""
    presenza = await conferme.annulla_presenza(
        ctx.session, presenza_id, motivo=corpo.motivo, autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(presenza.versione)
    return presenza
