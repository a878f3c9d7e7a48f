"""What lies over the rotas of a line, from the tables to the ringing order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app.domain.calls import AttemptState
from app.domain.layers import UNTIL_FURTHER_NOTICE
from app.services.rota.layers import layers_at, layers_during
from app.storage.models import Pause
from tests.services.on_duty import (
    AT_TEN,
    MONDAY,
    SKANE,
    TUESDAY,
    change,
    hire,
    hire_all,
    miss,
    plan,
    roster,
    rung,
    talked,
    wall,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SECOND = timedelta(seconds=1)


@pytest.fixture
def manned(session: Session) -> Session:
    hire_all(session)
    return session


def pause(session: Session, name: str, begins: datetime = MONDAY, ends: datetime | None = None) -> None:
    session.add(Pause(staff_id=name, begins=begins, ends=ends, reason=""))
    session.flush()


def test_with_nothing_over_it_the_rota_holds(manned: Session, policy: Policy) -> None:
    found = rung(manned, policy)

    assert sorted(found[:2]) == ["alfa", "beta"]
    assert found[2:] == ["delta"]


def test_a_temporary_schedule_goes_before_covers_and_absences(manned: Session, policy: Policy) -> None:
    change(manned, "gamma", "alfa")
    miss(manned, "epsilon")
    plan(manned, "epsilon", "beta")

    assert rung(manned, policy) == ["epsilon", "beta", "delta"]
    assert roster(manned, policy, AT_TEN)[0].why == "skane · temporary · 1/2"


def test_a_temporary_schedule_with_nobody_leaves_the_backup_alone(manned: Session, policy: Policy) -> None:
    plan(manned)

    assert rung(manned, policy) == ["delta"]


def test_of_two_temporary_schedules_the_one_agreed_last_holds(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", begins=AT_TEN)
    plan(manned, "epsilon")

    assert rung(manned, policy) == ["epsilon", "delta"]


def test_covers_and_absences_go_before_the_rota(manned: Session, policy: Policy) -> None:
    change(manned, "gamma", "alfa")
    miss(manned, "beta")

    assert rung(manned, policy) == ["gamma", "delta"]


def test_covers_act_in_the_order_in_which_they_were_agreed(manned: Session, policy: Policy) -> None:
    change(manned, "gamma", "alfa")
    change(manned, "epsilon", "gamma")
    change(manned, None, "beta")
    change(manned, "gamma", None)

    assert rung(manned, policy) == ["epsilon", "gamma", "delta"]


def test_a_layer_of_one_rota_leaves_the_other_alone(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", rota="skane-backup")
    change(manned, "epsilon", None, rota="skaraborg")

    assert sorted(rung(manned, policy)) == ["alfa", "beta", "gamma"]


def test_a_hand_over_is_at_the_exact_second(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", begins=AT_TEN, ends=AT_TEN + timedelta(hours=1))

    assert "gamma" not in rung(manned, policy, AT_TEN - SECOND)
    assert rung(manned, policy, AT_TEN) == ["gamma", "delta"]
    assert rung(manned, policy, AT_TEN + timedelta(hours=1) - SECOND) == ["gamma", "delta"]
    assert "gamma" not in rung(manned, policy, AT_TEN + timedelta(hours=1))


def test_who_pauses_is_not_rung_even_if_nobody_else_is_left(manned: Session, policy: Policy) -> None:
    for name in ("alfa", "beta", "delta"):
        pause(manned, name, AT_TEN)

    assert len(rung(manned, policy, AT_TEN - SECOND)) == 3
    assert rung(manned, policy) == []


def test_a_pause_with_an_end_is_over_at_it(manned: Session, policy: Policy) -> None:
    pause(manned, "delta", MONDAY, AT_TEN)

    assert "delta" not in rung(manned, policy, AT_TEN - SECOND)
    assert "delta" in rung(manned, policy, AT_TEN)


@pytest.mark.parametrize(
    ("after", "is_last"),
    [(timedelta(), True), (timedelta(minutes=2) - SECOND, True), (timedelta(minutes=2), False), (-SECOND, False)],
)
def test_who_writes_down_a_call_is_rung_last_of_their_tier(
    manned: Session, policy: Policy, after: timedelta, *, is_last: bool
) -> None:
    first, second, backup = rung(manned, policy)
    talked(manned, first, AT_TEN)

    found = roster(manned, policy, AT_TEN + after)

    assert [one.staff for one in found] == ([second, first, backup] if is_last else [first, second, backup])
    assert [one.wraps_up for one in found] == [False, is_last, False]


def test_a_phone_that_was_not_answered_is_nothing_to_write_down(manned: Session, policy: Policy) -> None:
    before = rung(manned, policy)
    talked(manned, before[0], AT_TEN, AttemptState.NO_ANSWER)

    assert rung(manned, policy) == before


def test_what_was_withdrawn_has_no_effect_from_then_on(manned: Session, policy: Policy) -> None:
    usual = rung(manned, policy)
    for one in (plan(manned, "gamma"), change(manned, "epsilon", None), miss(manned, "delta")):
        one.withdrawn_at = AT_TEN
    never = plan(manned, "epsilon", begins=AT_TEN)
    never.withdrawn_at = MONDAY
    manned.flush()

    assert rung(manned, policy, AT_TEN - SECOND) == ["gamma"]
    assert rung(manned, policy, AT_TEN) == usual


def test_absences_of_others_change_nothing(manned: Session, policy: Policy) -> None:
    usual = rung(manned, policy)
    hire(manned, "alfa", "skaraborg", organisation="skaraborg", staff_id="other")
    miss(manned, "other")
    pause(manned, "other")

    assert rung(manned, policy) == usual


@pytest.mark.parametrize(
    ("begins", "ends"), [("2026-10-25 02:00", "2026-10-26 00:00"), ("2026-03-29 02:00", "2026-03-30 00:00")]
)
def test_a_change_that_ends_after_the_clock_was_set_ends_on_the_wall(
    manned: Session, policy: Policy, begins: str, ends: str
) -> None:
    plan(manned, "gamma", begins=wall(begins), ends=wall(ends) + timedelta(hours=10))

    assert rung(manned, policy, wall(ends) + timedelta(hours=10) - SECOND) == ["gamma", "delta"]
    assert "gamma" not in rung(manned, policy, wall(ends) + timedelta(hours=10))


def test_pauses_of_the_present_count_for_a_caller_who_was_let_in_before_closing(
    manned: Session, policy: Policy
) -> None:
    last_open, now = wall("2026-11-23 16:00") - timedelta.resolution, wall("2026-11-23 16:04")
    first, second, backup = rung(manned, policy, last_open)
    pause(manned, backup, wall("2026-11-23 16:01"))
    talked(manned, first, wall("2026-11-23 16:03"))

    assert rung(manned, policy, last_open) == [first, second, backup]
    assert rung(manned, policy, last_open, now=now) == [second, first]


def test_a_period_has_all_that_holds_in_it(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", "alfa", begins=MONDAY, ends=AT_TEN)
    change(manned, "gamma", None, AT_TEN, TUESDAY)
    change(manned, "gamma", None, TUESDAY, TUESDAY + timedelta(hours=1))
    miss(manned, "beta", MONDAY - timedelta(hours=1), MONDAY)
    miss(manned, "beta", MONDAY - timedelta(hours=1), MONDAY + SECOND)
    pause(manned, "delta", AT_TEN)
    talked(manned, "alfa", AT_TEN)

    found = layers_during(manned, policy.schedules[SKANE], MONDAY, TUESDAY)

    assert [one.people for one in found.temporary] == [("gamma", "alfa")]
    assert [(one.begins, one.ends) for one in found.covers] == [(AT_TEN, TUESDAY)]
    assert [one.ends for one in found.absences] == [MONDAY + SECOND]
    assert [one.ends for one in found.pauses] == [UNTIL_FURTHER_NOTICE]
    assert found.wrap_ups == ()


def test_all_kinds_come_with_one_question(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", "alfa")
    change(manned, "gamma", None)
    miss(manned, "beta")
    pause(manned, "delta")
    talked(manned, "alfa", AT_TEN)
    asked: list[str] = []
    engine = manned.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))

    found = layers_at(manned, policy.schedules[SKANE], AT_TEN)

    assert len(asked) == 1
    kinds = (found.temporary, found.covers, found.absences, found.pauses, found.wrap_ups)
    assert list(map(len, kinds)) == [1] * len(kinds)
