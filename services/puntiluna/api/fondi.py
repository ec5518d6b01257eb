"""Funds of the projects, their figures, the points of each attendance."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import del_progetto, dell_accredito
from services.puntiluna.models import Alimentazione, Progetto
from services.puntiluna.queries.accrediti import AccreditoLetto
from services.puntiluna.schemas.progetti import (
    AccreditoVista,
    AlimentazioneNuova,
    AlimentazioneVista,
    Cifre,
    CifrePubbliche,
    FondoVista,
    FondoVoce,
)
from services.puntiluna.service import accrediti, progetti

api = Api(
    "puntiluna",
    tag="Fondi",
    description="Il denaro dietro i punti: fondi dei progetti, atti che li alimentano, cifre.",
)
UFFICIO = frozenset({Ruolo.FUNZIONARIO_COMUNE})
LETTORI = frozenset(
    {
        Ruolo.AMMINISTRATORE,
        Ruolo.FUNZIONARIO_BANDI,
        Ruolo.FUNZIONARIO_COMUNE,
        Ruolo.OPERATORE_LABORATORIO,
        Ruolo.TESORIERE,
        Ruolo.VALUTATORE,
    }
)


@api.get(
    "/fondi",
    roles=LETTORI,
    summary="Elenca i fondi punti",
    description="Un fondo per progetto: si apre vuoto quando il progetto è finanziato.",
)
async def elenca_fondi(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[FondoVoce]:
    """List the funds."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovati = await progetti.elenca_fondi(ctx.session, dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1)
    pagina = trovati[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1][0].progetto_id)]) if len(trovati) > limit else None
    return Pagina(items=[FondoVoce(**_voce(progetto, saldo)) for progetto, saldo in pagina], cursor=seguente)


@api.get(
    "/progetti/{progetto_id}/fondo",
    roles=LETTORI,
    summary="Legge il fondo di un progetto",
    description="Saldo, impegnato e atti che lo hanno alimentato.",
)
async def leggi_fondo(progetto_id: UUID, ctx: Ctx) -> FondoVista:
    """Read a fund."""
    return await _fondo(ctx.session, progetto_id)


