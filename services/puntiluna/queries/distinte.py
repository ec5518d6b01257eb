"""Distinte: what is free to be settled, what each one holds, how it is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import ConfigurazioneEnte, Distinta, FonteRiduzione, Pagamento, Riduzione

_NEL_PERIODO = """
     WHERE r.ente_proprietario = :ente AND r.stato = 'confermata'
       AND (r.risposta_il AT TIME ZONE 'Europe/Rome')::date >= :dal
       AND (r.risposta_il AT TIME ZONE 'Europe/Rome')::date < :al
"""
_RIDUZIONI = "SELECT r.riduzione_id FROM riduzione r"
_SENZA_FONTI = sa.text(
    _RIDUZIONI + _NEL_PERIODO + "AND NOT EXISTS (SELECT FROM fonte_riduzione f WHERE f.riduzione_id = r.riduzione_id)"
)
_RIGHE = """
    SELECT f.riduzione_id, f.progetto_id, r.protocollo, r.contratto_codice, r.origine, f.importo_cent, r.stato,
           r.riferimento, r.risposta_il
      FROM fonte_riduzione f JOIN riduzione r USING (riduzione_id)
"""
_LIBERE = sa.text(
    _RIGHE
    + _NEL_PERIODO
    + "AND f.distinta_id IS NULL AND f.progetto_id = ANY (CAST(:progetti AS uuid[])) "
    + "ORDER BY r.protocollo, f.progetto_id FOR UPDATE OF f"
)
_DELLA_DISTINTA = sa.text(
    _RIGHE
    + "WHERE f.distinta_id = :distinta AND (CAST(:protocollo AS bigint) IS NULL OR "
    + "(r.protocollo, f.progetto_id) > (CAST(:protocollo AS bigint), CAST(:progetto AS uuid))) "
    + "ORDER BY r.protocollo, f.progetto_id LIMIT CAST(:limite AS bigint)"
)


@dataclass(frozen=True, slots=True)
class RigaDistinta:
    """What one project pays of one confirmed reduction (cents)."""

    riduzione_id: UUID
    progetto_id: UUID
    protocollo: int
    contratto_codice: str
    origine: str
    importo_cent: int
    stato: str
    riferimento: str | None
    risposta_il: datetime | None


async def senza_fonti(session: AsyncSession, ente: str, dal: date, al: date) -> list[Riduzione]:
    """Confirmed reductions of a landlord in [dal, al) in Italy of which nobody said yet which project pays them."""
    ids = await session.scalars(_SENZA_FONTI, {"ente": ente, "dal": dal, "al": al})
    return list(await session.scalars(sa.select(Riduzione).where(col(Riduzione.riduzione_id).in_(list(ids)))))


async def blocca_da_liquidare(
    session: AsyncSession, ente: str, dal: date, al: date, progetti: Sequence[UUID]
) -> list[RigaDistinta]:
    """What some projects pay of a landlord's reductions confirmed in [dal, al) and is in no Distinta, locked."""
    righe = await session.execute(_LIBERE, {"ente": ente, "dal": dal, "al": al, "progetti": list(progetti)})
    return [RigaDistinta(**riga) for riga in righe.mappings()]


async def metti_in_distinta(session: AsyncSession, distinta_id: UUID, righe: Sequence[RigaDistinta]) -> None:
    """Put lines into a Distinta."""
    await session.execute(
        sa.text(
            "UPDATE fonte_riduzione f SET distinta_id = :distinta FROM unnest(CAST(:riduzioni AS uuid[]), "
            "CAST(:progetti AS uuid[])) AS n (riduzione_id, progetto_id) "
            "WHERE f.riduzione_id = n.riduzione_id AND f.progetto_id = n.progetto_id"
        ),
        {
            "distinta": distinta_id,
            "riduzioni": [riga.riduzione_id for riga in righe],
            "progetti": [riga.progetto_id for riga in righe],
        },
    )


async def libera_righe(session: AsyncSession, distinta_id: UUID) -> None:
    """Take every line out of a Distinta: they are free for another one."""
    await session.execute(
        sa.update(FonteRiduzione)
        .where(col(FonteRiduzione.distinta_id) == distinta_id)
        .values(distinta_id=None)
        .execution_options(synchronize_session=False)
    )


