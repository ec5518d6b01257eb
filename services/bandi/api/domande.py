"""Applications: written by their lead, decided on by the office, scored by the commission."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.http.files import PDF_MEDIA_TYPE, file_response, file_responses, pdf_response
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.bandi.api.parametri import CodiceBando
from services.bandi.api.ufficio import UFFICIO, del_promotore_della_domanda
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.schemas.domanda import (
    ContenutoDomanda,
    DomandaDettaglio,
    DomandaNuova,
    DomandaVoce,
    IstruttoriaNuova,
    IstruttoriaVista,
    RicevutaDomanda,
    RitiroDomanda,
    SchedaNuova,
    SchedaVista,
    SchedeDomanda,
    VerificaDomanda,
)
from services.bandi.schemas.graduatoria import Spiegazione
from services.bandi.service import domande as service
from services.bandi.service import istruttorie, permessi, presentazioni, pubblicate

api = Api("bandi", tag="Domande", description="Domande: bozza, verifica, protocollo, istruttoria, valutazione.")
PRESENTAZIONI_INSIEME = 4
PROPONENTE = frozenset({Ruolo.PROPONENTE})
COMMISSARIO = frozenset({Ruolo.COMMISSARIO})
ESAME = UFFICIO | COMMISSARIO
LETTORI = permessi.PARTECIPANTI | ESAME


async def del_capofila(domanda_id: UUID, ctx: Ctx) -> None:
    """Only who acts for the lead of the application."""
    await permessi.controlla_capofila_chiamante(ctx.session, domanda_id, ctx.principal)


async def di_chi_la_legge(domanda_id: UUID, ctx: Ctx) -> None:
    """The lead and the partners, the office once it is presented, its commission then."""
    await permessi.controlla_lettore(ctx.session, domanda_id, ctx.principal)


async def della_commissione(domanda_id: UUID, ctx: Ctx) -> None:
    """Only the commissioners of the application's call."""
    await permessi.controlla_commissario(ctx.session, domanda_id, ctx.principal)


async def di_chi_esamina(domanda_id: UUID, ctx: Ctx) -> None:
    """The office, or the commissioners, of the application's call."""
    await permessi.controlla_esaminatore(ctx.session, domanda_id, ctx.principal)


async def del_bando_esaminato(codice: CodiceBando, ctx: Ctx) -> None:
    """The office, or the commissioners, of the call."""
    await permessi.controlla_esaminatore_del_bando(ctx.session, codice, ctx.principal)


