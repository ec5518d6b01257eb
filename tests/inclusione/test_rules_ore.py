"""Hours: inside the plan, in quarters, validated by a second person."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inclusione.rules.ore import (
    OraFuoriPiano,
    OraFutura,
    OraNonValida,
    OrePianoEsaurite,
    StatoOraNonAmmesso,
    ValidazionePropria,
    costo_ora,
    intervallo,
    verifica_nel_piano,
    verifica_passo,
    verifica_residuo,
    verifica_seconda_persona,
)
from services.inclusione.rules.stati import TRANSIZIONI_ORA, StatoOra

INIZIO = datetime(2019, 3, 4, 9, tzinfo=UTC)
DOPO = datetime(2019, 4, 1, tzinfo=UTC)


def test_an_interval_has_its_minutes_and_its_day_in_rome() -> None:
    notte = intervallo(
        datetime(2019, 6, 30, 22, 0, tzinfo=UTC), datetime(2019, 6, 30, 23, 15, tzinfo=UTC), now=DOPO.replace(month=8)
    )
    assert (notte.minuti, notte.giorno) == (75, date(2019, 7, 1))


@pytest.mark.parametrize(
    "durata",
    [
        timedelta(0),
        timedelta(minutes=-15),
        timedelta(minutes=14),
        timedelta(minutes=20),
        timedelta(minutes=15, seconds=1),
        timedelta(hours=12, minutes=15),
    ],
)
def test_an_hour_lasts_whole_quarters_from_one_to_forty_eight(durata: timedelta) -> None:
    with pytest.raises(OraNonValida, match="quarti"):
        intervallo(INIZIO, INIZIO + durata, now=DOPO)


def test_an_hour_stays_in_one_day_of_rome_and_midnight_ends_it() -> None:
    mezzanotte = datetime(2019, 3, 4, 23, tzinfo=UTC)
    assert intervallo(mezzanotte - timedelta(hours=1), mezzanotte, now=DOPO).giorno == date(2019, 3, 4)
    with pytest.raises(OraNonValida, match="due giorni"):
        intervallo(mezzanotte - timedelta(hours=1), mezzanotte + timedelta(minutes=15), now=DOPO)


def test_an_hour_cannot_be_registered_before_it_ended() -> None:
    fine = INIZIO + timedelta(hours=1)
    assert intervallo(INIZIO, fine, now=fine).minuti == 60
    with pytest.raises(OraFutura):
        intervallo(INIZIO, fine, now=fine - timedelta(microseconds=1))


@pytest.mark.parametrize("spostamento", [-1, 1])
def test_the_first_and_last_day_of_the_plan_are_inside(spostamento: int) -> None:
    ora = intervallo(INIZIO, INIZIO + timedelta(hours=1), now=DOPO)
    verifica_nel_piano(ora, dal=ora.giorno, al=ora.giorno)
    altro = ora.giorno + timedelta(days=spostamento)
    with pytest.raises(OraFuoriPiano):
        verifica_nel_piano(ora, dal=altro, al=altro)


def test_no_minute_beyond_the_plan() -> None:
    verifica_residuo("FORMAZIONE", 60, previsti=120, registrati=60)
    with pytest.raises(OrePianoEsaurite, match=r"restano 1\.00 ore, se ne registrano 1\.25"):
        verifica_residuo("FORMAZIONE", 75, previsti=120, registrati=60)
    with pytest.raises(OrePianoEsaurite, match="non prevede"):
        verifica_residuo("DANZA", 15, previsti=None, registrati=0)


@pytest.mark.parametrize(("da", "a"), list(product(StatoOra, StatoOra)))
def test_an_hour_is_registered_then_signed_then_validated(da: StatoOra, a: StatoOra) -> None:
    if a in TRANSIZIONI_ORA[da]:
        verifica_passo(da, a)
    else:
        with pytest.raises(StatoOraNonAmmesso):
            verifica_passo(da, a)


def test_an_indirect_hour_is_validated_without_a_signature() -> None:
    verifica_passo(StatoOra.REGISTRATA, StatoOra.VALIDATA, diretta=False)
    with pytest.raises(StatoOraNonAmmesso):
        verifica_passo(StatoOra.REGISTRATA, StatoOra.FIRMATA, diretta=False)


def test_who_registered_an_hour_does_not_validate_it() -> None:
    verifica_seconda_persona("op-1", "op-2")
    with pytest.raises(ValidazionePropria):
        verifica_seconda_persona("op-1", "op-1")


@given(st.lists(st.integers(1, 48), min_size=1, max_size=50), st.integers(0, 9_999))
def test_hours_cost_together_no_more_than_their_sum_reserved_rounding_up(quarti: list[int], orario: int) -> None:
    consumato = sum(costo_ora(numero * 15, orario) for numero in quarti)
    assert consumato <= -(-sum(quarti) * 15 * orario // 60)
