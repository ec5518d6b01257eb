"""Projects, rolling calls and their money as anybody may read them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi import documents
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import progetti as queries
from services.bandi.queries import sportello as queries_sportello
from services.bandi.queries.progetti import FiltriProgetti
from services.bandi.rules.sportello import StatoPrenotazione
from services.bandi.schemas.domanda import PrenotazioneVista
from services.bandi.schemas.progetto import (
    AvanzamentoBando,
    CascataVista,
    LineaAvanzamento,
    MovimentoVista,
    ProgettoDettaglio,
    ProgettoVoce,
)
from services.bandi.service import bandi, viste
from services.bandi.service.atti import denaro
from services.bandi.service.progetti import noto


async def elenco_progetti(
    session: AsyncSession, filtri: FiltriProgetti, *, dopo: str | None, quanti: int
) -> list[ProgettoVoce]:
    """Return projects in order of code."""
    rows = await queries.elenco_progetti(session, filtri, dopo=dopo, quanti=quanti)
    money = await queries.linee_dei_progetti(session, [progetto.progetto_id for progetto, _ in rows])
    return [viste.progetto_voce(progetto, codice, money[progetto.progetto_id]) for progetto, codice in rows]


async def leggi_progetto(session: AsyncSession, progetto_id: UUID) -> ProgettoDettaglio:
    """Return a project with its partnership and its money.

    Raises:
        ProgettoSconosciuto.
    """
    progetto = await noto(session, progetto_id)
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    return viste.progetto_dettaglio(progetto, bando.codice, await denaro(session, progetto_id))


async def elenco_movimenti(session: AsyncSession, progetto_id: UUID, *, dopo: int, quanti: int) -> list[MovimentoVista]:
    """Return the acts on a project, in order.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    found = await queries.movimenti(session, progetto_id, dopo=dopo, quanti=quanti)
    return [viste.movimento_vista(movimento) for movimento in found]


async def avanzamento_bando(session: AsyncSession, codice: str) -> AvanzamentoBando:
    """Return the money of a call by line and in all: programmato, ammesso, impegnato, erogato.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    linee = [
        LineaAvanzamento(
            linea=row["codice"],
            azione=row["azione"],
            fondo=row["fondo"],
            dotazione=row["dotazione_cent"],
            operazioni=row["operazioni"],
            programmato=row["programmato_cent"],
            ammesso=row["ammesso_cent"],
            impegnato=row["impegnato_cent"],
            erogato=row["erogato_cent"],
        )
        for row in await queries.cascata_del_bando(session, bando.bando_id)
    ]
    return AvanzamentoBando(
        bando=codice,
        progetti=await queries.conta_progetti_finanziati(session, bando.bando_id),
        operazioni=sum(linea.operazioni for linea in linee),
        dotazione=sum(linea.dotazione or 0 for linea in linee),
        totale=CascataVista(
            programmato=sum(linea.programmato for linea in linee),
            ammesso=sum(linea.ammesso for linea in linee),
            impegnato=sum(linea.impegnato for linea in linee),
            erogato=sum(linea.erogato for linea in linee),
        ),
        linee=linee,
    )


async def csv_avanzamento(session: AsyncSession, codice: str) -> bytes:
    """Return the money of a call by line as CSV, as open data.

    Raises:
        BandoSconosciuto.
    """
    avanzamento = await avanzamento_bando(session, codice)
    rows = [
        (
            linea.linea,
            linea.azione,
            linea.fondo,
            linea.operazioni,
            linea.dotazione or 0,
            linea.programmato,
            linea.ammesso,
            linea.impegnato,
            linea.erogato,
        )
        for linea in avanzamento.linee
    ]
    return documents.csv_avanzamento(codice, rows)


async def elenco_sportello(session: AsyncSession, codice: str, *, dopo: int, quante: int) -> list[PrenotazioneVista]:
    """Return the applications of a rolling call, in order of protocol, with what each holds.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    rows = await queries_sportello.elenco(session, bando.bando_id, dopo=dopo, quante=quante)
    return [
        PrenotazioneVista(
            protocollo=held.protocollo,
            capofila=capofila,
            titolo=titolo,
            chiesto=chiesto,
            prenotazione=StatoPrenotazione(held.stato),
            attesa=held.attesa,
            aggiornata_il=held.aggiornata_il,
        )
        for held, capofila, titolo, chiesto in rows
    ]
