"""Signed roots and the links that they name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import RadiceFirmata
from services.puntiluna.rules.radici import Radice

RADICI_LOCK = 0x5241_4449  # "RADI"


async def blocca_radici(session: AsyncSession) -> None:
    """Let one signer of roots at a time in."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(RADICI_LOCK)))


async def ultima_radice(session: AsyncSession) -> RadiceFirmata | None:
    """The last signed root."""
    return (await session.scalars(sa.select(RadiceFirmata).order_by(col(RadiceFirmata.numero).desc()).limit(1))).first()


async def radice(session: AsyncSession, numero: int) -> RadiceFirmata | None:
    """A signed root by its number."""
    return await session.get(RadiceFirmata, numero)


async def radici(session: AsyncSession, prima_di: int | None, quante: int) -> Sequence[RadiceFirmata]:
    """Signed roots, the latest first."""
    consulta = sa.select(RadiceFirmata).order_by(col(RadiceFirmata.numero).desc()).limit(quante)
    if prima_di is not None:
        consulta = consulta.where(col(RadiceFirmata.numero) < prima_di)
    return (await session.scalars(consulta)).all()


async def anelli_delle_radici(session: AsyncSession, radici: Sequence[Radice]) -> dict[tuple[str, int], str]:
    """Hashes of the links that some roots name, by book and position."""
    cime = [cima for radice in radici for cima in radice.libri]
    righe = await session.execute(
        sa.text(
            "SELECT s.libro, s.n, s.hash FROM unnest(CAST(:libri AS text[]), CAST(:posti AS bigint[])) AS c (libro, n) "
            "JOIN sigillo s USING (libro, n)"
        ),
        {"libri": [cima.libro for cima in cime], "posti": [cima.n for cima in cime]},
    )
    return {(riga.libro, riga.n): riga.hash for riga in righe}


async def non_firmati(session: AsyncSession) -> dict[tuple[str, ...], int]:
    """Links sealed after the last signed root, for the business metrics."""
    quanti = await session.scalar(
        sa.text(
            "SELECT coalesce(sum(n - coalesce((SELECT (cime ->> libro)::bigint FROM radice_firmata "
            "ORDER BY numero DESC LIMIT 1), 0)), 0)::bigint FROM (SELECT libro, max(n) AS n FROM sigillo GROUP BY 1) s"
        )
    )
    return {(): int(quanti or 0)}
