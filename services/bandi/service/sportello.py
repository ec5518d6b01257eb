"""Rolling calls: reserving at presentation, funding at admission, advancing the waiting list."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Bando, Domanda
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import sportello as queries
from services.bandi.rules.bando import Modalita, Regole
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.rules.progetto import Concessione
from services.bandi.rules.sportello import StatoPrenotazione, promosse, riserva_subito
from services.bandi.service import finanziamenti


async def prenota(
    session: AsyncSession, bando: Bando, regole: Regole, domanda: Domanda, chiesto: Mapping[str, int], *, now: datetime
) -> tuple[StatoPrenotazione, int | None]:
    """Reserve the money of an application just presented, or give it a number in the waiting list.

    Args:
        session: the transaction, with the call locked.
        bando: the call, in mode ``sportello``.
        regole: its rules in force.
        domanda: the application, with its protocol number.
        chiesto: cents asked of each line.
        now: the platform's instant.

    Returns:
        The state of the reservation and the number in the waiting list, if any.
    """
    waiting = await queries.attese(session, bando.bando_id)
    free = await _free(session, bando.bando_id)
    at_once = riserva_subito(free, chiesto, qualcuno_attende=bool(waiting), taglio=regole.taglio)
    stato = StatoPrenotazione.RISERVATA if at_once else StatoPrenotazione.IN_ATTESA
    number = None if at_once else await queries.ultima_attesa(session, bando.bando_id) + 1
    row = {
        "domanda_id": domanda.domanda_id,
        "bando_id": bando.bando_id,
        "protocollo": domanda.protocollo,
        "stato": stato,
        "attesa": number,
        "aggiornata_il": now,
    }
    linee = [
        {
            "domanda_id": domanda.domanda_id,
            "linea": linea,
            "bando_id": bando.bando_id,
            "chiesto_cent": cents,
            "riservato_cent": cents if at_once else 0,
        }
        for linea, cents in chiesto.items()
    ]
    await queries.inserisci(session, row, linee)
    return stato, number


async def ammetti(
    session: AsyncSession, bando: Bando, regole: Regole, domanda: Domanda, *, autore: str, now: datetime
) -> None:
    """Fund an application just admitted, if its money is reserved; otherwise it goes on waiting, admitted."""
    held = await queries.prenotazione(session, domanda.domanda_id)
    if held is not None and held.stato == StatoPrenotazione.RISERVATA:
        await _fund(session, bando, regole, [domanda.domanda_id], autore=autore, now=now)


async def rilascia(
    session: AsyncSession, bando: Bando, regole: Regole, domanda_id: UUID, *, autore: str, now: datetime
) -> None:
    """Take an application out of a rolling call: what it held goes to who waits."""
    await queries.sposta(session, [domanda_id], StatoPrenotazione.RILASCIATA, now)
    await avanza(session, bando, regole, autore=autore, now=now)


async def avanza(session: AsyncSession, bando: Bando, regole: Regole, *, autore: str, now: datetime) -> None:
    """Give free money to the waiting list, in its order; who is already admitted is funded at once.

    Args:
        session: the transaction, with the call locked and its changes of money written.
        bando: any call; only rolling ones have a waiting list.
        regole: its rules in force.
        autore: who caused the move.
        now: the platform's instant.
    """
    if bando.modalita != Modalita.SPORTELLO:
        return
    await session.flush()
    waiting = {item.domanda_id: item for item in await queries.attese(session, bando.bando_id)}
    free = await _free(session, bando.bando_id)
    chosen = promosse(free, [(key, item.chiesto) for key, item in waiting.items()], regole.taglio)
    await queries.sposta(session, chosen, StatoPrenotazione.RISERVATA, now)
    admitted = [key for key in chosen if waiting[key].ammissibile]
    await _fund(session, bando, regole, admitted, autore=autore, now=now)


async def _fund(
    session: AsyncSession, bando: Bando, regole: Regole, domanda_ids: list[UUID], *, autore: str, now: datetime
) -> None:
    """Turn reservations into projects: the line is freed and assigned again in the same transaction."""
    if not domanda_ids:
        return
    await session.flush()
    await queries.sposta(session, domanda_ids, StatoPrenotazione.CONFERMATA, now)
    parts = await queries_domande.richieste(session, domanda_ids)
    found = await queries_domande.domande(session, domanda_ids)
    grants = []
    for domanda in found:
        asked = tuple(sorted(parts[domanda.domanda_id].items()))
        grants.append(Concessione(domanda.domanda_id, domanda.protocollo or 0, domanda.capofila, asked, asked))
    act = f"sportello del bando {bando.codice}"
    await finanziamenti.apri_progetti(session, bando, regole, grants, atto=act, autore=autore, now=now)
    await queries_domande.sposta_stati(session, dict.fromkeys(domanda_ids, StatoDomanda.FINANZIATA))
    for domanda in found:
        await session.refresh(domanda)


async def _free(session: AsyncSession, bando_id: UUID) -> dict[str, int]:
    return queries_bandi.libero(await queries_bandi.linee(session, bando_id, lock=True))
