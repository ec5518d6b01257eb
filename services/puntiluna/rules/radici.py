"""Roots of the ledger: what its chains have come to, signed and kept where the database's masters do not reach."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from chassis.errors import Conflict, NotFound
from services.puntiluna.rules.registro import PRIMO_ANELLO
from services.puntiluna.rules.tariffe import giorno_di

TIPO_RADICE = "quartieri-radice+jws"
"""`typ` of a signed root."""

_IMPRONTA = re.compile(r"[0-9a-f]{64}")


class NienteDaFirmare(Conflict):
    """No movement was sealed since the last signed root."""

    title = "Nulla di nuovo da firmare"


class ArchivioDiscorde(Conflict):
    """The archive outside the database keeps another root than the one that should come next."""

    title = "Archivio delle radici discorde"


class RadiceSconosciuta(NotFound):
    """No signed root has that number."""

    title = "Radice sconosciuta"


@dataclass(frozen=True, slots=True)
class CimaLibro:
    """How far a book's chain had come: position and hash of its last link."""

    libro: str
    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Radice:
    """A statement on the ledger: how far each book had come, and which statement came before."""

    numero: int
    emessa_il: datetime
    precedente: str
    """SHA-256 of the signed root before this one; zeros for the first."""
    libri: tuple[CimaLibro, ...]

    @property
    def giorno(self) -> date:
        """Its day in Italy."""
        return giorno_di(self.emessa_il)


@dataclass(frozen=True, slots=True)
class RadiceGuasta:
    """Where the ledger, or the archive of its roots, is not what a signed root says."""

    numero: int
    motivo: str
    libro: str | None = None


@dataclass(frozen=True, slots=True)
class EsitoRadici:
    """What the comparison of the ledger with its signed roots found."""

    quante: int
    ultima: Radice | None
    non_firmati: int
    """Links sealed after the last signed root: the next one will cover them."""
    guaste: tuple[RadiceGuasta, ...] = ()


def contenuto(radice: Radice) -> bytes:
    """Write a root as the bytes that are signed.

    Args:
        radice: the root.

    Returns:
        Canonical JSON: sorted keys, no spaces.

    Source: ADR 0075.
    """
    corpo = {
        "emessa_il": radice.emessa_il.astimezone(UTC).isoformat(timespec="microseconds"),
        "giorno": radice.giorno.isoformat(),
        "libri": {cima.libro: {"n": cima.n, "radice": cima.hash} for cima in radice.libri},
        "numero": radice.numero,
        "precedente": radice.precedente,
        "v": 1,
    }
    return json.dumps(corpo, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leggi_contenuto(payload: bytes) -> Radice | None:
    """Read a root from the bytes that were signed.

    Args:
        payload: what a verified signature covers.

    Returns:
        The root, or None when the bytes are not one.
    """
    try:
        corpo = json.loads(payload)
        cime = tuple(
            CimaLibro(str(libro), int(c["n"]), str(c["radice"])) for libro, c in sorted(corpo["libri"].items())
        )
        radice = Radice(
            int(corpo["numero"]), datetime.fromisoformat(corpo["emessa_il"]), str(corpo["precedente"]), cime
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    ben_scritta = all(_IMPRONTA.fullmatch(cima.hash) and cima.n >= 0 for cima in cime)
    return radice if ben_scritta and radice.emessa_il.tzinfo is not None else None


def impronta_firmata(jws: str) -> str:
    """Give the SHA-256 of a signed root as it is written: what the next one names as `precedente`."""
    return sha256(jws.encode()).hexdigest()


def da_firmare(ultima: Radice | None, cime: Sequence[CimaLibro], *, now: datetime, ogni_volta: bool) -> bool:
    """Say whether a new root is due: something was sealed since, and it is another day.

    Args:
        ultima: the last signed root, None before the first.
        cime: how far each book has come.
        now: the platform's instant.
        ogni_volta: an officer asks: the same day is no reason to wait.

    Returns:
        True if a root should be signed now.

    Source: ADR 0075.
    """
    prima = {cima.libro: cima.n for cima in ultima.libri} if ultima else {}
    cresciuto = any(cima.n > prima.get(cima.libro, 0) for cima in cime)
    return cresciuto and (ogni_volta or ultima is None or ultima.giorno != giorno_di(now))


def guasti_di_sequenza(radici: Sequence[tuple[int, str, Radice | None]]) -> list[RadiceGuasta]:
    """Name what is wrong in a sequence of signed roots by itself.

    Args:
        radici: the archive in order: place from 1, signed root as kept, and its content (None where the signature does
            not hold or the content is no root).

    Returns:
        A fault for each root that is not signed by us, stands in another's place, or does not name the one before.
    """
    guasti: list[RadiceGuasta] = []
    precedente = PRIMO_ANELLO
    for posto, jws, radice in radici:
        if radice is None:
            guasti.append(RadiceGuasta(posto, "non è firmata da una chiave della piattaforma, o è cambiata dopo"))
        elif radice.numero != posto:
            guasti.append(RadiceGuasta(posto, f"al suo posto c'è la radice numero {radice.numero}"))
        elif radice.precedente != precedente:
            guasti.append(RadiceGuasta(posto, "non rimanda alla radice firmata prima di lei"))
        precedente = impronta_firmata(jws)
    return guasti


def guasti_di_catena(radici: Sequence[Radice], anelli: Mapping[tuple[str, int], str]) -> list[RadiceGuasta]:
    """Compare signed roots with the chains in the database: a rewritten chain no longer passes through them.

    Args:
        radici: verified roots in order.
        anelli: hash of the link of (book, position), for the positions that the roots name.

    Returns:
        For each book the first root that the chain does not pass through, with the stretch that was rewritten.

    Source: ADR 0075.
    """
    guasti: list[RadiceGuasta] = []
    fermi: set[str] = set()
    salde: dict[str, int] = {}
    for radice in radici:
        for cima in radice.libri:
            if cima.n == 0 or cima.libro in fermi:
                continue
            trovata = anelli.get((cima.libro, cima.n))
            if trovata == cima.hash:
                salde[cima.libro] = cima.n
                continue
            fermi.add(cima.libro)
            tratto = f"dall'anello {salde.get(cima.libro, 0) + 1} al {cima.n}"
            come = "mancano anelli" if trovata is None else "la catena è stata riscritta"
            motivo = f"{tratto} {come}: il {radice.giorno.isoformat()} l'anello {cima.n} aveva impronta {cima.hash}"
            guasti.append(RadiceGuasta(radice.numero, motivo, cima.libro))
    return guasti
