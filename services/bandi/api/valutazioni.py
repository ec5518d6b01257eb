"""The examination: what the machine finds, what commissioners declare before they look."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.bandi.api.domande import COMMISSARIO, ESAME, del_bando_esaminato
from services.bandi.api.parametri import CodiceBando
from services.bandi.api.ufficio import UFFICIO, del_promotore_della_domanda
from services.bandi.schemas.valutazione import (
    ControlliDomanda,
    DichiarazioneVista,
    DichiarazioniNuove,
    DichiarazioniScritte,
)
from services.bandi.service import dichiarazioni as service
from services.bandi.service import istruttorie, permessi

api = Api("bandi", tag="Valutazione", description="Controlli automatici, conflitti di interesse, accesso alle domande.")


async def del_commissario(codice: CodiceBando, ctx: Ctx) -> None:
    """Only the commissioners of the call."""
    await permessi.controlla_commissario_del_bando(ctx.session, codice, ctx.principal)


@api.get(
    "/domande/{domanda_id}/controlli",
    roles=UFFICIO,
    owner=del_promotore_della_domanda,
    summary="Verifica automatica di una domanda presentata",
    description="Con le regole in vigore alla presentazione. L'ufficio decide; se ammette con rilievi, dice perche'.",
)
async def controlli_domanda(domanda_id: UUID, ctx: Ctx) -> ControlliDomanda:
    """Say what the machine finds."""
    return await istruttorie.controlli_domanda(ctx.session, domanda_id)


@api.post(
    "/bandi/{codice}/dichiarazioni",
    roles=COMMISSARIO,
    owner=del_commissario,
    summary="Dichiara i propri conflitti di interesse sulle domande di un bando",
    description=(
        "Prima di esaminare una domanda il commissario dichiara se ha un conflitto con chi la presenta; se lo ha, non "
        "la vede e non la valuta. Un conflitto scoperto dopo si aggiunge, uno dichiarato non si ritira."
    ),
)
async def dichiara_interessi(codice: CodiceBando, corpo: DichiarazioniNuove, ctx: Ctx) -> DichiarazioniScritte:
    """Record declarations."""
    return await service.dichiara_interessi(
        ctx.session, codice, corpo, commissario=ctx.principal.subject, ente=ctx.principal.ente, now=ctx.now
    )


@api.get(
    "/bandi/{codice}/dichiarazioni",
    roles=ESAME,
    owner=del_bando_esaminato,
    summary="Elenca le domande da dichiarare e le dichiarazioni rese",
    description="Un commissario vede le proprie; l'ufficio quelle di tutta la commissione.",
)
async def elenco_dichiarazioni(
    codice: CodiceBando, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[DichiarazioneVista]:
    """List what was declared and what is still to be."""
    key = ctx.decode_cursor(cursor, 2)
    office = ctx.principal.has(Ruolo.FUNZIONARIO_BANDI)
    found = await service.elenco_dichiarazioni(
        ctx.session,
        codice,
        commissario=None if office else ctx.principal.subject,
        dopo=(int(key[0]), str(key[1])) if key else None,
        quante=limit + 1,
    )
    page = found[:limit]
    last = [page[-1].protocollo, page[-1].commissario] if len(found) > limit else None
    return Pagina(items=page, cursor=ctx.encode_cursor(last) if last else None)
