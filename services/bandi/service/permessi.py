"""Who may touch which object: the lead of an application or project, the office, the commission."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.bandi.models import Domanda
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import dichiarazioni as queries_dichiarazioni
from services.bandi.rules.adesioni import controlla_invitato, invitati
from services.bandi.rules.bando import controlla_ufficio
from services.bandi.rules.dichiarazioni import controlla_accesso
from services.bandi.rules.domanda import CommissarioNonNominato, DomandaDiAltri, EnteMancante, StatoDomanda
from services.bandi.schemas.domanda import ContenutoDomanda
from services.bandi.service import bandi
from services.bandi.service.domande import nota
from services.bandi.service.progetti import noto

PARTECIPANTI = frozenset({Ruolo.PROPONENTE, Ruolo.OPERATORE_ACCREDITATO})
"""Who acts in a call for an organisation, as lead or as partner."""


def ente_di(principal: Principal) -> str:
    """Return the organisation a caller acts for.

    Raises:
        EnteMancante: the token names none.
    """
    if principal.ente is None:
        raise EnteMancante(
            "Il token non indica l'ente per cui si agisce.", remedy="Chiedere un token con l'attributo `ente`."
        )
    return principal.ente


async def controlla_ufficio_del_bando(session: AsyncSession, codice: str, principal: Principal) -> None:
    """Refuse an officer of a body that neither promotes the call nor manages it by delegation.

    Raises:
        BandoSconosciuto, BandoDiAltroEnte, EnteMancante.
    """
    bando = await bandi.noto(session, codice)
    controlla_ufficio(ente_di(principal), bando.ente_promotore, bando.organismo_intermedio)


async def controlla_ufficio_della_domanda(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse an officer of another body than the one of the application's call, or in conflict with the application.

    Raises:
        DomandaSconosciuta, BandoDiAltroEnte, EnteMancante, ConflittoDichiarato.
    """
    await _check_no_conflict(session, domanda_id, principal)
    await _check_office(session, (await nota(session, domanda_id)).bando_id, principal)


async def controlla_ufficio_del_progetto(session: AsyncSession, progetto_id: UUID, principal: Principal) -> None:
    """Refuse an officer of another body than the one of the project's call.

    Raises:
        ProgettoSconosciuto, BandoDiAltroEnte, EnteMancante.
    """
    await _check_office(session, (await noto(session, progetto_id)).bando_id, principal)


async def _check_office(session: AsyncSession, bando_id: UUID, principal: Principal) -> None:
    bando = await queries_bandi.bando_per_id(session, bando_id)
    controlla_ufficio(ente_di(principal), bando.ente_promotore, bando.organismo_intermedio)


