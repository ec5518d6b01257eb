"""Conformita: whether a path still keeps what must be kept, apart from the eligibility it started from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Refusal
from services.inclusione.rules.iscrizione import REGOLA_ALTRA_POLITICA, EsitoRegola, Voce
from services.inclusione.rules.misura import RegoleMisura, Risposta


class Conformita(StrEnum):
    """What a path says of the requirements that must be kept."""

    CONFORME = "conforme"
    DA_VERIFICARE = "da_verificare"
    NON_CONFORME = "non_conforme"


class PercorsoNonIniziato(Refusal):
    """Before the first signature there is eligibility only: answers go to the enrolment."""

    title = "Percorso non iniziato"


class RequisitoNonMantenuto(Refusal):
    """The measure does not ask to keep that requirement during the path."""

    status = 422
    title = "Requisito da non verificare in itinere"


class PercorsoNonConforme(Refusal):
    """A path that no longer keeps its requirements takes no more money."""

    title = "Percorso non conforme"


@dataclass(frozen=True, slots=True)
class Verifica:
    """The latest answer during the path to a requirement, and the day it tells of."""

    risposta: Risposta
    giorno: date


@dataclass(frozen=True, slots=True)
class ValutazioneInItinere:
    """What the path says, rule by rule."""

    esito: Conformita
    voci: tuple[Voce, ...]


def valuta_conformita(
    regole: RegoleMisura, verifiche: Mapping[str, Verifica], *, altre_politiche: Sequence[str]
) -> ValutazioneInItinere:
    """Says whether a started path keeps its requirements; what was never checked again stays as at the start.

    Args:
        verifiche: the latest answer of the path by requirement code.
        altre_politiche: codes of the measures in which the person has another living plan.

    Source: issue of inclusione (compliance during the path kept apart from eligibility at the start).
    """
    voci = []
    for requisito in regole.requisiti:
        if not requisito.mantenuto:
            continue
        verifica = verifiche.get(requisito.codice)
        if verifica is None:
            esito, motivo = EsitoRegola.SODDISFATTA, "Come all'inizio: nessuna verifica successiva."
        elif verifica.risposta is Risposta.DA_VERIFICARE:
            esito, motivo = EsitoRegola.DA_VERIFICARE, f"Da verificare dal {verifica.giorno.isoformat()}."
        elif verifica.risposta is requisito.atteso:
            esito, motivo = EsitoRegola.SODDISFATTA, f"Verificato il {verifica.giorno.isoformat()}."
        else:
            esito = EsitoRegola.NON_SODDISFATTA
            motivo = f"Dal {verifica.giorno.isoformat()} la risposta e' {verifica.risposta.value}."
        voci.append(Voce(requisito.codice, requisito.testo, esito, motivo))
    if regole.esclude_altre_politiche:
        voci.append(voce_altra_politica(altre_politiche))
    esiti = {voce.esito for voce in voci}
    if EsitoRegola.NON_SODDISFATTA in esiti:
        return ValutazioneInItinere(Conformita.NON_CONFORME, tuple(voci))
    if EsitoRegola.DA_VERIFICARE in esiti:
        return ValutazioneInItinere(Conformita.DA_VERIFICARE, tuple(voci))
    return ValutazioneInItinere(Conformita.CONFORME, tuple(voci))


def voce_altra_politica(altre_politiche: Sequence[str]) -> Voce:
    """The line of the explanation about other public active policies, as the platform itself knows them."""
    testo = "La persona non e' destinataria di un'altra politica attiva pubblica."
    if altre_politiche:
        return Voce(
            REGOLA_ALTRA_POLITICA,
            testo,
            EsitoRegola.NON_SODDISFATTA,
            f"Risulta un piano aperto in: {', '.join(sorted(set(altre_politiche)))}.",
        )
    return Voce(REGOLA_ALTRA_POLITICA, testo, EsitoRegola.SODDISFATTA, "Nessun altro piano aperto sulla piattaforma.")


def verifica_aumento(conformita: Conformita, *, in_piu_cent: int) -> None:
    """Refuses more money to a path that no longer keeps its requirements; less or the same is fine.

    Args:
        in_piu_cent: what a revision would reserve beyond what the plan holds.

    Raises:
        PercorsoNonConforme: see above.
    """
    if conformita is Conformita.NON_CONFORME and in_piu_cent > 0:
        raise PercorsoNonConforme(
            "Il percorso non rispetta piu' un requisito da mantenere: la dote non puo' aumentare.",
            remedy="Leggere la conformita' dell'iscrizione; correggere la verifica, ridurre o chiudere il piano.",
        )
