"""The request to complete a formally defective application, its term and its answer (soccorso istruttorio)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from chassis.italian import ROMA
from services.bandi.rules.bando import Difetto, Regole, dopo_il_termine, ora_di_roma
from services.bandi.rules.domanda import Contenuto, StatoDomanda


class TipoRichiesta(StrEnum):
    """What is asked: a document of the call's list, a field left empty, a clarification."""

    DOCUMENTO = "documento"
    CAMPO = "campo"
    CHIARIMENTO = "chiarimento"


class StatoSoccorso(StrEnum):
    """Life of a request; `superato`: the application went away, or was replaced, before the answer."""

    APERTO = "aperto"
    RISPOSTO = "risposto"
    SCADUTO = "scaduto"
    SUPERATO = "superato"


CAMPI_INTEGRABILI = frozenset({"comune", "quartiere"})
"""What may be completed afterwards; money, partnership and duration are the substance of an application."""


@dataclass(frozen=True, slots=True)
class Richiesta:
    """One thing that is asked; ``oggetto`` is the code of a document or the name of a field."""

    tipo: TipoRichiesta
    oggetto: str | None
    testo: str


class SoccorsoNonPossibile(Conflict):
    """The office asks to complete an application that waits for its decision, once at a time."""

    title = "Integrazione non richiedibile"


class RichiestaNonValida(Invalid):
    """What is asked completes the application and does not change it."""

    title = "Richiesta di integrazione non valida"


class SoccorsoNonAperto(Conflict):
    """Nothing is being asked of the application."""

    title = "Nessuna integrazione richiesta"


class SoccorsoScaduto(Conflict):
    """The term for the answer is over: its whole last second is inside."""

    title = "Termine per l'integrazione scaduto"


class RispostaIncompleta(Invalid):
    """The answer gives everything that was asked, and nothing else."""

    title = "Risposta incompleta"


def termine_del_soccorso(chiesto_il: datetime, giorni: int) -> datetime:
    """Return the last second for an answer: the end of the last day, in Rome.

    Args:
        chiesto_il: when the request was made, UTC.
        giorni: the day of the request does not count.
    """
    last = chiesto_il.astimezone(ROMA).date() + timedelta(days=giorni)
    return datetime.combine(last, time(23, 59, 59), tzinfo=ROMA)


def controlla_richiesta(
    stato: StatoDomanda, regole: Regole, contenuto: Contenuto, richieste: Sequence[Richiesta], giorni: int
) -> None:
    """Refuse a request out of place, longer than the call allows or that would change what was presented.

    Args:
        stato: state of the application.
        regole: rules of the call.
        contenuto: what was presented, completed by what came afterwards.
        richieste: what is asked.
        giorni: the term, in days.

    Raises:
        SoccorsoNonPossibile: it does not wait for a decision, or is being completed already.
        RichiestaNonValida: with every defect.

    Source: DOMAIN "Soccorso istruttorio"; law 241/1990, art. 6; ADR 0059.
    """
    if stato is not StatoDomanda.PRESENTATA:
        raise SoccorsoNonPossibile(
            f"La domanda e' {stato}: si chiede di integrare una domanda presentata, prima della decisione.",
            remedy="Attendere la risposta alla richiesta in corso, o consultare la decisione.",
        )
    found = list(_request_defects(regole, contenuto, richieste, giorni))
    if found:
        raise RichiestaNonValida(
            found[0].messaggio,
            field=found[0].campo,
            remedy="Chiedere documenti dell'elenco del bando, campi rimasti vuoti o chiarimenti, una volta ciascuno.",
            items=[difetto.item() for difetto in found],
        )


def _request_defects(
    regole: Regole, contenuto: Contenuto, richieste: Sequence[Richiesta], giorni: int
) -> Iterator[Difetto]:
    if giorni > regole.soccorso_giorni:
        yield Difetto("giorni", "termine", f"Il bando da' al piu' {regole.soccorso_giorni} giorni.")
    codes = {documento.codice for documento in regole.documenti}
    for n, item in enumerate(richieste):
        campo = f"richieste.{n}.oggetto"
        if (item.tipo is TipoRichiesta.CHIARIMENTO) != (item.oggetto is None):
            yield Difetto(campo, "richieste", "Un chiarimento non ha oggetto; un documento o un campo si'.")
        elif item.tipo is TipoRichiesta.DOCUMENTO and item.oggetto not in codes:
            yield Difetto(campo, "richieste", f"Il bando non ha il documento {item.oggetto}.")
        elif item.tipo is TipoRichiesta.CAMPO and item.oggetto not in CAMPI_INTEGRABILI:
            allowed = ", ".join(sorted(CAMPI_INTEGRABILI))
            yield Difetto(campo, "richieste", f"Il campo {item.oggetto} non si integra: si integrano {allowed}.")
        elif item.tipo is TipoRichiesta.CAMPO and getattr(contenuto, item.oggetto or "", None) is not None:
            yield Difetto(campo, "richieste", f"Il campo {item.oggetto} c'e' gia': si completa, non si cambia.")
    for (tipo, oggetto), times in Counter((item.tipo, item.oggetto) for item in richieste).items():
        if times > 1 and oggetto is not None:
            yield Difetto("richieste", "richieste", f"{tipo.capitalize()} {oggetto} chiesto {times} volte.")


