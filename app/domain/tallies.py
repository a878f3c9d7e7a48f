"""What of a held consultation, a call, a follow-up and a case is counted, and where: the one place that says so.

Each number is of one unit and answers one question; no number answers two, so that none says of few people what it was
about and where. Waits and talks are kept as histograms, from which medians and other quantiles are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.calendar_periods import Kind, period_with
from app.domain.consultations import PlaceKind
from app.domain.followups import FollowUpEnd
from app.domain.histograms import step_of
from app.domain.taxonomy import Code, GroupKey
from app.domain.trends import WRONG_TARGET, Period
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from app.domain.calls import Outcome
    from app.domain.channels import Channel
    from app.domain.consultations import Answers


class TallyUnit(StrEnum):
    """What is counted. No two are ever added up."""

    CALL = "call"
    CONSULTATION = "consultation"
    PERSON = "person"
    """Exposed persons, as counted in the records."""
    FOLLOW_UP = "follow_up"
    TRAINING = "training"
    """Training occasions."""
    PARTICIPANT = "participant"
    """Those who took part in training occasions."""
    OBSERVATION = "observation"
    """Notes on gaps and good examples."""
    CASE = "case"
    """Cases, when they were opened."""


class Grain(StrEnum):
    """How long the time is that a stored number is of."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Cell(NamedTuple):
    """Where something is counted: a unit, a question, and one of its answers."""

    unit: TallyUnit
    dimension: str
    code: str


Question = tuple[TallyUnit, str]
"""A unit and a dimension."""


class Piece(NamedTuple):
    """Whole days, months, quarters or years that follow upon each other: by their first days, both included."""

    grain: Grain
    first: date
    last: date


class Dimension:
    """The questions that aren't groups of the taxonomy."""

    ALL: Final = "all"
    """Everything of its unit; the code is empty. Of consultations those with wrong targets too."""
    CHANNEL: Final = "channel"
    PLACE: Final = "place"
    """How exactly the place is known: ``PlaceKind``."""
    COUNTY: Final = "county"
    MUNICIPALITY: Final = "municipality"
    EXPOSED: Final = "exposed"
    """How many persons a consultation concerned; the number is the code."""
    AGE: Final = "age"
    """Of persons: that of the youngest of their consultation."""
    GENDER: Final = "gender"
    CONTINUED: Final = "continued"
    """Of the later consultations of a case: whether the same specialist held it as the one before."""
    OUTCOME: Final = "outcome"
    """Of calls: what became of them. Of follow-ups: ``Promise``."""
    HOUR: Final = "hour"
    """Of calls: weekday (1 is Monday), hour and outcome, as ``1-09-answered``."""
    WAIT: Final = "wait"
    TALK: Final = "talk"
    """Of answered calls: the least seconds of the step of the histogram that they are in."""


class Continued(StrEnum):
    """Who held the consultation before, in the same case."""

    SAME = "same"
    OTHER = "other"


class Promise(StrEnum):
    """What became of a follow-up."""

    KEPT = "kept"
    LATE = "late"
    DROPPED = "dropped"
    OPEN = "open"


HELD: Final = Cell(TallyUnit.CONSULTATION, Dimension.ALL, "")
"""Consultations that were held, wrong targets and all."""
WRONG: Final = Cell(TallyUnit.CONSULTATION, *WRONG_TARGET)
"""Those with somebody whom the line isn't for: they are in ``HELD``, and answer no other question than their type."""
CALLS: Final = Cell(TallyUnit.CALL, Dimension.ALL, "")
PERSONS: Final = Cell(TallyUnit.PERSON, Dimension.ALL, "")
PROMISED: Final = Cell(TallyUnit.FOLLOW_UP, Dimension.ALL, "")
CASES: Final = Cell(TallyUnit.CASE, Dimension.ALL, "")
"""Cases that were opened, and are there still: of those that were destroyed nothing stays."""

_SHORTEST_FIRST = tuple(Grain)
_KINDS = {Grain.MONTH: Kind.MONTH, Grain.QUARTER: Kind.QUARTER, Grain.YEAR: Kind.YEAR}
_AGE, _GENDER = GroupKey("age"), GroupKey("gender")
_UNKNOWN = "OKAND"


@dataclass(frozen=True, slots=True)
class HeldConsultation:
    """What is counted of a consultation that was held."""

    answers: Answers
    channel: Channel
    continued: Continued | None = None
    """``None`` for the first of a case, and for one without a case."""


@dataclass(frozen=True, slots=True)
class CountedCall:
    """What is counted of a call. ``at``: when it began, on the line's wall clock."""

    at: datetime
    outcome: Outcome
    wait_seconds: int | None
    talk_seconds: int | None
    """``None`` unless it was answered, both."""


