"""Why this rank, why not funded, why not admitted: a row of a ranking told rule by rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chassis.money import format_cents
from services.bandi.rules.bando import Regole, TipoSpareggio
from services.bandi.rules.righe import Cambiamento, Esito, Riga


@dataclass(frozen=True, slots=True)
class Passo:
    """One step of an explanation: the rule of the call and what it gave, in Italian."""

    regola: str
    testo: str


_CHANGES = {
    Cambiamento.PRIMA_VERSIONE: "La domanda compare per la prima volta in questa versione.",
    Cambiamento.INVARIATA: "Questa versione non cambia nulla per la domanda.",
    Cambiamento.FINANZIATA_PER_SCORRIMENTO: "Lo scorrimento la finanzia con fondi che prima non c'erano.",
    Cambiamento.IMPORTO_AUMENTATO: "Lo scorrimento completa il contributo dato prima in parte.",
    Cambiamento.IMPORTO_RIDOTTO: "Il contributo e' ridotto: cio' che il progetto non ha speso e' tornato al bando.",
    Cambiamento.USCITA: "La domanda esce dai finanziati o dalla graduatoria.",
    Cambiamento.POSIZIONE: "Cambia solo la posizione, perche' altre domande sono uscite.",
}

_TIES = {
    TipoSpareggio.CONTRIBUTO_MINORE.value: "precede chi chiede il contributo minore",
    TipoSpareggio.COFINANZIAMENTO_MAGGIORE.value: "precede chi mette il cofinanziamento maggiore",
    TipoSpareggio.PARTNER_PIU_NUMEROSI.value: "precede il partenariato piu' numeroso",
    TipoSpareggio.PROTOCOLLO.value: "precede chi ha il protocollo piu' basso",
}

_COUNTS = {TipoSpareggio.PARTNER_PIU_NUMEROSI.value, TipoSpareggio.PROTOCOLLO.value}


def spiega_riga(riga: Riga, regole: Regole, *, a_pari_punti: int) -> tuple[Passo, ...]:
    """Tell why a row stands where it stands and ends as it ends.

    Args:
        riga: a row of an approved ranking.
        regole: the version of the call's rules it was computed with.
        a_pari_punti: how many other rows have the same total.

    Returns:
        The steps in the order in which the call's rules apply.
    """
    return tuple(_steps(riga, regole, a_pari_punti))


def spiega_cause(riga: Riga, cause: Iterable[tuple[str, str | None]]) -> list[Passo]:
    """Tell where the money of a scorrimento comes from, to the rows it has changed.

    Args:
        riga: a row of the version.
        cause: kind and act of everything that happened since the version before.
    """
    if riga.cambiamento in {Cambiamento.PRIMA_VERSIONE, Cambiamento.INVARIATA}:
        return []
    said = dict.fromkeys(f"{tipo} ({atto})" if atto else tipo for tipo, atto in cause)
    return [Passo("scorrimento", "Dalla versione precedente: " + "; ".join(said) + ".")] if said else []


def spiega_schede(punteggi: Iterable[tuple[int, str, int, str | None]]) -> list[Passo]:
    """Tell an applicant what each sheet says of its application; sheets are numbered, commissioners not named.

    Args:
        punteggi: number of the sheet, criterion, hundredths of a point and reason, if one was written.
    """
    return [
        Passo(
            f"scheda.{numero}.{criterio}",
            f"Scheda {numero}, criterio {criterio}: {format_cents(punti)} punti" + (f": {why}" if why else "."),
        )
        for numero, criterio, punti, why in sorted(punteggi, key=lambda item: item[:2])
    ]


def _steps(riga: Riga, regole: Regole, ties: int) -> Iterator[Passo]:
    if riga.esito is Esito.NON_AMMISSIBILE:
        yield Passo("ammissibilita", riga.spiegazione)
        return
    yield Passo("ammissibilita", "La domanda e' stata ammessa alla valutazione.")
    titles = {criterio.codice: criterio.titolo for criterio in regole.valutazione.criteri}
    for codice, punti in riga.punteggi:
        yield Passo(f"criterio.{codice}", f"{titles.get(codice, codice)}: {format_cents(punti)} punti.")
    if riga.premialita_cent:
        yield Passo("premialita", f"Punti di premialita': {format_cents(riga.premialita_cent)}.")
    if riga.totale_cent is not None:
        soglia = format_cents(regole.valutazione.soglia_cent)
        yield Passo("totale", f"Totale {format_cents(riga.totale_cent)} punti; la soglia del bando e' {soglia}.")
    if riga.posizione is not None:
        yield Passo("posizione", f"Posizione {riga.posizione} in ordine di punteggio.")
        if ties:
            yield from _tie_steps(riga, ties)
    yield Passo(f"taglio.{regole.taglio}" if riga.posizione is not None else "esito", riga.spiegazione)
    for linea, importo in riga.ammesso:
        yield Passo(f"linea.{linea}", f"Contributo assegnato sulla linea {linea}: {format_cents(importo)} euro.")
    yield Passo("versione", _CHANGES[riga.cambiamento])


def _tie_steps(riga: Riga, ties: int) -> Iterator[Passo]:
    yield Passo("spareggi", f"Altre {ties} domande hanno lo stesso totale: decidono gli spareggi, nell'ordine.")
    for name, value in riga.spareggi:
        text = _TIES.get(name, "precede chi ha piu' punti in quel criterio")
        shown = str(value) if name in _COUNTS else format_cents(value)
        yield Passo(f"spareggio.{name}", f"{text}; valore di questa domanda: {shown}.".capitalize())
