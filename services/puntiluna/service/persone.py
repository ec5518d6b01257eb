"""Merged person records: the hours and the points of the absorbed one belong to the one that stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import accrediti as queries_accrediti
from services.puntiluna.queries import persone as queries
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto, sposta
from services.puntiluna.service.accrediti import allinea_riassegnate
from services.puntiluna.service.ore import riassegna
from services.puntiluna.service.registro import componi_movimento, registra_tutti


async def unisci_persone(session: AsyncSession, persona_id: UUID, assorbita_id: UUID, *, now: datetime) -> None:
    """Give to a person what was of a duplicate record, and arbitrate their hours again as one person's.

    Args:
        session: the transaction.
        persona_id: the record that stays (or that was absorbed in turn: the last one stands).
        assorbita_id: the record that is absorbed; a merge already known does nothing.
        now: the platform's instant.

    Source: DOMAIN, decision 3 and laboratori, "Duplicates are detected and merged".
    """
    await queries_accrediti.blocca_chiavi(session, ["unioni"])
    resta = await queries.chi_resta(session, persona_id)
    if resta == assorbita_id:
        return
    await queries_accrediti.blocca_chiavi(session, [f"persona:{resta}", f"persona:{assorbita_id}"])
    if not await queries.scrivi_unione(session, assorbita_id, resta, now=now):
        return
    da = Conto(Libro.PUNTI, TipoConto.DONATORE, str(assorbita_id))
    a = Conto(Libro.PUNTI, TipoConto.DONATORE, str(resta))
    await queries_registro.apri_conti(session, [da, a], now=now)
    await queries.sposta_persona(session, assorbita_id, resta, conto_da=da.conto_id, conto_a=a.conto_id, now=now)
    saldo = (await queries_registro.blocca_saldi(session, [da.conto_id, a.conto_id]))[da.conto_id]
    if saldo:
        movimento = componi_movimento(
            libro=Libro.PUNTI,
            causa=Causa.UNIONE,
            chiave=f"unione:{assorbita_id}",
            righe=sposta(da, a, saldo),
            accaduto_il=now,
            dettaglio={"persona_id": str(resta), "assorbita_id": str(assorbita_id)},
        )
        await registra_tutti(session, [movimento], now=now)
    await allinea_riassegnate(session, await riassegna(session, [resta], now=now), now=now)
