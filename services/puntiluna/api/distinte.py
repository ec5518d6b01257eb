"""Distinte: composed, approved and settled by the Comune."""

from uuid import UUID

from fastapi import Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.http.files import CSV_MEDIA_TYPE, XML_MEDIA_TYPE, file_response, file_responses
from chassis.italian import instant_text
from chassis.money import format_cents
from chassis.ruoli import Ruolo
from chassis.sheets import csv_file
from chassis.types import Pagina
from services.puntiluna.api.competenze import della_distinta
from services.puntiluna.models import Distinta, Pagamento
from services.puntiluna.schemas.distinte import (
    AnnullamentoNuovo,
    DistintaNuova,
    DistintaVista,
    LiquidazioneNuova,
    PagamentoNuovo,
    PagamentoVista,
    RigaDistintaVista,
)
from services.puntiluna.service import distinte, pagamenti

api = Api(
    "puntiluna", tag="Distinte", description="Le riduzioni confermate da pagare a un proprietario, mese per mese."
)
COMUNE = frozenset({Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE})


@api.post(
    "/distinte",
    roles=COMUNE,
    status_code=201,
    summary="Compone una distinta",
    description=(
        "Raggruppa ciò che i fondi dei progetti dell'ente pagano delle riduzioni confermate da un proprietario in un "
        "mese e non ancora in una distinta: conta il fondo che ha emesso i punti, non dove abita il nucleo."
    ),
)
async def componi_distinta(corpo: DistintaNuova, ctx: Ctx) -> DistintaVista:
    """Compose a Distinta."""
    distinta = await distinte.componi_distinta(
        ctx.session,
        ente=corpo.ente_proprietario,
        periodo=corpo.periodo,
        progetto_id=corpo.progetto_id,
        principal=ctx.principal,
        now=ctx.now,
    )
    ctx.set_etag(distinta.versione)
    return _distinta(distinta)


