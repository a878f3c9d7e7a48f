"""A specialist's own state: what they are doing, their pauses, and when their next turn is. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.coming_duty import next_turn
from app.domain.errors import Conflict, NoSpecialist
from app.domain.today import Doing, PersonNow, doing_of, rests_on
from app.services.keeping import audit
from app.services.rota import rota_changes
from app.services.rota.rota_fields import Person
from app.services.today.today_duty import pause_now
from app.storage.queries import today as stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey, StaffId
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.today import PauseReason
    from app.services.today.today_duty import DutyNow, PauseNow


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that comes."""

    line: LineKey
    begins: datetime


@dataclass(frozen=True, slots=True)
class OwnState:
    """What a specialist is told of themselves."""

    doing: Doing
    pause: PauseNow | None
    """A pause that lasts, also behind a call."""
    wraps_up_until: datetime | None
    on_duty_for: tuple[LineKey, ...]
    """The lines that they are rung for, or would be if they didn't pause."""
    rests_with: tuple[LineKey, ...]
    """Those of which nobody else is left."""
    next_turn: Turn | None
    """Told to those who aren't on duty."""


class PauseChanged(Conflict):
    """The pause isn't the one that the page showed: ``now`` is what there is, if anything."""

    def __init__(self, now: PauseNow | None) -> None:
        self.now = now
        super().__init__("the pause was changed elsewhere; nothing was changed here")


def own_state(duty: DutyNow, staff: StaffId, now: datetime) -> OwnState:
    """The state of one specialist. Asks nothing of the database: it follows from the lines."""
    pause = duty.pauses.get(staff)
    on_duty = tuple(one.line.key for one in duty.lines if any(person.staff == staff for person in one.people))
    wraps_up = next(
        (
            one.ends
            for plan in duty.plans.values()
            for one in plan.layers.wrap_ups
            if one.staff == staff and one.lasts_at(now)
        ),
        None,
    )
    person = PersonNow(
        duty.busy.get(staff), is_paused=pause is not None, wraps_up=wraps_up is not None, is_on_duty=bool(on_duty)
    )
    return OwnState(
        doing=doing_of(person),
        pause=pause,
        wraps_up_until=wraps_up,
        on_duty_for=on_duty,
        rests_with=tuple(one.line.key for one in duty.lines if rests_on(staff, one.on_duty)),
        next_turn=None if on_duty else _next_turn(duty, staff, now),
    )


def pause(
    session: Session,
    policy: Policy,
    actor: Actor,
    reason: PauseReason,
    until: datetime | None,
    *,
    seen: int | None,
    now: datetime,
) -> None:
    """Take no calls from now on. ``seen``: the pause that the page showed, if any.

    Raises ``PauseChanged`` when another one lasts, ``NoSpecialist``, and ``RejectedInput`` for a time that has passed.
    """
    person, lasting = _held(session, actor, now)
    _refuse_unseen(lasting, seen)
    rota_changes.pause(session, policy, person, until, reason.value, now=now)
    audit.note(session, actor, What.CHANGED_ROTA, f"staff:{person.id}", ("pause",), now)


def resume(session: Session, actor: Actor, *, seen: int | None, now: datetime) -> bool:
    """Take calls again; say whether there was a pause. Raises ``PauseChanged`` and ``NoSpecialist``."""
    person, lasting = _held(session, actor, now)
    if lasting is None:
        return False
    _refuse_unseen(lasting, seen)
    rota_changes.resume(session, person, now=now)
    audit.note(session, actor, What.CHANGED_ROTA, f"staff:{person.id}", ("pause",), now)
    return True


def _held(session: Session, actor: Actor, now: datetime) -> tuple[Person, PauseNow | None]:
    alias = stored.held_alias(session, actor.staff_id) if actor.staff_id else None
    if alias is None or actor.staff_id is None or not actor.lines:
        message = "the account isn't a specialist's with a line"
        raise NoSpecialist(message)
    lasting = stored.pauses_of(session, [actor.staff_id], now)
    person = Person(actor.staff_id, actor.organisation, alias, min(actor.lines))
    return person, pause_now(lasting[-1]) if lasting else None


def _refuse_unseen(lasting: PauseNow | None, seen: int | None) -> None:
    if (lasting.id if lasting else None) != seen:
        raise PauseChanged(lasting)


def _next_turn(duty: DutyNow, staff: StaffId, now: datetime) -> Turn | None:
    found = ((key, next_turn(plan, staff, now)) for key, plan in duty.plans.items())
    turns = [Turn(key, span.begins) for key, span in found if span]
    return min(turns, key=lambda one: one.begins, default=None)
