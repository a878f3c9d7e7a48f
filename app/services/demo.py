"""Practice data: invented staff for every line, and some weeks of calls as the lines would have had them.

The volumes are a model, made from published figures of cases a year, and not a claim about any line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random
from typing import TYPE_CHECKING

from app.domain.hours import opening_at
from app.services.demo_calls import PlayedCall, Stage, play_call
from app.services.demo_people import practice_cast
from app.services.duty import dated_changes
from app.storage.queries.staff import is_anybody_there

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.calls import Outcome
    from app.domain.hours import OpeningHours
    from app.domain.lines import Line
    from app.domain.policy import Policy
    from app.domain.rotas import Membership
    from app.storage.models import Attempt, CallbackRequest, Consultation

WEEKS = 8
_SEED = "radrum"

_CASES_A_YEAR = {"nationell": 900, "skane": 390, "skaraborg": 90, "vastmanland": 80}
_CASES_ELSEWHERE = 80
_CALLS_A_CASE = 1.25
_WORKING_DAYS_A_YEAR = 250
_OUT_OF_HOURS = 0.18
"""Of all calls."""
_MONTHS = (0.95, 0.95, 1.0, 1.05, 1.35, 1.3, 0.45, 1.1, 1.45, 1.1, 0.85, 0.55)
_WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 0.75, 0.0, 0.0)
_HOURS = {9: 16, 10: 20, 11: 15, 12: 7, 13: 16, 14: 16, 15: 10}
_OTHER_HOURS = {7: 10, 8: 30, 16: 30, 17: 15, 18: 8, 19: 5, 20: 3, 21: 2, 11: 4, 13: 4}
"""Before and after, and on weekends; only those at which the line is closed are kept."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was filled in."""

    staff: int
    calls: int
    outcomes: Mapping[Outcome, int]


def fill(session: Session, policy: Policy, now: datetime) -> DemoReport | None:
    """Fill a database that has no staff; ``None``, and nothing touched, when it has some. Doesn't commit.

    The same clock gives the same data, the ids of staff and calls included. Of the calls there are records, attempts,
    callbacks and consultations, but no log of turns: no webhook of theirs will ever be repeated.
    """
    if is_anybody_there(session):
        return None
    cast = practice_cast(policy, now)
    session.add_all(cast.staff)
    session.flush()
    session.add_all(cast.rows())
    played: list[PlayedCall] = []
    for line in policy.lines.values():
        played += _history(session, policy, line, cast.memberships, now)
    _store(session, played)
    return DemoReport(len(cast.staff), len(played), Counter(one.call.outcome for one in played))


def _store(session: Session, played: Sequence[PlayedCall]) -> None:
    session.add_all(one.call for one in played)
    session.flush()
    for one in played:
        parts: list[Consultation | Attempt | CallbackRequest] = [one.consultation, *one.attempts]
        if one.callback:
            parts.append(one.callback)
        for part in parts:
            part.call_id = one.call.id
        session.add_all(parts)
    session.flush()


def _history(
    session: Session, policy: Policy, line: Line, memberships: Sequence[Membership], now: datetime
) -> Iterator[PlayedCall]:
    """The calls of one line, in the order in which they arrived."""
    hours = policy.schedules[line.key].hours
    first = now.astimezone(hours.zone).date() - timedelta(weeks=WEEKS)
    stage = Stage(policy, line, memberships, dated_changes(session, line.key, first))
    chance = Random(f"{_SEED} {line.key} {first}")  # noqa: S311 - practice data, the same for the same clock
    arrivals = sorted(instant for day in _days(first) for instant in _arrivals(hours, stage, day, chance))
    for began in arrivals:
        # Every call has chances of its own, so that one that is still under way changes none of the others.
        played = play_call(stage, began, now, Random(f"{_SEED} {line.key} {began}"))  # noqa: S311 - as above
        if played:
            yield played


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range(WEEKS * 7 + 1))


def _arrivals(hours: OpeningHours, stage: Stage, day: date, chance: Random) -> Iterator[datetime]:
    """Instants in UTC: in open hours by the hour's share, else only while the line is closed."""
    calls_a_day = _CASES_A_YEAR.get(stage.line.key, _CASES_ELSEWHERE) * _CALLS_A_CASE / _WORKING_DAYS_A_YEAR
    in_hours = calls_a_day * _MONTHS[day.month - 1]
    out_of_hours = in_hours * _OUT_OF_HOURS / (1 - _OUT_OF_HOURS) * 5 / 7
    for at in _instants(hours, day, _HOURS, _poisson(in_hours * _WEEKDAYS[day.weekday()], chance), chance):
        if opening_at(hours, stage.changes, at).is_open:
            yield at
    for at in _instants(hours, day, _OTHER_HOURS, _poisson(out_of_hours, chance), chance):
        if not opening_at(hours, stage.changes, at).is_open:
            yield at


def _instants(
    hours: OpeningHours, day: date, shares: Mapping[int, int], number: int, chance: Random
) -> Iterator[datetime]:
    for hour in chance.choices(list(shares), list(shares.values()), k=number):
        wall = time(hour, chance.randrange(60), chance.randrange(60))
        yield datetime.combine(day, wall, tzinfo=hours.zone).astimezone(UTC)


def _poisson(mean: float, chance: Random) -> int:
    """How many arrivals when ``mean`` are expected (Knuth's way: good for small means)."""
    number, product, bound = 0, chance.random(), exp(-mean)
    while product > bound:
        number += 1
        product *= chance.random()
    return number
