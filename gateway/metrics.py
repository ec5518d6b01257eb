"""Prometheus metrics of the gateway. Labels are services, route templates and states: bounded, never personal."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from gateway.breaker import Breaker, State

_LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 30.0)
_BREAKER_LEVEL = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2}
_OTHER_METHOD = "ALTRO"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class UpstreamMetrics:
    """What is counted about one service."""

    def __init__(self, metrics: "GatewayMetrics", service: str) -> None:
        self._breaker = metrics.breaker.labels(service)
        self.observe = metrics.upstream_seconds.labels(service).observe
        self.retried = metrics.retries.labels(service).inc

    def breaker_of(self, breaker: Breaker) -> None:
        """Publishes the state of `breaker`, read when the metrics are."""
        self._breaker.set_function(lambda: _BREAKER_LEVEL[breaker.state])


class GatewayMetrics:
    """The metrics of one gateway process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "quartieri_gateway_requests",
            "Requests answered, by service and route template; status 499: the client left",
            ("service", "route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "quartieri_gateway_request_seconds",
            "Time to answer, by service",
            ("service",),
            buckets=_LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.upstream_seconds = Histogram(
            "quartieri_gateway_upstream_seconds",
            "Time a service took to begin its answer",
            ("service",),
            buckets=_LATENCY_BUCKETS,
            registry=self.registry,
        )
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
        Gauge("quartieri_gateway_in_flight", "Requests being answered", registry=self.registry).set_function(
            lambda: self.in_flight
        )
        # `labels()` costs more than counting: its results are kept. Bounded as the labels are.
        self._counters: dict[tuple[str, str, str, int], Counter] = {}
        self._observers: dict[str, Histogram] = {}

    def answered(self, service: str, route: str, method: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        key = (service, route, method, status)
        counter = self._counters.get(key)
        if counter is None:
            label = method if method in _METHODS else _OTHER_METHOD
            counter = self._counters[service, route, label, status] = self._requests.labels(
                service, route, label, str(status)
            )
        counter.inc()
        observer = self._observers.get(service)
        if observer is None:
            observer = self._observers[service] = self._seconds.labels(service)
        observer.observe(seconds)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
