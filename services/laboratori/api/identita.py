"""Routes of identities: residents and other services."""

from uuid import UUID

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.laboratori.api.proprieta import OPERATORI, segue_persona
from services.laboratori.api.registro import annota
from services.laboratori.schemas.persone import (
    Anagrafiche,
    AnagraficheRichieste,
    Competenza,
    CompetenzaRichiesta,
    IdentitaNuova,
    IdentitaRicerca,
    IdentitaTrovata,
    Io,
)
from services.laboratori.service import identita as service

api = Api("laboratori", tag="Identita'", description="Chi c'e' dietro un accesso; nomi per i documenti dei servizi.")


@api.get("/identita/io", roles={Ruolo.RESIDENTE}, summary="Chi sono")
async def chi_sono(ctx: Ctx) -> Io:
    """La persona e il nucleo di chi chiama."""
    io = await service.chi_sono(ctx.session, ctx.principal.subject, now=ctx.now)
    await annota(ctx, "persona", io.persona_id, "lettura dei propri dati")
    return io


@api.post(
    "/persone/{persona_id}/identita",
    roles=OPERATORI,
    owner=segue_persona,
    summary="Associa l'accesso di un residente alla sua persona",
)
async def associa_identita(persona_id: UUID, corpo: IdentitaNuova, ctx: Ctx) -> IdentitaTrovata:
    """Il residente vede da qui in poi il proprio nucleo. Ripetere la stessa associazione non cambia nulla."""
    return await service.associa_identita(ctx.session, persona_id, corpo.sub, autore=ctx.principal.subject, now=ctx.now)


@api.post("/identita/ricerche", reads=True, roles={Ruolo.SERVIZIO}, summary="Cerca gli pseudonimi dietro un accesso")
async def cerca_identita(corpo: IdentitaRicerca, ctx: Ctx) -> IdentitaTrovata:
    """Per gli altri servizi: nessun dato personale oltre agli pseudonimi."""
    return await service.cerca_identita(ctx.session, corpo.sub, now=ctx.now)


@api.post(
    "/identita/competenze",
    reads=True,
    roles={Ruolo.SERVIZIO},
    summary="Dice se un operatore segue un nucleo o una persona",
)
async def verifica_competenza(corpo: CompetenzaRichiesta, ctx: Ctx) -> Competenza:
    """Per gli altri servizi: chi lavora nell'equipe di quale laboratorio lo sa solo questo."""
    return await service.verifica_competenza(ctx.session, corpo.sub, corpo.nucleo_id, corpo.persona_id, now=ctx.now)


@api.post("/identita/anagrafiche", reads=True, roles={Ruolo.SERVIZIO}, summary="Legge i nomi per un documento")
async def leggi_anagrafiche(corpo: AnagraficheRichieste, ctx: Ctx) -> Anagrafiche:
    """Per i documenti degli altri servizi, con uno scopo dichiarato: ogni persona e' annotata nel registro."""
    anagrafiche = await service.leggi_anagrafiche(ctx.session, corpo.persone)
    for anagrafica in anagrafiche.items:
        await annota(ctx, "persona", anagrafica.persona_id, corpo.scopo)
    return anagrafiche
