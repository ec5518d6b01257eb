"""Ownership, declared on the routes: which labs, people and households a caller has to do with."""

from datetime import date
from uuid import UUID

from chassis.errors import Forbidden, NotFound
from chassis.http import Ctx
from chassis.ruoli import Ruolo
from services.laboratori.queries import proprieta as queries
from services.laboratori.queries.proprieta import Legame
from services.laboratori.rules.calendario import giorno_civile
from services.laboratori.rules.profilo import CondizioniRiservate

GESTORI = frozenset({Ruolo.AMMINISTRATORE, Ruolo.FUNZIONARIO_COMUNE})
OPERATORI = frozenset({Ruolo.OPERATORE_LABORATORIO})


def oggi(ctx: Ctx) -> date:
    """The civil day of the request."""
    return giorno_civile(ctx.now)


def _gestisce(ctx: Ctx, legame: Legame) -> bool:
    principal = ctx.principal
    return principal.has(Ruolo.AMMINISTRATORE) or (
        principal.has(Ruolo.FUNZIONARIO_COMUNE) and principal.ente == legame.ente_gestore
    )


def _lavora(ctx: Ctx, legame: Legame) -> bool:
    return ctx.principal.has(Ruolo.OPERATORE_LABORATORIO) and legame.in_equipe


def _di_un_altro() -> Forbidden:
    return Forbidden(
        "Chi chiama non lavora in questo laboratorio.",
        remedy="Chiedere al Comune che lo gestisce di essere inserito nell'équipe.",
    )


def _trovato(legame: Legame | None, nome: str) -> Legame:
    if legame is None:
        raise NotFound(f"{nome} non esiste.")
    return legame


async def gestisce_laboratorio(laboratorio_id: UUID, ctx: Ctx) -> None:
    """The lab is managed by the caller's organisation.

    Raises:
        NotFound: there is no such lab.
        Forbidden: somebody else manages it.
    """
    legame = await queries.legame_laboratorio(ctx.session, laboratorio_id, ctx.principal.subject, oggi(ctx))
    if not _gestisce(ctx, _trovato(legame, "Il laboratorio")):
        raise Forbidden("Il laboratorio è gestito da un altro ente.", remedy="Rivolgersi all'ente che lo gestisce.")


async def lavora_nel_laboratorio(laboratorio_id: UUID, ctx: Ctx) -> None:
    """The caller is in the lab's team today.

    Raises:
        NotFound: there is no such lab.
        Forbidden: the caller is not in its team.
    """
    legame = await queries.legame_laboratorio(ctx.session, laboratorio_id, ctx.principal.subject, oggi(ctx))
    if not _lavora(ctx, _trovato(legame, "Il laboratorio")):
        raise _di_un_altro()


async def lavora_o_gestisce(laboratorio_id: UUID, ctx: Ctx) -> None:
    """The caller is in the lab's team today, or their organisation manages it.

    Raises:
        NotFound: there is no such lab.
        Forbidden: neither.
    """
    legame = await queries.legame_laboratorio(ctx.session, laboratorio_id, ctx.principal.subject, oggi(ctx))
    trovato = _trovato(legame, "Il laboratorio")
    if not (_lavora(ctx, trovato) or _gestisce(ctx, trovato)):
        raise _di_un_altro()


async def lavora_per_attivita(attivita_id: UUID, ctx: Ctx) -> None:
    """The caller is in the team of the activity's lab today.

    Raises:
        NotFound: there is no such activity.
        Forbidden: the caller is not in that team.
    """
    legame = await queries.legame_attivita(ctx.session, attivita_id, ctx.principal.subject, oggi(ctx))
    if not _lavora(ctx, _trovato(legame, "L'attività")):
        raise _di_un_altro()


async def lavora_per_presenza(presenza_id: UUID, ctx: Ctx) -> None:
    """The caller is in the team of the attendance's lab today.

    Raises:
        NotFound: there is no such attendance.
        Forbidden: the caller is not in that team.
    """
    legame = await queries.legame_presenza(ctx.session, presenza_id, ctx.principal.subject, oggi(ctx))
    if not _lavora(ctx, _trovato(legame, "La presenza")):
        raise _di_un_altro()


async def lavora_per_nucleo(nucleo_id: UUID, ctx: Ctx) -> None:
    """The caller is today in the team of the lab that follows the household.

    Raises:
        NotFound: there is no such household.
        Forbidden: the caller is not in that team.
    """
    legame = await queries.legame_nucleo(ctx.session, nucleo_id, ctx.principal.subject, oggi(ctx))
    if not _lavora(ctx, _trovato(legame, "Il nucleo")):
        raise _di_un_altro()


