"""Points earned before the platform, carried over by an act of the Comune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import limiti as queries_limiti
from services.puntiluna.queries import registro as queries
from services.puntiluna.queries.registro import Registrazione
from services.puntiluna.rules.accrediti import beneficiario
from services.puntiluna.rules.registro import Causa, Libro, Movimento, sposta
from services.puntiluna.rules.riporti import (
    EsitoRiporto,
    RigaRiporto,
    chiave_riporto,
    controlla_riferimenti,
    esito_riporto,
)
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.service.progetti import conto_fondo
from services.puntiluna.service.registro import componi_movimento


@dataclass(frozen=True, slots=True)
class RigaRiportata:
    """What became of a row, and its movement if it is in the ledger."""

    riferimento: str
    esito: EsitoRiporto
    movimento_id: UUID | None


async def prepara_riporto(
    session: AsyncSession, progetto_id: UUID, *, atto: str, righe: Sequence[RigaRiporto], autore: str, now: datetime
) -> list[Movimento | None]:
    """Compose the movements of a carry-over, without posting them.

    Args:
        session: a transaction; nothing is written.
        progetto_id: the project whose fund pays.
        atto: the act that attests the points.
        righe: 1 to 1,000 rows with distinct references.
        autore: the officer.
        now: the platform's instant.

    Returns:
        A movement for each row; None where laboratori never told of the household.

    Raises:
        RiferimentoDoppio: two rows have the same reference.
    """
    controlla_riferimenti(tuple(righe))
    contratti = await queries_limiti.contratti_dei_nuclei(session, {riga.nucleo_id for riga in righe})
    fondo, giorno = conto_fondo(progetto_id), giorno_di(now)
    movimenti: list[Movimento | None] = []
    for riga in righe:
        if riga.nucleo_id not in contratti:
            movimenti.append(None)
            continue
        conto = beneficiario(
            nucleo_id=riga.nucleo_id, persona_id=riga.nucleo_id, contratti=contratti[riga.nucleo_id], giorno=giorno
        )
        movimenti.append(
            componi_movimento(
                libro=Libro.PUNTI,
                causa=Causa.RIPORTO,
                chiave=chiave_riporto(progetto_id, atto, riga.riferimento),
                righe=sposta(fondo, conto, riga.punti_cent),
                accaduto_il=now,
                dettaglio={"atto": atto, "riferimento": riga.riferimento, "autore": autore},
            )
        )
    return movimenti


async def riporta_punti(
    session: AsyncSession, progetto_id: UUID, *, atto: str, righe: Sequence[RigaRiporto], autore: str, now: datetime
) -> list[RigaRiportata]:
    """Carry points over, out of the fund: a refused row leaves its neighbours alone, a repeated one does nothing.

    Args:
        session: the transaction.
        progetto_id: the project whose fund pays.
        atto: the act that attests the points.
        righe: 1 to 1,000 rows with distinct references.
        autore: the officer.
        now: the platform's instant.

    Returns:
        What became of each row, in order.

    Raises:
        RiferimentoDoppio: two rows have the same reference.

    Source: ADR 0077.
    """
    movimenti = await prepara_riporto(session, progetto_id, atto=atto, righe=righe, autore=autore, now=now)
    da_registrare = [movimento for movimento in movimenti if movimento is not None]
    esiti = await queries.registra_movimenti(session, da_registrare, now=now) if da_registrare else []
    return esiti_del_riporto(righe, movimenti, esiti)


def esiti_del_riporto(
    righe: Sequence[RigaRiporto], movimenti: Sequence[Movimento | None], esiti: Sequence[Registrazione]
) -> list[RigaRiportata]:
    """Put the ledger's answers beside the rows.

    Args:
        righe: the rows.
        movimenti: the movement of each, None where there is none.
        esiti: the answers to the movements that are not None, in order.

    Returns:
        What became of each row.
    """
    rimasti = iter(esiti)
    fatte = []
    for riga, movimento in zip(righe, movimenti, strict=True):
        if movimento is None:
            fatte.append(RigaRiportata(riga.riferimento, EsitoRiporto.NUCLEO_SCONOSCIUTO, None))
            continue
        risposta = next(rimasti)
        esito = esito_riporto(risposta.esito)
        scritto = risposta.movimento_id if esito is EsitoRiporto.REGISTRATO else None
        fatte.append(RigaRiportata(riga.riferimento, esito, scritto))
    return fatte
