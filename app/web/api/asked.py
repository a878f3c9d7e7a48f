"""The parameters of a question, read once. Whatever can't be read is 400, with what was found and what is allowed."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn, TypeVar

from flask import abort, request

from app.domain.calls import Outcome
from app.storage.queries.api_pages import Key, Which
from app.web.api import access

if TYPE_CHECKING:
    from collections.abc import Iterable

_Of = TypeVar("_Of", bound=StrEnum)

DEFAULT_LIMIT = 50
MOST = 200
_YEARS = range(1900, 3000)
_INSTANT = "an instant in ISO 8601 with an offset, as 2026-11-23T10:00:00%2B01:00"
# datetime.fromisoformat takes more than this: week dates, any separator, and whatever follows a NUL. The offset's sign
# may be a space, which is what a + becomes that wasn't written %2B.
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)(Z|[+ -][0-9]{2}:?[0-9]{2})",
    re.ASCII,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LARGEST_ID = 2**63 - 1


def only(*allowed: str, several: frozenset[str] = frozenset()) -> None:
    """Refuse parameters that we don't know, and those given twice, but for ``several``."""
    names = f"the parameters are {', '.join(allowed)}" if allowed else "there are no parameters here"
    for name, values in request.args.lists():
        if name not in allowed:
            abort(400, f"unknown parameter {_short(name)}; {names}")
        if len(values) > 1 and name not in several:
            abort(400, f"the parameter {name} is given {len(values)} times; once is allowed")


def at() -> datetime:
    """The instant that is asked about; without one, now."""
    return _instant("at") or datetime.now(UTC)


def limit() -> int:
    """How many items at most."""
    given = request.args.get("limit")
    if given is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", given, re.ASCII) or not 1 <= int(given) <= MOST:
        refuse("limit", given, f"1 to {MOST}")
    return int(given)


def cursor() -> list[object] | None:
    """What ``next_cursor`` held, whatever it is."""
    given = request.args.get("cursor")
    if given is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(given.encode("ascii")))
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, list) else _refuse_cursor()


def key_after() -> Key | None:
    """Where the page before this one ended."""
    match cursor():
        case None:
            return None
        case [str(begun), int(row)] if row is not True and 0 < row <= _LARGEST_ID:
            return Key(_cursor_instant(begun), row)
        case _:
            return _refuse_cursor()


def name_after() -> str:
    """The same, for lists that are ordered by a name."""
    match cursor():
        case None:
            return ""
        case [str(name)]:
            return name
        case _:
            return _refuse_cursor()


def period_after() -> tuple[str, date] | None:
    """The same, for lists of lines and their periods: the line, and the first day of the period."""
    match cursor():
        case None:
            return None
        case [str(line), str(first)] if (day := _read_day(first)) is not None:
            return line, day
        case _:
            return _refuse_cursor()


def next_cursor(*values: object) -> str:
    """An opaque cursor for the page after the item with these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def which() -> Which:
    """Which calls or consultations: the reader's, of a line, in ``[since, until)``."""
    line = request.args.get("line")
    seen = access.lines()
    if line is not None and line not in seen:
        refuse("line", line, _choice(seen))
    return Which(access.reader().organisation, line, _instant("since"), _instant("until"))


def outcome() -> Outcome | None:
    """The outcome that is asked for."""
    return one_of("outcome", Outcome)


def one_of(name: str, values: type[_Of]) -> _Of | None:
    """One of a closed set."""
    given = request.args.get(name)
    if given is None:
        return None
    if given not in set(values):
        refuse(name, given, _choice(values))
    return values(given)


def is_true(name: str) -> bool:
    """Whether something is asked for."""
    given = request.args.get(name)
    if given not in {None, "true"}:
        refuse(name, given or "", "true")
    return given == "true"


def day(name: str) -> date | None:
    """A day, on the lines' wall clock."""
    given = request.args.get(name)
    if given is None:
        return None
    return _read_day(given) or refuse(name, given, "a day in ISO 8601, as 2026-11-23")


def refuse(name: str, found: str, allowed: str) -> NoReturn:
    """400: what was found, and what is allowed."""
    abort(400, f"{name}: found {_short(found)}; allowed: {allowed}")


def _instant(name: str) -> datetime | None:
    given = request.args.get(name)
    if given is None:
        return None
    return _read_instant(given) or refuse(name, given, _INSTANT)


def _read_instant(text: str) -> datetime | None:
    """In UTC; ``None`` for whatever isn't an instant."""
    parts = _ISO.fullmatch(text)
    if parts is None:
        return None
    try:
        found = datetime.fromisoformat(parts[1] + parts[2].replace(" ", "+"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.year in _YEARS else None


def _read_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _cursor_instant(text: str) -> datetime:
    return _read_instant(text) or _refuse_cursor()


def _refuse_cursor() -> NoReturn:
    refuse("cursor", request.args.get("cursor", ""), "the next_cursor of the page before")


def _choice(values: Iterable[str]) -> str:
    return ", ".join(values) or "none"


def _short(text: str) -> str:
    return repr(text[:60])
