"""The consent of the partners: each answers for itself to the applications that name it."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.types import Pagina
from services.bandi.schemas.domanda import AdesioneNuova, AdesioneVista, InvitoVista
from services.bandi.service import adesioni as service
from services.bandi.service import permessi

api = Api("bandi", tag="Adesioni", description="Partenariato: ogni partner accetta, o rifiuta, per conto proprio.")


async def del_partner(domanda_id: UUID, ctx: Ctx) -> None:
    """Only who acts for a partner the application names."""
    await permessi.controlla_partner(ctx.session, domanda_id, ctx.principal)


@api.get(
    "/adesioni",
    roles=permessi.PARTECIPANTI,
    summary="Elenca le domande che nominano fra i partner l'ente di chi chiama",
    description="Anche quelle gia' presentate, dalla piu' recente.",
)
async def elenco_inviti(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[InvitoVista]:
    """List the applications that name the caller's organisation."""
    key = ctx.decode_cursor(cursor, 1)
    ente = permessi.ente_di(ctx.principal)
    found = await service.elenco_inviti(ctx.session, ente, dopo=UUID(key[0]) if key else None, quante=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return Pagina(items=page, cursor=ctx.encode_cursor([str(page[-1].domanda_id)]) if more else None)


@api.post(
    "/domande/{domanda_id}/adesione",
    roles=permessi.PARTECIPANTI,
    owner=del_partner,
    summary="Accetta o rifiuta di essere partner di una domanda",
    description=(
        "Vale per l'ente del token. Si risponde alle `condizioni` lette con la domanda (ruolo, categoria, importi): se "
        "cambiano, la risposta e' superata e va data di nuovo. Senza l'adesione di ogni partner la domanda non si "
        "presenta."
    ),
)
async def rispondi_adesione(domanda_id: UUID, corpo: AdesioneNuova, ctx: Ctx) -> AdesioneVista:
    """Record the answer of a partner."""
    ente = permessi.ente_di(ctx.principal)
    return await service.rispondi_adesione(
        ctx.session, domanda_id, corpo, ente=ente, autore=ctx.principal.subject, now=ctx.now
    )
