"""How long webhooks take at a steady rate: ``python -m tests.benchmarks.bench_webhooks [--rate 50] [--seconds 60]``.

The real service (two workers) on a fresh database of each kind, and whole calls in open hours: greeting, menu, a
specialist's leg screened and accepted, callbacks of the leg, the end of the Dial, the status. Calls begin at their time
whether or not earlier ones are answered, and a latency counts from the instant at which the request was due, so that a
slow answer can't hide the wait of those behind it. Each request opens a connection of its own, as Twilio may.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from twilio.request_validator import RequestValidator

from tests.support.postgres import running_server
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.simulator.plan import Service

LINES = ("+46102235760", "+4640349800", "+46500498000", "+46701740620")
OPEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
ROOT = Path(__file__).parents[2]
REQUESTS_PER_CALL = 9
_SERVER_ERROR = 500
SECONDS_BETWEEN = 0.1


@dataclass
class Load:
    """What was sent, and how long each answer took, in milliseconds."""

    service: Service
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def post(self, url: str, due: float, form: dict[str, str]) -> ET.Element:
        path = url.partition("#")[0]  # what stands behind it tells Twilio how to retry, and is neither sent nor signed
        host = urlsplit(self.service.public_url)
        signature = RequestValidator(self.service.auth_token).compute_signature(self.service.public_url + path, form)
        connection = HTTPConnection(host.hostname or "", host.port, timeout=15)
        connection.request(
            "POST",
            path,
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature},
        )
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.took.append((time.perf_counter() - due) * 1000)
        self.statuses[answer.status] += 1
        return ET.fromstring(body)  # noqa: S314 - our own answer


@dataclass
class OneCall:
    """One call, its requests due a tenth of a second apart."""

    load: Load
    number: int
    begins: float
    sent: Iterator[int] = field(default_factory=count)

    def run(self) -> None:
        greeting = self.post("/twilio/voice", CallStatus="ringing")
        dial = self.post(_action(greeting), Digits="1")
        leg = dial.find("Dial/Number")
        if leg is not None:
            screen = self.post(leg.get("url", ""), leg=True)
            self.post(_action(screen), leg=True, Digits="1")
            self.post(leg.get("statusCallback", ""), leg=True, CallStatus="in-progress", SequenceNumber="2")
            self.post(_action(dial), DialCallStatus="completed", DialBridged="true", DialCallDuration="60")
            self.post(leg.get("statusCallback", ""), leg=True, CallStatus="completed", CallDuration="60")
        self.post("/twilio/status", CallStatus="completed", CallDuration="65")

    def post(self, path: str, *, leg: bool = False, **fields: str) -> ET.Element:
        due = self.begins + next(self.sent) * SECONDS_BETWEEN
        time.sleep(max(0.0, due - time.perf_counter()))
        sid = f"CA{self.number:032x}"
        form = {
            "AccountSid": self.load.service.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": f"CA{self.number + (1 << 64):032x}" if leg else sid,
            "CallStatus": "in-progress",
            "From": "+46701740605",
            "To": LINES[self.number % len(LINES)],
            "Direction": "outbound-dial" if leg else "inbound",
            **{f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")},
            "PracticeNow": OPEN.isoformat(),
        } | fields
        return self.load.post(path, due, form)


def _action(document: ET.Element) -> str:
    return next(verb.get("action", "") for verb in document if verb.tag in {"Gather", "Dial"})


def measure(service: Service, rate: float, seconds: float) -> Load:
    """Run calls so that requests come at ``rate`` a second for ``seconds``."""
    load = Load(service)
    calls = int(rate * seconds / REQUESTS_PER_CALL)
    with ThreadPoolExecutor(max_workers=64) as pool:
        begins = time.perf_counter() + 0.5
        planned = [OneCall(load, number, begins + number * REQUESTS_PER_CALL / rate) for number in range(calls)]
        list(pool.map(OneCall.run, planned))
    return load


@contextmanager
def services() -> Iterator[Iterator[tuple[str, Service]]]:
    """The service on SQLite, then on PostgreSQL, each fresh, with practice staff, and running while it is asked for."""
    with TemporaryDirectory() as name, running_server() as postgres:
        folder = Path(name)
        urls = {"sqlite": f"sqlite:///{folder}/bench.sqlite3", "postgresql": postgres.url_of(postgres.create("bench"))}
        yield _one_by_one(folder, urls)


def _one_by_one(folder: Path, urls: Mapping[str, str]) -> Iterator[tuple[str, Service]]:
    for name, url in urls.items():
        (folder / name).mkdir()
        where = deployment(ROOT, folder / name, url, {"bench": bytes(32)}, numbers=frozenset(LINES))
        where.run("db", "upgrade")
        where.run("demo")
        with running(where):
            yield name, where.service


def main() -> None:
    """Print a row for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    print(f"{'database':<12}{'requests':>9}{'5xx':>5}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    with services() as both:
        for name, service in both:
            load = measure(service, given.rate, given.seconds)
            # The first tenth warms up.
            took = sorted(load.took[len(load.took) // 10 :])
            at = statistics.quantiles(took, n=100)
            failed = sum(number for status, number in load.statuses.items() if status >= _SERVER_ERROR)
            row = (at[49], at[94], at[98], took[-1])
            print(f"{name:<12}{len(load.took):>9}{failed:>5}" + "".join(f"{value:>9.1f}" for value in row))


if __name__ == "__main__":
    main()
