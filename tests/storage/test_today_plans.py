"""The first page is asked for every few seconds by everybody: it reads by indexes, however many calls there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from app.domain.permissions import Role
from app.services.callback import callback_list
from app.services.case import followup_lists
from app.services.case.absent_colleagues import absent_colleagues
from app.services.line import missed_calls
from app.services.record import record_pages
from app.services.today.today_calls import calls_of_today, day_began
from app.services.today.today_duty import duty_now
from app.storage.engine import configure_engine, engine_options
from app.storage.queries.callbacks import count_open
from app.storage.queries.today import signs_of_change, to_complete
from tests.services.on_duty import AT_TEN
from tests.services.today_cast import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.policy import Policy

ALFA = actor()
KOORD = actor(Role.COORDINATOR, staff=None)
PARTIAL = {
    "ix_call_open",
    "ix_cases_open",
    "ix_cases_list_open",
    "ix_cases_list_staff_open",
    "uq_callback_attempt_live_request_id",
    "uq_callback_attempt_live_staff_id",
    "uq_follow_up_open_case_id",
}
"""Indexes that hold only what goes on: to read them whole is to read little."""
OF_TOO_MANY = re.compile(
    r"(ix_call_organisation|ix_consultation_organisation|ix_consultation_line_opened_at|ix_attempt_staff_id"
    r"|ix_callback_request_organisation|ix_cases_organisation|ix_cases_line_opened_at|ix_follow_up_organisation"
    r"|ix_follow_up_line_promised_at)\b|ix_call_started_at_id \(started_at<"
)


@pytest.fixture
def plans(sqlite_url: str) -> Iterator[tuple[Session, list[str]]]:
    """A session, and what SQLite says of the way in which it will answer each question."""
    engine = create_engine(sqlite_url, **engine_options(sqlite_url))
    configure_engine(engine, voice=False)
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        if statement.startswith("SELECT"):
            cursor = connection.connection.dbapi_connection.cursor()
            found.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values))

    event.listen(engine, "before_cursor_execute", explain)
    with Session(engine) as session:
        yield session, found
    engine.dispose()


def test_the_page_reads_no_table_whole(plans: tuple[Session, list[str]], policy: Policy) -> None:
    session, found = plans
    since = day_began(policy, ALFA, AT_TEN)

    duty_now(session, policy, ALFA, AT_TEN)
    calls_of_today(session, ALFA, since)
    missed_calls.to_deal_with(session, ALFA, AT_TEN)
    missed_calls.dealt_since(session, ALFA, since)
    record_pages.untagged(session, ALFA)
    to_complete(session, ALFA)
    callback_list.work_list(session, ALFA, AT_TEN)
    followup_lists.mine(session, policy, ALFA, AT_TEN)
    followup_lists.handed_lately(session, ALFA, AT_TEN)
    absent_colleagues(session, policy, KOORD, AT_TEN)
    count_open(session, ALFA)

    assert _slow(found) == []
    assert len(found) > 20


def test_whether_anything_changed_is_read_from_little(plans: tuple[Session, list[str]], policy: Policy) -> None:
    session, found = plans

    for one in (ALFA, KOORD):
        signs_of_change(session, one, AT_TEN, day_began(policy, one, AT_TEN))

    assert _slow(found) == []
    assert len(found) > 15


def _slow(plan: list[str]) -> list[str]:
    scans = [step for step in plan if re.match(r"SCAN (?!CONSTANT|\()", step)]
    whole = [step for step in scans if not PARTIAL & set(step.split())]
    return whole + [step for step in plan if OF_TOO_MANY.search(step)]
