"""Reductions of arrears: reserved, pulled in frozen batches, answered line by line, expired, settled."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.money import format_cents
from services.puntiluna.rules.registro import SaldoInsufficiente

RIGHE_DEL_LOTTO = 1000
TERMINE_GIORNI = 60
"""Days a landlord has to answer, unless its own data say otherwise."""


TIPO_LOTTO = "quartieri-lotto+jws"
"""The `typ` of a signed batch."""

NESSUNA_RISPOSTA = "nessuna_risposta"
"""The reason of a reduction that its landlord never answered."""


class StatoRiduzione(StrEnum):
    """Life of a reduction."""

    PRENOTATA = "prenotata"
    CONFERMATA = "confermata"
    RESPINTA = "respinta"
    SCADUTA = "scaduta"
    LIQUIDATA = "liquidata"


class OrigineRiduzione(StrEnum):
    """What pays a reduction: points, or the share of an allowance (real money)."""

    PUNTI = "punti"
    INDENNITA = "indennita"


class StatoLotto(StrEnum):
    """A batch is open until each of its lines has its answer."""

    APERTO = "aperto"
    CHIUSO = "chiuso"


class Risposta(StrEnum):
    """A landlord's answer to one line."""

    CONFERMATA = "confermata"
    PARZIALE = "parziale"
    RESPINTA = "respinta"


class MotivoRespinta(StrEnum):
    """Why a landlord refuses a line."""

    DEBITO_ESTINTO = "debito_estinto"
    CONTRATTO_CESSATO = "contratto_cessato"
    CONTRATTO_SCONOSCIUTO = "contratto_sconosciuto"
    CONTENZIOSO = "contenzioso"
    ALTRO = "altro"


class EsitoRiga(StrEnum):
    """What became of one line of an answer."""

    REGISTRATA = "registrata"
    GIA_REGISTRATA = "gia_registrata"
    CONTRADDITTORIA = "contraddittoria"
    FUORI_TERMINE = "fuori_termine"
    NON_NEL_LOTTO = "non_nel_lotto"
    IMPORTO_NON_VALIDO = "importo_non_valido"
    MOTIVO_MANCANTE = "motivo_mancante"


class RiduzioneSconosciuta(NotFound):
    """No such reduction, or it belongs to somebody else."""

    title = "Riduzione sconosciuta"


class LottoSconosciuto(NotFound):
    """No such batch for this landlord."""

    title = "Lotto sconosciuto"
    registered = True


class LottoAlterato(Conflict):
    """The answer speaks of a batch with another digest: it is not the batch that was handed over."""

    title = "Lotto alterato"
    registered = True


class ContrattoSconosciuto(NotFound):
    """The contract is not one of the household's."""

    title = "Contratto sconosciuto"


class SenzaMorosita(Conflict):
    """There are no arrears to reduce."""

    title = "Nessuna morosità da ridurre"


class DebitoNonComunicato(Conflict):
    """The landlord has never told the debt of this contract."""

    title = "Debito non comunicato"


class OltreIlDebito(Conflict):
    """The reduction is larger than the arrears left."""

    title = "Riduzione oltre il debito"


class RispostaRipetuta(Invalid):
    """The same protocol number appears twice in one answer."""

    title = "Protocollo ripetuto"


class EnteNonDichiarato(Forbidden):
    """The token does not say which organisation is calling."""

    title = "Ente non dichiarato"


@dataclass(frozen=True, slots=True)
class RigaRisposta:
    """A landlord's answer to one protocol number (cents)."""

    protocollo: int
    esito: Risposta
    importo_cent: int | None = None
    motivo: MotivoRespinta | None = None


@dataclass(frozen=True, slots=True)
class RiduzioneInAttesa:
    """What an answer is compared with (cents)."""

    stato: StatoRiduzione
    importo_cent: int
    confermato_cent: int
    scade_il: datetime


@dataclass(frozen=True, slots=True)
class Verdetto:
    """What to do with one line of an answer: how much is confirmed and how much returns (cents)."""

    esito: EsitoRiga
    confermato_cent: int = 0
    restituito_cent: int = 0


@dataclass(frozen=True, slots=True)
class RigaLotto:
    """What a landlord is told of a reduction: nothing else ever leaves."""

    protocollo: int
    contratto_codice: str
    importo_cent: int


def controlla_prenotazione(
    *, importo_cent: int, spendibile_cent: int, debito_cent: int | None, riducibile_cent: int
) -> None:
    """Refuse a reduction larger than the balance or than the arrears left.

    Args:
        importo_cent: what is asked, 1 or more.
        spendibile_cent: the household's balance less what is being recovered from it.
        debito_cent: the debt last told by the landlord; None when never told.
        riducibile_cent: the debt less what is pending on it.

    Raises:
        DebitoNonComunicato: the landlord never told the debt.
        SenzaMorosita: nothing is left to reduce.
        OltreIlDebito: more than what is left.
        SaldoInsufficiente: more than the balance.

    Source: DOMAIN, puntiluna, "Spending"; decision 6.
    """
    if debito_cent is None:
        raise DebitoNonComunicato(
            "Il proprietario non ha ancora comunicato la morosità di questo contratto.",
            field="contratto_codice",
            remedy="I punti restano: riprova quando il proprietario avrà inviato le posizioni debitorie.",
        )
    if riducibile_cent == 0:
        raise SenzaMorosita(
            "Su questo contratto non c'è morosità da ridurre, o è già tutta prenotata.",
            field="contratto_codice",
            remedy="I punti restano e si possono donare.",
        )
    if importo_cent > riducibile_cent:
        raise OltreIlDebito(
            f"La riduzione chiesta supera la morosità ancora riducibile: {format_cents(riducibile_cent)} euro.",
            field="importo",
            remedy="Chiedi un importo non superiore alla morosità riducibile.",
        )
    if importo_cent > spendibile_cent:
        raise SaldoInsufficiente(
            f"Il nucleo può spendere {format_cents(max(spendibile_cent, 0))} punti: la riduzione ne chiede "
            f"{format_cents(importo_cent)}.",
            field="importo",
            remedy="Chiedi un importo non superiore ai punti spendibili.",
        )


