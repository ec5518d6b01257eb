"""Reductions of arrears: reserved by households, pulled and answered by landlords, expired by time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Event
from chassis.ids import uuid7
from chassis.outbox import emit
from services.puntiluna.events import RiduzioneConfermata, RiduzionePrenotata, RiduzioneRespinta
from services.puntiluna.models import Proprietario, Riduzione
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries import riduzioni as queries
from services.puntiluna.queries.debiti import DebitoLetto
from services.puntiluna.rules.debiti import Debito, debito_riducibile
from services.puntiluna.rules.registro import Causa, Conto, Libro, Movimento, Riga, TipoConto, sposta
from services.puntiluna.rules.riduzioni import (
    NESSUNA_RISPOSTA,
    ContrattoSconosciuto,
    EsitoRiga,
    OrigineRiduzione,
    StatoRiduzione,
    Verdetto,
    controlla_prenotazione,
    scadenza,
)
from services.puntiluna.service.provenienza import attribuisci
from services.puntiluna.service.registro import componi_movimento, registra_tutti

SCADUTE_PER_VOLTA = 500
GRAZIA = timedelta(seconds=60)
"""An answer that arrived in time may still be on its way to the database when the term passes."""


async def prenota_riduzione(
    session: AsyncSession,
    nucleo_id: UUID,
    *,
    ente: str,
    contratto_codice: str,
    importo_cent: int,
    autore: str,
    now: datetime,
) -> Riduzione:
    """Reserve a reduction of a household's arrears with its points.

    Args:
        session: the transaction.
        nucleo_id: the household.
        ente: the landlord.
        contratto_codice: the contract.
        importo_cent: hundredths of a point, 1 or more: as many cents of arrears.
        autore: who asks.
        now: the platform's instant.

    Returns:
        The reduction, reserved until its term.

    Raises:
        ContrattoSconosciuto: the contract is not the household's.
        DebitoNonComunicato: its landlord never told the debt.
        SenzaMorosita: nothing is left to reduce.
        OltreIlDebito: more than what is left.
        SaldoInsufficiente: more than the household can spend.

    Source: DOMAIN, puntiluna, "Spending"; decision 6.
    """
    proprietario = await queries_debiti.blocca_proprietario(session, ente)
    debito = await queries_debiti.debito_del_contratto(session, nucleo_id, ente, contratto_codice)
    if proprietario is None or debito is None:
        raise ContrattoSconosciuto(
            f"Il contratto {contratto_codice} di {ente} non risulta di questo nucleo.", field="contratto_codice"
        )
    conto = conto_nucleo(Libro.PUNTI, nucleo_id)
    saldo = (await queries_registro.blocca_saldi(session, [conto.conto_id])).get(conto.conto_id, 0)
    recupero = (await queries_recuperi.da_recuperare(session, [conto.conto_id])).get(conto.conto_id, 0)
    controlla_prenotazione(
        importo_cent=importo_cent,
        spendibile_cent=saldo - recupero,
        debito_cent=debito.importo_cent,
        riducibile_cent=riducibile(debito),
    )
    return await scrivi_prenotazione(
        session,
        proprietario,
        nucleo_id=nucleo_id,
        progetto_id=await progetto_del_nucleo(session, nucleo_id),
        debito=debito,
        debito_prima_cent=riducibile(debito),
        importo_cent=importo_cent,
        origine=OrigineRiduzione.PUNTI,
        quota_id=None,
        autore=autore,
        now=now,
    )


async def scrivi_prenotazione(
    session: AsyncSession,
    proprietario: Proprietario,
    *,
    nucleo_id: UUID,
    progetto_id: UUID | None,
    debito: DebitoLetto,
    debito_prima_cent: int,
    importo_cent: int,
    origine: OrigineRiduzione,
    quota_id: UUID | None,
    autore: str,
    now: datetime,
    automatica: bool = False,
) -> Riduzione:
    """Write a reduction that was checked: its landlord is locked, so that the protocol number has no gaps.

    Returns:
        The reduction.
    """
    libro = libro_di(origine)
    riduzione_id = uuid7()
    proprietario.ultimo_protocollo += 1
    movimento = componi_movimento(
        libro=libro,
        causa=Causa.PRENOTAZIONE,
        chiave=f"prenotazione:{riduzione_id}",
        righe=sposta(
            conto_nucleo(libro, nucleo_id), conto_ente(libro, TipoConto.PRENOTATO, proprietario.ente), importo_cent
        ),
        accaduto_il=now,
        dettaglio={
            "riduzione_id": str(riduzione_id),
            "protocollo": proprietario.ultimo_protocollo,
            "contratto_codice": debito.contratto_codice,
            "ente_proprietario": proprietario.ente,
        },
    )
    await registra_tutti(session, [movimento], now=now)
    riduzione = Riduzione(
        riduzione_id=riduzione_id,
        versione=1,
        nucleo_id=nucleo_id,
        progetto_id=progetto_id,
        ente_proprietario=proprietario.ente,
        contratto_codice=debito.contratto_codice,
        origine=str(origine),
        quota_id=quota_id,
        protocollo=proprietario.ultimo_protocollo,
        importo_cent=importo_cent,
        confermato_cent=0,
        debito_prima_cent=debito_prima_cent,
        stato=str(StatoRiduzione.PRENOTATA),
        prenotata_il=now,
        prenotata_da=autore,
        automatica=automatica,
        scade_il=scadenza(now, proprietario.termine_giorni),
    )
    session.add(riduzione)
    await session.flush()
    await emit(session, _evento(RiduzionePrenotata, riduzione, now), now=now)
    return riduzione


async def scadono_riduzioni(session: AsyncSession, *, now: datetime) -> int:
    """Release the points of the reductions that had no answer within their term; returns how many expired.

    Args:
        session: the transaction.
        now: the platform's instant; they expire a minute after their term, so that an answer that came in time wins.

    Source: DOMAIN, puntiluna, "no answer within the term releases the points".
    """
    scadute = await queries.blocca_scadute(session, now - GRAZIA, SCADUTE_PER_VOLTA)
    for riduzione in scadute:
        riduzione.motivo = NESSUNA_RISPOSTA
    verdetti = [(r, Verdetto(EsitoRiga.REGISTRATA, 0, r.importo_cent)) for r in scadute]
    await risolvi(session, verdetti, stato_se_zero=StatoRiduzione.SCADUTA, now=now)
    return len(scadute)


async def elenca_riduzioni(
    session: AsyncSession, nucleo_id: UUID, *, dopo: UUID | None, limite: int
) -> list[Riduzione]:
    """Give a page of a household's reductions, the latest first."""
    return await queries.riduzioni_del_nucleo(session, nucleo_id, dopo, limite)


