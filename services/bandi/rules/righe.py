"""The values of a ranking: what goes in, what a row says, and the bytes that are stored and published."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.errors import Conflict, Invalid, NotFound


class Esito(StrEnum):
    """Outcome of a row of a ranking."""

    FINANZIATA = "finanziata"
    IDONEA_NON_FINANZIATA = "idonea_non_finanziata"
    NON_IDONEA = "non_idonea"
    NON_AMMISSIBILE = "non_ammissibile"
    RITIRATA = "ritirata"
    RINUNCIATA = "rinunciata"
    REVOCATA = "revocata"


class Motivo(StrEnum):
    """Reason of an outcome; the row says it in words too."""

    ENTRO_LA_DOTAZIONE = "entro_la_dotazione"
    GIA_FINANZIATA = "gia_finanziata"
    FINANZIATA_IN_PARTE = "finanziata_in_parte"
    FONDI_INSUFFICIENTI = "fondi_insufficienti"
    DOPO_IL_TAGLIO = "dopo_il_taglio"
    SOTTO_SOGLIA = "sotto_soglia"
    SOTTO_SOGLIA_DEL_CRITERIO = "sotto_soglia_del_criterio"
    NON_AMMESSA = "non_ammessa"
    USCITA = "uscita"


class Cambiamento(StrEnum):
    """What a version changes of a row, against the previous version."""

    PRIMA_VERSIONE = "prima_versione"
    INVARIATA = "invariata"
    FINANZIATA_PER_SCORRIMENTO = "finanziata_per_scorrimento"
    IMPORTO_AUMENTATO = "importo_aumentato"
    IMPORTO_RIDOTTO = "importo_ridotto"
    USCITA = "uscita"
    POSIZIONE = "posizione"


class TipoCausa(StrEnum):
    """Why a ranking has a further version."""

    INTEGRAZIONE = "integrazione"
    RINUNCIA = "rinuncia"
    REVOCA = "revoca"
    ECONOMIA = "economia"
    RECUPERO = "recupero"
    RITIRO = "ritiro"


@dataclass(frozen=True, slots=True)
class Causa:
    """One thing that happened since the version before: its act, the project or application, the cents it freed."""

    tipo: TipoCausa
    atto: str | None
    chi: str | None
    importo_cent: int

    def come_valori(self) -> dict[str, Any]:
        """Return the cause as plain values, as it is stored."""
        return {"tipo": self.tipo.value, "atto": self.atto, "chi": self.chi, "importo_cent": self.importo_cent}


class Uscita(StrEnum):
    """How an application leaves a ranking it was part of."""

    RITIRATA = "ritirata"
    RINUNCIATA = "rinunciata"
    REVOCATA = "revocata"


@dataclass(frozen=True, slots=True)
class Candidata:
    """One application, as the ranking sees it; amounts in cents by line, scores in hundredths by criterion.

    ``voti`` holds the scores of each commissioner; ``gia_ammesso`` what it holds of what
    an earlier version gave, empty if nothing was given;
    ``integrabile`` says whether a grant given in part may still grow.
    """

    domanda_id: str
    protocollo: int
    capofila: str
    titolo: str
    ammissibile: bool
    motivi: tuple[str, ...] = ()
    voti: tuple[tuple[str, tuple[int, ...]], ...] = ()
    premialita: tuple[str, ...] = ()
    richiesto: tuple[tuple[str, int], ...] = ()
    costo_cent: int = 0
    membri: int = 1
    gia_ammesso: tuple[tuple[str, int], ...] = ()
    integrabile: bool = True
    uscita: Uscita | None = None

    @property
    def richiesto_cent(self) -> int:
        """Return the contribution asked on all lines together."""
        return sum(importo for _, importo in self.richiesto)


@dataclass(frozen=True, slots=True)
class RigaPrecedente:
    """What the previous version said of an application."""

    posizione: int | None
    esito: Esito
    ammesso_cent: int


@dataclass(frozen=True, slots=True)
class Riga:
    """One row of a ranking: position, scores, tie-break values, money by line, outcome and its reason."""

    posizione: int | None
    domanda_id: str
    protocollo: int
    capofila: str
    titolo: str
    totale_cent: int | None
    punteggi: tuple[tuple[str, int], ...]
    premialita_cent: int
    spareggi: tuple[tuple[str, int], ...]
    esito: Esito
    motivo: Motivo
    spiegazione: str
    richiesto: tuple[tuple[str, int], ...]
    ammesso: tuple[tuple[str, int], ...]
    residuo: tuple[tuple[str, int], ...]
    cambiamento: Cambiamento

    @property
    def ammesso_cent(self) -> int:
        """Return the contribution given on all lines together."""
        return sum(importo for _, importo in self.ammesso)


@dataclass(frozen=True, slots=True)
class Graduatoria:
    """A computed ranking: its rows, in order, and the money it adds on each line."""

    righe: tuple[Riga, ...]
    assegnato: tuple[tuple[str, int], ...]

    @property
    def finanziate(self) -> int:
        """Return how many rows are funded."""
        return sum(riga.esito is Esito.FINANZIATA for riga in self.righe)

    @property
    def finanziato_cent(self) -> int:
        """Return the money of the funded rows, in cents."""
        return sum(riga.ammesso_cent for riga in self.righe if riga.esito is Esito.FINANZIATA)


class GraduatoriaSconosciuta(NotFound):
    """The call has no ranking with that number."""

    title = "Graduatoria inesistente"


class BandoSenzaGraduatoria(Conflict):
    """The mode of the call gives no ranking."""

    title = "Il bando non ha graduatoria"


class BandoAncoraAperto(Conflict):
    """A ranking is approved after the term for applying."""

    title = "Bando ancora aperto"


class IstruttoriaIncompleta(Conflict):
    """Some presented applications have no decision on their admissibility."""

    title = "Istruttoria incompleta"


class ValutazioneIncompleta(Conflict):
    """Some admissible applications have no signed score sheet."""

    title = "Valutazione incompleta"


class NessunaDomanda(Conflict):
    """There is nothing to rank."""

    title = "Nessuna domanda"


class GraduatoriaInvariata(Conflict):
    """A further version would say what the last one says."""

    title = "Graduatoria invariata"


class FinestraPrecedenteDaGraduare(Conflict):
    """Windows are ranked in their order: who arrived first does not find its money given to who came later."""

    title = "Finestra precedente ancora da graduare"


class FinestraNonValida(Invalid):
    """A call by windows ranks one of its windows at a time, the other calls none."""

    title = "Finestra non valida"


@dataclass(frozen=True, slots=True)
class Ingresso:
    """Everything a ranking is computed from, beside the call's version: kept, so that it can be computed again."""

    candidate: tuple[Candidata, ...]
    disponibile: tuple[tuple[str, int], ...]
    precedenti: tuple[tuple[int, RigaPrecedente], ...] | None


