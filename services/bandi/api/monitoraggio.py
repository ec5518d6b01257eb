"""What projects report beside their money: works, spaces, dwellings, results, duties."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from chassis.http import PUBLIC, Api, Ctx
from services.bandi.api.ufficio import (
    CAPOFILA,
    UFFICIO,
    del_capofila_del_progetto,
    del_capofila_o_del_promotore,
    del_promotore_del_progetto,
)
from services.bandi.schemas.monitoraggio import (
    AdempimentoNuovo,
    AlloggiNuovi,
    AlloggiProgetto,
    IndicatoriProgetto,
    LavoriNuovi,
    LavoriProgetto,
    LavoriVista,
    ObblighiProgetto,
    ObbligoNuovo,
    ObbligoVista,
    RestituzioneSpazio,
    RisultatoNuovo,
    SpazioNuovo,
    SpazioVista,
    SpaziProgetto,
)
from services.bandi.service import monitoraggio as service

api = Api("bandi", tag="Monitoraggio", description="Lavori, spazi, alloggi, risultati e obblighi dei progetti.")
CHI_RACCONTA = CAPOFILA | UFFICIO
CodiceSpazio = Annotated[
    str, Path(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,63}$", max_length=64, description="Codice dello spazio")
]


@api.post(
    "/progetti/{progetto_id}/lavori",
    roles=CHI_RACCONTA,
    owner=del_capofila_o_del_promotore,
    status_code=201,
    summary="Registra lo stato dei lavori di un blocco",
    description="In percento, in ordine di giorno. Una percentuale piu' bassa corregge la precedente e dice perche'.",
)
async def registra_lavori(progetto_id: UUID, corpo: LavoriNuovi, ctx: Ctx) -> LavoriVista:
    """Record the works of a block."""
    return await service.registra_lavori(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get("/progetti/{progetto_id}/lavori", roles=PUBLIC, summary="Legge lo stato dei lavori di un progetto, per blocco")
async def leggi_lavori(progetto_id: UUID, ctx: Ctx) -> LavoriProgetto:
    """Return the works of a project."""
    return await service.leggi_lavori(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/spazi",
    roles=CHI_RACCONTA,
    owner=del_capofila_o_del_promotore,
    status_code=201,
    summary="Registra uno spazio che il progetto usa",
    description="Con il titolo: proprieta', comodato, concessione, locazione; se e' di altri, con chi lo concede.",
)
async def registra_spazio(progetto_id: UUID, corpo: SpazioNuovo, ctx: Ctx) -> SpazioVista:
    """Record a space."""
    return await service.registra_spazio(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/progetti/{progetto_id}/spazi/{codice}/restituzione",
    roles=CHI_RACCONTA,
    owner=del_capofila_o_del_promotore,
    summary="Registra l'ultimo giorno d'uso di uno spazio",
)
async def restituisci_spazio(
    progetto_id: UUID, codice: CodiceSpazio, corpo: RestituzioneSpazio, ctx: Ctx
) -> SpazioVista:
    """Give a space back."""
    return await service.restituisci_spazio(ctx.session, progetto_id, codice, al=corpo.al)


@api.get("/progetti/{progetto_id}/spazi", roles=PUBLIC, summary="Elenca gli spazi di un progetto")
async def elenco_spazi(progetto_id: UUID, ctx: Ctx) -> SpaziProgetto:
    """List the spaces of a project."""
    return await service.elenco_spazi(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/alloggi",
    roles=CHI_RACCONTA,
    owner=del_capofila_o_del_promotore,
    status_code=201,
    summary="Registra gli alloggi prima e dopo il progetto, per canone",
    description="Un nuovo prospetto sostituisce il precedente. Gli alloggi a canone sociale non diminuiscono.",
)
async def registra_alloggi(progetto_id: UUID, corpo: AlloggiNuovi, ctx: Ctx) -> AlloggiProgetto:
    """Record the dwellings."""
    return await service.registra_alloggi(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get("/progetti/{progetto_id}/alloggi", roles=PUBLIC, summary="Legge gli alloggi prima e dopo il progetto")
async def leggi_alloggi(progetto_id: UUID, ctx: Ctx) -> AlloggiProgetto:
    """Return the dwellings."""
    return await service.leggi_alloggi(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/indicatori",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    status_code=201,
    summary="Registra quanto e' stato raggiunto di un indicatore",
)
async def registra_risultato(progetto_id: UUID, corpo: RisultatoNuovo, ctx: Ctx) -> IndicatoriProgetto:
    """Record a result."""
    return await service.registra_risultato(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.get(
    "/progetti/{progetto_id}/indicatori",
    roles=PUBLIC,
    summary="Legge atteso e raggiunto di ogni indicatore",
    description="Gli indicatori sono quelli del piano in vigore.",
)
async def leggi_indicatori(progetto_id: UUID, ctx: Ctx) -> IndicatoriProgetto:
    """Return targets against results."""
    return await service.leggi_indicatori(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/obblighi",
    roles=UFFICIO,
    owner=del_promotore_del_progetto,
    status_code=201,
    summary="Da' a un progetto un obbligo di disseminazione o di continuita'",
    description="Gli obblighi di disseminazione aperti impediscono la conclusione; quelli di continuita' durano oltre.",
)
async def impone_obbligo(progetto_id: UUID, corpo: ObbligoNuovo, ctx: Ctx) -> ObbligoVista:
    """Give a project a duty."""
    return await service.impone_obbligo(ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/progetti/{progetto_id}/obblighi/{obbligo_id}/adempimento",
    roles=CAPOFILA,
    owner=del_capofila_del_progetto,
    summary="Registra l'adempimento di un obbligo con la sua prova",
)
async def adempie_obbligo(progetto_id: UUID, obbligo_id: UUID, corpo: AdempimentoNuovo, ctx: Ctx) -> ObbligoVista:
    """Fulfil a duty."""
    return await service.adempie_obbligo(ctx.session, progetto_id, obbligo_id, corpo, now=ctx.now)


@api.get("/progetti/{progetto_id}/obblighi", roles=PUBLIC, summary="Elenca gli obblighi di un progetto, per termine")
async def elenco_obblighi(progetto_id: UUID, ctx: Ctx) -> ObblighiProgetto:
    """List the duties of a project."""
    return await service.elenco_obblighi(ctx.session, progetto_id, now=ctx.now)
