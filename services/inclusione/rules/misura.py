"""Misura: what one call for inclusion asks, offers and pays, as data with versions.

Every figure of a call (requirements, catalogue, unit costs by date, caps, share of the pact) is a value of
`RegoleMisura`; nothing in the code knows the name of a call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from chassis.errors import Refusal
from services.inclusione.rules.profilazione import TabellaProfilo, difetti_tabella

MINUTI_QUARTO = 15


class Risposta(StrEnum):
    """The answer to a requirement: the fact behind it stays with whoever saw it."""

    SI = "si"
    NO = "no"
    DA_VERIFICARE = "da_verificare"


class PresaInCarico(StrEnum):
    """Which taking-on by a lab a call requires before a plan."""

    NON_RICHIESTA = "non_richiesta"
    DI_UN_LABORATORIO = "di_un_laboratorio"
    DEL_PROGETTO = "del_progetto"


class Livello(StrEnum):
    """The level of a service."""

    BASE = "base"
    ACCOGLIENZA_ORIENTAMENTO = "accoglienza_orientamento"
    CONSOLIDAMENTO = "consolidamento"


class TipoServizio(StrEnum):
    """The kind of a service; `tirocinio` never gives an allowance."""

    ACCOGLIENZA = "accoglienza"
    ORIENTAMENTO = "orientamento"
    FORMAZIONE = "formazione"
    LAVORO = "lavoro"
    TIROCINIO = "tirocinio"
    IMPRESA = "impresa"


class MisuraIncoerente(Refusal):
    """The rules of a call contradict each other."""

    status = 422
    title = "Regole della misura incoerenti"


class TariffaNonPrevista(Refusal):
    """The measure's table has no rate for that day."""

    title = "Tariffa non prevista"


@dataclass(frozen=True, slots=True)
class Tariffa:
    """An hourly rate in force from a day on, until the next one."""

    dal: date
    orario_cent: int


@dataclass(frozen=True, slots=True)
class Requisito:
    """One requirement of the call, and the answer that satisfies it; `mantenuto`: it must hold during the path too."""

    codice: str
    testo: str
    atteso: Risposta = Risposta.SI
    mantenuto: bool = False


@dataclass(frozen=True, slots=True)
class Servizio:
    """One service of the catalogue: level, kind, unit cost by date, whether its hours accrue the allowance."""

    codice: str
    nome: str
    livello: Livello
    tipo: TipoServizio
    costi: tuple[Tariffa, ...]
    da_indennita: bool


@dataclass(frozen=True, slots=True)
class RegolaLivello:
    """A level: the hours it may take in one path and whether one must be selected to enter it."""

    livello: Livello
    minuti_massimi: int | None = None
    richiede_ammissione: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """A share as a fraction, so that one third is exact."""

    numeratore: int
    denominatore: int

    def __str__(self) -> str:
        return f"{self.numeratore}/{self.denominatore}"


UN_TERZO = Quota(1, 3)


@dataclass(frozen=True, slots=True)
class RegoleMisura:
    """The rules of one call, one version of them.

    `massimale_percorso_cent` caps the services of one plan (and its allowance too when `percorso_con_indennita`);
    `massimale_persona_cent` caps the allowance of one person over all the plans of the measure;
    `massimale_operatore_cent` caps the services one operator may be recognised in one project, None when only the line
    does. With `esclude_altre_politiche` a living plan of the same person elsewhere on the platform excludes.
    Source: facts/programmi.json PROLORENTEGGIO (600,000 / 3,000 and 400,000 / 2,000 are two pots of 200 people each).
    """

    requisiti: tuple[Requisito, ...]
    presa_in_carico: PresaInCarico
    servizi: tuple[Servizio, ...]
    livelli: tuple[RegolaLivello, ...]
    indennita: tuple[Tariffa, ...]
    massimale_percorso_cent: int
    massimale_persona_cent: int
    massimale_operatore_cent: int | None = None
    percorso_con_indennita: bool = False
    durata_massima_mesi: int | None = None
    tirocinio_massimo_mesi: int = 6
    esclude_altre_politiche: bool = False
    profilazione: TabellaProfilo | None = None
    ora_anche_punti: bool = False
    quota_patto: Quota = UN_TERZO
    patto_solo_incolpevole: bool = True

    def servizio(self, codice: str) -> Servizio | None:
        """The service of that code, or None."""
        return next((servizio for servizio in self.servizi if servizio.codice == codice), None)

    def livello(self, livello: Livello) -> RegolaLivello:
        """The rule of a level; a level the call does not name is free of limits."""
        return next((regola for regola in self.livelli if regola.livello == livello), RegolaLivello(livello))