async def vede_nucleo(nucleo_id: UUID, ctx: Ctx) -> None:
    """The household is followed by the caller's lab, or is the caller's own.

    Raises:
        NotFound: there is no such household.
        Forbidden: it is somebody else's.
    """
    sub = ctx.principal.subject
    legame = await queries.legame_nucleo(ctx.session, nucleo_id, sub, oggi(ctx))
    if _lavora(ctx, _trovato(legame, "Il nucleo")):
        return
    if ctx.principal.has(Ruolo.RESIDENTE):
        io = await queries.persona_di(ctx.session, sub)
        if io is not None and await queries.nucleo_del(ctx.session, io, oggi(ctx)) == nucleo_id:
            return
    raise Forbidden("Il nucleo è seguito da altri.", remedy="Rivolgersi al laboratorio che lo segue.")


async def segue_persona(persona_id: UUID, ctx: Ctx) -> None:
    """The person is known to a lab of the caller, or registered by the caller's accredited organisation.

    Raises:
        NotFound: there is no such person.
        Forbidden: others follow the person.
    """
    principal = ctx.principal
    if not await queries.esiste_persona(ctx.session, persona_id):
        raise NotFound("La persona non esiste.")
    if principal.has(Ruolo.OPERATORE_LABORATORIO) and await queries.segue_persona(
        ctx.session, persona_id, principal.subject, oggi(ctx)
    ):
        return
    if (
        principal.has(Ruolo.OPERATORE_ACCREDITATO)
        and principal.ente is not None
        and await queries.ente_segue_persona(ctx.session, persona_id, principal.ente)
    ):
        return
    raise Forbidden(
        "La persona è seguita da altri.", remedy="Se si presenta allo sportello, accoglierla nel proprio laboratorio."
    )


async def tratta_condizioni(persona_id: UUID, ctx: Ctx) -> None:
    """The caller works today in a lab that took the person on, or where the person signed the Allegato 2.

    Raises:
        NotFound: there is no such person.
        Forbidden: others follow the person.
        CondizioniRiservate: the caller's labs only know the person.
    """
    await segue_persona(persona_id, ctx)
    if not await queries.tratta_condizioni(ctx.session, persona_id, ctx.principal.subject, oggi(ctx)):
        raise CondizioniRiservate(
            "Le condizioni sono riservate al laboratorio che ha preso in carico la persona o ne ha la scheda firmata.",
            remedy="Registrare la presa in carico oppure la scheda di adesione (Allegato 2), poi ripetere.",
        )


async def vede_persona(persona_id: UUID, ctx: Ctx) -> None:
    """As `segue_persona`, or the person is the resident who calls, or lives with them.

    Raises:
        NotFound: there is no such person.
        Forbidden: others follow the person.
    """
    if ctx.principal.has(Ruolo.RESIDENTE) and await queries.nello_stesso_nucleo(
        ctx.session, ctx.principal.subject, persona_id, oggi(ctx)
    ):
        return
    await segue_persona(persona_id, ctx)


async def tocca_iscrizione(iscrizione_id: UUID, ctx: Ctx) -> None:
    """The registration is to an activity of the caller's lab, or of somebody of the caller's household.

    Raises:
        NotFound: there is no such registration.
        Forbidden: it is somebody else's.
    """
    sub = ctx.principal.subject
    legame = await queries.legame_iscrizione(ctx.session, iscrizione_id, sub, oggi(ctx))
    if _lavora(ctx, _trovato(legame, "L'iscrizione")):
        return
    persona_id = await queries.persona_della_iscrizione(ctx.session, iscrizione_id)
    if (
        persona_id is not None
        and ctx.principal.has(Ruolo.RESIDENTE)
        and await queries.nello_stesso_nucleo(ctx.session, sub, persona_id, oggi(ctx))
    ):
        return
    raise Forbidden("L'iscrizione è di altri.", remedy="Rivolgersi al laboratorio che organizza l'attività.")


def ente_di(ctx: Ctx) -> str:
    """The organisation the caller acts for.

    Raises:
        Forbidden: the token names none.
    """
    if ctx.principal.ente is None:
        raise Forbidden(
            "Il token non dice per quale ente si lavora.", remedy="Presentare un token con l'attributo ente."
        )
    return ctx.principal.ente
