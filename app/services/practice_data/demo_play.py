"""How a practice call goes: the people act by chance, the callflow is the real one.

So outcomes, reasons and positions are those that a real call would have left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import log
from typing import TYPE_CHECKING, TypeVar, assert_never

from app.domain import callflow
from app.domain.callflow.nodes import Hold, Menu
from app.domain.callflow.values import (
    AwaitKey,
    AwaitNumber,
    AwaitTime,
    Candidate,
    ConversationEnded,
    Facts,
    HangUp,
    Keys,
    NotReached,
    NumberSource,
    Phase,
    RingOne,
    Silence,
    Step,
)
from app.domain.calls import AttemptState, Outcome, Verdict
from app.domain.duty import OnDuty, on_duty
from app.domain.hours import DatedChange, opening_at
from app.domain.phone import PhoneNumber
from app.storage.models import Attempt, CallbackRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from random import Random

    from app.domain.callflow.values import Event
    from app.domain.lines import Line
    from app.domain.policy import Policy
    from app.domain.rotas import Membership

_Choice = TypeVar("_Choice")

_CALLERS = tuple(PhoneNumber(f"+{number}") for number in range(46701740605, 46701740620))
_SHOWS_NUMBER = 0.85
_GIVES_UP = 0.107
"""Who hang up within a minute; about eight of a hundred do so before anybody has answered."""
_MOST_PATIENCE_SECONDS = 60
_CHARACTERS_PER_SECOND = 15
_TALK_MEDIAN_SECONDS = 18 * 60
_TALK_SIGMA = 0.68
"""Log-normal: the mean is 23 minutes, one call in twenty is longer than 55."""
_TALK_SECONDS = (60, 7000)

_REACTIONS = {
    AttemptState.ACCEPTED: 62,
    AttemptState.NO_ANSWER: 18,
    AttemptState.SILENT: 8,
    AttemptState.DECLINED: 7,
    AttemptState.BUSY: 5,
}
_PRESSED_AT_THE_GATE = {"1": 82, "2": 10, "": 8}
"""2: exposed persons and relatives. On a line for professionals they are the wrong target group: one call in ten."""
_PRESSED_AT_THE_OFFER = {"1": 60, "": 40}
_PRESSED_AT_THE_MENU = {"1": 15, "2": 8, "3": 30, "4": 20, "5": 9, "9": 1, "": 17}
_PRESSED_ON_HOLD = {"1": 6, "": 94}


@dataclass(frozen=True, slots=True)
class Stage:
    """A line with its people, as its calls find it."""

    policy: Policy
    line: Line
    memberships: Sequence[Membership]
    changes: Mapping[date, DatedChange]
    busy_until: dict[str, datetime] = field(default_factory=dict)
    """Until when each specialist's phone is taken by the calls played so far."""


