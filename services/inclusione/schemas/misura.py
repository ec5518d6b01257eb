"""Bodies of measures: the rules of a call as data."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.misura import (
    Livello,
    PresaInCarico,
    Quota,
    RegolaLivello,
    RegoleMisura,
    Requisito,
    Risposta,
    Servizio,
    Tariffa,
    TipoServizio,
)
from services.inclusione.rules.profilazione import Fascia, Opzione, TabellaProfilo, VoceProfilo
from services.inclusione.schemas.comuni import CodiceServizio, Frazione, Giorno, Mesi, Minuti


class TariffaCorpo(Body):
    """Una tariffa oraria e il giorno da cui vale."""

    dal: Giorno
    orario: Euro


class RequisitoCorpo(Body):
    """Un requisito e la risposta che lo soddisfa."""

    codice: CodiceServizio
    testo: TestoMedio
    atteso: Risposta = Risposta.SI
    mantenuto: bool = Field(default=False, description="Se deve valere anche durante il percorso")


class ServizioCorpo(Body):
    """Un servizio del catalogo: livello, tipo, costo orario per data, se le sue ore danno l'indennita'."""

    codice: CodiceServizio
    nome: TestoBreve
    livello: Livello
    tipo: TipoServizio
    costi: list[TariffaCorpo] = Field(min_length=1, max_length=50)
    da_indennita: bool


class LivelloCorpo(Body):
    """Un livello: i minuti che puo' prendere in un percorso e se chiede una selezione."""

    livello: Livello
    minuti_massimi: Minuti | None = None
    richiede_ammissione: bool = False


PuntiProfilo = Annotated[int, Field(ge=0, le=10_000)]


class OpzioneCorpo(Body):
    """Una risposta possibile a una voce della profilazione e i suoi punti."""

    codice: CodiceServizio
    testo: TestoBreve
    punti: PuntiProfilo


class VoceProfiloCorpo(Body):
    """Una voce della profilazione con le sue risposte possibili."""

    codice: CodiceServizio
    testo: TestoMedio
    opzioni: list[OpzioneCorpo] = Field(min_length=2, max_length=50)


class FasciaCorpo(Body):
    """Una fascia d'intensita': da quanti punti, e il costo massimo del percorso se diverso da quello della misura."""

    codice: CodiceServizio
    da_punti: PuntiProfilo
    massimale_percorso: Euro | None = None


class ProfilazioneCorpo(Body):
    """La tabella dei punteggi che assegna la fascia d'intensita'."""

    voci: list[VoceProfiloCorpo] = Field(min_length=1, max_length=50)
    fasce: list[FasciaCorpo] = Field(min_length=1, max_length=20)

    def tabella(self) -> TabellaProfilo:
        """This table as the domain reads it."""
        return TabellaProfilo(
            tuple(
                VoceProfilo(
                    voce.codice,
                    voce.testo,
                    tuple(Opzione(una.codice, una.testo, una.punti) for una in voce.opzioni),
                )
                for voce in self.voci
            ),
            tuple(Fascia(fascia.codice, fascia.da_punti, fascia.massimale_percorso) for fascia in self.fasce),
        )


