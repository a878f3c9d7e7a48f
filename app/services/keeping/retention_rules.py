"""Which decisions to destroy are in force. A rule without one doesn't exist. Nothing here commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.domain.register import SWEDEN
from app.domain.retention import RecordClass
from app.domain.wall_clock import local_time
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import RetentionDecision
from app.storage.queries import retention as stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import OrganisationKey
    from app.domain.permissions import Actor
    from app.domain.retention import Decision
    from app.storage.models import Destruction

_MOST_SHOWN = 50


def rules(session: Session, actor: Actor) -> Mapping[RecordClass, RetentionDecision | None]:
    """Every class, with the actor's organisation's rule where one is in force."""
    found = {one.record_class: one for one in stored.in_force_of(session, actor)}
    return {kind: found.get(kind) for kind in RecordClass}


def destructions(session: Session, actor: Actor) -> Sequence[tuple[Destruction, RetentionDecision]]:
    """What was destroyed in the actor's organisation, the latest first."""
    return stored.destructions_of(session, actor, _MOST_SHOWN)


def enter(
    session: Session,
    actor: Actor | None,
    organisation: OrganisationKey,
    kind: RecordClass,
    decision: Decision,
    now: datetime,
) -> RetentionDecision:
    """A decision is in force from now on, instead of the one before. ``actor``: nobody, for a command.

    Raises ``RejectedInput`` for a day that hasn't come, and ``Conflict`` when somebody else was first.
    """
    if decision.decided_on > local_time(now, SWEDEN).date():
        raise RejectedInput([Problem("", "decided_on", str(decision.decided_on), "today or an earlier day")])
    _end(session, organisation, kind, now)
    values = {"keep_months": decision.keep_months, "reference": decision.reference.strip()}
    values |= {"decided_on": decision.decided_on, "entered_by_id": actor.account_id if actor else None}
    made = insert_once(
        session, RetentionDecision, organisation=organisation, record_class=kind, entered_at=now, **values
    )
    rule = stored.held_rule_of(session, organisation, kind)
    if not made or rule is None:
        message = f"somebody else has just entered a decision about {kind}: look at that first"
        raise Conflict(message)
    audit.note(session, actor, What.CREATED_RECORD, f"retention_decision:{rule.id}", (kind.value, *values), now)
    return rule


def end(session: Session, actor: Actor | None, organisation: OrganisationKey, kind: RecordClass, now: datetime) -> None:
    """Nothing more is destroyed under the rule. Raises ``NotFound`` when none is in force."""
    rule = _end(session, organisation, kind, now)
    if rule is None:
        message = f"no decision about {kind} is in force in {organisation}"
        raise NotFound(message)
    audit.note(session, actor, What.CHANGED_RECORD, f"retention_decision:{rule.id}", ["ended"], now)


def _end(session: Session, organisation: str, kind: RecordClass, now: datetime) -> RetentionDecision | None:
    rule = stored.held_rule_of(session, organisation, kind)
    if rule is not None:
        rule.ended_at = now
        session.flush()
    return rule
