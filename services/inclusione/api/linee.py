"""Routes of the projects' inclusion lines."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.http.files import CSV_MEDIA_TYPE, csv_response, file_responses
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import muove_linea, vede_linea
from services.inclusione.schemas.comuni import Giorno
from services.inclusione.schemas.ore import RiepilogoOre
from services.inclusione.schemas.progetto import LineaVista, Ripartizione
from services.inclusione.service import progetto as service
from services.inclusione.service import riepilogo

api = Api(
    "inclusione",
    tag="Linee",
    description="Il denaro di inclusione attiva (azione 9.1.3) di ogni progetto e quanto ne tengono i piani.",
)

DalGiorno = Annotated[Giorno, Query(description="Primo giorno del periodo")]
AlGiorno = Annotated[Giorno, Query(description="Ultimo giorno del periodo, compreso")]
CHI_VEDE = {
    Ruolo.FUNZIONARIO_BANDI,
    Ruolo.AMMINISTRATORE,
    Ruolo.VALUTATORE,
    Ruolo.FUNZIONARIO_COMUNE,
    Ruolo.TESORIERE,
    Ruolo.OPERATORE_ACCREDITATO,
}


@api.get(
    "/linee",
    roles=CHI_VEDE,
    summary="Elenca le linee",
    description="Le linee dei progetti: tutte per la Regione, per gli altri quelle dei propri progetti.",
)
async def elenca_linee(ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None) -> Pagina[LineaVista]:
    dopo = ctx.decode_cursor(cursor, 1)
    tutte = ctx.principal.has(Ruolo.FUNZIONARIO_BANDI, Ruolo.AMMINISTRATORE, Ruolo.VALUTATORE)
    del_capofila = not tutte and ctx.principal.has(Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE)
    righe = await service.elenca_linee(
        ctx.session,
        capofila=(ctx.principal.ente or "") if del_capofila else None,
        ente=None if tutte or del_capofila else ctx.principal.ente or "",
        dopo=UUID(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=righe[:limit],
        cursor=ctx.encode_cursor([str(righe[limit - 1].progetto_id)]) if len(righe) > limit else None,
    )


@api.get(
    "/linee/{progetto_id}",
    roles=CHI_VEDE,
    owner=vede_linea,
    summary="Legge la linea di un progetto",
    description="Ammesso, impegnato, prenotato, residuo e liquidato della linea di inclusione del progetto.",
)
async def leggi_linea(progetto_id: UUID, ctx: Ctx) -> LineaVista:
    vista = await service.leggi_linea(ctx.session, progetto_id)
    ctx.set_etag(vista.versione)
    return vista


@api.put(
    "/linee/{progetto_id}/ripartizione",
    roles={Ruolo.FUNZIONARIO_COMUNE, Ruolo.FUNZIONARIO_BANDI},
    owner=muove_linea,
    summary="Divide la linea fra servizi e indennita'",
    description="Le due parti fanno esattamente l'importo ammesso; da allora si prenotano insieme o per niente.",
)
async def ripartisci_linea(progetto_id: UUID, corpo: Ripartizione, ctx: Ctx) -> LineaVista:
    vista = await service.ripartisci_linea(ctx.session, progetto_id, corpo, check_version=ctx.require_match)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/linee/{progetto_id}/ore",
    roles=CHI_VEDE,
    owner=vede_linea,
    summary="Riepiloga le ore di un progetto",
    description="Per operatore: le dirette per servizio, con gli importi; le indirette per categoria, non pagate.",
)
async def riepiloga_ore(progetto_id: UUID, dal: DalGiorno, al: AlGiorno, ctx: Ctx) -> RiepilogoOre:
    return await riepilogo.riepiloga_ore(ctx.session, progetto_id, dal, al)


@api.get(
    "/linee/{progetto_id}/ore/csv",
    roles=CHI_VEDE,
    owner=vede_linea,
    summary="Scarica il riepilogo delle ore",
    description="Lo stesso riepilogo in CSV.",
    response_class=Response,
    responses=file_responses(CSV_MEDIA_TYPE, "Il riepilogo in CSV."),
)
async def csv_ore(progetto_id: UUID, dal: DalGiorno, al: AlGiorno, ctx: Ctx) -> Response:
    return csv_response(await riepilogo.csv_ore(ctx.session, progetto_id, dal, al), f"ore-{dal}-{al}.csv")
