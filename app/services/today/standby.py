"""Whether calls come to somebody just now: then an open page of theirs has to be ready for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.permissions import Permission, allowed
from app.domain.today import Doing
from app.services.today.own_state import own_state
from app.services.today.today_duty import duty_now

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy

_AWAY = frozenset({Doing.PAUSED, Doing.OFF_DUTY})


def is_on_call(session: Session, policy: Policy, actor: Actor, now: datetime) -> bool:
    """Whether the actor is on duty and doesn't pause, or their phone rings or is in a call."""
    if actor.staff_id is None or not allowed(actor, Permission.TAKE_CALLS):
        return False
    duty = duty_now(session, policy, actor, now)
    return own_state(duty, actor.staff_id, now).doing not in _AWAY
