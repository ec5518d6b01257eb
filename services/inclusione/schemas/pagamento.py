"""Bodies of accounts and payment files."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.pagamento import EsitoPagamento
from services.inclusione.schemas.comuni import Giorno

TestoIban = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2}[0-9A-Za-z ]{8,50}$", max_length=52),
    Field(examples=["IT60 X054 2811 1010 0000 0123 456"]),
]


class IbanCorpo(Body):
    """Il conto su cui una persona riceve i pagamenti; si conserva solo cifrato."""

    iban: TestoIban


class IbanVisto(View):
    """Il conto di una persona, riconoscibile ma non leggibile."""

    persona_id: UUID
    versione: Versione
    mascherato: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}\*{9,28}[0-9A-Z]{4}$", max_length=40)] = Field(
        description="Paese e ultime quattro cifre"
    )
    registrato_il: Istante


class FlussoNuovo(Body):
    """Un flusso di pagamento SEPA per le righe del lotto non ancora inviate."""

    debitore: TestoBreve = Field(description="Intestazione del conto che paga")
    iban: TestoIban = Field(description="Il conto che paga")
    esecuzione: Giorno


class FlussoVisto(View):
    """Un flusso di pagamento; il file si scarica a parte."""

    flusso_id: UUID
    lotto_id: UUID
    numero: Versione
    debitore: TestoBreve
    esecuzione: date
    righe: Conteggio
    totale: Euro
    respinte: Conteggio
    restano: Conteggio = Field(description="Righe del lotto che nessun flusso contiene")
    creato_il: Istante


class Flussi(View):
    """I flussi di un lotto, dal primo."""

    items: list[FlussoVisto] = Field(max_length=1000)


class PagamentoRespinto(Body):
    """Un pagamento che la banca ha rimandato indietro."""

    liquidazione_id: UUID
    motivo: TestoMedio


class EsitiBanca(Body):
    """Che cosa la banca ha rimandato indietro di un flusso."""

    respinti: list[PagamentoRespinto] = Field(min_length=1, max_length=10_000)


class PagamentoVisto(View):
    """Un pagamento di un flusso."""

    liquidazione_id: UUID
    persona_id: UUID
    importo: Euro
    esito: EsitoPagamento
    motivo: TestoMedio | None


class FlussoIntero(FlussoVisto):
    """Un flusso con i suoi pagamenti; mai nomi ne' conti."""

    pagamenti: list[PagamentoVisto] = Field(max_length=10_000)
