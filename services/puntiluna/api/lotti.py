"""The landlords' protocol: signed batches pulled, answered line by line, reconciled."""

from uuid import UUID

from fastapi import Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import del_lotto, della_riconciliazione, ente_di
from services.puntiluna.api.firme import con_digest, controlla_digest
from services.puntiluna.models import Differenza, Lotto, Riconciliazione, Riduzione
from services.puntiluna.rules.riconciliazioni import RigaEnte
from services.puntiluna.rules.riduzioni import RigaRisposta
from services.puntiluna.schemas.debiti import (
    DifferenzaVista,
    EsitoRigaVista,
    EsitoRisposta,
    LottoCorrente,
    LottoVista,
    LottoVoce,
    RiconciliazioneNuova,
    RiconciliazioneVista,
    RigaLottoVista,
    RispostaNuova,
)
from services.puntiluna.service import lotti, riconciliazioni
from services.puntiluna.service.lotti import RispostaRicevuta

api = Api(
    "puntiluna",
    tag="Proprietari",
    description="Per i sistemi di ALER e Comuni: lotti firmati di riduzioni, risposte, riconciliazione.",
)
ENTE = frozenset({Ruolo.ENTE_PROPRIETARIO})


@api.post(
    "/lotti",
    roles=ENTE,
    summary="Preleva il lotto di riduzioni",
    description=(
        "Al massimo 1.000 righe, congelate: la stessa chiamata dà lo stesso lotto finché ogni riga ha la sua risposta "
        "o è scaduta, poi il seguente. `lotto` è assente quando nulla attende. `firma` è un JWS del lotto congelato, "
        "`Content-Digest` (RFC 9530) l'impronta di questa risposta."
    ),
    response_model=LottoCorrente,
)
async def preleva_lotto(ctx: Ctx) -> Response:
    """Pull the batch to answer."""
    trovato = await lotti.preleva_lotto(ctx.session, ente_di(ctx), now=ctx.now)
    return con_digest(LottoCorrente(lotto=_lotto(*trovato) if trovato else None))


@api.get("/lotti", roles=ENTE, summary="Elenca i propri lotti", description="Dal più recente, senza le righe.")
async def elenca_lotti(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[LottoVoce]:
    """List the landlord's batches."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovati = await lotti.elenca_lotti(ctx.session, ente_di(ctx), dopo=chiave[0] if chiave else None, limite=limit + 1)
    pagina = trovati[:limit]
    seguente = ctx.encode_cursor([pagina[-1].numero]) if len(trovati) > limit else None
    return Pagina(items=[LottoVoce(**_voce(lotto)) for lotto in pagina], cursor=seguente)


@api.get(
    "/lotti/{lotto_id}",
    roles=ENTE,
    owner=del_lotto,
    summary="Legge un proprio lotto",
    description="Con le righe e lo stato di ciascuna, la firma e il `Content-Digest`.",
    response_model=LottoVista,
)
async def leggi_lotto(lotto_id: UUID, ctx: Ctx) -> Response:
    """Read a batch of the landlord."""
    return con_digest(_lotto(*await lotti.leggi_lotto(ctx.session, ente_di(ctx), lotto_id)))


@api.post(
    "/lotti/{lotto_id}/risposte",
    roles=ENTE,
    owner=del_lotto,
    summary="Risponde alle righe di un lotto",
    description=(
        "Riga per riga: `confermata`, `parziale` con l'importo, `respinta` con il motivo (i punti ritornano al "
        "nucleo). Vale la prima risposta; le ripetute non hanno effetto, le contraddittorie e le tardive sono "
        "conservate e segnalate nell'esito. Con `impronta` o `Content-Digest` una risposta a un altro lotto, o "
        "cambiata per via, è rifiutata e annotata."
    ),
)
async def rispondi_lotto(lotto_id: UUID, corpo: RispostaNuova, ctx: Ctx) -> EsitoRisposta:
    """Answer the lines of a batch."""
    await controlla_digest(ctx)
    lotto, esiti = await lotti.rispondi_lotto(
        ctx.session,
        ente_di(ctx),
        lotto_id,
        [
            RispostaRicevuta(
                RigaRisposta(riga.protocollo, riga.esito, riga.importo, riga.motivo), riga.nota, riga.riferimento
            )
            for riga in corpo.righe
        ],
        impronta=corpo.impronta,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return EsitoRisposta(
        lotto_id=lotto.lotto_id,
        stato=lotto.stato,
        righe=[EsitoRigaVista(protocollo=esito.protocollo, esito=esito.esito) for esito in esiti],
    )


@api.post(
    "/riconciliazioni",
    roles=ENTE,
    status_code=201,
    summary="Riconcilia i registri",
    description=(
        "L'ente invia ciò che ha registrato in un periodo: la piattaforma elenca ogni differenza con l'atto che la "
        "comporrebbe. Nulla cambia da solo."
    ),
)
async def riconcilia(corpo: RiconciliazioneNuova, ctx: Ctx) -> RiconciliazioneVista:
    """Hold the landlord's record against the platform's."""
    await controlla_digest(ctx)
    riconciliazione, _ = await riconciliazioni.riconcilia(
        ctx.session,
        ente_di(ctx),
        dal=corpo.dal,
        al=corpo.al,
        righe=[RigaEnte(riga.protocollo, riga.contratto_codice, riga.importo) for riga in corpo.righe],
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _riconciliazione(riconciliazione)


@api.get(
    "/riconciliazioni",
    roles=ENTE,
    summary="Elenca le proprie riconciliazioni",
    description="Dalla più recente.",
)
async def elenca_riconciliazioni(
    ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None
) -> Pagina[RiconciliazioneVista]:
    """List the landlord's reconciliations."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await riconciliazioni.elenca_riconciliazioni(
        ctx.session, ente_di(ctx), dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].riconciliazione_id)]) if len(trovate) > limit else None
    return Pagina(items=[_riconciliazione(una) for una in pagina], cursor=seguente)


