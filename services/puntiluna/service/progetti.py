"""Projects and their funds: opened empty by bandi, filled by acts, with tariffs and limits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from chassis.tokens import Principal
from services.puntiluna.events import FondoAlimentato
from services.puntiluna.models import Alimentazione, Progetto
from services.puntiluna.queries import accrediti as queries_accrediti
from services.puntiluna.queries import progetti as queries
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries.progetti import CifreLette
from services.puntiluna.rules.fondi import (
    AttoGiaRegistrato,
    Fondo,
    FondoSconosciuto,
    FuoriCompetenza,
    OrigineFondo,
    controlla_alimentazione,
)
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto, sposta
from services.puntiluna.service.accrediti import avanza_attese, prepara_attese
from services.puntiluna.service.registro import componi_movimento, registra_tutti

REVOCATO = "revocato"
RINUNCIATO = "rinunciato"


@dataclass(frozen=True, slots=True)
class ProgettoRaccontato:
    """A project as bandi last told it (cents)."""

    progetto_id: UUID
    versione: int
    codice: str
    titolo: str
    capofila: str
    partner: tuple[str, ...]
    comune: str | None
    stato: str
    impegnato_cent: int


async def aggiorna_progetto(session: AsyncSession, detto: ProgettoRaccontato, *, now: datetime) -> None:
    """Take up a project's state; the first time its fund is opened, empty.

    Args:
        session: the transaction.
        detto: what bandi told; older versions than the known one do nothing.
        now: the platform's instant.

    Source: DOMAIN, decision 4.
    """
    await queries_accrediti.blocca_chiavi(session, [f"progetto:{detto.progetto_id}"])
    progetto = await queries.blocca_progetto(session, detto.progetto_id)
    if progetto is not None and progetto.versione_progetto >= detto.versione:
        return
    enti = sorted({detto.capofila, *detto.partner})
    if progetto is None:
        fondo = conto_fondo(detto.progetto_id)
        await queries_registro.apri_conti(session, [fondo], now=now)
        session.add(
            Progetto(
                progetto_id=detto.progetto_id,
                versione_progetto=detto.versione,
                codice=detto.codice,
                titolo=detto.titolo,
                capofila=detto.capofila,
                comune=detto.comune,
                enti=enti,
                stato=detto.stato,
                impegnato_cent=detto.impegnato_cent,
                tetto_cent=detto.impegnato_cent,
                da_progetto_cent=0,
                fondo_id=fondo.conto_id,
                versione=1,
                aperto_il=now,
                aggiornato_il=now,
            )
        )
    else:
        progetto.versione_progetto = detto.versione
        progetto.codice, progetto.titolo, progetto.capofila = detto.codice, detto.titolo, detto.capofila
        progetto.comune, progetto.enti, progetto.stato = detto.comune, enti, detto.stato
        progetto.impegnato_cent = detto.impegnato_cent
        # A commitment that shrinks below what was already given does not undo the past: it only stops new acts.
        progetto.tetto_cent = max(detto.impegnato_cent, progetto.da_progetto_cent)
        progetto.aggiornato_il = now
    await session.flush()


async def alimenta_fondo(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    importo_cent: int,
    origine: OrigineFondo,
    atto: str,
    autore: str,
    now: datetime,
) -> Alimentazione:
    """Fill a project's fund by an officer's act; points that waited for it are posted at once, in order.

    Args:
        session: the transaction.
        progetto_id: the project.
        importo_cent: cents of euro, 1 or more; as many hundredths of a point.
        origine: where the money comes from.
        atto: the act's reference, once for each fund.
        autore: the officer.
        now: the platform's instant.

    Returns:
        The act as registered.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        AttoGiaRegistrato: the act already filled this fund.
        ProgettoRevocato: the project was revoked.
        ProgettoRinunciato: the project was given up.
        FondoOltreMisura: all the acts together would exceed the largest amount.
        ImpegnatoSuperato: origin `progetto` beyond what is committed.

    Source: DOMAIN, decision 4.
    """
    progetto = await queries.blocca_progetto(session, progetto_id)
    if progetto is None:
        raise _sconosciuto(progetto_id)
    if await queries.atto_gia_usato(session, progetto_id, atto):
        raise AttoGiaRegistrato(f"L'atto «{atto}» ha già alimentato questo fondo.", field="atto")
    controlla_alimentazione(
        Fondo(
            progetto.stato == REVOCATO,
            progetto.impegnato_cent,
            progetto.da_progetto_cent,
            await queries.alimentato(session, progetto_id),
            rinunciato=progetto.stato == RINUNCIATO,
        ),
        importo_cent=importo_cent,
        origine=origine,
    )
    fondo = conto_fondo(progetto_id)
    apporto = Conto(Libro.PUNTI, TipoConto.APPORTO, str(progetto_id), progetto_id)
    await prepara_attese(session, progetto_id, [fondo, apporto], now=now)
    alimentazione_id = uuid7()
    movimento = componi_movimento(
        libro=Libro.PUNTI,
        causa=Causa.ALIMENTAZIONE,
        chiave=f"alimentazione:{alimentazione_id}",
        righe=sposta(apporto, fondo, importo_cent),
        accaduto_il=now,
        dettaglio={"atto": atto, "origine": str(origine)},
    )
    [movimento_id] = await registra_tutti(session, [movimento], now=now)
    alimentazione = Alimentazione(
        alimentazione_id=alimentazione_id,
        progetto_id=progetto_id,
        importo_cent=importo_cent,
        origine=str(origine),
        atto=atto,
        autore=autore,
        movimento_id=movimento_id,
        alimentato_il=now,
    )
    session.add(alimentazione)
    if origine is OrigineFondo.PROGETTO:
        progetto.da_progetto_cent += importo_cent
    progetto.versione += 1
    await session.flush()
    await avanza_attese(session, progetto_id, now=now)
    saldo = (await queries_registro.saldi(session, [fondo.conto_id])).get(fondo.conto_id, 0)
    await emit(
        session,
        FondoAlimentato(
            versione=progetto.versione,
            fondo_id=progetto.fondo_id,
            progetto_id=progetto_id,
            importo_cent=importo_cent,
            origine=origine,
            saldo_punti_cent=saldo,
            atto=atto,
            alimentato_il=now,
        ),
        now=now,
    )
    return alimentazione


async def leggi_fondo(session: AsyncSession, progetto_id: UUID) -> tuple[Progetto, int, list[Alimentazione]]:
    """Give a project, what its fund holds (hundredths) and the acts that filled it.

    Raises:
        FondoSconosciuto: bandi never told of the project.
    """
    progetto = await queries.progetto(session, progetto_id)
    if progetto is None:
        raise _sconosciuto(progetto_id)
    saldi = await queries_registro.saldi(session, [progetto.fondo_id])
    return progetto, saldi.get(progetto.fondo_id, 0), await queries.alimentazioni(session, progetto_id)


async def controlla_competenza(session: AsyncSession, progetto_id: UUID, principal: Principal) -> None:
    """Refuse an officer of an organisation that takes no part in the project.

    Raises:
        FondoSconosciuto: bandi never told of the project.
        FuoriCompetenza: the officer's organisation is neither its lead nor a partner.
    """
    enti = await queries.enti_del_progetto(session, progetto_id)
    if enti is None:
        raise _sconosciuto(progetto_id)
    if principal.ente not in enti:
        raise FuoriCompetenza(
            "Il tuo ente non è né capofila né partner del progetto.",
            remedy="L'operazione spetta a un funzionario del capofila o di un partner.",
        )


async def elenca_fondi(session: AsyncSession, *, dopo: UUID | None, limite: int) -> list[tuple[Progetto, int]]:
    """Give a page of projects with what their funds hold (hundredths)."""
    trovati = await queries.progetti(session, dopo, limite)
    saldi = await queries_registro.saldi(session, [p.fondo_id for p in trovati])
    return [(p, saldi.get(p.fondo_id, 0)) for p in trovati]


async def cifre_del_progetto(session: AsyncSession, progetto_id: UUID) -> tuple[Progetto, CifreLette]:
    """Give the aggregate figures of a project: points issued, hours counted, where the points are.

    Raises:
        FondoSconosciuto: bandi never told of the project.

    Source: IRS2021 tav. 4.7 (17,891 points); DOMAIN, decision 5.
    """
    progetto = await queries.progetto(session, progetto_id)
    if progetto is None:
        raise _sconosciuto(progetto_id)
    return progetto, await queries.cifre(session, progetto_id)


async def riduzioni_del_progetto(
    session: AsyncSession, progetto_id: UUID
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Give the reductions of a project by origin and state: how many, asked and confirmed (cents)."""
    return await queries.riduzioni_del_progetto(session, progetto_id)


def conto_fondo(progetto_id: UUID) -> Conto:
    """The fund account of a project."""
    return Conto(Libro.PUNTI, TipoConto.FONDO, str(progetto_id), progetto_id)


def _sconosciuto(progetto_id: UUID) -> FondoSconosciuto:
    return FondoSconosciuto(
        f"Il progetto {progetto_id} non ha un fondo punti.",
        remedy="Il fondo si apre, vuoto, quando il progetto è finanziato.",
    )
