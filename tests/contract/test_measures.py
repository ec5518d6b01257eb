"""Every business figure of every service can be read from its own database, as the runtime role."""

import importlib

import pytest

from chassis.jobs import run_once
from chassis.measures import Measure
from chassis.metrics import Metrics
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest, service_settings

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")


def declared(service: str) -> list[Measure]:
    """The measures of a service."""
    found: list[Measure] = importlib.import_module(f"services.{service}.jobs").measures.all
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_each_figure_is_read_shown_and_has_the_labels_it_declares(service: str, infra: Infra) -> None:
    measures = declared(service)
    assert measures
    clone = await infra.clone(service)
    create_app = importlib.import_module(f"services.{service}.main").create_app
    (job,) = importlib.import_module(f"services.{service}.jobs").measures.jobs(Metrics()).all
    async with ServiceUnderTest(service, create_app, service_settings(clone)) as running:
        assert await run_once(job, running.runtime.database, running.clock.now())
        for measure in measures:
            async with running.transaction() as session:
                figures = await measure.read(session)
            assert all(len(labels) == len(measure.labels) for labels in figures), measure.name
            assert all(isinstance(value, int) for value in figures.values()), measure.name
    await infra.drop(clone)


def test_a_figure_is_named_after_its_service_and_no_two_are_the_same() -> None:
    names = {service: [measure.name for measure in declared(service)] for service in SERVICES}
    assert all(name.startswith(f"{service}_") for service, mine in names.items() for name in mine)
    assert len({name for mine in names.values() for name in mine}) == sum(len(mine) for mine in names.values())
