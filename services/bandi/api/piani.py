"""CUP and plans of projects: asked for by the lead, approved by the office, published."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import PUBLIC, Api, Ctx
from services.bandi.api.parametri import Numero
from services.bandi.api.ufficio import (
    CAPOFILA,
    UFFICIO,
    del_capofila_del_progetto,
    del_capofila_o_del_promotore,
    del_promotore_del_progetto,
)
from services.bandi.schemas.bando import Atto
from services.bandi.schemas.piano import (
    ConfrontoPiani,
    CupNuovo,
    PianiVista,
    PianoVista,
    RigettoRimodulazione,
    RimodulazioneNuova,
    RimodulazioneVista,
    RimodulazioniVista,
)
from services.bandi.schemas.progetto import ProgettoDettaglio
from services.bandi.service import piani as service

api = Api("bandi", tag="Piani", description="CUP, piani approvati e rimodulazioni dei progetti.")


@api.post(
    "/progetti/{progetto_id}/cup",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Registra il CUP di un progetto",
    description="Due progetti finanziati non hanno lo stesso CUP. Un nuovo CUP corregge il precedente.",
)
async def registra_cup(progetto_id: UUID, corpo: CupNuovo, ctx: Ctx) -> ProgettoDettaglio:
    """Give a project its CUP."""
    return await service.registra_cup(
        ctx.session, progetto_id, cup=corpo.cup, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/rimodulazioni",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    status_code=201,
    summary="Chiede un piano, o un altro piano, per un progetto",
    description=(
        "Attivita', risultati attesi e quote di ogni ente. Le quote di una linea sommate fanno cio' che le e' ammesso; "
        "nessuna scende sotto cio' che e' gia' stato pagato. Tutti i difetti sono elencati insieme."
    ),
)
async def chiedi_rimodulazione(progetto_id: UUID, corpo: RimodulazioneNuova, ctx: Ctx) -> RimodulazioneVista:
    """Ask for a plan."""
    return await service.chiedi_rimodulazione(
        ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/progetti/{progetto_id}/rimodulazioni",
    roles=CAPOFILA | UFFICIO,
    owner=del_capofila_o_del_promotore,
    summary="Elenca le rimodulazioni chieste per un progetto",
)
async def elenco_rimodulazioni(progetto_id: UUID, ctx: Ctx) -> RimodulazioniVista:
    """List the requests."""
    return await service.elenco_rimodulazioni(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/rimodulazioni/{numero}/approvazione",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Approva una rimodulazione con il suo atto",
    description="Nasce il piano successivo, che non si modifica piu'; le quote degli enti si ridisegnano su di esso.",
)
async def approva_rimodulazione(progetto_id: UUID, numero: Numero, corpo: Atto, ctx: Ctx) -> PianoVista:
    """Approve a request."""
    return await service.approva_rimodulazione(
        ctx.session, progetto_id, numero, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/progetti/{progetto_id}/rimodulazioni/{numero}/rigetto",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    summary="Respinge una rimodulazione con il suo motivo",
)
async def respingi_rimodulazione(
    progetto_id: UUID, numero: Numero, corpo: RigettoRimodulazione, ctx: Ctx
) -> RimodulazioneVista:
    """Reject a request."""
    return await service.respingi_rimodulazione(
        ctx.session,
        progetto_id,
        numero,
        atto=corpo.atto,
        motivo=corpo.motivo,
        autore=ctx.principal.subject,
        now=ctx.now,
    )


@api.post(
    "/progetti/{progetto_id}/rimodulazioni/{numero}/ritiro",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    summary="Ritira una rimodulazione non ancora decisa",
)
async def ritira_rimodulazione(progetto_id: UUID, numero: Numero, ctx: Ctx) -> RimodulazioneVista:
    """Take a request back."""
    return await service.ritira_rimodulazione(
        ctx.session, progetto_id, numero, autore=ctx.principal.subject, now=ctx.now
    )


@api.get("/progetti/{progetto_id}/piani", roles=PUBLIC, summary="Elenca i piani approvati di un progetto")
async def elenco_piani(progetto_id: UUID, ctx: Ctx) -> PianiVista:
    """List the approved plans."""
    return await service.elenco_piani(ctx.session, progetto_id)


@api.get("/progetti/{progetto_id}/piani/{numero}", roles=PUBLIC, summary="Legge un piano approvato")
async def leggi_piano(progetto_id: UUID, numero: Numero, ctx: Ctx) -> PianoVista:
    """Return an approved plan."""
    return await service.leggi_piano(ctx.session, progetto_id, numero)


@api.get(
    "/progetti/{progetto_id}/piani/{numero}/confronto",
    roles=PUBLIC,
    summary="Confronta un piano approvato con uno precedente",
    description="Che cosa cambia, voce per voce: quote, attivita', risultati attesi.",
)
async def confronta_piani(
    progetto_id: UUID,
    numero: Numero,
    con: Annotated[int, Query(ge=1, le=2_000_000_000, description="Il piano da cui si parte")],
    ctx: Ctx,
) -> ConfrontoPiani:
    """Compare two plans."""
    return await service.confronta_piani(ctx.session, progetto_id, prima=con, dopo=numero)
