"""Routes of enrolments."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.register import register_access
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import della_iscrizione
from services.inclusione.rules.iscrizione import Esito
from services.inclusione.schemas.iscrizione import (
    AmmissioneNuova,
    ConformitaVista,
    Duplicati,
    IscrizioneInElenco,
    IscrizioneNuova,
    IscrizioneVista,
    ProfiloNuovo,
    ProfiloVisto,
    Risposte,
    Valutazioni,
    Verifiche,
)
from services.inclusione.service import accettazione, conformita, profilazione
from services.inclusione.service import iscrizione as service

api = Api(
    "inclusione",
    tag="Iscrizioni",
    description="Le iscrizioni alle misure: requisiti con le prove, esito spiegato regola per regola.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}


async def _annota_lettura(ctx: Ctx, iscrizione_id: UUID) -> None:
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="iscrizione",
        oggetto_id=iscrizione_id,
        scopo="lettura dei requisiti di una persona",
        request_id=ctx.request_id,
        now=ctx.now,
    )


@api.post(
    "/iscrizioni",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    status_code=201,
    summary="Iscrive una persona a una misura",
    description="L'operatore, partner del progetto, iscrive la persona; l'esito e' calcolato e spiegato subito.",
)
async def iscrivi_persona(corpo: IscrizioneNuova, ctx: Ctx) -> IscrizioneVista:
    vista = await accettazione.iscrivi_persona(ctx.session, corpo, principal=ctx.principal, now=ctx.now)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/iscrizioni",
    roles=CHI_LEGGE,
    summary="Elenca le iscrizioni",
    description="Le iscrizioni raccolte dall'ente di chi chiama, o dei progetti di cui e' capofila.",
)
async def elenca_iscrizioni(
    ctx: Ctx,
    limit: Limit = 100,
    cursor: CursorParam = None,
    progetto_id: UUID | None = None,
    persona_id: UUID | None = None,
    esito: Annotated[Esito | None, Query(description="Solo con questo esito")] = None,
) -> Pagina[IscrizioneInElenco]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_iscrizioni(
        ctx.session,
        ente=ctx.principal.ente,
        operatore=ctx.principal.has(Ruolo.OPERATORE_ACCREDITATO),
        capofila=ctx.principal.has(Ruolo.FUNZIONARIO_COMUNE),
        progetto_id=progetto_id,
        persona_id=persona_id,
        esito=esito,
        dopo=UUID(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=[IscrizioneInElenco.model_validate(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([str(righe[limit - 1].iscrizione_id)]) if len(righe) > limit else None,
    )


@api.get(
    "/iscrizioni/{iscrizione_id}",
    roles=CHI_LEGGE,
    owner=della_iscrizione,
    summary="Legge un'iscrizione",
    description="Un'iscrizione con le risposte e la spiegazione dell'esito.",
)
async def leggi_iscrizione(iscrizione_id: UUID, ctx: Ctx) -> IscrizioneVista:
    vista = await service.leggi_iscrizione(ctx.session, iscrizione_id)
    await _annota_lettura(ctx, iscrizione_id)
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/iscrizioni/{iscrizione_id}/valutazioni",
    roles=CHI_LEGGE,
    owner=della_iscrizione,
    summary="Storia delle valutazioni",
    description="Ogni valutazione dell'iscrizione con la sua causa e la spiegazione, dalla prima.",
)
async def leggi_valutazioni(iscrizione_id: UUID, ctx: Ctx) -> Valutazioni:
    return await service.leggi_valutazioni(ctx.session, iscrizione_id)


@api.post(
    "/iscrizioni/{iscrizione_id}/risposte",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=della_iscrizione,
    status_code=201,
    summary="Risponde ai requisiti",
    description="Aggiunge o corregge risposte e rivaluta l'iscrizione; le risposte precedenti restano nella storia.",
)
async def rispondi_requisiti(iscrizione_id: UUID, corpo: Risposte, ctx: Ctx) -> IscrizioneVista:
    vista = await service.rispondi_requisiti(
        ctx.session, iscrizione_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(vista.versione)
    return vista


@api.get(
    "/iscrizioni/{iscrizione_id}/conformita",
    roles=CHI_LEGGE,
    owner=della_iscrizione,
    summary="Legge la conformita' del percorso",
    description="Se i requisiti da mantenere valgono ancora, regola per regola, a parte dall'idoneita' iniziale.",
)
async def leggi_conformita(iscrizione_id: UUID, ctx: Ctx) -> ConformitaVista:
    await _annota_lettura(ctx, iscrizione_id)
    return await conformita.leggi_conformita(ctx.session, iscrizione_id)


@api.post(
    "/iscrizioni/{iscrizione_id}/verifiche",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=della_iscrizione,
    status_code=201,
    summary="Verifica i requisiti in itinere",
    description="Registra come sono adesso i requisiti da mantenere; l'idoneita' iniziale resta com'era.",
)
async def verifica_in_itinere(iscrizione_id: UUID, corpo: Verifiche, ctx: Ctx) -> ConformitaVista:
    return await conformita.verifica_in_itinere(
        ctx.session, iscrizione_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/iscrizioni/{iscrizione_id}/duplicati",
    roles=CHI_LEGGE,
    owner=della_iscrizione,
    summary="Trova le altre iscrizioni della stessa persona",
    description="Misura, esito e stato del piano delle altre iscrizioni della persona, in ogni misura e progetto.",
)
async def trova_duplicati(iscrizione_id: UUID, ctx: Ctx) -> Duplicati:
    await _annota_lettura(ctx, iscrizione_id)
    return await conformita.trova_duplicati(ctx.session, iscrizione_id)


@api.post(
    "/iscrizioni/{iscrizione_id}/profili",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=della_iscrizione,
    status_code=201,
    summary="Profila una persona",
    description="La tabella dei punteggi della misura assegna la fascia, spiegata voce per voce.",
)
async def profila_persona(iscrizione_id: UUID, corpo: ProfiloNuovo, ctx: Ctx) -> ProfiloVisto:
    return await profilazione.profila_persona(
        ctx.session, iscrizione_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/iscrizioni/{iscrizione_id}/ammissioni",
    roles=CHI_LEGGE,
    owner=della_iscrizione,
    status_code=201,
    summary="Ammette una persona a un livello",
    description="Registra la selezione per un livello che la chiede; ripeterla non cambia nulla.",
)
async def ammetti_al_livello(iscrizione_id: UUID, corpo: AmmissioneNuova, ctx: Ctx) -> IscrizioneVista:
    return await service.ammetti_al_livello(
        ctx.session, iscrizione_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )
