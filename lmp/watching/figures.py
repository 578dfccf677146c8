"""The figures that Prometheus reads: what became of requests in these processes, and how the portal stands."""

import os
from collections.abc import Iterable

from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lmp.watching import health
from outbox.admin.health import Health

# By the name of the page, never by its address: that has keys in it, and there would be no end of them.
answered = Counter("lmp_requests", "Requests answered, by page and status", ["page", "status"])
seconds = Histogram(
    "lmp_request_seconds", "Seconds until a request was answered", buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10)
)


class PortalFigures(Collector):
    """Asked of the database at each reading, so that all processes answer the same."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        findings = health.look(now)
        well = GaugeMetricFamily("lmp_well", "Whether a part of the portal works, as /healthz tells", labels=["part"])
        for part, finding in findings.items():
            well.add_metric([part], float(finding.is_well))
        yield well
        if findings["database"].is_well:
            outbox = Health.at(now)
            yield GaugeMetricFamily("lmp_mails_waiting", "Mails that wait to be sent", outbox.waiting)
            yield GaugeMetricFamily("lmp_mails_given_up", "Mails that did not arrive", outbox.given_up)
            age = (now - outbox.waiting_since).total_seconds() if outbox.waiting_since else 0
            yield GaugeMetricFamily("lmp_oldest_mail_seconds", "How long the oldest waiting mail has waited", age)


def text() -> bytes:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        for counted in (answered, seconds):
            registry.register(counted)
    registry.register(PortalFigures())
    return generate_latest(registry)
