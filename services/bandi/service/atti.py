"""What every act on a project does: it moves money, is written down, draws the next version, is told as an event."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi import events
from services.bandi.models import MovimentoProgetto, Progetto, ProgettoLinea, QuotaPartner
from services.bandi.queries import piani as queries_piani
from services.bandi.queries import progetti as queries
from services.bandi.rules.progetto import Avanzamento, StatoProgetto, TipoMovimento
from services.bandi.rules.quote import chiudi, segui


class ProgettoNuovo(NamedTuple):
    """The values of a project just opened: thousands at once are written as they are, without a mapped object each."""

    progetto_id: UUID
    bando_id: UUID
    domanda_id: UUID
    codice: str
    versione: int
    stato: StatoProgetto
    titolo: str
    capofila: str
    membri: list[dict[str, Any]]
    comune: str | None
    quartiere: str | None
    durata_mesi: int
    inizio: date | None
    fine: date | None
    creato_il: datetime
    aggiornato_il: datetime
    cup: str | None = None


class LineaNuova(NamedTuple):
    """The values of the money of a project just opened, on one line."""

    progetto_id: UUID
    linea: str
    bando_id: UUID
    azione: str
    fondo: str
    programmato_cent: int
    ammesso_cent: int
    impegnato_cent: int
    erogato_cent: int


def registra(
    session: AsyncSession,
    progetto: Progetto,
    tipo: TipoMovimento,
    atto: str,
    *,
    importi: Mapping[str, int] | None = None,
    autore: str,
    now: datetime,
) -> None:
    """Write an act down and draw the project's next version, which numbers it."""
    progetto.versione += 1
    progetto.aggiornato_il = now
    session.add(
        MovimentoProgetto(
            movimento_id=uuid7(),
            progetto_id=progetto.progetto_id,
            numero=progetto.versione,
            tipo=tipo,
            atto=atto,
            importi=dict(importi or {}),
            inizio=progetto.inizio,
            fine=progetto.fine,
            registrato_da=autore,
            registrato_il=now,
        )
    )


def stato_come_evento(
    kind: type[events.ProgettoStato],
    progetto: Progetto | ProgettoNuovo,
    linee: Sequence[ProgettoLinea | LineaNuova],
    bando_codice: str,
    now: datetime,
) -> events.ProgettoStato:
    """Return the full state of a project as one of its events."""
    return kind(
        progetto_id=progetto.progetto_id,
        versione=progetto.versione,
        bando_id=progetto.bando_id,
        bando_codice=bando_codice,
        codice=progetto.codice,
        titolo=progetto.titolo,
        capofila=progetto.capofila,
        partner=[
            events.PartnerStato(ente=m["ente"], categoria=m["categoria"], ruolo=m["ruolo"]) for m in progetto.membri
        ],
        comune=progetto.comune,
        quartiere=progetto.quartiere,
        cup=progetto.cup,
        stato=StatoProgetto(progetto.stato),
        inizio=progetto.inizio,
        fine=progetto.fine,
        linee=[
            events.LineaStato(
                azione=linea.azione,
                fondo=linea.fondo,
                ammesso_cent=linea.ammesso_cent,
                impegnato_cent=linea.impegnato_cent,
            )
            for linea in linee
        ],
        accaduto_il=now,
    )


async def denaro(session: AsyncSession, progetto_id: UUID) -> list[ProgettoLinea]:
    """Return the money of a project, in order of line."""
    return (await queries.linee_dei_progetti(session, [progetto_id]))[progetto_id]


async def muovi(
    session: AsyncSession,
    linee: Sequence[ProgettoLinea],
    dopo: Mapping[str, Avanzamento],
    nominate: Mapping[str, Mapping[str, int]] | None = None,
    *,
    dovuti: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Move the money of a project, line by line, and the partners' shares with it.

    Args:
        session: the transaction, with the project locked.
        linee: the lines of the project.
        dopo: the new waterfall of the lines that move.
        nominate: cents by partner of the lines where the act names them.
        dovuti: at the final account, cents earned on each line by partner.

    Raises:
        QuoteNonQuadrano, QuotaNonCapiente: the named shares do not hold.
    """
    if not linee:
        return
    shares = await queries_piani.quote_partner(session, linee[0].progetto_id)
    before = queries.cascata(linee)
    for linea in linee:
        moved = dopo.get(linea.linea)
        if moved is None:
            continue
        quote = shares.get(linea.linea, [])
        named = (nominate or {}).get(linea.linea)
        if quote or named:
            known = {quota.ente: queries_piani.come_cascata(quota) for quota in quote}
            if dovuti is None:
                after = segui(before[linea.linea], moved, known, named)
            else:
                after = chiudi(moved, known, dovuti.get(linea.linea, {}))
            for quota in quote:
                _set(quota, after[quota.ente])
        linea.da_recuperare_cent = max(0, linea.da_recuperare_cent - max(0, linea.erogato_cent - moved.erogato_cent))
        _set(linea, moved)


def _set(row: ProgettoLinea | QuotaPartner, moved: Avanzamento) -> None:
    row.ammesso_cent = moved.ammesso_cent
    row.impegnato_cent = moved.impegnato_cent
    row.erogato_cent = moved.erogato_cent
