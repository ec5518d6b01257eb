"""Expenses and final account of projects, and their whole waterfall."""

from uuid import UUID

from chassis.http import PUBLIC, Api, Ctx
from chassis.types import Pagina
from services.bandi.api.parametri import Numero
from services.bandi.api.ufficio import (
    CAPOFILA,
    UFFICIO,
    del_capofila_del_progetto,
    del_capofila_o_del_promotore,
    del_promotore_del_progetto,
)
from services.bandi.schemas.bando import Atto
from services.bandi.schemas.spesa import (
    AvanzamentoProgetto,
    DichiarazioneNuova,
    DichiarazioneVista,
    DichiarazioneVoce,
    EsameNuovo,
    RendicontoNuovo,
    RendicontoVista,
    RinvioRendiconto,
)
from services.bandi.service import rendiconti
from services.bandi.service import spese as service

api = Api("bandi", tag="Spese", description="Spese dichiarate e ammesse, rendiconto finale, denaro di un progetto.")


@api.get(
    "/progetti/{progetto_id}/avanzamento",
    roles=PUBLIC,
    summary="Legge il denaro di un progetto, per linea e per ente",
    description="Programmato, ammesso, impegnato, erogato: ognuno non supera mai il precedente. Poi le spese.",
)
async def avanzamento_progetto(progetto_id: UUID, ctx: Ctx) -> AvanzamentoProgetto:
    """Return the money of a project."""
    return await service.avanzamento_progetto(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/spese",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    status_code=201,
    summary="Dichiara le spese di un progetto",
    description="Per linea e per ente, ognuna con il suo documento. Tutti i difetti sono elencati insieme.",
)
async def dichiara_spese(progetto_id: UUID, corpo: DichiarazioneNuova, ctx: Ctx) -> DichiarazioneVista:
    """Declare expenses."""
    return await service.dichiara_spese(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get(
    "/progetti/{progetto_id}/spese",
    roles=CAPOFILA | UFFICIO,
    owner=del_capofila_o_del_promotore,
    summary="Elenca le dichiarazioni di spesa di un progetto",
)
async def elenco_spese(progetto_id: UUID, ctx: Ctx) -> Pagina[DichiarazioneVoce]:
    """List the declarations."""
    return Pagina(items=await service.elenco_spese(ctx.session, progetto_id))


@api.get(
    "/progetti/{progetto_id}/spese/{numero}",
    roles=CAPOFILA | UFFICIO,
    owner=del_capofila_o_del_promotore,
    summary="Legge una dichiarazione di spesa, voce per voce",
)
async def leggi_spese(progetto_id: UUID, numero: Numero, ctx: Ctx) -> DichiarazioneVista:
    """Return a declaration."""
    return await service.leggi_spese(ctx.session, progetto_id, numero)


@api.post(
    "/progetti/{progetto_id}/spese/{numero}/esame",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Esamina una dichiarazione di spesa",
    description="Cio' che non e' fra i tagli e' ammesso per intero; mai piu' del dichiarato ne' della quota dell'ente.",
)
async def esamina_spese(progetto_id: UUID, numero: Numero, corpo: EsameNuovo, ctx: Ctx) -> DichiarazioneVista:
    """Examine a declaration."""
    return await service.esamina_spese(
        ctx.session, progetto_id, numero, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/progetti/{progetto_id}/rendiconto",
    roles=CAPOFILA | UFFICIO,
    owner=del_capofila_o_del_promotore,
    summary="Legge il rendiconto finale di un progetto",
    description="Finche' non e' approvato mostra che cosa spetterebbe oggi, senza effetti.",
)
async def leggi_rendiconto(progetto_id: UUID, ctx: Ctx) -> RendicontoVista:
    """Return the final account."""
    return await rendiconti.leggi_rendiconto(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/rendiconto",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    status_code=201,
    summary="Presenta il rendiconto finale di un progetto",
    description="Quando tutte le dichiarazioni di spesa sono esaminate; poi non se ne presentano altre.",
)
async def presenta_rendiconto(progetto_id: UUID, corpo: RendicontoNuovo, ctx: Ctx) -> RendicontoVista:
    """Present the final account."""
    return await rendiconti.presenta_rendiconto(
        ctx.session, progetto_id, relazione=corpo.relazione, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/rendiconto/approvazione",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Approva il rendiconto finale di un progetto",
    description=(
        "Verifica il cofinanziamento, nella quota e nella parte in denaro. Cio' che non spetta torna al bando; "
        "cio' che e' stato pagato in piu' si recupera dopo la conclusione."
    ),
)
async def approva_rendiconto(progetto_id: UUID, corpo: Atto, ctx: Ctx) -> RendicontoVista:
    """Approve the final account."""
    return await rendiconti.approva_rendiconto(
        ctx.session, progetto_id, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/rendiconto/rinvio",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Rinvia il rendiconto al capofila, con cio' che manca",
)
async def rinvia_rendiconto(progetto_id: UUID, corpo: RinvioRendiconto, ctx: Ctx) -> RendicontoVista:
    """Send the final account back."""
    return await rendiconti.rinvia_rendiconto(
        ctx.session,
        progetto_id,
        atto=corpo.atto,
        motivo=corpo.motivo,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
