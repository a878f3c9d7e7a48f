"""What a request to be rung back waits for, how a try ended, and when it is safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from app.domain.callbacks import (
    BackFacts,
    BackState,
    CallbackState,
    Closing,
    RequestFacts,
    SafeHours,
    settle_back,
    state_of,
)
from app.domain.calls import CallStatus

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FREE = RequestFacts(closed_as=None, is_ringing=False, is_taken=False, is_passed_on=False, missed=0)
LIVE = {BackState.RINGING, BackState.DIALLING, BackState.TALKING}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (FREE, CallbackState.WAITING),
        (replace(FREE, missed=2), CallbackState.NOT_REACHED),
        (replace(FREE, is_taken=True, missed=2), CallbackState.TAKEN),
        (replace(FREE, is_taken=True, is_passed_on=True), CallbackState.PASSED_ON),
        (replace(FREE, is_taken=True, is_ringing=True), CallbackState.RINGING),
        (replace(FREE, closed_as=Closing.TALKED), CallbackState.DONE),
        *((replace(FREE, closed_as=one), CallbackState.WITHDRAWN) for one in Closing if one is not Closing.TALKED),
    ],
)
def test_a_request_waits_for_one_thing(facts: RequestFacts, state: CallbackState) -> None:
    assert state_of(facts) is state


def test_a_try_is_live_exactly_until_it_ended() -> None:
    statuses = [None, *CallStatus]

    for ended, accepted, declined, answered in product([False, True], repeat=4):
        for staff, caller in product(statuses, statuses):
            facts = BackFacts(ended, accepted, declined, answered, staff, caller)
            assert (settle_back(facts) in LIVE) is not ended


@pytest.mark.parametrize(("hour", "is_safe"), [("09:59", False), ("10:00", True), ("13:59", True), ("14:00", False)])
def test_it_is_safe_by_the_clock_on_the_lines_wall(hour: str, is_safe: bool) -> None:  # noqa: FBT001 - a table
    now = datetime.combine(datetime(2026, 7, 1, tzinfo=UTC).date(), time.fromisoformat(hour), STOCKHOLM)

    assert SafeHours(time(10), time(14)).holds(now.astimezone(UTC), STOCKHOLM) is is_safe


@pytest.mark.parametrize(
    ("begins", "ends"), [(time(14), time(10)), (time(10), time(10)), (time(10, tzinfo=UTC), time(14))]
)
def test_hours_that_never_come_are_no_safe_hours(begins: time, ends: time) -> None:
    with pytest.raises(ValueError, match="same day"):
        SafeHours(begins, ends)
