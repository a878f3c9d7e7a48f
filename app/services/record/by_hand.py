"""Consultations by e-mail, at meetings and at visits: opened by hand, and taken back while nothing stands in them.

Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.audit import What
from app.domain.channels import BY_HAND, Channel, instant_of
from app.domain.errors import Conflict, NoSpecialist, NotFound
from app.services.keeping import audit
from app.services.record import register
from app.storage.insert import insert_once
from app.storage.models import Consultation
from app.storage.queries.consultations import held_record
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.calls import Source
    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody asks to be opened. ``token``: random, of the form, so that a double press opens one record.

    Raises ``ValueError`` for a channel that comes from a call.
    """

    line: LineKey
    channel: Channel
    day: date
    """On the line's wall clock."""
    token: str

    def __post_init__(self) -> None:
        if self.channel not in BY_HAND:
            message = f"no record of the kind {self.channel} is made by hand"
            raise ValueError(message)


class NotEmpty(Conflict):
    """The record can't be taken back: something stands in it, or stood there, or it is another's."""


def open_record(session: Session, policy: Policy, actor: Actor, opening: Opening, source: Source, now: datetime) -> int:
    """Open a record, which is held at once and stands in the register; its id. The same token opens the same record.

    Its number is of the year in which it is entered, for the register follows the clock, and a year that is over stays
    as it is. Raises ``NoSpecialist``, ``NotFound`` for a line out of reach, ``RejectedInput`` for another day.
    """
    line = policy.lines.get(opening.line)
    if actor.staff_id is None:
        message = "the account isn't a specialist's: whose consultation would it be?"
        raise NoSpecialist(message)
    if line is None or line.key not in actor.lines or line.organisation != actor.organisation:
        message = f"there is no line {opening.line}"
        raise NotFound(message)
    held_at = instant_of(opening.day, now, policy.schedules[line.key].hours.zone)
    made = insert_once(
        session,
        Consultation,
        organisation=line.organisation,
        line=line.key,
        source=source,
        channel=opening.channel,
        opening_token=opening.token,
        opened_at=held_at,
        held_at=held_at,
        staff_id=actor.staff_id,
    )
    record = _opened_by(session, actor, opening.token)
    if made:
        register.enter(session, record, now)
        audit.note(session, actor, What.CREATED_RECORD, f"consultation:{record.id}", ("channel", "day", "line"), now)
    return record.id


def may_withdraw(actor: Actor, record: Consultation) -> bool:
    """Whether the actor opened the record by hand, and nothing has happened to it since."""
    is_theirs = actor.staff_id is not None and record.staff_id == actor.staff_id
    is_untouched = record.version == 0 and record.closed_at is None and record.case_id is None
    return is_theirs and is_untouched and record.channel in BY_HAND and record.withdrawn_at is None


def withdraw(session: Session, actor: Actor, record: int, now: datetime) -> None:
    """Take back a record that was opened by mistake: it was never held. Its number stays in the register, struck out.

    Raises ``NotFound``, and ``NotEmpty``.
    """
    consultation = held_record(session, record, actor)
    if consultation is None:
        message = f"there is no consultation {record}"
        raise NotFound(message)
    if not may_withdraw(actor, consultation):
        message = f"consultation {record} can't be withdrawn: it isn't empty, or isn't the asker's"
        raise NotEmpty(message)
    consultation.held_at, consultation.withdrawn_at = None, now
    register.withdraw(session, consultation, now)
    audit.note(session, actor, What.ERASED, f"consultation:{record}", (), now)


def _opened_by(session: Session, actor: Actor, token: str) -> Consultation:
    mine = select(Consultation).where(Consultation.opening_token == token, Consultation.staff_id == actor.staff_id)
    record = session.scalars(visible(mine, Consultation, actor)).one_or_none()
    if record is None:
        message = "the form was somebody else's"
        raise NotFound(message)
    return record
