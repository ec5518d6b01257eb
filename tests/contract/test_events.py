"""Whoever listens can read what is published: each publisher's events are read with each consumer's own model."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from polyfactory.factories.pydantic_factory import ModelFactory
from polyfactory.field_meta import FieldMeta

from chassis.events import Event, EventIn

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
SAMPLES = 20
LONGEST = 5


def published() -> dict[str, type[Event]]:
    """Every event of the platform, by subject."""
    events: dict[str, type[Event]] = {}
    for service in SERVICES:
        for event in importlib.import_module(f"services.{service}.events").EVENTS:
            assert event.subject not in events
            assert event.subject.startswith(f"{service}.")
            events[event.subject] = event
    return events


def listened() -> Iterator[tuple[str, str, type[EventIn]]]:
    """Who listens to what, with which model."""
    for service in SERVICES:
        consumers = importlib.import_module(f"services.{service}.consumers").consumers
        assert consumers.service == service
        for subject, model in consumers.models.items():
            yield service, subject, model


class Samples(ModelFactory[Event]):
    """Random values of a published model, with lists as short as a reader needs them."""

    __is_base_factory__ = True

    @classmethod
    def get_field_value(cls, field_meta: FieldMeta, *args: Any, **options: Any) -> Any:
        """Draws one value."""
        if field_meta.children and field_meta.constraints and "max_length" in field_meta.constraints:
            field_meta.constraints["max_length"] = min(field_meta.constraints["max_length"] or 0, LONGEST)
        return super().get_field_value(field_meta, *args, **options)


def samples(event: type[Event]) -> Iterator[dict[str, Any]]:
    """Bodies as they travel: random values of the published model, with and without what is optional."""
    factory = Samples.create_factory(event, __random_seed__=1)
    for _ in range(SAMPLES):
        yield factory.build().model_dump(mode="json")


@pytest.mark.parametrize(("service", "subject", "model"), list(listened()), ids=str)
def test_a_consumer_reads_every_event_of_its_publisher(service: str, subject: str, model: type[EventIn]) -> None:
    event = published()[subject]
    for body in samples(event):
        read = model.model_validate(body | {"campo_aggiunto_domani": 1})
        assert read.versione == body["versione"]


@pytest.mark.parametrize("event", list(published().values()), ids=lambda event: event.subject)
def test_an_event_names_its_aggregate_and_carries_nothing_personal(event: type[Event]) -> None:
    assert event.aggregate in event.model_fields
    assert event.subject.endswith(".v1")
    assert event.__doc__
    personal = {
        "nome",
        "cognome",
        "codice_fiscale",
        "data_nascita",
        "nato_il",
        "condizioni",
        "iban",
        "telefono",
        "email",
    }
    schema = str(event.model_json_schema())
    assert not [word for word in personal if f"'{word}'" in schema]