async def controlla_esaminatore(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who neither is of the office of the application's call nor sits, free of conflicts, in its commission.

    Raises:
        DomandaSconosciuta, BandoDiAltroEnte, CommissarioNonNominato, EnteMancante, DichiarazioneMancante,
        ConflittoDichiarato.
    """
    if principal.has(Ruolo.FUNZIONARIO_BANDI):
        await controlla_ufficio_della_domanda(session, domanda_id, principal)
    else:
        await controlla_commissario(session, domanda_id, principal)


async def controlla_esaminatore_del_bando(session: AsyncSession, codice: str, principal: Principal) -> None:
    """Refuse who neither is of the office of the call nor sits in its commission.

    Raises:
        BandoSconosciuto, BandoDiAltroEnte, CommissarioNonNominato, EnteMancante.
    """
    if principal.has(Ruolo.FUNZIONARIO_BANDI):
        await controlla_ufficio_del_bando(session, codice, principal)
    else:
        await controlla_commissario_del_bando(session, codice, principal)


async def controlla_capofila_chiamante(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who does not act for the organisation that leads the application.

    Raises:
        DomandaSconosciuta, DomandaDiAltri, EnteMancante.
    """
    domanda = await nota(session, domanda_id)
    if domanda.capofila != ente_di(principal):
        raise DomandaDiAltri("La domanda e' di un altro ente.", remedy="Agire per conto del capofila della domanda.")


async def controlla_partner(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who does not act for one of the partners the application names.

    Raises:
        DomandaSconosciuta, EnteNonNelPartenariato, EnteMancante.
    """
    domanda = await nota(session, domanda_id)
    controlla_invitato(ContenutoDomanda.model_validate(domanda.bozza).to_rules(), ente_di(principal))


async def controlla_lettore(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who may not read an application: its lead and partners may, the office and the commission once presented.

    Raises:
        DomandaSconosciuta, DomandaDiAltri, BandoDiAltroEnte, CommissarioNonNominato, EnteMancante.
    """
    domanda = await nota(session, domanda_id)
    draft = domanda.stato == StatoDomanda.BOZZA
    if principal.has(*PARTECIPANTI) and principal.ente in _members(domanda):
        return
    await _check_no_conflict(session, domanda_id, principal)
    if principal.has(Ruolo.FUNZIONARIO_BANDI) and not draft:
        await _check_office(session, domanda.bando_id, principal)
        return
    if principal.has(Ruolo.COMMISSARIO) and not draft:
        await controlla_commissario(session, domanda_id, principal)
        return
    raise DomandaDiAltri("La domanda e' di un altro ente.", remedy="Agire per conto del capofila della domanda.")


async def partecipa(session: AsyncSession, domanda_id: UUID, principal: Principal) -> bool:
    """Say whether somebody acts for the lead or a partner of an application: only they see what is being prepared.

    Raises:
        DomandaSconosciuta.
    """
    return principal.has(*PARTECIPANTI) and principal.ente in _members(await nota(session, domanda_id))


def _members(domanda: Domanda) -> set[str]:
    """Return the organisations that apply together."""
    contenuto = ContenutoDomanda.model_validate(domanda.bozza).to_rules()
    return {domanda.capofila, *(membro.ente for membro in invitati(contenuto))}


async def controlla_commissario(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who is not in the commission of the application's call, or has not declared to be free of conflicts.

    Raises:
        DomandaSconosciuta, CommissarioNonNominato, DichiarazioneMancante, ConflittoDichiarato.
    """
    domanda = await nota(session, domanda_id)
    await controlla_commissione(session, domanda.bando_id, principal)
    controlla_accesso(await queries_dichiarazioni.dichiarata(session, domanda_id, principal.subject))


async def _check_no_conflict(session: AsyncSession, domanda_id: UUID, principal: Principal) -> None:
    """Refuse who declared a conflict with an application, whatever other role they have."""
    declared = await queries_dichiarazioni.dichiarata(session, domanda_id, principal.subject)
    if declared is not None:
        controlla_accesso(declared)


async def controlla_commissione(session: AsyncSession, bando_id: UUID, principal: Principal) -> None:
    """Refuse who is not in the commission of a call.

    Raises:
        CommissarioNonNominato.
    """
    if principal.subject not in await queries_bandi.commissari(session, bando_id):
        raise CommissarioNonNominato(
            "Chi chiama non e' nella commissione di questo bando.",
            remedy="Farsi nominare con un atto dall'ufficio del bando.",
        )


async def controlla_capofila_del_progetto(session: AsyncSession, progetto_id: UUID, principal: Principal) -> None:
    """Refuse who does not act for the organisation that leads the project.

    Raises:
        ProgettoSconosciuto, DomandaDiAltri, EnteMancante.
    """
    if (await noto(session, progetto_id)).capofila != ente_di(principal):
        raise DomandaDiAltri("Il progetto e' di un altro ente.", remedy="Agire per conto del capofila del progetto.")


async def controlla_capofila_o_ufficio(session: AsyncSession, progetto_id: UUID, principal: Principal) -> None:
    """Refuse who neither leads a project nor is of the office of its call.

    Raises:
        ProgettoSconosciuto, DomandaDiAltri, BandoDiAltroEnte, EnteMancante.
    """
    progetto = await noto(session, progetto_id)
    if principal.has(Ruolo.PROPONENTE) and progetto.capofila == ente_di(principal):
        return
    if principal.has(Ruolo.FUNZIONARIO_BANDI):
        await _check_office(session, progetto.bando_id, principal)
    else:
        raise DomandaDiAltri("Il progetto e' di un altro ente.", remedy="Agire per conto del capofila del progetto.")


async def controlla_commissario_del_bando(session: AsyncSession, codice: str, principal: Principal) -> None:
    """Refuse who is not in the commission of a call.

    Raises:
        BandoSconosciuto, CommissarioNonNominato.
    """
    await controlla_commissione(session, (await bandi.bando_pubblicato(session, codice)).bando_id, principal)