@api.post(
    "/domande",
    roles=PROPONENTE,
    status_code=201,
    summary="Apre una domanda in bozza",
    description="Il capofila e' l'ente indicato dal token. La bozza puo' essere incompleta.",
)
async def crea_domanda(corpo: DomandaNuova, ctx: Ctx) -> DomandaDettaglio:
    """Open a draft."""
    ente = permessi.ente_di(ctx.principal)
    domanda = await service.crea_domanda(ctx.session, corpo, ente=ente, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(domanda.versione)
    return domanda


@api.get("/domande", roles=PROPONENTE, summary="Elenca le domande dell'ente di chi chiama")
async def elenco_domande(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[DomandaVoce]:
    """List the applications of the caller's organisation."""
    key = ctx.decode_cursor(cursor, 1)
    ente = permessi.ente_di(ctx.principal)
    found = await service.elenco_domande(ctx.session, ente, dopo=UUID(key[0]) if key else None, quante=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([str(page[-1].domanda_id)]) if more else None)


@api.get(
    "/bandi/{codice}/domande",
    roles=ESAME,
    owner=del_bando_esaminato,
    summary="Elenca le domande presentate a un bando",
    description="In ordine di protocollo.",
)
async def elenco_domande_del_bando(
    codice: CodiceBando,
    ctx: Ctx,
    stato: Annotated[StatoDomanda | None, Query(description="Solo le domande in questo stato")] = None,
    limit: Limit = 100,
    cursor: CursorParam = None,
) -> Pagina[DomandaVoce]:
    """List the presented applications of a call."""
    key = ctx.decode_cursor(cursor, 1)
    found = await service.elenco_domande_del_bando(
        ctx.session,
        codice,
        chi=ctx.principal.subject,
        stato=stato,
        dopo=int(key[0]) if key else None,
        quante=limit + 1,
    )
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([page[-1].protocollo]) if more else None)


@api.get("/domande/{domanda_id}", roles=LETTORI, owner=di_chi_la_legge, summary="Legge una domanda")
async def leggi_domanda(domanda_id: UUID, ctx: Ctx) -> DomandaDettaglio:
    """Return an application."""
    domanda = await service.leggi_domanda(ctx.session, domanda_id)
    ctx.set_etag(domanda.versione)
    return domanda


@api.put(
    "/domande/{domanda_id}/contenuto",
    roles=PROPONENTE,
    owner=del_capofila,
    summary="Salva il contenuto di una bozza",
    description="Con l'ETag letto in If-Match; una domanda presentata non si modifica.",
)
async def modifica_domanda(domanda_id: UUID, corpo: ContenutoDomanda, ctx: Ctx) -> DomandaDettaglio:
    """Replace what a draft says."""
    locked = await service.bozza_bloccata(ctx.session, domanda_id)
    ctx.require_match(locked.versione)
    domanda = await service.modifica_domanda(ctx.session, locked, corpo, now=ctx.now)
    ctx.set_etag(domanda.versione)
    return domanda


@api.get(
    "/domande/{domanda_id}/verifica",
    roles=PROPONENTE,
    owner=del_capofila,
    summary="Prova la presentazione senza effetti",
    description="Elenca tutti i difetti insieme, per campo.",
)
async def verifica_domanda(domanda_id: UUID, ctx: Ctx) -> VerificaDomanda:
    """List every defect of a draft."""
    return await presentazioni.verifica_domanda(ctx.session, domanda_id, now=ctx.now)


@api.post(
    "/domande/{domanda_id}/presentazione",
    roles=PROPONENTE,
    owner=del_capofila,
    at_once=PRESENTAZIONI_INSIEME,
    summary="Presenta una domanda",
    description=(
        "Assegna il protocollo, senza buchi e in ordine. L'arrivo della richiesta decide il rispetto del termine: "
        "l'ultimo istante e' compreso."
    ),
)
async def presenta_domanda(domanda_id: UUID, ctx: Ctx) -> RicevutaDomanda:
    """Present a draft."""
    return await presentazioni.presenta_domanda(ctx.session, domanda_id, now=ctx.now)


@api.get(
    "/domande/{domanda_id}/ricevuta",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Legge la ricevuta di una domanda presentata",
)
async def leggi_ricevuta(domanda_id: UUID, ctx: Ctx) -> RicevutaDomanda:
    """Return the receipt of a presented application."""
    return await presentazioni.leggi_ricevuta(ctx.session, domanda_id)


@api.get(
    "/domande/{domanda_id}/ricevuta/pdf",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Scarica la ricevuta di una domanda presentata",
    description="PDF/A con protocollo, istanti e impronta di cio' che e' stato presentato; sempre gli stessi byte.",
    responses=file_responses(PDF_MEDIA_TYPE, "La ricevuta"),
    response_class=Response,
)
async def ricevuta_pdf(domanda_id: UUID, ctx: Ctx) -> Response:
    """Return the receipt as a document."""
    content, name = await presentazioni.ricevuta_pdf(ctx.session, domanda_id)
    return pdf_response(content, name)


@api.get(
    "/domande/{domanda_id}/presentata",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Scarica il testo presentato, quello di cui la ricevuta porta l'impronta",
    description="JSON canonico: contenuto, adesioni, nomi e impronte dei documenti. Il suo SHA-256 e' l'impronta.",
    responses=file_responses("application/octet-stream", "I byte esatti"),
    response_class=Response,
)
async def leggi_presentata(domanda_id: UUID, ctx: Ctx) -> Response:
    """Return the bytes that were hashed."""
    content = await presentazioni.leggi_presentata(ctx.session, domanda_id)
    return file_response(content, f"domanda-{domanda_id}.json", "application/octet-stream")


@api.post(
    "/domande/{domanda_id}/ritiro",
    roles=PROPONENTE,
    owner=del_capofila,
    summary="Ritira una domanda presentata e non finanziata",
)
async def ritira_domanda(domanda_id: UUID, corpo: RitiroDomanda, ctx: Ctx) -> DomandaDettaglio:
    """Withdraw an application."""
    return await service.ritira_domanda(ctx.session, domanda_id, motivo=corpo.motivo, now=ctx.now)


@api.post(
    "/domande/{domanda_id}/sostituzione",
    roles=PROPONENTE,
    owner=del_capofila,
    status_code=201,
    summary="Apre la bozza che sostituira' una domanda presentata",
    description="La domanda di prima resta valida finche' la nuova non e' presentata, con un nuovo protocollo.",
)
async def sostituisci_domanda(domanda_id: UUID, ctx: Ctx) -> DomandaDettaglio:
    """Open a replacement."""
    domanda = await service.sostituisci_domanda(ctx.session, domanda_id, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(domanda.versione)
    return domanda


@api.post(
    "/domande/{domanda_id}/istruttoria",
    roles=UFFICIO,
    owner=del_promotore_della_domanda,
    status_code=201,
    summary="Decide l'ammissibilita' di una domanda",
    description="Chi non e' ammesso riceve i motivi; le premialita' verificate si indicano qui.",
)
async def decidi_ammissibilita(domanda_id: UUID, corpo: IstruttoriaNuova, ctx: Ctx) -> IstruttoriaVista:
    """Record the office's decision."""
    return await istruttorie.decidi_ammissibilita(
        ctx.session, domanda_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/domande/{domanda_id}/schede",
    roles=COMMISSARIO,
    owner=della_commissione,
    status_code=201,
    summary="Firma la scheda di valutazione di una domanda",
    description="Un punteggio per ogni criterio; una scheda firmata non si cambia.",
)
async def firma_scheda(domanda_id: UUID, corpo: SchedaNuova, ctx: Ctx) -> SchedaVista:
    """Record a signed sheet."""
    return await istruttorie.firma_scheda(
        ctx.session, domanda_id, corpo, commissario=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/domande/{domanda_id}/schede",
    roles=ESAME,
    owner=di_chi_esamina,
    summary="Elenca le schede firmate di una domanda",
)
async def elenco_schede(domanda_id: UUID, ctx: Ctx) -> SchedeDomanda:
    """List the signed sheets of an application."""
    return await istruttorie.elenco_schede(ctx.session, domanda_id)


@api.get(
    "/domande/{domanda_id}/spiegazione",
    roles=LETTORI,
    owner=di_chi_la_legge,
    summary="Spiega l'esito di una domanda",
    description="Perche' quel posto, perche' non finanziata, perche' non ammessa: regola per regola.",
)
async def spiega_domanda(domanda_id: UUID, ctx: Ctx) -> Spiegazione:
    """Explain an application."""
    return await pubblicate.spiega_domanda(ctx.session, domanda_id)
