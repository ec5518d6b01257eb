"""What a resident sees of their own path."""

from chassis.http import Api, Ctx
from chassis.peers import IdentityPeer
from chassis.register import register_access
from chassis.ruoli import Ruolo
from services.inclusione.schemas.indennita import Percorsi
from services.inclusione.service import viste

api = Api("inclusione", tag="Residenti", description="Il proprio percorso, per la persona che lo segue.")


def peer_di(ctx: Ctx) -> IdentityPeer:
    """Who tells a resident's person: one connection to laboratori for the process."""
    state = ctx.request.app.state
    if not hasattr(state, "identita"):
        state.identita = IdentityPeer(ctx.runtime.settings)
    peer: IdentityPeer = state.identita
    return peer


@api.get(
    "/io/percorsi",
    roles={Ruolo.RESIDENTE},
    summary="Legge i propri percorsi",
    description="I piani della persona che chiama, con le ore e l'indennita'; di nessun altro.",
)
async def leggi_i_miei_percorsi(ctx: Ctx) -> Percorsi:
    identita = await peer_di(ctx).identity_of(ctx.principal.subject)
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="persona",
        oggetto_id=identita.persona_id,
        scopo="la persona legge i propri percorsi",
        request_id=ctx.request_id,
        now=ctx.now,
    )
    return await viste.percorsi_della_persona(ctx.session, identita.persona_id)
