"""Bodies of applications, of the office's decisions and of the commission's sheets."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import (
    Body,
    Codice,
    CodiceEnte,
    Conteggio,
    Euro,
    Istante,
    Punti,
    Soggetto,
    TestoBreve,
    TestoMedio,
    Versione,
    View,
)
from services.bandi.rules import domanda as rules
from services.bandi.rules.adesioni import EsitoAdesione, StatoAdesione
from services.bandi.rules.bando import CategoriaEnte
from services.bandi.rules.domanda import EsitoIstruttoria, RuoloPartner, StatoDomanda
from services.bandi.rules.sportello import StatoPrenotazione
from services.bandi.schemas.bando import Mesi, PuntiScala

Impronta = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64)]
"""A SHA-256, in hexadecimal."""


class MembroDomanda(Body):
    """Un ente del partenariato."""

    ente: CodiceEnte
    denominazione: TestoBreve
    categoria: CategoriaEnte
    ruolo: RuoloPartner


class QuotaDomanda(Body):
    """Quanto di un sotto-progetto e' di un membro del partenariato."""

    ente: CodiceEnte
    costo: Euro
    contributo: Euro


class SottoProgettoDomanda(Body):
    """La parte di una domanda su una linea: costo, contributo chiesto, denaro proprio, chi ne fa quanto."""

    linea: Codice
    titolo: TestoBreve
    costo: Euro
    contributo: Euro
    cofinanziamento_denaro: Euro = 0
    quote: list[QuotaDomanda] = Field(
        default_factory=list, max_length=200, description="Quote dei membri; senza, tutto e' del capofila"
    )


class ContenutoDomanda(Body):
    """Che cosa scrive il proponente; una bozza puo' essere incompleta."""

    titolo: TestoBreve | None = None
    durata_mesi: Mesi | None = None
    comune: TestoBreve | None = None
    quartiere: TestoBreve | None = None
    membri: list[MembroDomanda] = Field(default_factory=list, max_length=200)
    sotto_progetti: list[SottoProgettoDomanda] = Field(default_factory=list, max_length=50)

    def to_rules(self) -> rules.Contenuto:
        """Return the content as the rules see it."""
        return rules.Contenuto(
            titolo=self.titolo,
            durata_mesi=self.durata_mesi,
            comune=self.comune,
            quartiere=self.quartiere,
            membri=tuple(rules.Membro(m.ente, m.denominazione, m.categoria, m.ruolo) for m in self.membri),
            sotto_progetti=tuple(
                rules.SottoProgetto(
                    p.linea,
                    p.titolo,
                    p.costo,
                    p.contributo,
                    p.cofinanziamento_denaro,
                    tuple(rules.Quota(q.ente, q.costo, q.contributo) for q in p.quote),
                )
                for p in self.sotto_progetti
            ),
        )


class DomandaNuova(Body):
    """Una domanda da aprire in bozza per l'ente di chi chiama, che ne e' il capofila."""

    bando: Codice
    contenuto: ContenutoDomanda = Field(default_factory=ContenutoDomanda)


class DomandaVoce(View):
    """Una domanda nell'elenco."""

    domanda_id: UUID
    bando: Codice
    stato: StatoDomanda
    capofila: CodiceEnte
    protocollo: Versione | None
    presentata_il: Istante | None
    protocollata_il: Istante | None
    aggiornata_il: Istante


class AdesioneNuova(Body):
    """La risposta di un partner a cio' che la domanda dice di lui."""

    esito: EsitoAdesione
    condizioni: Impronta = Field(
        description="Le condizioni lette con la domanda: se sono cambiate la risposta non vale"
    )
    motivo: TestoMedio | None = Field(default=None, description="Obbligatorio per un rifiuto")


class AdesioneVista(View):
    """A che punto e' l'adesione di un partner."""

    ente: CodiceEnte
    denominazione: TestoBreve
    stato: StatoAdesione
    condizioni: Impronta = Field(description="Impronta di ruolo, categoria e importi del partner")
    motivo: TestoMedio | None
    decisa_il: Istante | None


