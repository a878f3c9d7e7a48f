"""Pages of long lists, newest first, by key: what a page costs doesn't depend on how long the list is.

A list is asked line by line, as an index has it in order for one line. Of what is looked for, the part that the fewest
rows have is the way in: an index gives its rows in order, and each is tried for the rest. So nothing is sorted and no
table is read. Where many rows have each part and few have all, a page ends after ``MOST_TRIED`` rows, full or not.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, literal, select, text, tuple_

from app.domain.finding import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.domain.lines import LineKey

MOST_TRIED = 3_000
MOST_COUNTED = 1_000
# PostgreSQL can't know how many rows its own wall lets through, and expects next to none: it would rather read all of a
# line and sort it than go along an index until a page is full.
_ONLY_IN_ORDER = text(
    "SELECT set_config(name, :setting, true) FROM unnest(ARRAY["
    "'enable_bitmapscan', 'enable_seqscan', 'enable_sort', 'enable_hashjoin', 'enable_mergejoin']) AS name"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is looked for: as a way into the list, and as a question to a row that came another way."""

    at: InstrumentedAttribute[Any]
    """What the way in is ordered by, and then by ``id``."""
    id: InstrumentedAttribute[int]
    line: InstrumentedAttribute[Any]
    through: tuple[ColumnElement[bool], ...] = ()
    """Equal to what the index begins with, besides the line."""
    asks: ColumnElement[bool] | None = None
    """``None``: every row of the list."""
    source: FromClause | None = None
    """Its table joined with the list's, where it is another one; ``besides``: what then holds of the list's rows."""
    besides: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True, slots=True)
class OfLine:
    """One line's part of the period."""

    line: LineKey
    begins: datetime | None = None
    ends: datetime | None = None
    """``[begins, ends)``."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for: in these lines, and with all these parts. ``whole``: the way in where there are none."""

    lines: tuple[OfLine, ...]
    whole: Part
    parts: tuple[Part, ...] = ()
    asks: tuple[ColumnElement[bool], ...] = ()
    """What no index leads to."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page, newest first. ``goes_on``: where the next one begins that way; ``None`` at the end of the list."""

    keys: tuple[Key, ...]
    goes_on: Key | None
    is_full: bool
    """Whether it is all that was asked for, or the end was reached; else the search stopped at ``goes_on``."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many rows, or more than that."""

    number: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How one line's rows are come by."""

    of: OfLine
    part: Part
    asks: tuple[ColumnElement[bool], ...]
    is_cut: bool
    """Whether so many rows have the part that they aren't all tried for the rest."""


def ways(session: Session, looked: Looked) -> tuple[Way, ...]:
    """For each line the way by the part that the fewest rows have; not counted where there is no choice."""
    is_choice = len(looked.parts) > 1 or bool(looked.asks)
    found = []
    with only_in_order(session):
        for of in looked.lines:
            counted = [(_size(session, part, of) if is_choice else 0, part) for part in looked.parts]
            size, part = min(counted, key=lambda pair: pair[0], default=(MOST_TRIED + 1, looked.whole))
            others = tuple(other.asks for other in looked.parts if other is not part and other.asks is not None)
            asks = (*others, *looked.asks)
            found.append(Way(of, part, asks, is_cut=size > MOST_TRIED and bool(asks)))
    return tuple(found)


def older(session: Session, ways: Iterable[Way], before: Key | None, most: int) -> Found:
    """At most ``most`` rows that come after the place ``before`` in a list that shows the newest first."""
    return _page(session, ways, before, most, is_older=True)


def newer(session: Session, ways: Iterable[Way], after: Key, most: int) -> Found:
    """The last ``most`` rows that come before the place ``after``."""
    return _page(session, ways, after, most, is_older=False)


def count(session: Session, ways: Iterable[Way]) -> Count | None:
    """How many there are, up to ``MOST_COUNTED``; ``None`` where that isn't quickly known."""
    if any(way.is_cut for way in ways):
        return None
    number = 0
    with only_in_order(session):
        for way in ways:
            query = _rows(way, None, None, is_older=True).limit(MOST_COUNTED + 1)
            number += session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Count(min(number, MOST_COUNTED), number <= MOST_COUNTED)


