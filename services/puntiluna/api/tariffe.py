"""Tariffs and limits."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.puntiluna.api.competenze import del_progetto
from services.puntiluna.models import LimitePunti, TariffaPunti
from services.puntiluna.schemas.progetti import (
    Avvisi,
    AvvisoVista,
    LimiteNuovo,
    LimiteVista,
    Limiti,
    TariffaNuova,
    TariffaVista,
    Tariffe,
)
from services.puntiluna.service import tariffe

api = Api("puntiluna", tag="Tariffe", description="Quanti punti vale un'ora, e fino a dove.")
UFFICIO = frozenset({Ruolo.FUNZIONARIO_COMUNE})
GESTORI = frozenset({Ruolo.AMMINISTRATORE, Ruolo.FUNZIONARIO_COMUNE})
LETTORI = frozenset(
    {
        Ruolo.AMMINISTRATORE,
        Ruolo.FUNZIONARIO_COMUNE,
        Ruolo.OPERATORE_LABORATORIO,
        Ruolo.RESIDENTE,
        Ruolo.VALUTATORE,
    }
)


@api.get(
    "/tariffe",
    roles=LETTORI,
    summary="Elenca le tariffe",
    description="Le tariffe generali e, se indicato, quelle di un progetto; le più recenti per prime.",
)
async def elenca_tariffe(
    ctx: Ctx, progetto_id: Annotated[UUID | None, Query(description="anche le tariffe di questo progetto")] = None
) -> Tariffe:
    """List tariffs."""
    trovate = await tariffe.elenca_tariffe(ctx.session, progetto_id=progetto_id, limite=1000)
    return Tariffe(items=[_tariffa(tariffa) for tariffa in trovate])


@api.post(
    "/tariffe",
    roles=GESTORI,
    status_code=201,
    summary="Inserisce una tariffa",
    description=(
        "Vale dal giorno indicato in poi. Una tariffa di tutti i progetti la inserisce l'amministratore, quella di un "
        "progetto un funzionario del capofila o di un partner. Le presenze rimaste senza tariffa si rivalutano da sole."
    ),
)
async def crea_tariffa(corpo: TariffaNuova, ctx: Ctx) -> TariffaVista:
    """Enter a tariff."""
    await tariffe.controlla_gestione(ctx.session, corpo.progetto_id, ctx.principal)
    tariffa = await tariffe.crea_tariffa(
        ctx.session,
        progetto_id=corpo.progetto_id,
        tipo=corpo.tipo,
        voce=corpo.voce,
        punti_ora_cent=corpo.punti_ora,
        dal=corpo.dal,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _tariffa(tariffa)


@api.get(
    "/limiti",
    roles=LETTORI - {Ruolo.RESIDENTE},
    summary="Elenca i limiti",
    description="I limiti ai punti per attività, nucleo e mese, programma, persona e giorno.",
)
async def elenca_limiti(ctx: Ctx) -> Limiti:
    """List limits."""
    return Limiti(items=[_limite(limite) for limite in await tariffe.elenca_limiti(ctx.session, limite=1000)])


@api.post(
    "/limiti",
    roles=GESTORI,
    status_code=201,
    summary="Inserisce un limite",
    description="Vale per le presenze valutate da ora in poi; un limite rigido rifiuta i punti, gli altri avvisano.",
)
async def crea_limite(corpo: LimiteNuovo, ctx: Ctx) -> LimiteVista:
    """Enter a limit."""
    await tariffe.controlla_gestione(ctx.session, corpo.progetto_id, ctx.principal)
    limite = await tariffe.crea_limite(
        ctx.session,
        progetto_id=corpo.progetto_id,
        ambito=corpo.ambito,
        attivita_id=corpo.attivita_id,
        massimo_cent=corpo.massimo,
        rigido=corpo.rigido,
        dal=corpo.dal,
        al=corpo.al,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _limite(limite)


@api.get(
    "/progetti/{progetto_id}/avvisi-limiti",
    roles=UFFICIO,
    owner=del_progetto,
    summary="Elenca i superamenti dei limiti",
    description="Gli ultimi 500 limiti superati dalle presenze di un progetto.",
)
async def elenca_avvisi(progetto_id: UUID, ctx: Ctx) -> Avvisi:
    """List the limits gone over."""
    avvisi = await tariffe.elenca_avvisi(ctx.session, progetto_id)
    return Avvisi(
        items=[
            AvvisoVista(
                avviso_id=avviso.avviso_id,
                limite_id=avviso.limite_id,
                ambito=ambito,
                presenza_id=avviso.presenza_id,
                rigido=avviso.rigido,
                punti=avviso.punti_cent,
                avvisato_il=avviso.avvisato_il,
            )
            for avviso, ambito in avvisi
        ]
    )


def _tariffa(tariffa: TariffaPunti) -> TariffaVista:
    return TariffaVista(
        tariffa_id=tariffa.tariffa_id,
        progetto_id=tariffa.progetto_id,
        tipo=tariffa.tipo,
        voce=tariffa.voce,
        punti_ora=tariffa.punti_ora_cent,
        dal=tariffa.dal,
        autore=tariffa.autore,
        creata_il=tariffa.creata_il,
    )


def _limite(limite: LimitePunti) -> LimiteVista:
    return LimiteVista(
        limite_id=limite.limite_id,
        progetto_id=limite.progetto_id,
        ambito=limite.ambito,
        attivita_id=limite.attivita_id,
        massimo=limite.massimo_cent,
        rigido=limite.rigido,
        dal=limite.dal,
        al=limite.al,
        autore=limite.autore,
        creato_il=limite.creato_il,
    )
