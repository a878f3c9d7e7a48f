"""The chronological register: every record that was held has a serial number of its organisation and year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import insert

from app.domain.audit import What
from app.domain.lines import LineKey
from app.domain.register import KIND_OF, SWEDEN, RecordKind, serial
from app.services.keeping import audit
from app.storage.models import RegisterEntry
from app.storage.queries import register as stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.storage.models import Consultation

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A record that was held, and when."""

    record: int
    organisation: str
    line: str
    at: datetime
    kind: RecordKind = RecordKind.CALL


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register."""

    serial: str
    number: int
    on: date
    """In Sweden."""
    line: LineKey
    kind: RecordKind
    record: int | None
    """The consultation, while it is there and the actor's to see."""
    destroyed_on: date | None
    withdrawn_on: date | None
    """When a record that was opened by mistake was taken back."""
    reference: str | None
    """The decision that it was destroyed by; ``None`` also for another organisation's."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of one year's register, the latest first."""

    year: int
    years: Sequence[int]
    """Those that have entries, the latest first."""
    entries: Sequence[Entry]
    has_older: bool


def enter(session: Session, record: Consultation, at: datetime) -> None:
    """Give a record its number, once for each organisation that it belongs to. ``at``: when it was held.

    The number is taken in the transaction that makes the record held: if that fails no number is used up. A record that
    goes to another organisation afterwards gets one there; the first one stays in its register.
    """
    if stored.is_registered(session, record):
        return
    enter_all(session, [Held(record.id, record.organisation, record.line, at, KIND_OF[record.channel])])
    session.flush()


def enter_all(session: Session, records: Iterable[Held]) -> None:
    """Give records that have none their numbers, in the order in which they were held: by few statements."""
    ordered = sorted(records, key=lambda one: (one.organisation, year_of(one.at), one.at, one.record))
    rows = []
    for (organisation, year), some in groupby(ordered, key=lambda one: (one.organisation, year_of(one.at))):
        numbered = list(some)
        last = stored.next_number(session, organisation, year, len(numbered))
        for number, one in enumerate(numbered, start=last - len(numbered) + 1):
            about = {"organisation": organisation, "year": year, "number": number, "line": one.line, "kind": one.kind}
            rows.append(about | {"consultation_id": one.record, "registered_at": one.at})
    if rows:
        session.execute(insert(RegisterEntry), rows)


def page(session: Session, actor: Actor, year: int | None, before: int | None) -> Page:
    """The entries of the lines in reach, of one year (without one: the latest), those with smaller numbers."""
    years = stored.years(session, actor)
    chosen = year if year is not None else years[0] if years else 0
    found = _entries(session, actor, chosen, before, PAGE + 1)
    return Page(chosen, years, found[:PAGE], has_older=len(found) > PAGE)


def extract(session: Session, actor: Actor, year: int, now: datetime) -> Sequence[Entry]:
    """A year's entries, the first one first, and that they were handed out. The caller commits before showing them.

    Of them are told serial, day, kind and line, and nothing else.
    """
    found = _entries(session, actor, year, None, None)[::-1]
    audit.note(session, actor, What.EXPORTED, f"register:{year}", ("serial", "date", "kind", "line"), now)
    return found


def _entries(session: Session, actor: Actor, year: int, before: int | None, most: int | None) -> Sequence[Entry]:
    return [
        Entry(
            serial=serial(one.year, one.number),
            number=one.number,
            on=one.registered_at.astimezone(SWEDEN).date(),
            line=LineKey(one.line),
            kind=one.kind,
            record=record,
            destroyed_on=one.destroyed_at.astimezone(SWEDEN).date() if one.destroyed_at else None,
            withdrawn_on=one.withdrawn_at.astimezone(SWEDEN).date() if one.withdrawn_at else None,
            reference=reference,
        )
        for one, record, reference in stored.entries(session, actor, year, before, most)
    ]


def year_of(at: datetime) -> int:
    """The year whose register an instant belongs to."""
    return at.astimezone(SWEDEN).year


def withdraw(session: Session, record: Consultation, at: datetime) -> None:
    """A record that was opened by mistake is taken back: its number stays in the register, and stands for nothing."""
    for entry in stored.entries_of(session, record):
        entry.consultation_id, entry.withdrawn_at = None, at
    session.flush()
