"""How long pages of lists take with 1,000,000 consultations: ``python -m tests.benchmarks.bench_lists``.

``--records 1000000 --runs 3 --requests 20 --database sqlite`` (or ``postgresql``, or ``both``). The real service (two
workers) on a database of its own: the practice data, and as many more consultations of one line, each with a call and
four tags, a third of them with a case, over ten years, all of them counted. The practice specialist, signed in, looks
through them as the page offers it, and at the trends. A time is what somebody on the same computer waits for the whole
page, one request after another on one connection; the medians of all runs are shown.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
import tomllib
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.calendar_periods import Kind
from app.domain.cases import DRAWN_FROM, reference_of
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.reading import read_policy
from app.services.numbers import tallies, trends
from app.services.numbers.asked_period import Asked
from app.services.practice_data.demo_accounts import practice_password
from app.storage.engine import Patience, create_engine_for
from app.storage.models import Case, Consultation, Staff
from tests.benchmarks.bench_pages import LINES, ROOT, signed_in, timed
from tests.support.postgres import running_server
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

    from tests.support.service import Deployment

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_WARM = 5
_QUERIED = 40
POLICY = read_policy(ROOT, tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8")))
_PATIENT = Patience(lock=8_000, statement=0, idle_in_transaction=0)
_YEARS = timedelta(days=3652)
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
_TAGS = {
    "service": "CASE WHEN i % 2 = 0 THEN 'SOC' WHEN i % 5 = 0 THEN 'POLIS' ELSE 'SKOLA' END",
    "type": "CASE WHEN i % 3 = 0 THEN 'RISK' ELSE 'ARENDE' END",
    "theme": "CASE WHEN i % 9973 = 0 THEN 'OMV' WHEN i % 3 = 1 THEN 'FYS' ELSE 'KONTROLL' END",
    "gap": "CASE WHEN i % 4 = 0 THEN 'RUTIN' ELSE 'INGEN' END",
}
"""Common ones, one that is rare, and two that never come together: RISK and FYS."""
LISTS = {
    "records": "/records",
    "records, in the middle": "/records?{middle}",
    "records, the way back": "/records?{back}",
    "records of one specialist": "/records?staff={staff}",
    "records to be completed": "/records?state=to_complete",
    "records that are complete": "/records?state=complete",
    "records of a month five years ago": "/records?first={month}-01&last={month}-28",
    "calls": "/calls",
    "calls, in the middle": "/calls?{middle}",
    "calls that nobody took": "/calls?state=unanswered",
    "cases": "/cases",
    "cases of one specialist, in the middle": "/cases?staff={staff}&{middle}",
    "open cases": "/cases?state=open",
    "follow-ups to be done": "/follow-ups",
    "follow-ups that are over, in the middle": "/follow-ups?state=ended&{middle}",
}
TRENDS = {
    "trends of a quarter": "/trends?kind=quarter&day={month}-01",
    "trends of five years": "/trends?kind=own&day={five_years_ago}&last={today}",
    "trends of ten years": "/trends?kind=own&day={ten_years_ago}&last={today}",
}
CHOSEN: dict[str, dict[str, str]] = {
    "a common theme": {"theme": "FYS"},
    "a rare theme": {"theme": "OMV"},
    "two themes of the record": {"theme": "FYS", "gap": "RUTIN"},
    "two that never come together": {"theme": "FYS", "type": "RISK"},
    "one municipality": {"municipality": "1281"},
    "everything at once": {
        "theme": "FYS",
        "gap": "RUTIN",
        "service": "SOC",
        "municipality": "1280",
        "state": "complete",
        "first": "2019-01-01",
    },
}
"""What is sent in the form of the records, and kept under an id."""


def fill(where: Deployment, database_url: str, many: int) -> str:
    """Practice data, and so many consultations; the id of a specialist who held a fifth of them."""
    where.run("db", "upgrade")
    where.run("demo")
    engine = create_engine_for(database_url, patience=_PATIENT)
    with Session(engine) as session:
        is_sqlite = engine.dialect.name == "sqlite"
        staff = session.scalars(
            select(Staff.id).where(Staff.organisation == "skane").order_by(Staff.alias).limit(5)
        ).all()
        began = datetime.now(UTC) - _YEARS
        seconds = f"{int(began.timestamp())} + i * {_YEARS.total_seconds() / (many + 1):.3f}"
        at = (
            f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')" if is_sqlite else f"to_timestamp({seconds})"
        )
        who = "CASE i % 5 " + " ".join(f"WHEN {place} THEN '{one}'" for place, one in enumerate(staff)) + " END"
        apart = (session.scalar(select(Consultation.id).order_by(Consultation.id.desc()).limit(1)) or 0) + 1_000_000
        for one in _tables(at, who, apart):
            session.execute(text(one.statement), {"many": many})
        _refer(session, apart)
        if not is_sqlite:
            session.execute(text("ANALYZE"))
        session.commit()
        begins = time.monotonic()
        for _ in tallies.rebuild(session, POLICY):
            session.commit()
        print(f"counted in {time.monotonic() - begins:.0f} s", flush=True)
        _time_queries(session)
    engine.dispose()
    return str(staff[0])


def _time_queries(session: Session) -> None:
    """All numbers of the trends of five years, as the page asks for them: without the page."""
    skane, today = LineKey("skane"), datetime.now(UTC).date()
    who = Actor(AccountId("bench"), None, OrganisationKey("skane"), frozenset({skane}), frozenset({Role.MANAGER}))
    asked, took = Asked(Kind.OWN, today - _YEARS / 2, today), []
    found = trends.of(session, POLICY, who, asked, datetime.now(UTC))
    assert found is not None
    for _ in range(_QUERIED):
        begins = time.perf_counter()
        trends.of(session, POLICY, who, asked, datetime.now(UTC))
        took.append((time.perf_counter() - begins) * 1000)
        session.rollback()
    at = statistics.quantiles(took, n=100, method="inclusive")
    print(f"five years of trends, {found.now.held} held: p50 {at[49]:.1f} ms, p95 {at[94]:.1f} ms", flush=True)


def _refer(session: Session, apart: int) -> None:
    """Open cases are shown on other pages, too, which want references whose check digits fit."""
    taken = {*session.scalars(select(Case.reference).where(Case.id <= apart))}
    free = (one for six in reversed(DRAWN_FROM) if (one := reference_of(six).digits) not in taken)
    for case in session.scalars(select(Case).where(Case.id > apart, Case.ended_at.is_(None))):
        case.reference = next(free)


@dataclass(frozen=True, slots=True)
class _Table:
    """What is put into one table for each number ``i`` that keeps ``where``."""

    name: str
    columns: Mapping[str, str]
    where: str = "1 = 1"

    @property
    def statement(self) -> str:
        columns, values = ", ".join(self.columns), ", ".join(self.columns.values())
        return f"INSERT INTO {self.name} ({columns}) {_NUMBERS} SELECT {values} FROM n WHERE {self.where}"  # noqa: S608 - ours


def _tables(at: str, who: str, apart: int) -> list[_Table]:
    """Parents first. Ids begin at ``apart``, where none of the practice data are."""
    number, over, held, has_case = f"i + {apart}", "i < :many - 300", "i % 10 > 0", "i % 3 = 0"
    whose = {"organisation": "'skane'", "line": "'skane'"}
    call = {"id": number, "sid": "'CA' || CAST(1000000000000000000 + i AS TEXT) || '0000000000000'", **whose}
    call |= {"source": "'practice'", "started_at": at, "last_heard_at": at, "ended_at": at, "arrived": "1 = 1"}
    call |= {"turn": "1", "outcome": "CASE WHEN i % 10 = 0 THEN 'unanswered' ELSE 'answered' END"}
    call |= {"verdict_reason": "''", "reason": "''"}
    case = {
        "id": number,
        "reference": "'0' || substr(CAST(1000000 + i AS TEXT), 2)",
        **whose,
        "staff_id": who,
        "opened_at": at,
    }
    ended = {"ended_at": f"CASE WHEN {over} THEN {at} END"}
    record = {"id": number, "call_id": number, **whose, "source": "'practice'", "opened_at": at, "version": "0"}
    record |= {"held_at": f"CASE WHEN {held} THEN {at} END", "staff_id": f"CASE WHEN {held} THEN {who} END"}
    record |= {"closed_at": f"CASE WHEN {over} THEN {at} END", "place": "'KOMMUN'", "county": "'12'"}
    record |= {"municipality": "CASE WHEN i % 50 = 0 THEN '1281' ELSE '1280' END"}
    record |= {"case_id": f"CASE WHEN {has_case} THEN {number} END"}
    follow_up = {"id": number, "case_id": number, "consultation_id": number, **whose, "promised_at": at}
    follow_up |= {"within_days": "14", **ended, "ended_as": f"CASE WHEN {over} THEN 'done' END"}
    tags = [
        _Table("consultation_tag", {"consultation_id": number, "kind": f"'{kind}'", "code": code, "position": "1"})
        for kind, code in _TAGS.items()
    ]
    return [
        _Table("call", call),
        _Table("cases", case | ended | {"ended_as": f"CASE WHEN {over} THEN 'finished' END"}, has_case),
        _Table("consultation", record),
        *tags,
        _Table("follow_up", follow_up, has_case),
    ]


def addresses(browser: requests.Session, url: str, staff: str) -> Iterator[tuple[str, str]]:
    """What is measured, by name."""
    middle = datetime.now(UTC) - _YEARS / 2
    token = f"{middle.isoformat()}_1"
    parts = {
        "staff": staff,
        "middle": urlencode({"before": token}),
        "back": urlencode({"after": token}),
        "month": f"{middle:%Y-%m}",
    }
    today = datetime.now(UTC).date()
    parts |= {"today": f"{today}", "five_years_ago": f"{today - _YEARS / 2}", "ten_years_ago": f"{today - _YEARS}"}
    for name, address in {**LISTS, **TRENDS}.items():
        yield name, address.format(**parts)
    for name, chosen in CHOSEN.items():
        csrf = _TOKEN.search(browser.get(f"{url}/records", timeout=60).text)
        assert csrf is not None
        form = {"csrf_token": csrf[1], **chosen}
        answer = browser.post(f"{url}/records/filter", data=form, timeout=60, allow_redirects=False)
        where = answer.headers["Location"]
        yield f"records: {name}", where
        yield f"records: {name}, in the middle", f"{where}&{parts['middle']}"


def measure(where: Deployment, log: Path, runs: int, number: int, staff: str) -> None:
    """Print a row for each list."""
    url = where.service.public_url
    browser = signed_in(url, practice_password(where.environment["RADRUM_SECRET_KEY"]))
    print("| list | p50 ms | p95 ms | max ms | processor ms |")
    print("|---|---|---|---|---|")
    for name, path in addresses(browser, url, staff):
        timed(browser, url + path, _WARM, log)
        took = [timed(browser, url + path, number, log) for _ in range(runs)]
        middle = map(statistics.median, zip(*map(astuple, took), strict=True))
        print(f"| {name} | {' | '.join(f'{one:.1f}' for one in middle)} |", flush=True)


def main() -> None:
    """Fill, start, measure; on one database or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    asked = parser.parse_args()
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(dir=os.environ.get("TMPDIR"))))
            url = f"sqlite:///{folder / 'lists.sqlite3'}"
            if name == "postgresql":
                server = stack.enter_context(running_server())
                database = server.create("lists")
                stack.callback(server.drop, database)
                url = server.url_of(database)
            where = deployment(ROOT, folder, url, {"bench": b"0123456789abcdef0123456789abcdef"}, numbers=LINES)
            begins = time.monotonic()
            staff = fill(where, url, asked.records)
            print(f"\n{name}: {asked.records} consultations, made in {time.monotonic() - begins:.0f} s\n", flush=True)
            log = stack.enter_context(running(where, workers=2))
            measure(where, log, asked.runs, asked.requests, staff)


if __name__ == "__main__":
    main()