@api.post(
    "/progetti/{progetto_id}/alimentazioni",
    roles=UFFICIO,
    owner=del_progetto,
    status_code=201,
    summary="Alimenta il fondo con un atto",
    description=(
        "Solo un atto riempie il fondo; ciò che viene dal progetto non supera mai il suo impegnato. I punti in attesa "
        "si accreditano subito, in ordine di conferma."
    ),
)
async def alimenta_fondo(progetto_id: UUID, corpo: AlimentazioneNuova, ctx: Ctx) -> AlimentazioneVista:
    """Fill a fund."""
    alimentazione = await progetti.alimenta_fondo(
        ctx.session,
        progetto_id,
        importo_cent=corpo.importo,
        origine=corpo.origine,
        atto=corpo.atto,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _alimentazione(alimentazione)


@api.get(
    "/progetti/{progetto_id}/cifre",
    roles=LETTORI,
    summary="Legge le cifre di un progetto",
    description="Totali per uffici e valutatori: punti emessi, ore contate, dove sono i punti.",
)
async def leggi_cifre(progetto_id: UUID, ctx: Ctx) -> Cifre:
    """Read the figures of a project."""
    progetto, cifre = await progetti.cifre_del_progetto(ctx.session, progetto_id)
    riduzioni = await progetti.riduzioni_del_progetto(ctx.session, progetto_id)

    def somma(origine: str, *stati: str, confermati: bool = True) -> int:
        return sum(riduzioni.get((origine, stato), (0, 0, 0))[2 if confermati else 1] for stato in stati)

    return Cifre(
        progetto_id=progetto_id,
        codice=progetto.codice,
        titolo=progetto.titolo,
        punti_emessi=cifre.punti_cent,
        ore=_ore(cifre.minuti),
        ore_indirette=_ore(cifre.minuti_indiretti),
        presenze=cifre.presenze,
        nuclei=cifre.nuclei,
        persone=cifre.persone,
        alimentato=cifre.alimentato_cent,
        saldo_fondo=cifre.saldo_fondo_cent,
        saldo_solidale=cifre.solidale_cent,
        in_attesa_fondo=cifre.in_attesa_cent,
        presenze_in_attesa=cifre.in_attesa,
        da_recuperare=cifre.da_recuperare_cent,
        prenotati=somma("punti", "prenotata", confermati=False),
        confermati=somma("punti", "confermata", "liquidata"),
        liquidati=somma("punti", "liquidata"),
        quote_confermate=somma("indennita", "confermata", "liquidata"),
        quote_liquidate=somma("indennita", "liquidata"),
    )


@api.get(
    "/progetti/{progetto_id}/cifre-pubbliche",
    roles=PUBLIC,
    summary="Legge le cifre pubblicate di un progetto",
    description="Solo totali: punti emessi, ore, riduzioni confermate dai proprietari.",
)
async def leggi_cifre_pubbliche(progetto_id: UUID, ctx: Ctx) -> CifrePubbliche:
    """Read what is published of a project."""
    progetto, cifre = await progetti.cifre_del_progetto(ctx.session, progetto_id)
    riduzioni = await progetti.riduzioni_del_progetto(ctx.session, progetto_id)
    return CifrePubbliche(
        progetto_id=progetto_id,
        codice=progetto.codice,
        titolo=progetto.titolo,
        punti_emessi=cifre.punti_cent,
        controvalore=cifre.punti_cent,
        ore=_ore(cifre.minuti),
        riduzioni_confermate=sum(confermato for _, _, confermato in riduzioni.values()),
    )


@api.get(
    "/accrediti/{presenza_id}",
    roles=frozenset({Ruolo.FUNZIONARIO_COMUNE, Ruolo.OPERATORE_LABORATORIO}),
    owner=dell_accredito,
    summary="Legge i punti di una presenza",
    description="Quanti punti ha dato una presenza, o perché nessuno.",
)
async def leggi_accredito(accredito: Annotated[AccreditoLetto, Depends(dell_accredito)]) -> AccreditoVista:
    """Read the points of an attendance."""
    return _accredito(accredito)


@api.post(
    "/accrediti/{presenza_id}/rivalutazioni",
    roles=UFFICIO,
    owner=dell_accredito,
    summary="Rivaluta una presenza",
    description="Per una presenza senza tariffa o oltre un limite, quando tariffa o limiti sono cambiati.",
)
async def rivaluta_accredito(presenza_id: UUID, ctx: Ctx) -> AccreditoVista:
    """Evaluate an attendance again."""
    return _accredito(await accrediti.rivaluta_accredito(ctx.session, presenza_id, now=ctx.now))


async def _fondo(session: AsyncSession, progetto_id: UUID) -> FondoVista:
    progetto, saldo, atti = await progetti.leggi_fondo(session, progetto_id)
    return FondoVista(
        **_voce(progetto, saldo),
        versione=progetto.versione,
        aperto_il=progetto.aperto_il,
        alimentazioni=[_alimentazione(atto) for atto in atti],
    )


def _voce(progetto: Progetto, saldo_cent: int) -> dict[str, object]:
    return {
        "fondo_id": progetto.fondo_id,
        "progetto_id": progetto.progetto_id,
        "codice": progetto.codice,
        "titolo": progetto.titolo,
        "capofila": progetto.capofila,
        "stato": progetto.stato,
        "impegnato": progetto.impegnato_cent,
        "versato_dal_progetto": progetto.da_progetto_cent,
        "saldo": saldo_cent,
    }


def _alimentazione(atto: Alimentazione) -> AlimentazioneVista:
    return AlimentazioneVista(
        alimentazione_id=atto.alimentazione_id,
        importo=atto.importo_cent,
        origine=atto.origine,
        atto=atto.atto,
        autore=atto.autore,
        movimento_id=atto.movimento_id,
        alimentato_il=atto.alimentato_il,
    )


def _accredito(letto: AccreditoLetto) -> AccreditoVista:
    presenza = letto.presenza
    return AccreditoVista(
        accredito_id=letto.accredito_id,
        presenza_id=presenza.presenza_id,
        versione=letto.versione,
        progetto_id=presenza.progetto_id,
        nucleo_id=presenza.nucleo_id,
        persona_id=presenza.persona_id,
        attivita_id=presenza.attivita_id,
        inizio=presenza.inizio,
        fine=presenza.fine,
        minuti=presenza.minuti,
        fascia=presenza.fascia,
        categoria_indiretta=presenza.categoria_indiretta,
        stato=letto.stato,
        motivo=letto.motivo,
        dovuti=letto.dovuto_cent,
        concessi=letto.concesso_cent,
    )


def _ore(minuti: int) -> str:
    """Hours with two decimals, from minutes (quarters of an hour are exact)."""
    ore, resto = divmod(minuti, 60)
    return f"{ore}.{resto * 100 // 60:02d}"
