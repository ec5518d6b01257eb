"""Posting, sealing and verification of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.signing import Signing
from services.puntiluna.queries import registro as queries
from services.puntiluna.queries.registro import ContoDiverso, Registrazione
from services.puntiluna.rules.radici import EsitoRadici
from services.puntiluna.rules.registro import (
    PRIMO_ANELLO,
    AnelloRotto,
    Causa,
    ChiaveRiusata,
    EsitoRegistrazione,
    Libro,
    Movimento,
    MovimentoNonValido,
    Riga,
    SaldoInsufficiente,
    controlla_movimento,
    incatena,
    primo_anello_rotto,
)
from services.puntiluna.service.radici import Archivio, verifica_radici

SIGILLI_PER_GIRO = 1000
GIRI_PER_VOLTA = 20

Dettaglio = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class StatoLibro:
    """What verification found in one book's chain."""

    libro: str
    sigilli: int
    radice: str
    non_sigillati: int
    rotto: AnelloRotto | None


@dataclass(frozen=True, slots=True)
class Verifica:
    """The result of a verification of the whole ledger."""

    libri: tuple[StatoLibro, ...]
    senza_sigillo: tuple[UUID, ...] = ()
    sbilanciati: tuple[UUID, ...] = ()
    conti_diversi: tuple[ContoDiverso, ...] = ()
    conti_sotto_zero: tuple[UUID, ...] = ()
    notati_diversi: tuple[tuple[UUID, datetime], ...] = ()
    conti_estranei: tuple[UUID, ...] = ()
    riduzioni_diverse: tuple[UUID, ...] = ()
    somme: Mapping[str, int] = field(default_factory=dict)
    radici: EsitoRadici | None = None
    """The comparison with the signed roots, where it was asked for."""

    @property
    def in_ordine(self) -> bool:
        """True when nothing is wrong; a tail that waits for its seal is not wrong."""
        return not self.guasti()

    def guasti(self) -> list[tuple[str, str]]:
        """All that is wrong, as place and reason in Italian, the broken links first."""
        trovati = [
            (
                f"libro {libro.libro}, anello {libro.rotto.n}",
                f"{libro.rotto.motivo} (movimento {libro.rotto.movimento_id})",
            )
            for libro in self.libri
            if libro.rotto is not None
        ]
        trovati += [(f"movimento {m}", "né sigillato né in attesa del sigillo") for m in self.senza_sigillo]
        trovati += [(f"movimento {m}", "le righe non sommano a zero") for m in self.sbilanciati]
        trovati += [
            (f"conto {conto.conto_id}", f"saldo {conto.saldo_cent}, somma delle righe {conto.righe_cent} (centesimi)")
            for conto in self.conti_diversi
        ]
        trovati += [(f"conto {conto}", "saldo sotto zero") for conto in self.conti_sotto_zero]
        trovati += [
            (f"conto {conto}", f"il saldo notato al {al.isoformat()} non è la somma delle righe fino ad allora")
            for conto, al in self.notati_diversi
        ]
        trovati += [
            (f"conto {conto}", "libro, tipo, titolare o progetto non sono quelli con cui fu aperto")
            for conto in self.conti_estranei
        ]
        trovati += [
            (f"riduzione {riduzione}", "il confermato non è quello del suo movimento o non è ciò che pagano i progetti")
            for riduzione in self.riduzioni_diverse
        ]
        trovati += [(f"libro {libro}", f"i conti sommano a {s} centesimi") for libro, s in self.somme.items() if s]
        trovati += [
            (f"radice firmata {guasta.numero}" + (f", libro {guasta.libro}" if guasta.libro else ""), guasta.motivo)
            for guasta in (self.radici.guaste if self.radici else ())
        ]
        return trovati


def componi_movimento(
    *,
    libro: Libro,
    causa: Causa,
    chiave: str,
    righe: Sequence[Riga],
    accaduto_il: datetime,
    evento_origine: UUID | None = None,
    storna: UUID | None = None,
    dettaglio: Dettaglio | None = None,
) -> Movimento:
    """Make a movement with a new id and check it.

    Raises:
        MovimentoNonValido: it is not a double entry.
    """
    movimento = Movimento(
        uuid7(), libro, causa, chiave, tuple(righe), accaduto_il, evento_origine, storna, dict(dettaglio or {})
    )
    controlla_movimento(movimento)
    return movimento


