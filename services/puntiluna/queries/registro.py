"""Ledger: the posting call, balances, seals, and what verification reads."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import ContoRegistro, DaSigillare, RigaRegistro, SigilloRegistro
from services.puntiluna.rules.registro import (
    PRIMO_ANELLO,
    Conto,
    EsitoRegistrazione,
    Libro,
    Movimento,
    MovimentoScritto,
    RigaScritta,
    Sigillo,
    TipoConto,
    conto_id_di,
)

SIGILLO_LOCK = 0x5349_4749  # "SIGI"

_REGISTRA = sa.text(
    "SELECT posto, esito, registrato, conto FROM registra_movimenti("
    "CAST(:ora AS timestamptz), CAST(:conto AS uuid[]), CAST(:conto_libro AS text[]), CAST(:conto_tipo AS text[]), "
    "CAST(:conto_titolare AS text[]), CAST(:conto_progetto AS uuid[]), CAST(:movimento AS uuid[]), "
    "CAST(:libro AS text[]), CAST(:causa AS text[]), CAST(:chiave AS text[]), CAST(:evento AS uuid[]), "
    "CAST(:storna AS uuid[]), CAST(:accaduto AS timestamptz[]), CAST(:dettaglio AS text[]), "
    "CAST(:riga_movimento AS integer[]), CAST(:riga_conto AS uuid[]), CAST(:riga_importo AS bigint[]))"
)

_SALDI_AL = sa.text("SELECT conto, saldo FROM saldi_al(CAST(:conti AS uuid[]), CAST(:istante AS timestamptz))")


@dataclass(frozen=True, slots=True)
class Registrazione:
    """The database's answer to one movement."""

    esito: EsitoRegistrazione
    movimento_id: UUID | None
    conto_scoperto: UUID | None


async def registra_movimenti(
    session: AsyncSession, movimenti: Sequence[Movimento], *, now: datetime
) -> list[Registrazione]:
    """Post movements in one call of the database; the answers come in the same order.

    Args:
        session: the transaction.
        movimenti: checked movements, with distinct keys.
        now: the instant of registration.

    Returns:
        One answer for each movement: a refused one leaves its neighbours alone.
    """
    conti: dict[UUID, Conto] = {}
    riga_movimento: list[int] = []
    riga_conto: list[UUID] = []
    riga_importo: list[int] = []
    for posto, movimento in enumerate(movimenti, start=1):
        for riga in movimento.righe:
            conto_id = riga.conto.conto_id
            conti.setdefault(conto_id, riga.conto)
            riga_movimento.append(posto)
            riga_conto.append(conto_id)
            riga_importo.append(riga.importo_cent)
    righe = await session.execute(
        _REGISTRA,
        {
            "ora": now,
            "conto": list(conti),
            "conto_libro": [str(conto.libro) for conto in conti.values()],
            "conto_tipo": [str(conto.tipo) for conto in conti.values()],
            "conto_titolare": [conto.titolare for conto in conti.values()],
            "conto_progetto": [conto.progetto_id for conto in conti.values()],
            "movimento": [m.movimento_id for m in movimenti],
            "libro": [str(m.libro) for m in movimenti],
            "causa": [str(m.causa) for m in movimenti],
            "chiave": [m.chiave for m in movimenti],
            "evento": [m.evento_origine for m in movimenti],
            "storna": [m.storna for m in movimenti],
            "accaduto": [m.accaduto_il for m in movimenti],
            "dettaglio": [orjson.dumps(dict(m.dettaglio)).decode() for m in movimenti],
            "riga_movimento": riga_movimento,
            "riga_conto": riga_conto,
            "riga_importo": riga_importo,
        },
    )
    return [Registrazione(EsitoRegistrazione(r.esito), r.registrato, r.conto) for r in righe]


async def conti_per_id(session: AsyncSession, conti: Sequence[UUID]) -> dict[UUID, Conto]:
    """Accounts from their ids."""
    righe = await session.execute(
        sa.text(
            "SELECT conto_id, libro, tipo, titolare, progetto_id FROM conto WHERE conto_id = ANY (CAST(:c AS uuid[]))"
        ),
        {"c": list(conti)},
    )
    return {r.conto_id: Conto(Libro(r.libro), TipoConto(r.tipo), r.titolare, r.progetto_id) for r in righe}


