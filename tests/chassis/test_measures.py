"""Business figures beside the metrics of a process."""

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.jobs import run_once
from chassis.measures import Figures, Measures
from chassis.metrics import Metrics
from tests.support.service import ServiceUnderTest


def shown(registry: CollectorRegistry) -> dict[tuple[str, ...], float]:
    """The samples of the measure under test."""
    families = [family for family in registry.collect() if family.name == "quartieri_note"]
    return {tuple(sample.labels.values()): sample.value for family in families for sample in family.samples}


async def test_a_measure_shows_what_was_last_read_and_nothing_of_before(toy: ServiceUnderTest) -> None:
    figures: list[Figures] = [{("aperta", "a"): 2, ("chiusa", "a"): 1}, {("chiusa", "a"): 3}]
    measures, metrics = Measures(), Metrics()

    @measures.gauge("note", "Notes by state and kind", ("stato", "tipo"))
    async def note(session: AsyncSession) -> Figures:
        del session
        return figures.pop(0)

    (job,) = measures.jobs(metrics).all
    assert shown(metrics.registry) == {}
    assert await run_once(job, toy.runtime.database, toy.runtime.clock.now())
    assert shown(metrics.registry) == {("aperta", "a"): 2, ("chiusa", "a"): 1}
    await run_once(job, toy.runtime.database, toy.runtime.clock.now())
    assert shown(metrics.registry) == {("chiusa", "a"): 3}


async def test_a_measure_without_labels_is_one_figure(toy: ServiceUnderTest) -> None:
    measures, metrics = Measures(), Metrics()

    @measures.gauge("note", "Notes", ())
    async def note(session: AsyncSession) -> Figures:
        del session
        return {(): 7}

    (job,) = measures.jobs(metrics).all
    await run_once(job, toy.runtime.database, toy.runtime.clock.now())
    assert shown(metrics.registry) == {(): 7}


async def test_a_measure_with_other_labels_than_declared_is_a_defect(toy: ServiceUnderTest) -> None:
    measures = Measures()

    @measures.gauge("note", "Notes by state", ("stato",))
    async def note(session: AsyncSession) -> Figures:
        del session
        return {("aperta", "di troppo"): 1}

    (job,) = measures.jobs(Metrics()).all
    with pytest.raises(ValueError, match="label"):
        await run_once(job, toy.runtime.database, toy.runtime.clock.now())


def test_a_service_without_measures_runs_no_job_for_them() -> None:
    assert Measures().jobs(Metrics()).all == []
