"""The phones of specialists: what becomes of one that is rung."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.domain.calls import CallStatus

if TYPE_CHECKING:
    import random

    from app.simulator.run import Run

AT_ONCE_SECONDS = 1.0
"""A phone that is busy or can't be reached is known to be so after this long."""


class Reaction(StrEnum):
    """What becomes of a phone that rings."""

    ACCEPTS = "accepts"
    """Picked up; the key that takes the call is pressed."""
    SILENT = "silent"
    """Picked up by a voicemail, or in a pocket: no key."""
    DECLINES = "declines"
    """Picked up; another key is pressed."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    """The number can't be reached at all."""
    HANGS_UP = "hangs_up"
    """Picked up, and put down while the screening words are spoken."""


_PICKED_UP = frozenset({Reaction.ACCEPTS, Reaction.SILENT, Reaction.DECLINES, Reaction.HANGS_UP})


@dataclass(frozen=True, slots=True)
class PhoneBehaviour:
    """A phone's reaction and its timing, in seconds."""

    reaction: Reaction = Reaction.ACCEPTS
    answers_after_seconds: float = 4.0
    presses_after_seconds: float = 2.0
    """Counted from the first words of the screening."""
    talk_seconds: float = 60.0
    """Then the specialist hangs up."""

    @property
    def picks_up(self) -> bool:
        """Whether somebody, or something, answers."""
        return self.reaction in _PICKED_UP

    @property
    def key(self) -> str:
        """What is pressed during the screening; nothing by a voicemail."""
        match self.reaction:
            case Reaction.ACCEPTS:
                return "1"
            case Reaction.DECLINES:
                return "2"
            case _:
                return ""


ANSWERS = PhoneBehaviour()
"""What every phone does in practice, unless a call says otherwise."""
_AT_ONCE = {Reaction.BUSY: CallStatus.BUSY, Reaction.FAILED: CallStatus.FAILED}


class PutDown(Exception):
    """The phone was put down before it was joined with the caller, by whoever holds it or by a Hangup."""


class Phone(Protocol):
    """One phone that is rung for one call."""

    @property
    def talk_seconds(self) -> float:
        """When whoever holds it is known to hang up, from the joining on."""
        ...

    def rings(self, seconds: float) -> tuple[float, CallStatus]:
        """It begins to ring, for at most so long: when it is known to come to what."""
        ...

    def reaction(self) -> CallStatus | None:
        """What it has come to before that."""
        ...

    def is_picked_up(self) -> None:
        """It hears the screening."""
        ...

    def begins_question(self) -> None:
        """From now on keys count."""
        ...

    def ends_question(self) -> None:
        """No longer."""
        ...

    def has_keyed(self) -> bool:
        """Whether a key waits to be taken."""
        ...

    def hears(self, run: Run, seconds: float) -> None:
        """Words, until the first key that counts. Raises ``PutDown``."""
        ...

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key within that time; empty for none. Raises ``PutDown``."""
        ...

    def is_put_down(self) -> bool:
        """Whether it was put down just now."""
        ...

    def is_joined(self) -> None:
        """The two talk."""
        ...

    def is_over(self) -> None:
        """Its leg has ended, however it did."""
        ...


class ScriptedPhone:
    """A phone that behaves as it was told."""

    def __init__(self, behaviour: PhoneBehaviour) -> None:
        self._behaviour = behaviour
        self._has_pressed = False

    @property
    def talk_seconds(self) -> float:
        """As the behaviour has it."""
        return self._behaviour.talk_seconds

    def rings(self, seconds: float) -> tuple[float, CallStatus]:
        """All is known in advance."""
        behaviour = self._behaviour
        if behaviour.picks_up and behaviour.answers_after_seconds <= seconds:
            return max(behaviour.answers_after_seconds, 1.1 * AT_ONCE_SECONDS), CallStatus.IN_PROGRESS
        at_once = _AT_ONCE.get(behaviour.reaction)
        return (AT_ONCE_SECONDS, at_once) if at_once else (seconds, CallStatus.NO_ANSWER)

    def reaction(self) -> CallStatus | None:
        """Nothing unforeseen."""
        return None

    def is_picked_up(self) -> None:
        """As foreseen."""

    def begins_question(self) -> None:
        """The key comes after the words."""

    def ends_question(self) -> None:
        """Nothing comes of it."""

    def has_keyed(self) -> bool:
        """Never during the words."""
        return False

    def hears(self, run: Run, seconds: float) -> None:
        """To the end, or to the middle."""
        if self._behaviour.reaction is Reaction.HANGS_UP:
            run.pass_seconds(seconds / 2)
            raise PutDown
        run.pass_seconds(seconds)

    def next_key(self, run: Run, seconds: float) -> str:
        """One key, if any."""
        if self._has_pressed or not self._behaviour.key:
            run.pass_seconds(seconds)
            return ""
        self._has_pressed = True
        run.pass_seconds(self._behaviour.presses_after_seconds)
        return self._behaviour.key

    def is_put_down(self) -> bool:
        """Only when the time comes that is known."""
        return False

    def is_joined(self) -> None:
        """As foreseen."""

    def is_over(self) -> None:
        """Nothing comes of it."""


def some_voicemails(share: float, rng: random.Random) -> PhoneBehaviour:
    """A phone that is a voicemail with that probability, and else answers after one to twelve seconds."""
    if rng.random() < share:
        return PhoneBehaviour(Reaction.SILENT, answers_after_seconds=rng.uniform(1, 12))
    return PhoneBehaviour(answers_after_seconds=rng.uniform(1, 12), talk_seconds=rng.uniform(5, 900))
