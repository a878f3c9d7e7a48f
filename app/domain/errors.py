"""The errors that Rådrum raises on purpose.

    RadrumError
    ├── ConfigurationError    a file or a variable of the environment is wrong; holds every problem at once
    ├── RejectedInput         something that a person gave us is wrong; holds every problem at once
    ├── NotFound              what was asked for isn't here, or isn't the asker's to see
    ├── Unavailable           a part that we need (database, provider, simulator) doesn't answer
    └── Conflict              somebody else was first

Each says what, whose and what to do. They are translated once: into an exit code and a sentence by the command, into
problem+json by the API, into speech by the voice webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RadrumError(Exception):
    """The root: ``str(error)`` is one plain sentence for the person who can do something about it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``where`` (file, row), ``key`` (or field), what was ``found``, what is ``allowed``.

    Without ``where`` it is what was just typed.
    """

    where: str
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.where, self.key, f"found {self.found}; allowed: {self.allowed}")))


class _WithProblems(RadrumError):
    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ConfigurationError(_WithProblems):
    """The configuration refuses to be read; nothing was started."""


class RejectedInput(_WithProblems):
    """The input refuses to be taken; nothing of it was stored."""


class NotFound(RadrumError):
    """What was asked for isn't here, or isn't the asker's to see."""


class Unavailable(RadrumError):
    """A part that we need doesn't answer."""


class Conflict(RadrumError):
    """Somebody else was first."""


class NoSpecialist(Conflict):
    """The account isn't a specialist's, or reaches no line."""
