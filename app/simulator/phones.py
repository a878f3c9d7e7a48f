"""How the phone of a specialist behaves when it is rung."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


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


def some_voicemails(share: float, rng: random.Random) -> PhoneBehaviour:
    """A phone that is a voicemail with that probability, and else answers after one to twelve seconds."""
    if rng.random() < share:
        return PhoneBehaviour(Reaction.SILENT, answers_after_seconds=rng.uniform(1, 12))
    return PhoneBehaviour(answers_after_seconds=rng.uniform(1, 12), talk_seconds=rng.uniform(5, 900))
