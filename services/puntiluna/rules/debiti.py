"""Debts as told by landlords: snapshots, what is stale, what is left to reduce."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from chassis.money import MAX_CENTS, format_cents, parse_cents
from services.puntiluna.rules.tariffe import giorno_di

RIGHE_MASSIME = 100_000
"""Lines of one snapshot."""

ERRORI_MASSIMI = 1_000
"""Wrong lines of a file that one refusal names."""

_CONTRATTO = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,63}")
_IMPORTO = re.compile(r"[0-9]{1,13}[.,][0-9]{2}")


class TipoRilevazione(StrEnum):
    """A snapshot of all the contracts of a landlord, or of some of them."""

    COMPLETA = "completa"
    PARZIALE = "parziale"


class StatoPosizione(StrEnum):
    """State of a contract's debt: told, or missing from the landlord's last full snapshot (which is not zero)."""

    COMUNICATA = "comunicata"
    NON_COMUNICATA = "non_comunicata"


class RilevazioneSuperata(Conflict):
    """A snapshot older than the last one received from the same landlord."""

    title = "Rilevazione superata"
    registered = True


class RilevazioneFutura(Invalid):
    """A snapshot that speaks of a day to come."""

    title = "Rilevazione futura"


class ContrattoRipetuto(Invalid):
    """The same contract appears twice in one snapshot."""

    title = "Contratto ripetuto"


class RilevazioneOltreMisura(Invalid):
    """The debts of a snapshot add up to more than the platform can hold."""

    title = "Rilevazione oltre misura"


class RilevazioneConErrori(Invalid):
    """Some lines of a file cannot be read: none of it was taken, and each of them is named."""

    title = "Righe non leggibili"


class CorpoAlterato(Invalid):
    """The body is not the one that its digest speaks of: it changed on its way."""

    title = "Corpo alterato"
    registered = True


@dataclass(frozen=True, slots=True)
class RigaDebito:
    """The debt of one contract (cents)."""

    contratto_codice: str
    importo_cent: int


@dataclass(frozen=True, slots=True)
class Debito:
    """The debt of a contract with what has happened since it was told (cents)."""

    importo_cent: int
    pendente_cent: int
    confermato_dopo_cent: int


def controlla_rilevazione(
    *, al_giorno: date, ultima: date | None, contratti: list[str], totale_cent: int, now: datetime
) -> None:
    """Refuse a snapshot that cannot be believed.

    Args:
        al_giorno: the day it speaks of.
        ultima: the day of the last snapshot of the same landlord, None for the first.
        contratti: the contract codes in it.
        totale_cent: the sum of its debts.
        now: the instant it is received.

    Raises:
        RilevazioneFutura: its day has not come yet.
        RilevazioneSuperata: it is older than the last one.
        RilevazioneOltreMisura: its debts exceed the largest amount.
        ContrattoRipetuto: a contract appears twice.

    Source: DOMAIN, puntiluna, "Landlord protocol" and decision 6.
    """
    if al_giorno > giorno_di(now):
        raise RilevazioneFutura(
            f"La rilevazione è al {al_giorno.isoformat()}, un giorno che deve ancora venire.", field="al_giorno"
        )
    if ultima is not None and al_giorno < ultima:
        raise RilevazioneSuperata(
            f"È già stata ricevuta una rilevazione al {ultima.isoformat()}: questa è al {al_giorno.isoformat()} "
            "e la sostituirebbe con valori più vecchi.",
            field="al_giorno",
            remedy="Invia una rilevazione dello stesso giorno o di un giorno successivo.",
        )
    if totale_cent > MAX_CENTS:
        raise RilevazioneOltreMisura(
            f"La somma degli importi supera {format_cents(MAX_CENTS)} euro.",
            field="righe",
            remedy="Controlla gli importi, o invia la rilevazione in più parti.",
        )
    visti: set[str] = set()
    for indice, codice in enumerate(contratti):
        if codice in visti:
            raise ContrattoRipetuto(
                f"Il contratto {codice} compare due volte nella stessa rilevazione.",
                field=f"righe.{indice}.contratto_codice",
            )
        visti.add(codice)


def leggi_csv(contenuto: bytes) -> list[RigaDebito]:
    """Read a landlord's file: a contract and its debt a line, commas or semicolons between, UTF-8.

    Args:
        contenuto: the file; its first line names the columns `contratto_codice` and `importo`.

    Returns:
        The debts, in the order of the file.

    Raises:
        RilevazioneConErrori: some lines cannot be read; each one is named with its number, 1,000 at most.

    Source: ADR 0084.
    """
    try:
        testo = contenuto.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _illeggibile([(0, "il file non è in UTF-8")]) from error
    prima = testo.partition("\n")[0]
    lettore = csv.reader(io.StringIO(testo, newline=""), delimiter=";" if ";" in prima else ",")
    righe: list[RigaDebito] = []
    errori: list[tuple[int, str]] = []
    try:
        intestazione = [nome.strip() for nome in next(lettore, [])]
        if intestazione != ["contratto_codice", "importo"]:
            raise _illeggibile([(1, "la prima riga deve essere: contratto_codice,importo")])
        for celle in lettore:
            if celle:
                _leggi_riga(lettore.line_num, celle, righe, errori)
    except csv.Error as error:
        raise _illeggibile([(lettore.line_num, "la riga non è CSV")]) from error
    if errori:
        raise _illeggibile(errori)
    if not righe:
        raise _illeggibile([(2, "il file non ha righe")])
    if len(righe) > RIGHE_MASSIME:
        raise _illeggibile([(RIGHE_MASSIME + 2, f"al massimo {RIGHE_MASSIME} righe")])
    return righe


def _leggi_riga(numero: int, celle: list[str], righe: list[RigaDebito], errori: list[tuple[int, str]]) -> None:
    if len(errori) >= ERRORI_MASSIMI:
        return
    if len(celle) != 2:
        errori.append((numero, f"la riga ha {len(celle)} colonne invece di 2"))
        return
    codice, importo = celle[0].strip(), celle[1].strip()
    if not _CONTRATTO.fullmatch(codice):
        errori.append((numero, "contratto_codice: da 1 a 64 lettere, cifre o segni . / _ -"))
    elif not _IMPORTO.fullmatch(importo):
        errori.append((numero, "importo: euro con due decimali, per esempio 1250.00"))
    else:
        righe.append(RigaDebito(codice, parse_cents(importo.replace(",", "."))))


def _illeggibile(errori: list[tuple[int, str]]) -> RilevazioneConErrori:
    numero, motivo = errori[0]
    altri = f" (e altre {len(errori) - 1} righe)" if len(errori) > 1 else ""
    return RilevazioneConErrori(
        f"Riga {numero}: {motivo}{altri}. Nessuna riga è stata presa.",
        field=f"riga {numero}",
        remedy="Correggi le righe elencate in `errori` e invia di nuovo tutto il file.",
        items=[{"campo": f"riga {n}", "messaggio": testo} for n, testo in errori],
    )


def debito_riducibile(debito: Debito) -> int:
    """Compute how much of a debt can still be reduced.

    Args:
        debito: the debt last told, the reductions waiting for an answer, and those confirmed after it was told.

    Returns:
        Cents, never below zero (a debt may fall under what is pending).

    Source: DOMAIN, puntiluna, "Spending"; decision 6.
    """
    return max(debito.importo_cent - debito.pendente_cent - debito.confermato_dopo_cent, 0)
