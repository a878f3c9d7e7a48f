"""A page of a list reads what it shows and little else, on both databases and behind the wall, whatever is chosen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, literal, select, text

from app.domain.calls import Outcome, Source
from app.domain.cases import CaseEnd, reference_of
from app.domain.consultations import PlaceKind
from app.domain.finding import CaseState, Key, RecordState, Sought
from app.domain.followups import FollowUpEnd
from app.domain.lines import MunicipalityCode, StaffId
from app.domain.taxonomy import Code, GroupKey
from app.services.record import lists
from app.services.record.lists import Asked
from app.storage.models import Call, Case, Consultation, ConsultationTag, FollowUp
from app.storage.scope import narrow
from tests.services.on_duty import hire
from tests.services.today_cast import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
ALFA = actor()
MANY = 12_000
IN_THE_MIDDLE = Key(NOW - timedelta(hours=4) * (MANY // 2), 1)
PERIODS = ((None, None), (date(2024, 1, 1), date(2026, 10, 31)))
THEME, GAP = GroupKey("theme"), GroupKey("gap")
TAGS: tuple[dict[GroupKey, Code], ...] = (
    {},
    {THEME: Code("FYS")},
    {THEME: Code("FYS"), GAP: Code("RUTIN")},
    {THEME: Code("OMV")},
)
IN_ORDER = {
    "ix_consultation_list",
    "ix_consultation_list_staff",
    "ix_consultation_list_municipality",
    "ix_consultation_list_to_do",
    "ix_consultation_line_opened_at",
    "ix_consultation_to_do",
    "ix_consultation_tag_in_order",
    "ix_call_reach_started_at",
    "ix_call_line_outcome_started_at",
    "ix_call_line_started_at",
    "ix_cases_line_opened_at",
    "ix_cases_open",
    "ix_follow_up_line_promised_at",
    "ix_cases_list",
    "ix_cases_list_staff",
    "ix_cases_list_open",
    "ix_cases_list_staff_open",
    "ix_follow_up_list_ended",
}
"""Indexes that have the rows of one line, and of what is looked for, in the order of the list."""
ONE_ROW = {
    "pk_consultation",
    "pk_consultation_tag",
    "sqlite_autoindex_consultation_tag_1",
    "ix_consultation_tag_kind_code_consultation_id",
    "uq_consultation_call_id",
    "PRIMARY",
}
"""Those by which a row that is found is tried for the rest."""
READ = re.compile(r"\bUSING (?:COVERING )?(?:INDEX|INTEGER) (\w+)|Scan (?:Backward )?using (\w+)")
WHOLE = re.compile(r"(Seq Scan on|SCAN) (consultation|consultation_tag|call|cases|follow_up)\b")
OF_TOO_MANY = re.compile(r"Seq Scan|Bitmap|(?<!Incremental )Sort  |SCAN (?!CONSTANT|\(|anon)|B-TREE")


def fill(session: Session) -> None:
    """Two organisations over five years, three quarters of it another's."""
    for line in ("skane", "nationell"):
        hire(session, "alfa" if line == "skane" else "beta", staff_id=f"{line}-1", organisation=line)
        hire(session, "gamma" if line == "skane" else "delta", staff_id=f"{line}-2", organisation=line)
    session.flush()
    owners = ["nationell" if number % 4 else "skane" for number in range(MANY)]
    instants = [NOW - number * timedelta(hours=4) for number in range(MANY)]
    each = list(enumerate(zip(owners, instants, strict=True)))
    session.execute(insert(Call), [_call(number, owner, at) for number, (owner, at) in each])
    session.execute(insert(Case), [_case(number, owner, at) for number, (owner, at) in each])
    session.execute(insert(Consultation), [_record(number, owner, at) for number, (owner, at) in each])
    session.execute(insert(FollowUp), [_follow_up(number, owner, at) for number, (owner, at) in each])
    for kind, code, every in (("theme", "FYS", 3), ("gap", "RUTIN", 5), ("theme", "OMV", 999), ("service", "SOC", 1)):
        tagged = select(Consultation.id, literal(kind), literal(code), literal(1)).where(Consultation.id % every == 0)
        session.execute(insert(ConsultationTag).from_select(["consultation_id", "kind", "code", "position"], tagged))
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()


def _call(number: int, owner: str, at: datetime) -> dict[str, Any]:
    known = {"started_at": at, "last_heard_at": at, "arrived": True, "turn": 0, "verdict_reason": "", "reason": ""}
    outcome = Outcome.ABANDONED if number % 10 == 0 else Outcome.ANSWERED
    return _owned(owner) | known | {"sid": f"CA{number:032x}", "outcome": outcome}


def _case(number: int, owner: str, at: datetime) -> dict[str, Any]:
    ended = number > 300
    return {
        "organisation": owner,
        "line": owner,
        "reference": reference_of(100_000 + number).digits,
        "staff_id": f"{owner}-{1 + number // 4 % 2}",
        "opened_at": at,
        "ended_at": at if ended else None,
        "ended_as": CaseEnd.FINISHED if ended else None,
    }