def verifica_regole(regole: RegoleMisura, *, vale_dal: date) -> None:
    """Refuses rules that contradict themselves, before anybody is enrolled under them.

    Args:
        vale_dal: the day from which the version holds.

    Raises:
        MisuraIncoerente: doubled codes, unordered or missing rates, an allowance on `base` services or on placements,
            an allowance without a rate or without a cap, caps that let no plan be signed or recognised, a level
            without services or not in quarters, a share outside 0-1, a scoring table that leaves somebody out.

    Source: DOMAIN part inclusione ("`base` services and Tirocinio give none").
    """
    _verifica_unici("requisiti", [requisito.codice for requisito in regole.requisiti])
    _verifica_unici("servizi", [servizio.codice for servizio in regole.servizi])
    _verifica_unici("livelli", [regola.livello.value for regola in regole.livelli])
    for requisito in regole.requisiti:
        if requisito.atteso is Risposta.DA_VERIFICARE:
            raise MisuraIncoerente(
                f"Il requisito {requisito.codice} deve attendere un si' o un no.",
                field="requisiti",
                remedy="Indicare la risposta che soddisfa il requisito.",
            )
    for servizio in regole.servizi:
        _verifica_servizio(servizio)
    _verifica_indennita(regole, vale_dal)
    _verifica_livelli(regole)
    _verifica_massimali(regole)
    if not 0 <= regole.quota_patto.numeratore <= regole.quota_patto.denominatore or regole.quota_patto.denominatore < 1:
        raise MisuraIncoerente(
            f"La quota del patto {regole.quota_patto} non sta fra zero e uno.",
            field="quota_patto",
            remedy="Scrivere una frazione, per esempio 1/3.",
        )
    if regole.profilazione is not None:
        for difetto, rimedio in difetti_tabella(
            regole.profilazione, massimale_percorso_cent=regole.massimale_percorso_cent
        ):
            raise MisuraIncoerente(difetto, field="profilazione", remedy=rimedio)


def _verifica_servizio(servizio: Servizio) -> None:
    if not servizio.costi:
        raise MisuraIncoerente(
            f"Il servizio {servizio.codice} non ha un costo orario.",
            field="servizi",
            remedy="Aggiungere almeno un costo con la data da cui vale (anche 0.00).",
        )
    _verifica_tariffe("servizi", servizio.costi)
    if servizio.da_indennita and (servizio.livello is Livello.BASE or servizio.tipo is TipoServizio.TIROCINIO):
        raise MisuraIncoerente(
            f"Il servizio {servizio.codice} non puo' dare l'indennita': base e tirocini ne sono esclusi.",
            field="servizi",
            remedy="Togliere l'indennita' dal servizio.",
        )


def _verifica_indennita(regole: RegoleMisura, vale_dal: date) -> None:
    _verifica_tariffe("indennita", regole.indennita)
    primi = [max(servizio.costi[0].dal, vale_dal) for servizio in regole.servizi if servizio.da_indennita]
    if primi and not regole.indennita:
        raise MisuraIncoerente(
            "Alcuni servizi danno l'indennita' ma la tabella delle tariffe orarie e' vuota.",
            field="indennita",
            remedy="Aggiungere almeno una tariffa oraria con la data da cui vale.",
        )
    if primi and regole.indennita[0].dal > min(primi):
        raise MisuraIncoerente(
            f"Dal {min(primi).isoformat()} ci sono ore che danno l'indennita', ma la prima tariffa vale solo dal "
            f"{regole.indennita[0].dal.isoformat()}.",
            field="indennita",
            remedy="Far partire la tariffa dell'indennita' non dopo i servizi che la danno.",
        )
    if primi and regole.massimale_persona_cent == 0:
        raise MisuraIncoerente(
            "Alcuni servizi danno l'indennita' ma il massimale per persona e' zero.",
            field="massimale_persona",
            remedy="Alzare il massimale, oppure togliere l'indennita' dai servizi.",
        )


