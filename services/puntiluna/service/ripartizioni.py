"""Sharing the common pool out by an act: simulated first, then done exactly as simulated."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import constraint_name
from chassis.ids import uuid7
from services.puntiluna.models import Ripartizione
from services.puntiluna.queries import donazioni as queries
from services.puntiluna.queries import progetti as queries_progetti
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.rules.donazioni import DestinatarioSconosciuto
from services.puntiluna.rules.fondi import AttoGiaRegistrato, FondoSconosciuto
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto, sposta
from services.puntiluna.rules.ripartizione import (
    CriterioRipartizione,
    QuotaDiPunti,
    RipartizioneNonValida,
    SimulazioneSuperata,
    impronta_quote,
    ripartisci,
)
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.service.donazioni import conto_solidale
from services.puntiluna.service.registro import componi_movimento, registra_tutti


async def simula_ripartizione(
    session: AsyncSession, progetto_id: UUID, *, criterio: CriterioRipartizione, totale_cent: int | None, now: datetime
) -> list[QuotaDiPunti]:
    """Say how a criterion would share a project's pool out among its households in arrears; nothing moves.

    Args:
        session: a transaction.
        progetto_id: the project.
        criterio: how to share.
        totale_cent: hundredths to share; None for the whole pool.
        now: the platform's instant.

    Returns:
        The shares above zero, by household.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        NessunoDaAiutare: no household needs anything.

    Source: ADR 0082.
    """
    if await queries_progetti.progetto(session, progetto_id) is None:
        raise FondoSconosciuto(f"Il progetto {progetto_id} non ha un fondo punti.")
    if totale_cent is None:
        conto_id = conto_solidale(progetto_id).conto_id
        totale_cent = (await queries_registro.saldi(session, [conto_id])).get(conto_id, 0)
    return ripartisci(criterio, totale_cent, await queries.bisogni_del_progetto(session, progetto_id, giorno_di(now)))


async def ripartisci_con_criterio(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    atto: str,
    criterio: CriterioRipartizione,
    totale_cent: int | None,
    impronta: str,
    autore: str,
    now: datetime,
) -> Ripartizione:
    """Share a project's pool out by a criterion, exactly as the simulation that the act refers to.

    Args:
        session: the transaction.
        progetto_id: the project.
        atto: the act's reference, once for each pool.
        criterio: how to share.
        totale_cent: hundredths to share; None for the whole pool.
        impronta: the digest of the simulation.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The act as registered.

    Raises:
        SimulazioneSuperata: the shares would be others now.
        As `simula_ripartizione` and `ripartisci_solidale`.
    """
    conto_id = conto_solidale(progetto_id).conto_id
    await queries_registro.blocca_saldi(session, [conto_id])
    quote = await simula_ripartizione(session, progetto_id, criterio=criterio, totale_cent=totale_cent, now=now)
    if impronta_quote(quote) != impronta:
        raise SimulazioneSuperata(
            "Debiti o saldi sono cambiati dopo la simulazione: le quote sarebbero altre.",
            field="impronta",
            remedy="Ripeti la simulazione, verifica le quote e usa la sua impronta.",
        )
    return await ripartisci_solidale(
        session, progetto_id, atto=atto, quote=quote, criterio=criterio, autore=autore, now=now
    )


async def ripartisci_solidale(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    atto: str,
    quote: Sequence[QuotaDiPunti],
    criterio: CriterioRipartizione | None = None,
    autore: str,
    now: datetime,
) -> Ripartizione:
    """Share a project's pool out among households by an act, all of it or nothing.

    Args:
        session: the transaction.
        progetto_id: the project.
        atto: the act's reference, once for each pool.
        quote: the households with what each receives.
        criterio: how the shares were computed, None when the act lists them.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The act as registered.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        RipartizioneNonValida: a household appears twice.
        DestinatarioSconosciuto: a household is not known here.
        AttoGiaRegistrato: the act already shared this pool.
        SaldoInsufficiente: the pool does not hold the total.

    Source: DOMAIN, puntiluna, "the pool is shared out by an operator act".
    """
    if len({quota.nucleo_id for quota in quote}) != len(quote):
        raise RipartizioneNonValida("Un nucleo compare due volte nella ripartizione.", field="quote")
    if await queries_progetti.progetto(session, progetto_id) is None:
        raise FondoSconosciuto(f"Il progetto {progetto_id} non ha un fondo punti.")
    noti = await queries.nuclei_noti(session, [quota.nucleo_id for quota in quote])
    ignoto = next((quota.nucleo_id for quota in quote if quota.nucleo_id not in noti), None)
    if ignoto is not None:
        raise DestinatarioSconosciuto(f"Il nucleo {ignoto} non è conosciuto.", field="quote")
    solidale = conto_solidale(progetto_id)
    ripartizione = Ripartizione(
        ripartizione_id=uuid7(),
        progetto_id=progetto_id,
        atto=atto,
        criterio=str(criterio) if criterio is not None else None,
        nuclei=len(quote),
        totale_cent=sum(quota.importo_cent for quota in quote),
        autore=autore,
        ripartita_il=now,
    )
    session.add(ripartizione)
    try:
        await session.flush()
    except Exception as error:
        if constraint_name(error) == "uq_ripartizione_progetto_id_atto":
            raise AttoGiaRegistrato(f"L'atto «{atto}» ha già ripartito questo fondo Solidal.", field="atto") from None
        raise
    movimenti = [
        componi_movimento(
            libro=Libro.PUNTI,
            causa=Causa.RIPARTIZIONE,
            chiave=f"ripartizione:{ripartizione.ripartizione_id}:{quota.nucleo_id}",
            righe=sposta(solidale, Conto(Libro.PUNTI, TipoConto.NUCLEO, str(quota.nucleo_id)), quota.importo_cent),
            accaduto_il=now,
            dettaglio={"ripartizione_id": str(ripartizione.ripartizione_id), "atto": atto},
        )
        for quota in quote
    ]
    await registra_tutti(session, movimenti, now=now)
    return ripartizione


async def elenca_ripartizioni(
    session: AsyncSession, progetto_id: UUID, *, dopo: UUID | None, limite: int
) -> list[Ripartizione]:
    """Give a page of the acts that shared a project's pool out, the latest first."""
    return await queries.ripartizioni(session, progetto_id, dopo, limite)
