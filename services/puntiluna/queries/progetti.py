"""Projects, acts that fill funds, tariffs and limits."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Alimentazione, AvvisoLimite, LimitePunti, Progetto, TariffaPunti


async def blocca_progetto(session: AsyncSession, progetto_id: UUID) -> Progetto | None:
    """A project, locked."""
    return await session.scalar(
        sa.select(Progetto)
        .where(col(Progetto.progetto_id) == progetto_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


_ENTI = sa.select(col(Progetto.enti)).where(col(Progetto.progetto_id) == sa.bindparam("progetto"))


async def progetto(session: AsyncSession, progetto_id: UUID) -> Progetto | None:
    """A project."""
    return await session.get(Progetto, progetto_id)


async def enti_del_progetto(session: AsyncSession, progetto_id: UUID) -> list[str] | None:
    """The organisations that take part in a project; None if bandi never told of it."""
    enti: list[str] | None = await session.scalar(_ENTI, {"progetto": progetto_id})
    return enti


async def progetti(session: AsyncSession, dopo: UUID | None, limite: int) -> list[Progetto]:
    """A page of projects, in order of id."""
    consulta = sa.select(Progetto).order_by(col(Progetto.progetto_id)).limit(limite)
    if dopo is not None:
        consulta = consulta.where(col(Progetto.progetto_id) > dopo)
    return list(await session.scalars(consulta))


async def atto_gia_usato(session: AsyncSession, progetto_id: UUID, atto: str) -> bool:
    """Whether an act already filled this project's fund."""
    consulta = sa.select(col(Alimentazione.alimentazione_id)).where(
        col(Alimentazione.progetto_id) == progetto_id, col(Alimentazione.atto) == atto
    )
    return await session.scalar(consulta) is not None


async def alimentato(session: AsyncSession, progetto_id: UUID) -> int:
    """What the acts of a fund add up to (cents)."""
    somma = sa.func.coalesce(sa.func.sum(col(Alimentazione.importo_cent)), 0)
    return int(await session.scalar(sa.select(somma).where(col(Alimentazione.progetto_id) == progetto_id)) or 0)


async def alimentazioni(session: AsyncSession, progetto_id: UUID) -> list[Alimentazione]:
    """The acts that filled a fund, oldest first (at most 1,000)."""
    return list(
        await session.scalars(
            sa.select(Alimentazione)
            .where(col(Alimentazione.progetto_id) == progetto_id)
            .order_by(col(Alimentazione.alimentazione_id))
            .limit(1000)
        )
    )


async def tariffe(session: AsyncSession, progetto_id: UUID | None, limite: int) -> list[TariffaPunti]:
    """Tariffs, general ones and those of a project if one is named, the latest first."""
    consulta = (
        sa.select(TariffaPunti).order_by(col(TariffaPunti.dal).desc(), col(TariffaPunti.tariffa_id)).limit(limite)
    )
    if progetto_id is not None:
        consulta = consulta.where(
            sa.or_(col(TariffaPunti.progetto_id).is_(None), col(TariffaPunti.progetto_id) == progetto_id)
        )
    return list(await session.scalars(consulta))


async def limiti(session: AsyncSession, limite: int) -> list[LimitePunti]:
    """Limits, in order of id."""
    return list(await session.scalars(sa.select(LimitePunti).order_by(col(LimitePunti.limite_id)).limit(limite)))


async def avvisi(session: AsyncSession, progetto_id: UUID, quanti: int) -> list[tuple[AvvisoLimite, str]]:
    """The limits that a project's attendances went over, the latest first."""
    righe = await session.execute(
        sa.select(AvvisoLimite, col(LimitePunti.ambito))
        .join(LimitePunti, col(LimitePunti.limite_id) == col(AvvisoLimite.limite_id))
        .where(
            col(AvvisoLimite.presenza_id).in_(
                sa.text("SELECT presenza_id FROM accredito WHERE progetto_id = :progetto").bindparams(
                    progetto=progetto_id
                )
            )
        )
        .order_by(col(AvvisoLimite.avviso_id).desc())
        .limit(quanti)
    )
    return [(avviso, ambito) for avviso, ambito in righe]


