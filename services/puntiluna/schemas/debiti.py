"""Landlords' snapshots, batches and answers: contract, amount, protocol number, and nothing else."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Body, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, View
from services.puntiluna.rules.debiti import RIGHE_MASSIME, StatoPosizione, TipoRilevazione
from services.puntiluna.rules.riconciliazioni import AttoProposto, TipoDifferenza
from services.puntiluna.rules.riduzioni import EsitoRiga, MotivoRespinta, Risposta, StatoLotto, StatoRiduzione
from services.puntiluna.schemas.comuni import ContrattoCodice, Firma, Impronta, Protocollo


class RigaDebitoNuova(Body):
    """The debt of one contract."""

    contratto_codice: ContrattoCodice
    importo: Euro = Field(description="morosità del contratto; zero se estinta")


class RilevazioneNuova(Body):
    """A snapshot of debts."""

    tipo: TipoRilevazione = Field(description="`completa` se elenca tutti i contratti dell'ente")
    al_giorno: date = Field(description="giorno a cui si riferiscono gli importi")
    righe: list[RigaDebitoNuova] = Field(min_length=1, max_length=RIGHE_MASSIME)


class RilevazioneVista(View):
    """A snapshot as registered."""

    rilevazione_id: UUID
    ente_proprietario: CodiceEnte
    tipo: TipoRilevazione
    al_giorno: date
    righe: Conteggio
    totale: Euro
    non_abbinate: Conteggio = Field(description="contratti che nessun nucleo ha: attendono di essere abbinati")
    non_comunicate: Conteggio = Field(description="contratti noti che la rilevazione completa non elenca")
    ricevuta_il: Istante


class PosizioneVista(View):
    """The debt of a contract that no household has here."""

    contratto_codice: ContrattoCodice
    importo: Euro
    al_giorno: date
    stato: StatoPosizione


class RigaLottoVista(View):
    """A reduction as its landlord sees it."""

    protocollo: Protocollo
    contratto_codice: ContrattoCodice
    importo: Euro
    stato: StatoRiduzione
    confermato: Euro
    scade_il: Istante


class LottoVoce(View):
    """A batch in a list."""

    lotto_id: UUID
    ente_proprietario: CodiceEnte
    numero: Conteggio
    stato: StatoLotto
    quante: Conteggio = Field(description="righe del lotto")
    totale: Euro
    firma: Firma | None = Field(
        description="JWS compatto del lotto congelato, verificabile con `GET /chiavi`; assente nei lotti più antichi"
    )
    impronta: Impronta = Field(description="SHA-256 di `ente|numero` e delle righe `protocollo|contratto|importo`")
    creato_il: Istante
    chiuso_il: Istante | None


class LottoVista(LottoVoce):
    """A frozen batch with its lines."""

    righe: list[RigaLottoVista] = Field(max_length=1000)


class LottoCorrente(View):
    """The batch to answer, absent when nothing waits."""

    lotto: LottoVista | None


class RigaRispostaNuova(Body):
    """The answer to one line."""

    protocollo: Protocollo
    esito: Risposta
    importo: Euro | None = Field(default=None, description="importo accettato; necessario se `parziale`")
    motivo: MotivoRespinta | None = Field(default=None, description="necessario se `respinta`")
    nota: TestoMedio | None = None
    riferimento: TestoBreve | None = Field(default=None, description="numero con cui l'ente ha registrato la riduzione")


class RispostaNuova(Body):
    """The answers to some lines of a batch."""

    impronta: Impronta | None = Field(
        default=None, description="impronta del lotto ricevuto: se non è quella consegnata, la risposta è rifiutata"
    )
    righe: list[RigaRispostaNuova] = Field(min_length=1, max_length=1000)


class EsitoRigaVista(View):
    """What became of one line of an answer."""

    protocollo: Protocollo
    esito: EsitoRiga


class EsitoRisposta(View):
    """What became of an answer, line by line."""

    lotto_id: UUID
    stato: StatoLotto
    righe: list[EsitoRigaVista] = Field(max_length=1000)


class RigaEnteNuova(Body):
    """What a landlord recorded for a protocol number."""

    protocollo: Protocollo
    contratto_codice: ContrattoCodice
    importo: Euro = Field(description="riduzione registrata dall'ente; zero se nessuna")


class RiconciliazioneNuova(Body):
    """A landlord's own record of a period."""

    dal: date = Field(description="primo giorno del periodo, in Italia")
    al: date = Field(description="ultimo giorno del periodo")
    righe: list[RigaEnteNuova] = Field(max_length=RIGHE_MASSIME)


class RiconciliazioneVista(View):
    """A reconciliation."""

    riconciliazione_id: UUID
    ente_proprietario: CodiceEnte
    dal: Istante = Field(description="primo istante del periodo")
    al: Istante = Field(description="primo istante dopo il periodo")
    righe: Conteggio
    totale_ente: Euro
    totale_piattaforma: Euro = Field(description="riduzioni confermate dall'ente nel periodo")
    concordi: Conteggio
    differenze: Conteggio
    ricevuta_il: Istante


class DifferenzaVista(View):
    """A line on which the two records disagree."""

    protocollo: Protocollo
    contratto_codice: ContrattoCodice
    tipo: TipoDifferenza
    importo_ente: Euro | None
    importo_piattaforma: Euro | None
    stato: StatoRiduzione | None = Field(description="stato della riduzione sulla piattaforma, se la conosce")
    atto_proposto: AttoProposto = Field(description="che cosa la comporrebbe; nulla avviene da solo")
