"""The ranking: order, thresholds, ties, the three cut policies; the same inputs give the same bytes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bandi.rules.bando import Criterio, Spareggio, Taglio, TipoSpareggio
from services.bandi.rules.graduatoria import calcola_graduatoria, punteggio_medio, punteggio_pesato
from services.bandi.rules.righe import (
    Candidata,
    Esito,
    Ingresso,
    Motivo,
    documento,
    impronta,
    ingresso_come_valori,
    ingresso_da_valori,
    riga_come_valori,
    riga_da_valori,
)
from tests.bandi.candidate import (
    EVERY,
    LOW,
    VALUTAZIONE,
    candidata,
    candidate_set,
    graduatoria,
    order,
)


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