async def apri_conti(session: AsyncSession, conti: Sequence[Conto], *, now: datetime) -> None:
    """Open the accounts that do not exist yet, before any of them is locked."""
    per_id = {conto.conto_id: conto for conto in conti}
    ordinati = [per_id[conto_id] for conto_id in sorted(per_id)]
    await session.execute(
        sa.text(
            "SELECT apri_conti(CAST(:ora AS timestamptz), CAST(:ids AS uuid[]), CAST(:libri AS text[]), "
            "CAST(:tipi AS text[]), CAST(:titolari AS text[]), CAST(:progetti AS uuid[]))"
        ),
        {
            "ora": now,
            "ids": [c.conto_id for c in ordinati],
            "libri": [str(c.libro) for c in ordinati],
            "tipi": [str(c.tipo) for c in ordinati],
            "titolari": [c.titolare for c in ordinati],
            "progetti": [c.progetto_id for c in ordinati],
        },
    )


async def saldi(session: AsyncSession, conti: Sequence[UUID]) -> dict[UUID, int]:
    """Balances of the accounts that exist, now."""
    righe = await session.execute(
        sa.select(col(ContoRegistro.conto_id), col(ContoRegistro.saldo_cent)).where(
            col(ContoRegistro.conto_id).in_(conti)
        )
    )
    return {riga.conto_id: riga.saldo_cent for riga in righe}


async def blocca_saldi(session: AsyncSession, conti: Sequence[UUID]) -> dict[UUID, int]:
    """Lock accounts in the order of the posting function and give their balances."""
    righe = await session.execute(
        sa.text("SELECT conto, saldo FROM blocca_conti(CAST(:conti AS uuid[]))"), {"conti": list(conti)}
    )
    return {riga.conto: riga.saldo for riga in righe}


async def saldi_al(session: AsyncSession, conti: Sequence[UUID], istante: datetime) -> dict[UUID, int]:
    """Balances of accounts as of an instant: the sum of the lines registered up to it (ADR 0076)."""
    righe = await session.execute(_SALDI_AL, {"conti": list(conti), "istante": istante})
    return {riga.conto: riga.saldo for riga in righe}


async def blocca_sigillatore(session: AsyncSession) -> None:
    """Let one sealer at a time in."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(SIGILLO_LOCK)))


async def ultimo_sigillo(session: AsyncSession, libro: str) -> tuple[int, str]:
    """Position and hash of a book's last link; 0 and the first `prev` when there is none."""
    riga = (
        await session.execute(
            sa.select(col(SigilloRegistro.n), col(SigilloRegistro.hash))
            .where(col(SigilloRegistro.libro) == libro)
            .order_by(col(SigilloRegistro.n).desc())
            .limit(1)
        )
    ).first()
    return (riga.n, riga.hash) if riga else (0, PRIMO_ANELLO)


async def preleva_da_sigillare(session: AsyncSession, libro: str, quanti: int) -> list[UUID]:
    """Take the oldest movements out of the queue of a book, in order."""
    scelti = (
        sa.select(col(DaSigillare.id))
        .where(col(DaSigillare.libro) == libro)
        .order_by(col(DaSigillare.id))
        .limit(quanti)
    )
    righe = await session.execute(
        sa.delete(DaSigillare)
        .where(col(DaSigillare.id).in_(scelti))
        .returning(col(DaSigillare.id), col(DaSigillare.movimento_id))
        .execution_options(synchronize_session=False)
    )
    return [riga.movimento_id for riga in sorted(righe, key=lambda riga: int(riga.id))]


async def scrivi_sigilli(session: AsyncSession, sigilli: Sequence[Sigillo], *, now: datetime) -> None:
    """Append links to a chain."""
    await session.execute(
        sa.insert(SigilloRegistro),
        [
            {
                "libro": s.libro,
                "n": s.n,
                "movimento_id": s.movimento_id,
                "prev": s.prev,
                "hash": s.hash,
                "sigillato_il": now,
            }
            for s in sigilli
        ],
    )


