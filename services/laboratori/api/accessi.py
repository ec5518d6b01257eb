"""Routes of desk accesses."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import Api, Ctx
from services.laboratori.api.proprieta import GESTORI, OPERATORI, lavora_nel_laboratorio, lavora_o_gestisce
from services.laboratori.schemas.accessi import AccessiCreati, AccessiNuovi, AccessoNuovo, RiepilogoAccessi
from services.laboratori.schemas.tipi import Giorno
from services.laboratori.service import accessi as service

api = Api("laboratori", tag="Accessi", description="Contatti con lo sportello, di persone note o anonime.")


@api.post(
    "/laboratori/{laboratorio_id}/accessi",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra un accesso",
)
async def registra_accesso(laboratorio_id: UUID, corpo: AccessoNuovo, ctx: Ctx) -> AccessiCreati:
    """Un contatto con canale, tema e minuti; senza persona e' anonimo."""
    return await service.registra_accessi(
        ctx.session, laboratorio_id, [corpo], operatore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/laboratori/{laboratorio_id}/accessi/elenco",
    roles=OPERATORI,
    owner=lavora_nel_laboratorio,
    status_code=201,
    summary="Registra un elenco di accessi",
)
async def registra_accessi(laboratorio_id: UUID, corpo: AccessiNuovi, ctx: Ctx) -> AccessiCreati:
    """Fino a 500 contatti di un foglio: si scrivono tutti oppure nessuno, con i difetti riga per riga."""
    return await service.registra_accessi(
        ctx.session, laboratorio_id, corpo.accessi, operatore=ctx.principal.subject, now=ctx.now
    )


@api.get(
    "/laboratori/{laboratorio_id}/accessi/riepilogo",
    roles={*GESTORI, *OPERATORI},
    owner=lavora_o_gestisce,
    summary="Conta accessi e persone raggiunte",
)
async def riepiloga_accessi(
    laboratorio_id: UUID,
    ctx: Ctx,
    dal: Annotated[Giorno, Query(description="Primo giorno")],
    al: Annotated[Giorno, Query(description="Ultimo giorno, compreso")],
) -> RiepilogoAccessi:
    """Persone diverse raggiunte e accessi sono numeri distinti; nessun dato personale."""
    return await service.riepiloga_accessi(ctx.session, laboratorio_id, dal=dal, al=al)
