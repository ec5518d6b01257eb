"""Landlords' own records held against the platform's: every difference, with the act that would settle it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from services.puntiluna.models import Differenza, Riconciliazione
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import riconciliazioni as queries
from services.puntiluna.rules.riconciliazioni import (
    RiconciliazioneSconosciuta,
    RigaEnte,
    confronta_registri,
    controlla_invio,
    inizio_del_giorno,
)
from services.puntiluna.rules.riduzioni import RispostaRipetuta


async def riconcilia(
    session: AsyncSession,
    ente: str,
    *,
    dal: date,
    al: date,
    righe: Sequence[RigaEnte],
    autore: str,
    now: datetime,
) -> tuple[Riconciliazione, list[Differenza]]:
    """Hold a landlord's record of a period against the platform's; nothing else changes.

    Args:
        session: the transaction.
        ente: the landlord.
        dal: first day of the period, in Italy.
        al: last day of the period.
        righe: what it recorded, each protocol number once.
        autore: who sends it.
        now: the platform's instant.

    Returns:
        The reconciliation and its differences by protocol number.

    Raises:
        PeriodoRovesciato: it ends before it begins.
        PeriodoFuoriLimiti: it is not within 2000 and 2100.
        TotaleFuoriLimiti: the amounts add up to more than can be kept.
        RispostaRipetuta: a protocol number appears twice.

    Source: DOMAIN, puntiluna, "later reconciliation against the landlord's own file lists every difference".
    """
    controlla_invio(dal, al, (riga.importo_cent for riga in righe))
    if len({riga.protocollo for riga in righe}) != len(righe):
        raise RispostaRipetuta("Lo stesso numero di protocollo compare due volte.", field="righe")
    await queries_debiti.registra_proprietari(session, [ente])
    da, fino = inizio_del_giorno(dal), inizio_del_giorno(date.fromordinal(al.toordinal() + 1))
    nostre = await queries.righe_della_piattaforma(session, ente, da, fino, [riga.protocollo for riga in righe])
    concordi, trovate = confronta_registri(righe, nostre)
    riconciliazione = Riconciliazione(
        riconciliazione_id=uuid7(),
        ente_proprietario=ente,
        dal=da,
        al=fino,
        righe=len(righe),
        totale_ente_cent=sum(riga.importo_cent for riga in righe),
        totale_piattaforma_cent=sum(riga.confermato_cent for riga in nostre.values() if riga.nel_periodo),
        concordi=concordi,
        differenze=len(trovate),
        autore=autore,
        ricevuta_il=now,
    )
    session.add(riconciliazione)
    await session.flush()
    differenze = [
        Differenza(
            riconciliazione_id=riconciliazione.riconciliazione_id,
            posto=posto,
            protocollo=d.protocollo,
            contratto_codice=d.contratto_codice,
            tipo=str(d.tipo),
            importo_ente_cent=d.importo_ente_cent,
            importo_piattaforma_cent=d.importo_piattaforma_cent,
            stato=str(d.stato) if d.stato is not None else None,
            atto_proposto=str(d.atto),
        )
        for posto, d in enumerate(trovate, start=1)
    ]
    session.add_all(differenze)
    await session.flush()
    return riconciliazione, differenze


async def elenca_riconciliazioni(
    session: AsyncSession, ente: str, *, dopo: UUID | None, limite: int
) -> list[Riconciliazione]:
    """Give a page of a landlord's reconciliations, the latest first."""
    return await queries.riconciliazioni(session, ente, dopo, limite)


async def elenca_differenze(
    session: AsyncSession, ente: str, riconciliazione_id: UUID, *, dopo: int | None, limite: int
) -> list[Differenza]:
    """Give a page of the differences of a landlord's reconciliation, by protocol number.

    Raises:
        RiconciliazioneSconosciuta: the landlord has no such reconciliation.
    """
    await controlla_riconciliazione(session, ente, riconciliazione_id)
    return await queries.differenze(session, riconciliazione_id, dopo, limite)


async def controlla_riconciliazione(session: AsyncSession, ente: str, riconciliazione_id: UUID) -> None:
    """Refuse a reconciliation that is not the landlord's.

    Raises:
        RiconciliazioneSconosciuta: the landlord has no such reconciliation.
    """
    if await queries.riconciliazione(session, ente, riconciliazione_id) is None:
        raise RiconciliazioneSconosciuta(f"Nessuna riconciliazione {riconciliazione_id} per questo ente.")
