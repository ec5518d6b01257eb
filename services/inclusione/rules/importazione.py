"""Importazione: the rows of an operator's file of hours, each read on its own with its line number."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID

from chassis.errors import Refusal
from chassis.italian import ROMA
from services.inclusione.rules.ore import CategoriaIndiretta

COLONNE = ("piano", "servizio", "attivita_indiretta", "giorno", "dalle", "alle", "sessione")
OBBLIGATORIE = frozenset({"piano", "giorno", "dalle", "alle"})
MASSIMO_RIGHE_FILE = 5_000


class Politica(StrEnum):
    """What to do with a file in which some rows are refused."""

    TUTTE_O_NESSUNA = "tutte_o_nessuna"
    SOLO_BUONE = "solo_buone"


class FileNonLeggibile(Refusal):
    """The file is not a table of hours: columns missing or unknown, no rows, too many."""

    status = 422
    title = "File non leggibile"


class RigaNonLeggibile(Refusal):
    """A cell of the row is not what its column holds."""

    status = 422
    title = "Riga non leggibile"


class ImportazioneRifiutata(Refusal):
    """Some rows are refused and the caller wanted all of them or none."""

    title = "Importazione rifiutata"


@dataclass(frozen=True, slots=True)
class OraImportata:
    """A row that could be read."""

    pip_id: UUID
    servizio: str | None
    categoria: CategoriaIndiretta | None
    inizio: datetime
    fine: datetime
    sessione: str | None


def leggi_file(testo: str) -> Iterator[tuple[int, OraImportata | Refusal]]:
    """Reads a file of hours: each row with its line number (the header is line 1), or why it cannot be read.

    Args:
        testo: CSV with a header naming the columns of `COLONNE` in any order, divided by `;` or `,`; days as
            AAAA-MM-GG, times as HH:MM in Europe/Rome; empty lines are passed over.

    Raises:
        FileNonLeggibile: the header or the number of rows.

    Source: ADR 0066.
    """
    pulito = testo.removeprefix("\ufeff")
    divisore = ";" if ";" in pulito.partition("\n")[0] else ","
    lettore = csv.reader(io.StringIO(pulito, newline=""), delimiter=divisore)
    try:
        colonne = [nome.strip().lower() for nome in next(lettore, [])]
        _verifica_colonne(colonne)
        righe = [(lettore.line_num, celle) for celle in lettore if any(cella.strip() for cella in celle)]
    except csv.Error as error:
        raise FileNonLeggibile(
            f"Il file si interrompe alla riga {lettore.line_num}.",
            field="csv",
            remedy="Salvare di nuovo la tabella come CSV in UTF-8.",
        ) from error
    if not 0 < len(righe) <= MASSIMO_RIGHE_FILE:
        raise FileNonLeggibile(
            f"Il file ha {len(righe)} righe di ore.",
            field="csv",
            remedy=f"Da una a {MASSIMO_RIGHE_FILE} righe per file.",
        )
    return ((numero, _riga(colonne, celle)) for numero, celle in righe)


def _verifica_colonne(colonne: list[str]) -> None:
    mancanti = sorted(OBBLIGATORIE - set(colonne))
    estranee = sorted(set(colonne) - set(COLONNE))
    if mancanti or estranee or len(set(colonne)) != len(colonne):
        raise FileNonLeggibile(
            "La prima riga del file non nomina le colonne attese"
            + (f"; mancano: {', '.join(mancanti)}" if mancanti else "")
            + (f"; estranee: {', '.join(nome[:40] or '(vuota)' for nome in estranee[:10])}" if estranee else "")
            + ".",
            field="csv",
            remedy=f"Colonne, una volta ciascuna: {', '.join(COLONNE)}.",
        )


def _riga(colonne: list[str], celle: list[str]) -> OraImportata | Refusal:
    if len(celle) != len(colonne):
        return _illeggibile(f"La riga ha {len(celle)} celle, le colonne sono {len(colonne)}.")
    valori = {nome: cella.strip() for nome, cella in zip(colonne, celle, strict=True)}
    try:
        return OraImportata(
            UUID(valori["piano"]),
            valori.get("servizio") or None,
            CategoriaIndiretta(valori["attivita_indiretta"]) if valori.get("attivita_indiretta") else None,
            _istante(valori, "dalle"),
            _istante(valori, "alle"),
            valori.get("sessione") or None,
        )
    except (ValueError, OverflowError):
        return _illeggibile("Il piano, l'attivita' indiretta, il giorno o un orario non sono scritti come devono.")


def _istante(valori: Mapping[str, str], colonna: str) -> datetime:
    """A civil time of Rome as an instant; one that the clocks skip in spring is refused like a mistyped one."""
    locale = datetime.combine(date.fromisoformat(valori["giorno"]), time.fromisoformat(valori[colonna]), ROMA)
    istante = locale.astimezone(UTC)
    if istante.astimezone(ROMA).replace(tzinfo=None) != locale.replace(tzinfo=None):
        raise ValueError(valori[colonna])
    return istante


def _illeggibile(detail: str) -> RigaNonLeggibile:
    return RigaNonLeggibile(
        detail,
        field="csv",
        remedy="Identificativo del piano, giorno AAAA-MM-GG, orari HH:MM; attivita' indiretta fra le categorie.",
    )
