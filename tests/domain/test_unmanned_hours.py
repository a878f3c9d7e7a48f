from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time

from app.domain.coverage import Unmanned, unmanned
from app.domain.policy import Schedule
from app.domain.rotas import Window
from tests.domain.hours_of_tests import opening_hours, wall
from tests.domain.rotas_of_tests import DAILY, people


def test_open_hours_outside_the_windows_of_all_rotas_are_unmanned() -> None:
    afternoons = replace(DAILY, window=Window(time(12), time(16)))
    schedule = Schedule("skane", opening_hours(), (afternoons,))

    found = unmanned(schedule, {}, people("anna"), wall("2026-01-07 10:00"), wall("2026-01-08 08:00"))

    nine, noon = (wall(f"2026-01-07 {at}").astimezone(UTC) for at in ("09:00", "12:00"))
    assert found == (Unmanned(nine, noon),)
