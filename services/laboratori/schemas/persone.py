"""Bodies of people: registration, profile, conditions, consents, forms."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from chassis.types import Body, Codice, CodiceEnte, Istante, Soggetto, TestoBreve, Versione, View
from services.laboratori.rules.persone import AreaOrigine, Genere, Occupazione, StatoPersona, TitoloStudio
from services.laboratori.rules.profilo import Condizione, EsitoRilevazione, StatoConsenso, TipoConsenso
from services.laboratori.schemas.tipi import CodiceFiscale, Giorno, Impronta, Sigla, Telefono


class Profilo(Body):
    """Cio' che la persona dichiara di se'; un campo assente vuol dire non chiesto."""

    codice_fiscale: CodiceFiscale | None = None
    genere: Genere | None = None
    cittadinanza: Sigla | None = Field(default=None, description="Stato, ISO 3166-1 alpha-2.")
    area_origine: AreaOrigine | None = None
    titolo_studio: TitoloStudio | None = None
    occupazione: Occupazione | None = None
    provincia: Sigla | None = Field(default=None, description="Sigla della provincia di residenza.")
    telefono: Telefono | None = None


class PersonaNuova(Profilo):
    """La scheda di una persona: tre campi bastano, gli altri si completano dopo."""

    nome: TestoBreve
    cognome: TestoBreve
    data_nascita: Giorno
    forza_duplicato: bool = Field(
        default=False, description="L'operatore ha controllato che non e' la persona simile gia' registrata."
    )


class PersonaAggiornata(Profilo):
    """L'intera scheda, come deve diventare."""

    nome: TestoBreve
    cognome: TestoBreve
    data_nascita: Giorno


class PersonaCreata(View):
    """La persona registrata: da qui in poi, ovunque, solo il suo pseudonimo."""

    persona_id: UUID
    versione: Versione


class PersonaScheda(View):
    """La scheda di una persona, per chi la segue."""

    persona_id: UUID
    versione: Versione
    stato: StatoPersona
    unita_in: UUID | None
    nome: TestoBreve | None
    cognome: TestoBreve | None
    data_nascita: Giorno | None
    codice_fiscale: CodiceFiscale | None
    genere: Genere | None
    cittadinanza: Sigla | None
    area_origine: AreaOrigine | None
    titolo_studio: TitoloStudio | None
    occupazione: Occupazione | None
    provincia: Sigla | None
    telefono: Telefono | None
    creata_il: Istante
    nucleo_id: UUID | None
    laboratori: list[UUID] = Field(max_length=500, description="I laboratori che la conoscono.")
    presa_in_carico_da: list[UUID] = Field(max_length=500, description="I laboratori che l'hanno presa in carico.")

    @classmethod
    def di(cls, persona: BaseModel, *, nucleo_id: UUID | None, laboratori: list[UUID], in_carico: list[UUID]) -> Self:
        """The sheet of a person."""
        return cls.model_validate(
            persona.model_dump() | {"nucleo_id": nucleo_id, "laboratori": laboratori, "presa_in_carico_da": in_carico}
        )


class RicercaPersone(Body):
    """Cerca fra le persone che chi chiama segue: per codice fiscale, oppure per nome e data di nascita."""

    codice_fiscale: CodiceFiscale | None = None
    testo: Annotated[TestoBreve, Field(description="Inizio del nome o del cognome.")] | None = None
    data_nascita: Giorno | None = None


class PersonaTrovata(View):
    """Una persona trovata."""

    persona_id: UUID
    nome: TestoBreve
    cognome: TestoBreve
    data_nascita: Giorno


class PersoneTrovate(View):
    """Le persone trovate, al massimo cinquanta."""

    items: list[PersonaTrovata] = Field(max_length=50)


class PresaInCaricoNuova(Body):
    """La presa in carico di una persona da parte del laboratorio."""

    persona_id: UUID
    data_nascita: Giorno | None = Field(
        default=None, description="Letta sul documento; necessaria se la persona e' seguita da un altro laboratorio."
    )


class PresaInCaricoVista(View):
    """La presa in carico registrata."""

    persona_id: UUID
    laboratorio_id: UUID
    presa_in_carico_il: Istante


