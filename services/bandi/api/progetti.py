"""Projects and their money: acts by the office, reading by everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.bandi.api.parametri import AzioneCercata, CodiceBando, CodiceCercato, EnteCercato, TestoCercato
from services.bandi.api.ufficio import UFFICIO, del_capofila_o_del_promotore, del_promotore_del_progetto
from services.bandi.queries.progetti import FiltriProgetti
from services.bandi.rules.progetto import StatoProgetto
from services.bandi.schemas.bando import Atto
from services.bandi.schemas.domanda import PrenotazioneVista
from services.bandi.schemas.progetto import (
    AvanzamentoBando,
    AvvioNuovo,
    MovimentoNuovo,
    MovimentoVista,
    ProgettoDettaglio,
    ProgettoVoce,
    ProrogaNuova,
    RecuperoNuovo,
    RevocaNuova,
    RinunciaNuova,
)
from services.bandi.service import letture
from services.bandi.service import progetti as service

api = Api("bandi", tag="Progetti", description="Progetti finanziati e il loro denaro: dal programmato all'erogato.")


@api.get(
    "/progetti",
    roles=PUBLIC,
    summary="Elenca i progetti finanziati",
    description="In ordine di codice, con il loro denaro per linea.",
)
async def elenco_progetti(
    ctx: Ctx,
    bando: CodiceCercato = None,
    capofila: EnteCercato = None,
    comune: TestoCercato = None,
    azione: AzioneCercata = None,
    stato: Annotated[StatoProgetto | None, Query(description="Solo i progetti in questo stato")] = None,
    limit: Limit = 100,
    cursor: CursorParam = None,
) -> Pagina[ProgettoVoce]:
    """List projects."""
    key = ctx.decode_cursor(cursor, 1)
    filtri = FiltriProgetti(bando, capofila, comune, azione, stato)
    found = await letture.elenco_progetti(ctx.session, filtri, dopo=str(key[0]) if key else None, quanti=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([page[-1].codice]) if more else None)


@api.get("/progetti/{progetto_id}", roles=PUBLIC, summary="Legge un progetto")
async def leggi_progetto(progetto_id: UUID, ctx: Ctx) -> ProgettoDettaglio:
    """Return a project."""
    progetto = await letture.leggi_progetto(ctx.session, progetto_id)
    ctx.set_etag(progetto.versione)
    return progetto


@api.get(
    "/progetti/{progetto_id}/movimenti",
    roles=PUBLIC,
    summary="Elenca gli atti su un progetto",
    description="Finanziamento, impegni, avvio, pagamenti, proroghe, rinuncia, conclusione.",
)
async def elenco_movimenti(
    progetto_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[MovimentoVista]:
    """List the acts on a project."""
    key = ctx.decode_cursor(cursor, 1)
    found = await letture.elenco_movimenti(ctx.session, progetto_id, dopo=int(key[0]) if key else 0, quanti=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([page[-1].numero]) if more else None)


@api.post(
    "/progetti/{progetto_id}/impegni",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Impegna giuridicamente denaro di un progetto",
    description="Mai oltre l'ammesso di ogni linea.",
)
async def impegna_progetto(progetto_id: UUID, corpo: MovimentoNuovo, ctx: Ctx) -> ProgettoDettaglio:
    """Commit money."""
    return await service.impegna_progetto(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/progetti/{progetto_id}/avvio",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Registra l'avvio di un progetto",
    description="La fine segue dalla durata presentata e dal termine ultimo del bando.",
)
async def avvia_progetto(progetto_id: UUID, corpo: AvvioNuovo, ctx: Ctx) -> ProgettoDettaglio:
    """Declare the start of a project."""
    return await service.avvia_progetto(
        ctx.session, progetto_id, inizio=corpo.inizio, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/pagamenti",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Registra un pagamento di denaro impegnato",
    description="Mai prima dell'impegno, mai oltre cio' che ne resta.",
)
async def paga_progetto(progetto_id: UUID, corpo: MovimentoNuovo, ctx: Ctx) -> ProgettoDettaglio:
    """Record a payment."""
    return await service.paga_progetto(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/progetti/{progetto_id}/proroghe",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Proroga la fine di un progetto",
    description="Entro la durata massima e il termine ultimo del bando in vigore.",
)
async def proroga_progetto(progetto_id: UUID, corpo: ProrogaNuova, ctx: Ctx) -> ProgettoDettaglio:
    """Move the end of a project."""
    return await service.proroga_progetto(
        ctx.session, progetto_id, fine=corpo.fine, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/rinuncia",
    roles=UFFICIO | {Ruolo.PROPONENTE},
    owner=del_capofila_o_del_promotore,
    summary="Rinuncia al finanziamento di un progetto mai pagato",
    description="Il denaro torna al bando e serve a uno scorrimento.",
)
async def rinuncia_progetto(progetto_id: UUID, corpo: RinunciaNuova, ctx: Ctx) -> ProgettoDettaglio:
    """Renounce a project."""
    return await service.rinuncia_progetto(
        ctx.session, progetto_id, atto=corpo.atto, motivo=corpo.motivo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/conclusione",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Conclude un progetto",
    description="Cio' che non e' stato pagato diventa economia e torna al bando.",
)
async def concludi_progetto(progetto_id: UUID, corpo: Atto, ctx: Ctx) -> ProgettoDettaglio:
    """Close the accounts of a project."""
    return await service.concludi_progetto(
        ctx.session, progetto_id, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/revoca",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Revoca il finanziamento di un progetto",
    description="Cio' che non e' stato pagato torna al bando; cio' che e' stato pagato si recupera.",
)
async def revoca_progetto(progetto_id: UUID, corpo: RevocaNuova, ctx: Ctx) -> ProgettoDettaglio:
    """Revoke a project."""
    return await service.revoca_progetto(
        ctx.session, progetto_id, atto=corpo.atto, motivo=corpo.motivo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/recuperi",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Registra il recupero di denaro pagato a un progetto finito",
    description="Mai piu' di quanto e' stato pagato; il denaro torna al bando.",
)
async def recupera_dal_progetto(progetto_id: UUID, corpo: RecuperoNuovo, ctx: Ctx) -> ProgettoDettaglio:
    """Record money given back."""
    return await service.recupera_dal_progetto(
        ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/bandi/{codice}/avanzamento",
    roles=PUBLIC,
    summary="Legge il denaro di un bando, per linea e in tutto",
    description="Programmato, ammesso, impegnato, erogato: ognuno non supera mai il precedente.",
)
async def avanzamento_bando(codice: CodiceBando, ctx: Ctx) -> AvanzamentoBando:
    """Return the money of a call."""
    return await letture.avanzamento_bando(ctx.session, codice)


@api.get(
    "/bandi/{codice}/sportello",
    roles=PUBLIC,
    summary="Elenca le domande di un bando a sportello",
    description="In ordine di protocollo: chi ha i fondi, chi attende e con quale numero.",
)
async def elenco_sportello(
    codice: CodiceBando, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[PrenotazioneVista]:
    """List the applications of a rolling call."""
    key = ctx.decode_cursor(cursor, 1)
    found = await letture.elenco_sportello(ctx.session, codice, dopo=int(key[0]) if key else 0, quante=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([page[-1].protocollo]) if more else None)