def ingresso_come_valori(ingresso: Ingresso) -> dict[str, Any]:
    """Return the inputs of a ranking as plain values."""
    before = ingresso.precedenti
    return {
        "candidate": [_candidata_come_valori(candidata) for candidata in ingresso.candidate],
        "disponibile": dict(ingresso.disponibile),
        "precedenti": None if before is None else [[n, r.posizione, r.esito.value, r.ammesso_cent] for n, r in before],
    }


def ingresso_da_valori(values: dict[str, Any]) -> Ingresso:
    """Read the inputs of a ranking from the plain values they were kept as."""
    before = values["precedenti"]
    return Ingresso(
        candidate=tuple(_candidata_da_valori(item) for item in values["candidate"]),
        disponibile=_pairs(values["disponibile"]),
        precedenti=None
        if before is None
        else tuple((n, RigaPrecedente(posizione, Esito(esito), cent)) for n, posizione, esito, cent in before),
    )


def _candidata_come_valori(candidata: Candidata) -> dict[str, Any]:
    return {
        "domanda_id": candidata.domanda_id,
        "protocollo": candidata.protocollo,
        "capofila": candidata.capofila,
        "titolo": candidata.titolo,
        "ammissibile": candidata.ammissibile,
        "motivi": list(candidata.motivi),
        "voti": {codice: list(voti) for codice, voti in candidata.voti},
        "premialita": list(candidata.premialita),
        "richiesto": dict(candidata.richiesto),
        "costo_cent": candidata.costo_cent,
        "membri": candidata.membri,
        "gia_ammesso": dict(candidata.gia_ammesso),
        "integrabile": candidata.integrabile,
        "uscita": candidata.uscita.value if candidata.uscita else None,
    }


