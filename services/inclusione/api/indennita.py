"""Routes of the allowance and of the pacts."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_patto, del_pip, muove_linea
from services.inclusione.schemas.indennita import IndennitaVista, LottoNuovo, LottoVisto, PattoNuovo, PattoVisto
from services.inclusione.service import accessi
from services.inclusione.service import indennita as service

api = Api(
    "inclusione",
    tag="Indennita' e patti",
    description="L'indennita' di partecipazione, la sua liquidazione in lotti, i patti che ne danno una quota.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}
CHI_LIQUIDA = {Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE}


@api.get(
    "/pip/{pip_id}/indennita",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Legge l'indennita' di un piano",
    description="Maturato, liquidato, saldo e ogni voce con la sua ragione.",
)
async def leggi_indennita(pip_id: UUID, ctx: Ctx) -> IndennitaVista:
    return await service.leggi_indennita(ctx.session, pip_id)


@api.post(
    "/linee/{progetto_id}/lotti",
    roles=CHI_LIQUIDA,
    owner=muove_linea,
    status_code=201,
    summary="Liquida un lotto di indennita'",
    description="Paga con un atto le indennita' maturate fino a un giorno; la quota dei patti va alla morosita'.",
)
async def liquida_lotto(progetto_id: UUID, corpo: LottoNuovo, ctx: Ctx) -> LottoVisto:
    return await service.liquida_lotto(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get(
    "/linee/{progetto_id}/lotti",
    roles=CHI_LIQUIDA,
    owner=muove_linea,
    summary="Elenca i lotti di un progetto",
    description="I lotti di liquidazione dal primo, senza le righe.",
)
async def elenca_lotti(
    progetto_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[LottoVisto]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_lotti(ctx.session, progetto_id, dopo=int(dopo[0]) if dopo else 0, limit=limit + 1)
    return Pagina(
        items=righe[:limit],
        cursor=ctx.encode_cursor([righe[limit - 1].numero]) if len(righe) > limit else None,
    )


@api.get(
    "/linee/{progetto_id}/lotti/{lotto_id}",
    roles=CHI_LIQUIDA,
    owner=muove_linea,
    summary="Legge un lotto",
    description="Un lotto di liquidazione con le sue righe: lordo, quota alla morosita', netto.",
)
async def leggi_lotto(progetto_id: UUID, lotto_id: UUID, ctx: Ctx) -> LottoVisto:
    return await service.leggi_lotto(ctx.session, progetto_id, lotto_id)


@api.post(
    "/patti",
    roles=CHI_LEGGE,
    status_code=201,
    summary="Firma un patto di corresponsabilita'",
    description="Da allora una quota dell'indennita' della persona va alla morosita' incolpevole del suo nucleo.",
)
async def firma_patto(corpo: PattoNuovo, ctx: Ctx) -> PattoVisto:
    await accessi.verifica_pip(ctx.session, ctx.principal, corpo.pip_id)
    vista = await service.firma_patto(ctx.session, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/patti/{patto_id}",
    roles=CHI_LEGGE,
    owner=del_patto,
    summary="Legge un patto",
    description="Il patto e quanto ha dato finora alla morosita'.",
)
async def leggi_patto(patto_id: UUID, ctx: Ctx) -> PattoVisto:
    vista = await service.leggi_patto(ctx.session, patto_id)
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/patti/{patto_id}/cessazione",
    roles=CHI_LEGGE,
    owner=del_patto,
    status_code=201,
    summary="Fa cessare un patto",
    description="I pagamenti seguenti vanno interi alla persona; ripeterla non cambia nulla.",
)
async def cessa_patto(patto_id: UUID, ctx: Ctx) -> PattoVisto:
    return await service.cessa_patto(ctx.session, patto_id, now=ctx.now)
