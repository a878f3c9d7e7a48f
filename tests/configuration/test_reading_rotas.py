"""Rotas that the shipped files don't have: turns of hours, and parts of the day."""

from __future__ import annotations

import tomllib
from datetime import time
from typing import TYPE_CHECKING

import pytest

from app.domain.rotas import Rota, RotaUnit, Window
from app.reading import swedish_calendar
from app.reading.schedules import parse_schedule

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.errors import Problem
    from app.domain.policy import Schedule


def schedule(root: Path, *changes: tuple[str, str]) -> Schedule:
    """The shipped schedule of Skåne, changed."""
    text = (root / "schedules" / "skane.toml").read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new, 1)
    problems: list[Problem] = []
    read = parse_schedule("skane", "schedules/skane.toml", tomllib.loads(text), swedish_calendar(), problems)
    assert read is not None
    assert problems == []
    return read


def first_rota(root: Path, *changes: tuple[str, str]) -> Rota:
    """Its first rota."""
    return schedule(root, *changes).rotas[0]


def test_without_a_window_a_rota_is_on_duty_around_the_clock(root: Path) -> None:
    assert first_rota(root).window is None


@pytest.mark.parametrize(
    ("written", "window"),
    [("12:00-16:00", Window(time(12), time(16))), ("22:00-06:00", Window(time(22), time(6)))],
)
def test_a_window_may_cross_midnight(root: Path, written: str, window: Window) -> None:
    rota = first_rota(root, ("at_once = 2", f'at_once = 2\nwindow = "{written}"'))

    assert rota.window == window
    assert rota.unit is RotaUnit.DAY


def test_an_hourly_rota_counts_from_the_beginning_of_its_window(root: Path) -> None:
    hourly = ('unit = "day"\nlength = 1', 'unit = "hour"\nlength = 4')
    from_nine = ('handover = "00:00"', 'handover = "09:00"\nwindow = "09:00-16:00"')

    rota = first_rota(root, hourly, from_nine)

    assert (rota.unit, rota.length, rota.handover) == (RotaUnit.HOUR, 4, time(9))
    assert rota.window == Window(time(9), time(16))


def test_an_hourly_rota_needs_no_window(root: Path) -> None:
    assert first_rota(root, ('unit = "day"', 'unit = "hour"')).unit is RotaUnit.HOUR


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("wrap_up_minutes = 2", 2), ("wrap_up_minutes = 0", 0), ("wrap_up_minutes = 60", 60), ("", 0)],
)
def test_the_minutes_after_a_call_are_none_unless_they_are_given(root: Path, written: str, minutes: int) -> None:
    assert schedule(root, ("wrap_up_minutes = 2", written)).wrap_up_minutes == minutes
