"""What is counted while the service runs. Labels name our own routes, lines and outcomes; never a person or a number.

With ``PROMETHEUS_MULTIPROC_DIR`` set before this module is imported, the processes count together.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
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
    from app.services.mail.outbox import Standing

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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the database says."""

    calls: Mapping[tuple[str, Outcome], int]
    """How many began in the last day, by line and outcome."""
    heartbeat_age_seconds: float | None
    """How long ago the jobs last gave a sign of life; ``None``: never."""
    mail: Standing


def exposition(asked: Asked | None) -> bytes:
    """Everything in Prometheus' text format. ``None``: the database doesn't say."""
    registry = _everyones() if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else _registry
    here = CollectorRegistry()
    here.register(_OfDatabase(asked))
    return generate_latest(registry) + generate_latest(here)


def _everyones() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the package forgot its types here
    return registry


class _OfDatabase(Collector):
    def __init__(self, asked: Asked | None) -> None:
        self._asked = asked

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "radrum_database_up", "Whether the database answered.", value=0 if self._asked is None else 1
        )
        if self._asked is None:
            return
        family = GaugeMetricFamily(
            "radrum_calls_last_day", "Calls that began in the last 24 hours.", labels=["line", "outcome"]
        )
        for (line, outcome), count in sorted(self._asked.calls.items()):
            family.add_metric([line, outcome.value], count)
        yield family
        yield from _of_mail(self._asked.mail)
        if self._asked.heartbeat_age_seconds is not None:
            yield GaugeMetricFamily(
                "radrum_jobs_heartbeat_age_seconds",
                "How long ago the jobs process last gave a sign of life; it does each minute.",
                value=self._asked.heartbeat_age_seconds,
            )


def _of_mail(mail: Standing) -> Iterable[GaugeMetricFamily]:
    yield GaugeMetricFamily("radrum_mail_waiting", "Mails that no mail server has taken yet.", value=mail.waiting)
    yield GaugeMetricFamily(
        "radrum_mail_oldest_waiting_seconds",
        "How long the oldest of them has waited; 0 when there is none.",
        value=mail.oldest_seconds or 0,
    )
    yield GaugeMetricFamily(
        "radrum_mail_given_up_last_day",
        "Mails that were refused for good, or that no mail server took in time, in the last 24 hours.",
        value=mail.given_up,
    )
