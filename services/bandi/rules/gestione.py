"""How a call manages the projects it funds: their CUP, advances, balances and final account, as data."""

import re

from chassis.errors import Conflict, Invalid
from services.bandi.rules.bando import CENTO_PER_CENTO_BP, Gestione

_CUP = re.compile(r"[A-Z]\d{2}[A-Z]\d{11}", re.ASCII)


class CupNonValido(Invalid):
    """The text has not the form of a CUP."""

    title = "CUP non valido"


class CupGiaUsato(Conflict):
    """Another project that holds its funding has the same CUP."""

    title = "CUP gia' usato"


class CupMancante(Conflict):
    """The call commits no money to a project without its CUP."""

    title = "CUP mancante"


def leggi_cup(text: str) -> str:
    """Return a CUP in its one form: capital letters, no blanks.

    Args:
        text: as somebody wrote it.

    Raises:
        CupNonValido: it is not a letter, two digits, a letter and eleven digits.

    Source: delibera CIPE 143/2002: fifteen characters; ADR 0060.
    """
    cup = "".join(text.split()).upper()
    if not _CUP.fullmatch(cup):
        raise CupNonValido(
            "Il CUP ha quindici caratteri: una lettera, due cifre, una lettera e undici cifre.",
            field="cup",
            remedy="Copiare il codice come lo ha rilasciato il sistema CUP, per esempio E89J18000010006.",
        )
    return cup


def controlla_cup_presente(gestione: Gestione, cup: str | None) -> None:
    """Refuse to commit money to a project that still has no CUP, where the call asks for it.

    Raises:
        CupMancante: the call makes it mandatory and the project has none.

    Source: D.L. 76/2020, art. 41: acts that fund without CUP are void; ADR 0060.
    """
    if gestione.cup_obbligatorio and cup is None:
        raise CupMancante(
            "Il bando chiede il CUP prima dell'impegno e il progetto non lo ha ancora.",
            field="cup",
            remedy="Registrare il CUP del progetto, poi ripetere l'impegno.",
        )


def pagabile(gestione: Gestione, *, impegnato_cent: int, maturato_cent: int, rendicontato: bool) -> int:
    """Return the cents that may have been paid on a line in all, by the rules of the call.

    Args:
        gestione: the rules of the call.
        impegnato_cent: cents committed on the line.
        maturato_cent: contribution earned on the expenses admitted so far, in cents.
        rendicontato: True once the final account is approved: then all that is committed is due.

    Source: ADR 0062.
    """
    if rendicontato:
        return impegnato_cent
    advance = impegnato_cent * gestione.anticipo_massimo_bp // CENTO_PER_CENTO_BP
    kept_back = -(-impegnato_cent * gestione.saldo_minimo_bp // CENTO_PER_CENTO_BP)
    return min(impegnato_cent - kept_back, advance + maturato_cent)