class RegoleCorpo(Body):
    """Le regole di una misura: requisiti, catalogo, tariffe, massimali, quota del patto."""

    requisiti: list[RequisitoCorpo] = Field(max_length=100)
    presa_in_carico: PresaInCarico = PresaInCarico.DEL_PROGETTO
    servizi: list[ServizioCorpo] = Field(min_length=1, max_length=200)
    livelli: list[LivelloCorpo] = Field(default=[], max_length=10)
    indennita: list[TariffaCorpo] = Field(default=[], max_length=50, description="Tariffa oraria dell'indennita'")
    massimale_percorso: Euro = Field(default=3_000_00, description="Costo massimo dei servizi di un piano")
    massimale_persona: Euro = Field(default=2_000_00, description="Indennita' massima di una persona nella misura")
    massimale_operatore: Euro | None = Field(
        default=None, description="Servizi riconosciuti al massimo a un operatore in un progetto; assente: la linea"
    )
    percorso_con_indennita: bool = Field(default=False, description="Se il massimale del percorso conta l'indennita'")
    durata_massima_mesi: Mesi | None = Field(default=None, description="Durata massima di un piano")
    tirocinio_massimo_mesi: Mesi = Field(default=6, description="Durata massima di un tirocinio")
    esclude_altre_politiche: bool = Field(
        default=False, description="Se esclude chi ha gia' un piano aperto in un'altra misura o in un altro progetto"
    )
    profilazione: ProfilazioneCorpo | None = Field(default=None, description="Assente: la misura non profila")
    ora_anche_punti: bool = Field(default=False, description="Se un'ora puo' dare anche punti")
    quota_patto: Frazione = "1/3"
    patto_solo_incolpevole: bool = Field(
        default=True, description="Se la quota del patto va solo a morosita' certificata come incolpevole"
    )

    def regole(self) -> RegoleMisura:
        """These rules as the domain reads them."""
        return RegoleMisura(
            requisiti=tuple(Requisito(voce.codice, voce.testo, voce.atteso, voce.mantenuto) for voce in self.requisiti),
            presa_in_carico=self.presa_in_carico,
            servizi=tuple(
                Servizio(voce.codice, voce.nome, voce.livello, voce.tipo, _tariffe(voce.costi), voce.da_indennita)
                for voce in self.servizi
            ),
            livelli=tuple(
                RegolaLivello(voce.livello, voce.minuti_massimi, voce.richiede_ammissione) for voce in self.livelli
            ),
            indennita=_tariffe(self.indennita),
            massimale_percorso_cent=self.massimale_percorso,
            massimale_persona_cent=self.massimale_persona,
            massimale_operatore_cent=self.massimale_operatore,
            percorso_con_indennita=self.percorso_con_indennita,
            durata_massima_mesi=self.durata_massima_mesi,
            tirocinio_massimo_mesi=self.tirocinio_massimo_mesi,
            esclude_altre_politiche=self.esclude_altre_politiche,
            profilazione=self.profilazione.tabella() if self.profilazione is not None else None,
            ora_anche_punti=self.ora_anche_punti,
            quota_patto=leggi_quota(self.quota_patto),
            patto_solo_incolpevole=self.patto_solo_incolpevole,
        )


def _tariffe(voci: list[TariffaCorpo]) -> tuple[Tariffa, ...]:
    return tuple(Tariffa(voce.dal, voce.orario) for voce in voci)


def leggi_quota(testo: str) -> Quota:
    """Reads `1/3`."""
    numeratore, denominatore = testo.split("/")
    return Quota(int(numeratore), int(denominatore))


class MisuraVersioneNuova(Body):
    """Una versione delle regole, con l'atto che la approva e il giorno da cui vale."""

    vale_dal: Giorno
    atto: TestoBreve
    regole: RegoleCorpo


class MisuraNuova(MisuraVersioneNuova):
    """Una misura nuova con la sua prima versione."""

    codice: Codice
    titolo: TestoBreve
    bando_codice: Codice | None = Field(default=None, description="Solo per i progetti di questo bando; assente: tutti")


class MisuraInElenco(View):
    """Una misura in elenco."""

    misura_id: UUID
    codice: Codice
    titolo: TestoBreve
    bando_codice: Codice | None
    ente_titolare: CodiceEnte | None
    numero: Versione = Field(description="Numero dell'ultima versione")


class MisuraVista(MisuraInElenco):
    """Una misura con una versione delle sue regole."""

    numero_letto: Versione = Field(description="Numero della versione qui riportata")
    vale_dal: date
    atto: TestoBreve
    approvata_il: Istante
    regole: RegoleCorpo


NumeroVersione = Annotated[int, Field(ge=1, le=2_000_000_000)]
