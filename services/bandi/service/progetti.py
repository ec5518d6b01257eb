"""Acts on a project: committed, started, paid, extended, renounced, concluded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import emit
from services.bandi import events
from services.bandi.models import Progetto, ProgettoLinea
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import progetti as queries
from services.bandi.rules.bando import Regole
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.rules.progetto import (
    Avanzamento,
    LineaNonDelProgetto,
    ProgettoSconosciuto,
    StatoProgetto,
    TipoMovimento,
    chiudi,
    controlla_avvio,
    controlla_conclusione,
    controlla_in_corso,
    controlla_proroga,
    economia,
    eroga,
    impegna,
    recupera,
    rinuncia,
    termine,
)
from services.bandi.schemas.bando import ImportoLinea
from services.bandi.schemas.progetto import (
    MovimentoNuovo,
    ProgettoDettaglio,
)
from services.bandi.service import bandi, sportello, viste
from services.bandi.service.atti import denaro, registra, stato_come_evento


async def impegna_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: MovimentoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Commit money of a project legally, by an act.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, LineaNonDelProgetto, ImpegnoOltreAmmesso.
    """
    progetto = await _locked(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    _move(linee, impegna(queries.cascata(linee), importi))
    progetto.stato = StatoProgetto.IMPEGNATO
    registra(session, progetto, TipoMovimento.IMPEGNO, corpo.atto, importi=importi, autore=autore, now=now)
    return await _tell(session, progetto, linee, events.ProgettoImpegnato, now=now)


async def avvia_progetto(
    session: AsyncSession, progetto_id: UUID, *, inizio: date, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Declare the start of a project; its end follows from its duration and the call's last day.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoGiaAvviato, ProrogaNonValida.
    """
    progetto = await _locked(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    regole = await _rules(session, progetto)
    controlla_avvio(progetto.inizio, inizio, regole.termine_ultimo)
    progetto.inizio = inizio
    progetto.fine = termine(inizio, progetto.durata_mesi, regole.termine_ultimo)
    registra(session, progetto, TipoMovimento.AVVIO, atto, autore=autore, now=now)
    committed = progetto.stato == StatoProgetto.IMPEGNATO
    kind = events.ProgettoImpegnato if committed else events.ProgettoFinanziato
    return await _tell(session, progetto, await denaro(session, progetto_id), kind, now=now)


async def paga_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: MovimentoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Record a payment of committed money, by an act.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, LineaNonDelProgetto, PagamentoSenzaImpegno, PagamentoOltreImpegno.
    """
    progetto = await _locked(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    _move(linee, eroga(queries.cascata(linee), importi))
    registra(session, progetto, TipoMovimento.PAGAMENTO, corpo.atto, importi=importi, autore=autore, now=now)
    await session.flush()
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    return viste.progetto_dettaglio(progetto, bando.codice, linee)


async def proroga_progetto(
    session: AsyncSession, progetto_id: UUID, *, fine: date, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Move the end of a project forward, within the call's limits.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoNonAvviato, ProrogaNonValida.
    """
    progetto = await _locked(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    regole = await _rules(session, progetto)
    controlla_proroga(
        progetto.inizio,
        progetto.fine,
        fine,
        mesi_massimi=regole.durata_massima_mesi,
        termine_ultimo=regole.termine_ultimo,
    )
    progetto.fine = fine
    registra(session, progetto, TipoMovimento.PROROGA, atto, autore=autore, now=now)
    return await _tell(session, progetto, await denaro(session, progetto_id), events.ProgettoProrogato, now=now)


async def rinuncia_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, motivo: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Renounce a project that was never paid: all its money returns to the call's pool.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, RinunciaDopoPagamento.
    """
    progetto = await _locked_with_call(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    linee = await denaro(session, progetto_id)
    before = queries.cascata(linee)
    after = rinuncia(before)
    _move(linee, after)
    progetto.stato = StatoProgetto.RINUNCIATO
    await _leave(session, progetto, StatoDomanda.RINUNCIATA, motivo)
    freed = economia(before, after)
    registra(session, progetto, TipoMovimento.RINUNCIA, atto, importi=freed, autore=autore, now=now)
    told = await _tell(session, progetto, linee, events.ProgettoRevocato, now=now)
    await _advance(session, progetto, autore=autore, now=now)
    return told


async def concludi_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Close the accounts of a project: what is not paid is an economy and returns to the call's pool.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoNonImpegnato, ProgettoNonAvviato.
    """
    progetto = await _locked_with_call(session, progetto_id)
    controlla_conclusione(StatoProgetto(progetto.stato), progetto.inizio)
    linee = await denaro(session, progetto_id)
    before = queries.cascata(linee)
    after = chiudi(before)
    _move(linee, after)
    progetto.stato = StatoProgetto.CONCLUSO
    freed = economia(before, after)
    registra(session, progetto, TipoMovimento.CONCLUSIONE, atto, importi=freed, autore=autore, now=now)
    told = await _tell(session, progetto, linee, events.ProgettoConcluso, now=now)
    await _advance(session, progetto, autore=autore, now=now)
    return told


async def revoca_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, motivo: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Take its funding from a project, by an act of the office: what is not paid returns to the call's pool.

    What was paid is to be recovered: see ``recupera_dal_progetto``.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso.
    """
    progetto = await _locked_with_call(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    linee = await denaro(session, progetto_id)
    before = queries.cascata(linee)
    after = chiudi(before)
    _move(linee, after)
    progetto.stato = StatoProgetto.REVOCATO
    await _leave(session, progetto, StatoDomanda.REVOCATA, motivo)
    registra(session, progetto, TipoMovimento.REVOCA, atto, importi=economia(before, after), autore=autore, now=now)
    told = await _tell(session, progetto, linee, events.ProgettoRevocato, now=now)
    await _advance(session, progetto, autore=autore, now=now)
    return told


async def recupera_dal_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: MovimentoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Record money a project that is over has given back: it returns to the call's pool.

    Raises:
        ProgettoSconosciuto, LineaNonDelProgetto, RecuperoNonDovuto.
    """
    progetto = await _locked_with_call(session, progetto_id)
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    _move(linee, recupera(StatoProgetto(progetto.stato), queries.cascata(linee), importi))
    registra(session, progetto, TipoMovimento.RECUPERO, corpo.atto, importi=importi, autore=autore, now=now)
    concluded = progetto.stato == StatoProgetto.CONCLUSO
    kind = events.ProgettoConcluso if concluded else events.ProgettoRevocato
    told = await _tell(session, progetto, linee, kind, now=now)
    await _advance(session, progetto, autore=autore, now=now)
    return told


async def noto(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """Return a project.

    Raises:
        ProgettoSconosciuto: there is none with that id.
    """
    found = await queries.progetto(session, progetto_id)
    if found is None:
        raise ProgettoSconosciuto(f"Non c'e' un progetto con identificativo {progetto_id}.")
    return found


async def _locked(session: AsyncSession, progetto_id: UUID) -> Progetto:
    await noto(session, progetto_id)
    return await queries.blocca_progetto(session, progetto_id)


async def _locked_with_call(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """Lock a project whose money returns to the pool: the call comes first, as everywhere."""
    await queries_bandi.blocca_bando(session, (await noto(session, progetto_id)).bando_id)
    return await queries.blocca_progetto(session, progetto_id)


async def _rules(session: AsyncSession, progetto: Progetto) -> Regole:
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    return (await bandi.regole_in_vigore(session, bando)).to_rules()


def _by_line(importi: Sequence[ImportoLinea]) -> dict[str, int]:
    amounts = {item.linea: item.importo for item in importi}
    if len(amounts) != len(importi) or not all(amounts.values()):
        raise LineaNonDelProgetto("Ogni linea compare una volta, con un importo maggiore di zero.", field="importi")
    return amounts


def _move(linee: Sequence[ProgettoLinea], after: Mapping[str, Avanzamento]) -> None:
    for linea in linee:
        moved = after.get(linea.linea)
        if moved is not None:
            linea.ammesso_cent = moved.ammesso_cent
            linea.impegnato_cent = moved.impegnato_cent
            linea.erogato_cent = moved.erogato_cent


async def _tell(
    session: AsyncSession,
    progetto: Progetto,
    linee: Sequence[ProgettoLinea],
    kind: type[events.ProgettoStato],
    *,
    now: datetime,
) -> ProgettoDettaglio:
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    await session.flush()
    await emit(session, stato_come_evento(kind, progetto, linee, bando.codice, now), now=now)
    return viste.progetto_dettaglio(progetto, bando.codice, linee)


async def _advance(session: AsyncSession, progetto: Progetto, *, autore: str, now: datetime) -> None:
    """Give the money that returned to who waits, in a rolling call."""
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    await sportello.avanza(session, bando, await _rules(session, progetto), autore=autore, now=now)


async def _leave(session: AsyncSession, progetto: Progetto, stato: StatoDomanda, motivo: str) -> None:
    domanda = await queries_domande.blocca_domanda(session, progetto.domanda_id)
    domanda.stato = stato
    domanda.motivo_uscita = motivo
    domanda.versione += 1