class AdesioneNuova(Body):
    """La scheda di adesione firmata (Allegato 2)."""

    persona_id: UUID
    firmata_il: Giorno
    modulo_versione: Codice = Field(description="Versione del modulo firmato.")
    documento_sha256: Impronta | None = Field(default=None, description="Impronta del documento conservato.")


class AdesioneVista(View):
    """La scheda di adesione registrata."""

    adesione_id: UUID
    persona_id: UUID
    laboratorio_id: UUID
    firmata_il: Giorno
    modulo_versione: Codice
    documento_sha256: Impronta | None


class ConsensoNuovo(Body):
    """Un consenso dato o ritirato, con la versione del testo letto alla persona."""

    tipo: TipoConsenso
    stato: StatoConsenso
    testo_versione: Codice


class ConsensoVisto(View):
    """Un consenso dato o ritirato."""

    consenso_id: UUID
    tipo: TipoConsenso
    stato: StatoConsenso
    testo_versione: Codice
    espresso_il: Istante
    raccolto_da: Soggetto


class StoriaConsensi(View):
    """Tutti i consensi di una persona, dal primo: per ogni tipo vale l'ultimo."""

    items: list[ConsensoVisto] = Field(max_length=1000)


class CondizioniRilevate(Body):
    """La risposta sulle condizioni di svantaggio: nessuna individuata, oppure l'elenco con la principale."""

    esito: EsitoRilevazione
    condizioni: list[Condizione] = Field(default=[], max_length=20)
    principale: Condizione | None = None


class CondizioniViste(View):
    """Le condizioni di svantaggio; `chiesta` falso vuol dire che nessuno l'ha ancora chiesto."""

    chiesta: bool
    esito: EsitoRilevazione | None
    condizioni: list[Condizione] = Field(max_length=20)
    principale: Condizione | None
    rilevata_il: Istante | None


class UnioneNuova(Body):
    """Due schede della stessa persona: resta quella dell'indirizzo, l'altra e' assorbita."""

    assorbita_id: UUID


class IdentitaNuova(Body):
    """Il `sub` con cui la persona si presenta alla piattaforma."""

    sub: Soggetto


class IdentitaRicerca(Body):
    """Il `sub` di un residente."""

    sub: Soggetto


class CompetenzaRichiesta(Body):
    """Un operatore e un nucleo, oppure una persona."""

    sub: Soggetto
    nucleo_id: UUID | None = None
    persona_id: UUID | None = None

    @model_validator(mode="after")
    def _uno_solo(self) -> "CompetenzaRichiesta":
        if (self.nucleo_id is None) == (self.persona_id is None):
            raise ValueError("Indicare il nucleo oppure la persona.")
        return self


class Competenza(View):
    """Se l'operatore lavora oggi nel laboratorio che segue il nucleo, o in uno di quelli che seguono la persona."""

    segue: bool
    nucleo_id: UUID | None = Field(default=None, description="di una persona seguita: il suo nucleo di oggi")


class IdentitaTrovata(View):
    """Gli pseudonimi dietro un `sub`."""

    persona_id: UUID
    nucleo_id: UUID | None


class ContrattoMio(View):
    """Un contratto di locazione del proprio nucleo."""

    contratto_codice: Codice
    ente_proprietario: CodiceEnte
    dal: Giorno
    al: Giorno | None


class Io(View):
    """Chi sono: la persona e il nucleo di chi chiama."""

    persona_id: UUID
    nome: TestoBreve
    cognome: TestoBreve
    nucleo_id: UUID | None
    contratti: list[ContrattoMio] = Field(max_length=500)


class AnagraficheRichieste(Body):
    """Le persone di cui un servizio deve scrivere il nome in un documento, e perche'."""

    persone: list[UUID] = Field(min_length=1, max_length=100)
    scopo: TestoBreve = Field(description="Scopo dichiarato, scritto nel registro degli accessi.")


class AnagraficaVista(View):
    """I dati di identita' di una persona, da usare nel documento e non conservare."""

    persona_id: UUID
    nome: TestoBreve | None
    cognome: TestoBreve | None
    data_nascita: Giorno | None
    codice_fiscale: CodiceFiscale | None


class Anagrafiche(View):
    """Le identita' chieste; una persona cancellata non ha piu' nome."""

    items: list[AnagraficaVista] = Field(max_length=100)
