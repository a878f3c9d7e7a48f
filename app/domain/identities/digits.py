"""Digits in a text, in groups as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DASHES = "-+\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0b\uff0d"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
BLANKS = " \t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
DASH = re.compile(f"[{re.escape(DASHES)}]")
# These join digits only when nothing else stands there: after a dot and a blank begins a sentence.
TIGHT = "./:,\u00b7\u2022"
_BETWEEN = re.compile(rf"[{re.escape(DASHES)}{_INVISIBLE}{BLANKS}]{{1,4}}|[{TIGHT}]")
_BETWEEN_OR_BRACKETS = re.compile(rf"[{re.escape(DASHES)}{_INVISIBLE}{BLANKS}/()]{{1,4}}|\.")
_LOOSELY = re.compile(
    rf"[{re.escape(DASHES)}{_INVISIBLE}{BLANKS}\r\n\x85\u2028\u2029()_~=*./\u00b7\u2022]{{1,12}}"
    rf"|[{BLANKS}]?[:,;][{BLANKS}]?"
)
_DIGITS = re.compile(r"\d+")
# Beside another letter an o is a letter, too.
_LIKE_DIGITS = re.compile(r"(?<![^\W\d_])[\dOoIl|]+(?![^\W\d_])")
_READ_AS = str.maketrans("OoIl|", "00111")


@dataclass(frozen=True, slots=True)
class Group:
    """Digits in a row, as ASCII, and what joins them to the group before, if anything does."""

    begin: int
    end: int
    digits: str
    joint: str | None


def digit_groups(text: str) -> list[Group]:
    """All groups of digits, from left to right."""
    groups: list[Group] = []
    before = 0
    for match in _DIGITS.finditer(text):
        between = text[before : match.start()]
        joint = between if groups and _BETWEEN.fullmatch(between) else None
        # Other scripts have digits, too: int() reads them all.
        digits = "".join(str(int(digit)) for digit in match[0])
        groups.append(Group(match.start(), match.end(), digits, joint))
        before = match.end()
    return groups


def read_as_digits(text: str) -> str:
    """The text with O for 0, and l and I for 1, read as what they stand for; every sign in its place."""
    return _LIKE_DIGITS.sub(lambda found: found[0].translate(_READ_AS), text)


def runs(groups: Sequence[Group], first: int, most: int) -> Iterator[Sequence[Group]]:
    """The group alone, then with the next one, and so on, while they are joined and have at most so many digits."""
    total, last = 0, first
    while last < len(groups) and (last == first or groups[last].joint is not None):
        total += len(groups[last].digits)
        if total > most:
            return
        last += 1
        yield groups[first:last]


def joined_wider(text: str, groups: Sequence[Group]) -> list[Group]:
    """The groups as a phone number joins them: by brackets, too."""
    return _joined_by(_BETWEEN_OR_BRACKETS, text, groups)


def joined_loosely(text: str, groups: Sequence[Group]) -> list[Group]:
    """The groups as somebody joins two of them in any way: over the end of a line, by signs that look like dashes."""
    return _joined_by(_LOOSELY, text, groups)


def _joined_by(pattern: re.Pattern[str], text: str, groups: Sequence[Group]) -> list[Group]:
    joined: list[Group] = []
    for number, one in enumerate(groups):
        between = text[groups[number - 1].end : one.begin] if number else ""
        joined.append(replace(one, joint=between if pattern.fullmatch(between) else None))
    return joined
