"""A drill: many calls at once, as different as they come, with everything going wrong on the way."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from app.domain.hours import Span, open_spans
from app.simulator.caller import WITHHELD_FORMS, CallerScript, Moment
from app.simulator.engine import place_call
from app.simulator.faults import CallbackFault, FaultPlan, RequestFault
from app.simulator.phones import PhoneBehaviour, Reaction, some_voicemails
from app.simulator.plan import CallPlan
from app.simulator.variants import any_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime

    from app.domain.hours import OpeningHours
    from app.domain.policy import Policy
    from app.simulator.network import Network
    from app.simulator.plan import Service
    from app.simulator.transcript import Transcript

MENUS = ((), ("1",), ("2",), ("", "1"), ("1", "1"), ("1", "2"), ("1", "2", "0701740612#", "1"), ("9", "#"))
"""What callers key, question by question."""
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

_DAYS = 10
"""Open days of each line that the calls spread over, from the next one on."""
_LOOK_AHEAD_DAYS = 30
_BEFORE_CLOSING = timedelta(minutes=25)
"""The last calls of a day: they are let in, and end after closing time."""
_WITHHELD_SHARE = 0.2
_HANGING_UP_SHARE = 0.6
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
        hangs_up = rng.choice([None, *Moment]) if rng.random() < _HANGING_UP_SHARE else None
        script = CallerScript(rng.choice(MENUS), hangs_up=hangs_up, hangs_up_the_nth_time=rng.choice((1, 1, 2)))
        withheld = rng.random() < _WITHHELD_SHARE
        return CallPlan(
            line_number=line.number,
            caller=rng.choice(WITHHELD_FORMS) if withheld else f"+467017406{rng.randint(5, 19):02d}",
            script=script,
            phones={phone: self._phone(rng) for phone in self.phones},
            starts_at=_instant(line.spans, rng),
            faults=self.faults,
            variants=any_variants(rng),
            seed=rng.getrandbits(32),
        )

    def _phone(self, rng: random.Random) -> PhoneBehaviour:
        # First those that are voicemails: their share is of all phones.
        behaviour = some_voicemails(self.voicemail_share, rng)
        if behaviour.reaction is Reaction.ACCEPTS and rng.random() < _UNREACHED_SHARE:
            return PhoneBehaviour(rng.choice(_REFUSALS))
        return behaviour


def drilled_lines(policy: Policy, after: date) -> tuple[DrilledLine, ...]:
    """Every number of every line, with its next open days after that one. A line that never opens isn't rung."""
    spans = {key: _open_days(schedule.hours, after) for key, schedule in policy.schedules.items()}
    return tuple(
        DrilledLine(number.e164, spans[key])
        for key, line in policy.lines.items()
        for number in line.twilio_numbers
        if spans[key]
    )


def play(
    service: Service,
    plans: Sequence[CallPlan],
    network: Network,
    *,
    at_once: int,
    rate: float | None = None,
    ended: Callable[[], None] = lambda: None,
) -> tuple[Transcript, ...]:
    """Place all calls, so many at once; ``rate``: begin no more than so many a second. Calls ``ended`` after each.

    Virtual time goes by in the calls, so that a drill lasts as long as the service takes to answer. Interrupted, it
    waits for the calls under way alone.
    """
    interrupted = threading.Event()
    began = time.perf_counter()

    def place(number: int) -> Transcript | None:
        due = began + number / rate if rate else began
        interrupted.wait(max(0.0, due - time.perf_counter()))
        return None if interrupted.is_set() else place_call(service, plans[number], network)

    with ThreadPoolExecutor(at_once) as pool:
        calls = [pool.submit(place, number) for number in range(len(plans))]
        try:
            for call in as_completed(calls):
                call.result()
                ended()
        except BaseException:
            interrupted.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(transcript for call in calls if (transcript := call.result()) is not None)


def _open_days(hours: OpeningHours, after: date) -> tuple[Span, ...]:
    days = (after + timedelta(days=step) for step in range(1, _LOOK_AHEAD_DAYS + 1))
    open_days = [spans for day in takewhile(hours.calendar.covers, days) if (spans := open_spans(hours, {}, day))]
    return tuple(span for spans in open_days[:_DAYS] for span in spans)


def _instant(spans: Sequence[Span], rng: random.Random) -> datetime:
    span = rng.choice(spans)
    if rng.random() < _CLOSED_SHARE:
        return span.closes + timedelta(minutes=rng.randint(0, 120))
    latest = max(timedelta(0), span.closes - span.opens - _BEFORE_CLOSING)
    return span.opens + timedelta(seconds=rng.randint(0, int(latest.total_seconds())))