async def registra(session: AsyncSession, movimenti: Sequence[Movimento], *, now: datetime) -> list[Registrazione]:
    """Post a batch: each movement is accepted, found already posted, or refused without touching its neighbours.

    Args:
        session: the transaction.
        movimenti: checked movements with distinct keys.
        now: the instant of registration.

    Returns:
        The answers, in the same order.

    Raises:
        MovimentoNonValido: two movements of the batch have the same key.
        ChiaveRiusata: a key belongs to a movement with other lines.
    """
    if not movimenti:
        return []
    if len({m.chiave for m in movimenti}) != len(movimenti):
        raise MovimentoNonValido("Due movimenti dello stesso gruppo hanno la stessa chiave.", field="chiave")
    esiti = await queries.registra_movimenti(session, movimenti, now=now)
    for movimento, esito in zip(movimenti, esiti, strict=True):
        if esito.esito is EsitoRegistrazione.CHIAVE_RIUSATA:
            raise ChiaveRiusata(f"La chiave {movimento.chiave} appartiene già a un movimento diverso.")
    return esiti


async def registra_tutti(session: AsyncSession, movimenti: Sequence[Movimento], *, now: datetime) -> list[UUID]:
    """Post movements that stand or fall together.

    Returns:
        The ids under which they are in the ledger (those of the first time, if they already were).

    Raises:
        SaldoInsufficiente: one of them would take an account below zero; the caller's transaction is rolled back.
    """
    esiti = await registra(session, movimenti, now=now)
    ids: list[UUID] = []
    for esito in esiti:
        if esito.movimento_id is None:
            raise SaldoInsufficiente(
                "Il saldo non basta per completare l'operazione: nulla è stato registrato.",
                remedy="Rileggi il saldo e riprova con un importo non superiore.",
            )
        ids.append(esito.movimento_id)
    return ids


async def sigilla(session: AsyncSession, *, now: datetime) -> int:
    """Seal the movements that wait, in order, one sealer at a time.

    Args:
        session: the transaction.
        now: the instant of sealing.

    Returns:
        How many were sealed.
    """
    await queries.blocca_sigillatore(session)
    sigillati = 0
    for libro in Libro:
        for _ in range(GIRI_PER_VOLTA):
            ids = await queries.preleva_da_sigillare(session, libro, SIGILLI_PER_GIRO)
            if not ids:
                break
            scritti = await queries.movimenti_scritti(session, ids)
            n, prev = await queries.ultimo_sigillo(session, libro)
            await queries.scrivi_sigilli(session, incatena(libro, n, prev, [scritti[i] for i in ids]), now=now)
            sigillati += len(ids)
    return sigillati


async def stato_registro(session: AsyncSession) -> list[StatoLibro]:
    """Give the length and the root of each book's chain, without verifying them."""
    code = await queries.coda_da_sigillare(session)
    libri = []
    for libro in Libro:
        n, radice = await queries.ultimo_sigillo(session, libro)
        libri.append(StatoLibro(libro, n, radice, code.get(libro, 0), None))
    return libri


async def verifica_registro(
    session: AsyncSession, archivio: Archivio | None = None, firma: Signing | None = None
) -> Verifica:
    """Verify the whole ledger: chains, unsealed tail, zero sums, balances against lines, floors, signed roots.

    Args:
        session: a transaction; nothing is written.
        archivio: where the signed roots are kept outside the database; without it they are not compared.
        firma: with the keys that verify them.

    Returns:
        What was found; `in_ordine` tells whether all is well.

    Raises:
        ArchivioNonDisponibile: the archive does not answer.

    Source: ADR 0042, ADR 0075.
    """
    code = await queries.coda_da_sigillare(session)
    libri = [await _verifica_libro(session, libro, code.get(libro, 0)) for libro in Libro]
    return Verifica(
        libri=tuple(libri),
        senza_sigillo=tuple(await queries.senza_sigillo(session)),
        sbilanciati=tuple(await queries.movimenti_sbilanciati(session)),
        conti_diversi=tuple(await queries.conti_diversi(session)),
        conti_sotto_zero=tuple(await queries.conti_sotto_zero(session)),
        notati_diversi=tuple(await queries.saldi_notati_diversi(session)),
        conti_estranei=tuple(await queries.conti_estranei(session)),
        riduzioni_diverse=tuple(await queries.riduzioni_diverse(session)),
        somme=await queries.somma_dei_conti(session),
        radici=await verifica_radici(session, archivio, firma) if archivio and firma else None,
    )


async def _verifica_libro(session: AsyncSession, libro: str, in_coda: int) -> StatoLibro:
    n, prev = 0, PRIMO_ANELLO
    async for tratto in queries.catena(session, libro):
        rotto = primo_anello_rotto(libro, n, prev, tratto)
        if rotto is not None:
            return StatoLibro(libro, n, prev, in_coda, rotto)
        n, prev = tratto[-1][0].n, tratto[-1][0].hash
    return StatoLibro(libro, n, prev, in_coda, None)
