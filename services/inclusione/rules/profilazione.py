"""Profilazione: a scoring table of the measure's version gives points, points give a band of intensity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chassis.errors import Refusal


class ProfiloIncompleto(Refusal):
    """The answers do not fill the measure's scoring table exactly."""

    status = 422
    title = "Profilo incompleto"


class ProfilazioneNonPrevista(Refusal):
    """The measure has no scoring table."""

    title = "Profilazione non prevista"


class ProfiloMancante(Refusal):
    """The measure profiles people before their plan, and this person was not."""

    title = "Profilo mancante"


@dataclass(frozen=True, slots=True)
class Opzione:
    """One answer of an item of the table, and its points."""

    codice: str
    testo: str
    punti: int


@dataclass(frozen=True, slots=True)
class VoceProfilo:
    """One item of the table: a question with its possible answers."""

    codice: str
    testo: str
    opzioni: tuple[Opzione, ...]


@dataclass(frozen=True, slots=True)
class Fascia:
    """A band of intensity: from how many points, and the most a path may cost in it (None: as the measure says)."""

    codice: str
    da_punti: int
    massimale_percorso_cent: int | None = None


@dataclass(frozen=True, slots=True)
class TabellaProfilo:
    """The scoring table of one version of a measure: items, and bands by rising points."""

    voci: tuple[VoceProfilo, ...]
    fasce: tuple[Fascia, ...]

    def fascia(self, codice: str) -> Fascia | None:
        """The band of that code, or None."""
        return next((fascia for fascia in self.fasce if fascia.codice == codice), None)


@dataclass(frozen=True, slots=True)
class PuntiVoce:
    """What one item gave: the question, the answer, its points."""

    voce: str
    testo: str
    opzione: str
    risposta: str
    punti: int


@dataclass(frozen=True, slots=True)
class Profilo:
    """The points of a person, the band they give, and why, item by item."""

    punti: int
    fascia: Fascia
    voci: tuple[PuntiVoce, ...]


def difetti_tabella(tabella: TabellaProfilo, *, massimale_percorso_cent: int) -> Sequence[tuple[str, str]]:
    """What contradicts itself in a scoring table: each defect with its remedy, in Italian; empty when it holds.

    Args:
        massimale_percorso_cent: the most a path may cost in the measure, cents.
    """
    difetti: list[tuple[str, str]] = []
    codici = [voce.codice for voce in tabella.voci]
    if len(set(codici)) != len(codici):
        difetti.append(("La tabella dei punteggi ripete una voce.", "Dare a ogni voce un codice diverso."))
    for voce in tabella.voci:
        opzioni = [opzione.codice for opzione in voce.opzioni]
        if len(opzioni) < 2 or len(set(opzioni)) != len(opzioni):
            difetti.append(
                (f"La voce {voce.codice} non offre almeno due risposte diverse.", "Completare le risposte della voce.")
            )
    nomi = [fascia.codice for fascia in tabella.fasce]
    soglie = [fascia.da_punti for fascia in tabella.fasce]
    if len(set(nomi)) != len(nomi) or any(dopo <= prima for prima, dopo in pairwise(soglie)):
        difetti.append(("Le fasce si ripetono o non sono in ordine di punti.", "Ordinare le fasce per punti."))
    if not difetti:
        minimo = sum(min(opzione.punti for opzione in voce.opzioni) for voce in tabella.voci)
        massimo = sum(max(opzione.punti for opzione in voce.opzioni) for voce in tabella.voci)
        if soglie[0] > minimo:
            difetti.append(
                (f"Chi ottiene {minimo} punti non ha una fascia.", f"Far partire la prima fascia da {minimo} o meno.")
            )
        if soglie[-1] > massimo:
            difetti.append(
                (f"Nessuno puo' arrivare ai {soglie[-1]} punti dell'ultima fascia.", "Abbassare le soglie delle fasce.")
            )
    if any((fascia.massimale_percorso_cent or 0) > massimale_percorso_cent for fascia in tabella.fasce):
        difetti.append(
            (
                "Una fascia ammette percorsi piu' costosi della misura.",
                "Abbassare il massimale della fascia o alzare quello della misura.",
            )
        )
    return difetti


def profila(tabella: TabellaProfilo, risposte: Mapping[str, str]) -> Profilo:
    """The band of a person, with the points of every item.

    Args:
        risposte: the code of the chosen answer by code of the item; every item once, no other.

    Raises:
        ProfiloIncompleto: an item is missing or unknown, or its answer is not one of the table's.

    Source: issue of inclusione (a scoring table by version gives the band; the person sees why).
    """
    estranee = sorted(risposte.keys() - {voce.codice for voce in tabella.voci})
    voci: list[PuntiVoce] = []
    mancanti: list[str] = []
    for voce in tabella.voci:
        opzione = next((una for una in voce.opzioni if una.codice == risposte.get(voce.codice)), None)
        if opzione is None:
            mancanti.append(voce.codice)
        else:
            voci.append(PuntiVoce(voce.codice, voce.testo, opzione.codice, opzione.testo, opzione.punti))
    if estranee or mancanti:
        raise ProfiloIncompleto(
            f"La tabella chiede una risposta fra le sue per ogni voce: {', '.join(mancanti + estranee)}.",
            field="risposte",
            remedy="Leggere la tabella nella versione della misura e rispondere a tutte le voci, solo a quelle.",
        )
    punti = sum(voce.punti for voce in voci)
    fascia = next(fascia for fascia in reversed(tabella.fasce) if fascia.da_punti <= punti)
    return Profilo(punti, fascia, tuple(voci))
