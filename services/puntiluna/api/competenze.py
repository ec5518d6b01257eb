"""Who owns what a route speaks of: the dependencies that routes declare as `owner`."""

from uuid import UUID

from chassis.http import Ctx
from chassis.peers import IdentityPeer
from chassis.register import register_access
from chassis.ruoli import Ruolo
from services.puntiluna.queries.accrediti import AccreditoLetto
from services.puntiluna.rules.donazioni import DonazioneSconosciuta, NucleoDiAltri, PersonaDiAltri
from services.puntiluna.rules.riduzioni import EnteNonDichiarato
from services.puntiluna.service import (
    accrediti,
    distinte,
    donazioni,
    lotti,
    nuclei,
    progetti,
    provenienza,
    riconciliazioni,
)


def peer_di(ctx: Ctx) -> IdentityPeer:
    """Who tells a resident's household and an operator's labs: one connection to laboratori for the process."""
    state = ctx.request.app.state
    if not hasattr(state, "identita"):
        state.identita = IdentityPeer(ctx.runtime.settings)
    peer: IdentityPeer = state.identita
    return peer


def ente_di(ctx: Ctx) -> str:
    """The landlord that calls: everything it sees and does is its own.

    Raises:
        EnteNonDichiarato: the token has no `ente`.
    """
    if ctx.principal.ente is None:
        raise EnteNonDichiarato(
            "Il token non dice per quale ente proprietario si chiama.",
            remedy="Richiedi un token con la claim `ente`.",
        )
    return ctx.principal.ente


async def del_progetto(progetto_id: UUID, ctx: Ctx) -> None:
    """The officer's organisation leads the project or is a partner of it.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        FuoriCompetenza: it takes no part in it.
    """
    await progetti.controlla_competenza(ctx.session, progetto_id, ctx.principal)


async def del_nucleo(nucleo_id: UUID, ctx: Ctx) -> None:
    """One's own household, one that the operator's lab follows, or one of the officer's projects; staff are registered.

    Raises:
        NucleoDiAltri: none of these.
    """
    await controlla_nucleo(ctx, nucleo_id)
    if ctx.principal.has(Ruolo.OPERATORE_LABORATORIO, Ruolo.FUNZIONARIO_COMUNE):
        await register_access(
            ctx.session,
            ctx.principal,
            oggetto="nucleo",
            oggetto_id=nucleo_id,
            scopo=ctx.request.scope["route"].summary,
            request_id=ctx.request_id,
            now=ctx.now,
        )


async def dell_accredito(presenza_id: UUID, ctx: Ctx) -> AccreditoLetto:
    """An attendance of the officer's project, or of a household that the operator's lab follows.

    Returns:
        The attendance with the points it gave; a route that takes it as a dependency does not read it again.

    Raises:
        AccreditoSconosciuto: it never arrived here.
        FuoriCompetenza: another organisation's project.
        NucleoDiAltri: a household of another lab.
    """
    letto = await accrediti.leggi_accredito(ctx.session, presenza_id)
    presenza = letto.presenza
    if ctx.principal.has(Ruolo.OPERATORE_LABORATORIO):
        if presenza.nucleo_id is not None:
            await controlla_nucleo(ctx, presenza.nucleo_id)
    elif presenza.progetto_id is not None:
        await progetti.controlla_competenza(ctx.session, presenza.progetto_id, ctx.principal)
    return letto


async def del_lotto(lotto_id: UUID, ctx: Ctx) -> None:
    """A batch of the landlord that calls.

    Raises:
        EnteNonDichiarato: the token has no `ente`.
        LottoSconosciuto: the landlord has no such batch.
    """
    await lotti.controlla_lotto(ctx.session, ente_di(ctx), lotto_id)


async def della_riconciliazione(riconciliazione_id: UUID, ctx: Ctx) -> None:
    """A reconciliation of the landlord that calls.

    Raises:
        EnteNonDichiarato: the token has no `ente`.
        RiconciliazioneSconosciuta: the landlord has no such reconciliation.
    """
    await riconciliazioni.controlla_riconciliazione(ctx.session, ente_di(ctx), riconciliazione_id)


