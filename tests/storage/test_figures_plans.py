"""Pages of numbers read tallies, on both databases and behind the wall: never the rows that were counted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event, insert, literal, select, text, update

from app.domain.calendar_periods import months_of
from app.domain.calls import Outcome, Source
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.tallies import CALLS, HELD, PROMISED, Cell, Dimension, Grain, TallyUnit
from app.domain.trends import Period, Span
from app.services.export import left_tallies
from app.services.numbers import equal_access, figures, history, staffing, tallies, trends
from app.services.numbers.asked_period import Asked
from app.services.numbers.promises_kept import kept_on
from app.storage.models import Call, Consultation, ConsultationTag, DirtyDay, Staff
from app.storage.queries import tallies as stored
from app.storage.queries.counted_rows import Owner
from app.storage.scope import narrow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
LINE = LineKey("skane")
SKANE = Actor(AccountId("övning"), None, OrganisationKey("skane"), frozenset({LINE}), frozenset({Role.MANAGER}))
YEAR = Period(date(2025, 12, 1), date(2026, 11, 29))
ROWS = {"call", "attempt", "consultation", "consultation_tag", "follow_up", "cases"}
INDEXES = {"ix_call_reach_started_at", "ix_consultation_reach_held_at"}
MANY = 6_000


def fill(session: Session) -> None:
    """Records of two organisations over three years, most of them held."""
    for line, number in (("skane", "0"), ("nationell", "1")):
        phone = PhoneNumber(f"+4670174064{number}")
        one = Staff(id=line, organisation=line, alias="Övning", name="Övning", phone=phone)
        one.competences, one.languages, one.created_at = [], [], NOW
        session.add(one)
    session.flush()
    instants = [NOW - number * timedelta(hours=4) for number in range(MANY)]
    owners: list[dict[str, Any]] = [
        {"line": line, "organisation": line, "source": Source.LIVE}
        for line in ("skane" if number % 3 else "nationell" for number in range(MANY))
    ]
    calls = [
        owner
        | {
            "sid": f"CA{number:032x}",
            "started_at": at,
            "last_heard_at": at,
            "arrived": True,
            "outcome": Outcome.ANSWERED,
            "turn": 0,
            "verdict_reason": "",
            "reason": "",
        }
        for number, (owner, at) in enumerate(zip(owners, instants, strict=True))
    ]
    records = [
        owner
        | {"opened_at": at, "held_at": at if number % 5 else None, "staff_id": owner["line"] if number % 5 else None}
        for number, (owner, at) in enumerate(zip(owners, instants, strict=True))
    ]
    session.execute(insert(Call), calls)
    session.execute(insert(Consultation), records)
    typed = select(Consultation.id, literal("type"), literal("FEL"), literal(1)).where(Consultation.id % 10 == 0)
    session.execute(insert(ConsultationTag).from_select(["consultation_id", "kind", "code", "position"], typed))
    others = select(Consultation.id, literal("service"), literal("SOC"), literal(1))
    session.execute(insert(ConsultationTag).from_select(["consultation_id", "kind", "code", "position"], others))
    session.commit()


PAGES: dict[str, Callable[[Session, Policy], object]] = {
    "figures": lambda session, policy: figures.of(session, policy, SKANE, figures.Asked(Span.WEEKS_52), NOW),
    "kept": lambda session, policy: kept_on(session, SKANE, [policy.lines[LINE]], YEAR),
    "staffing": lambda session, policy: staffing.of(session, policy, SKANE, staffing.Asked(), NOW),
    "trends": lambda session, policy: trends.of(session, policy, SKANE, Asked(), NOW),
    "municipalities": lambda session, policy: equal_access.of(
        session, policy, SKANE, equal_access.AskedReach(Asked()), NOW
    ),
    "the long curve": lambda session, policy: history.of(session, policy, SKANE, LINE, NOW),
    "files and the API": lambda session, policy: left_tallies.counted(session, policy, SKANE, LINE, months_of(YEAR)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_numbers_reads_tallies_by_index_and_no_row_that_they_are_made_of(
    session: Session, engine: Engine, policy: Policy, page: str
) -> None:
    put_tallies(session)
    analyse(session)
    narrow(session, SKANE)

    asked = _asked_while(engine, lambda: PAGES[page](session, policy))

    assert asked
    for statement, values in asked:
        read = set(re.findall(r"\b(?:FROM|JOIN) (\w+)", statement))
        assert not read & ROWS, statement
        if "tally" in read:
            plan = _plan(session, statement, values)
            assert "Seq Scan on tally" not in plan, plan
            assert not any(line.startswith("SCAN tally") for line in plan.splitlines()), plan


def test_a_day_is_counted_by_indexes(session: Session, engine: Engine, policy: Policy) -> None:
    fill(session)
    session.execute(delete(DirtyDay))
    analyse(session)
    session.execute(update(Call).where(Call.id == 1).values(outcome=Outcome.ABANDONED))

    asked = _asked_while(engine, lambda: tallies.refresh(session, policy, 1))

    plans = [_plan(session, *one) for one in asked if re.search(r"FROM (call|consultation)\b", one[0])]
    assert {index for plan in plans for index in INDEXES if index in plan} == INDEXES
    for plan in plans:
        assert "Seq Scan on c" not in plan, plan
        assert not any(line.startswith(("SCAN call", "SCAN consultation")) for line in plan.splitlines()), plan


def put_tallies(session: Session) -> None:
    """Numbers of two organisations for each day of three years."""
    cells = (CALLS, HELD, PROMISED, Cell(TallyUnit.CALL, Dimension.HOUR, "1-09-answered"))
    days = [NOW.date() - timedelta(days=number) for number in range(1_000)]
    for line in ("skane", "nationell"):
        owner = Owner(line, LineKey(line))
        stored.store(session, owner, Grain.DAY, {day: dict.fromkeys(cells, 1) for day in days})
    session.commit()


def analyse(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()


def _asked_while(engine: Engine, does: Callable[[], object]) -> list[tuple[str, Any]]:
    """What the database is asked meanwhile, with its values."""
    asked: list[tuple[str, Any]] = []

    def listen(*given: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy says
        asked.append((given[2], given[3]))

    event.listen(engine, "before_cursor_execute", listen)
    does()
    event.remove(engine, "before_cursor_execute", listen)
    return asked


def _plan(session: Session, statement: str, values: Any) -> str:  # noqa: ANN401 - whatever the driver was given
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{explain} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)
