"""The double-entry book: accounts, movements whose lines sum to zero, and the chain that seals them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID, uuid5

from chassis.errors import Conflict, Refusal

SPAZIO_DEI_CONTI = UUID("6f1c2f0e-5d0a-5c39-9a54-0f1a7c4e9b21")
"""Namespace of account ids: an account's id is a function of what the account is."""

PRIMO_ANELLO = "0" * 64
"""The `prev` of the first seal of a book."""

Dettaglio = Mapping[str, str | int | None]


class Libro(StrEnum):
    """A book: points, or the real money of the allowance shares that go to arrears."""

    PUNTI = "punti"
    QUOTE = "quote"


class TipoConto(StrEnum):
    """Kind of account; only `apporto`, the counterpart outside the book, may go below zero."""

    APPORTO = "apporto"
    FONDO = "fondo"
    NUCLEO = "nucleo"
    DONATORE = "donatore"
    SOLIDALE = "solidale"
    PRENOTATO = "prenotato"
    CONFERMATO = "confermato"
    LIQUIDATO = "liquidato"


class Causa(StrEnum):
    """Why a movement exists."""

    ALIMENTAZIONE = "alimentazione"
    ACCREDITO = "accredito"
    STORNO = "storno"
    RECUPERO = "recupero"
    DONAZIONE = "donazione"
    RIPARTIZIONE = "ripartizione"
    QUOTA_MOROSITA = "quota_morosita"
    PRENOTAZIONE = "prenotazione"
    CONFERMA = "conferma"
    RESTITUZIONE = "restituzione"
    LIQUIDAZIONE = "liquidazione"
    UNIONE = "unione"
    RIPORTO = "riporto"


class EsitoRegistrazione(StrEnum):
    """What the database answered to one movement of a batch."""

    REGISTRATO = "registrato"
    GIA_REGISTRATO = "gia_registrato"
    SALDO_INSUFFICIENTE = "saldo_insufficiente"
    CHIAVE_RIUSATA = "chiave_riusata"


class MovimentoNonValido(Refusal):
    """A movement that no book accepts, whoever asks for it."""

    status = 422
    title = "Movimento non valido"


class SaldoInsufficiente(Refusal):
    """An account would go below its floor."""

    status = 409
    title = "Saldo insufficiente"


class ChiaveRiusata(Conflict):
    """The idempotency key already belongs to a different movement."""

    title = "Chiave di idempotenza già usata"


@dataclass(frozen=True, slots=True)
class Conto:
    """An account of a book, identified by what it is: book, kind and holder."""

    libro: Libro
    tipo: TipoConto
    titolare: str
    progetto_id: UUID | None = field(default=None, compare=False)

    @property
    def conto_id(self) -> UUID:
        """The account's id: the same account has the same id everywhere, before it exists."""
        return conto_id_di(self.libro, self.tipo, self.titolare)


@dataclass(frozen=True, slots=True)
class Riga:
    """One line: positive enters the account, negative leaves it (hundredths)."""

    conto: Conto
    importo_cent: int


@dataclass(frozen=True, slots=True)
class Movimento:
    """A posting to make: two or more lines of one book that sum to zero."""

    movimento_id: UUID
    libro: Libro
    causa: Causa
    chiave: str
    righe: tuple[Riga, ...]
    accaduto_il: datetime
    evento_origine: UUID | None = None
    storna: UUID | None = None
    dettaglio: Dettaglio = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RigaScritta:
    """A line as the database holds it."""

    conto_id: UUID
    importo_cent: int


@dataclass(frozen=True, slots=True)
class MovimentoScritto:
    """A movement as the database holds it: what the seal covers."""

    movimento_id: UUID
    libro: str
    causa: str
    chiave: str
    evento_origine: UUID | None
    storna: UUID | None
    accaduto_il: datetime
    registrato_il: datetime
    dettaglio: Dettaglio
    righe: tuple[RigaScritta, ...]


@dataclass(frozen=True, slots=True)
class Sigillo:
    """One link of a book's chain."""

    libro: str
    n: int
    movimento_id: UUID
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class AnelloRotto:
    """The first place where a chain does not hold."""

    libro: str
    n: int
    movimento_id: UUID | None
    motivo: str


@lru_cache(maxsize=65_536)
def conto_id_di(libro: str, tipo: str, titolare: str) -> UUID:
    """Give the id of an account from what it is.

    Args:
        libro: the book.
        tipo: the kind.
        titolare: who it belongs to, as text (a UUID, a landlord's code).

    Returns:
        A version 5 UUID.
    """
    return uuid5(SPAZIO_DEI_CONTI, f"{libro}|{tipo}|{titolare}")