def cells_of(held: HeldConsultation) -> Iterator[tuple[Cell, int]]:
    """Where a consultation is counted, and how much it counts there: once, but for its persons."""
    yield HELD, 1
    kind, wrong = WRONG_TARGET
    if wrong in held.answers.chosen.get(kind, ()):
        yield WRONG, 1
        return
    for group, codes in held.answers.chosen.items():
        for code in codes:
            yield _of_consultation(group, code), 1
    yield _of_consultation(Dimension.CHANNEL, held.channel), 1
    if held.continued is not None:
        yield _of_consultation(Dimension.CONTINUED, held.continued), 1
    yield from _of_place(held.answers)
    yield from _of_persons(held.answers)


def cells_of_call(call: CountedCall) -> Iterator[Cell]:
    """Where a call is counted, once in each."""
    yield CALLS
    yield Cell(TallyUnit.CALL, Dimension.OUTCOME, call.outcome)
    yield Cell(TallyUnit.CALL, Dimension.HOUR, hour_code(call.at.isoweekday(), call.at.hour, call.outcome))
    if call.wait_seconds is not None:
        yield Cell(TallyUnit.CALL, Dimension.WAIT, step_of(call.wait_seconds))
    if call.talk_seconds is not None:
        yield Cell(TallyUnit.CALL, Dimension.TALK, step_of(call.talk_seconds))


def cells_of_promise(promise: Promise) -> Iterator[Cell]:
    """Where a follow-up is counted, once in each."""
    yield PROMISED
    yield Cell(TallyUnit.FOLLOW_UP, Dimension.OUTCOME, promise)


def promise_of(ended_as: FollowUpEnd | None, *, within_two_weeks: bool) -> Promise:
    """What became of a follow-up: ``ended_as`` is ``None`` while it is open."""
    if ended_as is None:
        return Promise.OPEN
    if ended_as is not FollowUpEnd.DONE:
        return Promise.DROPPED
    return Promise.KEPT if within_two_weeks else Promise.LATE


def hour_code(weekday: int, hour: int, outcome: Outcome) -> str:
    """The code of ``Dimension.HOUR``. ``weekday``: 1 is Monday."""
    return f"{weekday}-{hour:02d}-{outcome}"


def of_hour(code: str) -> tuple[int, int, str]:
    """Weekday, hour and outcome of a code of ``Dimension.HOUR``."""
    weekday, hour, outcome = code.split("-", 2)
    return int(weekday), int(hour), outcome


def pieces_of(*periods: Period, longest: Grain = Grain.YEAR) -> tuple[Piece, ...]:
    """What has to be read for periods that follow upon each other: of each the longest parts that it has whole.

    Parts of one grain that follow upon each other are one piece, also where they belong to two periods. ``longest``:
    none is longer than that.
    """
    found: list[Piece] = []
    for period in periods:
        day = period.first
        while day <= period.last:
            grain, last = _longest(day, period.last, longest)
            begins = found.pop().first if found and found[-1].grain is grain else day
            found.append(Piece(grain, begins, day))
            day = last + ONE_DAY
    return tuple(found)


def _longest(day: date, until: date, longest: Grain) -> tuple[Grain, date]:
    """The longest part that begins on this day and isn't over later than that, and its last day."""
    for grain in reversed(_SHORTEST_FIRST[: _SHORTEST_FIRST.index(longest) + 1]):
        part = period_with(_KINDS[grain], day) if grain in _KINDS else Period(day, day)
        if part.first == day and part.last <= until:
            return grain, part.last
    return Grain.DAY, day


def _of_consultation(dimension: str, code: str) -> Cell:
    return Cell(TallyUnit.CONSULTATION, dimension, code)


def _of_place(answers: Answers) -> Iterator[tuple[Cell, int]]:
    place = answers.place
    if place is None:
        return
    yield _of_consultation(Dimension.PLACE, place.kind), 1
    if place.county is not None:
        yield _of_consultation(Dimension.COUNTY, place.county), 1
    if place.kind is PlaceKind.MUNICIPALITY and place.municipality is not None:
        yield _of_consultation(Dimension.MUNICIPALITY, place.municipality), 1


def _of_persons(answers: Answers) -> Iterator[tuple[Cell, int]]:
    if answers.exposed is None:
        return
    yield _of_consultation(Dimension.EXPOSED, str(answers.exposed)), 1
    if not answers.exposed:
        return
    yield PERSONS, answers.exposed
    for dimension, group in ((Dimension.AGE, _AGE), (Dimension.GENDER, _GENDER)):
        for code in answers.chosen.get(group, (Code(_UNKNOWN),)):
            yield Cell(TallyUnit.PERSON, dimension, code), answers.exposed
