"""Soccorso istruttorio: the office asks, the lead answers within the term."""

from uuid import UUID

from chassis.http import Api, Ctx
from services.bandi.api.domande import LETTORI, PROPONENTE, del_capofila, di_chi_la_legge
from services.bandi.api.ufficio import UFFICIO, del_promotore_della_domanda
from services.bandi.schemas.soccorso import RispostaIntegrazione, SoccorsiDomanda, SoccorsoNuovo, SoccorsoVista
from services.bandi.service import soccorsi as service

api = Api("bandi", tag="Soccorso istruttorio", description="Richieste di integrazione, termini e risposte.")


@api.post(
    "/domande/{domanda_id}/soccorsi",
    roles=UFFICIO,
    owner=del_promotore_della_domanda,
    status_code=201,
    summary="Chiede di integrare una domanda presentata",
    description="Documenti dell'elenco del bando, campi rimasti vuoti, chiarimenti. Intanto la domanda non si decide.",
)
async def chiedi_integrazione(domanda_id: UUID, corpo: SoccorsoNuovo, ctx: Ctx) -> SoccorsoVista:
    """Ask to complete an application."""
    return await service.chiedi_integrazione(ctx.session, domanda_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get(
    "/domande/{domanda_id}/soccorsi",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Elenca le richieste di integrazione di una domanda",
)
async def elenco_soccorsi(domanda_id: UUID, ctx: Ctx) -> SoccorsiDomanda:
    """List the requests made of an application."""
    return await service.elenco_soccorsi(ctx.session, domanda_id)


@api.post(
    "/domande/{domanda_id}/soccorsi/risposta",
    roles=PROPONENTE,
    owner=del_capofila,
    summary="Risponde alla richiesta di integrazione in corso",
    description="Entro il termine, una volta; i documenti chiesti si caricano prima, fra quelli della domanda.",
)
async def rispondi_integrazione(domanda_id: UUID, corpo: RispostaIntegrazione, ctx: Ctx) -> SoccorsoVista:
    """Answer the open request."""
    return await service.rispondi_integrazione(
        ctx.session, domanda_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )
