"""Rankings: approved by the office, read and verified by everybody."""

from typing import Annotated

from fastapi import Query

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.types import Pagina
from services.bandi.api.parametri import CodiceBando, CodiceCercato, Numero, Protocollo
from services.bandi.api.ufficio import UFFICIO, del_promotore
from services.bandi.schemas.graduatoria import (
    AnteprimaGraduatoria,
    ApprovazioneNuova,
    ConfrontoGraduatorie,
    GraduatoriaVista,
    Graduatorie,
    RigaVista,
    Spiegazione,
    VerificaGraduatoria,
)
from services.bandi.service import graduatorie, pubblicate

api = Api("bandi", tag="Graduatorie", description="Graduatorie approvate, scorrimenti, spiegazioni: dati aperti.")


@api.post(
    "/bandi/{codice}/graduatorie",
    roles=UFFICIO,
    owner=del_promotore,
    status_code=201,
    summary="Approva la graduatoria o uno scorrimento con il suo atto",
    description=(
        "La prima versione graduera' tutte le domande; le seguenti finanziano altre righe con fondi integrati o "
        "liberati. Per ogni riga finanziata nasce un progetto."
    ),
)
async def approva_graduatoria(codice: CodiceBando, corpo: ApprovazioneNuova, ctx: Ctx) -> GraduatoriaVista:
    """Approve the next version of a ranking."""
    return await graduatorie.approva_graduatoria(
        ctx.session, codice, finestra=corpo.finestra, atto=corpo.atto, autore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/bandi/{codice}/graduatorie/anteprima",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Calcola la graduatoria come sarebbe approvata ora, senza effetti",
)
async def anteprima_graduatoria(codice: CodiceBando, ctx: Ctx, finestra: CodiceCercato = None) -> AnteprimaGraduatoria:
    """Compute a ranking without storing it."""
    return await graduatorie.anteprima_graduatoria(
        ctx.session, codice, finestra=finestra, chi=ctx.principal.subject, now=ctx.now
    )


@api.get("/bandi/{codice}/graduatorie", roles=PUBLIC, summary="Elenca le versioni approvate della graduatoria")
async def elenco_graduatorie(codice: CodiceBando, ctx: Ctx) -> Graduatorie:
    """List the versions of a ranking."""
    return Graduatorie(items=await pubblicate.elenco_graduatorie(ctx.session, codice))


@api.get("/bandi/{codice}/graduatorie/{numero}", roles=PUBLIC, summary="Legge una versione della graduatoria")
async def leggi_graduatoria(codice: CodiceBando, numero: Numero, ctx: Ctx) -> GraduatoriaVista:
    """Return a version of a ranking."""
    return await pubblicate.leggi_graduatoria(ctx.session, codice, numero)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/righe",
    roles=PUBLIC,
    summary="Elenca le righe di una graduatoria",
    description="In ordine di posizione; in fondo le domande non idonee, non ammesse e uscite.",
)
async def elenco_righe(
    codice: CodiceBando, numero: Numero, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None
) -> Pagina[RigaVista]:
    """List the rows of a ranking."""
    key = ctx.decode_cursor(cursor, 1)
    found = await pubblicate.elenco_righe(ctx.session, codice, numero, dopo=int(key[0]) if key else 0, quante=limit + 1)
    more = len(found) > limit
    page = found[:limit]
    return Pagina(items=page, cursor=ctx.encode_cursor([page[-1].ordine]) if more else None)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/righe/{protocollo}/spiegazione",
    roles=PUBLIC,
    summary="Spiega una riga pubblicata",
    description="Perche' quel posto, perche' non finanziata, perche' non ammessa: regola per regola.",
)
async def spiega_riga(codice: CodiceBando, numero: Numero, protocollo: Protocollo, ctx: Ctx) -> Spiegazione:
    """Explain a row of a ranking."""
    return await pubblicate.spiega_riga_pubblica(ctx.session, codice, numero, protocollo)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/verifica",
    roles=UFFICIO,
    owner=del_promotore,
    summary="Ricalcola una graduatoria approvata e la confronta",
    description="Dagli stessi dati devono uscire gli stessi byte; altrimenti dice la prima riga che differisce.",
)
async def verifica_graduatoria(codice: CodiceBando, numero: Numero, ctx: Ctx) -> VerificaGraduatoria:
    """Compute an approved ranking again."""
    return await pubblicate.verifica_graduatoria(ctx.session, codice, numero)


@api.get(
    "/bandi/{codice}/graduatorie/{numero}/confronto",
    roles=PUBLIC,
    summary="Confronta due versioni della graduatoria riga per riga",
    description="Per ogni domanda che cosa dicevano la versione piu' vecchia e la piu' nuova.",
)
async def confronta_graduatorie(
    codice: CodiceBando,
    numero: Numero,
    ctx: Ctx,
    con: Annotated[int, Query(ge=1, le=2_000_000_000, description="Il numero dell'altra versione")],
) -> ConfrontoGraduatorie:
    """Compare two versions of a ranking."""
    return await pubblicate.confronta_graduatorie(ctx.session, codice, numero, con=con)
