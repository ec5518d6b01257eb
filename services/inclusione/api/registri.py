"""Routes of the operators' registers."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.ore import vista_dell_ora
from services.inclusione.schemas.ore import EsitoOre, PresentiNuovi, SessioneInElenco, SessioneNuova, SessioneVista
from services.inclusione.service import sessioni as service

api = Api(
    "inclusione",
    tag="Registri",
    description="Il registro di un operatore: una pagina per sessione di un servizio, individuale o di gruppo.",
)

CodiceSessione = Annotated[str, Path(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,63}$", max_length=64)]
CHI_TIENE = {Ruolo.OPERATORE_ACCREDITATO}


@api.post(
    "/sessioni",
    roles=CHI_TIENE,
    status_code=201,
    summary="Apre una sessione del registro",
    description="Di un servizio in un progetto, per una persona o per un gruppo; il codice e' unico per l'operatore.",
)
async def apri_sessione(corpo: SessioneNuova, ctx: Ctx) -> SessioneInElenco:
    return await service.apri_sessione(ctx.session, corpo, principal=ctx.principal, now=ctx.now)


@api.get(
    "/sessioni",
    roles=CHI_TIENE,
    summary="Elenca le sessioni del registro",
    description="Le sessioni dell'ente di chi chiama in ordine di codice, con persone, minuti e minuti validati.",
)
async def elenca_sessioni(
    ctx: Ctx,
    limit: Limit = 100,
    cursor: CursorParam = None,
    progetto_id: UUID | None = None,
    servizio_codice: Annotated[
        str | None, Query(pattern=r"^[A-Z][A-Z0-9_-]{0,39}$", max_length=40, description="Solo di questo servizio")
    ] = None,
) -> Pagina[SessioneInElenco]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_sessioni(
        ctx.session,
        ctx.principal.ente or "",
        progetto_id=progetto_id,
        servizio_codice=servizio_codice,
        dopo=str(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=righe[:limit],
        cursor=ctx.encode_cursor([righe[limit - 1].codice]) if len(righe) > limit else None,
    )


@api.get(
    "/sessioni/{codice}",
    roles=CHI_TIENE,
    summary="Legge una pagina del registro",
    description="La sessione con le ore di chi era presente: firme, validazioni, annullamenti.",
)
async def leggi_sessione(codice: CodiceSessione, ctx: Ctx) -> SessioneVista:
    sessione, ore = await service.leggi_sessione(ctx.session, ctx.principal.ente or "", codice)
    return SessioneVista(**service.cifre_di(sessione, ore).model_dump(), ore=[vista_dell_ora(ora) for ora in ore])


@api.post(
    "/sessioni/{codice}/presenti",
    roles=CHI_TIENE,
    status_code=201,
    summary="Registra chi era presente",
    description="Le ore di ogni persona, per l'intera sessione o per meno; ogni riga riesce o e' rifiutata da sola.",
)
async def registra_presenti(codice: CodiceSessione, corpo: PresentiNuovi, ctx: Ctx) -> EsitoOre:
    return await service.registra_presenti(ctx.session, codice, corpo, principal=ctx.principal, now=ctx.now)