def _page(session: Session, ways: Iterable[Way], place: Key | None, most: int, *, is_older: bool) -> Found:
    found: list[Key] = []
    ends: list[Key] = []
    with only_in_order(session):
        for way in ways:
            end = _end(session, way, place, is_older=is_older) if way.is_cut else None
            rows = session.execute(_rows(way, place, end, is_older=is_older).limit(most + 1))
            keys = [Key(at, row) for at, row in rows]
            found += keys
            if end is not None and len(keys) <= most:
                ends.append(end)
    found.sort(key=_order, reverse=is_older)
    # Beyond the first end a line wasn't looked through: what others have there comes with the next page.
    end = (max if is_older else min)(ends, key=_order, default=None)
    reached = [key for key in found if end is None or (_order(key) >= _order(end)) is is_older or key == end]
    page = reached[:most]
    goes_on = page[-1] if len(reached) > most else end
    return Found(tuple(page if is_older else reversed(page)), goes_on, len(reached) > most or end is None)


@contextmanager
def only_in_order(session: Session) -> Iterator[None]:
    """Along indexes alone, as SQLite does by itself."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(_ONLY_IN_ORDER, {"setting": "off"})
    yield
    if is_postgresql:
        session.execute(_ONLY_IN_ORDER, {"setting": "on"})


def _size(session: Session, part: Part, of: OfLine) -> int:
    query = select(literal(1)).select_from(part.id.class_).where(*part.through, part.line == of.line)
    query = query.where(*_between(part, of, None, None, is_older=True)).order_by(part.at.desc(), part.id.desc())
    return session.scalar(select(func.count()).select_from(query.limit(MOST_TRIED + 1).subquery())) or 0


def _end(session: Session, way: Way, place: Key | None, *, is_older: bool) -> Key | None:
    """The last row that is tried for this page; ``None`` when all are."""
    # The offset is of one bound, and no page's: an index is read that far, and no row is.
    last = session.execute(_in_order(way, place, None, is_older=is_older).offset(MOST_TRIED - 1).limit(1)).first()
    return Key(last[0], last[1]) if last else None


def _rows(way: Way, place: Key | None, end: Key | None, *, is_older: bool) -> Select[Any, int]:
    query = _in_order(way, place, end, is_older=is_older).where(*way.part.besides, *way.asks)
    return query if way.part.source is None else query.select_from(way.part.source)


def _in_order(way: Way, place: Key | None, end: Key | None, *, is_older: bool) -> Select[Any, int]:
    part = way.part
    query: Select[Any, int] = select(part.at, part.id).where(*part.through, part.line == way.of.line)
    query = query.where(*_between(part, way.of, place, end, is_older=is_older))
    return query.order_by(*((one.desc() if is_older else one.asc()) for one in (part.at, part.id)))


def _between(
    part: Part, of: OfLine, place: Key | None, end: Key | None, *, is_older: bool
) -> Iterator[ColumnElement[bool]]:
    """From the place on, as far as ``end``, within the period: one bound each way, so that any index knows its part."""
    last, first = (place, end) if is_older else (end, place)
    if last is not None and (of.ends is None or last.at < of.ends):
        mine, theirs = _pair(part, last)
        yield mine < theirs if is_older else mine <= theirs
    elif of.ends is not None:
        yield part.at < of.ends
    if first is not None and (of.begins is None or first.at >= of.begins):
        mine, theirs = _pair(part, first)
        yield mine >= theirs if is_older else mine > theirs
    elif of.begins is not None:
        yield part.at >= of.begins


def _pair(part: Part, key: Key) -> tuple[Any, Any]:
    return tuple_(part.at, part.id), tuple_(literal(key.at, part.at.type), literal(key.id, part.id.type))


def _order(key: Key) -> tuple[datetime, int]:
    return key.at, key.id
