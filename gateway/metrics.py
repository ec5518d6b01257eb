"""Prometheus metrics of the gateway. Labels are services, route templates and states: bounded, never personal.

What is counted on every request is kept in plain numbers, which the one event loop changes without a lock, and is
turned into metric families when the metrics are read.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from gateway.breaker import Breaker, State

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 30.0)
_BREAKER_LEVEL = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER_METHOD = "ALTRO"


class Durations:
    """A histogram of seconds, for one label."""

    __slots__ = ("_counts", "_total")

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._total = 0.0

    def add(self, seconds: float) -> None:
        """Counts one duration."""
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._total += seconds

    def put(self, family: HistogramMetricFamily, label: str) -> None:
        """Adds what was counted to a family, cumulated as Prometheus wants it."""
        reached = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip((*map(str, _BOUNDS), "+Inf"), self._counts, strict=True):
            reached += count
            buckets.append((bound, reached))
        family.add_metric([label], buckets, self._total)


class UpstreamMetrics:
    """What is counted about one service."""

    def __init__(self, metrics: "GatewayMetrics", service: str) -> None:
        self._breaker = metrics.breaker.labels(service)
        self.observe = metrics.durations_of(service).add
        self.retried = metrics.retries.labels(service).inc

    def breaker_of(self, breaker: Breaker) -> None:
        """Publishes the state of `breaker`, read when the metrics are."""
        self._breaker.set_function(lambda: _BREAKER_LEVEL[breaker.state])


class GatewayMetrics(Collector):
    """The metrics of one gateway process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.breaker = Gauge(
            "quartieri_gateway_breaker",
            "Circuit of a service: 0 closed, 1 half open, 2 open",
            ("service",),
            registry=self.registry,
        )
        self.limited = Counter(
            "quartieri_gateway_limited", "Requests refused by a limit", ("limit",), registry=self.registry
        )
        self.retries = Counter(
            "quartieri_gateway_retries", "Requests sent again to a service", ("service",), registry=self.registry
        )
        self.in_flight = 0
        self._answers: dict[tuple[str, str, str, int], int] = defaultdict(int)
        self._seconds: dict[str, Durations] = defaultdict(Durations)
        self._upstream_seconds: dict[str, Durations] = defaultdict(Durations)
        self.registry.register(self)

    def durations_of(self, service: str) -> Durations:
        """Where the times of a service's own answers are counted."""
        return self._upstream_seconds[service]

    def answered(self, service: str, route: str, method: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        self._answers[service, route, method if method in _METHODS else _OTHER_METHOD, status] += 1
        self._seconds[service].add(seconds)

    def collect(self) -> Iterator[Metric]:
        """What was counted, as metric families."""
        answers = CounterMetricFamily(
            "quartieri_gateway_requests",
            "Requests answered, by service and route template; status 499: the client left",
            labels=("service", "route", "method", "status"),
        )
        for (service, route, method, status), count in self._answers.items():
            answers.add_metric([service, route, method, str(status)], count)
        yield answers
        yield _histogram("quartieri_gateway_request_seconds", "Time to answer, by service", self._seconds)
        yield _histogram(
            "quartieri_gateway_upstream_seconds", "Time a service took to begin its answer", self._upstream_seconds
        )
        yield GaugeMetricFamily("quartieri_gateway_in_flight", "Requests being answered", self.in_flight)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)


def _histogram(name: str, documentation: str, kept: dict[str, Durations]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, documentation, labels=("service",))
    for service, durations in kept.items():
        durations.put(family, service)
    return family
