"""Signing the roots of the ledger, keeping them outside the database, and comparing the ledger with them."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.signing import FirmaNonValida, Signing, verify
from chassis.store import MissingFile
from services.puntiluna.models import RadiceFirmata
from services.puntiluna.queries import radici as queries
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.rules.radici import (
    TIPO_RADICE,
    ArchivioDiscorde,
    CimaLibro,
    EsitoRadici,
    NienteDaFirmare,
    Radice,
    RadiceGuasta,
    RadiceSconosciuta,
    contenuto,
    da_firmare,
    guasti_di_catena,
    guasti_di_sequenza,
    impronta_firmata,
    leggi_contenuto,
)
from services.puntiluna.rules.registro import PRIMO_ANELLO, Libro

log = logging.getLogger(__name__)


class Archivio(Protocol):
    """Where signed roots are kept outside the database."""

    async def put(self, key: str, content: bytes) -> None:
        """Keep a file."""

    async def get(self, key: str) -> bytes:
        """Read a file; `MissingFile` when there is none."""


def percorso_radice(numero: int) -> str:
    """The key of a signed root in the archive: a sequence without holes, that needs no list to be read."""
    return f"registro/radici/{numero:08d}.jws"


async def firma_radice(
    session: AsyncSession, archivio: Archivio, firma: Signing, *, now: datetime, ogni_volta: bool = False
) -> RadiceFirmata | None:
    """Sign how far the sealed ledger has come, keep it outside the database and publish it.

    Args:
        session: the transaction.
        archivio: where it is kept; written before the database, so a root once kept is never signed anew.
        firma: the key.
        now: the platform's instant.
        ogni_volta: sign also when the day already has a root.

    Returns:
        The root, or None when none was due.

    Raises:
        ArchivioDiscorde: the archive keeps another root under the next number, not the last one as it is here, or the
            ledger no longer passes through it; nothing is signed over it.

    Source: ADR 0075.
    """
    await queries.blocca_radici(session)
    ultima = await queries.ultima_radice(session)
    prima = None if ultima is None else _letta(ultima.jws, firma)
    cime = [CimaLibro(libro, *await queries_registro.ultimo_sigillo(session, libro)) for libro in Libro]
    if not da_firmare(prima, cime, now=now, ogni_volta=ogni_volta):
        return None
    await _controlla_ultima(session, archivio, ultima, prima)
    numero = 1 if ultima is None else ultima.numero + 1
    precedente = PRIMO_ANELLO if ultima is None else impronta_firmata(ultima.jws)
    archiviata = await _gia_archiviata(archivio, numero, precedente, firma)
    if archiviata is None:
        radice = Radice(numero, now, precedente, tuple(cime))
        jws = firma.key.sign(contenuto(radice), typ=TIPO_RADICE)
        await archivio.put(percorso_radice(numero), jws.encode())
    else:
        jws, radice = archiviata
    scritta = RadiceFirmata(
        numero=numero, jws=jws, emessa_il=radice.emessa_il, cime={cima.libro: cima.n for cima in radice.libri}
    )
    session.add(scritta)
    await session.flush()
    return scritta


async def pubblica_radice(session: AsyncSession, archivio: Archivio, firma: Signing, *, now: datetime) -> RadiceFirmata:
    """Sign a root at an officer's request, whatever the day.

    Raises:
        NienteDaFirmare: no movement was sealed since the last one.
    """
    firmata = await firma_radice(session, archivio, firma, now=now, ogni_volta=True)
    if firmata is None:
        raise NienteDaFirmare("Dopo l'ultima radice firmata nessun movimento è stato sigillato.")
    return firmata


async def elenca_radici(session: AsyncSession, *, prima_di: int | None, limite: int) -> Sequence[RadiceFirmata]:
    """Give the signed roots, the latest first."""
    return await queries.radici(session, prima_di, limite)


async def leggi_radice(session: AsyncSession, numero: int) -> RadiceFirmata:
    """Give a signed root.

    Raises:
        RadiceSconosciuta: no root has that number.
    """
    trovata = await queries.radice(session, numero)
    if trovata is None:
        raise RadiceSconosciuta(f"Nessuna radice firmata ha il numero {numero}.")
    return trovata


async def verifica_radici(session: AsyncSession, archivio: Archivio, firma: Signing) -> EsitoRadici:
    """Compare the ledger with the signed roots kept outside the database.

    Args:
        session: a transaction; nothing is written.
        archivio: where the roots are kept.
        firma: with the keys of ever.

    Returns:
        How many roots there are and all that does not agree with them.

    Raises:
        ArchivioNonDisponibile: the archive does not answer.

    Source: ADR 0075.
    """
    in_archivio: list[tuple[int, str, Radice | None]] = []
    while (jws := await _archiviata(archivio, len(in_archivio) + 1)) is not None:
        in_archivio.append((len(in_archivio) + 1, jws, _letta(jws, firma)))
    guasti = guasti_di_sequenza(in_archivio)
    ultima = await queries.ultima_radice(session)
    if ultima is not None and ultima.numero > len(in_archivio):
        manca = len(in_archivio) + 1
        guasti.append(RadiceGuasta(manca, "è pubblicata ma non è più nell'archivio esterno"))
    lette = [radice for _, _, radice in in_archivio if radice is not None]
    for inizio in range(0, len(lette), 500):
        tratto = lette[inizio : inizio + 501]
        guasti_del_tratto = guasti_di_catena(tratto, await queries.anelli_delle_radici(session, tratto))
        if guasti_del_tratto:
            guasti += guasti_del_tratto
            break
    firmati = {cima.libro: cima.n for cima in lette[-1].libri} if lette else {}
    sigillati = {libro: (await queries_registro.ultimo_sigillo(session, libro))[0] for libro in Libro}
    non_firmati = sum(max(0, n - firmati.get(libro, 0)) for libro, n in sigillati.items())
    return EsitoRadici(len(in_archivio), lette[-1] if lette else None, non_firmati, tuple(guasti))


async def _controlla_ultima(
    session: AsyncSession, archivio: Archivio, ultima: RadiceFirmata | None, prima: Radice | None
) -> None:
    """Refuse to sign over a database that is not the one last signed.

    Raises:
        ArchivioDiscorde: the last root here is not the archive's, or the ledger no longer passes through it.
    """
    if ultima is None:
        return
    motivo = None
    if prima is None or await _archiviata(archivio, ultima.numero) != ultima.jws:
        motivo = f"L'ultima radice della base dati, la {ultima.numero}, non è quella dell'archivio esterno."
    elif guasti_di_catena([prima], await queries.anelli_delle_radici(session, [prima])):
        motivo = f"Il registro non passa più per l'ultima radice firmata, la {ultima.numero}."
    if motivo is not None:
        log.error("the ledger's next root is not signed", extra={"numero": ultima.numero, "motivo": motivo})
        raise ArchivioDiscorde(
            motivo, remedy="Esegui `quartieri registro verifica`: la base dati o l'archivio sono stati cambiati."
        )


async def _archiviata(archivio: Archivio, numero: int) -> str | None:
    try:
        return (await archivio.get(percorso_radice(numero))).decode("ascii", errors="replace")
    except MissingFile:
        return None


async def _gia_archiviata(
    archivio: Archivio, numero: int, precedente: str, firma: Signing
) -> tuple[str, Radice] | None:
    """The root that an attempt kept outside and could not write here.

    Raises:
        ArchivioDiscorde: another root is kept under that number; what is kept is never replaced.
    """
    jws = await _archiviata(archivio, numero)
    if jws is None:
        return None
    radice = _letta(jws, firma)
    if radice is None or (radice.numero, radice.precedente) != (numero, precedente):
        raise ArchivioDiscorde(
            f"L'archivio esterno conserva già un'altra radice numero {numero}: non si sostituisce.",
            remedy="Esegui `quartieri registro verifica`: la base dati o l'archivio sono stati cambiati.",
        )
    return jws, radice


def _letta(jws: str, firma: Signing) -> Radice | None:
    try:
        return leggi_contenuto(verify(jws, firma.document, typ=TIPO_RADICE))
    except FirmaNonValida:
        return None
