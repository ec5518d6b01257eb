"""What a household's statement is made of, as of any instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class RigaEstratto:
    """A line of an account with its movement and the balance after it (hundredths)."""

    ordine: int
    movimento_id: UUID
    conto_id: UUID
    causa: str
    importo_cent: int
    saldo_cent: int
    registrato_il: datetime
    accaduto_il: datetime
    dettaglio: dict[str, Any]


async def righe_dei_conti(
    session: AsyncSession, conti: Sequence[UUID], al: datetime, prima_di: tuple[int, UUID] | None, limite: int | None
) -> list[RigaEstratto]:
    """Lines of some accounts up to an instant, the latest first, each with the balance of all of them after it."""
    righe = await session.execute(
        sa.text(
            """
            SELECT * FROM (
              SELECT m.ordine, m.movimento_id, r.conto_id, m.causa, r.importo_cent,
                     sum(r.importo_cent) OVER (
                       ORDER BY m.ordine, r.conto_id ROWS UNBOUNDED PRECEDING)::bigint AS saldo_cent,
                     r.registrato_il, m.accaduto_il, m.dettaglio
                FROM riga r JOIN movimento m USING (movimento_id)
               WHERE r.conto_id = ANY (CAST(:conti AS uuid[])) AND r.registrato_il <= :al) AS tutte
             WHERE CAST(:ordine AS bigint) IS NULL
                OR (ordine, conto_id) < (CAST(:ordine AS bigint), CAST(:conto AS uuid))
             ORDER BY ordine DESC, conto_id DESC LIMIT CAST(:limite AS bigint)
            """
        ),
        {"conti": list(conti), "al": al, "limite": limite}
        | dict(zip(("ordine", "conto"), prima_di or (None, None), strict=True)),
    )
    return [RigaEstratto(**riga) for riga in righe.mappings()]


async def totali_dei_conti(
    session: AsyncSession, conti: Sequence[UUID], al: datetime
) -> dict[tuple[UUID, str, bool], int]:
    """Sums of the lines of some accounts up to an instant, by account, cause and sign (True: entered)."""
    righe = await session.execute(
        sa.text(
            "SELECT r.conto_id, m.causa, r.importo_cent > 0 AS entrata, sum(r.importo_cent)::bigint AS totale "
            "FROM riga r JOIN movimento m USING (movimento_id) "
            "WHERE r.conto_id = ANY (CAST(:conti AS uuid[])) AND r.registrato_il <= :al GROUP BY 1, 2, 3"
        ),
        {"conti": list(conti), "al": al},
    )
    return {(r.conto_id, r.causa, r.entrata): r.totale for r in righe}


@dataclass(frozen=True, slots=True)
class RiduzioneEstratto:
    """A reduction of a household with the instants of its life (cents)."""

    riduzione_id: UUID
    ente_proprietario: str
    contratto_codice: str
    protocollo: int
    origine: str
    importo_cent: int
    confermato_cent: int
    debito_prima_cent: int
    stato: str
    motivo: str | None
    riferimento: str | None
    prenotata_il: datetime
    risposta_il: datetime | None
    liquidata_il: datetime | None


async def riduzioni_al(session: AsyncSession, nucleo_id: UUID, al: datetime, limite: int) -> list[RiduzioneEstratto]:
    """Reductions of a household reserved up to an instant, the latest first."""
    righe = await session.execute(
        sa.text(
            "SELECT r.riduzione_id, r.ente_proprietario, r.contratto_codice, r.protocollo, r.origine, r.importo_cent, "
            "r.confermato_cent, r.debito_prima_cent, r.stato, r.motivo, r.riferimento, r.prenotata_il, r.risposta_il, "
            "d.liquidata_il FROM riduzione r LEFT JOIN distinta d USING (distinta_id) "
            "WHERE r.nucleo_id = :nucleo AND r.prenotata_il <= :al ORDER BY r.riduzione_id DESC LIMIT :limite"
        ),
        {"nucleo": nucleo_id, "al": al, "limite": limite},
    )
    return [RiduzioneEstratto(**riga) for riga in righe.mappings()]


@dataclass(frozen=True, slots=True)
class SommaRiduzioni:
    """Reductions of one origin at an instant: what waited for an answer, what was confirmed (cents)."""

    prenotato_cent: int = 0
    confermato_cent: int = 0


async def somme_riduzioni_al(session: AsyncSession, nucleo_id: UUID, al: datetime) -> dict[str, SommaRiduzioni]:
    """What all the reductions of a household came to at an instant, by origin."""
    righe = await session.execute(
        sa.text(
            "SELECT origine, coalesce(sum(importo_cent) FILTER "
            "(WHERE risposta_il IS NULL OR risposta_il > :al), 0)::bigint AS prenotato_cent, "
            "coalesce(sum(confermato_cent) FILTER (WHERE risposta_il <= :al), 0)::bigint AS confermato_cent "
            "FROM riduzione WHERE nucleo_id = :nucleo AND prenotata_il <= :al GROUP BY origine"
        ),
        {"nucleo": nucleo_id, "al": al},
    )
    return {r.origine: SommaRiduzioni(r.prenotato_cent, r.confermato_cent) for r in righe}


async def in_attesa_del_fondo(session: AsyncSession, nucleo_id: UUID) -> int:
    """Points of a household that wait for the fund (hundredths), now."""
    return int(
        await session.scalar(
            sa.text(
                "SELECT coalesce(sum(dovuto_cent - concesso_cent), 0) FROM accredito "
                "WHERE nucleo_id = :nucleo AND stato = 'in_attesa_fondo'"
            ),
            {"nucleo": nucleo_id},
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class AttivitaAl:
    """Points of one kind of activity (hundredths), corrections included."""

    voce: str
    presenze: int
    punti_cent: int


async def attivita_al(session: AsyncSession, conti: Sequence[UUID], al: datetime) -> list[AttivitaAl]:
    """What some accounts earned up to an instant, by kind of activity, the most first."""
    righe = await session.execute(
        sa.text(
            "SELECT coalesce(m.dettaglio->>'voce', 'altro') AS voce, sum(r.importo_cent)::bigint AS punti_cent, "
            "count(DISTINCT m.dettaglio->>'presenza_id') AS presenze FROM riga r JOIN movimento m USING (movimento_id) "
            "WHERE r.conto_id = ANY (CAST(:conti AS uuid[])) AND r.registrato_il <= :al "
            "AND m.causa IN ('accredito', 'storno') GROUP BY 1 HAVING sum(r.importo_cent) <> 0 ORDER BY 2 DESC, 1"
        ),
        {"conti": list(conti), "al": al},
    )
    return [AttivitaAl(r.voce, r.presenze, r.punti_cent) for r in righe]


@dataclass(frozen=True, slots=True)
class DebitoAl:
    """The arrears of a contract as they were known at an instant (cents)."""

    ente_proprietario: str
    contratto_codice: str
    comunicato_cent: int | None
    al_giorno: Any
    primo_cent: int | None
    confermato_cent: int
    confermato_dopo_cent: int


async def debiti_al(session: AsyncSession, nucleo_id: UUID, al: datetime) -> list[DebitoAl]:
    """Contracts of a household with the debt first and last told up to an instant, and what was confirmed."""
    righe = await session.execute(
        sa.text(
            """
            SELECT c.ente_proprietario, c.contratto_codice, u.importo_cent AS comunicato_cent, u.al_giorno,
                   p.importo_cent AS primo_cent, coalesce(r.tutto, 0)::bigint AS confermato_cent,
                   coalesce(r.dopo, 0)::bigint AS confermato_dopo_cent
              FROM (SELECT DISTINCT ente_proprietario, contratto_codice FROM contratto WHERE nucleo_id = :nucleo) c
              LEFT JOIN LATERAL (
                SELECT importo_cent, al_giorno, ricevuta_il FROM posizione_debitoria p
                 WHERE p.ente_proprietario = c.ente_proprietario AND p.contratto_codice = c.contratto_codice
                   AND p.ricevuta_il <= :al ORDER BY p.ricevuta_il DESC, p.rilevazione_id DESC LIMIT 1) u ON true
              LEFT JOIN LATERAL (
                SELECT importo_cent FROM posizione_debitoria p
                 WHERE p.ente_proprietario = c.ente_proprietario AND p.contratto_codice = c.contratto_codice
                   AND p.ricevuta_il <= :al ORDER BY p.ricevuta_il, p.rilevazione_id LIMIT 1) p ON true
              LEFT JOIN LATERAL (
                SELECT sum(r.confermato_cent) AS tutto,
                       sum(r.confermato_cent) FILTER (
                         WHERE r.risposta_il > u.ricevuta_il
                            OR (r.risposta_il AT TIME ZONE 'Europe/Rome')::date > u.al_giorno) AS dopo
                  FROM riduzione r WHERE r.ente_proprietario = c.ente_proprietario
                   AND r.contratto_codice = c.contratto_codice AND r.nucleo_id = :nucleo
                   AND r.risposta_il <= :al) r ON true
             ORDER BY c.ente_proprietario, c.contratto_codice
            """
        ),
        {"nucleo": nucleo_id, "al": al},
    )
    return [DebitoAl(**riga) for riga in righe.mappings()]
