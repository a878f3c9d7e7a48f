"""The lines in reach just now: who is on duty, what they do, and what comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event, text

from app.domain.callbacks import BackState
from app.domain.callflow.values import NumberSource
from app.domain.lines import LineKey
from app.domain.today import Doing
from app.services.today.today_duty import duty_now
from app.storage.models import CallbackAttempt, CallbackRequest, DatedHours, Pause
from tests.services.on_duty import AT_TEN, MADE, TUESDAY, change, hire, hire_all, miss, plan, talked, wall
from tests.services.today_cast import ONE_MINUTE, actor, add_call, ring, take

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.today.today_duty import LineNow

ALFA = actor()


def line_now(session: Session, policy: Policy) -> LineNow:
    (shown,) = duty_now(session, policy, ALFA, AT_TEN).lines
    return shown


def doing(session: Session, policy: Policy) -> list[tuple[str, Doing]]:
    return [(one.alias, one.doing) for one in line_now(session, policy).people]


def test_those_on_duty_stand_in_ringing_order_with_what_they_do(session: Session, policy: Policy) -> None:
    hire_all(session)
    take(session, add_call(session, AT_TEN), "beta", AT_TEN)
    ring(session, add_call(session, AT_TEN), "delta", AT_TEN)

    shown = line_now(session, policy)

    assert {(one.alias, one.doing) for one in shown.people} == {
        ("Alfa", Doing.FREE),
        ("Beta", Doing.IN_CALL),
        ("Delta", Doing.RINGING),
    }
    assert [one.staff for one in shown.people] == [one.staff for one in shown.on_duty]
    assert shown.people[-1].tier == "backup"
    assert shown.gap_until is None


def test_whoever_pauses_comes_last_with_the_reason_and_when_they_are_back(session: Session, policy: Policy) -> None:
    hire_all(session)
    back = AT_TEN + 30 * ONE_MINUTE
    session.add(Pause(staff_id="alfa", begins=AT_TEN - ONE_MINUTE, ends=back, reason="lunch"))

    last = line_now(session, policy).people[-1]

    assert (last.alias, last.doing) == ("Alfa", Doing.PAUSED)
    assert last.pause is not None
    assert (last.pause.reason, last.pause.ends) == ("lunch", back)


def test_who_just_hung_up_finishes_and_who_rings_back_is_in_a_call(session: Session, policy: Policy) -> None:
    hire_all(session)
    talked(session, "alfa", AT_TEN - ONE_MINUTE)
    call = add_call(session, AT_TEN - 60 * ONE_MINUTE, AT_TEN)
    request = CallbackRequest(call_id=call.id, organisation="skane", line="skane", made_at=MADE)
    request.number_source = NumberSource.CALLER
    session.add(request)
    session.flush()
    back = CallbackAttempt(request_id=request.id, organisation="skane", line="skane", staff_id="beta", token="t")
    back.state, back.began_at = BackState.TALKING, AT_TEN
    session.add(back)

    found = dict(doing(session, policy))

    assert found == {"Alfa": Doing.WRAPPING_UP, "Beta": Doing.IN_CALL, "Delta": Doing.FREE}


def test_who_stands_in_says_for_whom(session: Session, policy: Policy) -> None:
    hire_all(session)
    change(session, "gamma", "alfa")

    found = {one.alias: one.instead_of for one in line_now(session, policy).people}

    assert found == {"Gamma": "Alfa", "Beta": None, "Delta": None}


def test_an_open_line_without_anybody_says_until_when(session: Session, policy: Policy) -> None:
    hire(session, "alfa", "skane")
    session.add(Pause(staff_id="alfa", begins=AT_TEN - ONE_MINUTE, ends=None, reason=""))

    shown = line_now(session, policy)

    assert shown.gap_until == wall("2026-11-23 16:00")
    assert [one.doing for one in shown.people] == [Doing.PAUSED]


def test_the_next_change_names_who_comes_or_nobody(session: Session, policy: Policy) -> None:
    hire_all(session)
    plan(session, "gamma", begins=wall("2026-11-23 13:00"), ends=TUESDAY)
    for name in ("gamma", "delta"):
        miss(session, name, wall("2026-11-23 14:00"), TUESDAY)

    coming = line_now(session, policy).next

    assert coming is not None
    assert (coming.at, coming.people) == (wall("2026-11-23 13:00"), ("Gamma", "Delta"))


def test_a_dated_change_closes_the_line_and_says_why(session: Session, policy: Policy) -> None:
    hire_all(session)
    session.add(DatedHours(line="skane", day=AT_TEN.date(), intervals=[], because="utbildning", made_at=MADE))
    session.add(DatedHours(line="nationell", day=TUESDAY.date(), intervals=[], because="annat", made_at=MADE))
    session.flush()

    shown = line_now(session, policy)

    assert shown.opening.closed is not None
    assert shown.opening.closed.name == "utbildning"
    assert (shown.people, shown.gap_until) == ((), None)
    assert shown.next is not None
    assert shown.next.at == wall("2026-11-24 09:00")


def test_more_lines_take_no_more_queries(session: Session, engine: Engine, policy: Policy) -> None:
    hire_all(session)
    session.execute(text("SELECT 1"))  # to begin isn't a question
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    counts = []
    for lines in (("skane",), tuple(policy.lines)):
        asked.clear()
        duty = duty_now(session, policy, actor(lines=lines), AT_TEN)
        counts.append(len(asked))
        assert [one.line.key for one in duty.lines] == [LineKey(key) for key in policy.lines if key in lines]

    assert counts[0] == counts[1] <= 6


def test_who_is_in_reach_of_no_line_is_told_of_none(session: Session, policy: Policy) -> None:
    duty = duty_now(session, policy, actor(staff=None, lines=()), AT_TEN + timedelta(days=1))

    assert (duty.lines, dict(duty.plans)) == ((), {})
