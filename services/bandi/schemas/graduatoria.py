"""Bodies of rankings: published versions, rows, explanations, verification."""

from uuid import UUID

from pydantic import Field

from chassis.types import Codice, CodiceEnte, Conteggio, Euro, Istante, Punti, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules.righe import Cambiamento, Esito, Motivo, TipoCausa
from services.bandi.schemas.bando import Atto
from services.bandi.schemas.domanda import Impronta

PASSI_MASSIMI = 500 * 50 + 200
"""The sheets of 500 commissioners on 50 criteria, then the row: 50 criteria, 20 tie-breakers, 50 lines, a few more."""


class ImportoLineaVista(View):
    """Un importo su una linea."""

    linea: Codice
    importo: Euro


class PuntiCriterio(View):
    """I punti di un criterio, gia' pesati."""

    criterio: Codice
    punti: Punti


class SpareggioVista(View):
    """Il valore di uno spareggio; euro e punti in centesimi, protocollo e partner come numero."""

    nome: TestoBreve
    valore: int = Field(ge=-(10**15), le=10**15)


class RigaVista(View):
    """Una riga di graduatoria: posizione, punti, denaro, esito e perche'."""

    ordine: Versione
    posizione: Versione | None
    domanda_id: UUID
    protocollo: Versione
    capofila: CodiceEnte
    titolo: TestoBreve
    totale: Punti | None
    punteggi: list[PuntiCriterio] = Field(max_length=50)
    premialita: Punti
    spareggi: list[SpareggioVista] = Field(max_length=20)
    esito: Esito
    motivo: Motivo
    spiegazione: TestoMedio
    richiesto: list[ImportoLineaVista] = Field(max_length=50)
    ammesso: list[ImportoLineaVista] = Field(max_length=50)
    residuo: list[ImportoLineaVista] = Field(max_length=50, description="Fondi liberi dopo questa riga")
    cambiamento: Cambiamento


class CausaVista(View):
    """Che cosa e' accaduto dalla versione precedente: l'atto, di chi, quanto denaro ha portato o liberato."""

    tipo: TipoCausa
    atto: TestoBreve | None
    chi: TestoBreve | None = Field(description="Il codice del progetto, o il protocollo della domanda ritirata")
    importo: Euro


class GraduatoriaVista(View):
    """Una versione approvata della graduatoria."""

    graduatoria_id: UUID
    bando: Codice
    numero: Versione
    finestra: Codice | None = Field(description="La finestra graduata, nei bandi a finestre")
    regole_versione: Versione
    atto: TestoBreve
    approvata_il: Istante
    righe: Conteggio
    finanziate: Conteggio
    finanziato: Euro
    impronta: Impronta = Field(description="SHA-256 del documento calcolato")
    cause: list[CausaVista] = Field(max_length=100_000, description="Perche' c'e' uno scorrimento; vuoto per la prima")


class Graduatorie(View):
    """Le versioni della graduatoria di un bando, dalla prima."""

    items: list[GraduatoriaVista] = Field(max_length=1000)


class AnteprimaGraduatoria(View):
    """La graduatoria come sarebbe approvata ora: nulla e' scritto."""

    righe: list[RigaVista] = Field(max_length=1000, description="Al piu' le prime mille righe")
    totale_righe: Conteggio
    finanziate: Conteggio
    finanziato: Euro


class PassoVista(View):
    """Un passo di una spiegazione: la regola e che cosa ha dato."""

    regola: TestoBreve
    testo: TestoMedio


class Spiegazione(View):
    """Perche' una domanda e' a quel posto, o non e' finanziata, o non e' ammessa."""

    bando: Codice
    graduatoria: Versione
    regole_versione: Versione
    atto: TestoBreve
    protocollo: Versione
    posizione: Versione | None
    esito: Esito
    passi: list[PassoVista] = Field(max_length=PASSI_MASSIMI)


class DifferenzaRiga(View):
    """La prima riga approvata che non e' come si ricalcola."""

    ordine: Versione
    protocollo: Versione | None = Field(description="Di chi e' la riga approvata; assente se la riga manca")
    campi: list[TestoBreve] = Field(max_length=100, description="Che cosa differisce; `riga` se manca o e' di troppo")


class VerificaGraduatoria(View):
    """La graduatoria calcolata di nuovo dagli stessi dati e confrontata con quella approvata."""

    numero: Versione
    identica: bool
    prima_differenza: DifferenzaRiga | None = Field(
        description="Assente se le righe sono quelle ricalcolate: allora differisce solo l'impronta"
    )
    impronta_approvata: Impronta
    impronta_ricalcolata: Impronta


class ApprovazioneNuova(Atto):
    """L'approvazione di una graduatoria o di uno scorrimento."""

    finestra: Codice | None = Field(default=None, description="La finestra da graduare, nei bandi a finestre")


class EsitoVersione(View):
    """Che cosa dice di una domanda una versione della graduatoria."""

    posizione: Versione | None
    esito: Esito
    ammesso: Euro


class RigaConfronto(View):
    """Una domanda in due versioni della graduatoria."""

    protocollo: Versione
    capofila: CodiceEnte
    prima: EsitoVersione | None
    dopo: EsitoVersione | None
    cambiata: bool


class ConfrontoGraduatorie(View):
    """Due versioni della graduatoria riga per riga, in ordine di protocollo."""

    prima: Versione
    dopo: Versione
    items: list[RigaConfronto] = Field(max_length=100_000)
