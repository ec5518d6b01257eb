"""Bodies of hours."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.importazione import Politica
from services.inclusione.rules.ore import CategoriaIndiretta, TipoSessione
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.rules.stati import StatoOra
from services.inclusione.schemas.comuni import CodiceServizio, Momento

MASSIMO_RIGHE = 10_000


class OraNuova(Body):
    """Un intervallo: di un servizio (diretta) oppure di una categoria di lavoro indiretto."""

    servizio_codice: CodiceServizio | None = None
    categoria_indiretta: CategoriaIndiretta | None = None
    inizio: Momento
    fine: Momento
    sessione: Codice | None = Field(default=None, description="Codice della sessione del registro")


class OraDiUnPip(OraNuova):
    """Un intervallo e il piano a cui appartiene."""

    pip_id: UUID


class SessioneNuova(Body):
    """Una pagina del registro: un servizio, un intervallo, una persona o un gruppo."""

    codice: Codice
    progetto_id: UUID
    servizio_codice: CodiceServizio
    tipo: TipoSessione
    inizio: Momento
    fine: Momento


class PresenteNuovo(Body):
    """Una persona presente: il suo piano, e il tempo se e' meno dell'intera sessione."""

    pip_id: UUID
    inizio: Momento | None = Field(default=None, description="Se assente, l'inizio della sessione")
    fine: Momento | None = Field(default=None, description="Se assente, la fine della sessione")


class PresentiNuovi(Body):
    """Chi era presente a una sessione: ogni riga riesce o e' rifiutata da sola."""

    presenti: list[PresenteNuovo] = Field(min_length=1, max_length=500)


class RegistrazioneOre(Body):
    """Molte ore insieme: ogni riga riesce o e' rifiutata da sola."""

    righe: list[OraDiUnPip] = Field(min_length=1, max_length=2_000)


class FirmaOre(Body):
    """La firma della persona su ore sue, raccolta dall'operatore."""

    ore: list[UUID] = Field(min_length=1, max_length=MASSIMO_RIGHE)
    metodo: MetodoFirma


class ValidazioneOre(Body):
    """Le ore da validare: ogni riga riesce o e' rifiutata da sola."""

    ore: list[UUID] = Field(min_length=1, max_length=MASSIMO_RIGHE)


class Annullamento(Body):
    """Perche' un'ora si annulla."""

    motivo: TestoBreve


TipoProblema = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$", max_length=80)]


class RigaRifiutata(View):
    """Una riga rifiutata: la sua posizione, il tipo del rifiuto e la ragione."""

    riga: Conteggio = Field(description="Posizione nella richiesta, da 0")
    ore_id: UUID | None
    tipo: TipoProblema
    messaggio: TestoMedio


class EsitoOre(View):
    """Che cosa e' stato fatto, riga per riga."""

    fatte: list[UUID] = Field(max_length=MASSIMO_RIGHE, description="Ore riuscite, nell'ordine della richiesta")
    rifiutate: list[RigaRifiutata] = Field(max_length=MASSIMO_RIGHE)


TestoCsv = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2_000_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"),
    Field(description="Il file CSV in UTF-8: piano;servizio;attivita_indiretta;giorno;dalle;alle;sessione"),
]


class FileOre(Body):
    """Un file di ore da provare."""

    csv: TestoCsv


class ImportazioneOre(FileOre):
    """Un file di ore da registrare: tutte le righe o nessuna, oppure solo le buone."""

    politica: Politica


class RigaFile(View):
    """Una riga del file rifiutata, con il numero che ha nel file (la prima, dei titoli, e' la 1)."""

    riga: Conteggio
    tipo: TipoProblema
    messaggio: TestoMedio


class EsitoImportazione(View):
    """Che cosa viene del file, riga per riga."""

    righe: Conteggio
    buone: Conteggio
    fatte: list[UUID] = Field(max_length=MASSIMO_RIGHE, description="Le ore registrate; nessuna nell'anteprima")
    rifiutate: list[RigaFile] = Field(max_length=MASSIMO_RIGHE)


class OraVista(View):
    """Un'ora."""

    ore_id: UUID
    versione: Versione
    pip_id: UUID
    diretta: bool
    servizio_codice: CodiceServizio | None
    categoria_indiretta: CategoriaIndiretta | None
    sessione: Codice | None
    inizio: Istante
    fine: Istante
    minuti: Conteggio
    giorno: date
    stato: StatoOra
    firmata_il: Istante | None
    validata_il: Istante | None
    annullata_il: Istante | None
    annullata_motivo: TestoBreve | None
    costo: Euro
    indennita: Euro
    gia_pagata_da: TestoBreve | None = Field(description="Chi ha gia' pagato questa ora, se non la paga l'indennita'")


class SessioneInElenco(View):
    """Una sessione del registro con le sue cifre."""

    ente: CodiceEnte
    codice: Codice
    progetto_id: UUID
    servizio_codice: CodiceServizio
    tipo: TipoSessione
    inizio: Istante
    fine: Istante
    persone: Conteggio
    minuti: Conteggio = Field(description="Minuti registrati e non annullati")
    minuti_validati: Conteggio


class SessioneVista(SessioneInElenco):
    """Una pagina del registro: la sessione e le sue ore, con firme e validazioni."""

    ore: list[OraVista] = Field(max_length=2_000)


class RiepilogoRiga(View):
    """Le ore di un operatore per un servizio, o per una categoria di lavoro indiretto."""

    ente: CodiceEnte
    diretta: bool
    voce: TestoBreve = Field(description="Il servizio, o la categoria del lavoro indiretto")
    persone: Conteggio
    minuti: Conteggio
    minuti_firmati: Conteggio
    minuti_validati: Conteggio
    costo: Euro
    indennita: Euro


class RiepilogoOre(View):
    """Le ore di un progetto in un periodo: le indirette si contano e non si pagano."""

    progetto_id: UUID
    dal: date
    al: date
    righe: list[RiepilogoRiga] = Field(max_length=10_000)
    minuti_diretti: Conteggio
    minuti_indiretti: Conteggio
    costo: Euro
    indennita: Euro
