"""Who acts for the office of a call: officers of the body that promotes it, or of the managing body it delegates."""

from uuid import UUID

from chassis.http import Ctx
from chassis.ruoli import Ruolo
from services.bandi.api.parametri import CodiceBando
from services.bandi.service import permessi

UFFICIO = frozenset({Ruolo.FUNZIONARIO_BANDI})


async def del_promotore(codice: CodiceBando, ctx: Ctx) -> None:
    """Only the office of the call."""
    await permessi.controlla_ufficio_del_bando(ctx.session, codice, ctx.principal)


async def del_promotore_della_domanda(domanda_id: UUID, ctx: Ctx) -> None:
    """Only the office of the application's call."""
    await permessi.controlla_ufficio_della_domanda(ctx.session, domanda_id, ctx.principal)


async def del_promotore_del_progetto(progetto_id: UUID, ctx: Ctx) -> None:
    """Only the office of the project's call."""
    await permessi.controlla_ufficio_del_progetto(ctx.session, progetto_id, ctx.principal)
