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


class ServizioCorpo(Body):
    """Un servizio del catalogo: livello, tipo, costo orario per data, se le sue ore danno l'indennita'."""

    codice: CodiceServizio
    nome: TestoBreve
    livello: Livello
    tipo: TipoServizio
    costi: list[TariffaCorpo] = Field(min_length=1, max_length=50)
    da_indennita: bool


class LivelloCorpo(Body):
    """Un livello: i minuti che puo' prendere in un piano e se chiede una selezione."""

    livello: Livello
    minuti_massimi: Minuti | None = None
    richiede_ammissione: bool = False


class RegoleCorpo(Body):
    """Le regole di una misura: requisiti, catalogo, tariffe, massimali, quota del patto."""

    requisiti: list[RequisitoCorpo] = Field(max_length=100)
    presa_in_carico: PresaInCarico = PresaInCarico.DEL_PROGETTO
    servizi: list[ServizioCorpo] = Field(min_length=1, max_length=200)
    livelli: list[LivelloCorpo] = Field(default=[], max_length=10)
    indennita: list[TariffaCorpo] = Field(default=[], max_length=50, description="Tariffa oraria dell'indennita'")
    massimale_percorso: Euro = Field(default=3_000_00, description="Costo massimo dei servizi di un piano")
    massimale_persona: Euro = Field(default=2_000_00, description="Indennita' massima di una persona nella misura")
    percorso_con_indennita: bool = Field(default=False, description="Se il massimale del percorso conta l'indennita'")
    durata_massima_mesi: Mesi | None = None
    ora_anche_punti: bool = Field(default=False, description="Se un'ora puo' dare anche punti")
    quota_patto: Frazione = "1/3"
    patto_solo_incolpevole: bool = Field(
        default=True, description="Se la quota del patto va solo a morosita' certificata come incolpevole"
    )

    def regole(self) -> RegoleMisura:
        """These rules as the domain reads them."""
        return RegoleMisura(
            requisiti=tuple(Requisito(voce.codice, voce.testo, voce.atteso) for voce in self.requisiti),
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
            percorso_con_indennita=self.percorso_con_indennita,
            durata_massima_mesi=self.durata_massima_mesi,
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
