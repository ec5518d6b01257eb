"""What a household does and sees: reductions, its standing choice, its statement."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Istante, Pagina
from services.puntiluna import documents
from services.puntiluna.api.competenze import del_nucleo
from services.puntiluna.models import Riduzione, SceltaNucleo
from services.puntiluna.rules.estratto import VoceEstratto
from services.puntiluna.schemas.nuclei import (
    DebitoEstrattoVista,
    EstrattoConto,
    RiduzioneEstrattoVista,
    RiduzioneNuova,
    RiduzioneVista,
    RigaEstrattoVista,
    SceltaNuova,
    SceltaVista,
)
from services.puntiluna.service import estratti, riduzioni, scelte
from services.puntiluna.service.estratti import Estratto

api = Api(
    "puntiluna", tag="Nuclei", description="I punti del nucleo: estratto conto, riduzioni della morosità, scelta."
)
SPORTELLO = frozenset({Ruolo.RESIDENTE, Ruolo.OPERATORE_LABORATORIO})
LETTORI = SPORTELLO | {Ruolo.FUNZIONARIO_COMUNE}

AlIstante = Annotated[Istante | None, Query(description="a quale istante; assente: adesso")]


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Legge l'estratto conto di un nucleo",
    description=(
        "Punti guadagnati, ricevuti, donati, spesi e in attesa; morosità prima e dopo, con la conferma del "
        "proprietario. A qualunque istante passato. I movimenti vanno dal più recente, a pagine."
    ),
)
async def leggi_estratto_conto(
    nucleo_id: UUID, ctx: Ctx, al: AlIstante = None, limit: Limit = 100, cursor: CursorParam = None
) -> EstrattoConto:
    """Read a household's statement."""
    chiave = ctx.decode_cursor(cursor, 1)
    estratto = await estratti.estratto_conto(
        ctx.session, nucleo_id, al=al or ctx.now, prima_di=chiave[0] if chiave else None, limite=limit + 1
    )
    altre = len(estratto.righe) > limit
    righe = estratto.righe[:limit]
    return _estratto(estratto, ctx.encode_cursor([righe[-1].ordine]) if altre else None, limit)


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto.csv",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Scarica l'estratto conto di un nucleo",
    description="Tutti i movimenti in CSV (UTF-8, virgola), dal più recente.",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def scarica_estratto_conto(nucleo_id: UUID, ctx: Ctx, al: AlIstante = None) -> Response:
    """Download a household's statement."""
    estratto = await estratti.estratto_conto(ctx.session, nucleo_id, al=al or ctx.now, prima_di=None, limite=None)
    contenuto = documents.csv_di(
        ("data", "riferito_al", "voce", "descrizione", "punti", "saldo"),
        [
            (
                documents.giorno_italiano(riga.registrato_il),
                documents.giorno_italiano(riga.accaduto_il),
                riga.voce,
                riga.descrizione,
                documents.importo_csv(riga.importo_cent),
                documents.importo_csv(riga.saldo_cent),
            )
            for riga in estratto.righe
        ],
    )
    return Response(
        contenuto,
        media_type=documents.CSV_MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="estratto-conto.csv"'},
    )


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


def _estratto(estratto: Estratto, cursor: str | None, limit: int) -> EstrattoConto:
    totali = estratto.totali
    return EstrattoConto(
        nucleo_id=estratto.nucleo_id,
        al=estratto.al,
        saldo=estratto.saldo_cent,
        saldo_donatore=estratto.saldo_donatore_cent,
        spendibili=estratto.spendibile_cent,
        guadagnati=max(totali[VoceEstratto.GUADAGNATI] + totali[VoceEstratto.CORREZIONI], 0),
        ricevuti=totali[VoceEstratto.RICEVUTI],
        donati=-totali[VoceEstratto.DONATI],
        prenotati=estratto.prenotato_cent,
        spesi=estratto.confermato_cent,
        in_attesa_fondo=estratto.in_attesa_fondo_cent,
        quote_disponibili=estratto.quote_saldo_cent,
        quote_confermate=estratto.quote_confermato_cent,
        movimenti=[
            RigaEstrattoVista(
                movimento_id=riga.movimento_id,
                registrato_il=riga.registrato_il,
                riferito_al=riga.accaduto_il,
                voce=riga.voce,
                descrizione=riga.descrizione,
                punti=riga.importo_cent,
                saldo=riga.saldo_cent,
            )
            for riga in estratto.righe[:limit]
        ],
        riduzioni=[
            RiduzioneEstrattoVista(
                riduzione_id=r.letta.riduzione_id,
                protocollo=r.letta.protocollo,
                ente_proprietario=r.letta.ente_proprietario,
                contratto_codice=r.letta.contratto_codice,
                origine=r.letta.origine,
                importo=r.letta.importo_cent,
                confermato=r.confermato_cent,
                stato=r.stato,
                motivo=r.letta.motivo,
                riferimento=r.letta.riferimento,
                prenotata_il=r.letta.prenotata_il,
                risposta_il=r.letta.risposta_il,
            )
            for r in estratto.riduzioni
        ],
        morosita=[
            DebitoEstrattoVista(
                ente_proprietario=debito.ente_proprietario,
                contratto_codice=debito.contratto_codice,
                iniziale=debito.primo_cent,
                comunicato=debito.comunicato_cent,
                al_giorno=debito.al_giorno,
                ridotto=debito.confermato_cent,
                residuo=estratti.residuo(debito),
            )
            for debito in estratto.debiti[:100]
        ],
        cursor=cursor,
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
