"""The two times of a practice call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.simulator.clock import VirtualClock, WallClock
from app.simulator.engine import place_call
from app.simulator.plan import CallPlan
from app.simulator.transcript import Ending
from tests.support.scripted import LINE, Script, serving

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_virtual_time_passes_without_waiting() -> None:
    clock = VirtualClock(NINE)

    clock.pass_seconds(86_400)

    assert clock.now == NINE + timedelta(days=1)
    assert clock.practice_now == "2026-11-24T08:00:00+00:00"


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="with an offset"):
        VirtualClock(NINE.replace(tzinfo=None))


def test_in_real_time_the_service_reads_its_own_clock_and_the_call_takes_as_long_as_it_takes() -> None:
    with serving(Script({"/voice": "<Say>Hej.</Say>"})) as script:
        transcript = place_call(script.service, CallPlan(LINE), clock=WallClock())

    assert "PracticeNow" not in script.one("/voice").form
    assert transcript.ending is Ending.SPEECH
    assert transcript.ended_at - transcript.began_at >= timedelta(seconds=1)
