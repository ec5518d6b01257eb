"""Shares of allowances: real money towards the arrears, in a book apart from the points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.models import Proprietario, Quota
from services.puntiluna.queries import accrediti as queries_accrediti
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import riduzioni as queries
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto, sposta
from services.puntiluna.rules.riduzioni import OrigineRiduzione
from services.puntiluna.service.registro import componi_movimento, registra_tutti
from services.puntiluna.service.riduzioni import blocca_proprietari, conto_nucleo, riducibile, scrivi_prenotazione

NUCLEI_PER_VOLTA = 200
AUTORE = "puntiluna"


@dataclass(frozen=True, slots=True)
class QuotaRaccontata:
    """A share of an allowance as told by inclusione (cents)."""

    quota_id: UUID
    versione: int
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID
    patto_id: UUID
    importo_cent: int
    liquidata_il: datetime


async def accogli_quota(session: AsyncSession, detta: QuotaRaccontata, *, evento: UUID, now: datetime) -> None:
    """Enter a share of an allowance in the book of real money and reserve it on the household's arrears.

    Args:
        session: the transaction.
        detta: the share; one already known does nothing.
        evento: the event that told it.
        now: the platform's instant.

    Source: DOMAIN, inclusione, "DO UT DES"; issue of the ledger, "Quota morosita".
    """
    await queries_accrediti.blocca_chiavi(session, [f"quota:{detta.quota_id}"])
    if detta.importo_cent == 0 or await queries.quota(session, detta.quota_id) is not None:
        return
    proprietari = await blocca_proprietari(session, detta.nucleo_id)
    apporto = Conto(Libro.QUOTE, TipoConto.APPORTO, str(detta.progetto_id), detta.progetto_id)
    movimento = componi_movimento(
        libro=Libro.QUOTE,
        causa=Causa.QUOTA_MOROSITA,
        chiave=f"quota:{detta.quota_id}",
        righe=sposta(apporto, conto_nucleo(Libro.QUOTE, detta.nucleo_id), detta.importo_cent),
        accaduto_il=detta.liquidata_il,
        evento_origine=evento,
        dettaglio={"quota_id": str(detta.quota_id), "patto_id": str(detta.patto_id)},
    )
    [movimento_id] = await registra_tutti(session, [movimento], now=now)
    session.add(
        Quota(
            quota_id=detta.quota_id,
            versione_origine=detta.versione,
            persona_id=detta.persona_id,
            nucleo_id=detta.nucleo_id,
            progetto_id=detta.progetto_id,
            patto_id=detta.patto_id,
            importo_cent=detta.importo_cent,
            prenotato_cent=0,
            movimento_id=movimento_id,
            liquidata_il=detta.liquidata_il,
            ricevuta_il=now,
        )
    )
    await session.flush()
    await _prenota_quote(session, detta.nucleo_id, proprietari, now=now)


async def prenota_quote_dell_ente(session: AsyncSession, ente: str | None, *, now: datetime) -> int:
    """Reserve the shares that wait, of the households that owe something to a landlord (or to any).

    Args:
        session: the transaction.
        ente: the landlord whose debts just arrived, None for all.
        now: the platform's instant.

    Returns:
        How many reductions were reserved.
    """
    fatte = 0
    for nucleo_id in await queries_debiti.nuclei_con_quote(session, ente, NUCLEI_PER_VOLTA):
        proprietari = await blocca_proprietari(session, nucleo_id)
        fatte += await _prenota_quote(session, nucleo_id, proprietari, now=now)
    return fatte


async def _prenota_quote(
    session: AsyncSession, nucleo_id: UUID, proprietari: dict[str, Proprietario], *, now: datetime
) -> int:
    """Reserve a household's shares, oldest first, on its largest debts first; what does not fit waits.

    What a landlord refused, answered in part or let expire waits until it tells that contract's debt again.
    """
    debiti = {
        d: 0 if d.quota_rifiutata else riducibile(d) for d in await queries_debiti.debiti_del_nucleo(session, nucleo_id)
    }
    in_ordine = sorted(debiti, key=lambda d: (-debiti[d], d.ente_proprietario, d.contratto_codice))
    fatte = 0
    for quota in await queries.blocca_quote_da_prenotare(session, nucleo_id):
        for debito in in_ordine:
            importo = min(quota.importo_cent - quota.prenotato_cent, debiti[debito])
            if importo <= 0:
                continue
            await scrivi_prenotazione(
                session,
                proprietari[debito.ente_proprietario],
                nucleo_id=nucleo_id,
                progetto_id=quota.progetto_id,
                debito=debito,
                debito_prima_cent=debiti[debito],
                importo_cent=importo,
                origine=OrigineRiduzione.INDENNITA,
                quota_id=quota.quota_id,
                autore=AUTORE,
                now=now,
            )
            quota.prenotato_cent += importo
            debiti[debito] -= importo
            fatte += 1
    await session.flush()
    return fatte
