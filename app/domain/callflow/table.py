"""Reads one table of a TOML file, value by value, and gathers all that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from app.domain.callflow.nodes import Prompt
from app.domain.callflow.prompts import unknown_placeholders
from app.domain.errors import Problem
from app.domain.skills import OTHER_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum

Kind = TypeVar("Kind", bound="StrEnum")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_WAV = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\.wav", re.ASCII)
_LONGEST_SHOWN = 60


class Table:
    """A table of a file. A value that is wrong is reported and read as something harmless; reading always goes on."""

    def __init__(self, file: str, path: str, values: Mapping[str, object], problems: list[Problem]) -> None:
        self.file = file
        self._path = path
        self._values = values
        self._problems = problems
        self._known: list[str] = []

    def report(self, key: str, found: object, allowed: str) -> None:
        """Note a problem with the value of ``key``."""
        where = f"{self._path}.{key}" if self._path else key
        self._problems.append(Problem(self.file, where, _shown(found), allowed))

    def holds(self, key: str) -> bool:
        """Whether the table has the key at all."""
        return key in self._values

    def text(self, key: str, placeholders: frozenset[str] = frozenset()) -> str:
        """A text that isn't empty, with its white space evened out."""
        return self._text(key, self._take(key), placeholders)

    def choice(self, key: str, pattern: re.Pattern[str], allowed: str) -> str:
        """A text of a given shape."""
        value = self._take(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.report(key, value, allowed)
        return ""

    def number(self, key: str, default: int, first: int, last: int) -> int:
        """A whole number of ``first`` to ``last``, both included; ``default`` where the key is missing."""
        if not self.holds(key):
            self._known.append(key)
            return default
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and first <= value <= last:
            return value
        self.report(key, value, f"a whole number from {first} to {last}")
        return default

    def texts(self, key: str, count: int) -> tuple[str, ...]:
        """Exactly ``count`` texts."""
        value = self._take(key)
        if isinstance(value, list) and len(value) == count:
            return tuple(self._text(f"{key}[{index}]", one, frozenset()) for index, one in enumerate(value))
        self.report(key, value, f"a list of {count} texts")
        return ("",) * count

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._take(key)
        path = f"{self._path}.{key}" if self._path else key
        if isinstance(value, dict):
            return Table(self.file, path, value, self._problems)
        self.report(key, value, "a table")
        return Table(self.file, path, {}, [])

    def by_kind(self, key: str, kinds: Iterable[Kind], placeholders: frozenset[str] = frozenset()) -> dict[Kind, str]:
        """A table with one text for each member of a closed set."""
        table = self.table(key)
        read = {kind: table.text(kind.value, placeholders) for kind in kinds}
        table.finish()
        return read

    def member(self, key: str, kinds: Iterable[Kind]) -> Kind | None:
        """The member of a closed set that is named; ``None`` where the key is missing."""
        value = self._take(key)
        names = {kind.value: kind for kind in kinds}
        if value is None or (isinstance(value, str) and value in names):
            return names[value] if value else None
        self.report(key, value, f"one of {', '.join(names)}")
        return None

    def prompt(self, placeholders: frozenset[str]) -> Prompt:
        """The prompt of this very table: ``say``, and ``play`` where it has one; ``say_en``, ``play_en``."""
        return replace(
            self._prompt("say", "play", placeholders),
            others={
                language: self._prompt(f"say_{language}", f"play_{language}", placeholders)
                for language in OTHER_LANGUAGES
                if self.holds(f"say_{language}")
            },
        )

    def prompt_at(self, key: str, placeholders: frozenset[str]) -> Prompt:
        """A prompt under a key, and its translations under ``key_en``: a text, or a table of ``say`` and ``play``."""
        return replace(
            self._prompt_at(key, placeholders),
            others={
                language: self._prompt_at(f"{key}_{language}", placeholders)
                for language in OTHER_LANGUAGES
                if self.holds(f"{key}_{language}")
            },
        )

    def finish(self) -> None:
        """Name every key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                self.report(key, "an unknown key", f"one of {', '.join(self._known)}")

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of the table."""
        return tuple(self._values)

    def _prompt(self, say: str, play: str, placeholders: frozenset[str]) -> Prompt:
        self._known.append(play)
        played = self.choice(play, _WAV, "the name of a WAV file, like welcome.wav") if self.holds(play) else None
        return Prompt(self.text(say, placeholders), played)

    def _prompt_at(self, key: str, placeholders: frozenset[str]) -> Prompt:
        if not isinstance(self._values.get(key), dict):
            return Prompt(self.text(key, placeholders))
        table = self.table(key)
        prompt = table._prompt("say", "play", placeholders)  # noqa: SLF001 - its own kind
        table.finish()
        return prompt

    def _take(self, key: str) -> object:
        self._known.append(key)
        return self._values.get(key)

    def _text(self, key: str, value: object, placeholders: frozenset[str]) -> str:
        if not isinstance(value, str) or not value.strip():
            self.report(key, value, "a text that isn't empty")
            return ""
        if _CONTROL.search(value):
            self.report(key, value, "a text without control characters")
        for found in unknown_placeholders(value, placeholders):
            self.report(key, found, _names(placeholders))
        return " ".join(value.split())


def _names(placeholders: frozenset[str]) -> str:
    return " or ".join(f"{{{name}}}" for name in sorted(placeholders)) or "no placeholder and no brace"


def _shown(found: object) -> str:
    if found is None:
        return "nothing"
    text = found if isinstance(found, str) and found.startswith(("an unknown ", "{", "}")) else repr(found)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