def _record(number: int, owner: str, at: datetime) -> dict[str, Any]:
    held = number % 5 > 0
    return _owned(owner) | {
        "opened_at": at,
        "held_at": at if held else None,
        "staff_id": f"{owner}-{1 + number // 4 % 2}" if held else None,
        "closed_at": at if number > 300 else None,
        "place": PlaceKind.MUNICIPALITY,
        "municipality": "1280" if number % 7 else "1281",
        "county": "12",
        "call_id": number + 1,
        "case_id": number + 1,
    }


def _follow_up(number: int, owner: str, at: datetime) -> dict[str, Any]:
    return {
        "organisation": owner,
        "line": owner,
        "case_id": number + 1,
        "consultation_id": number + 1,
        "promised_at": at,
        "within_days": 14,
        "ended_at": at if number > 300 else None,
        "ended_as": FollowUpEnd.DONE if number > 300 else None,
    }


def _owned(owner: str) -> dict[str, Any]:
    return {"organisation": owner, "line": owner, "source": Source.PRACTICE}


def chosen() -> Iterator[Sought]:
    """Everything that the page of records can be asked for, less what only differs by its value."""
    staff, municipality = (None, StaffId("skane-1")), (None, MunicipalityCode("1281"))
    for state, who, where, tags, (first, last) in product(("", *RecordState), staff, municipality, TAGS, PERIODS):
        yield Sought(None, first, last, state, who, where, tags)


def placed(sought: Sought) -> Iterator[Asked]:
    """Its first page, one in the middle, and the way back."""
    yield Asked(sought)
    yield Asked(sought, before=IN_THE_MIDDLE)
    yield Asked(sought, after=IN_THE_MIDDLE)


@pytest.fixture
def plans(session: Session, engine: Engine) -> Iterator[dict[str, str]]:
    """How each form of statement is answered from now on, at the moment when somebody of the desk asks it."""
    fill(session)
    narrow(session, ALFA)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    found: dict[str, str] = {}

    def look(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        if statement.startswith("SELECT") and statement not in found:
            cursor = connection.connection.dbapi_connection.cursor()
            cursor.execute(f"{explain} {statement}", values)
            found[statement] = "\n".join(str(row[-1]) for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", look)
    yield found
    event.remove(engine, "before_cursor_execute", look)


def test_a_page_of_records_reads_in_order(session: Session, policy: Policy, plans: dict[str, str]) -> None:
    shown = 0
    for sought in chosen():
        for one in placed(sought):
            shown += len(lists.records(session, policy, ALFA, one).rows)

    assert slow(plans) == []
    assert len(plans) > 20
    assert shown > 1_000


def test_a_page_of_calls_of_cases_and_of_follow_ups_that_are_over_reads_in_order(
    session: Session, policy: Policy, plans: dict[str, str]
) -> None:
    shown = 0
    for first, last in PERIODS:
        for outcome in ("", Outcome.ABANDONED, Outcome.FAILED):
            for one in placed(Sought(None, first, last, outcome)):
                shown += len(lists.calls(session, policy, ALFA, one).rows)
        for state, staff in product(("", *CaseState), (None, StaffId("skane-1"))):
            for one in placed(Sought(None, first, last, state, staff)):
                shown += len(lists.cases(session, policy, ALFA, one).rows)
        for one in placed(Sought(None, first, last)):
            shown += len(lists.ended(session, policy, ALFA, one).rows)

    assert slow(plans) == []
    assert len(plans) > 20
    assert shown > 500


def test_what_is_to_be_done_is_found_among_all_that_was(
    session: Session, policy: Policy, plans: dict[str, str]
) -> None:
    to_do = lists.to_do(session, policy, ALFA, Sought(), NOW)

    (plan,) = [
        plan for statement, plan in plans.items() if "FROM follow_up " in statement and "JOIN cases" in statement
    ]
    # Both hold what is to be done and nothing else.
    assert "ix_follow_up_list_open" in plan or "uq_follow_up_open_case_id" in plan
    assert len(to_do) > 50


def slow(plans: dict[str, str]) -> list[str]:
    """Those that read, or sort, more than a page needs."""
    wrong = {True: _is_slow, False: _looks_up_too_much}
    return [f"{one}\n{plan}" for one, plan in plans.items() if wrong[" LIMIT " in one](plan)]


def _is_slow(plan: str) -> bool:
    indexes = {one or other for one, other in READ.findall(plan)}
    return bool(OF_TOO_MANY.search(plan) or indexes - IN_ORDER - ONE_ROW or not indexes & IN_ORDER)


def _looks_up_too_much(plan: str) -> bool:
    """Of what the rows of a page are told with: a line's index leads to all of the line."""
    indexes = {one or other for one, other in READ.findall(plan)}
    return bool(indexes & IN_ORDER or WHOLE.search(plan))
