"""Routes of the pacts and of the contributions."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_contributo, del_gruppo, del_patto, vede_linea
from services.inclusione.schemas.patti import (
    Certificazione,
    ContributoNuovo,
    ContributoVisto,
    GruppoNuovo,
    GruppoVisto,
    PattoNuovo,
    PattoVisto,
    RevocaContributo,
)
from services.inclusione.service import accessi, contributi
from services.inclusione.service import patti as service
from services.inclusione.service.progetto import progetto_di

api = Api(
    "inclusione",
    tag="Patti",
    description="Patti di corresponsabilita', individuali e di gruppo, e contributi di attivazione.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}


@api.post(
    "/patti",
    roles=CHI_LEGGE,
    status_code=201,
    summary="Firma un patto di corresponsabilita'",
    description=(
        "Da allora una quota di indennita' e contributi della persona va alla morosita' incolpevole del suo nucleo; "
        "con `gruppo_id` la persona aderisce a un patto di gruppo. La certificazione `incolpevole` la da' solo il "
        "funzionario del capofila, qui o dopo."
    ),
)
async def firma_patto(corpo: PattoNuovo, ctx: Ctx) -> PattoVisto:
    iscrizione = await service.iscrizione_del_patto(ctx.session, corpo)
    await accessi.verifica_iscrizione(ctx.session, ctx.principal, iscrizione.iscrizione_id)
    vista = await service.firma_patto(ctx.session, corpo, principal=ctx.principal, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/linee/{progetto_id}/patti",
    roles=CHI_LEGGE,
    owner=vede_linea,
    summary="Elenca i patti di un progetto",
    description="Un operatore vede quelli delle persone che segue, il capofila tutti.",
)
async def elenca_patti(
    progetto_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None, gruppo_id: UUID | None = None
) -> Pagina[PattoVisto]:
    dopo = ctx.decode_cursor(cursor, 1)
    progetto = await progetto_di(ctx.session, progetto_id)
    righe = await service.elenca_patti(
        ctx.session,
        progetto_id,
        ente=None if ctx.principal.ente == progetto.capofila else ctx.principal.ente or "",
        gruppo_id=gruppo_id,
        dopo=UUID(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=list(righe[:limit]),
        cursor=ctx.encode_cursor([str(righe[limit - 1].patto_id)]) if len(righe) > limit else None,
    )


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
    "/patti/{patto_id}/certificazione",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=del_patto,
    status_code=201,
    summary="Certifica che la morosita' di un patto e' incolpevole",
    description="Scrive chi l'ha certificato e quando: i pagamenti seguenti danno la quota del patto.",
)
async def certifica_patto(patto_id: UUID, corpo: Certificazione, ctx: Ctx) -> PattoVisto:
    return await service.certifica_patto(ctx.session, patto_id, corpo, now=ctx.now)


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


@api.post(
    "/linee/{progetto_id}/patti-di-gruppo",
    roles=CHI_LEGGE,
    owner=vede_linea,
    status_code=201,
    summary="Apre un patto di gruppo",
    description="Impegni presi insieme e la quota proposta; le persone vi aderiscono firmando un patto proprio.",
)
async def apri_gruppo(progetto_id: UUID, corpo: GruppoNuovo, ctx: Ctx) -> GruppoVisto:
    return await service.apri_gruppo(
        ctx.session, progetto_id, corpo, ente=ctx.principal.ente or "", autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/patti-di-gruppo/{gruppo_id}",
    roles=CHI_LEGGE,
    owner=del_gruppo,
    summary="Legge un patto di gruppo",
    description="Gli impegni del gruppo, la quota e quante persone vi aderiscono.",
)
async def leggi_gruppo(gruppo_id: UUID, ctx: Ctx) -> GruppoVisto:
    vista = await service.leggi_gruppo(ctx.session, gruppo_id)
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/patti-di-gruppo/{gruppo_id}/cessazione",
    roles=CHI_LEGGE,
    owner=del_gruppo,
    status_code=201,
    summary="Fa cessare un patto di gruppo",
    description="Nessuno vi aderisce piu'; i patti gia' firmati continuano. Ripeterla non cambia nulla.",
)
async def cessa_gruppo(gruppo_id: UUID, ctx: Ctx) -> GruppoVisto:
    return await service.cessa_gruppo(ctx.session, gruppo_id, now=ctx.now)


@api.post(
    "/contributi",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    status_code=201,
    summary="Concede un contributo di attivazione",
    description="Con un atto del capofila, entro la linea e il massimale della persona; si liquida con i lotti.",
)
async def concedi_contributo(corpo: ContributoNuovo, ctx: Ctx) -> ContributoVisto:
    await accessi.verifica_iscrizione(ctx.session, ctx.principal, corpo.iscrizione_id)
    return await contributi.concedi_contributo(ctx.session, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get(
    "/contributi/{contributo_id}",
    roles=CHI_LEGGE,
    owner=del_contributo,
    summary="Legge un contributo",
    description="Importo, atto e stato del contributo.",
)
async def leggi_contributo(contributo_id: UUID, ctx: Ctx) -> ContributoVisto:
    vista = await contributi.leggi_contributo(ctx.session, contributo_id)
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/contributi/{contributo_id}/revoca",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=del_contributo,
    status_code=201,
    summary="Revoca un contributo",
    description="Solo prima della liquidazione: l'importo torna alla linea.",
)
async def revoca_contributo(contributo_id: UUID, corpo: RevocaContributo, ctx: Ctx) -> ContributoVisto:
    return await contributi.revoca_contributo(ctx.session, contributo_id, motivo=corpo.motivo, now=ctx.now)
