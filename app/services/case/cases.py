"""Cases: opened from a record, joined by others, handed over, ended. Nothing here commits.

Whoever changes a case holds its row, so that two who press at once take turns.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.audit import What
from app.domain.cases import DRAWN_FROM, CaseEnd, CaseId, HandOver, Reopening, reference_of, typed_reference
from app.domain.consultations import LONGEST_NOTE
from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.domain.identities import holds_personal_number, identities
from app.domain.permissions import Permission, allowed
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import Case, CaseEvent, CaseHandOver
from app.storage.queries import cases as queries
from app.storage.queries.consultations import held_record
from app.storage.queries.staff import who_may

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import StaffId
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.storage.models import Consultation

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class HandingOver:
    """To whom, why, and what they have to know."""

    to: StaffId
    reason: HandOver
    note: str = ""
    """At most 500 characters, with no personal identity number in it."""
    whose: StaffId | None = None
    """Who had the cases when they were chosen, if it matters that nobody handed them over or ended them meanwhile."""


class ChangedMeanwhile(Conflict):
    """Some of the cases have ended, or are somebody else's by now. Nothing was handed over."""

    def __init__(self, cases: Sequence[CaseId]) -> None:
        self.cases = tuple(cases)
        super().__init__(f"{len(cases)} of the cases changed hands or ended meanwhile: choose again")


def open_case(session: Session, actor: Actor, record: int, now: datetime) -> Case:
    """Make a case of a record that was held; whoever held it is responsible. A record that has one keeps it.

    Raises ``NotFound``, and ``Conflict`` for a record that nobody held.
    """
    consultation = _held_record(session, actor, record)
    if consultation.case_id is not None:
        return _case(session, actor, consultation.case_id)
    if consultation.staff_id is None:
        message = f"nobody held consultation {record}, so nobody is responsible for a case of it"
        raise Conflict(message)
    case = _made(session, consultation, consultation.staff_id)
    consultation.case_id = case.id
    session.flush()
    audit.note(session, actor, What.CREATED_RECORD, _name(case.id), (), now)
    return case


def join(session: Session, actor: Actor, record: int, typed: str, now: datetime) -> Case:
    """Put a record into the case with the reference that somebody wrote.

    Raises ``NotFound`` for a record that isn't there, ``RejectedInput`` for a reference that no case in reach has, and
    ``Conflict`` when the record is in another case.
    """
    consultation = _held_record(session, actor, record)
    case = find(session, actor, typed)
    if case is None:
        raise RejectedInput(
            [Problem("", "reference", "no case of yours", "six digits and a check digit, as 412 537 1")]
        )
    if consultation.case_id not in {None, case.id}:
        message = f"consultation {record} is in another case"
        raise Conflict(message)
    if consultation.case_id is None:
        consultation.case_id = case.id
        audit.note_change(session, actor, f"consultation:{record}", ["case"], now)
    return case


def leave(session: Session, actor: Actor, record: int, now: datetime) -> None:
    """Take a record out of its case again.

    Raises ``NotFound``, and ``Conflict`` for the only record of a case and for one that a follow-up was promised in.
    """
    consultation = _held_record(session, actor, record)
    if consultation.case_id is None:
        return
    case = _case(session, actor, consultation.case_id)
    promised = queries.follow_ups_of(session, [case.id])[case.id]
    if any(one.consultation_id == record for one in promised):
        message = "a follow-up was promised in this record, so it stays in its case"
        raise Conflict(message)
    if queries.consultations_in(session, case) == 1:
        message = "a case has at least one consultation: end the case instead"
        raise Conflict(message)
    consultation.case_id = None
    audit.note_change(session, actor, f"consultation:{record}", ["case"], now)


def find(session: Session, actor: Actor, typed: str) -> Case | None:
    """The case with the reference that somebody wrote; ``None`` when it is none, or not one in reach."""
    reference = typed_reference(typed)
    return queries.case_with(session, reference, actor) if reference else None


def of_digits(session: Session, actor: Actor, digits: str) -> Case:
    """The case with this reference. Raises ``NotFound`` when there is none in reach."""
    case = find(session, actor, digits)
    if case is None:
        message = "no case of yours has this reference"
        raise NotFound(message)
    return case


