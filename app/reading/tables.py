"""A TOML table that is being read: gives out typed values and notes everything that is wrong with it."""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import Problem
from app.domain.phone import PhoneNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from enum import StrEnum

    Member = TypeVar("Member", bound=StrEnum)

NOTHING = "nothing"
TEXT = re.compile(r"[^\x00-\x1f\x7f{}<>]*[^\x00-\x20\x7f{}<>][^\x00-\x1f\x7f{}<>]*")
A_TEXT = "text in quotation marks, on one line, without { } < >"
A_SWEDISH_NUMBER = 'a Swedish number that isn\'t a premium number, in the form "+46…" with 7 to 9 digits after +46'

_LONGEST_SHOWN = 60
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a switch"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (dict, "a table"),
    (datetime, "a date and time"),
    (date, "a date"),
)


def shown(value: object) -> str:
    """A value of a TOML file as it looks there, cut where it gets long."""
    kind = next((name for of, name in _KINDS if isinstance(value, of)), "something else")
    if isinstance(value, dict):
        return kind
    text = "".join(character if character.isprintable() else "·" for character in _written(value))
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return f'"{cut}"' if isinstance(value, str) else f"{cut} ({kind})"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return str(value)
    except ValueError:  # Python doesn't write whole numbers of more than 4300 digits
        return "very large"


def one_of(names: Iterable[str]) -> str:
    """Names as they are listed in a message."""
    listed = ", ".join(names)
    return listed or "there is none yet"


def suggestion(found: object, names: Iterable[str]) -> str:
    """What was probably meant, as the end of a message; empty when nothing comes near."""
    # What is long is no slip of the pen, and takes long to compare.
    short = isinstance(found, str) and len(found) <= _LONGEST_SHOWN
    near = difflib.get_close_matches(str(found), list(names), n=1) if short else []
    return f' (did you mean "{near[0]}"?)' if near else ""


