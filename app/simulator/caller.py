"""The caller: what is keyed at which question, and when they hang up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# What the telephone network sends for a caller who withholds the number; the digits are keypad spellings.
WITHHELD_FORMS = (
    "anonymous",
    "Anonymous",
    "Restricted",
    "unknown",
    "unavailable",
    "private",
    "blocked",
    "",
    "+266696687",
    "266696687",
    "+7378742833",
    "7378742833",
    "+2562533",
    "+8656696",
    "+86282452253",
)


class Moment(StrEnum):
    """Where in a call somebody can put the phone down."""

    GREETING = "greeting"
    """While words are spoken."""
    GATHER = "gather"
    """In the silence after a question."""
    RINGING = "ringing"
    SCREEN = "screen"
    """While the specialist hears who is calling."""
    ACCEPTING = "accepting"
    """Between the specialist's key and the joining of the two."""
    BRIDGED = "bridged"


@dataclass(frozen=True, slots=True)
class CallerScript:
    """A caller's plan. Each question takes the next of ``keys`` (``"1"``, ``"0701740612#"``, ``""``); then silence."""

    keys: tuple[str, ...] = ()
    keys_after_seconds: float | None = None
    """From the first word of the question to the first key, which cuts it short; ``None``: they hear it out."""
    between_keys_seconds: float = 0.4
    hangs_up: Moment | None = None
    hangs_up_the_nth_time: int = 1
    presses_star: bool = False
    """In the conversation."""

    def __post_init__(self) -> None:
        for keys in self.keys:
            if set(keys) - set("0123456789*#"):
                message = f"keys are of 0-9, * and #, not {keys!r}"
                raise ValueError(message)


SILENT = CallerScript()
"""A caller who listens to the end."""


class Caller:
    """A caller on the phone: a script and how far it has come."""

    def __init__(self, script: CallerScript) -> None:
        self.script = script
        self._questions = 0
        self._moments = 0

    def keys_for_the_next_question(self) -> str:
        """The keys that are pressed, perhaps none."""
        self._questions += 1
        keys = self.script.keys
        return keys[self._questions - 1] if self._questions <= len(keys) else ""

    def hangs_up(self, moment: Moment) -> bool:
        """Whether this is the moment."""
        if moment is not self.script.hangs_up:
            return False
        self._moments += 1
        return self._moments == self.script.hangs_up_the_nth_time
