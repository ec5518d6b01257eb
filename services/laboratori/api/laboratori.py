"""Routes of labs and their teams."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import CodiceEnte, Pagina, TestoBreve
from services.laboratori.api.proprieta import GESTORI, ente_di, gestisce_laboratorio, lavora_o_gestisce
from services.laboratori.schemas.laboratori import (
    Allestimento,
    Cessazione,
    Equipe,
    LaboratorioDettaglio,
    LaboratorioNuovo,
    LaboratorioSintesi,
    MembroEquipeNuovo,
    MembroEquipeVisto,
)
from services.laboratori.service import laboratori as service

api = Api("laboratori", tag="Laboratori", description="Laboratori sociali di quartiere: sede, orari, équipe.")


@api.get("/laboratori", roles=PUBLIC, summary="Elenca i laboratori")
async def elenca_laboratori(
    ctx: Ctx,
    progetto_id: Annotated[UUID | None, Query(description="Soltanto quelli di un progetto")] = None,
    ente_gestore: Annotated[CodiceEnte | None, Query(description="Soltanto quelli di un ente")] = None,
    comune: Annotated[TestoBreve | None, Query(description="Soltanto quelli di un comune")] = None,
    limit: Limit = 100,
    cursor: CursorParam = None,
) -> Pagina[LaboratorioSintesi]:
    """Dati pubblici dei laboratori, in ordine di nome."""
    dopo = ctx.decode_cursor(cursor, 2)
    trovati = await service.elenca_laboratori(
        ctx.session,
        progetto_id=progetto_id,
        ente_gestore=ente_gestore,
        comune=comune,
        dopo=(dopo[0], UUID(dopo[1])) if dopo else None,
        limite=limit,
    )
    ultimo = trovati[-1] if len(trovati) == limit else None
    return Pagina(
        items=trovati, cursor=ctx.encode_cursor([ultimo.nome, str(ultimo.laboratorio_id)]) if ultimo else None
    )


@api.post("/laboratori", roles=GESTORI, status_code=201, summary="Apre un laboratorio a mano")
async def crea_laboratorio(corpo: LaboratorioNuovo, ctx: Ctx) -> LaboratorioDettaglio:
    """Un laboratorio senza progetto regionale, da allestire; quelli dei progetti nascono da soli."""
    enti = None if ctx.principal.has(Ruolo.AMMINISTRATORE) else {ente_di(ctx)}
    laboratorio = await service.crea_laboratorio(ctx.session, corpo, enti=enti, now=ctx.now)
    ctx.set_etag(laboratorio.versione)
    return laboratorio


@api.get("/laboratori/{laboratorio_id}", roles=PUBLIC, summary="Legge un laboratorio")
async def leggi_laboratorio(laboratorio_id: UUID, ctx: Ctx) -> LaboratorioDettaglio:
    """La pagina pubblica: sede, proprietario della sede, orari settimanali."""
    laboratorio = await service.leggi_laboratorio(ctx.session, laboratorio_id)
    ctx.set_etag(laboratorio.versione)
    return laboratorio


@api.put(
    "/laboratori/{laboratorio_id}/allestimento",
    roles=GESTORI,
    owner=gestisce_laboratorio,
    summary="Allestisce un laboratorio",
)
async def allestisce_laboratorio(laboratorio_id: UUID, corpo: Allestimento, ctx: Ctx) -> LaboratorioDettaglio:
    """Indica nome, sede e orari: da qui in poi il laboratorio e' attivo. Richiede If-Match."""
    laboratorio = await service.allestisce_laboratorio(
        ctx.session, laboratorio_id, corpo, check_version=ctx.require_match, now=ctx.now
    )
    ctx.set_etag(laboratorio.versione)
    return laboratorio


@api.post(
    "/laboratori/{laboratorio_id}/chiusura",
    roles=GESTORI,
    owner=gestisce_laboratorio,
    summary="Chiude un laboratorio",
)
async def chiude_laboratorio(laboratorio_id: UUID, ctx: Ctx) -> LaboratorioDettaglio:
    """Da qui in poi si registra soltanto cio' che e' avvenuto prima. Richiede If-Match."""
    laboratorio = await service.chiude_laboratorio(
        ctx.session, laboratorio_id, check_version=ctx.require_match, now=ctx.now
    )
    ctx.set_etag(laboratorio.versione)
    return laboratorio


@api.get(
    "/laboratori/{laboratorio_id}/equipe",
    roles={*GESTORI, Ruolo.OPERATORE_LABORATORIO},
    owner=lavora_o_gestisce,
    summary="Legge l'equipe",
)
async def leggi_equipe(laboratorio_id: UUID, ctx: Ctx) -> Equipe:
    """Gli operatori del laboratorio con ruolo e periodo, anche quelli usciti."""
    return await service.leggi_equipe(ctx.session, laboratorio_id)


@api.post(
    "/laboratori/{laboratorio_id}/equipe",
    roles=GESTORI,
    owner=gestisce_laboratorio,
    status_code=201,
    summary="Inserisce un operatore nell'equipe",
)
async def aggiunge_operatore(laboratorio_id: UUID, corpo: MembroEquipeNuovo, ctx: Ctx) -> MembroEquipeVisto:
    """Nel periodo indicato l'operatore vede le persone del laboratorio."""
    return await service.aggiunge_operatore(ctx.session, laboratorio_id, corpo)


@api.post(
    "/laboratori/{laboratorio_id}/equipe/{membro_equipe_id}/cessazione",
    roles=GESTORI,
    owner=gestisce_laboratorio,
    summary="Toglie un operatore dall'equipe",
)
async def cessa_operatore(
    laboratorio_id: UUID, membro_equipe_id: UUID, corpo: Cessazione, ctx: Ctx
) -> MembroEquipeVisto:
    """Indica l'ultimo giorno dell'operatore, compreso."""
    return await service.cessa_operatore(ctx.session, laboratorio_id, membro_equipe_id, al=corpo.al)
