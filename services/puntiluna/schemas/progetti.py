"""Funds, tariffs, limits, attendances and figures."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, CodiceEnte, Conteggio, Euro, Istante, Punti, Soggetto, TestoBreve, Versione, View
from services.puntiluna.rules.accrediti import StatoAccredito
from services.puntiluna.rules.fondi import OrigineFondo
from services.puntiluna.rules.tariffe import AmbitoLimite, Fascia, TipoTariffa
from services.puntiluna.schemas.comuni import ImportoPositivo, Minuti, Parola, PuntiOra

OreDecimali = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{2}$", max_length=15)]


class AlimentazioneNuova(Body):
    """An act that fills a fund."""

    importo: ImportoPositivo = Field(description="euro che entrano nel fondo: un punto per euro")
    origine: OrigineFondo = Field(description="da dove viene il denaro; `progetto` non supera mai l'impegnato")
    atto: TestoBreve = Field(description="estremi dell'atto, una volta sola per fondo")


class AlimentazioneVista(View):
    """An act that filled a fund."""

    alimentazione_id: UUID
    importo: Euro
    origine: OrigineFondo
    atto: TestoBreve
    autore: Soggetto
    movimento_id: UUID
    alimentato_il: Istante


class FondoVoce(View):
    """A fund in a list."""

    fondo_id: UUID
    progetto_id: UUID
    codice: TestoBreve
    titolo: TestoBreve
    capofila: CodiceEnte
    stato: Parola
    impegnato: Euro
    versato_dal_progetto: Euro
    saldo: Punti


class FondoVista(FondoVoce):
    """A fund with the acts that filled it."""

    versione: Versione
    aperto_il: Istante
    alimentazioni: list[AlimentazioneVista] = Field(max_length=1000)


class TariffaNuova(Body):
    """A tariff from a day on."""

    progetto_id: UUID | None = Field(default=None, description="assente: vale per tutti i progetti")
    tipo: TipoTariffa
    voce: Parola = Field(description="`base`, `silver`, `gold`, oppure la categoria dell'attività indiretta")
    punti_ora: PuntiOra = Field(description="punti per un'ora, al massimo 1000.00")
    dal: date = Field(description="primo giorno in cui vale")


class TariffaVista(View):
    """A tariff."""

    tariffa_id: UUID
    progetto_id: UUID | None
    tipo: TipoTariffa
    voce: Parola
    punti_ora: Punti
    dal: date
    autore: Soggetto
    creata_il: Istante


class Tariffe(View):
    """Tariffs, the latest first."""

    items: list[TariffaVista] = Field(max_length=1000)


class LimiteNuovo(Body):
    """A limit on points."""

    progetto_id: UUID | None = Field(default=None, description="assente: vale per tutti i progetti")
    ambito: AmbitoLimite
    attivita_id: UUID | None = Field(default=None, description="solo per `attivita`; assente: ogni attività da sola")
    massimo: Punti
    rigido: bool = Field(description="vero: oltre il limite i punti non si danno; falso: si avvisa soltanto")
    dal: date
    al: date | None = None


class LimiteVista(View):
    """A limit on points."""

    limite_id: UUID
    progetto_id: UUID | None
    ambito: AmbitoLimite
    attivita_id: UUID | None
    massimo: Punti
    rigido: bool
    dal: date
    al: date | None
    autore: Soggetto
    creato_il: Istante


class Limiti(View):
    """Limits."""

    items: list[LimiteVista] = Field(max_length=1000)


class AvvisoVista(View):
    """A limit that an attendance went over."""

    avviso_id: UUID
    limite_id: UUID
    ambito: AmbitoLimite
    presenza_id: UUID
    rigido: bool
    punti: Punti
    avvisato_il: Istante


class Avvisi(View):
    """Limits that a project's attendances went over, the latest first."""

    items: list[AvvisoVista] = Field(max_length=500)


class AccreditoVista(View):
    """An attendance with the points it gave."""

    accredito_id: UUID
    presenza_id: UUID
    versione: Versione
    progetto_id: UUID | None
    nucleo_id: UUID | None
    persona_id: UUID
    attivita_id: UUID
    inizio: Istante
    fine: Istante
    minuti: Minuti
    fascia: Fascia
    categoria_indiretta: Parola | None
    stato: StatoAccredito
    motivo: TestoBreve | None
    dovuti: Punti
    concessi: Punti


class Cifre(View):
    """The aggregate figures of a project, for offices and evaluators."""

    progetto_id: UUID
    codice: TestoBreve
    titolo: TestoBreve
    punti_emessi: Punti = Field(description="punti dati per ore di attività; le donazioni non ne emettono")
    ore: OreDecimali = Field(description="ore che hanno dato punti")
    ore_indirette: OreDecimali
    presenze: Conteggio
    nuclei: Conteggio
    persone: Conteggio
    alimentato: Euro
    saldo_fondo: Punti
    saldo_solidale: Punti
    in_attesa_fondo: Punti
    presenze_in_attesa: Conteggio
    da_recuperare: Punti
    prenotati: Punti
    confermati: Punti = Field(description="punti confermati dai proprietari, liquidati compresi")
    liquidati: Punti
    quote_confermate: Euro = Field(description="quote di indennità confermate dai proprietari, liquidate comprese")
    quote_liquidate: Euro


class CifrePubbliche(View):
    """What is published of a project: totals only."""

    progetto_id: UUID
    codice: TestoBreve
    titolo: TestoBreve
    punti_emessi: Punti
    controvalore: Euro = Field(description="un punto vale un euro di morosità")
    ore: OreDecimali
    riduzioni_confermate: Euro
