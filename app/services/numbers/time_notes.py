"""Notes on the time axis: written, changed, deleted, and found for a period. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.lines import LineKey
from app.domain.time_notes import AHEAD_DAYS, EARLIEST, LONGEST, TimeNote, refused
from app.domain.wall_clock import ONE_DAY
from app.services import notes
from app.services.csv_rows import tidy
from app.services.help.referrals import Stale
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import TimeNote as Row
from app.storage.queries import by_year as rows
from app.storage.queries import time_notes as stored

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.trends import Period
    from app.services.notes import Judged

_FIELDS = ("day", "line", "text")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as it stands."""

    id: int
    version: int
    note: TimeNote


def between(session: Session, actor: Actor, lines: Collection[LineKey], period: Period) -> Sequence[TimeNote]:
    """Those of these lines or of the whole organisation, the earliest first."""
    return [_noted(row).note for row in stored.between(session, actor, lines, period)]


def listed(session: Session, actor: Actor) -> Sequence[Noted]:
    """All of the actor's organisation and lines, the latest first."""
    return [_noted(row) for row in stored.all_of(session, actor)]


def noted(session: Session, policy: Policy, actor: Actor, number: int) -> Noted:
    """One note that the actor may change. Raises ``NotFound``."""
    row = rows.row(session, Row, actor, number)
    return _noted(_changeable(policy, actor, number, row))


def reaches_whole(policy: Policy, actor: Actor) -> bool:
    """Whether somebody may write for the organisation as a whole: all its lines are in their reach."""
    return {line.key for line in policy.lines.values() if line.organisation == actor.organisation} <= actor.lines


def judged(policy: Policy, text: str) -> Judged:
    """What in the words could say who somebody is."""
    return notes.judged(tidy(text), policy.municipalities.words)


def add(
    session: Session, policy: Policy, actor: Actor, wanted: TimeNote, token: str, today: date, now: datetime
) -> bool:
    """Keep a note; whether it wasn't kept already by the same form. Raises ``RejectedInput``."""
    wanted = _checked(policy, actor, wanted, today)
    columns = {name: getattr(wanted, name) for name in _FIELDS}
    columns |= {"changed_at": now, "changed_by_id": actor.account_id, "version": 1, "token": token}
    if not insert_once(session, Row, organisation=actor.organisation, **columns):
        return False
    number = rows.added_by(session, Row, actor, token)
    audit.note(session, actor, What.CREATED_RECORD, f"time_note:{number}", _FIELDS, now)
    return True


def save(
    session: Session, policy: Policy, actor: Actor, wanted: Noted, today: date, now: datetime
) -> Stale[Noted] | None:
    """Store a note as it is wanted, unless somebody else changed it after ``wanted.version``.

    Raises ``NotFound`` and ``RejectedInput``.
    """
    row, before = _held(session, policy, actor, wanted.id)
    note = _checked(policy, actor, wanted.note, today)
    changed = [name for name in _FIELDS if getattr(before.note, name) != getattr(note, name)]
    if not changed:
        return None
    if row.version != wanted.version:
        return Stale(before, rows.alias_of(session, row.changed_by_id))
    for name in changed:
        setattr(row, name, getattr(note, name))
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now, actor.account_id
    session.flush()
    audit.note(session, actor, What.CHANGED_RECORD, f"time_note:{row.id}", changed, now)
    return None


def delete(
    session: Session, policy: Policy, actor: Actor, number: int, seen_version: int, now: datetime
) -> Stale[Noted] | None:
    """Delete a note, unless somebody else changed it after ``seen_version``. Raises ``NotFound``."""
    row, before = _held(session, policy, actor, number)
    if row.version != seen_version:
        return Stale(before, rows.alias_of(session, row.changed_by_id))
    session.delete(row)
    session.flush()
    audit.note(session, actor, What.ERASED, f"time_note:{number}", (), now)
    return None


def may_change(policy: Policy, actor: Actor, note: TimeNote) -> bool:
    """Whether the note is of a line in reach, or of an organisation all of whose lines are."""
    return note.line in actor.lines if note.line is not None else reaches_whole(policy, actor)


def _held(session: Session, policy: Policy, actor: Actor, number: int) -> tuple[Row, Noted]:
    row = _changeable(policy, actor, number, rows.held_row(session, Row, actor, number))
    return row, _noted(row)


def _changeable(policy: Policy, actor: Actor, number: int, row: Row | None) -> Row:
    if row is None or not may_change(policy, actor, _noted(row).note):
        message = f"there is no note {number} on the time axis that the asker may change"
        raise NotFound(message)
    return row


def _noted(row: Row) -> Noted:
    line = LineKey(row.line) if row.line is not None else None
    return Noted(row.id, row.version, TimeNote(row.day, line, row.text))


def _checked(policy: Policy, actor: Actor, wanted: TimeNote, today: date) -> TimeNote:
    """The note as it will stand."""
    found, last = judged(policy, wanted.text), today + AHEAD_DAYS * ONE_DAY
    problems = []
    if not EARLIEST <= wanted.day <= last:
        problems.append(Problem("", "day", wanted.day.isoformat(), f"a day from {EARLIEST} to {last}"))
    if not may_change(policy, actor, wanted):
        problems.append(Problem("", "line", str(wanted.line), "a line in reach, or the whole organisation"))
    if not found.text or len(found.text) > LONGEST:
        problems.append(Problem("", "text", f"{len(found.text)} characters", f"from 1 to {LONGEST} characters"))
    if kinds := refused(found.marks):
        problems.append(Problem("", "text", ", ".join(sorted(kinds)), "words without a number or address of anybody"))
    if problems:
        raise RejectedInput(problems)
    return replace(wanted, text=found.text)