def _candidata_da_valori(values: dict[str, Any]) -> Candidata:
    return Candidata(
        domanda_id=values["domanda_id"],
        protocollo=values["protocollo"],
        capofila=values["capofila"],
        titolo=values["titolo"],
        ammissibile=values["ammissibile"],
        motivi=tuple(values["motivi"]),
        voti=tuple(sorted((codice, tuple(voti)) for codice, voti in values["voti"].items())),
        premialita=tuple(values["premialita"]),
        richiesto=_pairs(values["richiesto"]),
        costo_cent=values["costo_cent"],
        membri=values["membri"],
        gia_ammesso=_pairs(values["gia_ammesso"]),
        integrabile=values["integrabile"],
        uscita=Uscita(values["uscita"]) if values["uscita"] else None,
    )


def _pairs(values: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(values.items()))


def documento(graduatoria: Graduatoria, righe: Sequence[str] | None = None) -> bytes:
    """Write a ranking as canonical JSON: the same ranking gives the same bytes, on any machine.

    Args:
        graduatoria: the ranking.
        righe: the canonical text of its rows, when it has been written already.
    """
    rows = [testo_riga(riga) for riga in graduatoria.righe] if righe is None else righe
    return f'{{"assegnato":{_canonical(dict(graduatoria.assegnato))},"righe":[{",".join(rows)}]}}'.encode()


def testo_riga(riga: Riga) -> str:
    """Write a row as canonical JSON: its part of the document."""
    return _canonical(riga_come_valori(riga))


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def impronta(content: bytes) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def riga_come_valori(riga: Riga) -> dict[str, Any]:
    """Return a row as plain values: what is stored, published and hashed."""
    return {
        "posizione": riga.posizione,
        "domanda_id": riga.domanda_id,
        "protocollo": riga.protocollo,
        "capofila": riga.capofila,
        "titolo": riga.titolo,
        "totale_cent": riga.totale_cent,
        "punteggi": dict(riga.punteggi),
        "premialita_cent": riga.premialita_cent,
        "spareggi": [[name, value] for name, value in riga.spareggi],
        "esito": riga.esito.value,
        "motivo": riga.motivo.value,
        "spiegazione": riga.spiegazione,
        "richiesto": dict(riga.richiesto),
        "ammesso": dict(riga.ammesso),
        "residuo": dict(riga.residuo),
        "cambiamento": riga.cambiamento.value,
    }


def riga_da_valori(values: dict[str, Any]) -> Riga:
    """Read a row from the plain values it was stored as."""
    return Riga(
        posizione=values["posizione"],
        domanda_id=values["domanda_id"],
        protocollo=values["protocollo"],
        capofila=values["capofila"],
        titolo=values["titolo"],
        totale_cent=values["totale_cent"],
        punteggi=_pairs(values["punteggi"]),
        premialita_cent=values["premialita_cent"],
        spareggi=tuple((name, value) for name, value in values["spareggi"]),
        esito=Esito(values["esito"]),
        motivo=Motivo(values["motivo"]),
        spiegazione=values["spiegazione"],
        richiesto=_pairs(values["richiesto"]),
        ammesso=_pairs(values["ammesso"]),
        residuo=_pairs(values["residuo"]),
        cambiamento=Cambiamento(values["cambiamento"]),
    )
