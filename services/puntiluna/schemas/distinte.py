"""Distinte, and the state of the register."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, CodiceEnte, Conteggio, Euro, Istante, Soggetto, TestoBreve, Versione, View
from services.puntiluna.rules.distinte import ModoLiquidazione, StatoDistinta
from services.puntiluna.rules.riduzioni import OrigineRiduzione, StatoRiduzione
from services.puntiluna.schemas.comuni import ContrattoCodice, Impronta, Periodo, Protocollo

Iban = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", max_length=34)]
"""A bank account, compact."""


class DistintaNuova(Body):
    """A Distinta to compose."""

    ente_proprietario: CodiceEnte
    periodo: Periodo = Field(description="mese delle risposte dell'ente")
    progetto_id: UUID | None = Field(default=None, description="solo ciò che paga il fondo di questo progetto")


class LiquidazioneNuova(Body):
    """The settlement of a Distinta."""

    atto: TestoBreve = Field(description="mandato di pagamento, o scrittura interna se il proprietario è il Comune")


class AnnullamentoNuovo(Body):
    """Why a Distinta is cancelled."""

    motivo: TestoBreve
    rifiuto_banca: TestoBreve | None = Field(
        default=None, description="riferimento del rifiuto della banca; obbligatorio se il pagamento è già disposto"
    )


class PagamentoNuovo(Body):
    """A payment order."""

    esecuzione: date = Field(description="giorno in cui la banca deve pagare")


class PagamentoVista(View):
    """The payment order of a Distinta."""

    pagamento_id: UUID
    distinta_id: UUID
    importo: Euro
    esecuzione: date
    creditore: TestoBreve
    creditore_iban: Iban
    pagatore: TestoBreve
    pagatore_iban: Iban
    impronta: Impronta = Field(description="SHA-256 del file per la banca")
    disposto_il: Istante
    disposto_da: Soggetto


class EnteNuovo(Body):
    """The name and account of an organisation."""

    nome: Annotated[TestoBreve, Field(max_length=70)]
    iban: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]{15,42}$", max_length=42)] | None = None
    bic: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{8}([A-Z0-9]{3})?$", max_length=11)] | None = None
    termine_giorni: Annotated[int, Field(ge=1, le=365)] | None = Field(
        default=None, description="giorni che un proprietario ha per rispondere; assente: resta com'è"
    )


class EnteVista(View):
    """The name and account of an organisation."""

    ente: CodiceEnte
    versione: Versione
    nome: TestoBreve
    iban: Iban | None
    bic: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$", max_length=11)] | None
    aggiornata_il: Istante = Field(description="quando sono cambiate le coordinate")
    aggiornata_da: Soggetto = Field(description="chi le ha cambiate: non approva e non dispone pagamenti")


class DistintaVista(View):
    """A Distinta."""

    distinta_id: UUID
    versione: Versione
    ente_proprietario: CodiceEnte
    periodo: Periodo
    progetto_id: UUID | None
    stato: StatoDistinta
    modo: ModoLiquidazione
    righe: Conteggio
    totale: Euro
    totale_punti: Euro = Field(description="parte pagata con punti")
    totale_quote: Euro = Field(description="parte pagata con quote di indennità")
    composta_il: Istante
    composta_da: Soggetto
    approvata_il: Istante | None
    approvata_da: Soggetto | None
    liquidata_il: Istante | None
    liquidata_da: Soggetto | None
    atto: TestoBreve | None = Field(description="della liquidazione; se annullata, il rifiuto della banca")
    ente_pagatore: CodiceEnte | None
    annullata_il: Istante | None
    annullata_da: Soggetto | None
    motivo: TestoBreve | None = Field(description="perché è stata annullata")


class RigaDistintaVista(View):
    """A confirmed reduction in a Distinta."""

    riduzione_id: UUID
    progetto_id: UUID = Field(description="progetto il cui fondo paga")
    protocollo: Protocollo
    contratto_codice: ContrattoCodice
    origine: OrigineRiduzione
    confermato: Euro = Field(description="parte della riduzione che paga questo progetto")
    stato: StatoRiduzione
    riferimento: TestoBreve | None
    risposta_il: Istante | None