def controlla_arrivo(stato: StatoDomanda, scade_il: datetime | None, arrivata_il: datetime) -> None:
    """Refuse an answer to nothing, or that arrives after the last second of its term.

    Args:
        stato: state of the application.
        scade_il: last second for the answer; None when nothing is asked.
        arrivata_il: when the answer arrived.

    Raises:
        SoccorsoNonAperto, SoccorsoScaduto.
    """
    if stato is not StatoDomanda.IN_INTEGRAZIONE or scade_il is None:
        raise SoccorsoNonAperto(
            f"La domanda e' {stato}: nessuna integrazione le e' stata chiesta, o e' gia' chiusa.",
            remedy="Consultare le richieste di integrazione della domanda.",
        )
    if arrivata_il >= dopo_il_termine(scade_il):
        raise SoccorsoScaduto(
            f"Il termine per integrare e' scaduto il {ora_di_roma(scade_il)}; la risposta e' arrivata il "
            f"{ora_di_roma(arrivata_il)}.",
            remedy="L'ufficio decide su cio' che e' stato presentato nei termini.",
        )


def controlla_risposta(
    richieste: Sequence[Richiesta],
    documenti: Collection[str | None],
    campi: Mapping[str, str],
    chiarimenti: Sequence[str],
) -> None:
    """Refuse an answer that leaves something out, or gives what nobody asked.

    Args:
        richieste: what was asked.
        documenti: code in the call's list of each document uploaded since.
        campi: the fields given.
        chiarimenti: the clarifications given, in the order they were asked.

    Raises:
        RispostaIncompleta: with every defect.
    """
    found = list(_answer_defects(richieste, documenti, campi, chiarimenti))
    if found:
        raise RispostaIncompleta(
            f"La risposta ha {len(found)} difetti: {found[0].messaggio}",
            field=found[0].campo,
            remedy="Dare tutto cio' che e' stato chiesto, e solo quello; fino al termine la risposta si puo' ripetere.",
            items=[difetto.item() for difetto in found],
        )


def _answer_defects(
    richieste: Sequence[Richiesta],
    documenti: Collection[str | None],
    campi: Mapping[str, str],
    chiarimenti: Sequence[str],
) -> Iterator[Difetto]:
    asked = {tipo: [item.oggetto for item in richieste if item.tipo is tipo] for tipo in TipoRichiesta}
    for codice in asked[TipoRichiesta.DOCUMENTO]:
        if codice not in documenti:
            yield Difetto(f"documenti.{codice}", "documenti", f"Manca il documento {codice}.")
    for codice in sorted({item or "altro" for item in documenti} - {str(c) for c in asked[TipoRichiesta.DOCUMENTO]}):
        yield Difetto(f"documenti.{codice}", "documenti", f"Il documento {codice} non e' stato chiesto: toglierlo.")
    for campo in asked[TipoRichiesta.CAMPO]:
        if campo not in campi:
            yield Difetto(f"campi.{campo}", "campi", f"Manca il campo {campo}.")
    for campo in sorted(campi.keys() - {str(c) for c in asked[TipoRichiesta.CAMPO]}):
        yield Difetto(f"campi.{campo}", "campi", f"Il campo {campo} non e' stato chiesto.")
    wanted = len(asked[TipoRichiesta.CHIARIMENTO])
    if len(chiarimenti) != wanted:
        yield Difetto("chiarimenti", "chiarimenti", f"I chiarimenti chiesti sono {wanted}: sono {len(chiarimenti)}.")


def contenuto_integrato(contenuto: Contenuto, risposte: Sequence[Mapping[str, str]]) -> Contenuto:
    """Return what was presented, with the fields that answers have completed; what was there stays."""
    for campi in risposte:
        contenuto = replace(
            contenuto,
            comune=contenuto.comune if contenuto.comune is not None else campi.get("comune"),
            quartiere=contenuto.quartiere if contenuto.quartiere is not None else campi.get("quartiere"),
        )
    return contenuto
