"""The read and change log: who opened and changed what. Appended in the transaction of what it tells about."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from app.domain.audit import LONGEST_FIELD, MOST_FIELDS, START, Anchor, Broken, Check, Entry, What, link
from app.storage.models import AuditEntry
from app.storage.queries import audit as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.audit import Link
    from app.domain.permissions import Actor

    _Tell = Callable[[int, int], None]
    """How many were checked, of how many."""

_TELL_EVERY = 1_000


def note(
    session: Session, actor: Actor | None, what: What, record: str | None, detail: Iterable[str], now: datetime
) -> None:
    """Append an entry: ``record`` is a table and id, as ``consultation:17``; ``detail`` names of fields, never values.

    ``actor`` is ``None`` for a command at the terminal and for whoever isn't signed in. Everybody who notes waits for
    one another until the end of the transaction, so it is a service's last step, and the caller commits at once.
    Whoever reads a record commits before they show it. Voice webhooks note nothing: no caller waits here.
    """
    entry = Entry(
        at=now,
        account=str(actor.account_id) if actor else None,
        staff=actor.staff_id if actor else None,
        organisation=actor.organisation if actor else None,
        what=what,
        record=record,
        fields=tuple(sorted(set(detail))),
    )
    head = stored.held_head(session)
    made = link(Anchor(head.sequence, head.hash), entry)
    head.sequence, head.hash = made.sequence, made.hash
    session.add(_row(made))
    session.flush()


def note_read(session: Session, actor: Actor, record: str, now: datetime) -> None:
    """Somebody opened a record's content."""
    note(session, actor, What.OPENED_RECORD, record, (), now)


def note_change(session: Session, actor: Actor, record: str, fields: Iterable[str], now: datetime) -> None:
    """Somebody changed these fields of a record."""
    note(session, actor, What.CHANGED_RECORD, record, fields, now)


def note_list(session: Session, actor: Actor, table: str, ids: Collection[int], now: datetime) -> None:
    """Somebody was shown a list of records: from which id to which, how many, and within which lines. None: no entry.

    One entry for the page, not one for each record: a list is shown often, and all who note wait for one another.
    """
    if ids:
        detail = [f"shown.{len(ids)}", *_lines(actor.lines)]
        note(session, actor, What.OPENED_RECORD, f"{table}:{min(ids)}-{max(ids)}", detail, now)


def note_export(session: Session, actor: Actor, of: str, lines: Collection[str], now: datetime) -> None:
    """Somebody took a file out of the system. ``of``: what is in it, as ``figures:2026-W40_2026-W48``."""
    note(session, actor, What.EXPORTED, of, _lines(lines), now)


def note_taken(
    session: Session, actor: Actor, table: str, ids: Collection[int], lines: Collection[str], now: datetime
) -> None:
    """A program was given a page of records: from which id to which, how many, and of which lines. None: no entry."""
    if ids:
        note(session, actor, What.EXPORTED, f"{table}:{min(ids)}-{max(ids)}", [f"rows.{len(ids)}", *_lines(lines)], now)


def verify(session: Session, kept: Anchor | None = None, tell: _Tell = lambda _done, _of: None) -> Anchor:
    """Go through the whole chain; give its end, to be kept elsewhere. Raises ``Broken``, which says where and why.

    ``kept`` is an end that was kept earlier: the chain must still go through it.
    """
    check, head = Check(kept), stored.head(session)
    if head is None:
        raise Broken(START.sequence, "the chain has no head")
    of = stored.entries_in_all(session)
    with closing(stored.links(session)) as links:
        for one, head_now in links:
            check.follow(one)
            head = head_now
            if one.sequence % _TELL_EVERY == 0:
                tell(one.sequence, of)
    return check.end(head)


def _lines(lines: Collection[str]) -> list[str]:
    """As names that an entry takes; too many for one are counted."""
    if len(lines) >= MOST_FIELDS:
        return [f"lines.{len(lines)}"]
    return [f"line.{line.replace('-', '_')}"[:LONGEST_FIELD] for line in lines]


def _row(made: Link) -> AuditEntry:
    entry = made.entry
    return AuditEntry(
        sequence=made.sequence,
        at=entry.at,
        account_id=entry.account,
        staff_id=entry.staff,
        organisation=entry.organisation,
        what=entry.what,
        record=entry.record,
        fields=",".join(entry.fields),
        previous=made.previous,
        hash=made.hash,
    )
