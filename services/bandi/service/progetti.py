"""Acts on a project: committed, started, paid, extended, renounced, concluded."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import emit
from services.bandi import events
from services.bandi.models import Progetto, ProgettoLinea
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import monitoraggio as queries_monitoraggio
from services.bandi.queries import progetti as queries
from services.bandi.rules.bando import Regole
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.rules.fasi import Operazione
from services.bandi.rules.gestione import controlla_cup_presente
from services.bandi.rules.monitoraggio import controlla_disseminazione
from services.bandi.rules.progetto import (
    LineaNonDelProgetto,
    ProgettoSconosciuto,
    StatoProgetto,
    TipoMovimento,
    chiudi,
    controlla_avvio,
    controlla_conclusione,
    controlla_in_corso,
    controlla_non_chiuso,
    controlla_proroga,
    economia,
    eroga,
    impegna,
    recupera,
    rinuncia,
    termine,
)
from services.bandi.rules.quote import QuoteNonQuadrano
from services.bandi.rules.spesa import controlla_pagabile, controlla_rendicontato, controlla_saldo
from services.bandi.schemas.bando import ImportoLinea
from services.bandi.schemas.progetto import ImportoMovimento, MovimentoNuovo, ProgettoDettaglio, RecuperoNuovo
from services.bandi.service import bandi, fasi, sportello, viste
from services.bandi.service.atti import denaro, muovi, registra, stato_come_evento
from services.bandi.service.conti import limiti


async def impegna_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: MovimentoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Commit money of a project legally, by an act.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, FaseNonInCorso, CupMancante, LineaNonDelProgetto, ImpegnoOltreAmmesso,
        QuoteNonQuadrano, QuotaNonCapiente.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    regole = await _under_way(session, progetto)
    controlla_cup_presente(regole.gestione, progetto.cup)
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    await muovi(session, linee, impegna(queries.cascata(linee), importi), _named(corpo.importi))
    progetto.stato = StatoProgetto.IMPEGNATO
    registra(session, progetto, TipoMovimento.IMPEGNO, corpo.atto, importi=importi, autore=autore, now=now)
    return await racconta(session, progetto, linee, events.ProgettoImpegnato, now=now)


async def avvia_progetto(
    session: AsyncSession, progetto_id: UUID, *, inizio: date, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Declare the start of a project; its end follows from its duration and the call's last day.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoGiaAvviato, ProrogaNonValida.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    regole = await _under_way(session, progetto)
    controlla_avvio(progetto.inizio, inizio, regole.termine_ultimo)
    progetto.inizio = inizio
    progetto.fine = termine(inizio, progetto.durata_mesi, regole.termine_ultimo)
    registra(session, progetto, TipoMovimento.AVVIO, atto, autore=autore, now=now)
    committed = progetto.stato == StatoProgetto.IMPEGNATO
    kind = events.ProgettoImpegnato if committed else events.ProgettoFinanziato
    return await racconta(session, progetto, await denaro(session, progetto_id), kind, now=now)


async def paga_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: MovimentoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Record a payment of committed money, by an act, within what the rules of the call allow by now.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, LineaNonDelProgetto, PagamentoSenzaImpegno, PagamentoOltreImpegno,
        PagamentoOltreMaturato, QuoteNonQuadrano, QuotaNonCapiente.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_non_chiuso(StatoProgetto(progetto.stato))
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    after = eroga(queries.cascata(linee), importi)
    limits = await limiti(session, progetto, await regole_del_progetto(session, progetto), linee)
    for codice, moved in after.items():
        controlla_pagabile(codice, pagato_cent=moved.erogato_cent, limite_cent=limits[codice])
    await muovi(session, linee, after, _named(corpo.importi))
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
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    regole = await regole_del_progetto(session, progetto)
    controlla_proroga(
        progetto.inizio,
        progetto.fine,
        fine,
        mesi_massimi=regole.durata_massima_mesi,
        termine_ultimo=regole.termine_ultimo,
    )
    progetto.fine = fine
    registra(session, progetto, TipoMovimento.PROROGA, atto, autore=autore, now=now)
    return await racconta(session, progetto, await denaro(session, progetto_id), events.ProgettoProrogato, now=now)


async def rinuncia_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, motivo: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Renounce a project that was never paid: all its money returns to the call's pool.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, RinunciaDopoPagamento.
    """
    progetto = await bloccato_con_il_bando(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    linee = await denaro(session, progetto_id)
    before = queries.cascata(linee)
    after = rinuncia(before)
    await muovi(session, linee, after)
    progetto.stato = StatoProgetto.RINUNCIATO
    await _leave(session, progetto, StatoDomanda.RINUNCIATA, motivo)
    freed = economia(before, after)
    registra(session, progetto, TipoMovimento.RINUNCIA, atto, importi=freed, autore=autore, now=now)
    told = await racconta(session, progetto, linee, events.ProgettoRevocato, now=now)
    await avanza_chi_attende(session, progetto, autore=autore, now=now)
    return told


async def concludi_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Close the accounts of a project: what is not paid is an economy and returns to the call's pool.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoNonImpegnato, ProgettoNonAvviato, RendicontoMancante,
        SaldoDaPagare, ObblighiAperti.
    """
    progetto = await bloccato_con_il_bando(session, progetto_id)
    stato = StatoProgetto(progetto.stato)
    controlla_conclusione(stato, progetto.inizio)
    controlla_rendicontato(stato, (await regole_del_progetto(session, progetto)).gestione)
    linee = await denaro(session, progetto_id)
    controlla_saldo(stato, {linea.linea: linea.impegnato_cent - linea.erogato_cent for linea in linee})
    controlla_disseminazione(await queries_monitoraggio.disseminazione_aperta(session, progetto_id))
    before = queries.cascata(linee)
    after = chiudi(before)
    await muovi(session, linee, after)
    progetto.stato = StatoProgetto.CONCLUSO
    freed = economia(before, after)
    registra(session, progetto, TipoMovimento.CONCLUSIONE, atto, importi=freed, autore=autore, now=now)
    told = await racconta(session, progetto, linee, events.ProgettoConcluso, now=now)
    await avanza_chi_attende(session, progetto, autore=autore, now=now)
    return told


async def revoca_progetto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, motivo: str, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Take its funding from a project, by an act of the office: what is not paid returns to the call's pool.

    What was paid is to be recovered: see ``recupera_dal_progetto``.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso.
    """
    progetto = await bloccato_con_il_bando(session, progetto_id)
    controlla_non_chiuso(StatoProgetto(progetto.stato))
    linee = await denaro(session, progetto_id)
    before = queries.cascata(linee)
    after = chiudi(before)
    await muovi(session, linee, after)
    progetto.stato = StatoProgetto.REVOCATO
    await _leave(session, progetto, StatoDomanda.REVOCATA, motivo)
    registra(session, progetto, TipoMovimento.REVOCA, atto, importi=economia(before, after), autore=autore, now=now)
    told = await racconta(session, progetto, linee, events.ProgettoRevocato, now=now)
    await avanza_chi_attende(session, progetto, autore=autore, now=now)
    return told


async def recupera_dal_progetto(
    session: AsyncSession, progetto_id: UUID, corpo: RecuperoNuovo, *, autore: str, now: datetime
) -> ProgettoDettaglio:
    """Record money a project that is over has given back: it returns to the call's pool.

    Raises:
        ProgettoSconosciuto, LineaNonDelProgetto, RecuperoNonDovuto.
    """
    progetto = await bloccato_con_il_bando(session, progetto_id)
    importi = _by_line(corpo.importi)
    linee = await denaro(session, progetto_id)
    await muovi(session, linee, recupera(StatoProgetto(progetto.stato), queries.cascata(linee), importi))
    registra(session, progetto, TipoMovimento.RECUPERO, corpo.atto, importi=importi, autore=autore, now=now)
    concluded = progetto.stato == StatoProgetto.CONCLUSO
    kind = events.ProgettoConcluso if concluded else events.ProgettoRevocato
    told = await racconta(session, progetto, linee, kind, now=now)
    await avanza_chi_attende(session, progetto, autore=autore, now=now)
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


async def bloccato(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """Return a project locked for writing.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    return await queries.blocca_progetto(session, progetto_id)


async def bloccato_con_il_bando(session: AsyncSession, progetto_id: UUID) -> Progetto:
    """Return a project whose money returns to the pool, locked after its call, as everywhere.

    Raises:
        ProgettoSconosciuto.
    """
    await queries_bandi.blocca_bando(session, (await noto(session, progetto_id)).bando_id)
    return await queries.blocca_progetto(session, progetto_id)


async def regole_del_progetto(session: AsyncSession, progetto: Progetto) -> Regole:
    """Return the rules in force of a project's call."""
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    return (await bandi.regole_in_vigore(session, bando)).to_rules()


async def _under_way(session: AsyncSession, progetto: Progetto) -> Regole:
    """Return the rules of a project's call, refusing when its programme has not come to the phase of works."""
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    regole = (await bandi.regole_in_vigore(session, bando)).to_rules()
    await fasi.controlla_fase_in_corso(session, Operazione.PROGETTI, bando, regole)
    return regole


def _by_line(importi: Sequence[ImportoLinea]) -> dict[str, int]:
    amounts = {item.linea: item.importo for item in importi}
    if len(amounts) != len(importi) or not all(amounts.values()):
        raise LineaNonDelProgetto("Ogni linea compare una volta, con un importo maggiore di zero.", field="importi")
    return amounts


def _named(importi: Sequence[ImportoMovimento]) -> dict[str, dict[str, int]]:
    """Return the shares an act names, by line and partner."""
    named: dict[str, dict[str, int]] = {}
    for item in importi:
        shares = {quota.ente: quota.importo for quota in item.quote}
        if len(shares) != len(item.quote):
            raise QuoteNonQuadrano(f"Linea {item.linea}: un ente compare due volte fra le quote.", field="importi")
        if shares:
            named[item.linea] = shares
    return named


async def racconta(
    session: AsyncSession,
    progetto: Progetto,
    linee: Sequence[ProgettoLinea],
    kind: type[events.ProgettoStato],
    *,
    now: datetime,
) -> ProgettoDettaglio:
    """Tell what happened to a project as an event, and return it."""
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    await session.flush()
    await emit(session, stato_come_evento(kind, progetto, linee, bando.codice, now), now=now)
    return viste.progetto_dettaglio(progetto, bando.codice, linee)


async def avanza_chi_attende(session: AsyncSession, progetto: Progetto, *, autore: str, now: datetime) -> None:
    """Give the money that returned to who waits, in a rolling call."""
    bando = await queries_bandi.bando_per_id(session, progetto.bando_id)
    await sportello.avanza(session, bando, await regole_del_progetto(session, progetto), autore=autore, now=now)


async def _leave(session: AsyncSession, progetto: Progetto, stato: StatoDomanda, motivo: str) -> None:
    domanda = await queries_domande.blocca_domanda(session, progetto.domanda_id)
    domanda.stato = stato
    domanda.motivo_uscita = motivo
    domanda.versione += 1