def _verifica_livelli(regole: RegoleMisura) -> None:
    offerti = {servizio.livello for servizio in regole.servizi}
    for regola in regole.livelli:
        if regola.livello not in offerti:
            raise MisuraIncoerente(
                f"Il livello {regola.livello.value} non ha servizi.",
                field="livelli",
                remedy="Togliere il livello, oppure aggiungere un servizio che gli appartenga.",
            )
        if regola.minuti_massimi is not None and (
            regola.minuti_massimi < MINUTI_QUARTO or regola.minuti_massimi % MINUTI_QUARTO
        ):
            raise MisuraIncoerente(
                f"I minuti massimi del livello {regola.livello.value} non sono quarti d'ora interi.",
                field="livelli",
                remedy="Scrivere un multiplo di 15 maggiore di zero.",
            )


def _verifica_massimali(regole: RegoleMisura) -> None:
    costa = any(tariffa.orario_cent > 0 for servizio in regole.servizi for tariffa in servizio.costi)
    if costa and regole.massimale_percorso_cent == 0:
        raise MisuraIncoerente(
            "I servizi hanno un costo ma il massimale del percorso e' zero: nessun piano si potrebbe firmare.",
            field="massimale_percorso",
            remedy="Indicare il costo massimo di un percorso.",
        )
    if regole.massimale_operatore_cent is not None and regole.massimale_operatore_cent < regole.massimale_percorso_cent:
        raise MisuraIncoerente(
            "Il massimale per operatore e' inferiore a quello di un solo percorso.",
            field="massimale_operatore",
            remedy="Alzare il massimale per operatore, o abbassare quello del percorso.",
        )


def _verifica_unici(campo: str, codici: Sequence[str]) -> None:
    doppi = sorted({codice for codice in codici if codici.count(codice) > 1})
    if doppi:
        raise MisuraIncoerente(
            f"Codici ripetuti: {', '.join(doppi)}.", field=campo, remedy="Dare a ogni voce un codice diverso."
        )


def _verifica_tariffe(campo: str, tariffe: Sequence[Tariffa]) -> None:
    giorni = [tariffa.dal for tariffa in tariffe]
    if any(seguente <= primo for primo, seguente in pairwise(giorni)):
        raise MisuraIncoerente(
            "Le tariffe vanno in ordine di data, ciascuna da un giorno diverso.",
            field=campo,
            remedy="Ordinare le tariffe per data di inizio.",
        )


def tariffa_del(tariffe: Iterable[Tariffa], giorno: date, *, di_che_cosa: str) -> int:
    """The hourly rate in force on a day, in cents.

    Raises:
        TariffaNonPrevista: the table starts later than that day.
    """
    in_vigore = [tariffa.orario_cent for tariffa in tariffe if tariffa.dal <= giorno]
    if not in_vigore:
        raise TariffaNonPrevista(
            f"Nessuna tariffa per {di_che_cosa} in vigore il {giorno.isoformat()}.",
            remedy="Approvare una versione della misura con la tariffa di quella data.",
        )
    return in_vigore[-1]


def tariffa_massima(tariffe: Iterable[Tariffa], dal: date, al: date, *, di_che_cosa: str) -> int:
    """The highest hourly rate in force on any day of a period, in cents: what a reservation must be able to pay.

    Raises:
        TariffaNonPrevista: no rate is in force on the first day.
    """
    elenco = tuple(tariffe)
    iniziale = tariffa_del(elenco, dal, di_che_cosa=di_che_cosa)
    return max([iniziale, *(tariffa.orario_cent for tariffa in elenco if dal < tariffa.dal <= al)])