def controlla_movimento(movimento: Movimento) -> None:
    """Refuse a movement that is not a double entry.

    Args:
        movimento: the movement before it is posted.

    Raises:
        MovimentoNonValido: fewer than two lines, a zero line, an account twice, two books, a sum other than zero.

    Source: DOMAIN, puntiluna, "Double entry"; ADR 0041.
    """
    if len(movimento.righe) < 2:
        raise MovimentoNonValido("Un movimento ha almeno due righe.", field="righe")
    if any(riga.importo_cent == 0 for riga in movimento.righe):
        raise MovimentoNonValido("Una riga di movimento non può essere zero.", field="righe")
    if len({riga.conto.conto_id for riga in movimento.righe}) != len(movimento.righe):
        raise MovimentoNonValido("Un conto compare una volta sola in un movimento.", field="righe")
    if any(riga.conto.libro is not movimento.libro for riga in movimento.righe):
        raise MovimentoNonValido("Le righe di un movimento appartengono allo stesso libro.", field="righe")
    if sum(riga.importo_cent for riga in movimento.righe) != 0:
        raise MovimentoNonValido("Le righe di un movimento sommano a zero.", field="righe")


def sposta(da: Conto, a: Conto, importo_cent: int) -> tuple[Riga, Riga]:
    """Give the two lines that move an amount between two accounts.

    Args:
        da: the account it leaves.
        a: the account it enters.
        importo_cent: hundredths, 1 or more.

    Returns:
        The two lines, that sum to zero.

    Raises:
        MovimentoNonValido: the amount is not positive.
    """
    if importo_cent <= 0:
        raise MovimentoNonValido("L'importo da spostare è maggiore di zero.", field="importo")
    return Riga(da, -importo_cent), Riga(a, importo_cent)


def forma_canonica(movimento: MovimentoScritto) -> bytes:
    """Write a movement as the bytes that its seal covers: the same facts give the same bytes for ever.

    Args:
        movimento: the movement as stored, lines in any order.

    Returns:
        Canonical JSON: sorted keys, no spaces, UTC instants with microseconds, lines in order of account.

    Source: ADR 0042.
    """
    corpo = {
        "accaduto_il": _istante(movimento.accaduto_il),
        "causa": movimento.causa,
        "chiave": movimento.chiave,
        "dettaglio": dict(movimento.dettaglio),
        "evento_origine": None if movimento.evento_origine is None else str(movimento.evento_origine),
        "libro": movimento.libro,
        "movimento_id": str(movimento.movimento_id),
        "registrato_il": _istante(movimento.registrato_il),
        "righe": sorted([str(riga.conto_id), riga.importo_cent] for riga in movimento.righe),
        "storna": None if movimento.storna is None else str(movimento.storna),
    }
    return json.dumps(corpo, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def impronta(prev: str, n: int, movimento: MovimentoScritto) -> str:
    """Compute the hash of a link: SHA-256 over the previous hash, the position and the movement.

    Args:
        prev: the previous link's hash, 64 hexadecimal digits; `PRIMO_ANELLO` for the first.
        n: position in the book's chain, from 1.
        movimento: the movement that the link seals.

    Returns:
        64 hexadecimal digits.

    Source: ADR 0042.
    """
    return hashlib.sha256(f"{prev}|{n}|".encode() + forma_canonica(movimento)).hexdigest()


def incatena(libro: str, n: int, prev: str, movimenti: Sequence[MovimentoScritto]) -> list[Sigillo]:
    """Seal movements in order after the last link of a book.

    Args:
        libro: the book.
        n: position of the last link, 0 when the chain is empty.
        prev: hash of the last link, `PRIMO_ANELLO` when the chain is empty.
        movimenti: the movements to seal, in their order.

    Returns:
        The new links.
    """
    sigilli: list[Sigillo] = []
    for movimento in movimenti:
        n += 1
        attuale = impronta(prev, n, movimento)
        sigilli.append(Sigillo(libro, n, movimento.movimento_id, prev, attuale))
        prev = attuale
    return sigilli


def primo_anello_rotto(
    libro: str, n: int, prev: str, catena: Iterable[tuple[Sigillo, MovimentoScritto | None]]
) -> AnelloRotto | None:
    """Walk a stretch of a chain and name the first link that does not hold.

    Args:
        libro: the book.
        n: position of the link before the stretch, 0 at the beginning.
        prev: its hash, `PRIMO_ANELLO` at the beginning.
        catena: the links in order, each with its movement (None when the movement is missing).

    Returns:
        The first broken link, or None when all of them hold.
    """
    for sigillo, movimento in catena:
        n += 1
        if sigillo.n != n:
            return AnelloRotto(
                libro, n, sigillo.movimento_id, f"manca l'anello {n}: dopo il {n - 1} viene il {sigillo.n}"
            )
        if sigillo.prev != prev:
            return AnelloRotto(libro, n, sigillo.movimento_id, "l'anello non rimanda al precedente")
        if movimento is None:
            return AnelloRotto(libro, n, sigillo.movimento_id, "il movimento sigillato non esiste più")
        if sum(riga.importo_cent for riga in movimento.righe) != 0:
            return AnelloRotto(libro, n, sigillo.movimento_id, "le righe del movimento non sommano a zero")
        if impronta(prev, n, movimento) != sigillo.hash:
            return AnelloRotto(libro, n, sigillo.movimento_id, "il movimento è cambiato dopo il sigillo")
        prev = sigillo.hash
    return None


def _istante(quando: datetime) -> str:
    return quando.astimezone(UTC).isoformat(timespec="microseconds")
