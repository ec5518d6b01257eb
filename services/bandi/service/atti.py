"""What every act on a project does: it is written down, draws the next version and is told as an event."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.bandi import events
from services.bandi.models import MovimentoProgetto, Progetto, ProgettoLinea
from services.bandi.queries import progetti as queries
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento


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
