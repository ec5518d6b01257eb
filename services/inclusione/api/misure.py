"""Routes of measures."""

from typing import Annotated

from fastapi import Path, Query

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.schemas.misura import MisuraInElenco, MisuraNuova, MisuraVersioneNuova, MisuraVista
from services.inclusione.service import misura as service

api = Api(
    "inclusione",
    tag="Misure",
    description="Le regole di un bando di inclusione come dati: requisiti, servizi, tariffe, massimali, in versioni.",
)

CHI_APPROVA = {Ruolo.FUNZIONARIO_BANDI, Ruolo.FUNZIONARIO_COMUNE, Ruolo.AMMINISTRATORE}
CodiceMisura = Annotated[str, Path(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,63}$", max_length=64)]


@api.post(
    "/misure",
    roles=CHI_APPROVA,
    status_code=201,
    summary="Crea una misura",
    description="Registra una misura con la prima versione delle sue regole.",
)
async def crea_misura(corpo: MisuraNuova, ctx: Ctx) -> MisuraVista:
    return await service.crea_misura(ctx.session, corpo, principal=ctx.principal, now=ctx.now)


@api.get(
    "/misure",
    roles=PUBLIC,
    summary="Elenca le misure",
    description="Le misure in ordine di codice.",
)
async def elenca_misure(ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None) -> Pagina[MisuraInElenco]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_misure(ctx.session, dopo=dopo[0] if dopo else None, limit=limit + 1)
    return Pagina(
        items=[MisuraInElenco.model_validate(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([righe[limit - 1].codice]) if len(righe) > limit else None,
    )


@api.get(
    "/misure/{codice}",
    roles=PUBLIC,
    summary="Legge una misura",
    description="Una misura con l'ultima versione delle sue regole, o con quella chiesta.",
)
async def leggi_misura(
    codice: CodiceMisura,
    ctx: Ctx,
    numero: Annotated[int | None, Query(ge=1, le=2_000_000_000, description="Numero della versione")] = None,
) -> MisuraVista:
    return await service.leggi_misura(ctx.session, codice, numero)


@api.post(
    "/misure/{codice}/versioni",
    roles=CHI_APPROVA,
    status_code=201,
    summary="Aggiunge una versione a una misura",
    description="Le iscrizioni gia' fatte restano alla loro versione. Un Comune modifica solo le proprie misure.",
)
async def aggiungi_versione(codice: CodiceMisura, corpo: MisuraVersioneNuova, ctx: Ctx) -> MisuraVista:
    return await service.aggiungi_versione(ctx.session, codice, corpo, principal=ctx.principal, now=ctx.now)
