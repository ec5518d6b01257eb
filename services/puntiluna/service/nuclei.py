"""The mirror of households and their contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.models import Contratto, Nucleo
from services.puntiluna.queries import debiti as queries
from services.puntiluna.queries import distinte as queries_distinte
from services.puntiluna.queries import riduzioni as queries_riduzioni
from services.puntiluna.queries.accrediti import blocca_chiavi


@dataclass(frozen=True, slots=True)
class ContrattoRaccontato:
    """A tenancy contract as told by laboratori."""

    contratto_codice: str
    ente_proprietario: str
    dal: date
    al: date | None


async def aggiorna_nucleo(
    session: AsyncSession,
    *,
    nucleo_id: UUID,
    versione: int,
    progetto_id: UUID | None,
    contratti: Sequence[ContrattoRaccontato],
    now: datetime,
) -> None:
    """Take up a household's contracts; debts that waited for one of them are matched from now on.

    Args:
        session: the transaction.
        nucleo_id: the household.
        versione: its version; older than the known one does nothing.
        progetto_id: the project that follows it.
        contratti: all its contracts, past ones too.
        now: the platform's instant.

    Source: DOMAIN, decisions 1 and 6.
    """
    await blocca_chiavi(session, [f"nucleo:{nucleo_id}"])
    noto = await queries.blocca_nucleo(session, nucleo_id)
    if noto is not None and noto.versione >= versione:
        return
    if noto is None:
        session.add(Nucleo(nucleo_id=nucleo_id, versione=versione, progetto_id=progetto_id, aggiornato_il=now))
    else:
        noto.versione, noto.progetto_id, noto.aggiornato_il = versione, progetto_id, now
    await session.flush()
    await queries.registra_proprietari(session, [c.ente_proprietario for c in contratti])
    unici = {(c.ente_proprietario, c.contratto_codice, c.dal): c for c in contratti}
    await queries.sostituisci_contratti(
        session,
        nucleo_id,
        [
            Contratto(
                ente_proprietario=c.ente_proprietario,
                contratto_codice=c.contratto_codice,
                nucleo_id=nucleo_id,
                dal=c.dal,
                al=c.al if c.al is None or c.al >= c.dal else c.dal,
            )
            for c in unici.values()
        ],
    )
    await session.flush()


async def segue_l_ente(session: AsyncSession, nucleo_id: UUID, ente: str | None) -> bool:
    """Say whether a household belongs to a project in which an organisation takes part.

    Args:
        session: a transaction.
        nucleo_id: the household.
        ente: the organisation's code.

    Returns:
        False also for an unknown household, or without an organisation.

    Source: DOMAIN, decision 10.
    """
    nucleo = await queries.nucleo(session, nucleo_id)
    if nucleo is None or ente is None:
        return False
    progetto_id = nucleo.progetto_id or await queries_riduzioni.ultimo_progetto_del_nucleo(session, nucleo_id)
    return progetto_id is not None and bool(await queries_distinte.progetti_dell_ente(session, ente, [progetto_id]))