def scadenza(prenotata_il: datetime, termine_giorni: int) -> datetime:
    """Give the instant when an unanswered reduction releases its points.

    Args:
        prenotata_il: when it was reserved.
        termine_giorni: the landlord's term, 1 to 365 days.

    Returns:
        The first instant out of the term.
    """
    return prenotata_il + timedelta(days=termine_giorni)


def giudica_risposta(riga: RigaRisposta, riduzione: RiduzioneInAttesa | None, *, now: datetime) -> Verdetto:
    """Decide what one line of a landlord's answer does: the first one moves points, no other does.

    Args:
        riga: the answer.
        riduzione: the reduction as it is, locked; None when the number is not in the batch.
        now: the instant of the answer: from the end of the term on it comes too late, even before the points return.

    Returns:
        The verdict: only `registrata` moves points, and then confirmed + returned is the whole amount.

    Source: DOMAIN, puntiluna, "Landlord protocol"; ADR 0045.
    """
    if riduzione is None:
        return Verdetto(EsitoRiga.NON_NEL_LOTTO)
    if riga.esito is Risposta.RESPINTA and riga.motivo is None:
        return Verdetto(EsitoRiga.MOTIVO_MANCANTE)
    confermato = _confermato(riga, riduzione.importo_cent)
    if confermato is None:
        return Verdetto(EsitoRiga.IMPORTO_NON_VALIDO)
    in_attesa = riduzione.stato is StatoRiduzione.PRENOTATA
    if riduzione.stato is StatoRiduzione.SCADUTA or (in_attesa and now >= riduzione.scade_il):
        return Verdetto(EsitoRiga.FUORI_TERMINE)
    if in_attesa:
        return Verdetto(EsitoRiga.REGISTRATA, confermato, riduzione.importo_cent - confermato)
    uguale = confermato == riduzione.confermato_cent
    return Verdetto(EsitoRiga.GIA_REGISTRATA if uguale else EsitoRiga.CONTRADDITTORIA)


def controlla_impronta(ricevuta: str | None, nostra: str) -> None:
    """Refuse an answer to a batch that is not, line by line, the one that was handed over.

    Args:
        ricevuta: the digest that the landlord computed or copied; None when it gives none.
        nostra: the digest of the frozen batch.

    Raises:
        LottoAlterato: they differ.

    Source: ADR 0045.
    """
    if ricevuta is not None and ricevuta != nostra:
        raise LottoAlterato(
            "L'impronta indicata non è quella del lotto consegnato: le righe sono cambiate, o sono di un altro lotto.",
            field="impronta",
            remedy="Preleva di nuovo il lotto, verificane la firma e rispondi a quello.",
        )


def contenuto_lotto(ente: str, lotto_id: UUID, numero: int, creato_il: datetime, righe: Iterable[RigaLotto]) -> bytes:
    """Write a frozen batch as the bytes that its signature covers.

    Args:
        ente: the landlord's code.
        lotto_id: the batch.
        numero: its number.
        creato_il: when it was frozen.
        righe: its lines, in any order.

    Returns:
        Canonical JSON: sorted keys, no spaces, lines by protocol number.

    Source: ADR 0045.
    """
    corpo = {
        "creato_il": creato_il.astimezone(UTC).isoformat(),
        "ente_proprietario": ente,
        "lotto_id": str(lotto_id),
        "numero": numero,
        "righe": [
            {
                "contratto_codice": riga.contratto_codice,
                "importo": format_cents(riga.importo_cent),
                "protocollo": riga.protocollo,
            }
            for riga in sorted(righe, key=lambda riga: riga.protocollo)
        ],
    }
    return json.dumps(corpo, sort_keys=True, separators=(",", ":")).encode()


def impronta_lotto(ente: str, numero: int, righe: Iterable[RigaLotto]) -> str:
    """Compute the digest of a frozen batch, that the landlord can recompute from what it received.

    Args:
        ente: the landlord's code.
        numero: the batch's number.
        righe: its lines, in any order.

    Returns:
        SHA-256 in hexadecimal over `ente|numero` and one `protocollo|contratto|importo` a line, by protocol number.

    Source: ADR 0045.
    """
    testo = [f"{ente}|{numero}"]
    testo += [
        f"{riga.protocollo}|{riga.contratto_codice}|{format_cents(riga.importo_cent)}"
        for riga in sorted(righe, key=lambda riga: riga.protocollo)
    ]
    return hashlib.sha256("\n".join(testo).encode()).hexdigest()


def _confermato(riga: RigaRisposta, importo_cent: int) -> int | None:
    """Amount that an answer confirms, None when its amount makes no sense."""
    if riga.esito is Risposta.RESPINTA:
        return 0 if riga.importo_cent in (None, 0) else None
    if riga.esito is Risposta.CONFERMATA:
        return importo_cent if riga.importo_cent in (None, importo_cent) else None
    if riga.importo_cent is None or not 0 < riga.importo_cent < importo_cent:
        return None
    return riga.importo_cent
