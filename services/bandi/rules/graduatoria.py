"""Who is funded, and why: the ranking as a pure function of rules, applications, scores and money.

The same inputs give the same bytes: integers only, no clock, no order of arrival of the inputs. A later version starts
from what the earlier one gave and never takes it away; only a project that has left its own economy shows less.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chassis.money import format_cents
from services.bandi.rules.bando import (
    CENTO_PER_CENTO_BP,
    MetodoPunteggio,
    Taglio,
    TipoSpareggio,
    Valutazione,
)
from services.bandi.rules.righe import (
    Cambiamento,
    Candidata,
    Esito,
    Graduatoria,
    Motivo,
    Riga,
    RigaPrecedente,
)


def punteggio_medio(voti: Sequence[int]) -> int:
    """Average the scores of the commissioners on one criterion, half a hundredth up.

    Args:
        voti: hundredths of a point, one for each commissioner, at least one.
    """
    return _half_up(sum(voti), len(voti))


def punteggio_pesato(punti_cent: int, *, scala_cent: int, peso_bp: int | None, massimo_cent: int) -> int:
    """Bring a score to the total: as it is, or its share of the call's maximum by weight, half a hundredth up.

    Args:
        punti_cent: score in hundredths, 0 to ``scala_cent``.
        scala_cent: maximum of the criterion's own scale.
        peso_bp: weight in basis points, None in calls without weights.
        massimo_cent: maximum total of the call.
    """
    if peso_bp is None:
        return punti_cent
    if scala_cent == 0:
        return 0
    return _half_up(punti_cent * peso_bp * massimo_cent, scala_cent * CENTO_PER_CENTO_BP)


def calcola_graduatoria(
    valutazione: Valutazione,
    taglio: Taglio,
    candidate: Iterable[Candidata],
    disponibile: Mapping[str, int],
    precedenti: Mapping[int, RigaPrecedente] | None = None,
) -> Graduatoria:
    """Rank the applications and fund them in order with the money that is free.

    Args:
        valutazione: criteria, threshold, bonuses and tie-breakers of the call's version.
        taglio: what happens at the first row that does not fit.
        candidate: the applications, in any order.
        disponibile: cents not assigned yet, by line; what earlier versions gave is already out of it.
        precedenti: rows of the previous version by protocol number, None for the first version.

    Returns:
        The ranking; the money it adds never exceeds ``disponibile`` on any line, and no earlier grant
        shrinks below what its project holds.

    Source: DOMAIN "bandi", Graduatoria; AVVISO2017 (cut policy stop, scorrimento of November 2018).
    """
    scored = sorted((_score(valutazione, candidata) for candidata in candidate), key=lambda item: item.order)
    money = _Money(dict(disponibile), taglio)
    rows: list[Riga] = []
    position = 0
    for item in scored:
        if item.outcome is None:
            position += 1
            rows.append(_ranked_row(item, position, money, precedenti))
        else:
            rows.append(_row(item, None, item.outcome, (), money, precedenti))
    return Graduatoria(tuple(rows), tuple(sorted(money.given.items())))


@dataclass(frozen=True, slots=True)
class _Scored:
    candidata: Candidata
    totale_cent: int | None
    punteggi: tuple[tuple[str, int], ...]
    premialita_cent: int
    spareggi: tuple[tuple[str, int], ...]
    outcome: tuple[Esito, Motivo, str] | None
    order: tuple[int, ...]


@dataclass(slots=True)
class _Money:
    left: dict[str, int]
    taglio: Taglio
    given: dict[str, int]
    cut: int | None

    def __init__(self, left: dict[str, int], taglio: Taglio) -> None:
        self.left = left
        self.taglio = taglio
        self.given = dict.fromkeys(left, 0)
        self.cut = None

    def residuo(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(self.left.items()))

    def missing(self, wanted: Mapping[str, int]) -> list[str]:
        return [linea for linea in sorted(wanted) if wanted[linea] > self.left.get(linea, 0)]

    def take(self, wanted: Mapping[str, int]) -> None:
        for linea, importo in wanted.items():
            self.left[linea] -= importo
            self.given[linea] += importo

    def part_of(self, wanted: Mapping[str, int]) -> dict[str, int]:
        return {linea: min(importo, self.left.get(linea, 0)) for linea, importo in wanted.items()}


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _score(valutazione: Valutazione, candidata: Candidata) -> _Scored:
    voti = dict(candidata.voti)
    scales = {criterio.codice: criterio for criterio in valutazione.criteri}
    together = sum if valutazione.metodo is MetodoPunteggio.SOMMA else punteggio_medio
    raw = {code: together(voti[code]) for code in scales if voti.get(code)}
    punteggi = tuple(
        (
            code,
            punteggio_pesato(
                punti,
                scala_cent=valutazione.scala_cent(scales[code]),
                peso_bp=scales[code].peso_bp,
                massimo_cent=valutazione.punteggio_massimo_cent,
            ),
        )
        for code, punti in raw.items()
    )
    bonuses = {bonus.codice: bonus.punti_cent for bonus in valutazione.premialita}
    premialita_cent = sum(bonuses.get(code, 0) for code in candidata.premialita)
    base_cent = sum(punti for _, punti in punteggi)
    outcome = _outcome(valutazione, candidata, raw, base_cent)
    spareggi = _tie_breaks(valutazione, candidata, dict(punteggi))
    totale_cent = base_cent + premialita_cent if candidata.ammissibile else None
    order = (_group(outcome), -(totale_cent or 0), *(_ascending(name, value) for name, value in spareggi))
    return _Scored(candidata, totale_cent, punteggi, premialita_cent, spareggi, outcome, order)


def _outcome(
    valutazione: Valutazione, candidata: Candidata, raw: Mapping[str, int], base_cent: int
) -> tuple[Esito, Motivo, str] | None:
    """Say how an application ends without money, or None when it takes a place in the ranking."""
    if candidata.uscita is not None:
        return (
            Esito(candidata.uscita.value),
            Motivo.USCITA,
            f"La domanda e' uscita dalla graduatoria: {candidata.uscita}.",
        )
    if not candidata.ammissibile:
        return Esito.NON_AMMISSIBILE, Motivo.NON_AMMESSA, "Non ammessa: " + "; ".join(candidata.motivi)
    for criterio in valutazione.criteri:
        punti = raw.get(criterio.codice, 0)
        if criterio.soglia_cent is not None and punti < criterio.soglia_cent:
            return (
                Esito.NON_IDONEA,
                Motivo.SOTTO_SOGLIA_DEL_CRITERIO,
                _below(f"del criterio {criterio.codice}", punti, criterio.soglia_cent),
            )
    if base_cent < valutazione.soglia_cent:
        return (
            Esito.NON_IDONEA,
            Motivo.SOTTO_SOGLIA,
            _below("dei criteri", base_cent, valutazione.soglia_cent),
        )
    return None


def _below(what: str, punti: int, soglia: int) -> str:
    return f"I punti {what} sono {format_cents(punti)}: la soglia e' {format_cents(soglia)}."


def _tie_breaks(
    valutazione: Valutazione, candidata: Candidata, punteggi: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    values: list[tuple[str, int]] = []
    for spareggio in valutazione.spareggi:
        match spareggio.tipo:
            case TipoSpareggio.CRITERIO:
                values.append((f"{spareggio.tipo}:{spareggio.criterio}", punteggi.get(spareggio.criterio or "", 0)))
            case TipoSpareggio.CONTRIBUTO_MINORE:
                values.append((spareggio.tipo.value, candidata.richiesto_cent))
            case TipoSpareggio.COFINANZIAMENTO_MAGGIORE:
                values.append((spareggio.tipo.value, candidata.costo_cent - candidata.richiesto_cent))
            case TipoSpareggio.PARTNER_PIU_NUMEROSI:
                values.append((spareggio.tipo.value, candidata.membri))
            case TipoSpareggio.PROTOCOLLO:
                values.append((spareggio.tipo.value, candidata.protocollo))
    return tuple(values)


def _ascending(name: str, value: int) -> int:
    lower_first = name in {TipoSpareggio.PROTOCOLLO.value, TipoSpareggio.CONTRIBUTO_MINORE.value}
    return value if lower_first else -value


_GROUPS = {Esito.NON_IDONEA: 1, Esito.NON_AMMISSIBILE: 2}


def _group(outcome: tuple[Esito, Motivo, str] | None) -> int:
    return 0 if outcome is None else _GROUPS.get(outcome[0], 3)


def _ranked_row(item: _Scored, position: int, money: _Money, precedenti: Mapping[int, RigaPrecedente] | None) -> Riga:
    candidata = item.candidata
    given = dict(candidata.gia_ammesso)
    wanted = {linea: importo - given.get(linea, 0) for linea, importo in candidata.richiesto}
    if given and (not candidata.integrabile or not any(wanted.values())):
        text = _settled(candidata, sum(given.values()), precedenti)
        said = (Esito.FINANZIATA, Motivo.GIA_FINANZIATA, text)
        return _row(item, position, said, candidata.gia_ammesso, money, precedenti)
    esito = Esito.FINANZIATA if given else Esito.IDONEA_NON_FINANZIATA
    if money.cut is not None:
        text = f"Viene dopo il taglio, che cade alla posizione {money.cut} perche' i fondi non bastano."
        return _row(item, position, (esito, Motivo.DOPO_IL_TAGLIO, text), candidata.gia_ammesso, money, precedenti)
    missing = money.missing(wanted)
    if not missing:
        text = "Il contributo chiesto sta nei fondi disponibili."
        said = (Esito.FINANZIATA, Motivo.ENTRO_LA_DOTAZIONE, text)
        return _funded_row(item, position, wanted, said, money, precedenti)
    text = _shortage(wanted, money, missing)
    if money.taglio is not Taglio.SALTA:
        money.cut = position
    part = money.part_of(wanted) if money.taglio is Taglio.PARZIALE else {}
    if any(part.values()):
        said = (Esito.FINANZIATA, Motivo.FINANZIATA_IN_PARTE, text + " E' finanziata in parte.")
        return _funded_row(item, position, part, said, money, precedenti)
    text += " " + _CUT_TEXT[money.taglio]
    return _row(item, position, (esito, Motivo.FONDI_INSUFFICIENTI, text), candidata.gia_ammesso, money, precedenti)


def _settled(candidata: Candidata, given_cent: int, precedenti: Mapping[int, RigaPrecedente] | None) -> str:
    before = (precedenti or {}).get(candidata.protocollo)
    if before is None or given_cent >= before.ammesso_cent:
        return "Gia' finanziata da una versione precedente, che resta ferma."
    return (
        f"Gia' finanziata da una versione precedente; dei {format_cents(before.ammesso_cent)} assegnati ne restano "
        f"{format_cents(given_cent)}: gli altri sono tornati al bando."
    )


_CUT_TEXT = {
    Taglio.STOP: "Il bando si ferma alla prima domanda che non ci sta.",
    Taglio.SALTA: "Il bando la salta e prosegue con le successive.",
    Taglio.PARZIALE: "Non resta nulla da assegnare nemmeno in parte.",
}


def _shortage(wanted: Mapping[str, int], money: _Money, missing: Sequence[str]) -> str:
    parts = [
        f"la linea {linea} chiede {format_cents(wanted[linea])} e ne restano {format_cents(money.left.get(linea, 0))}"
        for linea in missing
    ]
    return "I fondi non bastano: " + "; ".join(parts) + "."


def _funded_row(
    item: _Scored,
    position: int,
    more: Mapping[str, int],
    said: tuple[Esito, Motivo, str],
    money: _Money,
    precedenti: Mapping[int, RigaPrecedente] | None,
) -> Riga:
    given = dict(item.candidata.gia_ammesso)
    money.take(more)
    ammesso = tuple((linea, given.get(linea, 0) + more.get(linea, 0)) for linea, _ in item.candidata.richiesto)
    return _row(item, position, said, ammesso, money, precedenti)


def _row(
    item: _Scored,
    position: int | None,
    said: tuple[Esito, Motivo, str],
    ammesso: tuple[tuple[str, int], ...],
    money: _Money,
    precedenti: Mapping[int, RigaPrecedente] | None,
) -> Riga:
    candidata = item.candidata
    esito, motivo, text = said
    return Riga(
        posizione=position,
        domanda_id=candidata.domanda_id,
        protocollo=candidata.protocollo,
        capofila=candidata.capofila,
        titolo=candidata.titolo,
        totale_cent=item.totale_cent,
        punteggi=item.punteggi,
        premialita_cent=item.premialita_cent,
        spareggi=item.spareggi,
        esito=esito,
        motivo=motivo,
        spiegazione=text,
        richiesto=candidata.richiesto,
        ammesso=ammesso,
        residuo=money.residuo(),
        cambiamento=_change(candidata, position, esito, sum(importo for _, importo in ammesso), precedenti),
    )


def _change(
    candidata: Candidata,
    position: int | None,
    esito: Esito,
    ammesso_cent: int,
    precedenti: Mapping[int, RigaPrecedente] | None,
) -> Cambiamento:
    before = (precedenti or {}).get(candidata.protocollo)
    if before is None:
        return Cambiamento.PRIMA_VERSIONE
    if esito is not before.esito:
        return Cambiamento.FINANZIATA_PER_SCORRIMENTO if esito is Esito.FINANZIATA else Cambiamento.USCITA
    if ammesso_cent > before.ammesso_cent:
        return Cambiamento.IMPORTO_AUMENTATO
    if ammesso_cent < before.ammesso_cent:
        return Cambiamento.IMPORTO_RIDOTTO
    return Cambiamento.INVARIATA if position == before.posizione else Cambiamento.POSIZIONE
