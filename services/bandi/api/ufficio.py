"""Who acts on a call: officers of the body that promotes or manages it, who acts for the lead of a project."""

from uuid import UUID

from chassis.http import Ctx
from chassis.ruoli import Ruolo
from services.bandi.api.parametri import CodiceBando
from services.bandi.service import permessi

UFFICIO = frozenset({Ruolo.FUNZIONARIO_BANDI})
CAPOFILA = frozenset({Ruolo.PROPONENTE})


async def del_promotore(codice: CodiceBando, ctx: Ctx) -> None:
    """Only the office of the call."""
    await permessi.controlla_ufficio_del_bando(ctx.session, codice, ctx.principal)


async def del_promotore_della_domanda(domanda_id: UUID, ctx: Ctx) -> None:
    """Only the office of the application's call."""
    await permessi.controlla_ufficio_della_domanda(ctx.session, domanda_id, ctx.principal)


async def del_promotore_del_progetto(progetto_id: UUID, ctx: Ctx) -> None:
    """Only the office of the project's call."""
    await permessi.controlla_ufficio_del_progetto(ctx.session, progetto_id, ctx.principal)


async def del_capofila_del_progetto(progetto_id: UUID, ctx: Ctx) -> None:
    """Only who acts for the lead of the project."""
    await permessi.controlla_capofila_del_progetto(ctx.session, progetto_id, ctx.principal)


async def del_capofila_o_del_promotore(progetto_id: UUID, ctx: Ctx) -> None:
    """The lead of the project, or the office of its call."""
    await permessi.controlla_capofila_o_ufficio(ctx.session, progetto_id, ctx.principal)
