"""What can be noted about a consultation: groups of choices, as ``taxonomy.toml`` lists them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

GroupKey = NewType("GroupKey", str)
Code = NewType("Code", str)

LANGUAGES = ("sv", "en")
NOTE = GroupKey("note")
"""The note goes by this name where fields are listed; it is no group of the taxonomy."""
NOTE_PRESS = "a"
"""The key that goes to the note."""


class GroupKind(StrEnum):
    """What an answer to a group looks like."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a group. Its code is stored and never changes; labels may."""

    code: Code
    labels: Mapping[str, str]
    """By language, as ``LANGUAGES``."""
    press: str = ""
    """The key that chooses it; retired choices have none."""
    retired: bool = False
    alone: bool = False
    """It stands by itself, but for the codes ``beside`` it."""
    beside: frozenset[Code] = frozenset()

    def goes_with(self, other: Choice) -> bool:
        """Whether both may be chosen."""
        return not ((self.alone and other.code not in self.beside) or (other.alone and self.code not in other.beside))


@dataclass(frozen=True, slots=True)
class Group:
    """One question of the record."""

    key: GroupKey
    kind: GroupKind
    press: str
    labels: Mapping[str, str]
    part: str = ""
    """The list of the taxonomy that it comes from, A to J."""
    required: bool = False
    most: int = 1
    """How many choices; of a number, how much."""
    choices: Mapping[Code, Choice] = field(default_factory=dict)
    applies: Mapping[GroupKey, frozenset[Code]] = field(default_factory=dict)
    """Asked only while each of these groups has one of these codes."""

    def label_of(self, code: Code, language: str) -> str:
        """What people read; a code that the taxonomy doesn't know stands for itself."""
        choice = self.choices.get(code)
        return choice.labels[language] if choice else code


@dataclass(frozen=True, slots=True)
class Referred:
    """Whoever chose one of ``codes`` in ``group`` isn't served by a line for professionals, and is referred on."""

    group: GroupKey
    codes: frozenset[Code]
    only: Mapping[GroupKey, Code]
    """The one answer that these groups have then."""
    keeps: frozenset[GroupKey]
    """Nothing else is recorded of them."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All groups, in the order in which they are shown. ``version`` rises with what can be chosen."""

    version: int = 0
    groups: Mapping[GroupKey, Group] = field(default_factory=dict)
    referred: Referred | None = None
