"""Standing choices: households whose points reduce their arrears by themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.models import SceltaNucleo
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries import scelte as queries
from services.puntiluna.rules.registro import Libro
from services.puntiluna.rules.riduzioni import OrigineRiduzione
from services.puntiluna.rules.scelte import SceltaSconosciuta, importo_automatico
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.service.riduzioni import (
    blocca_proprietari,
    conto_nucleo,
    progetto_del_nucleo,
    riducibile,
    scrivi_prenotazione,
)

MINIMO_CENT = 10_00
NUCLEI_PER_VOLTA = 100
AUTORE = "puntiluna"


async def leggi_scelta(session: AsyncSession, nucleo_id: UUID) -> SceltaNucleo | None:
    """Give the standing choice of a household; None when it never made one: nothing happens by itself."""
    return await queries.scelta(session, nucleo_id)


async def versione_scelta(session: AsyncSession, nucleo_id: UUID) -> int | None:
    """Lock the standing choice of a household and give its version; None when there is none."""
    scelta = await queries.scelta(session, nucleo_id, blocca=True)
    return scelta.versione if scelta is not None else None


async def scegli_riduzioni(
    session: AsyncSession,
    nucleo_id: UUID,
    *,
    automatica: bool,
    minimo_cent: int,
    riserva_cent: int,
    autore: str,
    now: datetime,
) -> SceltaNucleo:
    """Keep a household's standing choice.

    Args:
        session: the transaction.
        nucleo_id: the household.
        automatica: whether its points reduce its arrears by themselves from now on.
        minimo_cent: the smallest automatic reduction, hundredths, 1 or more.
        riserva_cent: points it keeps aside, hundredths, 0 or more.
        autore: who writes it.
        now: the platform's instant.

    Returns:
        The choice.

    Raises:
        SceltaSconosciuta: the household is not known here.

    Source: ADR 0082.
    """
    if await queries_debiti.blocca_nucleo(session, nucleo_id) is None:
        raise SceltaSconosciuta(f"Il nucleo {nucleo_id} non è conosciuto.")
    scelta = await queries.scelta(session, nucleo_id, blocca=True)
    if scelta is None:
        scelta = SceltaNucleo(
            nucleo_id=nucleo_id,
            versione=0,
            automatica=automatica,
            minimo_cent=minimo_cent,
            riserva_cent=riserva_cent,
            scelta_il=now,
            scelta_da=autore,
        )
        session.add(scelta)
    scelta.automatica, scelta.minimo_cent, scelta.riserva_cent = automatica, minimo_cent, riserva_cent
    scelta.versione += 1
    scelta.scelta_il, scelta.scelta_da = now, autore
    await session.flush()
    return scelta


async def prenota_automatiche(session: AsyncSession, *, now: datetime) -> int:
    """Reserve the reductions of the households that chose to let it happen; returns how many.

    Args:
        session: the transaction.
        now: the platform's instant.

    What a landlord refused, cut or let expire is not asked again until it tells that contract's debt anew.

    Source: ADR 0082.
    """
    fatte = 0
    for nucleo_id in await queries.nuclei_da_ridurre(session, NUCLEI_PER_VOLTA, giorno_di(now)):
        fatte += await _riduci(session, nucleo_id, now=now)
    return fatte


async def _riduci(session: AsyncSession, nucleo_id: UUID, *, now: datetime) -> int:
    proprietari = await blocca_proprietari(session, nucleo_id)
    scelta = await queries.scelta(session, nucleo_id, blocca=True)
    if scelta is None or not scelta.automatica:
        return 0
    conto = conto_nucleo(Libro.PUNTI, nucleo_id)
    saldo = (await queries_registro.blocca_saldi(session, [conto.conto_id])).get(conto.conto_id, 0)
    spendibile = saldo - (await queries_recuperi.da_recuperare(session, [conto.conto_id])).get(conto.conto_id, 0)
    debiti = [
        (riducibile(d), d) for d in await queries_debiti.debiti_del_nucleo(session, nucleo_id) if not d.punti_rifiutati
    ]
    fatte = 0
    for quanto, debito in sorted(debiti, key=lambda d: (-d[0], d[1].ente_proprietario, d[1].contratto_codice)):
        importo = importo_automatico(
            spendibile_cent=spendibile,
            riserva_cent=scelta.riserva_cent,
            minimo_cent=scelta.minimo_cent,
            riducibile_cent=quanto,
        )
        if importo and debito.al is None:
            await scrivi_prenotazione(
                session,
                proprietari[debito.ente_proprietario],
                nucleo_id=nucleo_id,
                progetto_id=await progetto_del_nucleo(session, nucleo_id),
                debito=debito,
                debito_prima_cent=quanto,
                importo_cent=importo,
                origine=OrigineRiduzione.PUNTI,
                quota_id=None,
                autore=AUTORE,
                automatica=True,
                now=now,
            )
            spendibile -= importo
            fatte += 1
    return fatte
