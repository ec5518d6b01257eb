"""Whose things are: an accredited operator's own people, the projects of a lead. The refusals are the routes'."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Forbidden, NotFound
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import ore as queries_ore
from services.inclusione.queries import patti as queries_patti
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import rimborso as queries_rimborso
from services.inclusione.service.progetto import e_partner, progetto_di

DI_TUTTI = (Ruolo.FUNZIONARIO_BANDI, Ruolo.AMMINISTRATORE, Ruolo.VALUTATORE)


def _verifica(principal: Principal, di_chi: tuple[str, str] | None, che_cosa: str) -> None:
    """Refuses whoever is neither the operator that follows the person nor the lead of the project."""
    if di_chi is None:
        raise NotFound(f"{che_cosa} non esiste.")
    ente, capofila = di_chi
    operatore = principal.has(Ruolo.OPERATORE_ACCREDITATO) and principal.ente == ente
    del_capofila = principal.has(Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE) and principal.ente == capofila
    if not (operatore or del_capofila):
        raise Forbidden(
            f"{che_cosa} non e' fra quelli dell'ente di chi chiama.",
            remedy="Rivolgersi all'operatore che segue la persona o al capofila del progetto.",
        )


async def verifica_iscrizione(session: AsyncSession, principal: Principal, iscrizione_id: UUID) -> None:
    """Refuses an enrolment of others.

    Raises:
        NotFound: no such enrolment.
        Forbidden: it is of another organisation.

    Source: DOMAIN hard case 10 (an accredited operator: people enrolled with them).
    """
    _verifica(principal, await queries_iscrizione.iscrizione_e_capofila(session, iscrizione_id), "L'iscrizione")


async def verifica_pip(session: AsyncSession, principal: Principal, pip_id: UUID) -> None:
    """Refuses a plan of others.

    Raises:
        NotFound: no such plan.
        Forbidden: it is of another organisation.
    """
    _verifica(principal, await queries_pip.pip_e_capofila(session, pip_id), "Il piano")


async def verifica_ora(session: AsyncSession, principal: Principal, ore_id: UUID) -> None:
    """Refuses an hour of others.

    Raises:
        NotFound: no such hour.
        Forbidden: it is of another organisation.
    """
    piani = await queries_ore.piani_delle_ore(session, [ore_id])
    di_chi = await queries_pip.pip_e_capofila(session, piani.pop()) if piani else None
    _verifica(principal, di_chi, "L'ora")


async def verifica_patto(session: AsyncSession, principal: Principal, patto_id: UUID) -> None:
    """Refuses a pact of others.

    Raises:
        NotFound: no such pact.
        Forbidden: it is of another organisation.
    """
    _verifica(principal, await queries_patti.patto_e_capofila(session, patto_id), "Il patto")


async def verifica_gruppo(session: AsyncSession, principal: Principal, gruppo_id: UUID) -> None:
    """Refuses a group pact of others.

    Raises:
        NotFound: no such group pact.
        Forbidden: it is of another organisation.
    """
    _verifica(principal, await queries_patti.gruppo_e_capofila(session, gruppo_id), "Il patto di gruppo")


async def verifica_contributo(session: AsyncSession, principal: Principal, contributo_id: UUID) -> None:
    """Refuses a contribution of others.

    Raises:
        NotFound: no such contribution.
        Forbidden: it is of another organisation.
    """
    _verifica(principal, await queries_patti.contributo_e_capofila(session, contributo_id), "Il contributo")


async def verifica_rimborso(session: AsyncSession, principal: Principal, domanda_id: UUID) -> None:
    """Refuses a claim of others.

    Raises:
        NotFound: no such claim.
        Forbidden: it is of another organisation.
    """
    _verifica(principal, await queries_rimborso.domanda_e_capofila(session, domanda_id), "La domanda di rimborso")


async def verifica_linea(session: AsyncSession, principal: Principal, progetto_id: UUID, *, scrive: bool) -> None:
    """Refuses the money of others: it is seen by the partnership and the Region, moved by the lead.

    Args:
        scrive: True for what only the lead (or the Region's officer) may do.

    Raises:
        NotFound: no such project here.
        Forbidden: the caller's organisation has no part in the project.
    """
    progetto = await progetto_di(session, progetto_id)
    if principal.has(Ruolo.FUNZIONARIO_BANDI) or (not scrive and principal.has(*DI_TUTTI)):
        return
    if principal.ente == progetto.capofila or (not scrive and e_partner(progetto, principal)):
        return
    raise Forbidden(
        "Il progetto non e' fra quelli dell'ente di chi chiama.", remedy="Rivolgersi al capofila del progetto."
    )
