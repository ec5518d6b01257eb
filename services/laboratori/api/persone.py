"""Routes of people."""

from uuid import UUID

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.laboratori.api.proprieta import (
    OPERATORI,
    ente_di,
    lavora_nel_laboratorio,
    oggi,
    segue_persona,
    vede_persona,
)
from services.laboratori.api.registro import annota
from services.laboratori.queries import proprieta
from services.laboratori.schemas.persone import (
    PersonaAggiornata,
    PersonaCreata,
    PersonaNuova,
    PersonaScheda,
    PersoneTrovate,
    PresaInCaricoNuova,
    PresaInCaricoVista,
    RicercaPersone,
    UnioneNuova,
)
from services.laboratori.service import persone as service
from services.laboratori.service import unioni

api = Api(
    "laboratori",
    tag="Persone",
    description="Schede delle persone: l'unico posto della piattaforma con nomi e codici fiscali.",
)
ACCREDITATI = frozenset({Ruolo.OPERATORE_ACCREDITATO})


@api.post(
    "/laboratori/{laboratorio_id}/persone",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra una persona allo sportello",
)
async def registra_persona(laboratorio_id: UUID, corpo: PersonaNuova, ctx: Ctx) -> PersonaCreata:
    """Bastano nome, cognome e data di nascita. Chi somiglia a una persona registrata e' rifiutato o forzato."""
    return await service.registra_persona(ctx.session, laboratorio_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post("/persone", roles=ACCREDITATI, status_code=201, summary="Registra una persona per un operatore accreditato")
async def registra_persona_ente(corpo: PersonaNuova, ctx: Ctx) -> PersonaCreata:
    """La persona e' seguita dall'ente di chi chiama, con le stesse regole dello sportello."""
    return await service.registra_persona_ente(
        ctx.session, ente_di(ctx), corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post("/persone/ricerche", reads=True, roles=OPERATORI | ACCREDITATI, summary="Cerca fra le persone seguite")
async def cerca_persone(corpo: RicercaPersone, ctx: Ctx) -> PersoneTrovate:
    """Cerca soltanto fra le persone dei propri laboratori o del proprio ente; ogni ricerca e' annotata."""
    principal = ctx.principal
    laboratori = (
        await proprieta.laboratori_di(ctx.session, principal.subject, oggi(ctx))
        if principal.has(Ruolo.OPERATORE_LABORATORIO)
        else []
    )
    ente = principal.ente if principal.has(Ruolo.OPERATORE_ACCREDITATO) else None
    trovate = await service.cerca_persone(ctx.session, corpo, laboratori=laboratori, ente=ente)
    for trovata in trovate.items:
        await annota(ctx, "persona", trovata.persona_id, "ricerca allo sportello")
    if not trovate.items:
        await annota(ctx, "persona", "-", "ricerca allo sportello senza risultati")
    return trovate


@api.get(
    "/persone/{persona_id}",
    roles={*OPERATORI, *ACCREDITATI, Ruolo.RESIDENTE},
    owner=vede_persona,
    summary="Legge la scheda di una persona",
)
async def leggi_persona(persona_id: UUID, ctx: Ctx) -> PersonaScheda:
    """La scheda senza le condizioni di svantaggio; la lettura e' annotata nel registro degli accessi."""
    scheda = await service.leggi_persona(ctx.session, persona_id, now=ctx.now)
    await annota(ctx, "persona", persona_id, "lettura della scheda")
    ctx.set_etag(scheda.versione)
    return scheda


@api.put(
    "/persone/{persona_id}",
    roles=OPERATORI | ACCREDITATI,
    owner=segue_persona,
    summary="Completa la scheda di una persona",
)
async def aggiorna_persona(persona_id: UUID, corpo: PersonaAggiornata, ctx: Ctx) -> PersonaScheda:
    """Sostituisce la scheda con quella inviata. Richiede If-Match."""
    scheda = await service.aggiorna_persona(
        ctx.session, persona_id, corpo, check_version=ctx.require_match, now=ctx.now
    )
    await annota(ctx, "persona", persona_id, "aggiornamento della scheda")
    ctx.set_etag(scheda.versione)
    return scheda


@api.post(
    "/laboratori/{laboratorio_id}/accoglienze",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    summary="Accoglie una persona registrata altrove",
)
async def accoglie_persona(laboratorio_id: UUID, corpo: PresaInCaricoNuova, ctx: Ctx) -> PersonaCreata:
    """Da qui in poi il laboratorio la segue; serve la data di nascita letta sul documento."""
    accolta = await service.accoglie_persona(ctx.session, laboratorio_id, corpo, now=ctx.now)
    await annota(ctx, "persona", corpo.persona_id, "accoglienza nel laboratorio")
    return accolta


@api.post(
    "/laboratori/{laboratorio_id}/prese-in-carico",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Prende in carico una persona",
)
async def prende_in_carico(laboratorio_id: UUID, corpo: PresaInCaricoNuova, ctx: Ctx) -> PresaInCaricoVista:
    """Presupposto di un PIP: l'inclusione lo apprende dall'evento."""
    presa = await service.prende_in_carico(
        ctx.session, laboratorio_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )
    await annota(ctx, "persona", corpo.persona_id, "presa in carico")
    return presa


@api.post(
    "/persone/{persona_id}/unioni",
    roles=OPERATORI,
    owner=segue_persona,
    summary="Unisce due schede della stessa persona",
)
async def unisce_persone(persona_id: UUID, corpo: UnioneNuova, ctx: Ctx) -> PersonaCreata:
    """Resta la scheda dell'indirizzo, con tutti i fatti dell'altra. Chi chiama deve seguirle entrambe."""
    await segue_persona(corpo.assorbita_id, ctx)
    await annota(ctx, "persona", corpo.assorbita_id, "unione di due schede")
    return await unioni.unisce_persone(
        ctx.session, persona_id, corpo.assorbita_id, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/persone/{persona_id}/cancellazione", roles={Ruolo.AMMINISTRATORE}, summary="Cancella l'identita' di una persona"
)
async def cancella_persona(persona_id: UUID, ctx: Ctx) -> PersonaCreata:
    """Spariscono nomi, codice, profilo e condizioni; resta lo pseudonimo con i suoi fatti."""
    await annota(ctx, "persona", persona_id, "cancellazione dell'identita'")
    return await unioni.cancella_persona(ctx.session, persona_id, now=ctx.now)
