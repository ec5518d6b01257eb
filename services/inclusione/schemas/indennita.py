"""Bodies of the allowance: statement, batches, pacts."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Body, Conteggio, Euro, EuroConSegno, Istante, TestoBreve, Versione, View
from services.inclusione.rules.indennita import TipoVoce
from services.inclusione.schemas.comuni import Giorno


class VoceVista(View):
    """Una voce dell'indennita' di un piano."""

    ore_id: UUID
    tipo: TipoVoce
    importo: EuroConSegno
    giorno: date
    motivo: TestoBreve | None
    creata_il: Istante
    liquidata: bool


class IndennitaVista(View):
    """L'indennita' di un piano: maturata, liquidata, da liquidare o da recuperare."""

    pip_id: UUID
    maturato: Euro
    liquidato: Euro
    saldo: EuroConSegno = Field(description="Da liquidare se positivo, da recuperare se negativo")
    quota_morosita: Euro = Field(description="Quanto e' gia' andato alla morosita'")
    voci: list[VoceVista] = Field(max_length=10_000)


class LottoNuovo(Body):
    """Un lotto di liquidazione: le indennita' maturate fino a un giorno compreso, con l'atto che le liquida."""

    fino_al: Giorno
    atto: TestoBreve


class LiquidazioneVista(View):
    """Un pagamento del lotto: lordo, quota alla morosita', netto alla persona."""

    liquidazione_id: UUID
    pip_id: UUID | None = Field(description="Assente se si paga un contributo di attivazione")
    contributo_id: UUID | None = None
    persona_id: UUID
    patto_id: UUID | None
    importo: Euro
    quota_morosita: Euro
    netto: Euro


class LottoVisto(View):
    """Un lotto di liquidazione con le sue righe."""

    lotto_id: UUID
    progetto_id: UUID
    numero: Versione
    fino_al: date
    atto: TestoBreve
    totale: Euro
    quota_morosita: Euro
    righe: Conteggio
    liquidato_il: Istante
    liquidazioni: list[LiquidazioneVista] = Field(max_length=10_000)


class PercorsoVisto(View):
    """Il percorso di una persona come lo vede lei."""

    pip_id: UUID
    progetto_id: UUID
    misura_codice: TestoBreve
    stato: TestoBreve
    inizio: date | None
    fine: date | None
    minuti_previsti: Conteggio
    minuti_validati: Conteggio
    maturato: Euro
    liquidato: Euro
    quota_morosita: Euro


class Percorsi(View):
    """I percorsi della persona che chiama."""

    items: list[PercorsoVisto] = Field(max_length=100)