async def movimenti_scritti(session: AsyncSession, movimenti: Sequence[UUID]) -> dict[UUID, MovimentoScritto]:
    """Movements with their lines, as stored."""
    if not movimenti:
        return {}
    testate = await session.execute(
        sa.text("SELECT * FROM movimento WHERE movimento_id = ANY (CAST(:ids AS uuid[]))"), {"ids": list(movimenti)}
    )
    righe = await session.execute(
        sa.select(col(RigaRegistro.movimento_id), col(RigaRegistro.conto_id), col(RigaRegistro.importo_cent)).where(
            col(RigaRegistro.movimento_id).in_(movimenti)
        )
    )
    per_movimento: dict[UUID, list[RigaScritta]] = {}
    for riga in righe:
        per_movimento.setdefault(riga.movimento_id, []).append(RigaScritta(riga.conto_id, riga.importo_cent))
    return {t.movimento_id: _scritto(t, per_movimento.get(t.movimento_id, [])) for t in testate}


async def catena(
    session: AsyncSession, libro: str, passo: int = 500
) -> AsyncIterator[list[tuple[Sigillo, MovimentoScritto | None]]]:
    """Walk a book's chain in stretches, each link with its movement."""
    da = -1
    while True:
        righe = (
            await session.execute(
                sa.text("SELECT * FROM sigillo WHERE libro = :libro AND n > :da ORDER BY n LIMIT :passo"),
                {"libro": libro, "da": da, "passo": passo},
            )
        ).all()
        if not righe:
            return
        scritti = await movimenti_scritti(session, [riga.movimento_id for riga in righe])
        yield [(Sigillo(r.libro, r.n, r.movimento_id, r.prev, r.hash), scritti.get(r.movimento_id)) for r in righe]
        da = righe[-1].n


async def coda_da_sigillare(session: AsyncSession) -> dict[str, int]:
    """How many movements of each book wait for their seal."""
    righe = await session.execute(
        sa.select(col(DaSigillare.libro), sa.func.count().label("quanti")).group_by(col(DaSigillare.libro))
    )
    return {riga.libro: riga.quanti for riga in righe}


async def senza_sigillo(session: AsyncSession) -> list[UUID]:
    """Movements that are neither sealed nor waiting for a seal: there should be none."""
    righe = await session.scalars(
        sa.text(
            "SELECT m.movimento_id FROM movimento m "
            "WHERE NOT EXISTS (SELECT FROM sigillo s WHERE s.movimento_id = m.movimento_id) "
            "AND NOT EXISTS (SELECT FROM da_sigillare d WHERE d.movimento_id = m.movimento_id) "
            "ORDER BY m.ordine LIMIT 100"
        )
    )
    return list(righe)


async def movimenti_sbilanciati(session: AsyncSession) -> list[UUID]:
    """Movements whose lines do not sum to zero, or that have fewer than two: there should be none."""
    righe = await session.scalars(
        sa.text(
            "SELECT m.movimento_id FROM movimento m LEFT JOIN riga r USING (movimento_id) "
            "GROUP BY m.movimento_id, m.ordine HAVING count(r.conto_id) < 2 OR sum(r.importo_cent) <> 0 "
            "ORDER BY m.ordine LIMIT 100"
        )
    )
    return list(righe)


@dataclass(frozen=True, slots=True)
class ContoDiverso:
    """An account whose balance is not the sum of its lines."""

    conto_id: UUID
    saldo_cent: int
    righe_cent: int


async def conti_diversi(session: AsyncSession) -> list[ContoDiverso]:
    """Accounts whose balance differs from the sum of their lines: there should be none."""
    righe = await session.execute(
        sa.text(
            "SELECT c.conto_id, c.saldo_cent, coalesce(r.somma, 0)::bigint AS somma FROM conto c LEFT JOIN "
            "(SELECT conto_id, sum(importo_cent) AS somma FROM riga GROUP BY conto_id) r USING (conto_id) "
            "WHERE c.saldo_cent <> coalesce(r.somma, 0) ORDER BY c.conto_id LIMIT 100"
        )
    )
    return [ContoDiverso(riga.conto_id, riga.saldo_cent, riga.somma) for riga in righe]


