"""What a resident sees of their own path."""

from chassis.http import Api, Ctx
from chassis.peers import IdentityPeer
from chassis.register import register_access
from chassis.ruoli import Ruolo
from services.inclusione.schemas.indennita import Percorsi
from services.inclusione.schemas.iscrizione import IscrizioneDelResidente, IscrizionePropria, IscrizioniProprie
from services.inclusione.service import accettazione, conformita, viste

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


@api.post(
    "/io/iscrizioni",
    roles={Ruolo.RESIDENTE},
    status_code=201,
    summary="Si iscrive a una misura",
    description=(
        "La persona che chiama si iscrive via web presso un operatore del progetto; le sue risposte sono dichiarazioni "
        "che l'operatore verifica."
    ),
)
async def iscrivi_residente(corpo: IscrizioneDelResidente, ctx: Ctx) -> IscrizionePropria:
    identita = await peer_di(ctx).identity_of(ctx.principal.subject)
    vista = await accettazione.iscrivi_residente(ctx.session, corpo, identita.persona_id, now=ctx.now)
    proprie = await conformita.iscrizioni_proprie(ctx.session, identita.persona_id)
    return next(propria for propria in proprie.items if propria.iscrizione_id == vista.iscrizione_id)


@api.get(
    "/io/iscrizioni",
    roles={Ruolo.RESIDENTE},
    summary="Legge le proprie iscrizioni",
    description="Esito, conformita' e fascia delle iscrizioni della persona che chiama, con il perche' di ciascuno.",
)
async def leggi_le_mie_iscrizioni(ctx: Ctx) -> IscrizioniProprie:
    identita = await peer_di(ctx).identity_of(ctx.principal.subject)
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="persona",
        oggetto_id=identita.persona_id,
        scopo="la persona legge le proprie iscrizioni",
        request_id=ctx.request_id,
        now=ctx.now,
    )
    return await conformita.iscrizioni_proprie(ctx.session, identita.persona_id)
