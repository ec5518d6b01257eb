"""Aligning: the movements that bring what an attendance granted to what it is due, and their telling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Event
from chassis.ids import uuid7
from chassis.outbox import emit
from services.puntiluna.events import PuntiAccreditati, PuntiStornati
from services.puntiluna.models import Recupero
from services.puntiluna.queries import accrediti as queries
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries.accrediti import AccreditoDaScrivere, AccreditoLetto, Contesto
from services.puntiluna.rules.accrediti import Presenza, Spettanza, StatoAccredito, allinea, beneficiario
from services.puntiluna.rules.registro import Causa, Conto, EsitoRegistrazione, Libro, Movimento, TipoConto, sposta
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.service.registro import componi_movimento, registra


@dataclass(slots=True)
class Lavoro:
    """One attendance under evaluation."""

    presenza: Presenza
    evento: UUID | None
    precedente: AccreditoLetto | None
    spettanza: Spettanza

    @property
    def dovuto(self) -> bool:
        """Whether it is worth points."""
        return self.spettanza.punti_cent > 0


@dataclass(slots=True)
class Mossa:
    """A movement of an attendance: credit (positive) or reversal (negative)."""

    scheda: "Scheda"
    movimento: Movimento
    importo_cent: int
    conto: Conto


@dataclass(slots=True)
class Scheda:
    """The new state of an attendance while it is being aligned."""

    lavoro: Lavoro
    accredito_id: UUID
    versione: int
    conto: Conto | None
    fondo: Conto | None
    concesso_cent: int
    movimento_id: UUID | None
    stornato_cent: int = 0
    da_accreditare_cent: int = 0
    senza_fondo: bool = False


def scheda_di(lavoro: Lavoro) -> Scheda:
    """Start the new state of an attendance from the one stored."""
    precedente = lavoro.precedente
    if precedente is None:
        return Scheda(lavoro, uuid7(), 0, None, None, 0, None)
    return Scheda(
        lavoro,
        precedente.accredito_id,
        precedente.versione,
        precedente.conto,
        precedente.fondo,
        precedente.concesso_cent,
        precedente.movimento_id,
    )


def _destinazione(lavoro: Lavoro, contesto: Contesto) -> tuple[Conto, Conto] | tuple[None, None]:
    """Account that earns and fund that pays; the account chosen once stays, unless person or household changed."""
    presenza, precedente = lavoro.presenza, lavoro.precedente
    if not lavoro.dovuto or presenza.progetto_id is None:
        return None, None
    fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(presenza.progetto_id), presenza.progetto_id)
    if precedente is not None and precedente.conto is not None:
        prima = precedente.presenza
        if (prima.nucleo_id, prima.persona_id) == (presenza.nucleo_id, presenza.persona_id):
            return precedente.conto, fondo
    noti = None if presenza.nucleo_id is None else contesto.contratti.get(presenza.nucleo_id)
    conto = beneficiario(
        nucleo_id=presenza.nucleo_id, persona_id=presenza.persona_id, contratti=noti, giorno=giorno_di(presenza.inizio)
    )
    return conto, fondo


async def allinea_lavori(session: AsyncSession, lavori: Sequence[Lavoro], contesto: Contesto, *, now: datetime) -> None:
    """Bring what each attendance granted to what it is due.

    Args:
        session: the transaction.
        lavori: the attendances with what they are worth now.
        contesto: what is known around them.
        now: the platform's instant.

    Source: ADR 0044.
    """
    schede: list[Scheda] = []
    storni: list[Mossa] = []
    da_correggere = []
    for lavoro in lavori:
        scheda = scheda_di(lavoro)
        schede.append(scheda)
        if lavoro.precedente is not None and lavoro.precedente.movimento_id is not None:
            da_correggere.append(scheda)
        else:
            scheda.conto, scheda.fondo = _destinazione(lavoro, contesto)
            scheda.da_accreditare_cent = lavoro.spettanza.punti_cent
    if da_correggere:
        storni = await _correggi(session, da_correggere, [s.conto for s in schede if s.conto], contesto, now=now)
    await registra_e_scrivi(session, schede, storni, con_coda=contesto.con_coda, now=now)


async def _correggi(
    session: AsyncSession, schede: Sequence[Scheda], altri: Sequence[Conto], contesto: Contesto, *, now: datetime
) -> list[Mossa]:
    """Prepare the reversals of attendances that already gave points: what the account does not hold is recovered."""
    nuovi = {id(scheda): _destinazione(scheda.lavoro, contesto) for scheda in schede}
    tutti = [*altri, *(nuovo for nuovo, _ in nuovi.values() if nuovo is not None)]
    await queries_registro.apri_conti(session, tutti, now=now)
    recuperi = {
        (r.presenza_id, r.conto_id, r.fondo_id): r
        for r in await queries_recuperi.blocca_recuperi(session, [s.lavoro.presenza.presenza_id for s in schede])
    }
    saldi = await queries_registro.blocca_saldi(session, list({conto.conto_id for conto in tutti}))
    storni: list[Mossa] = []
    for scheda in schede:
        conto, fondo = nuovi[id(scheda)]
        if conto is not None and (conto, fondo) != (scheda.conto, scheda.fondo):
            _verso(session, scheda, 0, saldi, recuperi, storni, now=now)
            scheda.conto, scheda.fondo, scheda.concesso_cent = conto, fondo, 0
        _verso(session, scheda, scheda.lavoro.spettanza.punti_cent, saldi, recuperi, storni, now=now)
    await session.flush()
    return storni


def _verso(
    session: AsyncSession,
    scheda: Scheda,
    dovuto_cent: int,
    saldi: dict[UUID, int],
    recuperi: dict[tuple[UUID, UUID, UUID], Recupero],
    storni: list[Mossa],
    *,
    now: datetime,
) -> None:
    """Move one attendance towards what is due on its present account and fund."""
    if scheda.conto is None or scheda.fondo is None:
        return
    presenza_id, conto_id = scheda.lavoro.presenza.presenza_id, scheda.conto.conto_id
    chiave = (presenza_id, conto_id, scheda.fondo.conto_id)
    recupero = recuperi.get(chiave)
    passo = allinea(
        dovuto_cent=dovuto_cent,
        concesso_cent=scheda.concesso_cent,
        in_recupero_cent=recupero.residuo_cent if recupero else 0,
        disponibile_cent=saldi.get(conto_id, 0),
    )
    scheda.concesso_cent += passo.condona_cent - passo.storna_cent - passo.recupera_cent
    scheda.da_accreditare_cent = passo.accredita_cent
    scheda.stornato_cent += passo.storna_cent + passo.recupera_cent
    if recupero is None and passo.recupera_cent:
        recupero = Recupero(
            recupero_id=uuid7(),
            presenza_id=presenza_id,
            conto_id=conto_id,
            fondo_id=scheda.fondo.conto_id,
            residuo_cent=0,
            aperto_il=now,
        )
        session.add(recupero)
        recuperi[chiave] = recupero
    if recupero is not None:
        recupero.residuo_cent += passo.recupera_cent - passo.condona_cent
    if passo.storna_cent:
        saldi[conto_id] -= passo.storna_cent
        movimento = componi_movimento(
            libro=Libro.PUNTI,
            causa=Causa.STORNO,
            chiave=f"storno:{presenza_id}:{scheda.versione + 1}:{len(storni)}",
            righe=sposta(scheda.conto, scheda.fondo, passo.storna_cent),
            accaduto_il=scheda.lavoro.presenza.inizio,
            evento_origine=scheda.lavoro.evento,
            storna=scheda.movimento_id,
            dettaglio=_dettaglio(scheda.lavoro),
        )
        storni.append(Mossa(scheda, movimento, -passo.storna_cent, scheda.conto))


async def registra_e_scrivi(
    session: AsyncSession,
    schede: Sequence[Scheda],
    storni: Sequence[Mossa],
    *,
    con_coda: frozenset[UUID],
    now: datetime,
) -> None:
    """Post reversals and credits in one call, then write the new states and tell them."""
    mosse = list(storni)
    in_ordine = sorted(schede, key=lambda s: (s.lavoro.presenza.confermata_il, str(s.lavoro.presenza.presenza_id)))
    for scheda in in_ordine:
        if scheda.da_accreditare_cent and scheda.conto is not None and scheda.fondo is not None:
            if scheda.fondo.progetto_id in con_coda:
                scheda.senza_fondo = True
                continue
            presenza = scheda.lavoro.presenza
            movimento = componi_movimento(
                libro=Libro.PUNTI,
                causa=Causa.ACCREDITO,
                chiave=f"accredito:{presenza.presenza_id}:{scheda.versione + 1}",
                righe=sposta(scheda.fondo, scheda.conto, scheda.da_accreditare_cent),
                accaduto_il=presenza.inizio,
                evento_origine=scheda.lavoro.evento,
                dettaglio=_dettaglio(scheda.lavoro),
            )
            mosse.append(Mossa(scheda, movimento, scheda.da_accreditare_cent, scheda.conto))
    senza_conto = [s for s in schede if s.senza_fondo and s.conto is not None and s.fondo is not None]
    if senza_conto:
        await queries_registro.apri_conti(
            session, [c for s in senza_conto for c in (s.conto, s.fondo) if c is not None], now=now
        )
    esiti = await registra(session, [mossa.movimento for mossa in mosse], now=now)
    for mossa, esito in zip(mosse, esiti, strict=True):
        scheda = mossa.scheda
        if esito.esito is EsitoRegistrazione.SALDO_INSUFFICIENTE:
            scheda.senza_fondo = True
        elif mossa.importo_cent > 0:
            scheda.concesso_cent += mossa.importo_cent
            scheda.movimento_id = scheda.movimento_id or esito.movimento_id
    eventi: list[Event] = []
    righe = []
    for scheda in schede:
        eventi += _racconta(scheda, now)
        righe.append(_riga(scheda))
    await queries.scrivi_accrediti(session, righe, now=now)
    await emit(session, *eventi, now=now)


def _racconta(scheda: Scheda, now: datetime) -> list[Event]:
    """Draw the new version of the attendance's credit, and tell what changed."""
    presenza = scheda.lavoro.presenza
    eventi: list[Event] = []
    if scheda.stornato_cent:
        scheda.versione += 1
        eventi.append(
            PuntiStornati(
                versione=scheda.versione,
                accredito_id=scheda.accredito_id,
                presenza_id=presenza.presenza_id,
                nucleo_id=presenza.nucleo_id,
                punti_cent=scheda.stornato_cent,
                stornati_il=now,
            )
        )
    if scheda.da_accreditare_cent and presenza.progetto_id is not None:
        scheda.versione += 1
        eventi.append(
            PuntiAccreditati(
                versione=scheda.versione,
                accredito_id=scheda.accredito_id,
                presenza_id=presenza.presenza_id,
                progetto_id=presenza.progetto_id,
                nucleo_id=presenza.nucleo_id,
                punti_cent=scheda.lavoro.spettanza.punti_cent,
                stato=StatoAccredito.IN_ATTESA_FONDO if scheda.senza_fondo else StatoAccredito.ACCREDITATO,
                accreditati_il=now,
            )
        )
    if not eventi:
        scheda.versione += 1
    return eventi