@api.get(
    "/riconciliazioni/{riconciliazione_id}/differenze",
    roles=ENTE,
    owner=della_riconciliazione,
    summary="Elenca le differenze di una riconciliazione",
    description="Per protocollo, ciascuna con l'atto proposto.",
)
async def elenca_differenze(
    riconciliazione_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[DifferenzaVista]:
    """List the differences of a reconciliation."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await riconciliazioni.elenca_differenze(
        ctx.session, ente_di(ctx), riconciliazione_id, dopo=chiave[0] if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([pagina[-1].posto]) if len(trovate) > limit else None
    return Pagina(items=[_differenza(una) for una in pagina], cursor=seguente)


def _riconciliazione(una: Riconciliazione) -> RiconciliazioneVista:
    return RiconciliazioneVista(
        riconciliazione_id=una.riconciliazione_id,
        ente_proprietario=una.ente_proprietario,
        dal=una.dal,
        al=una.al,
        righe=una.righe,
        totale_ente=una.totale_ente_cent,
        totale_piattaforma=una.totale_piattaforma_cent,
        concordi=una.concordi,
        differenze=una.differenze,
        ricevuta_il=una.ricevuta_il,
    )


def _differenza(una: Differenza) -> DifferenzaVista:
    return DifferenzaVista(
        protocollo=una.protocollo,
        contratto_codice=una.contratto_codice,
        tipo=una.tipo,
        importo_ente=una.importo_ente_cent,
        importo_piattaforma=una.importo_piattaforma_cent,
        stato=una.stato,
        atto_proposto=una.atto_proposto,
    )


def _voce(lotto: Lotto) -> dict[str, object]:
    return {
        "lotto_id": lotto.lotto_id,
        "ente_proprietario": lotto.ente_proprietario,
        "numero": lotto.numero,
        "stato": lotto.stato,
        "quante": lotto.righe,
        "totale": lotto.totale_cent,
        "firma": lotto.firma,
        "impronta": lotto.impronta,
        "creato_il": lotto.creato_il,
        "chiuso_il": lotto.chiuso_il,
    }


def _lotto(lotto: Lotto, righe: list[Riduzione]) -> LottoVista:
    return LottoVista(
        **_voce(lotto),
        righe=[
            RigaLottoVista(
                protocollo=riga.protocollo,
                contratto_codice=riga.contratto_codice,
                importo=riga.importo_cent,
                stato=riga.stato,
                confermato=riga.confermato_cent,
                scade_il=riga.scade_il,
            )
            for riga in righe
        ],
    )
