"""Debts as landlords tell them: snapshots in JSON or CSV, contracts that nobody has here."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.errors import TooLarge, UnsupportedMediaType
from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import ente_di
from services.puntiluna.api.firme import controlla_digest
from services.puntiluna.models import Debito, Rilevazione
from services.puntiluna.rules.debiti import RigaDebito, TipoRilevazione, leggi_csv
from services.puntiluna.schemas.debiti import PosizioneVista, RilevazioneNuova, RilevazioneVista
from services.puntiluna.service import debiti

api = Api(
    "puntiluna",
    tag="Posizioni debitorie",
    description="Per i sistemi di ALER e Comuni: quanto deve ogni contratto, a un giorno dato.",
)
ENTE = frozenset({Ruolo.ENTE_PROPRIETARIO})
CSV_MASSIMO = 16 * 2**20


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
    await controlla_digest(ctx)
    rilevazione = await debiti.registra_rilevazione(
        ctx.session,
        ente_di(ctx),
        tipo=corpo.tipo,
        al_giorno=corpo.al_giorno,
        righe=[RigaDebito(riga.contratto_codice, riga.importo) for riga in corpo.righe],
        now=ctx.now,
    )
    return _rilevazione(rilevazione)


@api.post(
    "/debiti/rilevazioni/csv",
    roles=ENTE,
    status_code=201,
    summary="Invia le posizioni debitorie in CSV",
    description=(
        "Come in JSON, con un file UTF-8: prima riga `contratto_codice,importo`, poi un contratto per riga, al massimo "
        "100.000; virgola o punto e virgola. Se una riga non è leggibile non ne è presa nessuna, e il rifiuto le "
        "nomina tutte con il loro numero."
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string", "maxLength": CSV_MASSIMO, "pattern": r"^[^\u0000]*$"}}
            },
        }
    },
)
async def registra_rilevazione_csv(
    ctx: Ctx,
    tipo: Annotated[TipoRilevazione, Query(description="`completa` se elenca tutti i contratti dell'ente")],
    al_giorno: Annotated[date, Query(description="giorno a cui si riferiscono gli importi")],
) -> RilevazioneVista:
    """Take up a snapshot of debts from a file."""
    if ctx.request.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise UnsupportedMediaType("Il corpo dev'essere un file text/csv.")
    contenuto = await ctx.request.body()
    if len(contenuto) > CSV_MASSIMO:
        raise TooLarge("Il file supera i 16 MiB.", remedy="Dividi la rilevazione in più file parziali.")
    await controlla_digest(ctx)
    rilevazione = await debiti.registra_rilevazione(
        ctx.session,
        ente_di(ctx),
        tipo=tipo,
        al_giorno=al_giorno,
        righe=await asyncio.to_thread(leggi_csv, contenuto),
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
