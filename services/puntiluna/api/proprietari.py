"""The landlords' protocol: debts pushed, batches pulled, answers line by line."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import del_lotto, ente_di
from services.puntiluna.models import Debito, Lotto, Riduzione, Rilevazione
from services.puntiluna.rules.riduzioni import RigaRisposta
from services.puntiluna.schemas.debiti import (
    EsitoRigaVista,
    EsitoRisposta,
    LottoCorrente,
    LottoVista,
    LottoVoce,
    PosizioneVista,
    RigaLottoVista,
    RilevazioneNuova,
    RilevazioneVista,
    RispostaNuova,
)
from services.puntiluna.service import debiti, lotti
from services.puntiluna.service.debiti import RigaDebito
from services.puntiluna.service.lotti import RispostaRicevuta

api = Api(
    "puntiluna",
    tag="Proprietari",
    description="Per i sistemi di ALER e Comuni: posizioni debitorie, lotti di riduzioni, risposte.",
)
ENTE = frozenset({Ruolo.ENTE_PROPRIETARIO})


@api.post(
    "/debiti/rilevazioni",
    roles=ENTE,
    status_code=201,
    summary="Invia le posizioni debitorie",
    description=(
        "Un contratto per riga, importi a un giorno dato: tutta la rilevazione o niente. Una rilevazione più vecchia "
        "dell'ultima è rifiutata; i contratti sconosciuti attendono come non abbinati; in una rilevazione completa un "
        "contratto assente vale «non comunicato», mai zero."
    ),
)
async def registra_rilevazione(corpo: RilevazioneNuova, ctx: Ctx) -> RilevazioneVista:
    """Take up a snapshot of debts."""
    rilevazione = await debiti.registra_rilevazione(
        ctx.session,
        ente_di(ctx),
        tipo=corpo.tipo,
        al_giorno=corpo.al_giorno,
        righe=[RigaDebito(riga.contratto_codice, riga.importo) for riga in corpo.righe],
        now=ctx.now,
    )
    return _rilevazione(rilevazione)


@api.get(
    "/debiti/rilevazioni",
    roles=ENTE,
    summary="Elenca le proprie rilevazioni",
    description="Dalla più recente.",
)
async def elenca_rilevazioni(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[RilevazioneVista]:
    """List the landlord's snapshots."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await debiti.elenca_rilevazioni(
        ctx.session, ente_di(ctx), dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].rilevazione_id)]) if len(trovate) > limit else None
    return Pagina(items=[_rilevazione(rilevazione) for rilevazione in pagina], cursor=seguente)


@api.get(
    "/debiti/non-abbinati",
    roles=ENTE,
    summary="Elenca i contratti non abbinati",
    description="I contratti comunicati dall'ente che nessun nucleo della piattaforma ha.",
)
async def elenca_non_abbinati(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[PosizioneVista]:
    """List the landlord's contracts that no household has."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovati = await debiti.elenca_non_abbinati(
        ctx.session, ente_di(ctx), dopo=chiave[0] if chiave else None, limite=limit + 1
    )
    pagina = trovati[:limit]
    seguente = ctx.encode_cursor([pagina[-1].contratto_codice]) if len(trovati) > limit else None
    return Pagina(items=[_posizione(debito) for debito in pagina], cursor=seguente)


@api.post(
    "/lotti",
    roles=ENTE,
    summary="Preleva il lotto di riduzioni",
    description=(
        "Al massimo 1.000 righe, congelate: la stessa chiamata dà lo stesso lotto finché ogni riga ha la sua risposta "
        "o è scaduta, poi il seguente. `lotto` è assente quando nulla attende."
    ),
)
async def preleva_lotto(ctx: Ctx) -> LottoCorrente:
    """Pull the batch to answer."""
    trovato = await lotti.preleva_lotto(ctx.session, ente_di(ctx), now=ctx.now)
    return LottoCorrente(lotto=_lotto(*trovato) if trovato else None)


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
    description="Con le righe e lo stato di ciascuna.",
)
async def leggi_lotto(lotto_id: UUID, ctx: Ctx) -> LottoVista:
    """Read a batch of the landlord."""
    return _lotto(*await lotti.leggi_lotto(ctx.session, ente_di(ctx), lotto_id))


@api.post(
    "/lotti/{lotto_id}/risposte",
    roles=ENTE,
    owner=del_lotto,
    summary="Risponde alle righe di un lotto",
    description=(
        "Riga per riga: `confermata`, `parziale` con l'importo, `respinta` con il motivo (i punti ritornano al "
        "nucleo). Vale la prima risposta; le ripetute non hanno effetto, le contraddittorie e le tardive sono "
        "conservate e segnalate nell'esito."
    ),
)
async def rispondi_lotto(lotto_id: UUID, corpo: RispostaNuova, ctx: Ctx) -> EsitoRisposta:
    """Answer the lines of a batch."""
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
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return EsitoRisposta(
        lotto_id=lotto.lotto_id,
        stato=lotto.stato,
        righe=[EsitoRigaVista(protocollo=esito.protocollo, esito=esito.esito) for esito in esiti],
    )


def _rilevazione(rilevazione: Rilevazione) -> RilevazioneVista:
    return RilevazioneVista(
        rilevazione_id=rilevazione.rilevazione_id,
        ente_proprietario=rilevazione.ente_proprietario,
        tipo=rilevazione.tipo,
        al_giorno=rilevazione.al_giorno,
        righe=rilevazione.righe,
        totale=rilevazione.totale_cent,
        non_abbinate=rilevazione.non_abbinate,
        non_comunicate=rilevazione.non_comunicate,
        ricevuta_il=rilevazione.ricevuta_il,
    )


def _posizione(debito: Debito) -> PosizioneVista:
    return PosizioneVista(
        contratto_codice=debito.contratto_codice,
        importo=debito.importo_cent,
        al_giorno=debito.al_giorno,
        stato=debito.stato,
    )


def _voce(lotto: Lotto) -> dict[str, object]:
    return {
        "lotto_id": lotto.lotto_id,
        "ente_proprietario": lotto.ente_proprietario,
        "numero": lotto.numero,
        "stato": lotto.stato,
        "quante": lotto.righe,
        "totale": lotto.totale_cent,
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
