"""Business figures of a service: read from its database now and then, shown with its metrics."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.jobs import Jobs
from chassis.metrics import Metrics

EVERY_S = 15.0

Figures = Mapping[tuple[str, ...], int]
"""The whole number of each combination of labels, in the order the measure declares them."""
Reader = Callable[[AsyncSession], Awaitable[Figures]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One family of figures; `quartieri_` is put before its name."""

    name: str
    help_text: str
    labels: tuple[str, ...]
    read: Reader


class Measures:
    """The measures of one service. Labels are states and kinds: never ids, never personal data."""

    def __init__(self) -> None:
        self.all: list[Measure] = []

    def gauge(self, name: str, help_text: str, labels: tuple[str, ...]) -> Callable[[Reader], Reader]:
        """Declares a measure: `async def f(session)` returns the figure of each combination of labels."""

        def declare(function: Reader) -> Reader:
            self.all.append(Measure(name, help_text, labels, function))
            return function

        return declare

    def jobs(self, metrics: Metrics) -> Jobs:
        """The job that takes every measure; its gauges are made in `metrics`.

        Each replica shows what it last read: take the maximum over replicas, not their sum.
        """
        jobs = Jobs()
        gauges = [(measure, metrics.gauge(measure.name, measure.help_text, measure.labels)) for measure in self.all]
        if gauges:

            @jobs.every(seconds=EVERY_S)
            async def take_measures(session: AsyncSession, now: object) -> None:
                del now
                for measure, gauge in gauges:
                    figures = await measure.read(session)
                    if measure.labels:
                        gauge.clear()
                    for labels, value in figures.items():
                        (gauge.labels(*labels) if labels else gauge).set(value)

        return jobs
