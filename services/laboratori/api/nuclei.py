"""Routes of households."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.laboratori.api.proprieta import OPERATORI, lavora_nel_laboratorio, lavora_per_nucleo, vede_nucleo
from services.laboratori.api.registro import annota
from services.laboratori.schemas.laboratori import Cessazione
from services.laboratori.schemas.nuclei import (
    ContrattoNuovo,
    MembroNuovo,
    NucleiCreati,
    NucleiNuovi,
    NucleoCreato,
    NucleoInElenco,
    NucleoNuovo,
    NucleoVisto,
)
from services.laboratori.service import censimento
from services.laboratori.service import nuclei as service

api = Api("laboratori", tag="Nuclei", description="Nuclei familiari: chi li compone, contratti di locazione.")


@api.post(
    "/laboratori/{laboratorio_id}/nuclei",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra un nucleo",
)
async def registra_nucleo(laboratorio_id: UUID, corpo: NucleoNuovo, ctx: Ctx) -> NucleoCreato:
    """Con persone nuove o gia' registrate, e i contratti con i loro proprietari."""
    creati = await censimento.registra_nuclei(
        ctx.session, laboratorio_id, [corpo], autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(1)
    return creati.items[0]


@api.post(
    "/laboratori/{laboratorio_id}/nuclei/elenco",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra un elenco di nuclei",
)
async def registra_nuclei(laboratorio_id: UUID, corpo: NucleiNuovi, ctx: Ctx) -> NucleiCreati:
    """Fino a 500 nuclei: si scrivono tutti oppure nessuno, con i difetti riga per riga."""
    return await censimento.registra_nuclei(
        ctx.session, laboratorio_id, corpo.nuclei, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/laboratori/{laboratorio_id}/nuclei",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    summary="Elenca i nuclei seguiti dal laboratorio",
)
async def elenca_nuclei(
    laboratorio_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[NucleoInElenco]:
    """Senza nomi: pseudonimi e contratti."""
    dopo = ctx.decode_cursor(cursor, 1)
    trovati = await service.elenca_nuclei(
        ctx.session, laboratorio_id, dopo=UUID(dopo[0]) if dopo else None, limite=limit, now=ctx.now
    )
    await annota(ctx, "nuclei del laboratorio", laboratorio_id, "elenco dei nuclei")
    ultimo = trovati[-1] if len(trovati) == limit else None
    return Pagina(items=trovati, cursor=ctx.encode_cursor([str(ultimo.nucleo_id)]) if ultimo else None)


@api.get(
    "/nuclei/{nucleo_id}",
    roles={*OPERATORI, Ruolo.RESIDENTE},
    owner=vede_nucleo,
    summary="Legge un nucleo",
)
async def leggi_nucleo(nucleo_id: UUID, ctx: Ctx) -> NucleoVisto:
    """Chi lo compone e i contratti, anche passati; un residente vede soltanto il proprio."""
    nucleo = await service.leggi_nucleo(ctx.session, nucleo_id)
    await annota(ctx, "nucleo", nucleo_id, "lettura del nucleo")
    ctx.set_etag(nucleo.versione)
    return nucleo


@api.post(
    "/nuclei/{nucleo_id}/membri",
    roles=OPERATORI,
    owner=lavora_per_nucleo,
    status_code=201,
    summary="Aggiunge una persona al nucleo",
)
async def aggiunge_membro(nucleo_id: UUID, corpo: MembroNuovo, ctx: Ctx) -> NucleoVisto:
    """Una persona nuova o gia' registrata, che non sia in un altro nucleo nello stesso periodo."""
    nucleo = await service.aggiunge_membro(ctx.session, nucleo_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(nucleo.versione)
    return nucleo


@api.post(
    "/nuclei/{nucleo_id}/membri/{persona_id}/uscita",
    roles=OPERATORI,
    owner=lavora_per_nucleo,
    summary="Registra l'uscita di una persona dal nucleo",
)
async def registra_uscita(nucleo_id: UUID, persona_id: UUID, corpo: Cessazione, ctx: Ctx) -> NucleoVisto:
    """Indica l'ultimo giorno nel nucleo, compreso: le ore fino a quel giorno restano del nucleo."""
    nucleo = await service.registra_uscita(ctx.session, nucleo_id, persona_id, al=corpo.al, now=ctx.now)
    ctx.set_etag(nucleo.versione)
    return nucleo


@api.post(
    "/nuclei/{nucleo_id}/contratti",
    roles=OPERATORI,
    owner=lavora_per_nucleo,
    status_code=201,
    summary="Aggiunge un contratto di locazione",
)
async def aggiunge_contratto(nucleo_id: UUID, corpo: ContrattoNuovo, ctx: Ctx) -> NucleoVisto:
    """Un contratto appartiene a un nucleo alla volta."""
    nucleo = await service.aggiunge_contratto(ctx.session, nucleo_id, corpo, now=ctx.now)
    ctx.set_etag(nucleo.versione)
    return nucleo


@api.post(
    "/nuclei/{nucleo_id}/contratti/{contratto_id}/cessazione",
    roles=OPERATORI,
    owner=lavora_per_nucleo,
    summary="Registra la cessazione di un contratto",
)
async def cessa_contratto(nucleo_id: UUID, contratto_id: UUID, corpo: Cessazione, ctx: Ctx) -> NucleoVisto:
    """Indica l'ultimo giorno del contratto, compreso."""
    nucleo = await service.cessa_contratto(ctx.session, nucleo_id, contratto_id, al=corpo.al, now=ctx.now)
    ctx.set_etag(nucleo.versione)
    return nucleo
