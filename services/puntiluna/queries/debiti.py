"""Households' contracts, landlords, snapshots and debts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Contratto, Debito, Nucleo, Proprietario, Rilevazione
from services.puntiluna.rules.riduzioni import TERMINE_GIORNI


@dataclass(frozen=True, slots=True)
class DebitoLetto:
    """A contract of a household with its debt as last told and what has happened since (cents)."""

    ente_proprietario: str
    contratto_codice: str
    dal: date
    al: date | None
    importo_cent: int | None
    al_giorno: date | None
    stato: str | None
    pendente_cent: int
    confermato_dopo_cent: int
    quota_rifiutata: bool
    """Since the debt was last told, its landlord left a share of an allowance, or a part of it, without effect."""
    punti_rifiutati: bool
    """And the same for a reduction that a household's standing choice had asked for."""


# What happened to the reductions of the contract `c` around the last snapshot `d` of its debt.
_RIDUZIONI = """
      LEFT JOIN LATERAL (
        SELECT sum(r.importo_cent) FILTER (WHERE r.stato = 'prenotata') AS pendente,
               sum(r.confermato_cent) FILTER (
                 WHERE r.stato IN ('confermata', 'liquidata')
                   AND (r.risposta_il > d.ricevuta_il
                        OR (r.risposta_il AT TIME ZONE 'Europe/Rome')::date > d.al_giorno)) AS confermato,
               bool_or(r.origine = 'indennita' AND r.stato <> 'prenotata' AND r.confermato_cent < r.importo_cent
                       AND r.risposta_il >= d.ricevuta_il) AS rifiutata,
               bool_or(r.origine = 'punti' AND r.automatica AND r.stato <> 'prenotata'
                       AND r.confermato_cent < r.importo_cent
                       AND r.risposta_il >= d.ricevuta_il) AS automatica_rifiutata
          FROM riduzione r
         WHERE r.ente_proprietario = c.ente_proprietario AND r.contratto_codice = c.contratto_codice) r ON true
"""

_CONTRATTI = """
    SELECT c.ente_proprietario, c.contratto_codice, c.dal, c.al, d.importo_cent, d.al_giorno, d.stato,
           coalesce(r.pendente, 0)::bigint AS pendente_cent, coalesce(r.confermato, 0)::bigint AS confermato_dopo_cent,
           coalesce(r.rifiutata, false) AS quota_rifiutata,
           coalesce(r.automatica_rifiutata, false) AS punti_rifiutati
      FROM (SELECT DISTINCT ON (ente_proprietario, contratto_codice) ente_proprietario, contratto_codice, dal, al
              FROM contratto WHERE nucleo_id = :nucleo
             ORDER BY ente_proprietario, contratto_codice, dal DESC) c
      LEFT JOIN debito d USING (ente_proprietario, contratto_codice)
"""
_DEBITI = _CONTRATTI + _RIDUZIONI

_NUCLEI = """
    SELECT DISTINCT c.nucleo_id
      FROM contratto c JOIN debito d USING (ente_proprietario, contratto_codice)
"""
_CON_QUOTE = """
     WHERE EXISTS (SELECT FROM quota q WHERE q.nucleo_id = c.nucleo_id AND q.prenotato_cent < q.importo_cent)
       AND d.importo_cent - coalesce(r.pendente, 0) - coalesce(r.confermato, 0) > 0
       AND NOT coalesce(r.rifiutata, false)
       AND (CAST(:ente AS text) IS NULL OR d.ente_proprietario = CAST(:ente AS text))
     ORDER BY c.nucleo_id LIMIT :quanti
"""
_NUCLEI_CON_QUOTE = sa.text(_NUCLEI + _RIDUZIONI + _CON_QUOTE)