class InvitoVista(AdesioneVista):
    """Una domanda che nomina fra i partner l'ente di chi chiama."""

    domanda_id: UUID
    bando: Codice
    capofila: CodiceEnte
    titolo: TestoBreve | None
    domanda: StatoDomanda = Field(description="Lo stato della domanda")


class DomandaDettaglio(DomandaVoce):
    """Una domanda con il suo contenuto."""

    versione: Versione
    contenuto: ContenutoDomanda
    adesioni: list[AdesioneVista] = Field(max_length=200)
    sostituisce: UUID | None
    motivo_uscita: TestoMedio | None
    impronta: Impronta | None = Field(description="SHA-256 di cio' che e' stato presentato")


class DifettoVoce(View):
    """Una cosa da correggere: dove, quale regola, che cosa fare."""

    campo: TestoBreve
    regola: TestoBreve
    messaggio: TestoMedio


class VerificaDomanda(View):
    """Prova della presentazione, senza effetti: tutti i difetti insieme."""

    presentabile: bool
    regole_versione: Conteggio
    difetti: list[DifettoVoce] = Field(max_length=1000)


class RicevutaDomanda(View):
    """La ricevuta di una domanda presentata."""

    domanda_id: UUID
    bando: Codice
    protocollo: Versione
    presentata_il: Istante = Field(description="Arrivo: decide il rispetto del termine")
    protocollata_il: Istante = Field(description="Protocollo: decide l'ordine")
    impronta: Impronta
    sostituisce: UUID | None
    prenotazione: StatoPrenotazione | None = Field(description="Solo a sportello: che cosa tiene la domanda")
    attesa: Versione | None = Field(description="Solo a sportello: numero nella lista di attesa")


class PrenotazioneVista(View):
    """Una domanda di un bando a sportello, in ordine di protocollo."""

    protocollo: Versione
    capofila: CodiceEnte
    titolo: TestoBreve
    chiesto: Euro
    prenotazione: StatoPrenotazione
    attesa: Versione | None = Field(description="Numero nella lista di attesa, se mai vi e' entrata")
    aggiornata_il: Istante


class RitiroDomanda(Body):
    """Il ritiro di una domanda presentata."""

    motivo: TestoMedio


class IstruttoriaNuova(Body):
    """La decisione dell'ufficio sull'ammissibilita'."""

    esito: EsitoIstruttoria
    motivi: list[TestoMedio] = Field(default_factory=list, max_length=50)
    premialita: list[Codice] = Field(default_factory=list, max_length=30)
    scostamento: TestoMedio | None = Field(
        default=None, description="Perche' si ammette nonostante i rilievi della verifica automatica"
    )


class IstruttoriaVista(View):
    """La decisione registrata sull'ammissibilita'."""

    domanda_id: UUID
    stato: StatoDomanda
    esito: EsitoIstruttoria
    motivi: list[TestoMedio] = Field(max_length=50)
    premialita: list[Codice] = Field(max_length=30)
    rilievi: list[DifettoVoce] = Field(max_length=1000, description="Che cosa aveva trovato la verifica automatica")
    scostamento: TestoMedio | None
    decisa_il: Istante


class PunteggioCriterio(Body):
    """Il punteggio di un criterio, con la sua motivazione."""

    criterio: Codice
    punti: PuntiScala
    motivazione: TestoMedio | None = None


class SchedaNuova(Body):
    """La scheda firmata di un commissario: un punteggio per ogni criterio del bando."""

    punteggi: list[PunteggioCriterio] = Field(min_length=1, max_length=50)


class PunteggioVista(View):
    """Il punteggio di un criterio in una scheda firmata."""

    criterio: Codice
    punti: Punti
    motivazione: TestoMedio | None


class SchedaVista(View):
    """Una scheda firmata."""

    scheda_id: UUID
    domanda_id: UUID
    commissario: Soggetto
    firmata_il: Istante
    punteggi: list[PunteggioVista] = Field(max_length=50)


class SchedeDomanda(View):
    """Le schede firmate di una domanda."""

    items: list[SchedaVista] = Field(max_length=500)
