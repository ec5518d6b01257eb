"""What the money of a project is held to: its approved budget, its admitted expenses, what may be paid by now."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Progetto, ProgettoLinea
from services.bandi.queries import piani as queries_piani
from services.bandi.queries import spese as queries_spese
from services.bandi.rules.bando import Regole
from services.bandi.rules.gestione import pagabile
from services.bandi.rules.piano import Quota
from services.bandi.rules.progetto import Avanzamento, StatoProgetto
from services.bandi.rules.spesa import Preventivo, Spesa, maturato


async def quote_di_costo(session: AsyncSession, progetto: Progetto) -> list[Quota]:
    """Return the approved budget by line and partner; before the first plan, what was presented."""
    if progetto.piano:
        rows = await queries_piani.quote_del_piano(session, progetto.progetto_id, progetto.piano)
        return [Quota(row.linea, row.ente, row.costo_cent, row.contributo_cent) for row in rows]
    presented = await queries_piani.quote_presentate(session, progetto.domanda_id)
    shared = {row.linea for row in presented}
    parts = await queries_piani.parti_presentate(session, progetto.domanda_id)
    return [Quota(row.linea, row.ente, row.costo_cent, row.contributo_cent) for row in presented] + [
        Quota(part.linea, progetto.capofila, part.costo_cent, part.contributo_cent)
        for part in parts
        if part.linea not in shared
    ]


async def preventivi(session: AsyncSession, progetto: Progetto) -> dict[str, Preventivo]:
    """Return the approved budget by line, with the cash the application promised."""
    parts = await queries_piani.parti_presentate(session, progetto.domanda_id)
    cash = {part.linea: part.cofinanziamento_denaro_cent for part in parts}
    found: dict[str, Preventivo] = {}
    for quota in await quote_di_costo(session, progetto):
        so_far = found.get(quota.linea, Preventivo(0, 0, cash.get(quota.linea, 0)))
        found[quota.linea] = Preventivo(
            so_far.costo_cent + quota.costo_cent, so_far.contributo_cent + quota.contributo_cent, so_far.denaro_cent
        )
    return found


def righe_quote(
    progetto_id: UUID, linea: str, ordine: Sequence[str], quote: Mapping[str, Avanzamento]
) -> list[dict[str, Any]]:
    """Return the shares of a line as rows, numbered in the order of their partners."""
    return [
        {
            "progetto_id": progetto_id,
            "linea": linea,
            "ente": ente,
            "ordine": n,
            "programmato_cent": quote[ente].programmato_cent,
            "ammesso_cent": quote[ente].ammesso_cent,
            "impegnato_cent": quote[ente].impegnato_cent,
            "erogato_cent": quote[ente].erogato_cent,
        }
        for n, ente in enumerate(ordine, 1)
    ]


async def limiti(
    session: AsyncSession, progetto: Progetto, regole: Regole, linee: Sequence[ProgettoLinea]
) -> dict[str, int]:
    """Return the cents that may have been paid by now on each line, by the rules of the call."""
    spent = await queries_spese.spese_per_linea(session, progetto.progetto_id)
    budget = await preventivi(session, progetto)
    closed = progetto.stato == StatoProgetto.RENDICONTATO
    limits = {}
    for linea in linee:
        spesa = spent[linea.linea][0] if linea.linea in spent else Spesa()
        earned, _ = maturato(spesa, budget.get(linea.linea, Preventivo(0, 0, 0)), regole.contributo)
        limits[linea.linea] = pagabile(
            regole.gestione, impegnato_cent=linea.impegnato_cent, maturato_cent=earned, rendicontato=closed
        )
    return limits
