"""What a caller would hear at an instant: a call walked through the very steps that a real one takes, on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from sqlalchemy import select

from app.domain import callflow
from app.domain.callflow.values import (
    AwaitKey,
    AwaitNumber,
    AwaitTime,
    Candidate,
    ConversationEnded,
    Event,
    Facts,
    HangUp,
    Keys,
    NotReached,
    RingOne,
    Silence,
    Step,
)
from app.domain.callflow.words import fill, spoken_digits
from app.domain.calls import Outcome, Verdict
from app.domain.hours import Opening, opening_at
from app.domain.lines import LineKey, StaffId
from app.domain.phone import PhoneNumber, typed_number
from app.domain.rotas import Tier
from app.domain.skills import Competence, Language
from app.services.rota import duty
from app.storage.models import Staff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.callflow.nodes import Flow
    from app.domain.duty import OnDuty
    from app.domain.policy import Policy

CALLER = PhoneNumber("+46701740605")
"""The fictive caller of every rehearsal."""

_SOMEBODY, _SOMEBODY_ELSE = StaffId("somebody"), StaffId("somebody else")
_CHARACTERS_PER_SECOND = 15
_DIAL_MARGIN_SECONDS = 5
_HIDDEN = "•"
"""In place of each digit of a case reference, which is nobody's to read."""


class Answering(StrEnum):
    """What the phones of those on duty do."""

    ANSWERED = "answered"
    NOBODY = "nobody"
    BUSY = "busy"
    """All are in calls, and go on talking."""


class What(StrEnum):
    """What happens in a moment of a rehearsal."""

    SAYS = "says"
    PRESSES = "presses"
    WAITS = "waits"
    RINGS = "rings"
    SCREENS = "screens"
    ANSWERS = "answers"
    NO_ANSWER = "no answer"
    HANGS_UP = "hangs up"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens, and its words."""

    what: What
    text: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone on duty, as a rehearsal shows them."""

    alias: str
    tier: Tier
    why: str
    overflow: LineKey | None = None
    """The other line that they answer for; ``None``: the dialled one."""
    competences: frozenset[Competence] = frozenset()
    languages: frozenset[Language] = frozenset()


@dataclass(frozen=True, slots=True)
class World:
    """What a rehearsal takes for given: opening and duty at one instant."""

    at: datetime
    """On the line's wall clock."""
    opening: Opening
    on_duty: Mapping[StaffId, Colleague]
    """In ringing order; those of the line that this one overflows to come last."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was heard, and how it ended."""

    moments: tuple[Moment, ...]
    verdict: Verdict
    unused: tuple[str, ...]
    """Keys that nothing asked for."""
    answered_by: Colleague | None = None