async def conti_estranei(session: AsyncSession) -> list[UUID]:
    """Accounts whose id is not that of their book, kind and holder, or whose project is not their holder."""
    righe = await session.stream(
        sa.text("SELECT conto_id, libro, tipo, titolare, progetto_id FROM conto ORDER BY conto_id")
    )
    return [
        riga.conto_id
        async for riga in righe
        if riga.conto_id != conto_id_di(riga.libro, riga.tipo, riga.titolare)
        or (riga.progetto_id is not None and str(riga.progetto_id) != riga.titolare)
    ]


async def riduzioni_diverse(session: AsyncSession) -> list[UUID]:
    """Reductions whose confirmed amount is not that of their movement, or not what their projects pay in all."""
    righe = await session.scalars(
        sa.text(
            "SELECT r.riduzione_id FROM riduzione r LEFT JOIN ("
            "SELECT m.chiave, sum(g.importo_cent) AS somma FROM movimento m JOIN riga g USING (movimento_id) "
            "JOIN conto c USING (conto_id) WHERE m.causa = 'conferma' AND c.tipo = 'confermato' GROUP BY m.chiave"
            ") k ON k.chiave = 'risposta:' || r.riduzione_id::text LEFT JOIN ("
            "SELECT riduzione_id, sum(importo_cent) AS somma FROM fonte_riduzione GROUP BY riduzione_id"
            ") f ON f.riduzione_id = r.riduzione_id "
            "WHERE r.confermato_cent <> coalesce(k.somma, 0) "
            "OR r.confermato_cent <> coalesce(f.somma, r.confermato_cent) "
            "ORDER BY r.riduzione_id LIMIT 100"
        )
    )
    return list(righe)


async def saldi_notati_diversi(session: AsyncSession) -> list[tuple[UUID, datetime]]:
    """Noted balances that are not the sum of the lines registered by then: there should be none."""
    righe = await session.execute(
        sa.text(
            "WITH tutti AS (SELECT conto_id, registrato_il AS al, importo_cent, NULL::bigint AS notato FROM riga "
            "UNION ALL SELECT conto_id, al, 0, saldo_cent FROM saldo_notato), "
            "correnti AS (SELECT conto_id, al, notato, sum(importo_cent) OVER (PARTITION BY conto_id ORDER BY al) AS s "
            "FROM tutti) SELECT conto_id, al FROM correnti WHERE notato <> s ORDER BY conto_id, al LIMIT 100"
        )
    )
    return [(riga.conto_id, riga.al) for riga in righe]


async def conti_sotto_zero(session: AsyncSession) -> list[UUID]:
    """Accounts below their floor: there should be none."""
    righe = await session.scalars(
        sa.select(col(ContoRegistro.conto_id))
        .where(col(ContoRegistro.saldo_cent) < 0, col(ContoRegistro.tipo) != "apporto")
        .limit(100)
    )
    return list(righe)


async def somma_dei_conti(session: AsyncSession) -> dict[str, int]:
    """Sum of all the balances of each book: zero, always."""
    righe = await session.execute(
        sa.select(col(ContoRegistro.libro), sa.func.sum(col(ContoRegistro.saldo_cent)).label("somma")).group_by(
            col(ContoRegistro.libro)
        )
    )
    return {riga.libro: int(riga.somma) for riga in righe}


async def conti_di_tipo(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Sum of the balances by book and kind, for the business metrics."""
    righe = await session.execute(
        sa.select(
            col(ContoRegistro.libro), col(ContoRegistro.tipo), sa.func.sum(col(ContoRegistro.saldo_cent)).label("somma")
        ).group_by(col(ContoRegistro.libro), col(ContoRegistro.tipo))
    )
    return {(riga.libro, riga.tipo): int(riga.somma) for riga in righe}


def _scritto(testata: Any, righe: list[RigaScritta]) -> MovimentoScritto:
    return MovimentoScritto(
        movimento_id=testata.movimento_id,
        libro=testata.libro,
        causa=testata.causa,
        chiave=testata.chiave,
        evento_origine=testata.evento_origine,
        storna=testata.storna,
        accaduto_il=testata.accaduto_il,
        registrato_il=testata.registrato_il,
        dettaglio=testata.dettaglio,
        righe=tuple(righe),
    )