async def salda_riduzioni(session: AsyncSession, distinta_id: UUID) -> None:
    """Mark as settled the reductions of a settled Distinta of which no project owes anything any more."""
    await session.execute(
        sa.text(
            "UPDATE riduzione r SET stato = 'liquidata', distinta_id = :distinta, versione = r.versione + 1 "
            "WHERE r.riduzione_id IN (SELECT riduzione_id FROM fonte_riduzione WHERE distinta_id = :distinta) "
            "AND NOT EXISTS (SELECT FROM fonte_riduzione f LEFT JOIN distinta d ON d.distinta_id = f.distinta_id "
            "WHERE f.riduzione_id = r.riduzione_id AND d.stato IS DISTINCT FROM 'liquidata')"
        ),
        {"distinta": distinta_id},
    )


async def distinta(session: AsyncSession, distinta_id: UUID, *, blocca: bool = False) -> Distinta | None:
    """A Distinta."""
    consulta = sa.select(Distinta).where(col(Distinta.distinta_id) == distinta_id)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(consulta)


async def distinte(
    session: AsyncSession, ente: str, progetti: Sequence[UUID], dopo: UUID | None, limite: int
) -> list[Distinta]:
    """Distinte that hold what some projects pay, or that an organisation composed and cancelled, the latest first."""
    tiene = sa.exists().where(
        col(FonteRiduzione.distinta_id) == col(Distinta.distinta_id), col(FonteRiduzione.progetto_id).in_(progetti)
    )
    annullata = sa.and_(col(Distinta.stato) == "annullata", col(Distinta.ente_pagatore) == ente)
    consulta = sa.select(Distinta).where(tiene | annullata).order_by(col(Distinta.distinta_id).desc()).limit(limite)
    if dopo is not None:
        consulta = consulta.where(col(Distinta.distinta_id) < dopo)
    return list(await session.scalars(consulta))


async def righe_della_distinta(
    session: AsyncSession, distinta_id: UUID, dopo: tuple[int, UUID] | None, limite: int | None
) -> list[RigaDistinta]:
    """The lines of a Distinta by protocol number and project."""
    righe = await session.execute(
        _DELLA_DISTINTA,
        {
            "distinta": distinta_id,
            "protocollo": dopo[0] if dopo else None,
            "progetto": dopo[1] if dopo else None,
            "limite": limite,
        },
    )
    return [RigaDistinta(**riga) for riga in righe.mappings()]


async def progetti_della_distinta(session: AsyncSession, distinta_id: UUID) -> list[UUID]:
    """The projects that pay the lines of a Distinta."""
    righe = await session.scalars(
        sa.select(col(FonteRiduzione.progetto_id)).where(col(FonteRiduzione.distinta_id) == distinta_id).distinct()
    )
    return list(righe)


async def progetti_della_riduzione(session: AsyncSession, riduzione_id: UUID) -> list[UUID]:
    """The projects that pay a reduction."""
    return list(
        await session.scalars(
            sa.select(col(FonteRiduzione.progetto_id)).where(col(FonteRiduzione.riduzione_id) == riduzione_id)
        )
    )


async def configurazione(session: AsyncSession, ente: str, *, blocca: bool = False) -> ConfigurazioneEnte | None:
    """The name and bank account of an organisation."""
    consulta = sa.select(ConfigurazioneEnte).where(col(ConfigurazioneEnte.ente) == ente)
    if blocca:
        consulta = consulta.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(consulta)


async def configurazioni(session: AsyncSession, dopo: str | None, limite: int) -> list[ConfigurazioneEnte]:
    """Names and bank accounts, in order of code."""
    consulta = sa.select(ConfigurazioneEnte).order_by(col(ConfigurazioneEnte.ente)).limit(limite)
    if dopo is not None:
        consulta = consulta.where(col(ConfigurazioneEnte.ente) > dopo)
    return list(await session.scalars(consulta))


async def pagamento(session: AsyncSession, distinta_id: UUID) -> Pagamento | None:
    """The payment order of a Distinta."""
    return await session.scalar(sa.select(Pagamento).where(col(Pagamento.distinta_id) == distinta_id))


async def progetti_dell_ente(session: AsyncSession, ente: str, progetti: Sequence[UUID] | None = None) -> list[UUID]:
    """Among some projects (or all), those in which an organisation takes part."""
    consulta = "SELECT progetto_id FROM progetto WHERE :ente = ANY (enti)"
    dati: dict[str, object] = {"ente": ente}
    if progetti is not None:
        consulta += " AND progetto_id = ANY (CAST(:progetti AS uuid[]))"
        dati["progetti"] = list(progetti)
    return list(await session.scalars(sa.text(consulta), dati))
