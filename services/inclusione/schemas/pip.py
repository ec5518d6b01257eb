"""Bodies of plans."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import (
    Body,
    Codice,
    CodiceEnte,
    Conteggio,
    Euro,
    EuroConSegno,
    Istante,
    TestoBreve,
    TestoLungo,
    TestoMedio,
    Versione,
    View,
)
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.pip import MetodoFirma, Piano, ServizioPianificato
from services.inclusione.rules.sospensione import MotivoSospensione
from services.inclusione.rules.stati import StatoPip
from services.inclusione.schemas.comuni import CodiceServizio, Giorno, Impronta, Minuti


class ServizioPiano(Body):
    """Un servizio del piano e i suoi minuti."""

    servizio: CodiceServizio
    minuti: Minuti


class PianoCorpo(Body):
    """Il contenuto di una versione: date e servizi."""

    inizio: Giorno
    fine: Giorno
    servizi: list[ServizioPiano] = Field(min_length=1, max_length=200)

    def piano(self) -> Piano:
        """This plan as the domain reads it."""
        return Piano(
            self.inizio, self.fine, tuple(ServizioPianificato(voce.servizio, voce.minuti) for voce in self.servizi)
        )


class PipNuovo(Body):
    """Un piano nuovo, in bozza, per un'iscrizione."""

    iscrizione_id: UUID
    piano: PianoCorpo


class Firma(Body):
    """Come una delle due parti ha firmato."""

    metodo: MetodoFirma


class FirmeNuove(Body):
    """Le due firme sul testo della bozza, riconosciuto dalla sua impronta."""

    testo_sha256: Impronta
    persona: Firma
    operatore: Firma


class Chiusura(Body):
    """Perche' un piano si chiude."""

    motivo: TestoBreve


class SospensioneNuova(Body):
    """Da quando e perche' un piano si sospende."""

    dal: Giorno | None = Field(default=None, description="Primo giorno sospeso; se assente, oggi")
    motivo: MotivoSospensione
    atto: TestoBreve | None = Field(default=None, description="L'atto o il decreto che la dispone, se c'e'")


class RipresaNuova(Body):
    """Da quando un piano sospeso riprende."""

    il: Giorno | None = Field(default=None, description="Primo giorno di ripresa; se assente, oggi")


class SospensioneVista(View):
    """Una sospensione: primo e ultimo giorno fermo."""

    dal: date
    al: date | None = Field(description="Assente finche' dura")
    motivo: MotivoSospensione
    atto: TestoBreve | None


TipoProblema = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$", max_length=80)]


class PianoRifiutato(View):
    """Un piano su cui non si e' potuto agire, con la ragione."""

    pip_id: UUID
    tipo: TipoProblema
    messaggio: TestoMedio


class EsitoPiani(View):
    """Che cosa e' stato fatto, piano per piano."""

    fatti: list[UUID] = Field(max_length=100_000)
    rifiutati: list[PianoRifiutato] = Field(max_length=100_000)


class BozzaVista(View):
    """La bozza: il solo testo modificabile, con quello che costerebbe firmarla adesso."""

    numero: Versione
    piano: PianoCorpo
    servizi: Euro
    indennita: Euro
    testo: TestoLungo
    testo_sha256: Impronta
    differenze: list[TestoBreve] = Field(max_length=500, description="Che cosa cambia dalla versione firmata")


class ServizioVisto(View):
    """I minuti di un servizio: previsti, registrati, validati."""

    servizio_codice: CodiceServizio
    previsti_minuti: Conteggio
    registrati_minuti: Conteggio
    validati_minuti: Conteggio


class PipInElenco(View):
    """Un piano in elenco."""

    pip_id: UUID
    versione: Versione
    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    misura_codice: Codice
    misura_numero: Versione
    ente: CodiceEnte
    stato: StatoPip
    numero: Conteggio = Field(description="Versione firmata in vigore; 0 se nessuna")
    fascia: CodiceServizio | None = Field(description="Fascia d'intensita' della persona, se la misura profila")
    inizio: date | None
    fine: date | None = Field(description="Ultimo giorno, spostato dalle sospensioni")
    riservato_servizi: Euro
    riservato_indennita: Euro
    costo_servizi: Euro = Field(description="Costo delle ore validate")
    maturato: Euro = Field(description="Indennita' maturata")
    liquidato: Euro = Field(description="Indennita' liquidata")
    attivato_il: Istante | None
    chiuso_il: Istante | None


class MovimentoVisto(View):
    """Una variazione di quanto il piano tiene della linea."""

    causale: Causale
    servizi: EuroConSegno
    indennita: EuroConSegno
    avvenuto_il: Istante


class PassaggioVisto(View):
    """Un passaggio di stato."""

    versione: Versione
    stato: StatoPip
    motivo: TestoBreve | None
    avvenuto_il: Istante


class PipVisto(PipInElenco):
    """Un piano con i suoi servizi, la bozza se c'e', i movimenti della dote e i passaggi di stato."""

    motivo_chiusura: TestoBreve | None
    servizi: list[ServizioVisto] = Field(max_length=400)
    sospensioni: list[SospensioneVista] = Field(max_length=400)
    bozza: BozzaVista | None
    dote: list[MovimentoVisto] = Field(max_length=1000)
    passaggi: list[PassaggioVisto] = Field(max_length=1000)


class FirmaVista(View):
    """Una firma raccolta."""

    chi: Annotated[Literal["persona", "operatore"], Field(description="Chi ha firmato")]
    metodo: MetodoFirma
    firmata_il: Istante


class VersioneVista(View):
    """Una versione firmata: non si modifica piu'."""

    numero: Versione
    misura_numero: Versione
    piano: PianoCorpo
    servizi: Euro
    indennita: Euro
    testo: TestoLungo
    testo_sha256: Impronta
    firmata_il: Istante
    firme: list[FirmaVista] = Field(max_length=2)
    differenze: list[TestoMedio] = Field(max_length=500, description="Che cosa cambia dalla versione precedente")
