"""Routes of the allowance and of its batches."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_pip, muove_linea
from services.inclusione.schemas.indennita import IndennitaVista, LottoNuovo, LottoVisto
from services.inclusione.service import indennita as service

api = Api(
    "inclusione",
    tag="Indennita'",
    description="L'indennita' di partecipazione e la sua liquidazione in lotti, con i contributi di attivazione.",
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