def hand_over(
    session: Session, policy: Policy, actor: Actor, cases: Collection[int], how: HandingOver, now: datetime
) -> Sequence[CaseId]:
    """Make a colleague responsible for these cases; which of them changed hands. All or nothing.

    A specialist hands over the cases that they have; a coordinator anybody's. Raises ``NotFound`` for a case that isn't
    there, ``ChangedMeanwhile``, and ``RejectedInput`` for a note that can't be kept, a colleague who can't have it, and
    a case of somebody else.
    """
    note = _note(policy, how.note)
    if not 0 < len(set(cases)) <= MOST_AT_ONCE:
        raise RejectedInput([Problem("", "cases", f"{len(cases)} cases", f"1 to {MOST_AT_ONCE}")])
    # In one order for everybody, so that two bulk hand-overs don't wait for each other.
    held = [_case(session, actor, key) for key in sorted(set(cases))]
    _assert_unchanged(held, how.whose)
    for case in held:
        _assert_may_hand_over(actor, case)
    for line in {case.line for case in held}:
        _colleague(session, actor, how.to, line)
    changed = []
    for case in held:
        if case.staff_id == how.to or case.ended_at is not None:
            continue
        session.add(
            CaseHandOver(
                case_id=case.id, at=now, from_id=case.staff_id, to_id=how.to, reason=how.reason, note=note or None
            )
        )
        case.staff_id = how.to
        changed.append(CaseId(case.id))
    session.flush()
    for key in changed:
        audit.note_change(session, actor, _name(key), ["responsible"], now)
    return changed


def end(session: Session, actor: Actor, case_id: int, how: CaseEnd, now: datetime) -> bool:
    """The case is over; whether it wasn't before. Raises ``NotFound``, and ``Conflict`` while one is to follow up."""
    case = _case(session, actor, case_id)
    if queries.open_follow_up(session, case) is not None:
        message = "a follow-up is promised in this case: do it, or drop it, first"
        raise Conflict(message)
    if case.ended_at is not None:
        return False
    case.ended_at, case.ended_as = now, how
    session.add(CaseEvent(case_id=case.id, at=now, staff_id=actor.staff_id, ended_as=how))
    audit.note_change(session, actor, _name(case.id), ["ended"], now)
    return True


def reopen(session: Session, actor: Actor, case_id: int, why: Reopening, now: datetime) -> bool:
    """It isn't over after all; whether it was. Raises ``NotFound``."""
    case = _case(session, actor, case_id)
    if case.ended_at is None:
        return False
    case.ended_at = case.ended_as = None
    session.add(CaseEvent(case_id=case.id, at=now, staff_id=actor.staff_id, reopened_as=why))
    audit.note_change(session, actor, _name(case.id), ["ended"], now)
    return True


def _made(session: Session, consultation: Consultation, staff: str) -> Case:
    while True:
        reference = reference_of(secrets.choice(DRAWN_FROM))
        made = insert_once(
            session,
            Case,
            reference=reference.digits,
            organisation=consultation.organisation,
            line=consultation.line,
            staff_id=staff,
            opened_at=consultation.opened_at,
        )
        if made:
            return session.scalars(select(Case).where(Case.reference == reference.digits)).one()


def _held_record(session: Session, actor: Actor, record: int) -> Consultation:
    consultation = held_record(session, record, actor)
    if consultation is None:
        message = f"there is no consultation {record}"
        raise NotFound(message)
    return consultation


def _case(session: Session, actor: Actor, case_id: int) -> Case:
    case = queries.held_case(session, case_id, actor)
    if case is None:
        message = f"there is no case {case_id}"
        raise NotFound(message)
    return case


def _name(case_id: int) -> str:
    return f"cases:{case_id}"


def _note(policy: Policy, note: str) -> str:
    tidy = note.replace("\r\n", "\n").strip()
    if len(tidy) > LONGEST_NOTE:
        raise RejectedInput([Problem("", "note", f"{len(tidy)} characters", f"at most {LONGEST_NOTE}")])
    if holds_personal_number(identities(tidy, policy.municipalities.words)):
        raise RejectedInput([Problem("", "note", "a personal identity number", "no number of a person")])
    return tidy


def _colleague(session: Session, actor: Actor, staff: StaffId, line: str) -> None:
    if staff not in {one.id for one in who_may(session, actor, Permission.FOLLOW_UP, line)}:
        raise RejectedInput([Problem("", "to", f"nobody who reaches {line}", "a specialist who signs in there")])


def _assert_unchanged(held: Sequence[Case], whose: StaffId | None) -> None:
    changed = [one for one in held if one.staff_id != whose or one.ended_at is not None]
    if whose is not None and changed:
        raise ChangedMeanwhile([CaseId(one.id) for one in changed])


def _assert_may_hand_over(actor: Actor, case: Case) -> None:
    if case.staff_id != actor.staff_id and not allowed(actor, Permission.HAND_OVER):
        raise RejectedInput(
            [Problem("", "cases", "a case of somebody else", "your own; a coordinator hands over others")]
        )
