"""Calls: drafting and publishing by the office, reading by everybody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.types import Pagina
from services.bandi.api.parametri import AzioneCercata, CodiceBando, TestoCercato
from services.bandi.api.ufficio import UFFICIO, del_promotore
from services.bandi.queries.bandi import FiltriBandi
from services.bandi.rules.bando import CategoriaEnte, Modalita
from services.bandi.schemas.atti import (
    Commissione,
    CommissioneNuova,
    EsitoAffidamento,
    FaseNuova,
    IntegrazioneNuova,
    ProrogaBandoNuova,
)
from services.bandi.schemas.bando import Atto, BandoDettaglio, BandoNuovo, BandoVersioni, BandoVoce, TestataBando
from services.bandi.schemas.progetto import ProgettoDettaglio
from services.bandi.service import affidamenti, fasi, permessi, versioni
from services.bandi.service import bandi as service

api = Api("bandi", tag="Bandi", description="Bandi: regole come dati, versioni, dotazioni, commissioni.")


@api.post(
    "/bandi",
    roles=UFFICIO,
    status_code=201,
    summary="Crea un bando in bozza",
    description=(
        "Chi chiama agisce per l'ente promotore o per l'organismo intermedio delegato. Le regole contraddittorie sono "
        "rifiutate tutte insieme, con il perche' di ognuna."
    ),
)
async def crea_bando(corpo: BandoNuovo, ctx: Ctx) -> BandoDettaglio:
    """Open the draft of a call."""
    ente = permessi.ente_di(ctx.principal)
    bando = await service.crea_bando(ctx.session, corpo, ente=ente, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(bando.versione)
    return bando


@api.get(
    "/bandi",
    roles=PUBLIC,
    summary="Elenca i bandi pubblicati",
    description="Dal piu' recente. `aperti=true` mostra solo quelli che ora ricevono domande.",
)
async def elenco_bandi(
    ctx: Ctx,
    aperti: Annotated[bool, Query(description="Solo i bandi aperti ora")] = False,
    modalita: Annotated[Modalita | None, Query(description="Come il bando sceglie")] = None,
    fondo: TestoCercato = None,
    azione: AzioneCercata = None,
    territorio: TestoCercato = None,
    capofila: Annotated[CategoriaEnte | None, Query(description="Chi puo' essere capofila")] = None,
    limit: Limit = 50,
    cursor: CursorParam = None,
) -> Pagina[BandoVoce]:
    """List published calls."""
    key = ctx.decode_cursor(cursor, 2)
    after = (datetime.fromisoformat(key[0]), UUID(key[1])) if key else None
    filtri = FiltriBandi(ctx.now if aperti else None, modalita, fondo, azione, territorio, capofila)
    found = await service.elenco_bandi(ctx.session, filtri, dopo=after, quanti=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    last = page[-1] if more else None
    key_out = [last.pubblicato_il.isoformat(), str(last.bando_id)] if last and last.pubblicato_il else None
    return Pagina(items=page, cursor=ctx.encode_cursor(key_out) if key_out else None)


@api.get("/bandi/{codice}", roles=PUBLIC, summary="Legge un bando pubblicato con le regole in vigore")
async def leggi_bando(codice: CodiceBando, ctx: Ctx) -> BandoDettaglio:
    """Return a published call."""
    bando = await service.leggi_bando(ctx.session, codice)
    ctx.set_etag(bando.versione)
    return bando


@api.get(
    "/bandi/{codice}/versioni",
    roles=PUBLIC,
    summary="Elenca le versioni di un bando",
    description="Ogni versione ha il suo atto: pubblicazione, integrazione, proroga.",
)
async def elenco_versioni(codice: CodiceBando, ctx: Ctx) -> BandoVersioni:
    """Return the versions of a call."""
    return BandoVersioni(items=await service.elenco_versioni(ctx.session, codice))


@api.get(
    "/bandi/{codice}/bozza",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Legge un bando come lo vede il suo ufficio, anche in bozza",
)
async def leggi_bozza(codice: CodiceBando, ctx: Ctx) -> BandoDettaglio:
    """Return a call, draft or published."""
    bando = await service.leggi_bozza(ctx.session, codice)
    ctx.set_etag(bando.versione)
    return bando


@api.put(
    "/bandi/{codice}/bozza",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Modifica un bando in bozza",
    description="Con l'ETag letto in If-Match; un bando pubblicato cambia solo con un atto.",
)
async def modifica_bozza(codice: CodiceBando, corpo: TestataBando, ctx: Ctx) -> BandoDettaglio:
    """Replace what a draft says."""
    locked = await service.bozza_bloccata(ctx.session, codice)
    ctx.require_match(locked.versione)
    bando = await service.modifica_bozza(locked, corpo, ente=permessi.ente_di(ctx.principal), now=ctx.now)
    ctx.set_etag(bando.versione)
    return bando


@api.post(
    "/bandi/{codice}/pubblicazione", roles=UFFICIO, owner=del_promotore, summary="Pubblica un bando con il suo atto"
)
async def pubblica_bando(codice: CodiceBando, corpo: Atto, ctx: Ctx) -> BandoDettaglio:
    """Publish a draft."""
    return await service.pubblica_bando(ctx.session, codice, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/bandi/{codice}/integrazioni",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Integra la dotazione di una o piu' linee",
    description="Una nuova versione del bando; lo scorrimento e' un atto successivo.",
)
async def integra_bando(codice: CodiceBando, corpo: IntegrazioneNuova, ctx: Ctx) -> BandoDettaglio:
    """Add money to a published call."""
    return await versioni.integra_bando(ctx.session, codice, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/bandi/{codice}/proroghe",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Proroga i termini di un bando pubblicato",
    description="Sposta in avanti la chiusura, la durata massima o il termine ultimo dei progetti.",
)
async def proroga_bando(codice: CodiceBando, corpo: ProrogaBandoNuova, ctx: Ctx) -> BandoDettaglio:
    """Move the terms of a published call forward."""
    return await versioni.proroga_bando(ctx.session, codice, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/bandi/{codice}/fasi",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Apre la fase seguente di un programma",
    description=(
        "Esplorativa, concorsuale, negoziale, attuativa: nell'ordine del bando, dopo la chiusura e le decisioni. La "
        "fase concorsuale apre il bando della seconda fase ai soli ammessi; quella attuativa gli impegni e l'avvio dei "
        "progetti."
    ),
)
async def apri_fase(codice: CodiceBando, corpo: FaseNuova, ctx: Ctx) -> BandoDettaglio:
    """Open the next phase."""
    return await fasi.apri_fase(ctx.session, codice, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/bandi/{codice}/esito",
    roles=UFFICIO,
    owner=del_promotore,
    status_code=201,
    summary="Registra l'esito di un affidamento",
    description="La gara e' svolta altrove: qui restano chi l'ha vinta e il progetto, che nasce con questo atto.",
)
async def registra_esito(codice: CodiceBando, corpo: EsitoAffidamento, ctx: Ctx) -> ProgettoDettaglio:
    """Keep the outcome of a tender."""
    return await affidamenti.registra_esito(ctx.session, codice, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post("/bandi/{codice}/commissione", roles=UFFICIO, owner=del_promotore, summary="Nomina i commissari di un bando")
async def nomina_commissione(codice: CodiceBando, corpo: CommissioneNuova, ctx: Ctx) -> Commissione:
    """Appoint commissioners."""
    return await service.nomina_commissione(ctx.session, codice, corpo, now=ctx.now)