class Table:
    """One table of a file. Every getter returns ``None`` for what is missing or wrong, having noted the problem.

    So reading goes on to the end and finds all there is to find. ``close`` notes the keys that nobody asked for.
    """

    def __init__(self, where: str, content: Mapping[str, object], problems: list[Problem], path: str = "") -> None:
        self.where = where
        self._content = content
        self._problems = problems
        self._path = path
        self._known: list[str] = []

    def problem(self, key: str, found: str, allowed: str) -> None:
        """Note what is wrong with ``key``; an empty key means this table itself."""
        self._problems.append(Problem(self.where, self._full(key), found, allowed))

    @property
    def keys(self) -> tuple[str, ...]:
        """All that stand in the table, in their order."""
        return tuple(self._content)

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._known_content(key)

    def given(self, key: str, allowed: str, *, optional: bool = False) -> object | None:
        """The value as TOML holds it; missing is a problem unless it is optional."""
        content = self._known_content(key)
        if key in content:
            return content[key]
        if not optional:
            self.problem(key, NOTHING, allowed)
        return None

    def text(
        self,
        key: str,
        *,
        allowed: str = A_TEXT,
        form: re.Pattern[str] = TEXT,
        longest: int = 200,
        optional: bool = False,
    ) -> str | None:
        """Text that has the whole form."""
        value = self.given(key, allowed, optional=optional)
        if value is None:
            return None
        if isinstance(value, str) and len(value) <= longest and form.fullmatch(value):
            return value
        too_long = isinstance(value, str) and len(value) > longest
        self.problem(key, shown(value), f"at most {longest} characters" if too_long else allowed)
        return None

    def texts(self, key: str, *, allowed: str, optional: bool = False) -> tuple[str, ...] | None:
        """A list of texts; it may be empty."""
        value = self.given(key, allowed, optional=optional)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.problem(key, shown(value), allowed)
        return None

    def whole(self, key: str, *, low: int, high: int, optional: bool = False) -> int | None:
        """A whole number from ``low`` to ``high``."""
        allowed = f"a whole number from {low} to {high}"
        value = self.given(key, allowed, optional=optional)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        self.problem(key, shown(value), allowed)
        return None

    def switch(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.given(key, "", optional=True)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, shown(value), "true or false, without quotation marks")
            return default
        return value

    def day(self, key: str) -> date | None:
        """A local date."""
        allowed = "a date without quotation marks, as 2026-01-05"
        value = self.given(key, allowed)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.problem(key, shown(value), allowed)
        return None

    def choice(self, key: str, kind: type[Member]) -> Member | None:
        """One of a closed set."""
        allowed = f"one of {one_of(kind)}"
        value = self.given(key, allowed)
        if value is None:
            return None
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        self.problem(key, shown(value), allowed + suggestion(value, kind))
        return None

    def choices(self, key: str, kind: type[Member]) -> frozenset[Member] | None:
        """One or more of a closed set."""
        allowed = f"a list of one or more of {one_of(kind)}"
        names = self.texts(key, allowed=allowed)
        if names is None:
            return None
        wrong = [name for name in names if name not in list(kind)]
        for name in wrong:
            self.problem(key, shown(name), allowed + suggestion(name, kind))
        if not names:
            self.problem(key, "an empty list", allowed)
        return None if wrong or not names else frozenset(map(kind, names))

    def named(self, key: str, names: Iterable[str], what: str, *, optional: bool = False) -> str | None:
        """A name of ``what``, which is declared elsewhere."""
        known = list(names)
        allowed = f"{what}: {one_of(known)}"
        value = self.given(key, allowed, optional=optional)
        if value is None or (isinstance(value, str) and value in known):
            return value
        self.problem(key, shown(value), allowed + suggestion(value, known))
        return None

    def swedish_number(self, key: str) -> PhoneNumber | None:
        """A number that we may ring."""
        value = self.given(key, A_SWEDISH_NUMBER)
        if value is None:
            return None
        return self.as_swedish_number(key, value)

    def as_swedish_number(self, key: str, value: object) -> PhoneNumber | None:
        """The value, noted under ``key``, as a number that we may ring."""
        try:
            number = PhoneNumber(value) if isinstance(value, str) else None
        except ValueError:
            number = None
        if number and number.may_be_rung:
            return number
        self.problem(key, shown(value), A_SWEDISH_NUMBER)
        return None

    def table(self, key: str, *, optional: bool = False) -> Table | None:
        """A table inside this one."""
        allowed = f"a table [{self._full(key)}]"
        value = self.given(key, allowed, optional=optional)
        if isinstance(value, dict):
            return Table(self.where, value, self._problems, self._full(key))
        if value is not None:
            self.problem(key, shown(value), allowed)
        return None

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every table inside this one, by its key; for tables whose keys are names that the file chooses."""
        for key in self._content:
            inner = self.table(key)
            if inner is not None:
                yield key, inner

    def listed_tables(self, key: str, name: str) -> tuple[Table, ...] | None:
        """A list of tables ``[[key]]``, each known in messages by its key ``name`` or else by its place in the file."""
        allowed = f"one or more tables [[{self._full(key)}]]"
        value = self.given(key, allowed)
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            self.problem(key, shown(value), allowed)
            return None
        return tuple(
            Table(self.where, one, self._problems, f"{self._full(key)}.{self._label(one, name, place)}")
            for place, one in enumerate(value, start=1)
        )

    def close(self) -> None:
        """Note the keys that mean nothing here."""
        for key in self._content:
            if key not in self._known:
                near = suggestion(key, self._known)
                self.problem(key, "a key that means nothing here", f"{one_of(self._known)}{near}")

    def _known_content(self, key: str) -> Mapping[str, object]:
        if key not in self._known:
            self._known.append(key)
        return self._content

    def _full(self, key: str) -> str:
        return ".".join(part for part in (self._path, key) if part)

    @staticmethod
    def _label(one: Mapping[str, object], name: str, place: int) -> str:
        label = one.get(name)
        fits = isinstance(label, str) and label.isprintable() and 0 < len(label) <= _LONGEST_SHOWN
        return str(label) if fits else str(place)
