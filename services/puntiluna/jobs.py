"""What time does: seals, expiries, points that wait, points to recover, shares to reserve."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.jobs import Jobs
from chassis.measures import Measures
from chassis.signing import signing_of
from chassis.store import store_of
from services.puntiluna.queries import cifre
from services.puntiluna.queries.radici import non_firmati
from services.puntiluna.queries.registro import conti_di_tipo
from services.puntiluna.service.accrediti import avanza_tutte_le_attese, recupera_punti, rivaluta_senza_tariffa
from services.puntiluna.service.quote import prenota_quote_dell_ente
from services.puntiluna.service.radici import firma_radice
from services.puntiluna.service.registro import sigilla
from services.puntiluna.service.riduzioni import scadono_riduzioni
from services.puntiluna.service.scelte import prenota_automatiche

jobs = Jobs()
measures = Measures()

measures.gauge("puntiluna_saldi_cent", "Hundredths of a point by book and kind of account", ("libro", "conto"))(
    conti_di_tipo
)
measures.gauge("puntiluna_riduzioni_cent", "Cents of the reductions by state", ("stato",))(cifre.riduzioni_per_stato)
measures.gauge("puntiluna_punti_cent", "Hundredths of a point for attendances: issued, and waiting", ("stato",))(
    cifre.punti_per_stato
)
measures.gauge("puntiluna_distinte_cent", "Cents of the Distinte by state", ("stato",))(cifre.distinte_per_stato)
measures.gauge("puntiluna_da_distinguere_cent", "Cents confirmed by landlords that no Distinta holds yet", ())(
    cifre.da_distinguere
)
measures.gauge("puntiluna_differenze", "Differences of each landlord's latest reconciliation, by kind", ("tipo",))(
    cifre.differenze_per_tipo
)
measures.gauge("puntiluna_da_sigillare", "Movements that wait for their seal", ())(cifre.da_sigillare)
measures.gauge("puntiluna_sigilli_non_firmati", "Links of the chains after the last signed root", ())(non_firmati)


@jobs.every(seconds=0.5)
async def sigilla_movimenti(session: AsyncSession, now: datetime) -> None:
    """Seal what was posted."""
    await sigilla(session, now=now)


@jobs.every(seconds=60.0)
async def si_firma_la_radice(session: AsyncSession, now: datetime) -> None:
    """Sign the root of the day, keep it outside the database and publish it."""
    await firma_radice(session, store_of(session), signing_of(session), now=now)


@jobs.every(seconds=1.0)
async def scadono_le_riduzioni(session: AsyncSession, now: datetime) -> None:
    """Release the points of unanswered reductions."""
    await scadono_riduzioni(session, now=now)


@jobs.every(seconds=1.0)
async def avanzano_le_attese(session: AsyncSession, now: datetime) -> None:
    """Post the points that wait for a fund that has money again."""
    await avanza_tutte_le_attese(session, now=now)


@jobs.every(seconds=1.0)
async def si_recuperano_punti(session: AsyncSession, now: datetime) -> None:
    """Take back points that were reversed after they were spent."""
    await recupera_punti(session, now=now)


@jobs.every(seconds=2.0)
async def si_rivalutano_presenze(session: AsyncSession, now: datetime) -> None:
    """Evaluate the attendances whose tariff has arrived."""
    await rivaluta_senza_tariffa(session, now=now)


@jobs.every(seconds=2.0)
async def si_prenotano_quote(session: AsyncSession, now: datetime) -> None:
    """Reserve the shares of allowances that wait for a debt or a contract."""
    await prenota_quote_dell_ente(session, None, now=now)


@jobs.every(seconds=2.0)
async def si_riducono_morosita(session: AsyncSession, now: datetime) -> None:
    """Reserve the reductions of the households whose points reduce their arrears by themselves."""
    await prenota_automatiche(session, now=now)