def riducibile(debito: DebitoLetto) -> int:
    """How much of a contract's debt can still be reduced (cents); zero when its landlord never told it."""
    if debito.importo_cent is None:
        return 0
    return debito_riducibile(Debito(debito.importo_cent, debito.pendente_cent, debito.confermato_dopo_cent))


def conto_nucleo(libro: Libro, nucleo_id: UUID) -> Conto:
    """The account of a household in a book."""
    return Conto(libro, TipoConto.NUCLEO, str(nucleo_id))


def conto_ente(libro: Libro, tipo: TipoConto, ente: str) -> Conto:
    """An account of a landlord in a book."""
    return Conto(libro, tipo, ente)


def libro_di(origine: str) -> Libro:
    """The book in which a reduction of this origin moves."""
    return Libro.PUNTI if origine == OrigineRiduzione.PUNTI else Libro.QUOTE


async def risolvi(
    session: AsyncSession,
    accolte: Sequence[tuple[Riduzione, Verdetto]],
    *,
    stato_se_zero: StatoRiduzione,
    now: datetime,
) -> None:
    """Move the points of answered reductions in one batch and tell what happened.

    Args:
        session: the transaction.
        accolte: locked reductions with their verdicts.
        stato_se_zero: the state of those of which nothing is confirmed.
        now: the platform's instant.
    """
    movimenti: list[Movimento] = []
    eventi: list[Event] = []
    quote = await queries.blocca_quote(session, [r.quota_id for r, _ in accolte if r.quota_id is not None])
    for riduzione, verdetto in accolte:
        movimenti.append(_movimento_di_risposta(riduzione, verdetto, now))
        riduzione.confermato_cent = verdetto.confermato_cent
        riduzione.stato = str(StatoRiduzione.CONFERMATA if verdetto.confermato_cent else stato_se_zero)
        riduzione.risposta_il = now
        riduzione.versione += 1
        if riduzione.quota_id is not None:
            quote[riduzione.quota_id].prenotato_cent -= verdetto.restituito_cent
        tipo = RiduzioneConfermata if verdetto.confermato_cent else RiduzioneRespinta
        eventi.append(_evento(tipo, riduzione, now))
    await session.flush()
    await registra_tutti(session, movimenti, now=now)
    await attribuisci(session, [r for r, _ in accolte if r.stato == StatoRiduzione.CONFERMATA])
    await emit(session, *eventi, now=now)


