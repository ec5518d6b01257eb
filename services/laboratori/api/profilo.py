"""Routes of consents, participation forms and conditions."""

from uuid import UUID

from chassis.http import Api, Ctx
from services.laboratori.api.proprieta import OPERATORI, lavora_nel_laboratorio, segue_persona, tratta_condizioni
from services.laboratori.api.registro import annota
from services.laboratori.schemas.persone import (
    AdesioneNuova,
    AdesioneVista,
    CondizioniRilevate,
    CondizioniViste,
    ConsensoNuovo,
    ConsensoVisto,
    StoriaConsensi,
)
from services.laboratori.service import profilo as service

api = Api(
    "laboratori",
    tag="Consensi e condizioni",
    description="Consensi, schede di adesione (Allegato 2), condizioni di svantaggio.",
)


@api.post(
    "/persone/{persona_id}/consensi",
    roles=OPERATORI,
    owner=segue_persona,
    status_code=201,
    summary="Registra un consenso",
)
async def registra_consenso(persona_id: UUID, corpo: ConsensoNuovo, ctx: Ctx) -> ConsensoVisto:
    """Dato o ritirato, con la versione del testo. Ritirare categorie_particolari cancella le condizioni."""
    return await service.registra_consenso(ctx.session, persona_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get("/persone/{persona_id}/consensi", roles=OPERATORI, owner=segue_persona, summary="Legge i consensi")
async def leggi_consensi(persona_id: UUID, ctx: Ctx) -> StoriaConsensi:
    """La storia dei consensi di una persona; la lettura e' annotata."""
    await annota(ctx, "persona", persona_id, "lettura dei consensi")
    return await service.leggi_consensi(ctx.session, persona_id)


@api.post(
    "/laboratori/{laboratorio_id}/adesioni",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra una scheda di adesione firmata",
)
async def registra_adesione(laboratorio_id: UUID, corpo: AdesioneNuova, ctx: Ctx) -> AdesioneVista:
    """Con la scheda firmata (Allegato 2) la persona conta fra i destinatari del laboratorio."""
    return await service.registra_adesione(
        ctx.session, laboratorio_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.put("/persone/{persona_id}/condizioni", roles=OPERATORI, owner=tratta_condizioni, summary="Registra le condizioni")
async def rileva_condizioni(persona_id: UUID, corpo: CondizioniRilevate, ctx: Ctx) -> CondizioniViste:
    """Nessuna individuata, oppure l'elenco con la principale; serve il consenso categorie_particolari."""
    await annota(ctx, "condizioni", persona_id, "rilevazione delle condizioni")
    return await service.rileva_condizioni(ctx.session, persona_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get("/persone/{persona_id}/condizioni", roles=OPERATORI, owner=tratta_condizioni, summary="Legge le condizioni")
async def leggi_condizioni(persona_id: UUID, ctx: Ctx) -> CondizioniViste:
    """Dati particolari: la lettura e' annotata; `chiesta` falso vuol dire non ancora chiesto."""
    await annota(ctx, "condizioni", persona_id, "lettura delle condizioni")
    return await service.leggi_condizioni(ctx.session, persona_id)
