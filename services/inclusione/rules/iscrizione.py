"""Iscrizione: requirements answered one by one, and the outcome explained rule by rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Forbidden, Refusal
from services.inclusione.rules.misura import PresaInCarico, RegoleMisura, Risposta

REGOLA_PRESA_IN_CARICO = "presa_in_carico"
REGOLA_ALTRA_POLITICA = "altra_politica"


class Canale(StrEnum):
    """How the enrolment reached the operator."""

    SPORTELLO = "sportello"
    TELEFONO = "telefono"
    WEB = "web"


class Esito(StrEnum):
    """The outcome of an enrolment."""

    IDONEO = "idoneo"
    IN_ACCERTAMENTO = "in_accertamento"
    NON_IDONEO = "non_idoneo"


class EsitoRegola(StrEnum):
    """What one rule says of an enrolment."""

    SODDISFATTA = "soddisfatta"
    NON_SODDISFATTA = "non_soddisfatta"
    DA_VERIFICARE = "da_verificare"


class TipoProva(StrEnum):
    """What the operator saw: the kind of evidence, never its content."""

    AUTOCERTIFICAZIONE = "autocertificazione"
    DOCUMENTO_ESIBITO = "documento_esibito"
    BANCA_DATI = "banca_dati"
    DICHIARAZIONE_OPERATORE = "dichiarazione_operatore"


class RequisitoSconosciuto(Refusal):
    """An answer names a requirement the measure does not have."""

    status = 422
    title = "Requisito sconosciuto"


class RispostaSenzaProva(Refusal):
    """A yes or a no without the evidence it rests on."""

    status = 422
    title = "Risposta senza prova"


class PersonaGiaIscritta(Refusal):
    """One person, one enrolment to a measure in a project."""

    title = "Persona gia' iscritta"


class IscrizioneNonIdonea(Refusal):
    """A plan needs a suitable enrolment."""

    title = "Iscrizione non idonea"


class OperatoreNonPartner(Forbidden):
    """Only the accredited operators of the partnership enrol people in its project."""

    title = "Operatore fuori dal partenariato"


class MisuraDiAltroEnte(Forbidden):
    """A Comune edits only the measures it entered."""

    title = "Misura di un altro ente"


class MisuraDiAltroBando(Refusal):
    """The measure is of another call than the project's."""

    title = "Misura di un altro bando"


class PersonaCancellata(Refusal):
    """The person asked to be erased: nothing new is recorded about them."""

    title = "Persona cancellata"


@dataclass(frozen=True, slots=True)
class Voce:
    """One line of the explanation: the rule, what it asks, what it says here and why."""

    regola: str
    testo: str
    esito: EsitoRegola
    motivo: str


@dataclass(frozen=True, slots=True)
class Valutazione:
    """The outcome of an enrolment with its explanation, in the order of the call's rules."""

    esito: Esito
    voci: tuple[Voce, ...]


def verifica_risposte(regole: RegoleMisura, risposte: Mapping[str, tuple[Risposta, bool]]) -> None:
    """Refuses answers that cannot be used.

    Args:
        risposte: for each requirement's code, the answer and whether evidence comes with it.

    Raises:
        RequisitoSconosciuto: the measure has no such requirement.
        RispostaSenzaProva: a si or a no without evidence.

    Source: DOMAIN part inclusione ("each requirement answered si / no / da_verificare with its evidence").
    """
    noti = {requisito.codice for requisito in regole.requisiti}
    for codice, (risposta, con_prova) in risposte.items():
        if codice not in noti:
            raise RequisitoSconosciuto(
                f"La misura non ha il requisito {codice}.",
                field="risposte",
                remedy="Usare i codici dei requisiti della misura.",
            )
        if risposta is not Risposta.DA_VERIFICARE and not con_prova:
            raise RispostaSenzaProva(
                f"La risposta al requisito {codice} non dice su quale prova si fonda.",
                field="risposte",
                remedy="Indicare la prova, oppure rispondere da_verificare.",
            )


def valuta_iscrizione(
    regole: RegoleMisura,
    risposte: Mapping[str, Risposta],
    *,
    preso_in_carico: bool,
    altra_politica: Voce | None = None,
) -> Valutazione:
    """Says whether an enrolment is suitable, rule by rule.

    One requirement contradicted makes it `non_idoneo`; otherwise anything still unknown (an answer missing or to be
    checked, a taking-on that has not arrived) keeps it `in_accertamento`; otherwise it is `idoneo`.

    Args:
        risposte: the latest answer by requirement code; a missing one counts as to be checked.
        preso_in_carico: whether the taking-on the measure asks for is known.
        altra_politica: what is known of other public policies, when the measure excludes them.

    Returns:
        The outcome and one line for each rule, in the measure's order, other policies and the taking-on last.

    Source: DOMAIN part inclusione (Iscrizione); IRS2021 tav. 4.2 (30 idonei, 9 in accertamento, 24 non idonei).
    """
    voci = []
    for requisito in regole.requisiti:
        risposta = risposte.get(requisito.codice, Risposta.DA_VERIFICARE)
        if risposta is Risposta.DA_VERIFICARE:
            esito, motivo = EsitoRegola.DA_VERIFICARE, "La risposta manca o e' ancora da verificare."
        elif risposta is requisito.atteso:
            esito, motivo = EsitoRegola.SODDISFATTA, f"Risposta {risposta.value}, come la misura richiede."
        else:
            esito = EsitoRegola.NON_SODDISFATTA
            motivo = f"Risposta {risposta.value}: la misura richiede {requisito.atteso.value}."
        voci.append(Voce(requisito.codice, requisito.testo, esito, motivo))
    if altra_politica is not None:
        voci.append(altra_politica)
    if regole.presa_in_carico is not PresaInCarico.NON_RICHIESTA:
        voci.append(_voce_presa_in_carico(regole.presa_in_carico, preso_in_carico=preso_in_carico))
    return Valutazione(_esito({voce.esito for voce in voci}), tuple(voci))


def _voce_presa_in_carico(richiesta: PresaInCarico, *, preso_in_carico: bool) -> Voce:
    quale = "il laboratorio del progetto" if richiesta is PresaInCarico.DEL_PROGETTO else "un laboratorio sociale"
    testo = f"Presa in carico della persona: la da' {quale}."
    if preso_in_carico:
        return Voce(REGOLA_PRESA_IN_CARICO, testo, EsitoRegola.SODDISFATTA, "La presa in carico risulta.")
    return Voce(
        REGOLA_PRESA_IN_CARICO,
        testo,
        EsitoRegola.DA_VERIFICARE,
        "La presa in carico non e' ancora arrivata: l'iscrizione si rivaluta da se' quando arriva.",
    )


def _esito(esiti: set[EsitoRegola]) -> Esito:
    if EsitoRegola.NON_SODDISFATTA in esiti:
        return Esito.NON_IDONEO
    if EsitoRegola.DA_VERIFICARE in esiti:
        return Esito.IN_ACCERTAMENTO
    return Esito.IDONEO


def verifica_idoneita(esito: Esito) -> None:
    """Refuses a plan, or its signature, for an enrolment that is not suitable now.

    Raises:
        IscrizioneNonIdonea: the outcome is not `idoneo`.
    """
    if esito is not Esito.IDONEO:
        raise IscrizioneNonIdonea(
            f"L'iscrizione risulta {esito.value}: un piano chiede un'iscrizione idonea.",
            remedy="Leggere la spiegazione della valutazione e completare le risposte o la presa in carico.",
        )
