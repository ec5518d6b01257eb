"""Tirocini, vacancies and who fits them, work contracts, the path to an enterprise: what follows the hours."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chassis.errors import Refusal
from services.inclusione.rules.pip import dopo_mesi

T = TypeVar("T")

MESI_TIROCINIO = 6
MESI_TRIMESTRE = 3


class StatoTirocinio(StrEnum):
    """The state of a placement, and of an enterprise path."""

    ATTIVO = "attivo"
    CONCLUSO = "concluso"
    INTERROTTO = "interrotto"


TRANSIZIONI_TIROCINIO: Mapping[StatoTirocinio, frozenset[StatoTirocinio]] = {
    StatoTirocinio.ATTIVO: frozenset({StatoTirocinio.CONCLUSO, StatoTirocinio.INTERROTTO}),
    StatoTirocinio.CONCLUSO: frozenset(),
    StatoTirocinio.INTERROTTO: frozenset(),
}
"""Every transition of a placement and of an enterprise path."""


class Fascia(StrEnum):
    """When somebody can work, or is wanted to."""

    MATTINA = "mattina"
    POMERIGGIO = "pomeriggio"
    SERA = "sera"
    NOTTE = "notte"
    FINE_SETTIMANA = "fine_settimana"


class TipoPosizione(StrEnum):
    """What a host firm offers."""

    TIROCINIO = "tirocinio"
    LAVORO = "lavoro"


class TipoContratto(StrEnum):
    """The kind of a work contract."""

    INDETERMINATO = "indeterminato"
    DETERMINATO = "determinato"
    APPRENDISTATO = "apprendistato"
    SOMMINISTRAZIONE = "somministrazione"
    AUTONOMO = "autonomo"


class Traguardo(StrEnum):
    """A milestone on the way to a new business, in the order in which they are met."""

    IDEA_VALIDATA = "idea_validata"
    PIANO_DI_IMPRESA = "piano_di_impresa"
    FINANZIAMENTO = "finanziamento"
    COSTITUZIONE = "costituzione"
    AVVIO_ATTIVITA = "avvio_attivita"


class TirocinioNonValido(Refusal):
    """The placement's dates do not hold together, or it lasts longer than it may."""

    status = 422
    title = "Tirocinio non valido"


class TirocinioSovrapposto(Refusal):
    """The person already has a placement in those days."""

    title = "Tirocinio sovrapposto"


class StatoTirocinioNonAmmesso(Refusal):
    """The placement's, or the path's, state does not allow that step."""

    title = "Passaggio di stato non ammesso"


class PosizioneChiusa(Refusal):
    """The vacancy is closed, or all its places are taken."""

    title = "Posizione chiusa"


class PosizioneDiAltroTipo(Refusal):
    """A placement takes a vacancy for placements, a contract one for work."""

    title = "Posizione di altro tipo"


class ImpresaGiaAvviata(Refusal):
    """A plan has one enterprise path under way."""

    title = "Percorso di impresa gia' avviato"


class TraguardoGiaRaggiunto(Refusal):
    """Each milestone is met once."""

    title = "Traguardo gia' raggiunto"


class ContrattoNonValido(Refusal):
    """The contract's duration or day does not hold together."""

    status = 422
    title = "Contratto non valido"


def verifica_passo_tirocinio(da: StatoTirocinio, a: StatoTirocinio) -> None:
    """Refuses a step that `TRANSIZIONI_TIROCINIO` does not draw.

    Raises:
        StatoTirocinioNonAmmesso: from `da` one does not go to `a`.
    """
    if a not in TRANSIZIONI_TIROCINIO[da]:
        raise StatoTirocinioNonAmmesso(
            f"Da {da.value} non si passa a {a.value}.", remedy="Si conclude o si interrompe cio' che e' attivo."
        )


