"""How fast a file of 1,000,000 rows leaves, and in how much memory: ``python -m tests.benchmarks.bench_exports``.

``--rows 1000000 --database both`` (or ``sqlite``, or ``postgresql``). The real service (two workers) on a database of
its own: the practice data, and as many more consultations of one line as that so many were held, each with a call and
four tags, over ten years. The practice manager, signed in, takes them as CSV and as XLSX. The memory is the most that
any worker had in use (``VmHWM``), set back before each file; beside it stands what it had before the first. Meanwhile
somebody on the same computer asks again and again whether the service is well; the slowest answer is shown.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING

import requests

from app.domain.columns import Form
from app.services.practice_data.demo_accounts import practice_password
from tests.benchmarks.bench_lists import fill
from tests.benchmarks.bench_pages import LINES, ROOT, signed_in
from tests.support.postgres import running_server
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from tests.support.service import Deployment

WHO = "manager@skane.example"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_WORKER = re.compile(r"Booting worker with pid: (\d+)")
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_HELD_OF_TEN = 9
_YEARS = timedelta(days=3660)
_PATIENCE_SECONDS = 3_600
_PIECE_BYTES = 1 << 20
_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Took:
    """One file."""

    seconds: float
    first_byte_seconds: float
    size: int
    peak_kilobytes: int
    slowest_answer_milliseconds: float


class Caller(Thread):
    """Asks whether the service is well, as long as a file leaves. ``slowest``: in milliseconds."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.slowest = 0.0
        self.ended = Event()
        self._url = url

    def run(self) -> None:
        """Until it is told to stop."""
        with requests.Session() as session:
            session.trust_env = False
            while not self.ended.wait(_EVERY_SECONDS):
                begins = time.perf_counter()
                session.get(f"{self._url}/readyz", timeout=60)
                self.slowest = max(self.slowest, (time.perf_counter() - begins) * 1000)


def taken(browser: requests.Session, url: str, form: Form, log: Path) -> Took:
    """Take one file, and throw it away."""
    page = browser.get(f"{url}/exports", timeout=60).text
    token = _TOKEN.search(page)
    assert token is not None, "the manager isn't shown the form"
    today = datetime.now(UTC).date()
    fields = {"csrf_token": token[1], "what": "consultations", "form": form.value, "step": "month"}
    fields |= {"first": (today - _YEARS).isoformat(), "last": today.isoformat(), "purpose": "Mätning"}
    forget_peaks(log)
    caller = Caller(url)
    caller.start()
    begins, first, size = time.perf_counter(), 0.0, 0
    with browser.post(f"{url}/exports", data=fields, timeout=_PATIENCE_SECONDS, stream=True) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment"), answer.text
        for piece in answer.iter_content(_PIECE_BYTES):
            first = first or time.perf_counter() - begins
            size += len(piece)
    seconds = time.perf_counter() - begins
    caller.ended.set()
    caller.join()
    return Took(seconds, first, size, peak(log), caller.slowest)


def peak(log: Path) -> int:
    """The most memory that a worker had in use since it was set back, in kilobytes; gunicorn's log names them."""
    found = []
    for pid in _WORKER.findall(log.read_text(encoding="utf-8")):
        with suppress(FileNotFoundError):
            found += [int(one) for one in _PEAK.findall(Path("/proc", pid, "status").read_text(encoding="utf-8"))]
    return max(found)


def forget_peaks(log: Path) -> None:
    """Set the peaks back to what is in use now (proc(5), clear_refs)."""
    for pid in _WORKER.findall(log.read_text(encoding="utf-8")):
        with suppress(OSError):
            Path("/proc", pid, "clear_refs").write_text("5", encoding="utf-8")


def measure(where: Deployment, log: Path, rows: int) -> None:
    """Print a row for each kind of file."""
    url = where.service.public_url
    browser = signed_in(url, practice_password(where.environment["RADRUM_SECRET_KEY"]), WHO)
    browser.get(f"{url}/exports", timeout=60)
    print(f"A worker before the first file: {peak(log) / 1024:.0f} MB\n")
    print("| file | rows/s | seconds | to the first byte | MB | peak of a worker, MB | slowest /readyz, ms |")
    print("|---|---|---|---|---|---|---|")
    for form in Form:
        took = taken(browser, url, form, log)
        cells = [f"{rows / took.seconds:.0f}", f"{took.seconds:.1f}", f"{took.first_byte_seconds:.1f}"]
        cells += [f"{took.size / 1e6:.1f}", f"{took.peak_kilobytes / 1024:.0f}"]
        print(f"| {form.value} | {' | '.join(cells)} | {took.slowest_answer_milliseconds:.0f} |", flush=True)


def main() -> None:
    """Fill, start, measure; on one database or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(dir=os.environ.get("TMPDIR"))))
            url = f"sqlite:///{folder / 'exports.sqlite3'}"
            if name == "postgresql":
                server = stack.enter_context(running_server())
                database = server.create("exports")
                stack.callback(server.drop, database)
                url = server.url_of(database)
            where = deployment(ROOT, folder, url, {"bench": b"0123456789abcdef0123456789abcdef"}, numbers=LINES)
            begins = time.monotonic()
            fill(where, url, -(-asked.rows * 10 // _HELD_OF_TEN))
            print(f"\n{name}: {asked.rows} rows, made in {time.monotonic() - begins:.0f} s\n", flush=True)
            log = stack.enter_context(running(where, workers=2))
            measure(where, log, asked.rows)


if __name__ == "__main__":
    main()
