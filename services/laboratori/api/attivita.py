"""Routes of activities, their calendar and registrations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.errors import Forbidden
from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina, TestoBreve
from services.laboratori.api.proprieta import (
    OPERATORI,
    lavora_nel_laboratorio,
    lavora_per_attivita,
    oggi,
    tocca_iscrizione,
)
from services.laboratori.api.registro import annota
from services.laboratori.queries import proprieta
from services.laboratori.schemas.attivita import (
    AttivitaNuova,
    AttivitaVista,
    IscrizioneNuova,
    IscrizioneVista,
)
from services.laboratori.service import attivita as service

api = Api("laboratori", tag="Attivita'", description="Attivita' dei laboratori, calendario pubblico, iscrizioni.")
Mese = Annotated[
    str, Query(pattern=r"^\d{4}-\d{2}$", max_length=7, description="Mese come AAAA-MM", examples=["2020-11"])
]


@api.get("/calendario", roles=PUBLIC, summary="Calendario di un mese")
async def leggi_calendario(
    ctx: Ctx,
    mese: Mese,
    laboratorio_id: Annotated[UUID | None, Query(description="Soltanto quelle di un laboratorio")] = None,
    comune: Annotated[TestoBreve | None, Query(description="Soltanto quelle di un comune")] = None,
    quartiere: Annotated[TestoBreve | None, Query(description="Soltanto quelle di un quartiere")] = None,
    limit: Limit = 500,
    cursor: CursorParam = None,
) -> Pagina[AttivitaVista]:
    """Le attivita' che cadono nel mese, anche in parte, in ordine di inizio; nessun dato personale."""
    dopo = ctx.decode_cursor(cursor, 2)
    trovate = await service.leggi_calendario(
        ctx.session,
        mese,
        laboratorio_id=laboratorio_id,
        comune=comune,
        quartiere=quartiere,
        dopo=(datetime.fromisoformat(dopo[0]), UUID(dopo[1])) if dopo else None,
        limite=limit,
    )
    ultima = trovate[-1] if len(trovate) == limit else None
    return Pagina(
        items=trovate,
        cursor=ctx.encode_cursor([ultima.inizio.isoformat(), str(ultima.attivita_id)]) if ultima else None,
    )


@api.post(
    "/laboratori/{laboratorio_id}/attivita",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Crea un'attivita'",
)
async def crea_attivita(laboratorio_id: UUID, corpo: AttivitaNuova, ctx: Ctx) -> AttivitaVista:
    """Entra subito nel calendario pubblico."""
    attivita = await service.crea_attivita(
        ctx.session, laboratorio_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(attivita.versione)
    return attivita


@api.get("/attivita/{attivita_id}", roles=PUBLIC, summary="Legge un'attivita'")
async def leggi_attivita(attivita_id: UUID, ctx: Ctx) -> AttivitaVista:
    """Quando, dove, con quale fascia e quanti posti liberi."""
    attivita = await service.leggi_attivita(ctx.session, attivita_id)
    ctx.set_etag(attivita.versione)
    return attivita


@api.put("/attivita/{attivita_id}", roles=OPERATORI, owner=lavora_per_attivita, summary="Modifica un'attivita'")
async def modifica_attivita(attivita_id: UUID, corpo: AttivitaNuova, ctx: Ctx) -> AttivitaVista:
    """Piu' posti promuovono chi attende; la tariffa non cambia sotto ore gia' confermate. Richiede If-Match."""
    attivita = await service.modifica_attivita(
        ctx.session, attivita_id, corpo, check_version=ctx.require_match, now=ctx.now
    )
    ctx.set_etag(attivita.versione)
    return attivita


@api.post(
    "/attivita/{attivita_id}/annullamento",
    roles=OPERATORI,
    owner=lavora_per_attivita,
    summary="Annulla un'attivita'",
)
async def annulla_attivita(attivita_id: UUID, ctx: Ctx) -> AttivitaVista:
    """Resta nel calendario, annullata. Richiede If-Match."""
    attivita = await service.annulla_attivita(ctx.session, attivita_id, check_version=ctx.require_match)
    ctx.set_etag(attivita.versione)
    return attivita


@api.post(
    "/attivita/{attivita_id}/iscrizioni",
    roles={*OPERATORI, Ruolo.RESIDENTE},
    status_code=201,
    summary="Iscrive una persona",
)
async def iscrive(attivita_id: UUID, corpo: IscrizioneNuova, ctx: Ctx) -> IscrizioneVista:
    """Con il posto, o in lista d'attesa se sono finiti. Un residente iscrive soltanto chi vive con lui."""
    da_residente = ctx.principal.has(Ruolo.RESIDENTE) and await proprieta.nello_stesso_nucleo(
        ctx.session, ctx.principal.subject, corpo.persona_id, oggi(ctx)
    )
    if not da_residente:
        if not ctx.principal.has(Ruolo.OPERATORE_LABORATORIO):
            raise Forbidden(
                "La persona non e' del proprio nucleo.",
                field="persona_id",
                remedy="Iscrivere se stessi o chi vive con se'.",
            )
        await lavora_per_attivita(attivita_id, ctx)
    return await service.iscrive(ctx.session, attivita_id, corpo.persona_id, da_residente=da_residente, now=ctx.now)


@api.get(
    "/attivita/{attivita_id}/iscrizioni",
    roles=OPERATORI,
    owner=lavora_per_attivita,
    summary="Elenca le iscrizioni",
)
async def elenca_iscrizioni(
    attivita_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[IscrizioneVista]:
    """In ordine di arrivo, anche in attesa e ritirate; la lettura e' annotata."""
    dopo = ctx.decode_cursor(cursor, 1)
    trovate = await service.elenca_iscrizioni(
        ctx.session, attivita_id, dopo=int(dopo[0]) if dopo else None, limite=limit
    )
    await annota(ctx, "iscrizioni di attivita", attivita_id, "elenco delle iscrizioni")
    ultima = trovate[-1] if len(trovate) == limit else None
    return Pagina(items=trovate, cursor=ctx.encode_cursor([ultima.numero]) if ultima else None)


@api.post(
    "/iscrizioni/{iscrizione_id}/ritiro",
    roles={*OPERATORI, Ruolo.RESIDENTE},
    owner=tocca_iscrizione,
    summary="Ritira un'iscrizione",
)
async def ritira(iscrizione_id: UUID, ctx: Ctx) -> IscrizioneVista:
    """Il primo in attesa prende il posto."""
    return await service.ritira(ctx.session, iscrizione_id, now=ctx.now)
