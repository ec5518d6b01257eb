"""Reconciliation: a landlord's own record of reductions held against the platform's, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from chassis.errors import Invalid, NotFound
from chassis.italian import ROMA
from chassis.money import MAX_CENTS
from services.puntiluna.rules.riduzioni import StatoRiduzione

PRIMO_ANNO, ULTIMO_ANNO = 2000, 2100


class TipoDifferenza(StrEnum):
    """How the two records disagree."""

    SCONOSCIUTA = "sconosciuta"
    CONTRATTO_DIVERSO = "contratto_diverso"
    IMPORTO_DIVERSO = "importo_diverso"
    SENZA_RISPOSTA = "senza_risposta"
    RESPINTA_QUI = "respinta_qui"
    SCADUTA_QUI = "scaduta_qui"
    NON_REGISTRATA = "non_registrata"


class AttoProposto(StrEnum):
    """What would settle a difference; nothing is done by itself."""

    ANNULLA_PRESSO_ENTE = "annulla_presso_ente"
    CORREGGI_CONTRATTO = "correggi_contratto"
    CORREGGI_IMPORTO = "correggi_importo"
    RISPONDI_AL_LOTTO = "rispondi_al_lotto"
    PRENOTA_DI_NUOVO = "prenota_di_nuovo"
    REGISTRA_PRESSO_ENTE = "registra_presso_ente"


class RiconciliazioneSconosciuta(NotFound):
    """No such reconciliation for this caller."""

    title = "Riconciliazione sconosciuta"


class PeriodoRovesciato(Invalid):
    """The period ends before it begins."""

    title = "Periodo rovesciato"


class PeriodoFuoriLimiti(Invalid):
    """The period begins or ends in another century."""

    title = "Periodo fuori limiti"


class TotaleFuoriLimiti(Invalid):
    """The amounts add up to more than the platform keeps."""

    title = "Totale fuori limiti"


def controlla_invio(dal: date, al: date, importi: Iterable[int]) -> None:
    """Refuse a record whose period or whose total makes no sense.

    Args:
        dal: first day of the period.
        al: last day of the period.
        importi: the amounts (cents).

    Raises:
        PeriodoRovesciato: it ends before it begins.
        PeriodoFuoriLimiti: it is not within 2000 and 2100.
        TotaleFuoriLimiti: the amounts add up to more than can be kept.
    """
    if al < dal:
        raise PeriodoRovesciato("Il periodo finisce prima di cominciare.", field="al")
    if dal.year < PRIMO_ANNO or al.year > ULTIMO_ANNO:
        raise PeriodoFuoriLimiti(
            f"Il periodo va dal {PRIMO_ANNO} al {ULTIMO_ANNO}.", field="dal", remedy="Correggi le due date."
        )
    if sum(importi) > MAX_CENTS:
        raise TotaleFuoriLimiti(
            "La somma degli importi è troppo grande.", field="righe", remedy="Controlla gli importi: sono in euro."
        )


@dataclass(frozen=True, slots=True)
class RigaEnte:
    """What a landlord recorded for one protocol number (cents)."""

    protocollo: int
    contratto_codice: str
    importo_cent: int


@dataclass(frozen=True, slots=True)
class RigaPiattaforma:
    """What the platform has for one protocol number (cents); `nel_periodo`: answered within the period."""

    protocollo: int
    contratto_codice: str
    confermato_cent: int
    stato: StatoRiduzione
    nel_periodo: bool


@dataclass(frozen=True, slots=True)
class DifferenzaTrovata:
    """A disagreement with the act that would settle it (cents)."""

    protocollo: int
    contratto_codice: str
    tipo: TipoDifferenza
    importo_ente_cent: int | None
    importo_piattaforma_cent: int | None
    stato: StatoRiduzione | None
    atto: AttoProposto


_PER_STATO = {
    StatoRiduzione.PRENOTATA: (TipoDifferenza.SENZA_RISPOSTA, AttoProposto.RISPONDI_AL_LOTTO),
    StatoRiduzione.RESPINTA: (TipoDifferenza.RESPINTA_QUI, AttoProposto.ANNULLA_PRESSO_ENTE),
    StatoRiduzione.SCADUTA: (TipoDifferenza.SCADUTA_QUI, AttoProposto.PRENOTA_DI_NUOVO),
}


def inizio_del_giorno(giorno: date) -> datetime:
    """Give the first instant of a day in Italy, in UTC."""
    return datetime.combine(giorno, time(), ROMA).astimezone(UTC)


def confronta_registri(
    ente: Iterable[RigaEnte], piattaforma: Mapping[int, RigaPiattaforma]
) -> tuple[int, list[DifferenzaTrovata]]:
    """Hold a landlord's record against the platform's and list every difference.

    Args:
        ente: the landlord's lines, each protocol number once.
        piattaforma: our lines by protocol number: those the landlord names and those confirmed in the period.

    Returns:
        How many lines agree, and the differences by protocol number.

    Source: DOMAIN, puntiluna, "later reconciliation against the landlord's own file lists every difference".
    """
    differenze: list[DifferenzaTrovata] = []
    concordi = 0
    nominate: set[int] = set()
    for riga in ente:
        nominate.add(riga.protocollo)
        trovata = _confronta(riga, piattaforma.get(riga.protocollo))
        if trovata is None:
            concordi += 1
        else:
            differenze.append(trovata)
    differenze += [
        DifferenzaTrovata(
            nostra.protocollo,
            nostra.contratto_codice,
            TipoDifferenza.NON_REGISTRATA,
            None,
            nostra.confermato_cent,
            nostra.stato,
            AttoProposto.REGISTRA_PRESSO_ENTE,
        )
        for nostra in piattaforma.values()
        if nostra.protocollo not in nominate and nostra.nel_periodo and nostra.confermato_cent
    ]
    return concordi, sorted(differenze, key=lambda d: d.protocollo)


def _confronta(riga: RigaEnte, nostra: RigaPiattaforma | None) -> DifferenzaTrovata | None:
    if nostra is None:
        return DifferenzaTrovata(
            riga.protocollo,
            riga.contratto_codice,
            TipoDifferenza.SCONOSCIUTA,
            riga.importo_cent,
            None,
            None,
            AttoProposto.ANNULLA_PRESSO_ENTE,
        )
    if riga.importo_cent == 0 and nostra.confermato_cent == 0 and nostra.stato is not StatoRiduzione.PRENOTATA:
        return None
    if nostra.stato in _PER_STATO:
        tipo, atto = _PER_STATO[nostra.stato]
    elif riga.contratto_codice != nostra.contratto_codice:
        tipo, atto = TipoDifferenza.CONTRATTO_DIVERSO, AttoProposto.CORREGGI_CONTRATTO
    elif riga.importo_cent != nostra.confermato_cent:
        tipo, atto = TipoDifferenza.IMPORTO_DIVERSO, AttoProposto.CORREGGI_IMPORTO
    else:
        return None
    return DifferenzaTrovata(
        riga.protocollo,
        riga.contratto_codice,
        tipo,
        riga.importo_cent,
        nostra.confermato_cent,
        nostra.stato,
        atto,
    )
