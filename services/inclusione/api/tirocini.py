"""Routes of placements and contracts."""

from uuid import UUID

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.inclusione.api.proprieta import del_contratto, del_pip, del_tirocinio
from services.inclusione.rules.tirocinio import StatoTirocinio
from services.inclusione.schemas.lavoro import (
    Contratti,
    ContrattoNuovo,
    ContrattoVisto,
    Motivo,
    Proroga,
    Tirocini,
    TirocinioNuovo,
    TirocinioVisto,
)
from services.inclusione.service import accessi
from services.inclusione.service import tirocini as service

api = Api(
    "inclusione",
    tag="Tirocini e contratti",
    description="Tirocini presso aziende ospitanti (mai indennizzati dal progetto) e contratti di lavoro iniziati.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}
OPERATORE = {Ruolo.OPERATORE_ACCREDITATO}


@api.post(
    "/tirocini",
    roles=OPERATORE,
    status_code=201,
    summary="Avvia un tirocinio",
    description="Su una posizione dell'operatore, al massimo sei mesi, un tirocinio per volta.",
)
async def avvia_tirocinio(corpo: TirocinioNuovo, ctx: Ctx) -> TirocinioVisto:
    await accessi.verifica_pip(ctx.session, ctx.principal, corpo.pip_id)
    return TirocinioVisto.model_validate(await service.avvia_tirocinio(ctx.session, corpo, now=ctx.now))


@api.get(
    "/tirocini/{tirocinio_id}",
    roles=CHI_LEGGE,
    owner=del_tirocinio,
    summary="Legge un tirocinio",
    description="Azienda, tutor, giorni e stato.",
)
async def leggi_tirocinio(tirocinio_id: UUID, ctx: Ctx) -> TirocinioVisto:
    tirocinio = await service.tirocinio_di(ctx.session, tirocinio_id)
    ctx.set_etag(tirocinio.versione)
    return TirocinioVisto.model_validate(tirocinio)


@api.get(
    "/pip/{pip_id}/tirocini",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Elenca i tirocini di un piano",
    description="Dal primo.",
)
async def elenca_tirocini(pip_id: UUID, ctx: Ctx) -> Tirocini:
    righe = await service.elenca_tirocini(ctx.session, pip_id)
    return Tirocini(items=[TirocinioVisto.model_validate(riga) for riga in righe])


@api.post(
    "/tirocini/{tirocinio_id}/proroga",
    roles=OPERATORE,
    owner=del_tirocinio,
    status_code=201,
    summary="Proroga un tirocinio",
    description="Sposta avanti la fine, senza passare i sei mesi in tutto.",
)
async def proroga_tirocinio(tirocinio_id: UUID, corpo: Proroga, ctx: Ctx) -> TirocinioVisto:
    return TirocinioVisto.model_validate(await service.proroga_tirocinio(ctx.session, tirocinio_id, corpo.al))


@api.post(
    "/tirocini/{tirocinio_id}/conclusione",
    roles=OPERATORE,
    owner=del_tirocinio,
    status_code=201,
    summary="Conclude un tirocinio",
    description="Il tirocinio e' arrivato alla sua fine.",
)
async def concludi_tirocinio(tirocinio_id: UUID, corpo: Motivo, ctx: Ctx) -> TirocinioVisto:
    return TirocinioVisto.model_validate(
        await service.finisce_tirocinio(
            ctx.session, tirocinio_id, StatoTirocinio.CONCLUSO, motivo=corpo.motivo, now=ctx.now
        )
    )


@api.post(
    "/tirocini/{tirocinio_id}/interruzione",
    roles=OPERATORE,
    owner=del_tirocinio,
    status_code=201,
    summary="Interrompe un tirocinio",
    description="Il posto torna libero.",
)
async def interrompi_tirocinio(tirocinio_id: UUID, corpo: Motivo, ctx: Ctx) -> TirocinioVisto:
    return TirocinioVisto.model_validate(
        await service.finisce_tirocinio(
            ctx.session, tirocinio_id, StatoTirocinio.INTERROTTO, motivo=corpo.motivo, now=ctx.now
        )
    )


@api.post(
    "/contratti",
    roles=OPERATORE,
    status_code=201,
    summary="Registra un contratto di lavoro iniziato",
    description="Un risultato del percorso: quanto e' atteso si scrive negli obiettivi del progetto.",
)
async def registra_contratto(corpo: ContrattoNuovo, ctx: Ctx) -> ContrattoVisto:
    await accessi.verifica_pip(ctx.session, ctx.principal, corpo.pip_id)
    return ContrattoVisto.model_validate(
        await service.registra_contratto(ctx.session, corpo, autore=ctx.principal.subject, now=ctx.now)
    )


@api.get(
    "/pip/{pip_id}/contratti",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Elenca i contratti di un piano",
    description="Dal primo, anche quelli annullati.",
)
async def elenca_contratti(pip_id: UUID, ctx: Ctx) -> Contratti:
    righe = await service.elenca_contratti(ctx.session, pip_id)
    return Contratti(items=[ContrattoVisto.model_validate(riga) for riga in righe])


@api.post(
    "/contratti/{contratto_id}/annullamento",
    roles=OPERATORE,
    owner=del_contratto,
    status_code=201,
    summary="Annulla un contratto registrato per errore",
    description="Non conta piu' fra i risultati; ripeterlo non cambia nulla.",
)
async def annulla_contratto(contratto_id: UUID, corpo: Motivo, ctx: Ctx) -> ContrattoVisto:
    return ContrattoVisto.model_validate(
        await service.annulla_contratto(ctx.session, contratto_id, motivo=corpo.motivo, now=ctx.now)
    )
