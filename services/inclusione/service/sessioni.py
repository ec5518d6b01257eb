"""The operators' registers: sessions of a service, who was there, their signatures and validations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Conflict, NotFound
from chassis.tokens import Principal
from services.inclusione.models import Ora, Sessione
from services.inclusione.queries import sessioni as queries
from services.inclusione.rules.iscrizione import OperatoreNonPartner
from services.inclusione.rules.ore import intervallo
from services.inclusione.rules.stati import StatoOra
from services.inclusione.schemas.ore import (
    EsitoOre,
    OraDiUnPip,
    PresentiNuovi,
    SessioneInElenco,
    SessioneNuova,
)
from services.inclusione.service.progetto import e_partner, progetto_di
from services.inclusione.service.registrazione import registra_ore


class SessioneGiaAperta(Conflict):
    """The operator already has a session of that code."""

    title = "Sessione gia' aperta"


async def apri_sessione(
    session: AsyncSession, corpo: SessioneNuova, *, principal: Principal, now: datetime
) -> SessioneInElenco:
    """Opens a page of the operator's register, for a session that was held.

    Raises:
        NotFound: no such project here.
        OperatoreNonPartner: the operator's organisation is not in the partnership.
        OraNonValida, OraFutura: the interval is not one, or has not passed yet.
        SessioneGiaAperta: the code is taken.
    """
    progetto = await progetto_di(session, corpo.progetto_id)
    if not e_partner(progetto, principal):
        raise OperatoreNonPartner(
            "L'ente di chi chiama non fa parte del partenariato del progetto.",
            field="progetto_id",
            remedy="Aprire sessioni nei progetti di cui l'ente e' partner.",
        )
    tempo = intervallo(corpo.inizio, corpo.fine, now=now)
    sessione = Sessione(
        ente=principal.ente or "",
        codice=corpo.codice,
        progetto_id=corpo.progetto_id,
        servizio_codice=corpo.servizio_codice,
        tipo=corpo.tipo,
        inizio=tempo.inizio,
        fine=tempo.fine,
        aperta_da=principal.subject,
        aperta_il=now,
    )
    if not await queries.aggiungi_sessione(session, sessione):
        raise SessioneGiaAperta(
            f"Il registro ha gia' una sessione {corpo.codice}.", field="codice", remedy="Usare un altro codice."
        )
    return cifre_di(sessione, [])


async def registra_presenti(
    session: AsyncSession, codice: str, corpo: PresentiNuovi, *, principal: Principal, now: datetime
) -> EsitoOre:
    """Registers the hours of who was at a session, each row on its own.

    Raises:
        NotFound: the operator has no such session.
    """
    sessione = await sessione_di(session, principal.ente or "", codice)
    righe = [
        OraDiUnPip(
            pip_id=presente.pip_id,
            servizio_codice=sessione.servizio_codice,
            inizio=presente.inizio or sessione.inizio,
            fine=presente.fine or sessione.fine,
            sessione=codice,
        )
        for presente in corpo.presenti
    ]
    return await registra_ore(session, righe, principal=principal, now=now)


async def sessione_di(session: AsyncSession, ente: str, codice: str) -> Sessione:
    """A session of an operator.

    Raises:
        NotFound: the operator has no such session.
    """
    sessione = await queries.sessione(session, ente, codice)
    if sessione is None:
        raise NotFound(f"Il registro non ha una sessione {codice}.")
    return sessione


async def leggi_sessione(session: AsyncSession, ente: str, codice: str) -> tuple[Sessione, Sequence[Ora]]:
    """A page of the register: the session and its hours.

    Raises:
        NotFound: the operator has no such session.
    """
    sessione = await sessione_di(session, ente, codice)
    return sessione, await queries.ore_della_sessione(session, ente, codice)


def cifre_di(sessione: Sessione, ore: Sequence[Ora]) -> SessioneInElenco:
    """A session with the figures of its hours."""
    valide = [ora for ora in ore if ora.stato is not StatoOra.ANNULLATA]
    return _riga(
        sessione,
        len({ora.pip_id for ora in valide}),
        sum(ora.minuti for ora in valide),
        sum(ora.minuti for ora in valide if ora.stato is StatoOra.VALIDATA),
    )


def _riga(sessione: Sessione, persone: int, minuti: int, validati: int) -> SessioneInElenco:
    return SessioneInElenco(
        ente=sessione.ente,
        codice=sessione.codice,
        progetto_id=sessione.progetto_id,
        servizio_codice=sessione.servizio_codice,
        tipo=sessione.tipo,
        inizio=sessione.inizio,
        fine=sessione.fine,
        persone=persone,
        minuti=minuti,
        minuti_validati=validati,
    )


async def elenca_sessioni(
    session: AsyncSession,
    ente: str,
    *,
    progetto_id: UUID | None,
    servizio_codice: str | None,
    dopo: str | None,
    limit: int,
) -> list[SessioneInElenco]:
    """The operator's register, in code order, of a project or a service if asked."""
    righe = await queries.sessioni(
        session, ente=ente, progetto_id=progetto_id, servizio_codice=servizio_codice, dopo=dopo, limit=limit
    )
    return [_riga(*riga) for riga in righe]
