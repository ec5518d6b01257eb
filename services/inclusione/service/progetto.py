"""Projects and their lines: opened and updated by the events of bandi, split by an officer."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.tokens import Principal
from services.inclusione.models import Linea, Progetto
from services.inclusione.queries import progetto as queries
from services.inclusione.rules import dote
from services.inclusione.rules.dote import StatoLinea
from services.inclusione.schemas.progetto import LineaVista, Ripartizione

AZIONE_INCLUSIONE = "9.1.3"
STATI_CHIUSI = frozenset({"rendicontato", "concluso", "revocato", "rinunciato"})


def regola(linea: Linea) -> dote.Linea:
    """The line as the rules read it."""
    return dote.Linea(
        stato=linea.stato,
        capienza_cent=linea.capienza_cent,
        riservato_servizi_cent=linea.riservato_servizi_cent,
        riservato_indennita_cent=linea.riservato_indennita_cent,
        tetto_servizi_cent=linea.tetto_servizi_cent,
        tetto_indennita_cent=linea.tetto_indennita_cent,
    )


async def aggiorna_progetto(
    session: AsyncSession,
    progetto_id: UUID,
    versione: int,
    *,
    stato: str,
    linee: Sequence[tuple[str, str, int, int]],
    inizio: date | None,
    fine: date | None,
    **dati: Any,
) -> bool:
    """Applies what bandi says of a project: opens its line, or updates it; older versions do nothing.

    Args:
        linee: action, fund, admitted and committed cents of each line; only those of action 9.1.3 count, together.
        dati: the other columns of `Progetto`.

    Returns:
        False if the project has no inclusion line, or a newer version is known.
    """
    del_progetto = [linea for linea in linee if linea[0] == AZIONE_INCLUSIONE]
    await queries.blocca_progetto(session, progetto_id)
    progetto = await queries.progetto(session, progetto_id)
    if progetto is None and not del_progetto:
        return False
    if progetto is None:
        progetto = Progetto(progetto_id=progetto_id, versione=versione, stato=stato, inizio=inizio, fine=fine, **dati)
        session.add(progetto)
        await session.flush()
    elif progetto.versione >= versione:
        return False
    else:
        progetto.versione, progetto.stato, progetto.inizio, progetto.fine = versione, stato, inizio, fine
        for nome, valore in dati.items():
            setattr(progetto, nome, valore)
    await _aggiorna_linea(session, progetto_id, stato, del_progetto)
    return True


async def _aggiorna_linea(
    session: AsyncSession, progetto_id: UUID, stato: str, linee: Sequence[tuple[str, str, int, int]]
) -> None:
    linea = await queries.blocca_linea(session, progetto_id)
    ammesso, impegnato = sum(voce[2] for voce in linee), sum(voce[3] for voce in linee)
    fondo = " + ".join(sorted({voce[1] for voce in linee})) or "-"
    nuovo_stato = StatoLinea.CHIUSA if stato in STATI_CHIUSI else StatoLinea.APERTA
    if linea is None:
        session.add(
            Linea(
                progetto_id=progetto_id,
                versione=1,
                stato=nuovo_stato,
                fondo=fondo,
                ammesso_cent=ammesso,
                impegnato_cent=impegnato,
                capienza_cent=impegnato,
            )
        )
        return
    linea.stato, linea.fondo, linea.ammesso_cent, linea.impegnato_cent = nuovo_stato, fondo, ammesso, impegnato
    linea.capienza_cent = dote.capienza(impegnato, linea.riservato_servizi_cent + linea.riservato_indennita_cent)
    linea.versione += 1


async def capofila_di(session: AsyncSession, progetto_id: UUID) -> str:
    """The lead of a project.

    Raises:
        NotFound: no such project here.
    """
    return (await progetto_di(session, progetto_id)).capofila


async def progetto_di(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """A project with an inclusion line.

    Raises:
        NotFound: no such project here.
    """
    progetto = await queries.progetto(session, progetto_id)
    if progetto is None:
        raise NotFound(
            "Il progetto non esiste o non ha una linea di inclusione attiva (azione 9.1.3).", field="progetto_id"
        )
    return progetto


async def leggi_linea(session: AsyncSession, progetto_id: UUID) -> LineaVista:
    """A project's line with what plans hold of it.

    Raises:
        NotFound: no such project here.
    """
    progetto = await progetto_di(session, progetto_id)
    linea = await queries.linea(session, progetto_id)
    assert linea is not None
    piani = await queries.piani_per_stato(session, [progetto_id])
    return _vista(progetto, linea, piani.get(progetto_id, {}))


async def elenca_linee(
    session: AsyncSession, *, capofila: str | None, ente: str | None, dopo: UUID | None, limit: int
) -> list[LineaVista]:
    """Lines in project order: all, those of a lead, or those an operator is partner of."""
    righe = await queries.linee(session, capofila=capofila, ente=ente, dopo=dopo, limit=limit)
    piani = await queries.piani_per_stato(session, [progetto.progetto_id for progetto, _ in righe])
    return [_vista(progetto, linea, piani.get(progetto.progetto_id, {})) for progetto, linea in righe]


async def ripartisci_linea(
    session: AsyncSession, progetto_id: UUID, corpo: Ripartizione, *, check_version: Callable[[int], None]
) -> LineaVista:
    """Splits a line into services and allowance.

    Args:
        check_version: refuses, under the line's lock, a caller who saw an older version.

    Raises:
        NotFound: no such project here.
        PreconditionFailed, PreconditionRequired: what the caller saw is no longer so, or was not said.
        RipartizioneNonValida: the parts do not make the admitted amount, or plans hold more than a part.
    """
    progetto = await progetto_di(session, progetto_id)
    linea = await queries.blocca_linea(session, progetto_id)
    assert linea is not None
    check_version(linea.versione)
    dopo = dote.ripartisci(regola(linea), corpo.servizi, corpo.indennita, ammesso_cent=linea.ammesso_cent)
    linea.tetto_servizi_cent, linea.tetto_indennita_cent = dopo.tetto_servizi_cent, dopo.tetto_indennita_cent
    linea.versione += 1
    piani = await queries.piani_per_stato(session, [progetto_id])
    return _vista(progetto, linea, piani.get(progetto_id, {}))


def e_partner(progetto: Progetto, principal: Principal) -> bool:
    """Whether the caller's organisation is in the partnership, as its lead or a partner."""
    return principal.ente is not None and (
        principal.ente == progetto.capofila or any(voce.get("ente") == principal.ente for voce in progetto.partner)
    )


def _vista(progetto: Progetto, linea: Linea, piani: dict[str, int]) -> LineaVista:
    riservato = linea.riservato_servizi_cent + linea.riservato_indennita_cent
    aperta = linea.stato is StatoLinea.APERTA
    return LineaVista(
        progetto_id=progetto.progetto_id,
        versione=linea.versione,
        bando_codice=progetto.bando_codice,
        codice=progetto.codice,
        titolo=progetto.titolo,
        capofila=progetto.capofila,
        comune=progetto.comune,
        quartiere=progetto.quartiere,
        inizio=progetto.inizio,
        fine=progetto.fine,
        stato=linea.stato,
        fondo=linea.fondo,
        ammesso=linea.ammesso_cent,
        impegnato=linea.impegnato_cent,
        riservato_servizi=linea.riservato_servizi_cent,
        riservato_indennita=linea.riservato_indennita_cent,
        residuo=linea.capienza_cent - riservato if aperta else 0,
        scoperto=max(riservato - linea.impegnato_cent, 0),
        tetto_servizi=linea.tetto_servizi_cent,
        tetto_indennita=linea.tetto_indennita_cent,
        liquidato=linea.liquidato_cent,
        piani=piani,
    )
