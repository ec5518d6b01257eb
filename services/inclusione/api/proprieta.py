"""Owners, as the routes declare them: each refuses what is not the caller's."""

from uuid import UUID

from chassis.http import Ctx
from services.inclusione.service import accessi


async def della_iscrizione(iscrizione_id: UUID, ctx: Ctx) -> None:
    """The enrolment is of the caller's organisation, or of a project it leads."""
    await accessi.verifica_iscrizione(ctx.session, ctx.principal, iscrizione_id)


async def del_pip(pip_id: UUID, ctx: Ctx) -> None:
    """The plan is of the caller's organisation, or of a project it leads."""
    await accessi.verifica_pip(ctx.session, ctx.principal, pip_id)


async def dell_ora(ore_id: UUID, ctx: Ctx) -> None:
    """The hour is of the caller's organisation, or of a project it leads."""
    await accessi.verifica_ora(ctx.session, ctx.principal, ore_id)


async def del_patto(patto_id: UUID, ctx: Ctx) -> None:
    """The pact is of the caller's organisation, or of a project it leads."""
    await accessi.verifica_patto(ctx.session, ctx.principal, patto_id)


async def del_gruppo(gruppo_id: UUID, ctx: Ctx) -> None:
    """The group pact is of the caller's organisation, or of a project it leads."""
    await accessi.verifica_gruppo(ctx.session, ctx.principal, gruppo_id)


async def del_contributo(contributo_id: UUID, ctx: Ctx) -> None:
    """The contribution is of a person the caller's organisation follows, or of a project it leads."""
    await accessi.verifica_contributo(ctx.session, ctx.principal, contributo_id)


async def dell_azienda(azienda_id: UUID, ctx: Ctx) -> None:
    """The host firm is of the network of the caller's organisation."""
    await accessi.verifica_azienda(ctx.session, ctx.principal, azienda_id)


async def della_posizione(posizione_id: UUID, ctx: Ctx) -> None:
    """The vacancy is of the network of the caller's organisation."""
    await accessi.verifica_posizione(ctx.session, ctx.principal, posizione_id)


async def della_persona_seguita(persona_id: UUID, ctx: Ctx) -> None:
    """The person is enrolled with the caller's organisation."""
    await accessi.verifica_persona(ctx.session, ctx.principal, persona_id)


async def del_tirocinio(tirocinio_id: UUID, ctx: Ctx) -> None:
    """The placement is of a plan of the caller's organisation, or of a project it leads."""
    await accessi.verifica_tirocinio(ctx.session, ctx.principal, tirocinio_id)


async def del_contratto(contratto_id: UUID, ctx: Ctx) -> None:
    """The contract is of a plan of the caller's organisation, or of a project it leads."""
    await accessi.verifica_contratto(ctx.session, ctx.principal, contratto_id)


async def dell_impresa(impresa_id: UUID, ctx: Ctx) -> None:
    """The enterprise path is of a plan of the caller's organisation, or of a project it leads."""
    await accessi.verifica_impresa(ctx.session, ctx.principal, impresa_id)


async def dell_attestato(attestato_id: UUID, ctx: Ctx) -> None:
    """The certificate is of a plan of the caller's organisation, or of a project it leads."""
    await accessi.verifica_attestato(ctx.session, ctx.principal, attestato_id)


async def del_rimborso(domanda_id: UUID, ctx: Ctx) -> None:
    """The claim is of the caller's organisation, or on a line it leads."""
    await accessi.verifica_rimborso(ctx.session, ctx.principal, domanda_id)


async def vede_linea(progetto_id: UUID, ctx: Ctx) -> None:
    """The line is of a project the caller's organisation takes part in, or the caller is of the Region."""
    await accessi.verifica_linea(ctx.session, ctx.principal, progetto_id, scrive=False)


async def muove_linea(progetto_id: UUID, ctx: Ctx) -> None:
    """The line is of a project the caller's organisation leads, or the caller is the Region's officer."""
    await accessi.verifica_linea(ctx.session, ctx.principal, progetto_id, scrive=True)