@api.get("/distinte", roles=COMUNE, summary="Elenca le distinte", description="Quelle dei progetti del proprio ente.")
async def elenca_distinte(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[DistintaVista]:
    """List Distinte."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await distinte.elenca_distinte(
        ctx.session, principal=ctx.principal, dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].distinta_id)]) if len(trovate) > limit else None
    return Pagina(items=[_distinta(distinta) for distinta in pagina], cursor=seguente)


@api.get(
    "/distinte/{distinta_id}",
    roles=COMUNE,
    owner=della_distinta,
    summary="Legge una distinta",
    description="Con i suoi totali.",
)
async def leggi_distinta(distinta_id: UUID, ctx: Ctx) -> DistintaVista:
    """Read a Distinta."""
    distinta = await distinte.leggi_distinta(ctx.session, distinta_id, principal=ctx.principal)
    ctx.set_etag(distinta.versione)
    return _distinta(distinta)


@api.get(
    "/distinte/{distinta_id}/righe",
    roles=COMUNE,
    owner=della_distinta,
    summary="Elenca le righe di una distinta",
    description="Le riduzioni confermate, in ordine di protocollo.",
)
async def elenca_righe_distinta(
    distinta_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[RigaDistintaVista]:
    """List the lines of a Distinta."""
    chiave = ctx.decode_cursor(cursor, 2)
    trovate = await distinte.righe_della_distinta(
        ctx.session,
        distinta_id,
        principal=ctx.principal,
        dopo=(chiave[0], UUID(chiave[1])) if chiave else None,
        limite=limit + 1,
    )
    pagina = trovate[:limit]
    ultima = pagina[-1] if len(trovate) > limit else None
    seguente = ctx.encode_cursor([ultima.protocollo, str(ultima.progetto_id)]) if ultima else None
    return Pagina(
        items=[
            RigaDistintaVista(
                riduzione_id=riga.riduzione_id,
                progetto_id=riga.progetto_id,
                protocollo=riga.protocollo,
                contratto_codice=riga.contratto_codice,
                origine=riga.origine,
                confermato=riga.importo_cent,
                stato=riga.stato,
                riferimento=riga.riferimento,
                risposta_il=riga.risposta_il,
            )
            for riga in pagina
        ],
        cursor=seguente,
    )


@api.get(
    "/distinte/{distinta_id}/righe.csv",
    roles=COMUNE,
    owner=della_distinta,
    summary="Scarica le righe di una distinta",
    description="Tutte le riduzioni confermate in CSV (UTF-8, virgola), per la ragioneria.",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def scarica_righe_distinta(distinta_id: UUID, ctx: Ctx) -> Response:
    """Download the lines of a Distinta."""
    righe = await distinte.righe_della_distinta(
        ctx.session, distinta_id, principal=ctx.principal, dopo=None, limite=None
    )
    contenuto = csv_file(
        ("protocollo", "contratto", "origine", "confermato", "riferimento", "risposta"),
        [
            (
                riga.protocollo,
                riga.contratto_codice,
                riga.origine,
                format_cents(riga.importo_cent),
                riga.riferimento,
                instant_text(riga.risposta_il) if riga.risposta_il else None,
            )
            for riga in righe
        ],
    )
    return Response(
        contenuto,
        media_type=CSV_MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="distinta.csv"'},
    )


@api.post(
    "/distinte/{distinta_id}/approvazione",
    roles=frozenset({Ruolo.TESORIERE}),
    owner=della_distinta,
    summary="Approva una distinta",
    description="La approva un tesoriere dell'ente che paga, diverso da chi l'ha composta. Poi si paga e si liquida.",
)
async def approva_distinta(distinta_id: UUID, ctx: Ctx) -> DistintaVista:
    """Approve a Distinta."""
    distinta = await distinte.approva_distinta(ctx.session, distinta_id, principal=ctx.principal, now=ctx.now)
    ctx.set_etag(distinta.versione)
    return _distinta(distinta)


@api.post(
    "/distinte/{distinta_id}/liquidazione",
    roles=COMUNE,
    owner=della_distinta,
    summary="Liquida una distinta",
    description="Con il mandato di pagamento, o con la scrittura interna se il Comune che paga è il proprietario.",
)
async def liquida_distinta(distinta_id: UUID, corpo: LiquidazioneNuova, ctx: Ctx) -> DistintaVista:
    """Settle a Distinta."""
    distinta = await distinte.liquida_distinta(
        ctx.session, distinta_id, atto=corpo.atto, principal=ctx.principal, now=ctx.now
    )
    ctx.set_etag(distinta.versione)
    return _distinta(distinta)


@api.post(
    "/distinte/{distinta_id}/annullamento",
    roles=COMUNE,
    owner=della_distinta,
    summary="Annulla una distinta",
    description=(
        "Finché non è liquidata: le sue righe tornano libere per un'altra distinta. Se il pagamento è già disposto, la "
        "annulla un tesoriere diverso da chi lo ha disposto, con il riferimento del rifiuto della banca."
    ),
)
async def annulla_distinta(distinta_id: UUID, corpo: AnnullamentoNuovo, ctx: Ctx) -> DistintaVista:
    """Cancel a Distinta."""
    distinta = await distinte.annulla_distinta(
        ctx.session,
        distinta_id,
        motivo=corpo.motivo,
        rifiuto=corpo.rifiuto_banca,
        principal=ctx.principal,
        now=ctx.now,
    )
    ctx.set_etag(distinta.versione)
    return _distinta(distinta)


@api.post(
    "/distinte/{distinta_id}/pagamento",
    roles=frozenset({Ruolo.TESORIERE}),
    owner=della_distinta,
    status_code=201,
    summary="Dispone il pagamento di una distinta",
    description=(
        "Congela importo e coordinate e prepara il file per la banca (pain.001). Non serve dove il Comune paga "
        "se stesso, né a chi paga con un mandato della propria contabilità."
    ),
)
async def disponi_pagamento(distinta_id: UUID, corpo: PagamentoNuovo, ctx: Ctx) -> PagamentoVista:
    """Order the payment of a Distinta."""
    await pagamenti.disponi_pagamento(
        ctx.session, distinta_id, esecuzione=corpo.esecuzione, principal=ctx.principal, now=ctx.now
    )
    return _pagamento(await pagamenti.leggi_pagamento(ctx.session, distinta_id, principal=ctx.principal))


@api.get(
    "/distinte/{distinta_id}/pagamento",
    roles=COMUNE,
    owner=della_distinta,
    summary="Legge il pagamento di una distinta",
    description="Importo, giorno, coordinate e impronta del file.",
)
async def leggi_pagamento(distinta_id: UUID, ctx: Ctx) -> PagamentoVista:
    """Read the payment order of a Distinta."""
    return _pagamento(await pagamenti.leggi_pagamento(ctx.session, distinta_id, principal=ctx.principal))


@api.get(
    "/distinte/{distinta_id}/pagamento.xml",
    roles=frozenset({Ruolo.TESORIERE}),
    owner=della_distinta,
    summary="Scarica il file per la banca",
    description="Bonifico SEPA, pain.001.001.09: sempre gli stessi byte. Di una distinta annullata non si dà.",
    response_class=Response,
    responses=file_responses(XML_MEDIA_TYPE, "Il file per la banca"),
)
async def scarica_pagamento(distinta_id: UUID, ctx: Ctx) -> Response:
    """Download the bank's file."""
    contenuto = await pagamenti.file_del_pagamento(ctx.session, distinta_id, principal=ctx.principal)
    return file_response(contenuto, f"distinta-{distinta_id}.xml", XML_MEDIA_TYPE)


def _pagamento(pagamento: Pagamento) -> PagamentoVista:
    return PagamentoVista(
        pagamento_id=pagamento.pagamento_id,
        distinta_id=pagamento.distinta_id,
        importo=pagamento.importo_cent,
        esecuzione=pagamento.esecuzione,
        creditore=pagamento.creditore_nome,
        creditore_iban=pagamento.creditore_iban,
        pagatore=pagamento.pagatore_nome,
        pagatore_iban=pagamento.pagatore_iban,
        impronta=pagamento.impronta,
        disposto_il=pagamento.disposto_il,
        disposto_da=pagamento.disposto_da,
    )


def _distinta(distinta: Distinta) -> DistintaVista:
    return DistintaVista(
        distinta_id=distinta.distinta_id,
        versione=distinta.versione,
        ente_proprietario=distinta.ente_proprietario,
        periodo=distinta.periodo,
        progetto_id=distinta.progetto_id,
        stato=distinta.stato,
        modo=distinta.modo,
        righe=distinta.righe,
        totale=distinta.totale_cent,
        totale_punti=distinta.punti_cent,
        totale_quote=distinta.quote_cent,
        composta_il=distinta.composta_il,
        composta_da=distinta.composta_da,
        approvata_il=distinta.approvata_il,
        approvata_da=distinta.approvata_da,
        liquidata_il=distinta.liquidata_il,
        liquidata_da=distinta.liquidata_da,
        atto=distinta.atto,
        ente_pagatore=distinta.ente_pagatore,
        annullata_il=distinta.annullata_il,
        annullata_da=distinta.annullata_da,
        motivo=distinta.motivo,
    )
