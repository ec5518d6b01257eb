"""Projects opened by a ranking, and grants a scorrimento completes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from services.bandi import events
from services.bandi.models import Bando, Progetto
from services.bandi.queries import graduabili
from services.bandi.queries import piani as queries_piani
from services.bandi.queries import progetti as queries
from services.bandi.queries.graduabili import DaAprire
from services.bandi.rules.bando import Regole
from services.bandi.rules.progetto import Avanzamento, Concessione, StatoProgetto, TipoMovimento
from services.bandi.rules.quote import ridisegna, ripartisci
from services.bandi.rules.righe import Esito, Graduatoria, Riga
from services.bandi.service.atti import LineaNuova, ProgettoNuovo, denaro, muovi, registra, stato_come_evento
from services.bandi.service.conti import righe_quote


async def finanzia_progetti(
    session: AsyncSession,
    bando: Bando,
    regole: Regole,
    graduatoria: Graduatoria,
    *,
    atto: str,
    autore: str,
    now: datetime,
) -> None:
    """Open a project for each newly funded row, and raise the grant of those a scorrimento completes.

    Raises:
        sqlalchemy.exc.IntegrityError: the rows would assign more than a line has; the rules never do.
    """
    known = await queries.progetti_delle_domande(session, bando.bando_id)
    funded = [riga for riga in graduatoria.righe if riga.esito is Esito.FINANZIATA]
    new = [_grant(riga) for riga in funded if UUID(riga.domanda_id) not in known]
    await apri_progetti(session, bando, regole, new, atto=atto, autore=autore, now=now)
    for riga in funded:
        progetto = known.get(UUID(riga.domanda_id))
        if progetto is not None:
            await _raise_grant(session, bando, progetto, riga, atto=atto, autore=autore, now=now)


async def apri_progetti(
    session: AsyncSession,
    bando: Bando,
    regole: Regole,
    rows: Sequence[Concessione],
    *,
    atto: str,
    autore: str,
    now: datetime,
) -> None:
    """Open a project for each grant: its money, its first act, its event.

    Raises:
        sqlalchemy.exc.IntegrityError: the grants would assign more than a line has; the rules never do.
    """
    if not rows:
        return
    presented = await graduabili.da_aprire(session, [riga.domanda_id for riga in rows])
    projects = [_project(bando, riga, presented[riga.domanda_id], now) for riga in rows]
    money = [
        _project_line(bando, regole, project, riga, linea, chiesto)
        for project, riga in zip(projects, rows, strict=True)
        for linea, chiesto in riga.richiesto
    ]
    first_acts = [
        {
            "movimento_id": uuid7(),
            "progetto_id": project.progetto_id,
            "numero": 1,
            "tipo": TipoMovimento.FINANZIAMENTO,
            "atto": atto,
            "importi": dict(riga.ammesso),
            "inizio": None,
            "fine": None,
            "registrato_da": autore,
            "registrato_il": now,
        }
        for project, riga in zip(projects, rows, strict=True)
    ]
    await queries.inserisci_progetti(
        session, [project._asdict() for project in projects], [line._asdict() for line in money], first_acts
    )
    lines: dict[UUID, list[LineaNuova]] = {}
    for line in money:
        lines.setdefault(line.progetto_id, []).append(line)
    await _share_out(session, projects, money)
    told = [
        stato_come_evento(events.ProgettoFinanziato, project, lines[project.progetto_id], bando.codice, now)
        for project in projects
    ]
    await emit(session, *told, now=now)


async def _share_out(session: AsyncSession, projects: Sequence[ProgettoNuovo], money: Sequence[LineaNuova]) -> None:
    """Give the partners their shares of the lines that the applications divided among several."""
    asked = await queries_piani.quote_divise(session, [project.domanda_id for project in projects])
    applications = {project.progetto_id: project.domanda_id for project in projects} if asked else {}
    rows = []
    for line in money if asked else ():
        shares = asked.get((applications[line.progetto_id], line.linea))
        if shares is None:
            continue
        granted = dict(zip(shares, ripartisci(line.ammesso_cent, list(shares.values())), strict=True))
        drawn = ridisegna(Avanzamento(line.programmato_cent, line.ammesso_cent), granted, {})
        rows += righe_quote(line.progetto_id, line.linea, list(shares), drawn)
    await queries_piani.inserisci_quote(session, rows)


def _grant(riga: Riga) -> Concessione:
    return Concessione(UUID(riga.domanda_id), riga.protocollo, riga.capofila, riga.richiesto, riga.ammesso)


def _project(bando: Bando, riga: Concessione, presentata: DaAprire, now: datetime) -> ProgettoNuovo:
    members: list[dict[str, Any]] = [
        {"ente": m["ente"], "denominazione": m["denominazione"], "categoria": m["categoria"], "ruolo": m["ruolo"]}
        for m in presentata.membri
    ]
    return ProgettoNuovo(
        progetto_id=uuid7(),
        bando_id=bando.bando_id,
        domanda_id=riga.domanda_id,
        codice=f"{bando.codice}-{riga.protocollo:04d}",
        versione=1,
        stato=StatoProgetto.FINANZIATO,
        titolo=presentata.titolo,
        capofila=riga.capofila,
        membri=members,
        comune=presentata.comune,
        quartiere=presentata.quartiere,
        durata_mesi=presentata.durata_mesi,
        inizio=None,
        fine=None,
        creato_il=now,
        aggiornato_il=now,
    )


def _project_line(
    bando: Bando, regole: Regole, project: ProgettoNuovo, riga: Concessione, codice: str, chiesto: int
) -> LineaNuova:
    linea = regole.linea(codice)
    if linea is None:
        raise LookupError(codice)
    return LineaNuova(
        progetto_id=project.progetto_id,
        linea=codice,
        bando_id=bando.bando_id,
        azione=linea.azione,
        fondo=linea.fondo,
        programmato_cent=chiesto,
        ammesso_cent=dict(riga.ammesso).get(codice, 0),
        impegnato_cent=0,
        erogato_cent=0,
    )


async def _raise_grant(
    session: AsyncSession, bando: Bando, progetto: Progetto, riga: Riga, *, atto: str, autore: str, now: datetime
) -> None:
    """Add to a project what a scorrimento completes of a grant given in part."""
    linee = await denaro(session, progetto.progetto_id)
    granted = dict(riga.ammesso)
    more = {
        linea.linea: granted[linea.linea] - linea.ammesso_cent
        for linea in linee
        if progetto.stato in {StatoProgetto.FINANZIATO, StatoProgetto.IMPEGNATO}
        and granted.get(linea.linea, 0) > linea.ammesso_cent
    }
    if not more:
        return
    before = queries.cascata(linee)
    raised = {
        codice: replace(before[codice], ammesso_cent=before[codice].ammesso_cent + cents)
        for codice, cents in more.items()
    }
    await muovi(session, linee, raised)
    registra(session, progetto, TipoMovimento.FINANZIAMENTO, atto, importi=more, autore=autore, now=now)
    await session.flush()
    await emit(session, stato_come_evento(events.ProgettoFinanziato, progetto, linee, bando.codice, now), now=now)
