"""The stories of active inclusion before any platform: their arithmetic, their calendars, their synthetic accounts."""

from datetime import date

import pytest
from stdnum import iban

from scenari import cultura_in_bolla, groane_in_tavola, percorsi, prolorenteggio


def test_the_69_enrolments_are_the_sum_of_what_the_source_prints() -> None:
    assert prolorenteggio.ISCRITTI == 69
    assert prolorenteggio.DONNE + 17 == prolorenteggio.IDONEI


def test_a_plan_of_both_levels_stays_under_the_path_and_above_the_persons_cap() -> None:
    ore = prolorenteggio.ORE_ORIENTAMENTO + prolorenteggio.ORE_CONSOLIDAMENTO
    assert ore * prolorenteggio.TARIFFA_CENT > 2_000_00, "the cap must have something to stop"
    assert prolorenteggio.ORE_ORIENTAMENTO * 30_00 + prolorenteggio.ORE_CONSOLIDAMENTO * 19_00 <= 3_000_00


@pytest.mark.parametrize("minuti", [60, 300, 9000])
def test_sessions_share_the_minutes_out_over_working_mornings(minuti: int) -> None:
    sessioni = percorsi.mattine(date(2021, 3, 6), minuti)
    assert sum((fine - inizio).seconds // 60 for inizio, fine in sessioni) == minuti
    assert all(inizio.weekday() < 5 for inizio, _ in sessioni)
    assert len({inizio.date() for inizio, _ in sessioni}) == len(sessioni)


def test_the_calendars_of_a_person_never_overlap() -> None:
    for ore in (groane_in_tavola, cultura_in_bolla):
        assert percorsi.mattine(date(2021, 3, 1), ore.ORE_ORIENTAMENTO * 60, al_giorno=180)[-1][1].date() < date(
            2021, 3, 8
        )
    formazione = percorsi.mattine(date(2021, 3, 8), 150 * 60)
    corso = percorsi.mattine(date(2021, 5, 3), 35 * 60)
    supporto = percorsi.mattine(date(2021, 6, 1), 10 * 60, al_giorno=120)
    assert formazione[-1][1].date() < corso[0][0].date()
    assert corso[-1][1].date() < supporto[0][0].date()


def test_synthetic_accounts_are_well_formed_and_all_different() -> None:
    conti = [percorsi.iban_sintetico(numero) for numero in range(1, 100)]
    assert len(set(conti)) == len(conti)
    assert all(iban.is_valid(conto, check_country=False) for conto in conti)
