"""Changes of duty: temporary schedules, covers, absences and pauses, agreed on and taken back. Nothing here commits.

What was withdrawn stays in its table, and so does what it did until then: who was on duty is never rewritten.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.services.rota.rota_fields import Fields, check_period
from app.services.rota.staff_file import shown
from app.storage.models import Absence, Cover, Pause, TemporaryPerson, TemporarySchedule

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.rota.rota_fields import Person, Wanted

_REASON = re.compile(r"([a-z][a-z0-9-]{0,31})?", re.ASCII)


class Kind(StrEnum):
    """What can lie over a rota."""

    TEMPORARY = "temporary"
    COVER = "cover"
    ABSENCE = "absence"
    PAUSE = "pause"


_AGREED: dict[Kind, type[TemporarySchedule | Cover | Absence]] = {
    Kind.TEMPORARY: TemporarySchedule,
    Kind.COVER: Cover,
    Kind.ABSENCE: Absence,
}


def agree_temporary(
    session: Session, policy: Policy, wanted: Wanted, aliases: Collection[str], *, now: datetime
) -> int:
    """Put these people on duty instead of a rota, in ringing order; nobody, too. Gives its number.

    Raises ``NotFound`` for no such line, ``RejectedInput`` with every problem.
    """
    fields = Fields(session, policy, wanted.line)
    people = fields.people("people", aliases)
    rota = fields.rota("rota", wanted.rota)
    fields.period(wanted.begins, wanted.ends, now)
    fields.refuse_problems()
    schedule = TemporarySchedule(rota=rota, begins=wanted.begins, ends=wanted.ends, made_at=now)
    session.add(schedule)
    session.flush()
    for place, person in enumerate(people, start=1):
        session.add(TemporaryPerson(schedule_id=schedule.id, place=place, staff_id=person.id))
    session.flush()
    return schedule.id


def agree_cover(
    session: Session,
    policy: Policy,
    wanted: Wanted,
    *,
    stands_in: str | None,
    instead_of: str | None,
    now: datetime,
) -> int:
    """Let one person answer instead of another, beside the others, or take one off duty. Gives its number.

    Raises as ``agree_temporary`` does.
    """
    fields = Fields(session, policy, wanted.line)
    new = fields.person("stands-in", stands_in) if stands_in is not None else None
    old = fields.person("instead-of", instead_of) if instead_of is not None else None
    if stands_in is None and instead_of is None:
        fields.problem(Problem("", "stands-in, instead-of", "nobody", "one person, or two different ones"))
    elif new is not None and new == old:
        fields.problem(Problem("", "stands-in, instead-of", f"{shown(new.alias)} twice", "two different people"))
    rota = fields.rota("rota", wanted.rota)
    fields.period(wanted.begins, wanted.ends, now)
    fields.refuse_problems()
    cover = Cover(
        rota=rota,
        begins=wanted.begins,
        ends=wanted.ends,
        stands_in_id=new.id if new else None,
        instead_of_id=old.id if old else None,
        made_at=now,
    )
    session.add(cover)
    session.flush()
    return cover.id


def report_absence(
    session: Session, policy: Policy, person: Person, begins: datetime, ends: datetime, *, now: datetime
) -> int:
    """Take a person out of all rotas for a time; nobody is called in instead. Gives its number.

    A temporary schedule that names the person holds all the same. Raises ``RejectedInput`` for a period that is over,
    began before today, or ends before it begins.
    """
    check_period(policy, person.line, begins, ends, now)
    absence = Absence(staff_id=person.id, begins=begins, ends=ends, made_at=now)
    session.add(absence)
    session.flush()
    return absence.id


def pause(
    session: Session, policy: Policy, person: Person, until: datetime | None, reason: str, *, now: datetime
) -> None:
    """Let a person take no calls from now on, until they resume or ``until``. An earlier pause gives way to this one.

    ``reason`` is a short code, or empty. Raises ``RejectedInput`` for a time that has passed or another reason, and
    ``Conflict`` when the person paused elsewhere at the same time.
    """
    if not _REASON.fullmatch(reason):
        allowed = "a short code of small letters a to z, digits and -, as lunch"
        raise RejectedInput([Problem("", "reason", shown(reason), allowed)])
    if until is not None:
        check_period(policy, person.line, now, until, now)
    resume(session, person, now=now)
    try:
        session.add(Pause(staff_id=person.id, begins=now, ends=until, reason=reason))
        session.flush()
    except IntegrityError as error:
        message = f"{person.alias} paused elsewhere at the same time; nothing was changed here"
        raise Conflict(message) from error


def resume(session: Session, person: Person, *, now: datetime) -> bool:
    """Let a person take calls again; say whether they had paused."""
    return _end_pauses(session, now, Pause.staff_id == person.id)


def withdraw(session: Session, kind: Kind, number: int, *, now: datetime) -> None:
    """Take it back from now on; a pause ends. Raises ``NotFound`` when there is none, or when it is over."""
    if kind is Kind.PAUSE:
        is_gone = _end_pauses(session, now, Pause.id == number)
    else:
        model = _AGREED[kind]
        still_there = (model.id == number, model.withdrawn_at.is_(None), model.ends > now)
        taken_back = update(model).where(*still_there).values(withdrawn_at=now).returning(model.id)
        is_gone = session.execute(taken_back).first() is not None
    if not is_gone:
        raise no_such(kind, number)


def no_such(kind: Kind, number: int) -> NotFound:
    """What is said of a number that nothing has, or something that is over."""
    return NotFound(f"there is no {kind} {number} that could be withdrawn; `radrum rota list LINE` shows what there is")


def _end_pauses(session: Session, now: datetime, *which: ColumnElement[bool]) -> bool:
    """End those that last; one that would begin and end at once, or begin later, never was."""
    lasting = (*which, or_(Pause.ends.is_(None), Pause.ends > now))
    never = session.execute(delete(Pause).where(*lasting, Pause.begins >= now).returning(Pause.id)).all()
    begun = update(Pause).where(*lasting, Pause.begins < now)
    return bool(session.execute(begun.values(ends=now).returning(Pause.id)).all() or never)