def verifica_tirocinio(dal: date, al: date, *, mesi: int = MESI_TIROCINIO) -> None:
    """Refuses a placement longer than it may be, extensions included.

    Args:
        mesi: what the measure allows; never more than six.

    Raises:
        TirocinioNonValido: order of the days, or the last day is not before the same day so many months later.

    Source: DOMAIN part inclusione ("placements of up to 6 months with host").
    """
    massimo = min(mesi, MESI_TIROCINIO)
    if al < dal or al >= dopo_mesi(dal, massimo):
        raise TirocinioNonValido(
            f"Un tirocinio dura al massimo {massimo} mesi, proroghe comprese.",
            field="al",
            remedy="Anticipare la fine.",
        )


def verifica_posto(tipo: TipoPosizione, *, atteso: TipoPosizione, occupati: int, posti: int, chiusa: bool) -> None:
    """Refuses to fill a vacancy that cannot take anybody.

    Args:
        tipo: of the vacancy; `atteso` what is being filled.
        occupati: places already taken, of `posti`.

    Raises:
        PosizioneDiAltroTipo: a contract on a vacancy for placements, or the other way round.
        PosizioneChiusa: closed or full.
    """
    if tipo is not atteso:
        raise PosizioneDiAltroTipo(f"La posizione e' per {tipo.value}, non per {atteso.value}.", field="posizione_id")
    if chiusa or occupati >= posti:
        raise PosizioneChiusa(
            "La posizione e' chiusa, oppure non ha piu' posti.",
            field="posizione_id",
            remedy="Scegliere un'altra posizione.",
        )


def verifica_contratto(tipo: TipoContratto, *, dal: date, mesi: int | None, oggi: date) -> None:
    """Refuses a contract that has not started, or a duration that does not fit its kind.

    Args:
        mesi: duration, 1 or more; None for an open-ended one.

    Raises:
        ContrattoNonValido: it starts after today, an open-ended one has months, or a fixed-term one has none.

    Source: issue of inclusione ("contracts started (result)"): what is expected is a target, not a contract.
    """
    if dal > oggi:
        raise ContrattoNonValido(
            "Il contratto comincia dopo oggi: si registra quando e' iniziato.",
            field="dal",
            remedy="Registrarlo dal giorno di inizio; quanto e' atteso si scrive negli obiettivi.",
        )
    if (tipo is TipoContratto.INDETERMINATO and mesi is not None) or (
        tipo in (TipoContratto.DETERMINATO, TipoContratto.SOMMINISTRAZIONE) and mesi is None
    ):
        raise ContrattoNonValido(
            "La durata non corrisponde al tipo di contratto.",
            field="mesi",
            remedy="Indicare i mesi per un contratto a termine, nessuna durata per uno a tempo indeterminato.",
        )


@dataclass(frozen=True, slots=True)
class Candidatura:
    """What a person declared: skills and when they can work."""

    competenze: frozenset[str]
    fasce: frozenset[Fascia]


@dataclass(frozen=True, slots=True)
class Abbinamento:
    """How a person fits a vacancy: what they have of it, what they miss, when they could."""

    punti: int
    presenti: tuple[str, ...]
    mancanti: tuple[str, ...]
    fasce: tuple[Fascia, ...]


def abbina(richieste: Collection[str], fasce: Collection[Fascia], persona: Candidatura) -> Abbinamento | None:
    """How a person fits a vacancy; None when they could never be there at its hours.

    Args:
        richieste: skills the vacancy asks for; `fasce` when it wants somebody (empty: any time).
        persona: what the person declared.

    Returns:
        Points 0 to 100: the share of the skills asked for that the person has; the reasons beside them.
    """
    comuni = [fascia for fascia in Fascia if fascia in fasce and fascia in persona.fasce]
    if fasce and not comuni:
        return None
    presenti = tuple(sorted(set(richieste) & persona.competenze))
    mancanti = tuple(sorted(set(richieste) - persona.competenze))
    punti = 100 * len(presenti) // len(set(richieste)) if richieste else 100
    return Abbinamento(punti, presenti, mancanti, tuple(comuni))


def in_ordine(abbinamenti: Iterable[tuple[T, Abbinamento]]) -> list[tuple[T, Abbinamento]]:
    """Who fits best first; among equals, the order in which they came."""
    return sorted(abbinamenti, key=lambda voce: (-voce[1].punti, len(voce[1].mancanti)))
