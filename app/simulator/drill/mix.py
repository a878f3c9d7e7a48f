"""A drill: many calls at once, as different as they come, with everything going wrong on the way.

Calls come in rushes, more than the staff can take: some talk, some wait, some are passed on to another line.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from app.domain.hours import Span, open_spans
from app.simulator.caller import WITHHELD_FORMS, CallerScript, Moment
from app.simulator.faults import CallbackFault, FaultPlan, RequestFault
from app.simulator.phones import PhoneBehaviour, Reaction, some_voicemails
from app.simulator.plan import CallPlan
from app.simulator.variants import any_variants

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from app.domain.hours import OpeningHours
    from app.domain.policy import Policy

MENUS = (
    (),
    ("1",),
    ("1", "3"),
    ("2",),
    ("9", "1"),
    ("9", "#"),
    ("", "1"),
    ("1", "", "1", "1"),
    ("1", "", "", "1", "1"),
    ("1", "", "", "", "", "1", "2", "0701740612#", "1"),
    ("1", "1"),
    ("1", "2", "0701740612#", "1"),
)
"""What callers key, question by question: who they are, what it is about where that is asked, and then, on hold, 1 to
be rung back. The more patient wait for a human first."""
REQUEST_FAULTS = (
    (RequestFault.TWICE_SAME_TOKEN, 0.10),
    (RequestFault.TWICE_NEW_TOKEN, 0.10),
    (RequestFault.TWICE_AT_ONCE, 0.10),
    (RequestFault.LOST_ONCE, 0.05),
    (RequestFault.ANSWER_LOST, 0.05),
    (RequestFault.LOST, 0.02),
)
CALLBACK_FAULTS = (
    (CallbackFault.DROPPED, 0.10),
    (CallbackFault.DOUBLED, 0.10),
    (CallbackFault.DELAYED, 0.10),
    (CallbackFault.HELD_BACK, 0.10),
    (CallbackFault.AT_ONCE, 0.10),
)
"""How often each of them strikes a request or a callback: far more often than in life."""
FAULT_NAMES = (*(fault.value for fault, _ in REQUEST_FAULTS), *(fault.value for fault, _ in CALLBACK_FAULTS))

RUSH = 50
"""Calls that come together."""
_BETWEEN_CALLS = timedelta(seconds=9)
"""On average, over all lines: somewhat more than the practice staff can take."""
_LONGEST_TALK_SECONDS = 420
_LOOK_AHEAD_DAYS = 700
"""Enough for a rush a day, however many calls there are."""
_LAST_SHARE = 0.3
"""Of the rushes: those that last until closing time. Their last callers are let in, and served after it."""
_WITHHELD_SHARE = 0.2
_HANGING_UP_SHARE = 0.35
_CLOSED_SHARE = 0.05
_UNREACHED_SHARE = 0.25
_REFUSALS = (Reaction.BUSY, Reaction.NO_ANSWER, Reaction.DECLINES, Reaction.HANGS_UP)


def faults_named(names: Collection[str]) -> FaultPlan:
    """The faults of those names, each as often as in a full drill."""
    return FaultPlan(
        requests=tuple(one for one in REQUEST_FAULTS if one[0] in names),
        callbacks=tuple(one for one in CALLBACK_FAULTS if one[0] in names),
    )


@dataclass(frozen=True, slots=True)
class DrilledLine:
    """A line that is rung: its number, and when it is open."""

    number: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What calls are drawn from; the same seed gives the same calls."""

    lines: tuple[DrilledLine, ...]
    phones: tuple[str, ...]
    """The specialists'."""
    faults: FaultPlan
    voicemail_share: float
    seed: int

    def call(self, number: int) -> CallPlan:
        """The call of that number: its caller, what they key and when they hang up, and every phone's behaviour."""
        rng = random.Random(f"{self.seed} {number}")
        line = rng.choice(self.lines)
        hangs_up = rng.choice([*Moment]) if rng.random() < _HANGING_UP_SHARE else None
        # The silence after the third question or later is mostly one on hold.
        patience = rng.choice((3, 4, 6) if hangs_up is Moment.GATHER else (1, 1, 2))
        script = CallerScript(rng.choice(MENUS), hangs_up=hangs_up, hangs_up_the_nth_time=patience)
        withheld = rng.random() < _WITHHELD_SHARE
        return CallPlan(
            line_number=line.number,
            caller=rng.choice(WITHHELD_FORMS) if withheld else f"+467017406{rng.randint(5, 19):02d}",
            script=script,
            phones={phone: self._phone(rng) for phone in self.phones},
            starts_at=self._starts_at(number, rng),
            faults=self.faults,
            variants=any_variants(rng),
            seed=rng.getrandbits(32),
        )

    def rushes(self, calls: int) -> Iterator[list[CallPlan]]:
        """So many calls, rush by rush: what is under way in one is over before the next begins."""
        for _, numbers in groupby(range(calls), lambda number: number // RUSH):
            yield [self.call(number) for number in numbers]

    def _starts_at(self, number: int, rng: random.Random) -> datetime:
        rush = random.Random(f"{self.seed} rush {number // RUSH}")
        span = rush.choice(self._day(number // RUSH))
        if rng.random() < _CLOSED_SHARE:
            return span.closes + timedelta(minutes=rng.randint(0, 120))
        lasts = min(RUSH * _BETWEEN_CALLS, span.closes - span.opens)
        latest = span.closes - lasts
        is_last = rush.random() < _LAST_SHARE
        begins = latest if is_last else span.opens + (latest - span.opens) * rush.random()
        # Instants that are drawn independently of each other are as far apart as callers are.
        return begins + lasts * rng.random()

    def _day(self, number: int) -> list[Span]:
        """When lines are open on the open day of that number."""
        days = sorted({span.opens.date() for line in self.lines for span in line.spans})
        day = days[number % len(days)]
        return [span for line in self.lines for span in line.spans if span.opens.date() == day]

    def _phone(self, rng: random.Random) -> PhoneBehaviour:
        # First those that are voicemails: their share is of all phones.
        behaviour = some_voicemails(self.voicemail_share, rng)
        if behaviour.reaction is Reaction.ACCEPTS and rng.random() < _UNREACHED_SHARE:
            return PhoneBehaviour(rng.choice(_REFUSALS))
        return replace(behaviour, talk_seconds=rng.uniform(5, _LONGEST_TALK_SECONDS))


def drilled_lines(policy: Policy, after: date) -> tuple[DrilledLine, ...]:
    """Every number of every line, with its next open days after that one. A line that never opens isn't rung."""
    spans = {key: _open_days(schedule.hours, after) for key, schedule in policy.schedules.items()}
    return tuple(
        DrilledLine(number.e164, spans[key])
        for key, line in policy.lines.items()
        for number in line.twilio_numbers
        if spans[key]
    )


def _open_days(hours: OpeningHours, after: date) -> tuple[Span, ...]:
    days = (after + timedelta(days=step) for step in range(1, _LOOK_AHEAD_DAYS + 1))
    return tuple(span for day in takewhile(hours.calendar.covers, days) for span in open_spans(hours, {}, day))
