"""Retention: what is destroyed after how long, once an organisation has decided so, and what is counted of it before.

Nothing is destroyed without a decision (gallringsbeslut): periods here are proposals until somebody enters one.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.consultations import PlaceKind
from app.domain.errors import Problem, RejectedInput
from app.domain.register import SWEDEN
from app.domain.wall_clock import instant_at, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from app.domain.consultations import Place
    from app.domain.municipalities import CountyCode
    from app.domain.taxonomy import Code
    from app.domain.training import Occasion

SHORTEST_MONTHS, LONGEST_MONTHS = 1, 1200
LONGEST_REFERENCE = 120
_MONTHS_A_YEAR = 12
EARLIEST = date(1990, 1, 1)
_MIDNIGHT = time()


class RecordClass(StrEnum):
    """What has a rule of its own, in the order in which it is destroyed: nothing goes before what hangs on it.

    The register stays, and so does the read log (docs/decisions/0031); numbers to ring back are erased much earlier.
    """

    NOTES = "notes"
    """The notes of consultations. Those of hand-overs go with their case."""
    CALLBACKS = "callbacks"
    """Requests to be rung back, and the tries; their numbers are long gone."""
    CASES = "cases"
    """With their follow-ups and hand-overs. A consultation stays, without its case, until its own time has come."""
    CONSULTATIONS = "consultations"
    """What was answered and noted, and the record itself. One that is in a case waits for that to go."""
    CALLS = "calls"
    """With their events and attempts. The call of a consultation waits for that to go."""
    TRAININGS = "trainings"
    """Training occasions, with whom they were for. Nothing hangs on one."""
    OBSERVATIONS = "observations"
    """Notes on gaps and good examples. They belong to no record, and no record's rule reaches them."""


PROPOSED_MONTHS: Final[Mapping[RecordClass, int]] = MappingProxyType(
    {
        RecordClass.NOTES: 24,
        RecordClass.CALLBACKS: 12,
        RecordClass.CASES: 60,
        RecordClass.CONSULTATIONS: 60,
        RecordClass.CALLS: 24,
        RecordClass.TRAININGS: 60,
        RecordClass.OBSERVATIONS: 24,
    }
)
"""What the form proposes; it isn't a rule."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision to destroy. Raises ``RejectedInput``."""

    keep_months: int
    """How long a record is kept after the last thing that happened to it."""
    reference: str
    """The decision's number and name, as its authority knows it."""
    decided_on: date

    def __post_init__(self) -> None:
        problems = []
        if not SHORTEST_MONTHS <= self.keep_months <= LONGEST_MONTHS:
            allowed = f"{SHORTEST_MONTHS} to {LONGEST_MONTHS} months"
            problems.append(Problem("", "keep_months", str(self.keep_months), allowed))
        if not 0 < len(self.reference.strip()) <= LONGEST_REFERENCE:
            allowed = f"1 to {LONGEST_REFERENCE} characters"
            problems.append(Problem("", "reference", f"{len(self.reference.strip())} characters", allowed))
        if self.decided_on < EARLIEST:
            problems.append(Problem("", "decided_on", str(self.decided_on), f"a day since {EARLIEST}"))
        if problems:
            raise RejectedInput(problems)


def limit_of(keep_months: int, now: datetime) -> datetime:
    """What happened before this instant is old enough: midnight in Sweden, so many months ago.

    A month that has no such day counts by its last one.
    """
    today = local_time(now, SWEDEN).date()
    year, month = divmod(today.year * _MONTHS_A_YEAR + today.month - 1 - keep_months, _MONTHS_A_YEAR)
    first = date(max(year, 1), month + 1, 1)
    return instant_at(first.replace(day=min(today.day, monthrange(first.year, first.month)[1])), _MIDNIGHT, SWEDEN)


def month_of(at: datetime) -> date:
    """The first day of its month, in Sweden."""
    return local_time(at, SWEDEN).date().replace(day=1)


NO_LINE = ""
"""The line of what is its organisation's and no line's."""
ALL = ("all", "")
"""The dimension of everything, and its only code."""
Cell = tuple[str, str]
"""A dimension, and one of its codes: one question at a time, never two together."""


def cells_of_occasion(occasion: Occasion) -> Iterator[Cell]:
    """Where one training occasion is counted. Its minutes are a code, so that they can be summed up."""
    yield from cells_of_participants(occasion)
    yield "kind", occasion.kind.value
    yield "minutes", str(occasion.minutes)
    yield from _cells_of_place(occasion.place)


def cells_of_participants(occasion: Occasion) -> Iterator[Cell]:
    """Where each who took part is counted: in all, and for each service that it was for, as on the page of a year."""
    yield ALL
    for service in occasion.services:
        yield "service", service


def cells_of_observation(code: Code, service: Code | None, county: CountyCode | None) -> Iterator[Cell]:
    """Where one note is counted, whose words nobody opens for it."""
    yield ALL
    yield "gap", code
    if service is not None:
        yield "service", service
    if county is not None:
        yield "county", county


def _cells_of_place(place: Place) -> Iterator[Cell]:
    yield "place", place.kind.value
    if place.county is not None:
        yield "county", place.county
    if place.kind is PlaceKind.MUNICIPALITY and place.municipality is not None:
        yield "municipality", place.municipality
