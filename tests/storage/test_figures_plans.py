"""The figures are counted by indexes, on both databases and behind the wall: never by reading all there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, literal, select, text

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.domain.trends import Span
from app.services import figures
from app.services.figures import Asked
from app.storage.models import Attempt, Call, Consultation, ConsultationTag, Staff
from app.storage.queries import staffing
from app.storage.scope import narrow

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
SKANE = Actor(
    AccountId("övning"), None, OrganisationKey("skane"), frozenset({LineKey("skane")}), frozenset({Role.MANAGER})
)
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
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()


def talk_through(session: Session) -> None:
    """Each call was taken by the one specialist of its line."""
    names = ["call_id", "staff_id", "token", "turn", "tier", "state", "began_at", "accepted_at", "ended_at"]
    at = Call.started_at
    states = (literal(Tier.PRIMARY.value), literal(AttemptState.ACCEPTED.value))
    rows = select(Call.id, Call.line, func.substr(Call.sid, 3), literal(1), *states, at, at, at, literal(600))
    session.execute(insert(Attempt).from_select([*names, "dial_seconds"], rows))
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()


@pytest.mark.parametrize("span", [Span.WEEKS_13, Span.WEEKS_52])
def test_a_page_of_figures_reads_what_it_counts(session: Session, engine: Engine, policy: Policy, span: Span) -> None:
    fill(session)
    asked: list[tuple[str, Any]] = []
    narrow(session, SKANE)
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))

    figures.of(session, policy, SKANE, Asked(span), NOW)

    plans = [_plan(session, statement, values) for statement, values in tuple(asked) if "FROM c" in statement]
    assert len(plans) == 3
    assert {index for plan in plans for index in INDEXES if index in plan} == INDEXES
    for plan in plans:
        assert "Seq Scan" not in plan, plan
        assert not any(line.startswith(("SCAN call", "SCAN consultation")) for line in plan.splitlines()), plan


def test_staffing_reads_the_calls_of_its_period(session: Session, engine: Engine) -> None:
    fill(session)
    talk_through(session)
    asked: list[tuple[str, Any]] = []
    narrow(session, SKANE)
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))

    staffing.offered(session, SKANE, LineKey("skane"), NOW - timedelta(weeks=13), NOW)

    plans = [_plan(session, statement, values) for statement, values in tuple(asked) if "FROM call" in statement]
    assert len(plans) == 2
    for plan in plans:
        assert "ix_call_" in plan, plan
        assert "Seq Scan on call" not in plan, plan
        assert not any(line.startswith("SCAN call") for line in plan.splitlines()), plan


def _plan(session: Session, statement: str, values: Any) -> str:  # noqa: ANN401 - whatever the driver was given
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{explain} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)
