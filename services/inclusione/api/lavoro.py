"""Routes of host firms, vacancies and who fits them."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.register import register_access
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import dell_azienda, della_persona_seguita, della_posizione
from services.inclusione.schemas.lavoro import (
    Abbinamenti,
    AziendaNuova,
    AziendaVista,
    DisponibilitaCorpo,
    DisponibilitaVista,
    PosizioneNuova,
    PosizioneVista,
)
from services.inclusione.service import lavoro as service

api = Api(
    "inclusione",
    tag="Aziende e posizioni",
    description="La rete delle aziende ospitanti, le loro posizioni e le persone adatte, per pseudonimo.",
)

OPERATORE = {Ruolo.OPERATORE_ACCREDITATO}


@api.post(
    "/aziende",
    roles=OPERATORE,
    status_code=201,
    summary="Registra un'azienda ospitante",
    description="L'azienda entra nella rete dell'operatore che chiama.",
)
async def registra_azienda(corpo: AziendaNuova, ctx: Ctx) -> AziendaVista:
    azienda = await service.registra_azienda(
        ctx.session, corpo, ente=ctx.principal.ente or "", autore=ctx.principal.subject, now=ctx.now
    )
    return AziendaVista.model_validate(azienda)


@api.get(
    "/aziende",
    roles=OPERATORE,
    summary="Elenca le aziende ospitanti",
    description="Quelle della rete dell'operatore che chiama.",
)
async def elenca_aziende(ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None) -> Pagina[AziendaVista]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_aziende(
        ctx.session, ctx.principal.ente or "", dopo=UUID(dopo[0]) if dopo else None, limit=limit + 1
    )
    return Pagina(
        items=[AziendaVista.model_validate(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([str(righe[limit - 1].azienda_id)]) if len(righe) > limit else None,
    )


@api.post(
    "/aziende/{azienda_id}/posizioni",
    roles=OPERATORE,
    owner=dell_azienda,
    status_code=201,
    summary="Apre una posizione",
    description="Per un tirocinio o per un lavoro: competenze richieste, orari, posti.",
)
async def apri_posizione(azienda_id: UUID, corpo: PosizioneNuova, ctx: Ctx) -> PosizioneVista:
    return PosizioneVista.model_validate(await service.apri_posizione(ctx.session, azienda_id, corpo, now=ctx.now))


@api.get(
    "/aziende/{azienda_id}/posizioni",
    roles=OPERATORE,
    owner=dell_azienda,
    summary="Elenca le posizioni di un'azienda",
    description="Dalla prima aperta, con i posti occupati.",
)
async def elenca_posizioni(
    azienda_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[PosizioneVista]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_posizioni(
        ctx.session, azienda_id, dopo=UUID(dopo[0]) if dopo else None, limit=limit + 1
    )
    return Pagina(
        items=[PosizioneVista.model_validate(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([str(righe[limit - 1].posizione_id)]) if len(righe) > limit else None,
    )


@api.post(
    "/posizioni/{posizione_id}/chiusura",
    roles=OPERATORE,
    owner=della_posizione,
    status_code=201,
    summary="Chiude una posizione",
    description="Nessun altro la occupa; ripeterla non cambia nulla.",
)
async def chiudi_posizione(posizione_id: UUID, ctx: Ctx) -> PosizioneVista:
    return PosizioneVista.model_validate(await service.chiudi_posizione(ctx.session, posizione_id, now=ctx.now))


@api.get(
    "/posizioni/{posizione_id}/abbinamenti",
    roles=OPERATORE,
    owner=della_posizione,
    summary="Cerca le persone adatte a una posizione",
    description=(
        "Fra quelle seguite dall'operatore, dalla piu' adatta: quota delle competenze richieste, con le presenti e le "
        "mancanti; mai chi e' gia' in tirocinio."
    ),
)
async def abbina_posizione(posizione_id: UUID, ctx: Ctx) -> Abbinamenti:
    trovate = await service.abbina_posizione(ctx.session, posizione_id, ente=ctx.principal.ente or "")
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="posizione",
        oggetto_id=posizione_id,
        scopo="ricerca delle persone adatte a una posizione",
        request_id=ctx.request_id,
        now=ctx.now,
    )
    return trovate


@api.put(
    "/persone/{persona_id}/disponibilita",
    roles=OPERATORE,
    owner=della_persona_seguita,
    summary="Scrive la disponibilita' di una persona",
    description="Competenze e orari dichiarati all'operatore che la segue, come codici. La stessa non cambia nulla.",
)
async def dichiara_disponibilita(persona_id: UUID, corpo: DisponibilitaCorpo, ctx: Ctx) -> DisponibilitaVista:
    nota = await service.dichiara_disponibilita(
        ctx.session,
        persona_id,
        corpo,
        ente=ctx.principal.ente or "",
        check_version=ctx.require_match,
        now=ctx.now,
    )
    ctx.set_etag(nota.versione)
    return DisponibilitaVista.model_validate(nota)


@api.get(
    "/persone/{persona_id}/disponibilita",
    roles=OPERATORE,
    owner=della_persona_seguita,
    summary="Legge la disponibilita' di una persona",
    description="Quanto ha dichiarato all'operatore che chiama.",
)
async def leggi_disponibilita(persona_id: UUID, ctx: Ctx) -> DisponibilitaVista:
    nota = await service.leggi_disponibilita(ctx.session, persona_id, ente=ctx.principal.ente or "")
    ctx.set_etag(nota.versione)
    return DisponibilitaVista.model_validate(nota)
