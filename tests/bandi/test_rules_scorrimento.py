"""A further version: top-ups, renunciations, economies, grants completed; nothing given is taken away."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.bandi.rules.bando import Taglio
from services.bandi.rules.graduatoria import calcola_graduatoria
from services.bandi.rules.righe import (
    Cambiamento,
    Candidata,
    Esito,
    Motivo,
    Uscita,
)
from tests.bandi.candidate import EVERY, LOW, VALUTAZIONE, again, before, candidata, candidate_set, graduatoria, left


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