async def della_riduzione(riduzione_id: UUID, ctx: Ctx) -> None:
    """A reduction that a project of the officer's organisation pays, or of a household of its projects.

    Raises:
        RiduzioneSconosciuta: neither.
    """
    await provenienza.controlla_riduzione(ctx.session, riduzione_id, ctx.principal)


async def della_donazione(donazione_id: UUID, ctx: Ctx) -> None:
    """A donation made by one's own household or by oneself, by whom the operator follows, to the officer's project.

    Raises:
        DonazioneSconosciuta: there is none, or it is none of these.
        NucleoDiAltri: a household of others gave it.
    """
    donazione = await donazioni.leggi_donazione(ctx.session, donazione_id)
    if ctx.principal.has(Ruolo.FUNZIONARIO_COMUNE) and donazione.a_progetto_id is not None:
        await progetti.controlla_competenza(ctx.session, donazione.a_progetto_id, ctx.principal)
    elif donazione.da_nucleo_id is not None:
        await controlla_nucleo(ctx, donazione.da_nucleo_id)
    elif not await _persona_propria(ctx, donazione.da_persona_id):
        raise DonazioneSconosciuta(f"Nessuna donazione {donazione_id}.")


async def _persona_propria(ctx: Ctx, persona_id: UUID | None) -> bool:
    if persona_id is None:
        return False
    if ctx.principal.has(Ruolo.OPERATORE_LABORATORIO):
        return await peer_di(ctx).follows_person(ctx.principal.subject, persona_id) is not None
    if ctx.principal.has(Ruolo.RESIDENTE):
        return (await peer_di(ctx).identity_of(ctx.principal.subject)).persona_id == persona_id
    return False


async def della_distinta(distinta_id: UUID, ctx: Ctx) -> None:
    """A Distinta of projects in which the caller's organisation takes part.

    Raises:
        DistintaSconosciuta: there is none.
        FuoriCompetenza: another organisation's.
    """
    await distinte.leggi_distinta(ctx.session, distinta_id, principal=ctx.principal)


async def controlla_persona(ctx: Ctx, persona_id: UUID) -> None:
    """Refuse a person whose points are not the caller's to see.

    Raises:
        PersonaDiAltri: not themselves, not followed by their lab.
    """
    principal, peer = ctx.principal, peer_di(ctx)
    if principal.has(Ruolo.OPERATORE_LABORATORIO) and await peer.follows_person(principal.subject, persona_id):
        return
    if principal.has(Ruolo.RESIDENTE) and (await peer.identity_of(principal.subject)).persona_id == persona_id:
        return
    raise PersonaDiAltri(
        "La persona non sei tu, né è seguita da un tuo laboratorio.",
        remedy="Rivolgersi allo sportello che segue la persona.",
    )


async def controlla_nucleo(ctx: Ctx, nucleo_id: UUID) -> None:
    """Refuse a household that is not the caller's to see or move.

    Raises:
        NucleoDiAltri: not their own, not followed by their lab, not of their project.
    """
    principal = ctx.principal
    if principal.has(Ruolo.FUNZIONARIO_COMUNE) and await nuclei.segue_l_ente(ctx.session, nucleo_id, principal.ente):
        return
    if principal.has(Ruolo.OPERATORE_LABORATORIO) and await peer_di(ctx).follows(principal.subject, nucleo_id):
        return
    if principal.has(Ruolo.RESIDENTE):
        identita = await peer_di(ctx).identity_of(principal.subject)
        if identita.nucleo_id == nucleo_id:
            return
    raise NucleoDiAltri(
        "Il nucleo non è il tuo, né di un tuo laboratorio, né di un progetto del tuo ente.",
        remedy="Rivolgersi allo sportello che segue il nucleo.",
    )
