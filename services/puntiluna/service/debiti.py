"""Debts pushed by landlords."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.puntiluna.models import Debito, Rilevazione
from services.puntiluna.queries import debiti as queries
from services.puntiluna.rules.debiti import RigaDebito, TipoRilevazione, controlla_rilevazione
from services.puntiluna.service.quote import prenota_quote_dell_ente


async def registra_rilevazione(
    session: AsyncSession,
    ente: str,
    *,
    tipo: TipoRilevazione,
    al_giorno: date,
    righe: Sequence[RigaDebito],
    now: datetime,
) -> Rilevazione:
    """Take up a landlord's snapshot of debts, whole or not at all.

    Args:
        session: the transaction.
        ente: the landlord.
        tipo: all its contracts, or some.
        al_giorno: the day it speaks of.
        righe: the contracts with their debts; unknown contracts wait as `non_abbinata`.
        now: the platform's instant.

    Returns:
        The snapshot as registered, with how many contracts are unknown or were left out.

    Raises:
        RilevazioneFutura: its day has not come yet.
        RilevazioneSuperata: an older one than the last.
        RilevazioneOltreMisura: its debts exceed the largest amount.
        ContrattoRipetuto: a contract appears twice.

    Source: DOMAIN, puntiluna, "Landlord protocol"; decision 6.
    """
    await queries.registra_proprietari(session, [ente])
    proprietario = await queries.blocca_proprietario(session, ente)
    assert proprietario is not None  # registered in this transaction
    codici = [riga.contratto_codice for riga in righe]
    totale_cent = sum(riga.importo_cent for riga in righe)
    controlla_rilevazione(
        al_giorno=al_giorno,
        ultima=proprietario.ultima_rilevazione,
        contratti=codici,
        totale_cent=totale_cent,
        now=now,
    )
    rilevazione = Rilevazione(
        rilevazione_id=uuid7(),
        ente_proprietario=ente,
        tipo=str(tipo),
        al_giorno=al_giorno,
        righe=len(righe),
        totale_cent=totale_cent,
        non_abbinate=await queries.conta_non_abbinati(session, ente, codici),
        non_comunicate=await queries.conta_esclusi(session, ente, codici) if tipo is TipoRilevazione.COMPLETA else 0,
        ricevuta_il=now,
    )
    session.add(rilevazione)
    proprietario.ultima_rilevazione = al_giorno
    await session.flush()
    await queries.scrivi_posizioni(session, rilevazione, [(r.contratto_codice, r.importo_cent) for r in righe])
    if tipo is TipoRilevazione.COMPLETA:
        await queries.segna_non_comunicati(session, ente, rilevazione.rilevazione_id)
    await prenota_quote_dell_ente(session, ente, now=now)
    return rilevazione


async def elenca_rilevazioni(session: AsyncSession, ente: str, *, dopo: UUID | None, limite: int) -> list[Rilevazione]:
    """Give a page of a landlord's snapshots, the latest first."""
    return await queries.rilevazioni(session, ente, dopo, limite)


async def elenca_non_abbinati(session: AsyncSession, ente: str, *, dopo: str | None, limite: int) -> list[Debito]:
    """Give a page of a landlord's debts whose contract no household has here."""
    return await queries.non_abbinati(session, ente, dopo, limite)
