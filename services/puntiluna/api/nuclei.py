"""What a household does: reductions, its standing choice."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import del_nucleo
from services.puntiluna.models import Riduzione, SceltaNucleo
from services.puntiluna.schemas.nuclei import RiduzioneNuova, RiduzioneVista, SceltaNuova, SceltaVista
from services.puntiluna.service import riduzioni, scelte

api = Api(
    "puntiluna", tag="Nuclei", description="Le riduzioni della morosità di un nucleo, e la sua scelta permanente."
)
SPORTELLO = frozenset({Ruolo.RESIDENTE, Ruolo.OPERATORE_LABORATORIO})
LETTORI = SPORTELLO | {Ruolo.FUNZIONARIO_COMUNE}


@api.post(
    "/nuclei/{nucleo_id}/riduzioni",
    roles=SPORTELLO,
    owner=del_nucleo,
    status_code=201,
    summary="Prenota una riduzione della morosità",
    description="Al massimo i punti spendibili e la morosità ultima comunicata, meno ciò che è già in attesa.",
)
async def prenota_riduzione(nucleo_id: UUID, corpo: RiduzioneNuova, ctx: Ctx) -> RiduzioneVista:
    """Reserve a reduction."""
    riduzione = await riduzioni.prenota_riduzione(
        ctx.session,
        nucleo_id,
        ente=corpo.ente_proprietario,
        contratto_codice=corpo.contratto_codice,
        importo_cent=corpo.importo,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _riduzione(riduzione)


@api.get(
    "/nuclei/{nucleo_id}/riduzioni",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Elenca le riduzioni di un nucleo",
    description="Dalla più recente, con la risposta del proprietario.",
)
async def elenca_riduzioni(
    nucleo_id: UUID, ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None
) -> Pagina[RiduzioneVista]:
    """List a household's reductions."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await riduzioni.elenca_riduzioni(
        ctx.session, nucleo_id, dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].riduzione_id)]) if len(trovate) > limit else None
    return Pagina(items=[_riduzione(riduzione) for riduzione in pagina], cursor=seguente)


@api.get(
    "/nuclei/{nucleo_id}/scelta-riduzioni",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Legge la scelta permanente di un nucleo",
    description="Se i suoi punti riducono la morosità da soli; finché non sceglie, no.",
)
async def leggi_scelta(nucleo_id: UUID, ctx: Ctx) -> SceltaVista:
    """Read a household's standing choice."""
    scelta = await scelte.leggi_scelta(ctx.session, nucleo_id)
    if scelta is not None:
        ctx.set_etag(scelta.versione)
    return _scelta(nucleo_id, scelta)


@api.put(
    "/nuclei/{nucleo_id}/scelta-riduzioni",
    roles=SPORTELLO,
    owner=del_nucleo,
    summary="Scrive la scelta permanente di un nucleo",
    description=(
        "Con `automatica` i punti prenotano da soli una riduzione, sul debito più alto, appena superano `riserva` di "
        "almeno `minimo`. Ciò che il proprietario respinge non è richiesto finché non comunica di nuovo quel debito. "
        "Per modificare una scelta serve If-Match."
    ),
)
async def scegli_riduzioni(nucleo_id: UUID, corpo: SceltaNuova, ctx: Ctx) -> SceltaVista:
    """Write a household's standing choice."""
    versione = await scelte.versione_scelta(ctx.session, nucleo_id)
    if versione is not None:
        ctx.require_match(versione)
    scelta = await scelte.scegli_riduzioni(
        ctx.session,
        nucleo_id,
        automatica=corpo.automatica,
        minimo_cent=corpo.minimo,
        riserva_cent=corpo.riserva,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    ctx.set_etag(scelta.versione)
    return _scelta(nucleo_id, scelta)


def _scelta(nucleo_id: UUID, scelta: SceltaNucleo | None) -> SceltaVista:
    return SceltaVista(
        nucleo_id=nucleo_id,
        versione=scelta.versione if scelta is not None else None,
        automatica=scelta is not None and scelta.automatica,
        minimo=scelta.minimo_cent if scelta is not None else scelte.MINIMO_CENT,
        riserva=scelta.riserva_cent if scelta is not None else 0,
        scelta_il=scelta.scelta_il if scelta is not None else None,
    )


def _riduzione(riduzione: Riduzione) -> RiduzioneVista:
    return RiduzioneVista(
        riduzione_id=riduzione.riduzione_id,
        versione=riduzione.versione,
        nucleo_id=riduzione.nucleo_id,
        ente_proprietario=riduzione.ente_proprietario,
        contratto_codice=riduzione.contratto_codice,
        protocollo=riduzione.protocollo,
        origine=riduzione.origine,
        importo=riduzione.importo_cent,
        confermato=riduzione.confermato_cent,
        debito_prima=riduzione.debito_prima_cent,
        stato=riduzione.stato,
        motivo=riduzione.motivo,
        riferimento=riduzione.riferimento,
        automatica=riduzione.automatica,
        prenotata_il=riduzione.prenotata_il,
        scade_il=riduzione.scade_il,
        risposta_il=riduzione.risposta_il,
    )
