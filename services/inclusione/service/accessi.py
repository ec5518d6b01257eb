"""Whose things are: an accredited operator's own people, the projects of a lead. The refusals are the routes'."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Forbidden, NotFound
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.queries import iscrizione as queries_iscrizione
from services.inclusione.queries import lavoro as queries_lavoro
from services.inclusione.queries import ore as queries_ore
from services.inclusione.queries import patti as queries_patti
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import rimborso as queries_rimborso
from services.inclusione.queries import risultato as queries_risultato
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


def _della_rete(principal: Principal, ente: str | None, che_cosa: str) -> None:
    """Refuses whoever is not the operator of that network."""
    if ente is None:
        raise NotFound(f"{che_cosa} non esiste.")
    if principal.ente != ente:
        raise Forbidden(
            f"{che_cosa} non e' della rete di chi chiama.", remedy="Rivolgersi all'operatore che l'ha registrata."
        )


async def verifica_azienda(session: AsyncSession, principal: Principal, azienda_id: UUID) -> None:
    """Refuses a host firm of another network.

    Raises:
        NotFound: no such host firm.
        Forbidden: it is of another organisation.
    """
    azienda = await queries_lavoro.azienda(session, azienda_id)
    _della_rete(principal, azienda.ente if azienda else None, "L'azienda")


async def verifica_posizione(session: AsyncSession, principal: Principal, posizione_id: UUID) -> None:
    """Refuses a vacancy of another network.

    Raises:
        NotFound: no such vacancy.
        Forbidden: it is of another organisation.
    """
    posizione = await queries_lavoro.posizione(session, posizione_id)
    azienda = await queries_lavoro.azienda(session, posizione.azienda_id) if posizione else None
    _della_rete(principal, azienda.ente if azienda else None, "La posizione")


async def verifica_persona(session: AsyncSession, principal: Principal, persona_id: UUID) -> None:
    """Refuses a person who is not enrolled with the caller's organisation, known or not.

    Raises:
        Forbidden: nobody of that id is followed by it.
    """
    stesse = await queries_persone.stesse_persone(session, await queries_persone.persona_attuale(session, persona_id))
    if principal.ente is None or not await queries_lavoro.segue(session, principal.ente, stesse):
        raise Forbidden(
            "La persona non e' fra quelle seguite dall'ente di chi chiama.",
            remedy="Iscrivere prima la persona a una misura.",
        )


async def verifica_tirocinio(session: AsyncSession, principal: Principal, tirocinio_id: UUID) -> None:
    """Refuses a placement of others.

    Raises:
        NotFound: no such placement.
        Forbidden: it is of another organisation.
    """
    trovato = await queries_lavoro.tirocinio(session, tirocinio_id)
    di_chi = await queries_pip.pip_e_capofila(session, trovato.pip_id) if trovato else None
    _verifica(principal, di_chi, "Il tirocinio")


async def verifica_contratto(session: AsyncSession, principal: Principal, contratto_id: UUID) -> None:
    """Refuses a contract of others.

    Raises:
        NotFound: no such contract.
        Forbidden: it is of another organisation.
    """
    trovato = await queries_lavoro.contratto(session, contratto_id)
    di_chi = await queries_pip.pip_e_capofila(session, trovato.pip_id) if trovato else None
    _verifica(principal, di_chi, "Il contratto")


async def verifica_impresa(session: AsyncSession, principal: Principal, impresa_id: UUID) -> None:
    """Refuses an enterprise path of others.

    Raises:
        NotFound: no such enterprise path.
        Forbidden: it is of another organisation.
    """
    trovato = await queries_risultato.impresa(session, impresa_id)
    di_chi = await queries_pip.pip_e_capofila(session, trovato.pip_id) if trovato else None
    _verifica(principal, di_chi, "Il percorso di impresa")


async def verifica_attestato(session: AsyncSession, principal: Principal, attestato_id: UUID) -> None:
    """Refuses a certificate of others.

    Raises:
        NotFound: no such certificate.
        Forbidden: it is of another organisation.
    """
    trovato = await queries_risultato.attestato(session, attestato_id)
    di_chi = await queries_pip.pip_e_capofila(session, trovato.pip_id) if trovato else None
    _verifica(principal, di_chi, "L'attestato")


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
