"""Money, text, instants and identifiers keep their form on every way in and out."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chassis.clock import Clock
from chassis.ids import uuid7
from chassis.money import MAX_CENTS, format_cents, parse_cents
from chassis.text import clean_text
from chassis.types import Body, Euro, EuroConSegno, Istante, TestoBreve


class Spesa(Body):
    """A body with one field of each type."""

    importo: Euro
    saldo: EuroConSegno = 0
    causale: TestoBreve = "senza causale"


@given(st.integers(min_value=-MAX_CENTS, max_value=MAX_CENTS))
def test_writing_and_reading_an_amount_gives_it_back(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.5", "1.234", "1,50", "+1.00", " 1.00", "1e3", "\u0661.00", "12345678901234.00", "--1.00", "NaN"],
)
def test_an_amount_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="importo non valido"):
        parse_cents(text)


@pytest.mark.parametrize("value", [1.5, 10, True, None, "-1.00", ["1.00"], "10000000000000.00"])
def test_json_amounts_are_text_only_and_not_negative(value: object) -> None:
    with pytest.raises(ValidationError):
        Spesa.model_validate_json(json.dumps({"importo": value}))


def test_amounts_are_cents_inside_and_text_outside() -> None:
    spesa = Spesa.model_validate_json('{"importo": "1234.50", "saldo": "-0.05"}')
    assert (spesa.importo, spesa.saldo) == (123450, -5)
    assert json.loads(spesa.model_dump_json()) == {
        "importo": "1234.50",
        "saldo": "-0.05",
        "causale": "senza causale",
    }


@given(st.text(max_size=60))
def test_cleaning_text_is_idempotent_or_refused(text: str) -> None:
    try:
        once = clean_text(text)
    except ValueError:
        return
    assert clean_text(once) == once
    once.encode("utf-8")
    assert "\x00" not in once


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "\x1b[31m", "   ", ""])
def test_text_that_a_database_or_a_screen_cannot_hold_is_refused(bad: str) -> None:
    with pytest.raises((ValidationError, ValueError)):
        TypeAdapter(TestoBreve).validate_python(bad)


def test_two_spellings_of_one_letter_become_one() -> None:
    assert clean_text("perche\u0301") == clean_text("perch\u00e9")


@pytest.mark.parametrize("bad", [5, 5.0, "5", "2018-05-23", "2018-05-23T10:00:00", "9999-12-31T23:59:59-12:00", None])
def test_an_instant_needs_rfc_3339_with_its_offset(bad: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Istante).validate_python(bad)


def test_an_instant_is_kept_in_utc() -> None:
    kept = TypeAdapter(Istante).validate_python("2018-05-23T12:00:00+02:00")
    assert kept == datetime(2018, 5, 23, 10, tzinfo=UTC)
    assert kept.tzinfo == UTC


def test_ids_made_later_sort_later() -> None:
    made = [uuid7() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {item.version for item in made} == {7}


def test_a_set_clock_runs_on_from_there() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    clock.set(datetime(2017, 11, 15, tzinfo=UTC))
    assert timedelta(0) <= clock.now() - datetime(2017, 11, 15, tzinfo=UTC) < timedelta(seconds=1)
    taken_up = Clock(clock.offset)
    assert abs(taken_up.now() - clock.now()) < timedelta(seconds=1)
