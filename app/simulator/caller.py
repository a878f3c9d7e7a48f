"""The caller: what is keyed at which question, and when they hang up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.simulator.phones import Phone
    from app.simulator.run import Run

_THINKING_SECONDS = 1.0

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


class Caller(Protocol):
    """Whoever rings. All time that they spend goes by through the run, which ends it when they hang up meanwhile."""

    @property
    def presses_star(self) -> bool:
        """Whether they are known to press * in the conversation."""
        ...

    def is_gone(self) -> bool:
        """Whether they hung up while the service was thinking: its answer is for nobody."""
        ...

    def hangs_up(self, moment: Moment) -> bool:
        """Whether they are known to hang up now."""
        ...

    def begins_question(self) -> None:
        """From now on keys count."""
        ...

    def ends_question(self) -> None:
        """No longer."""
        ...

    def has_keyed(self) -> bool:
        """Whether a key waits to be taken: no further prompt is heard."""
        ...

    def hears(self, run: Run, seconds: float) -> None:
        """Words, until the first key that counts."""
        ...

    def hears_nothing(self, run: Run, seconds: float) -> None:
        """A pause, until the first key that counts."""
        ...

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key within that time; empty for none."""
        ...

    def hears_ringing(self) -> None:
        """A phone rings somewhere."""
        ...

    def talks(self, run: Run, seconds: float, phone: Phone, *, star_ends: bool) -> None:
        """With whoever holds that phone, at most so long."""
        ...


class ScriptedCaller:
    """A caller by a script, and how far it has come."""

    def __init__(self, script: CallerScript) -> None:
        self._script = script
        self._questions = 0
        self._moments = 0
        self._keys: list[str] = []
        self._is_first = True
        self._seconds_to_first: float | None = None

    @property
    def presses_star(self) -> bool:
        """As the script has it."""
        return self._script.presses_star

    def is_gone(self) -> bool:
        """They hang up at moments alone."""
        return False

    def hangs_up(self, moment: Moment) -> bool:
        """Whether this is the moment."""
        if moment is not self._script.hangs_up:
            return False
        self._moments += 1
        return self._moments == self._script.hangs_up_the_nth_time

    def begins_question(self) -> None:
        """Take the next keys of the script, perhaps none."""
        self._questions += 1
        keys = self._script.keys
        self._keys = list(keys[self._questions - 1]) if self._questions <= len(keys) else []
        self._is_first = True
        self._seconds_to_first = self._script.keys_after_seconds if self._keys else None

    def ends_question(self) -> None:
        """What wasn't pressed never is."""
        self._keys = []
        self._seconds_to_first = None

    def has_keyed(self) -> bool:
        """Whether it is time for the first key."""
        return self._seconds_to_first is not None and self._seconds_to_first <= 0

    def hears(self, run: Run, seconds: float) -> None:
        """Words."""
        run.pass_seconds(self._until_the_first_key(seconds))

    def hears_nothing(self, run: Run, seconds: float) -> None:
        """A pause."""
        run.wait_in_silence(self._until_the_first_key(seconds))

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key of the script."""
        if not self._keys:
            run.wait_in_silence(seconds)
            return ""
        if not self._is_first:
            run.pass_seconds(self._script.between_keys_seconds)
        elif self._seconds_to_first is None:
            run.wait_in_silence(_THINKING_SECONDS)
        else:
            run.wait_in_silence(max(0.0, self._seconds_to_first))
        self._is_first = False
        return self._keys.pop(0)

    def hears_ringing(self) -> None:
        """Nothing comes of it."""

    def talks(self, run: Run, seconds: float, phone: Phone, *, star_ends: bool) -> None:  # noqa: ARG002 - a Caller's form
        """As long as they have time."""
        run.pass_seconds(seconds)

    def _until_the_first_key(self, seconds: float) -> float:
        if self._seconds_to_first is None:
            return seconds
        heard = min(seconds, self._seconds_to_first)
        self._seconds_to_first -= heard
        return heard
