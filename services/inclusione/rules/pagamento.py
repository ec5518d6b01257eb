"""Pagamenti: which payments of a batch may go to the bank, and what comes back."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from chassis.errors import Refusal

ANTICIPO_MASSIMO = timedelta(days=60)


class EsitoPagamento(StrEnum):
    """What became of a payment of a file."""

    INVIATO = "inviato"
    RESPINTO = "respinto"


class NientePagabile(Refusal):
    """No payment of the batch may go to the bank now."""

    title = "Nessun pagamento possibile"


class EsecuzioneNonValida(Refusal):
    """The day of execution is past, or too far away."""

    status = 422
    title = "Giorno di esecuzione non valido"


class PagamentoNonNelFlusso(Refusal):
    """The file holds no such payment, or it was already sent back."""

    title = "Pagamento non presente nel flusso"


class FlussoNonRicostruibile(Refusal):
    """The account of somebody in the file was erased: the file cannot be made again."""

    status = 410
    title = "Flusso non ricostruibile"


class IbanIlleggibile(Refusal):
    """The key of an account number is gone from the environment."""

    status = 410
    title = "IBAN non piu' leggibile"


def verifica_esecuzione(esecuzione: date, *, oggi: date) -> None:
    """Refuses a day on which no bank would pay.

    Raises:
        EsecuzioneNonValida: before today, or more than 60 days from now.
    """
    if not oggi <= esecuzione <= oggi + ANTICIPO_MASSIMO:
        raise EsecuzioneNonValida(
            "Il giorno di esecuzione e' passato, oppure a piu' di 60 giorni.",
            field="esecuzione",
            remedy="Indicare oggi o uno dei prossimi 60 giorni.",
        )


def verifica_pagabili(pagabili: int, mancanti: Mapping[str, int]) -> None:
    """Refuses an empty file, saying why nothing can be paid.

    Args:
        pagabili: payments that may go.
        mancanti: how many may not, by reason in Italian.

    Raises:
        NientePagabile: none may go.
    """
    if pagabili == 0:
        perche = (
            "; ".join(f"{quanti} {motivo}" for motivo, quanti in mancanti.items() if quanti) or "lotto gia' inviato"
        )
        raise NientePagabile(
            f"Nessun pagamento del lotto puo' andare in banca: {perche}.",
            remedy="Registrare gli IBAN mancanti delle persone, poi creare il flusso.",
        )
