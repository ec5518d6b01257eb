"""The Dote: a line never holds more than it has, whatever is asked of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.dote import (
    Linea,
    LineaChiusa,
    LineaEsaurita,
    RipartizioneNonValida,
    StatoLinea,
    capienza,
    prenota,
    ripartisci,
)


def linea(capienza_cent: int, **altro: Any) -> Linea:
    return replace(Linea(StatoLinea.APERTA, capienza_cent), **altro)


def test_the_last_cent_is_inside_and_the_next_is_refused() -> None:
    piena = prenota(linea(1000), 700, 300)
    assert (piena.riservato_servizi_cent, piena.riservato_indennita_cent) == (700, 300)
    with pytest.raises(LineaEsaurita, match=r"restano 0\.00 EUR"):
        prenota(piena, 1, 0)


def test_two_internal_lines_are_reserved_together_or_not_at_all() -> None:
    divisa = linea(1_000_000_00, tetto_servizi_cent=600_000_00, tetto_indennita_cent=400_000_00)
    quasi = replace(divisa, riservato_servizi_cent=597_000_00, riservato_indennita_cent=398_500_00)
    with pytest.raises(LineaEsaurita, match="delle indennita'"):
        prenota(quasi, 2_000_00, 2_000_00)
    assert quasi.riservato_cent == 995_500_00
    assert prenota(quasi, 3_000_00, 1_500_00).riservato_cent == 1_000_000_00
    with pytest.raises(LineaEsaurita, match="servizi"):
        prenota(quasi, 3_000_01, 0)


def test_a_closed_line_gives_back_but_reserves_nothing() -> None:
    chiusa = Linea(StatoLinea.CHIUSA, 1000, riservato_servizi_cent=400)
    assert prenota(chiusa, -400, 0).riservato_cent == 0
    with pytest.raises(LineaChiusa):
        prenota(chiusa, 1, 0)


def test_a_commitment_that_shrinks_only_fills_the_line() -> None:
    assert capienza(1000, 400) == 1000
    assert capienza(300, 400) == 400


def test_a_revision_that_moves_money_between_services_and_allowance_stays_inside() -> None:
    piena = linea(1000, riservato_servizi_cent=1000)
    assert prenota(piena, -100, 100).riservato_cent == 1000
    with pytest.raises(LineaEsaurita):
        prenota(piena, -100, 101)


def test_a_split_makes_exactly_the_admitted_amount_and_respects_what_is_held() -> None:
    aperta = linea(1000, riservato_servizi_cent=500)
    assert ripartisci(aperta, 600, 400, ammesso_cent=1000).tetto_indennita_cent == 400
    with pytest.raises(RipartizioneNonValida, match="Le due parti"):
        ripartisci(aperta, 600, 401, ammesso_cent=1000)
    with pytest.raises(RipartizioneNonValida, match="gia' firmati"):
        ripartisci(aperta, 400, 600, ammesso_cent=1000)


@given(
    st.integers(0, 5_000),
    st.lists(st.tuples(st.integers(-800, 800), st.integers(-800, 800)), max_size=40),
    st.none() | st.integers(0, 4_000),
    st.none() | st.integers(0, 4_000),
)
def test_under_any_sequence_of_reservations_no_limit_is_passed(
    capienza_cent: int, passi: list[tuple[int, int]], tetto_servizi: int | None, tetto_indennita: int | None
) -> None:
    attuale = linea(capienza_cent, tetto_servizi_cent=tetto_servizi, tetto_indennita_cent=tetto_indennita)
    for servizi, indennita in passi:
        if attuale.riservato_servizi_cent + servizi < 0 or attuale.riservato_indennita_cent + indennita < 0:
            continue
        try:
            attuale = prenota(attuale, servizi, indennita)
        except LineaEsaurita:
            continue
        assert attuale.riservato_cent <= capienza_cent
        assert tetto_servizi is None or attuale.riservato_servizi_cent <= tetto_servizi
        assert tetto_indennita is None or attuale.riservato_indennita_cent <= tetto_indennita