async def blocca_nucleo(session: AsyncSession, nucleo_id: UUID) -> Nucleo | None:
    """A household's mirror, locked."""
    return await session.scalar(
        sa.select(Nucleo)
        .where(col(Nucleo.nucleo_id) == nucleo_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def nucleo(session: AsyncSession, nucleo_id: UUID) -> Nucleo | None:
    """A household's mirror."""
    return await session.get(Nucleo, nucleo_id)


async def sostituisci_contratti(session: AsyncSession, nucleo_id: UUID, contratti: Sequence[Contratto]) -> None:
    """Replace the contracts of a household with those last told."""
    await session.execute(
        sa.delete(Contratto).where(col(Contratto.nucleo_id) == nucleo_id).execution_options(synchronize_session=False)
    )
    session.add_all(contratti)


async def registra_proprietari(session: AsyncSession, enti: Sequence[str]) -> None:
    """Make landlords known, with the general term; those already known stay as they are."""
    if enti:
        await session.execute(
            insert(Proprietario)
            .values([{"ente": ente, "termine_giorni": TERMINE_GIORNI} for ente in sorted(set(enti))])
            .on_conflict_do_nothing()
        )


async def blocca_proprietario(session: AsyncSession, ente: str) -> Proprietario | None:
    """A landlord, locked: its counters are drawn under this lock."""
    return await session.scalar(
        sa.select(Proprietario)
        .where(col(Proprietario.ente) == ente)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def scrivi_posizioni(session: AsyncSession, rilevazione: Rilevazione, righe: Sequence[tuple[str, int]]) -> None:
    """Write the lines of a snapshot by COPY, and make them the last known debts in one statement.

    The history is its own staging table: what was copied is at once what the landlord told, and is kept.
    """
    connessione = await (await session.connection()).get_raw_connection()
    copia = connessione.driver_connection
    assert copia is not None
    comuni = (rilevazione.ente_proprietario, rilevazione.al_giorno, rilevazione.ricevuta_il)
    await copia.copy_records_to_table(
        "posizione_debitoria",
        records=((rilevazione.rilevazione_id, codice, importo, *comuni) for codice, importo in sorted(righe)),
        columns=(
            "rilevazione_id",
            "contratto_codice",
            "importo_cent",
            "ente_proprietario",
            "al_giorno",
            "ricevuta_il",
        ),
    )
    await session.execute(
        sa.text(
            "INSERT INTO debito (ente_proprietario, contratto_codice, importo_cent, al_giorno, ricevuta_il, "
            "rilevazione_id, stato) SELECT ente_proprietario, contratto_codice, importo_cent, al_giorno, ricevuta_il, "
            "rilevazione_id, 'comunicata' FROM posizione_debitoria WHERE rilevazione_id = :rilevazione "
            "ORDER BY contratto_codice "
            "ON CONFLICT (ente_proprietario, contratto_codice) DO UPDATE SET importo_cent = EXCLUDED.importo_cent, "
            "al_giorno = EXCLUDED.al_giorno, ricevuta_il = EXCLUDED.ricevuta_il, "
            "rilevazione_id = EXCLUDED.rilevazione_id, stato = EXCLUDED.stato"
        ),
        {"rilevazione": rilevazione.rilevazione_id},
    )


async def segna_non_comunicati(session: AsyncSession, ente: str, rilevazione_id: UUID) -> int:
    """Mark the contracts of a landlord that a full snapshot left out; their debt stays as last told."""
    righe = await session.scalars(
        sa.update(Debito)
        .where(
            col(Debito.ente_proprietario) == ente,
            col(Debito.rilevazione_id) != rilevazione_id,
            col(Debito.stato) == "comunicata",
        )
        .values(stato="non_comunicata")
        .returning(col(Debito.contratto_codice))
        .execution_options(synchronize_session=False)
    )
    return len(righe.all())


async def non_abbinati(session: AsyncSession, ente: str, dopo: str | None, limite: int) -> list[Debito]:
    """Debts of a landlord whose contract no household has here, in order of code."""
    consulta = (
        sa.select(Debito)
        .where(
            col(Debito.ente_proprietario) == ente,
            ~sa.exists().where(
                col(Contratto.ente_proprietario) == col(Debito.ente_proprietario),
                col(Contratto.contratto_codice) == col(Debito.contratto_codice),
            ),
        )
        .order_by(col(Debito.contratto_codice))
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Debito.contratto_codice) > dopo)
    return list(await session.scalars(consulta))


async def conta_non_abbinati(session: AsyncSession, ente: str, codici: Sequence[str]) -> int:
    """How many of these contract codes belong to no household here."""
    return int(
        await session.scalar(
            sa.text(
                "SELECT count(*) FROM unnest(CAST(:codici AS text[])) AS n (codice) "
                "WHERE NOT EXISTS (SELECT FROM contratto c "
                "WHERE c.ente_proprietario = :ente AND c.contratto_codice = n.codice)"
            ),
            {"codici": list(codici), "ente": ente},
        )
        or 0
    )


async def rilevazioni(session: AsyncSession, ente: str, dopo: UUID | None, limite: int) -> list[Rilevazione]:
    """Snapshots of a landlord, the latest first."""
    consulta = (
        sa.select(Rilevazione)
        .where(col(Rilevazione.ente_proprietario) == ente)
        .order_by(col(Rilevazione.rilevazione_id).desc())
        .limit(limite)
    )
    if dopo is not None:
        consulta = consulta.where(col(Rilevazione.rilevazione_id) < dopo)
    return list(await session.scalars(consulta))


async def debiti_del_nucleo(session: AsyncSession, nucleo_id: UUID) -> list[DebitoLetto]:
    """Contracts of a household with their debts, in order of landlord and code."""
    righe = await session.execute(
        sa.text(_DEBITI + " ORDER BY c.ente_proprietario, c.contratto_codice"), {"nucleo": nucleo_id}
    )
    return [DebitoLetto(**riga) for riga in righe.mappings()]


async def nuclei_con_quote(session: AsyncSession, ente: str | None, quanti: int) -> list[UUID]:
    """Households with shares to reserve and a debt that takes them: one told after what its landlord refused."""
    return list(await session.scalars(_NUCLEI_CON_QUOTE, {"ente": ente, "quanti": quanti}))


async def debito_del_contratto(
    session: AsyncSession, nucleo_id: UUID, ente: str, contratto_codice: str
) -> DebitoLetto | None:
    """A contract of a household with its debt; None when the contract is not the household's."""
    riga = (
        (
            await session.execute(
                sa.text(_DEBITI + " WHERE c.ente_proprietario = :ente AND c.contratto_codice = :codice"),
                {"nucleo": nucleo_id, "ente": ente, "codice": contratto_codice},
            )
        )
        .mappings()
        .first()
    )
    return None if riga is None else DebitoLetto(**riga)


async def debito_al(
    session: AsyncSession, ente: str, contratto_codice: str, istante: datetime
) -> tuple[int, date] | None:
    """The debt of a contract as known at an instant, with the day it speaks of."""
    riga = (
        await session.execute(
            sa.text(
                "SELECT importo_cent, al_giorno FROM posizione_debitoria WHERE ente_proprietario = :ente "
                "AND contratto_codice = :codice AND ricevuta_il <= :istante ORDER BY ricevuta_il DESC LIMIT 1"
            ),
            {"ente": ente, "codice": contratto_codice, "istante": istante},
        )
    ).first()
    return None if riga is None else (riga.importo_cent, riga.al_giorno)


async def conta_esclusi(session: AsyncSession, ente: str, codici: Sequence[str]) -> int:
    """How many known debts of a landlord a snapshot leaves out."""
    return int(
        await session.scalar(
            sa.text(
                "SELECT count(*) FROM debito d WHERE d.ente_proprietario = :ente "
                "AND NOT EXISTS (SELECT FROM unnest(CAST(:codici AS text[])) AS n (codice) "
                "WHERE n.codice = d.contratto_codice)"
            ),
            {"codici": list(codici), "ente": ente},
        )
        or 0
    )
