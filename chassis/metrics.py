"""Prometheus metrics of a process. Labels are route templates, subjects and states: never ids, never personal data."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one process, in a registry of their own (tests run several services in one process)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.http_seconds = Histogram(
            "quartieri_http_request_seconds",
            "Time to answer, by route template",
            ("method", "route", "status"),
            buckets=_LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.http_in_flight = Gauge("quartieri_http_in_flight", "Requests being answered", registry=self.registry)
        self.idempotent_hits = Counter(
            "quartieri_idempotent_hits", "Answers given again for a repeated key", registry=self.registry
        )
        self.outbox_depth = Gauge("quartieri_outbox_depth", "Events not yet published", registry=self.registry)
        self.outbox_age = Gauge(
            "quartieri_outbox_age_seconds", "Age of the oldest event not yet published", registry=self.registry
        )
        self.published = Counter(
            "quartieri_events_published", "Events acknowledged by the broker", ("subject",), registry=self.registry
        )
        self.consumed = Counter(
            "quartieri_events_consumed", "Events applied", ("subject", "outcome"), registry=self.registry
        )
        self.consumer_lag = Gauge(
            "quartieri_consumer_lag", "Events of a stream not yet delivered", ("stream",), registry=self.registry
        )
        self.parked = Gauge(
            "quartieri_events_parked", "Refused events waiting or dead", ("state",), registry=self.registry
        )
        self.job_seconds = Histogram(
            "quartieri_job_seconds", "Time of a run of a job", ("job", "outcome"), registry=self.registry
        )
        self.pool_in_use = Gauge("quartieri_pool_in_use", "Database connections in use", registry=self.registry)
        self.pool_size = Gauge("quartieri_pool_size", "Database connections allowed", registry=self.registry)
        self.stream_losses = Counter(
            "quartieri_stream_losses", "Times the broker lost the stream and it was replayed", registry=self.registry
        )

    def gauge(self, name: str, help_text: str, labels: tuple[str, ...] = ()) -> Gauge:
        """A business gauge of a service, `quartieri_` put before its name."""
        return Gauge(f"quartieri_{name}", help_text, labels, registry=self.registry)

    def counter(self, name: str, help_text: str, labels: tuple[str, ...] = ()) -> Counter:
        """A business counter of a service, `quartieri_` put before its name."""
        return Counter(f"quartieri_{name}", help_text, labels, registry=self.registry)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