@dataclass(frozen=True, slots=True)
class CifreLette:
    """The figures of a project, in hundredths of a point and minutes."""

    punti_cent: int
    minuti: int
    minuti_indiretti: int
    presenze: int
    nuclei: int
    persone: int
    in_attesa_cent: int
    in_attesa: int
    alimentato_cent: int
    saldo_fondo_cent: int
    solidale_cent: int
    da_recuperare_cent: int


async def cifre(session: AsyncSession, progetto_id: UUID) -> CifreLette:
    """Points issued and hours counted of a project: only attendances that hold points count."""
    riga = (
        (
            await session.execute(
                sa.text(
                    """
                SELECT coalesce(sum(a.concesso_cent), 0)::bigint AS punti_cent,
                       coalesce(sum(a.minuti) FILTER (WHERE a.concesso_cent > 0), 0)::bigint AS minuti,
                       coalesce(sum(a.minuti) FILTER (WHERE a.concesso_cent > 0 AND NOT a.diretta), 0)::bigint
                         AS minuti_indiretti,
                       count(*) FILTER (WHERE a.concesso_cent > 0) AS presenze,
                       count(DISTINCT a.nucleo_id) FILTER (WHERE a.concesso_cent > 0) AS nuclei,
                       count(DISTINCT a.persona_id) FILTER (WHERE a.concesso_cent > 0) AS persone,
                       coalesce(sum(a.dovuto_cent - a.concesso_cent), 0)::bigint AS in_attesa_cent,
                       count(*) FILTER (WHERE a.stato = 'in_attesa_fondo') AS in_attesa,
                       (SELECT coalesce(sum(importo_cent), 0)::bigint FROM alimentazione WHERE progetto_id = :progetto)
                         AS alimentato_cent,
                       (SELECT coalesce(sum(saldo_cent), 0)::bigint FROM conto
                         WHERE progetto_id = :progetto AND tipo = 'fondo') AS saldo_fondo_cent,
                       (SELECT coalesce(sum(saldo_cent), 0)::bigint FROM conto
                         WHERE progetto_id = :progetto AND tipo = 'solidale') AS solidale_cent,
                       (SELECT coalesce(sum(r.residuo_cent), 0)::bigint FROM recupero r JOIN conto c
                           ON c.conto_id = r.fondo_id WHERE c.progetto_id = :progetto) AS da_recuperare_cent
                  FROM accredito a WHERE a.progetto_id = :progetto
                """
                ),
                {"progetto": progetto_id},
            )
        )
        .mappings()
        .one()
    )
    return CifreLette(**riga)


async def riduzioni_del_progetto(
    session: AsyncSession, progetto_id: UUID
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Reductions by origin and state: how many, asked by a project's households, confirmed at its expense."""
    righe = await session.execute(
        sa.text(
            """
            SELECT origine, stato, count(*) AS quante, sum(importo)::bigint AS importo,
                   sum(confermato)::bigint AS confermato
              FROM (SELECT r.origine, r.stato, r.importo_cent AS importo, 0 AS confermato
                      FROM riduzione r WHERE r.progetto_id = :progetto AND r.stato NOT IN ('confermata', 'liquidata')
                     UNION ALL
                    SELECT r.origine, CASE WHEN d.stato = 'liquidata' THEN 'liquidata' ELSE 'confermata' END,
                           f.importo_cent, f.importo_cent
                      FROM fonte_riduzione f JOIN riduzione r USING (riduzione_id)
                      LEFT JOIN distinta d ON d.distinta_id = f.distinta_id
                     WHERE f.progetto_id = :progetto) AS tutte
             GROUP BY origine, stato
            """
        ),
        {"progetto": progetto_id},
    )
    return {(r.origine, r.stato): (r.quante, r.importo, r.confermato) for r in righe}
