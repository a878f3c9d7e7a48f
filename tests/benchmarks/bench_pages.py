"""How long pages take and how much they weigh, with 100,000 records: ``python -m tests.benchmarks.bench_pages``.

``--records 100000 --runs 5 --requests 40 --database sqlite`` (or ``postgresql``, or ``both``). The real service (two
workers) on a database of its own that holds the practice data many times over, and the practice specialist, signed in.
A time is what somebody on the same computer waits for the whole page, one request after another on one connection; the
medians of all runs are shown. On a busy machine look at what the processor was at it: that holds whatever else runs.
Weights are what a browser receives that comes for the first time, page and whatever it loads, as they travel.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import requests
from sqlalchemy.orm import Session

from app.services.practice_data.demo_accounts import practice_password
from app.storage.engine import create_engine_for
from tests.benchmarks.many_records import multiply
from tests.browser.chromium import NoBrowser, chromium
from tests.support.postgres import running_server
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import BrowserContext, Request

    from tests.support.service import Deployment

ROOT = Path(__file__).parents[2]
LINES = frozenset({"+46102235760", "+4640349800", "+46500498000", "+46701740620"})
WHO = "specialist@skane.example"
PAGES: Mapping[str, str] = {
    "Today": "/",
    "list of records": "/records",
    "a record": "{record}",
    "call-backs": "/callbacks",
    "referrals": "/referrals",
    "figures, 13 weeks": "/figures",
    "figures, 52 weeks": "/figures?span=52",
    "figures, a year before": "/figures?span=52&until=2025-W48",
    "own account": "/account",
}
"""What is measured: a name, and an address. A page that isn't there is left out. Add yours here."""
_RECORD = re.compile(r'href="(/records/\d+)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_WORKER = re.compile(r"Booting worker with pid: (\d+)")
_USER_TICKS = 11
"""Where proc(5) has it, counted from behind the name; the system's follow."""
_WARM = 10
_SETTLED_MILLISECONDS = 500


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of one run."""

    p50: float
    p95: float
    most: float
    processor: float
    """Of the service, for one page."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes as they travel, without headers."""

    page: int
    rest: int
    parts: int


def signed_in(url: str, password: str, who: str = WHO) -> requests.Session:
    """A browser's session of the practice specialist, or of somebody else."""
    browser = requests.Session()
    browser.trust_env = False
    browser.headers["Accept"] = "text/html"
    token = _TOKEN.search(browser.get(f"{url}/sign-in", timeout=10).text)
    assert token is not None
    form = {"csrf_token": token[1], "email": who, "password": password}
    browser.post(f"{url}/sign-in", data=form, timeout=10).raise_for_status()
    return browser


def addresses(browser: requests.Session, url: str) -> Iterator[tuple[str, str]]:
    """The pages that are there, by name."""
    record = _RECORD.findall(browser.get(f"{url}/records", timeout=10).text)[-1]
    for name, address in PAGES.items():
        path = address.format(record=record)
        answer = browser.get(url + path, timeout=30)
        if answer.status_code != requests.codes.not_found:
            answer.raise_for_status()
            assert "/sign-in" not in answer.url, f"{name} asks to sign in"
            yield name, path


def processor_seconds(log: Path) -> float:
    """What the workers have used of the processor so far; gunicorn's log names them."""
    used = 0
    for pid in _WORKER.findall(log.read_text(encoding="utf-8")):
        fields = Path("/proc", pid, "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        used += int(fields[_USER_TICKS]) + int(fields[_USER_TICKS + 1])
    return used / os.sysconf("SC_CLK_TCK")


def timed(browser: requests.Session, address: str, number: int, log: Path) -> Took:
    """One run: so many requests, one after another."""
    took, used = [], processor_seconds(log)
    for _ in range(number):
        begins = time.perf_counter()
        browser.get(address, timeout=30)
        took.append((time.perf_counter() - begins) * 1000)
    at = statistics.quantiles(took, n=100, method="inclusive")
    return Took(at[49], at[94], max(took), (processor_seconds(log) - used) / number * 1000)


def weighed(context: BrowserContext, address: str) -> Weight:
    """All that comes over the line for somebody who was never here."""
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 - it marks what it is given
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_SETTLED_MILLISECONDS)
    weight = {request: request.sizes()["responseBodySize"] for request in finished}
    own = sum(size for request, size in weight.items() if request.is_navigation_request())
    page.close()
    return Weight(own, sum(weight.values()) - own, len(weight) - 1)


def weights(browser: requests.Session, url: str, found: Mapping[str, str]) -> Mapping[str, Weight]:
    """By page; nothing without a browser."""
    cookies = [{"name": one.name, "value": one.value or "", "url": url} for one in browser.cookies]
    weight = {}
    try:
        with chromium() as program:
            for name, path in found.items():
                # A window of its own, in which nothing was kept.
                context = program.new_context()
                context.add_cookies(cookies)  # type: ignore[arg-type] # a dictionary of that form
                weight[name] = weighed(context, url + path)
                context.close()
    except NoBrowser as missing:
        print(f"Not weighed: {missing}.")
    return weight


def fill(where: Deployment, database_url: str, records: int) -> int:
    """Practice data, many times over."""
    where.run("db", "upgrade")
    where.run("demo")
    engine = create_engine_for(database_url)
    with Session(engine) as session:
        there = multiply(session, records)
        session.commit()
    engine.dispose()
    return there


def measure(where: Deployment, log: Path, runs: int, number: int) -> None:
    """Print a row for each page."""
    url = where.service.public_url
    browser = signed_in(url, practice_password(where.environment["RADRUM_SECRET_KEY"]))
    found = dict(addresses(browser, url))
    weight = weights(browser, url, found)
    print("| page | p50 ms | p95 ms | max ms | processor ms | page bytes | files | their bytes | together |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, path in found.items():
        timed(browser, url + path, _WARM, log)
        took = [timed(browser, url + path, number, log) for _ in range(runs)]
        middle = map(statistics.median, zip(*map(astuple, took), strict=True))
        heavy = weight.get(name)
        heavy_columns = (heavy.page, heavy.parts, heavy.rest, heavy.page + heavy.rest) if heavy else ("",) * 4
        print(f"| {name} | {' | '.join(f'{one:.1f}' for one in middle)} | {' | '.join(map(str, heavy_columns))} |")


def main() -> None:
    """Fill, start, measure; on one database or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    given = parser.parse_args()
    with TemporaryDirectory() as name, ExitStack() as stack:
        for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            folder = Path(name, kind)
            folder.mkdir()
            database_url = f"sqlite:///{folder}/bench.sqlite3"
            if kind == "postgresql":
                postgres = stack.enter_context(running_server())
                database = postgres.create("bench")
                stack.callback(postgres.drop, database)
                database_url = postgres.url_of(database)
            where = deployment(ROOT, folder, database_url, {"bench": bytes(32)}, numbers=LINES)
            print(f"\n{kind}, {fill(where, database_url, given.records)} consultations\n")
            with running(where) as log:
                measure(where, log, given.runs, given.requests)


if __name__ == "__main__":
    main()
