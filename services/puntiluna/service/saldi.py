"""What a household holds, now or at any instant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import registro as queries
from services.puntiluna.rules.donazioni import NucleoSconosciuto
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di


@dataclass(frozen=True, slots=True)
class SaldoNucleo:
    """A household's accounts at an instant (hundredths of a point, cents of the allowances' shares)."""

    saldo_cent: int
    donatore_cent: int
    quote_cent: int


async def saldo_del_nucleo(session: AsyncSession, nucleo_id: UUID, *, al: datetime) -> SaldoNucleo:
    """Give what a household held at an instant.

    Args:
        session: a transaction.
        nucleo_id: the household.
        al: the instant, any.

    Returns:
        Its balances.

    Raises:
        NucleoSconosciuto: neither laboratori nor the ledger knows the household.

    Source: ADR 0076.
    """
    titolare = str(nucleo_id)
    conti = [
        conto_id_di(Libro.PUNTI, TipoConto.NUCLEO, titolare),
        conto_id_di(Libro.PUNTI, TipoConto.DONATORE, titolare),
        conto_id_di(Libro.QUOTE, TipoConto.NUCLEO, titolare),
    ]
    saldi = await queries.saldi_al(session, conti, al)
    if not any(saldi.values()) and await queries_debiti.nucleo(session, nucleo_id) is None:
        raise NucleoSconosciuto(f"Il nucleo {nucleo_id} non è conosciuto.")
    return SaldoNucleo(*(saldi.get(conto, 0) for conto in conti))