class Play:
    """A call under way: a caller and some specialists act, and the line's own callflow answers."""

    def __init__(self, stage: Stage, began: datetime, chance: Random) -> None:
        self.stage, self.began, self.chance = stage, began, chance
        self.clock = began
        self.turn = 0
        self.attempts: list[Attempt] = []
        self.callback: CallbackRequest | None = None
        self.verdict: Verdict | None = None
        self.number = chance.choice(_CALLERS) if chance.random() < _SHOWS_NUMBER else None
        patience = chance.uniform(5, _MOST_PATIENCE_SECONDS) if chance.random() < _GIVES_UP else 3600.0
        self.hangs_up_at = began + timedelta(seconds=round(patience))
        self.persons = self._on_duty()
        self.step = self._begin()

    def run(self) -> None:
        """Until somebody hangs up."""
        while event := self._next_event():
            self._advance(event)

    # --- the callflow's part -----------------------------------------------------------------------------------------

    def _begin(self) -> Step:
        policy, key = self.stage.policy, self.stage.line.key
        step = callflow.begin(policy.flows[key], policy.words, self._facts())
        self._heed(step)
        return step

    def _advance(self, event: Event) -> None:
        policy, key = self.stage.policy, self.stage.line.key
        self.turn += 1
        position = self.step.position
        self.step = callflow.step(policy.flows[key], policy.words, position, event, self._facts())
        self._heed(self.step)

    def _heed(self, step: Step) -> None:
        if step.verdict and (self.verdict is None or step.verdict.outcome is Outcome.CALLBACK):
            self.verdict = step.verdict
        if step.confirmed:
            self.callback = CallbackRequest(
                organisation=self.stage.line.organisation,
                line=self.stage.line.key,
                number=self.number if step.confirmed is NumberSource.CALLER else self.chance.choice(_CALLERS),
                number_source=step.confirmed,
                made_at=self.clock,
                confirmed_at=self.clock,
            )

    def _on_duty(self) -> tuple[OnDuty, ...]:
        """Whoever was on duty when the call came serves it."""
        stage, schedule = self.stage, self.stage.policy.schedules[self.stage.line.key]
        return on_duty(schedule.hours, stage.changes, schedule.rotas, stage.memberships, self.began)

    def _facts(self) -> Facts:
        stage = self.stage
        return Facts(
            now=self.clock,
            opening=opening_at(stage.policy.schedules[stage.line.key].hours, stage.changes, self.clock),
            line_name=stage.line.name,
            more_at=stage.line.more_at,
            candidates=tuple(
                Candidate(one.staff, one.tier, is_free=stage.busy_until.get(one.staff, self.clock) <= self.clock)
                for one in self.persons
            ),
            caller_may_be_rung=self.number is not None,
            keys_may_be_rung=True,
        )

    # --- the people's part -------------------------------------------------------------------------------------------

    def _next_event(self) -> Event | None:
        """What happens next; ``None``: somebody hangs up."""
        match self.step.wait:
            case RingOne() as ring:
                return self._ring(ring)
            case AwaitKey():
                return self._press(self._choose(self._keys()))
            case AwaitTime():
                return self._press("")
            case AwaitNumber():
                return self._press(self.chance.choice(_CALLERS).national)
            case HangUp():
                self._pass(self._speech_seconds())
                return None
            case _:  # pragma: no cover - the type checker proves that nothing is left
                assert_never(self.step.wait)

    def _keys(self) -> Mapping[str, int]:
        match self.step.position.phase:
            case Phase.OFFER:
                return _PRESSED_AT_THE_OFFER
            case Phase.CONFIRM_CALLER | Phase.CONFIRM_TYPED:
                return {"1": 1}
            case _:
                return self._keys_at_the_node()

    def _keys_at_the_node(self) -> Mapping[str, int]:
        match self.stage.policy.flows[self.stage.line.key].nodes[self.step.position.node]:
            case Menu():
                return _PRESSED_AT_THE_MENU
            case Hold():
                return _PRESSED_ON_HOLD
            case _:
                return _PRESSED_AT_THE_GATE

    def _press(self, keys: str) -> Event | None:
        # Most press before the words are over; silence lasts to their end and a little longer.
        seconds = self.chance.uniform(3, max(4, self._speech_seconds())) if keys else self._speech_seconds() + 6
        if not self._pass(seconds):
            return None
        return Keys(keys) if keys else Silence()

    def _ring(self, ring: RingOne) -> Event | None:
        attempt = self._attempt(ring)
        if not self._pass(self._speech_seconds()):
            return self._closed(attempt, AttemptState.CANCELLED)
        reaction = self._choose(_REACTIONS)
        match reaction:
            case AttemptState.NO_ANSWER:
                seconds = float(ring.ring_seconds)
            case AttemptState.BUSY:
                seconds = 2
            case _:
                seconds = self.chance.uniform(4, ring.ring_seconds - 1)
        if not self._pass(seconds):
            return self._closed(attempt, AttemptState.CANCELLED)
        if reaction in {AttemptState.NO_ANSWER, AttemptState.BUSY}:
            return self._closed(attempt, reaction)
        attempt.screened_at = self.clock
        if not self._pass(self.chance.uniform(3, 12)):
            return self._closed(attempt, AttemptState.CANCELLED)
        return self._talk(attempt) if reaction is AttemptState.ACCEPTED else self._closed(attempt, reaction)

    def _attempt(self, ring: RingOne) -> Attempt:
        tier = next(one.tier for one in self.persons if one.staff == ring.staff)
        self.attempts.append(
            Attempt(
                staff_id=ring.staff,
                token=f"{self.chance.getrandbits(128):032x}",
                turn=self.turn,
                tier=tier,
                state=AttemptState.RINGING,
                began_at=self.clock,
            )
        )
        return self.attempts[-1]

    def _closed(self, attempt: Attempt, state: AttemptState) -> Event | None:
        """An attempt that nobody accepted."""
        attempt.state, attempt.ended_at, attempt.bridged = state, self.clock, False
        return None if state is AttemptState.CANCELLED else NotReached()

    def _talk(self, attempt: Attempt) -> Event | None:
        least, most = _TALK_SECONDS
        seconds = round(min(max(self.chance.lognormvariate(log(_TALK_MEDIAN_SECONDS), _TALK_SIGMA), least), most))
        attempt.state, attempt.accepted_at, attempt.bridged = AttemptState.ACCEPTED, self.clock, True
        picked_up = attempt.screened_at or self.clock
        attempt.dial_seconds = seconds
        attempt.leg_seconds = seconds + (self.clock - picked_up).seconds
        # Whoever has an answer stays to the end of the conversation.
        self.clock += timedelta(seconds=seconds)
        self.hangs_up_at = max(self.hangs_up_at, self.clock + timedelta(hours=1))
        attempt.ended_at = self.clock
        return ConversationEnded() if self.chance.random() < 1 / 2 else None

    # --- time --------------------------------------------------------------------------------------------------------

    def _pass(self, seconds: float) -> bool:
        """Let time go by; ``False`` when the caller hangs up before it is over."""
        later = self.clock + timedelta(seconds=round(seconds))
        self.clock = min(later, max(self.hangs_up_at, self.clock))
        return later <= self.hangs_up_at

    def _speech_seconds(self) -> float:
        return sum(len(one.text) for one in self.step.spoken) / _CHARACTERS_PER_SECOND

    def _choose(self, weights: Mapping[_Choice, int]) -> _Choice:
        return self.chance.choices(list(weights), list(weights.values()))[0]
