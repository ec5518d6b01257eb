"""The ranking: order, thresholds, ties, the three cut policies, scorrimento; the same inputs give the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Refusal
from services.bandi.rules.approvazione import controlla_cambiata, controlla_graduabile
from services.bandi.rules.bando import Criterio, Modalita, Spareggio, Taglio, TipoSpareggio, Valutazione
from services.bandi.rules.graduatoria import calcola_graduatoria, punteggio_medio, punteggio_pesato
from services.bandi.rules.righe import (
    BandoAncoraAperto,
    BandoSenzaGraduatoria,
    Cambiamento,
    Candidata,
    Esito,
    Graduatoria,
    GraduatoriaInvariata,
    Ingresso,
    IstruttoriaIncompleta,
    Motivo,
    NessunaDomanda,
    RigaPrecedente,
    Uscita,
    ValutazioneIncompleta,
    documento,
    impronta,
    ingresso_come_valori,
    ingresso_da_valori,
    riga_come_valori,
    riga_da_valori,
)
from services.bandi.rules.spiegazione import spiega_riga
from tests.bandi.esempi import REGOLE

VALUTAZIONE = Valutazione(
    criteri=(Criterio("A", "Qualita'", 6_000), Criterio("B", "Rete", 4_000, None, 500)),
    punteggio_massimo_cent=10_000,
    soglia_cent=6_000,
    premialita=REGOLE.valutazione.premialita,
    spareggi=(
        Spareggio(TipoSpareggio.CRITERIO, "A"),
        Spareggio(TipoSpareggio.CONTRIBUTO_MINORE),
        Spareggio(TipoSpareggio.COFINANZIAMENTO_MAGGIORE),
        Spareggio(TipoSpareggio.PARTNER_PIU_NUMEROSI),
        Spareggio(TipoSpareggio.PROTOCOLLO),
    ),
)


def candidata(n: int, a: int = 5_000, b: int = 3_000, **more: object) -> Candidata:
    """Return an application that asks 100 on each line and has full scores unless told otherwise."""
    base = Candidata(
        domanda_id=f"d{n}",
        protocollo=n,
        capofila=f"ENTE-{n}",
        titolo=f"Progetto {n}",
        ammissibile=True,
        voti=(("A", (a,)), ("B", (b,))),
        richiesto=(("INC", 100), ("LAB", 100)),
        costo_cent=200,
        membri=3,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def graduatoria(
    *candidate: Candidata, lab: int = 10_000, inc: int = 10_000, taglio: Taglio = Taglio.STOP
) -> Graduatoria:
    return calcola_graduatoria(VALUTAZIONE, taglio, candidate, {"LAB": lab, "INC": inc})


def order(ranking: Graduatoria) -> list[int]:
    return [riga.protocollo for riga in ranking.righe]


def test_higher_totals_come_first() -> None:
    assert order(graduatoria(candidata(1, 4_000), candidata(2, 6_000), candidata(3, 5_000))) == [2, 3, 1]


def test_the_bonus_counts_in_the_total_but_not_for_the_threshold() -> None:
    rows = graduatoria(candidata(1, 4_000, 2_500), candidata(2, 4_000, 2_400, premialita=("P1",))).righe
    assert [riga.protocollo for riga in rows] == [2, 1]
    assert rows[0].totale_cent == 6_900
    below = graduatoria(candidata(1, 4_000, 1_999, premialita=("P1",))).righe[0]
    assert (below.esito, below.motivo) == (Esito.NON_IDONEA, Motivo.SOTTO_SOGLIA)
    assert "59.99" in below.spiegazione


def test_a_score_exactly_at_the_threshold_is_enough() -> None:
    assert graduatoria(candidata(1, 4_000, 2_000)).righe[0].esito is Esito.FINANZIATA


def test_a_criterion_under_its_own_threshold_is_not_enough() -> None:
    row = graduatoria(candidata(1, 6_000, 499)).righe[0]
    assert (row.esito, row.motivo) == (Esito.NON_IDONEA, Motivo.SOTTO_SOGLIA_DEL_CRITERIO)
    assert row.posizione is None
    assert "B" in row.spiegazione


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (candidata(2, 5_500, 2_500), candidata(1, 5_000, 3_000)),
        (candidata(2, richiesto=(("LAB", 199),), costo_cent=300), candidata(1)),
        (candidata(2, costo_cent=201), candidata(1)),
        (candidata(2, membri=4), candidata(1)),
        (candidata(1), candidata(2)),
    ],
    ids=["criterion", "lower contribution", "higher cofinancing", "more partners", "protocol"],
)
def test_equal_totals_are_decided_by_the_tie_breakers_in_order(first: Candidata, second: Candidata) -> None:
    assert order(graduatoria(second, first)) == [first.protocollo, second.protocollo]


def test_stop_ends_at_the_first_row_that_does_not_fit_even_if_a_later_one_would() -> None:
    big = candidata(2, 5_500, richiesto=(("LAB", 250),))
    rows = graduatoria(candidata(1, 6_000), big, candidata(3), lab=300).righe
    assert [riga.motivo for riga in rows] == [
        Motivo.ENTRO_LA_DOTAZIONE,
        Motivo.FONDI_INSUFFICIENTI,
        Motivo.DOPO_IL_TAGLIO,
    ]
    assert "posizione 2" in rows[2].spiegazione
    assert "LAB chiede 2.50 e ne restano 2.00" in rows[1].spiegazione


def test_salta_skips_the_row_that_does_not_fit() -> None:
    big = candidata(2, 5_500, richiesto=(("LAB", 250),))
    ranking = graduatoria(candidata(1, 6_000), big, candidata(3), lab=300, taglio=Taglio.SALTA)
    assert [riga.esito for riga in ranking.righe] == [
        Esito.FINANZIATA,
        Esito.IDONEA_NON_FINANZIATA,
        Esito.FINANZIATA,
    ]
    assert ranking.finanziato_cent == 400


def test_parziale_gives_what_is_left_and_then_stops() -> None:
    big = candidata(2, 5_500, richiesto=(("LAB", 250),))
    rows = graduatoria(candidata(1, 6_000), big, candidata(3), lab=300, taglio=Taglio.PARZIALE).righe
    assert dict(rows[1].ammesso) == {"LAB": 200}
    assert rows[1].motivo is Motivo.FINANZIATA_IN_PARTE
    assert rows[2].motivo is Motivo.DOPO_IL_TAGLIO


def test_parziale_gives_nothing_when_nothing_is_left() -> None:
    rows = graduatoria(candidata(1), candidata(2, 4_000), lab=100, inc=100, taglio=Taglio.PARZIALE).righe
    assert (rows[1].esito, rows[1].motivo) == (Esito.IDONEA_NON_FINANZIATA, Motivo.FONDI_INSUFFICIENTI)


def test_money_that_is_exactly_enough_is_enough() -> None:
    assert graduatoria(candidata(1), lab=100, inc=100).finanziate == 1
    assert graduatoria(candidata(1), lab=99, inc=100).finanziate == 0


def test_one_line_without_money_is_enough_to_stop() -> None:
    rows = graduatoria(candidata(1), candidata(2), lab=10_000, inc=150).righe
    assert [riga.esito for riga in rows] == [Esito.FINANZIATA, Esito.IDONEA_NON_FINANZIATA]
    assert "INC" in rows[1].spiegazione
    assert "LAB" not in rows[1].spiegazione


def test_who_is_not_admitted_is_listed_last_with_the_reasons() -> None:
    out = candidata(1, ammissibile=False, motivi=("manca la firma", "manca la delibera"), voti=())
    low = candidata(2, 0, 600)
    rows = graduatoria(out, low, candidata(3)).righe
    assert [riga.protocollo for riga in rows] == [3, 2, 1]
    assert rows[2].spiegazione == "Non ammessa: manca la firma; manca la delibera"
    assert rows[2].totale_cent is None


def before(ranking: Graduatoria) -> dict[int, RigaPrecedente]:
    return {riga.protocollo: RigaPrecedente(riga.posizione, riga.esito, riga.ammesso_cent) for riga in ranking.righe}


def again(ranking: Graduatoria, candidate: list[Candidata]) -> list[Candidata]:
    """Return the applications as the next version sees them."""
    given = {riga.protocollo: riga.ammesso for riga in ranking.righe if riga.esito is Esito.FINANZIATA}
    return [replace(item, gia_ammesso=given.get(item.protocollo, ()) if not item.uscita else ()) for item in candidate]


def left(money: Mapping[str, int], ranking: Graduatoria, more: Mapping[str, int]) -> dict[str, int]:
    used = dict(ranking.assegnato)
    return {linea: cents - used.get(linea, 0) + more.get(linea, 0) for linea, cents in money.items()}


def test_a_top_up_funds_the_next_rows_and_leaves_the_first_ones_alone() -> None:
    candidate = [candidata(n, 6_000 - 100 * n) for n in range(1, 6)]
    money = {"LAB": 250, "INC": 250}
    first = calcola_graduatoria(VALUTAZIONE, Taglio.STOP, candidate, money)
    second = calcola_graduatoria(
        VALUTAZIONE,
        Taglio.STOP,
        again(first, candidate),
        left(money, first, {"LAB": 200, "INC": 200}),
        before(first),
    )
    assert [riga.esito is Esito.FINANZIATA for riga in first.righe] == [True, True, False, False, False]
    assert [riga.cambiamento for riga in second.righe] == [
        Cambiamento.INVARIATA,
        Cambiamento.INVARIATA,
        Cambiamento.FINANZIATA_PER_SCORRIMENTO,
        Cambiamento.FINANZIATA_PER_SCORRIMENTO,
        Cambiamento.INVARIATA,
    ]
    assert dict(second.assegnato) == {"LAB": 200, "INC": 200}


def test_a_renunciation_leaves_and_its_money_goes_to_the_next() -> None:
    candidate = [candidata(n, 6_000 - 100 * n) for n in range(1, 4)]
    money = {"LAB": 200, "INC": 200}
    first = calcola_graduatoria(VALUTAZIONE, Taglio.STOP, candidate, money)
    gone = [replace(candidate[0], uscita=Uscita.RINUNCIATA), *candidate[1:]]
    free = left(money, first, {"LAB": 100, "INC": 100})
    second = calcola_graduatoria(VALUTAZIONE, Taglio.STOP, again(first, gone), free, before(first))
    rows = {riga.protocollo: riga for riga in second.righe}
    assert rows[1].esito is Esito.RINUNCIATA
    assert rows[1].cambiamento is Cambiamento.USCITA
    assert rows[2].cambiamento is Cambiamento.POSIZIONE
    assert rows[3].cambiamento is Cambiamento.FINANZIATA_PER_SCORRIMENTO


def test_a_top_up_completes_first_what_was_given_in_part() -> None:
    candidate = [candidata(1, 6_000), candidata(2, 5_000)]
    money = {"LAB": 150, "INC": 200}
    first = calcola_graduatoria(VALUTAZIONE, Taglio.PARZIALE, candidate, money)
    more = left(money, first, {"LAB": 50})
    second = calcola_graduatoria(VALUTAZIONE, Taglio.PARZIALE, again(first, candidate), more, before(first))
    assert dict(first.righe[1].ammesso) == {"LAB": 50, "INC": 100}
    assert dict(second.righe[1].ammesso) == {"LAB": 100, "INC": 100}
    assert second.righe[1].cambiamento is Cambiamento.IMPORTO_AUMENTATO


def test_a_grant_in_part_of_a_project_that_is_over_does_not_grow() -> None:
    part = candidata(1, gia_ammesso=(("LAB", 50),), integrabile=False)
    assert dict(graduatoria(part).righe[0].ammesso) == {"LAB": 50}
    assert graduatoria(part).righe[0].motivo is Motivo.GIA_FINANZIATA


def test_a_project_that_left_an_economy_shows_what_it_holds_and_the_rest_goes_to_the_next() -> None:
    candidate = [candidata(1, 6_000), candidata(2, 5_000)]
    first = calcola_graduatoria(VALUTAZIONE, Taglio.STOP, candidate, {"LAB": 150, "INC": 200})
    closed = replace(candidate[0], gia_ammesso=(("INC", 100), ("LAB", 50)), integrabile=False)
    second = calcola_graduatoria(
        VALUTAZIONE, Taglio.STOP, [closed, candidate[1]], {"LAB": 100, "INC": 100}, before(first)
    )
    assert [riga.cambiamento for riga in second.righe] == [
        Cambiamento.IMPORTO_RIDOTTO,
        Cambiamento.FINANZIATA_PER_SCORRIMENTO,
    ]
    assert "dei 2.00 assegnati ne restano 1.50" in second.righe[0].spiegazione
    assert (first.finanziato_cent, second.finanziato_cent) == (200, 350), "150 and 200 are all there is"


def test_a_further_version_that_changes_nothing_is_refused() -> None:
    candidate = [candidata(1), candidata(2)]
    first = graduatoria(*candidate, lab=150)
    same = calcola_graduatoria(
        VALUTAZIONE, Taglio.STOP, again(first, candidate), {"LAB": 50, "INC": 10_000}, before(first)
    )
    with pytest.raises(GraduatoriaInvariata):
        controlla_cambiata(same, before(first))
    controlla_cambiata(first, None)


@pytest.mark.parametrize(
    ("change", "refusal", "text"),
    [
        ({"modalita": Modalita.SPORTELLO}, BandoSenzaGraduatoria, "sportello"),
        ({"scaduto": False}, BandoAncoraAperto, "non e' ancora scaduto"),
        ({"domande": 0}, NessunaDomanda, "non ha domande"),
        ({"senza_istruttoria": [7, 3]}, IstruttoriaIncompleta, "protocolli 3, 7"),
        ({"senza_scheda": [9]}, ValutazioneIncompleta, "protocolli 9"),
    ],
)
def test_a_ranking_out_of_place_is_refused(change: dict[str, object], refusal: type[Refusal], text: str) -> None:
    right: dict[str, object] = {
        "modalita": Modalita.GRADUATORIA,
        "scaduto": True,
        "senza_istruttoria": [],
        "senza_scheda": [],
        "domande": 1,
    }
    controlla_graduabile(**right)  # type: ignore[arg-type]
    with pytest.raises(refusal, match=text):
        controlla_graduabile(**(right | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("voti", "medio"), [([100], 100), ([100, 101], 101), ([100, 100, 101], 100), ([99, 100, 100], 100), ([0, 0], 0)]
)
def test_the_mean_of_the_commissioners_rounds_half_a_hundredth_up(voti: list[int], medio: int) -> None:
    assert punteggio_medio(voti) == medio


@pytest.mark.parametrize(
    ("punti", "scala", "peso", "esatto"),
    [(500, 1_000, 3_000, 1_500), (1_000, 1_000, 3_000, 3_000), (333, 1_000, 3_333, 1_110), (0, 0, 100, 0)],
)
def test_a_weighted_score_is_its_share_of_the_maximum(punti: int, scala: int, peso: int, esatto: int) -> None:
    assert punteggio_pesato(punti, scala_cent=scala, peso_bp=peso, massimo_cent=10_000) == esatto


def test_weights_that_add_up_give_full_marks_the_maximum() -> None:
    criteri = (Criterio("A", "A", 500, 3_333), Criterio("B", "B", 700, 3_333), Criterio("C", "C", 900, 3_334))
    weighted = replace(VALUTAZIONE, criteri=criteri, spareggi=(Spareggio(TipoSpareggio.PROTOCOLLO),))
    full = candidata(1, voti=(("A", (500,)), ("B", (700,)), ("C", (900,))))
    assert calcola_graduatoria(weighted, Taglio.STOP, [full], {}).righe[0].totale_cent == 10_000


def test_an_explanation_names_rule_by_rule_why_a_row_ends_as_it_ends() -> None:
    ranking = graduatoria(candidata(1), candidata(2), candidata(3, ammissibile=False, motivi=("x",), voti=()), lab=150)
    regole = replace(REGOLE, valutazione=VALUTAZIONE)
    cut = {passo.regola: passo.testo for passo in spiega_riga(ranking.righe[1], regole, a_pari_punti=1)}
    assert "LAB chiede 1.00 e ne restano 0.50" in cut["taglio.stop"]
    assert "Altre 1 domande" in cut["spareggi"]
    assert "valore di questa domanda: 2" in cut["spareggio.protocollo"]
    assert "50.00" in cut["criterio.A"]
    out = spiega_riga(ranking.righe[2], regole, a_pari_punti=0)
    assert [passo.regola for passo in out] == ["ammissibilita"]
    assert "Non ammessa: x" in out[0].testo
    won = {passo.regola for passo in spiega_riga(ranking.righe[0], regole, a_pari_punti=0)}
    assert {"linea.LAB", "linea.INC", "totale", "posizione", "versione"} <= won


# --- properties -----------------------------------------------------------------------------------------------------

AMOUNT = st.integers(0, 300)


@st.composite
def candidate_set(draw: st.DrawFn) -> list[Candidata]:
    count = draw(st.integers(0, 12))
    found = []
    for n in range(1, count + 1):
        asked = {"LAB": draw(AMOUNT), "INC": draw(AMOUNT)}
        found.append(
            candidata(
                n,
                richiesto=tuple(sorted((linea, cents) for linea, cents in asked.items() if cents)),
                ammissibile=draw(st.booleans()) or draw(st.booleans()),
                motivi=("motivo",),
                voti=tuple(
                    (code, tuple(draw(st.lists(st.integers(0, top), min_size=1, max_size=3))))
                    for code, top in (("A", 6_000), ("B", 4_000))
                ),
                costo_cent=draw(st.integers(600, 900)),
                membri=draw(st.integers(1, 4)),
                premialita=draw(st.sampled_from([(), ("P1",)])),
            )
        )
    return found


EVERY = settings(max_examples=300, deadline=None)
LOW = replace(VALUTAZIONE, soglia_cent=2_000)


@EVERY
@given(candidate_set(), st.integers(0, 1_500), st.integers(0, 1_500), st.sampled_from(Taglio), st.randoms())
def test_a_ranking_does_not_depend_on_the_order_of_its_inputs(
    candidate: list[Candidata], lab: int, inc: int, taglio: Taglio, random: object
) -> None:
    money = {"LAB": lab, "INC": inc}
    straight = documento(calcola_graduatoria(LOW, taglio, candidate, money))
    shuffled = list(candidate)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert documento(calcola_graduatoria(LOW, taglio, shuffled, dict(reversed(money.items())))) == straight
    kept = json.loads(json.dumps(ingresso_come_valori(Ingresso(tuple(candidate), tuple(sorted(money.items())), None))))
    read = ingresso_da_valori(kept)
    assert documento(calcola_graduatoria(LOW, taglio, read.candidate, dict(read.disponibile))) == straight
    assert len(impronta(straight)) == 64


@EVERY
@given(candidate_set(), st.integers(0, 1_500), st.integers(0, 1_500), st.sampled_from(Taglio))
def test_the_money_given_never_exceeds_the_money_there_is(
    candidate: list[Candidata], lab: int, inc: int, taglio: Taglio
) -> None:
    ranking = calcola_graduatoria(LOW, taglio, candidate, {"LAB": lab, "INC": inc})
    for linea, money in (("LAB", lab), ("INC", inc)):
        given_ = sum(dict(riga.ammesso).get(linea, 0) for riga in ranking.righe)
        assert given_ == dict(ranking.assegnato)[linea] <= money
    for riga in ranking.righe:
        assert all(dict(riga.ammesso)[linea] <= dict(riga.richiesto)[linea] for linea, _ in riga.ammesso)
        assert (riga.esito is Esito.FINANZIATA) or not riga.ammesso
        assert riga_da_valori(json.loads(json.dumps(riga_come_valori(riga)))) == replace(
            riga, punteggi=tuple(sorted(riga.punteggi)), richiesto=tuple(sorted(riga.richiesto))
        )
    positions = [riga.posizione for riga in ranking.righe if riga.posizione is not None]
    assert positions == list(range(1, len(positions) + 1))


@EVERY
@given(
    candidate_set(),
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.sampled_from(Taglio),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 12)), max_size=4),
)
def test_a_scorrimento_never_takes_away_what_an_earlier_version_gave(
    candidate: list[Candidata], lab: int, inc: int, taglio: Taglio, acts: list[tuple[int, int, int]]
) -> None:
    money = {"LAB": lab, "INC": inc}
    current = calcola_graduatoria(LOW, taglio, candidate, money)
    free = left(money, current, {})
    for more_lab, more_inc, who_leaves in acts:
        rows = {riga.protocollo: riga for riga in current.righe}
        total = {"LAB": free["LAB"] + more_lab, "INC": free["INC"] + more_inc}
        leaver = rows.get(who_leaves)
        if leaver is not None and leaver.esito is Esito.FINANZIATA:
            for linea, cents in leaver.ammesso:
                total[linea] += cents
            candidate = [
                replace(item, uscita=Uscita.RINUNCIATA) if item.protocollo == who_leaves else item for item in candidate
            ]
        later = calcola_graduatoria(LOW, taglio, again(current, candidate), total, before(current))
        for riga in later.righe:
            old = rows[riga.protocollo]
            if old.esito is Esito.FINANZIATA and riga.esito is not Esito.RINUNCIATA:
                assert riga.esito is Esito.FINANZIATA
                assert all(dict(riga.ammesso).get(linea, 0) >= cents for linea, cents in old.ammesso)
        free = {linea: total[linea] - dict(later.assegnato)[linea] for linea in total}
        assert min(free.values()) >= 0
        current = later