def _movimento_di_risposta(riduzione: Riduzione, verdetto: Verdetto, now: datetime) -> Movimento:
    libro, ente = libro_di(riduzione.origine), riduzione.ente_proprietario
    righe = [Riga(conto_ente(libro, TipoConto.PRENOTATO, ente), -riduzione.importo_cent)]
    if verdetto.confermato_cent:
        righe.append(Riga(conto_ente(libro, TipoConto.CONFERMATO, ente), verdetto.confermato_cent))
    if verdetto.restituito_cent:
        righe.append(Riga(conto_nucleo(libro, riduzione.nucleo_id), verdetto.restituito_cent))
    return componi_movimento(
        libro=libro,
        causa=Causa.CONFERMA if verdetto.confermato_cent else Causa.RESTITUZIONE,
        chiave=f"risposta:{riduzione.riduzione_id}",
        righe=righe,
        accaduto_il=now,
        dettaglio={
            "riduzione_id": str(riduzione.riduzione_id),
            "protocollo": riduzione.protocollo,
            "contratto_codice": riduzione.contratto_codice,
            "ente_proprietario": ente,
            "motivo": riduzione.motivo,
        },
    )


def _evento(
    tipo: type[RiduzionePrenotata] | type[RiduzioneConfermata] | type[RiduzioneRespinta],
    riduzione: Riduzione,
    now: datetime,
) -> Event:
    return tipo(
        versione=riduzione.versione,
        riduzione_id=riduzione.riduzione_id,
        nucleo_id=riduzione.nucleo_id,
        contratto_codice=riduzione.contratto_codice,
        ente_proprietario=riduzione.ente_proprietario,
        importo_cent=riduzione.importo_cent,
        confermato_cent=riduzione.confermato_cent,
        origine=OrigineRiduzione(riduzione.origine),
        stato=StatoRiduzione(riduzione.stato),
        motivo=riduzione.motivo,
        accaduta_il=now,
    )


async def blocca_proprietari(session: AsyncSession, nucleo_id: UUID) -> dict[str, Proprietario]:
    """Lock the landlords of a household, in order of code, before any account."""
    proprietari = {}
    for ente in await queries.enti_del_nucleo(session, nucleo_id):
        proprietario = await queries_debiti.blocca_proprietario(session, ente)
        if proprietario is not None:
            proprietari[ente] = proprietario
    return proprietari


async def progetto_del_nucleo(session: AsyncSession, nucleo_id: UUID) -> UUID | None:
    """The project that a household's reductions are counted with: its own, or that of its latest points."""
    nucleo = await queries_debiti.nucleo(session, nucleo_id)
    if nucleo is not None and nucleo.progetto_id is not None:
        return nucleo.progetto_id
    return await queries.ultimo_progetto_del_nucleo(session, nucleo_id)
