"""What is counted while the service runs. Labels name our own routes, lines and outcomes; never a person or a number.

With ``PROMETHEUS_MULTIPROC_DIR`` set before this module is imported, the processes count together.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from flask import g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask, Response

    from app.domain.calls import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_registry = CollectorRegistry()

requests_seconds = Histogram(
    "radrum_request_seconds",
    "How long answers take, by route and status.",
    ["route", "status"],
    registry=_registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0),
)
signature_failures = Counter(
    "radrum_signature_failures_total",
    "Webhooks that were refused because they weren't Twilio's.",
    registry=_registry,
)


def install(app: Flask) -> None:
    """Time every request of the application, webhooks above all."""

    @app.before_request
    def begin() -> None:
        # Time that passes, not time of day: nothing is decided by it.
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # A path that leads nowhere is the stranger's word and no label.
        route = request.endpoint or "none"
        requests_seconds.labels(route, str(response.status_code)).observe(time.perf_counter() - g.began)
        return response


def exposition(calls: Mapping[tuple[str, Outcome], int] | None) -> bytes:
    """Everything in Prometheus' text format. ``calls``: how many began in the last day, by line and outcome.

    ``None``: the database doesn't say.
    """
    registry = _everyones() if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else _registry
    here = CollectorRegistry()
    here.register(_Calls(calls))
    return generate_latest(registry) + generate_latest(here)


def _everyones() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the package forgot its types here
    return registry


class _Calls(Collector):
    def __init__(self, calls: Mapping[tuple[str, Outcome], int] | None) -> None:
        self._calls = calls

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "radrum_database_up", "Whether the database answered.", value=0 if self._calls is None else 1
        )
        if self._calls is None:
            return
        family = GaugeMetricFamily(
            "radrum_calls_last_day", "Calls that began in the last 24 hours.", labels=["line", "outcome"]
        )
        for (line, outcome), count in sorted(self._calls.items()):
            family.add_metric([line, outcome.value], count)
        yield family
