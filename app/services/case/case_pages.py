"""What the pages show of a case: how it stands, and everything that happened in it, in order.

Whoever may not read records gets the first and none of the second. What is read is noted once; the caller commits
before showing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cases import CaseId, Reference
from app.domain.lines import LineKey, StaffId
from app.domain.permissions import Permission, allowed
from app.services.case.case_events import Talked, events_of, talked
from app.services.case.cases import of_digits
from app.services.keeping import audit
from app.storage.models import Case, Staff
from app.storage.queries import cases as queries
from app.storage.queries.hand_overs import mark_seen
from app.storage.queries.scoped import found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.cases import CaseEnd
    from app.domain.permissions import Actor
    from app.services.case.case_events import Event
    from app.storage.models import Consultation

LAST_SHOWN = 3
"""Of a case's other consultations, so many stand beside a record."""


@dataclass(frozen=True, slots=True)
class Head:
    """How a case stands; nothing of what is in it."""

    id: CaseId
    reference: Reference
    line: LineKey
    opened_at: datetime
    ended_at: datetime | None
    ended_as: CaseEnd | None
    responsible: str
    """An alias."""
    staff_id: StaffId
    is_mine: bool
    consultations: int
    has_promise: bool
    """Whether a follow-up is to be done: then it can't be ended."""


@dataclass(frozen=True, slots=True)
class OneCase:
    """A case as its page shows it."""

    head: Head
    events: Sequence[Event] = ()
    """In order; none for whoever may not read records."""
    exposed: int | None = None
    """How many persons it concerns, as the latest consultation that says so has it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The case of a record, beside the record."""

    head: Head
    others: Sequence[Talked] = ()
    """Its last other consultations, the latest first."""
    may_leave: bool = False
    """Whether the record can be taken out of it."""


def open_one(session: Session, actor: Actor, digits: str, now: datetime) -> OneCase:
    """The case with this reference, and that it was read. Raises ``NotFound``."""
    case = of_digits(session, actor, digits)
    if actor.staff_id is not None:
        mark_seen(session, case, actor.staff_id, now)
    head = _head(session, actor, case)
    if not allowed(actor, Permission.READ_RECORDS):
        return OneCase(head)
    events = events_of(session, actor, case)
    counts = [one.answers.exposed for one in events if isinstance(one, Talked)]
    counted = [one for one in counts if one is not None]
    audit.note_read(session, actor, f"cases:{case.id}", now)
    return OneCase(head, events, counted[-1] if counted else None)


def beside(session: Session, actor: Actor, record: Consultation, now: datetime) -> Beside | None:
    """The case that a record is in, and that it was read; ``None`` where it is in none."""
    if record.case_id is None:
        return None
    case = found(session, Case, record.case_id, actor)
    rows = queries.consultations_of(session, case, actor)
    head = _head(session, actor, case)
    others = [row for row in rows if row[0].id != record.id][-LAST_SHOWN:]
    if others:
        audit.note_read(session, actor, f"cases:{case.id}", now)
    return Beside(
        head=head,
        others=talked(session, actor, others)[::-1],
        may_leave=len(rows) > 1 and not queries.is_promised_in(session, record.id),
    )


def _head(session: Session, actor: Actor, case: Case) -> Head:
    return Head(
        id=CaseId(case.id),
        reference=Reference(case.reference),
        line=LineKey(case.line),
        opened_at=case.opened_at,
        ended_at=case.ended_at,
        ended_as=case.ended_as,
        responsible=session.get_one(Staff, case.staff_id).alias,
        staff_id=StaffId(case.staff_id),
        is_mine=case.staff_id == actor.staff_id,
        consultations=queries.consultations_in(session, case),
        has_promise=queries.open_follow_up(session, case) is not None,
    )
