"""Layers over a rota, built in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.layers import Absence, Cover, Pause, TemporarySchedule, WrapUp
from app.domain.lines import StaffId
from tests.domain.hours_of_tests import wall
from tests.domain.rotas_of_tests import SKANE

if TYPE_CHECKING:
    from app.domain.rotas import RotaKey

MORNING, NEXT_MORNING = "2026-01-05 09:00", "2026-01-06 09:00"


def temporary(*names: str, begins: str = MORNING, ends: str = NEXT_MORNING, rota: RotaKey = SKANE) -> TemporarySchedule:
    """These people, in this order."""
    return TemporarySchedule(wall(begins), wall(ends), rota, tuple(map(StaffId, names)))


def cover(
    stands_in: str | None,
    instead_of: str | None,
    begins: str = MORNING,
    ends: str = NEXT_MORNING,
    rota: RotaKey = SKANE,
) -> Cover:
    """One person for another; an empty place adds or removes."""
    new, old = (StaffId(name) if name else None for name in (stands_in, instead_of))
    return Cover(wall(begins), wall(ends), rota, new, old)


def absence(name: str, begins: str = MORNING, ends: str = NEXT_MORNING) -> Absence:
    """Not there."""
    return Absence(wall(begins), wall(ends), StaffId(name))


def pause(name: str, begins: str = MORNING, ends: str = NEXT_MORNING) -> Pause:
    """There, but takes no calls."""
    return Pause(wall(begins), wall(ends), StaffId(name))


def wrap_up(name: str, begins: str = MORNING, ends: str = NEXT_MORNING) -> WrapUp:
    """Just after a call."""
    return WrapUp(wall(begins), wall(ends), StaffId(name))