def _riga(scheda: Scheda) -> AccreditoDaScrivere:
    spettanza = scheda.lavoro.spettanza
    stato, motivo = spettanza.stato, spettanza.motivo
    if stato is StatoAccredito.ACCREDITATO and scheda.senza_fondo:
        stato, motivo = StatoAccredito.IN_ATTESA_FONDO, "il fondo del progetto è esaurito"
    return AccreditoDaScrivere(
        accredito_id=scheda.accredito_id,
        versione=scheda.versione,
        presenza=scheda.lavoro.presenza,
        stato=stato,
        motivo=motivo,
        dovuto_cent=spettanza.punti_cent,
        concesso_cent=scheda.concesso_cent,
        conto_id=scheda.conto.conto_id if scheda.conto else None,
        fondo_id=scheda.fondo.conto_id if scheda.fondo else None,
        movimento_id=scheda.movimento_id,
    )


def _dettaglio(lavoro: Lavoro) -> dict[str, str | int | None]:
    presenza = lavoro.presenza
    return {
        "presenza_id": str(presenza.presenza_id),
        "attivita_id": str(presenza.attivita_id),
        "minuti": presenza.minuti,
        "voce": str(presenza.fascia) if presenza.diretta else presenza.categoria_indiretta,
        "nucleo_id": None if presenza.nucleo_id is None else str(presenza.nucleo_id),
    }