def world_at(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> World:
    """Opening and duty as the database knows them. Raises ``ValueError`` outside the calendar's years."""
    opening = duty.opening(session, policy, line_key, at)
    other = policy.lines[line_key].overflow
    on_duty = _colleagues(session, duty.duty_at(session, policy, line_key, at), None)
    others = _colleagues(session, duty.duty_at(session, policy, other, at), other) if other else {}
    return World(opening.at, opening, on_duty | {key: one for key, one in others.items() if key not in on_duty})


def world_by_rule(policy: Policy, line_key: LineKey, at: datetime) -> World:
    """Opening by the files alone, with somebody on duty while it is open. Raises as ``world_at`` does."""
    opening = opening_at(policy.schedules[line_key].hours, {}, at)
    lines = {_SOMEBODY: None, _SOMEBODY_ELSE: policy.lines[line_key].overflow}
    somebody = {
        key: Colleague("whoever is on duty", Tier.PRIMARY, "not known without the database", overflow)
        for key, overflow in lines.items()
        if key == _SOMEBODY or (overflow and opening_at(policy.schedules[overflow].hours, {}, at).is_open)
    }
    return World(opening.at, opening, somebody if opening.is_open else {})


def rehearse(
    policy: Policy, line_key: LineKey, world: World, presses: Sequence[str], answering: Answering
) -> Rehearsal:
    """One call from greeting to hang-up. ``presses`` are taken one by one where keys are asked for; "-" is silence.

    When they are used up the caller is silent. Ends by itself: a callflow's steps are bounded.
    """
    call = _Call(policy, line_key, world, list(presses), answering)
    step = callflow.begin(call.flow, policy.words, call.facts(""))
    while True:
        call.hear(step)
        event = call.react(step)
        if event is None:
            break
        keys = event.digits if isinstance(event, Keys) else ""
        step = callflow.step(call.flow, policy.words, step.position, event, call.facts(keys))
    # Only a conversation ends without a verdict of the callflow's: the accept has decided.
    verdict = call.verdict or Verdict(Outcome.ANSWERED, "")
    return Rehearsal(tuple(call.moments), verdict, tuple(call.presses), call.answered_by)


def _colleagues(session: Session, people: Sequence[OnDuty], overflow: LineKey | None) -> dict[StaffId, Colleague]:
    known = session.execute(
        select(Staff.id, Staff.alias, Staff.competences, Staff.languages).where(
            Staff.id.in_([one.staff for one in people])
        )
    )
    rows = {row.id: row for row in known}
    return {
        one.staff: Colleague(
            rows[one.staff].alias,
            one.tier,
            one.why,
            overflow,
            frozenset(map(Competence, rows[one.staff].competences)),
            frozenset(language for language in Language if language in rows[one.staff].languages),
        )
        for one in people
    }


@dataclass(slots=True)
class _Call:
    """The call in the making."""

    policy: Policy
    line_key: LineKey
    world: World
    presses: list[str]
    answering: Answering
    moments: list[Moment] = field(default_factory=list)
    elapsed: timedelta = timedelta()
    verdict: Verdict | None = None
    typed: PhoneNumber | None = None
    answered_by: Colleague | None = None

    @property
    def flow(self) -> Flow:
        return self.policy.flows[self.line_key]

    def facts(self, keys: str) -> Facts:
        line = self.policy.lines[self.line_key]
        typed = typed_number(keys)
        may_be_rung = typed is not None and typed.may_be_rung
        self.typed = typed if may_be_rung else self.typed
        return Facts(
            now=self.world.at + self.elapsed,
            opening=self.world.opening,
            line_name=line.name,
            more_at=line.more_at,
            candidates=tuple(self.candidate(key, one) for key, one in self.world.on_duty.items()),
            caller_may_be_rung=True,
            keys_may_be_rung=may_be_rung,
            serves=line.serves,
            overflow_serves=self.policy.lines[line.overflow].serves if line.overflow else frozenset(),
        )

    def candidate(self, key: StaffId, one: Colleague) -> Candidate:
        return Candidate(
            key,
            one.tier,
            is_free=self.answering is not Answering.BUSY,
            overflow=one.overflow,
            competences=one.competences,
            languages=one.languages,
        )

    def hear(self, step: Step) -> None:
        number = (self.typed or CALLER).national
        for one in step.spoken:
            text = fill(one.text, number=spoken_digits(number))
            self._note(What.SAYS, text, len(text) // _CHARACTERS_PER_SECOND)

    def react(self, step: Step) -> Event | None:
        """What happens next; ``None`` after the hang-up."""
        match step.wait:
            case AwaitKey() | AwaitNumber():
                return self._press(step.wait)
            case AwaitTime(seconds=seconds):
                self._note(What.WAITS, f"{seconds} seconds; keys mean nothing here", seconds)
                return Silence()
            case RingOne():
                return self._ring(step.wait)
            case HangUp():
                self._note(What.HANGS_UP)
                self.verdict = step.verdict
                return None
            case _:  # pragma: no cover - the type checker proves that nothing is left
                assert_never(step.wait)

    def _press(self, wait: AwaitKey | AwaitNumber) -> Event:
        pressed = self.presses.pop(0) if self.presses else "-"
        # As Twilio takes them: those before the #, or the first alone.
        keys = pressed.partition("#")[0][: 1 if isinstance(wait, AwaitKey) else wait.digits]
        if keys in {"-", ""}:
            self._note(What.WAITS, f"{wait.timeout_seconds} seconds without a key", wait.timeout_seconds)
            return Silence()
        is_reference = isinstance(wait, AwaitNumber) and wait.digits is not None
        self._note(What.PRESSES, _HIDDEN * len(keys) if is_reference else keys)
        return Keys(keys)

    def _ring(self, wait: RingOne) -> Event:
        colleague = self.world.on_duty[wait.staff]
        place = f", overflow to {colleague.overflow}" if colleague.overflow else ""
        self._note(What.RINGS, f"{colleague.alias} ({colleague.tier}: {colleague.why}){place}")
        if self.answering is Answering.NOBODY:
            seconds = wait.ring_seconds + _DIAL_MARGIN_SECONDS
            self._note(What.NO_ANSWER, f"after {wait.ring_seconds} seconds", seconds)
            return NotReached()
        self.answered_by = colleague
        self._note(What.SCREENS, wait.screen.text)
        self._note(What.ANSWERS, f"{colleague.alias} presses 1; they talk, and {colleague.alias} hangs up first")
        return ConversationEnded()

    def _note(self, what: What, text: str = "", seconds: int = 0) -> None:
        self.moments.append(Moment(what, text))
        self.elapsed += timedelta(seconds=seconds)
