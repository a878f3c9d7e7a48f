"""Rules of retention, and what was destroyed under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.retention import RecordClass
from app.storage.insert import insert_once
from app.storage.models import Destruction, RetentionDecision
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor


def in_force(session: Session) -> Sequence[RetentionDecision]:
    """Every organisation's, by organisation."""
    query = select(RetentionDecision).where(RetentionDecision.ended_at.is_(None))
    return session.scalars(query.order_by(RetentionDecision.organisation, RetentionDecision.id)).all()


def in_force_of(session: Session, actor: Actor) -> Sequence[RetentionDecision]:
    """The rules of the actor's organisation."""
    query = visible(select(RetentionDecision), RetentionDecision, actor)
    return session.scalars(query.where(RetentionDecision.ended_at.is_(None))).all()


def held_rule(session: Session, rule: int) -> RetentionDecision | None:
    """The rule, locked until the transaction ends; ``None`` once it isn't in force any more."""
    query = select(RetentionDecision).where(RetentionDecision.id == rule, RetentionDecision.ended_at.is_(None))
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def held_rule_of(session: Session, organisation: str, kind: RecordClass) -> RetentionDecision | None:
    """What is in force, locked."""
    query = select(RetentionDecision).where(
        RetentionDecision.organisation == organisation,
        RetentionDecision.record_class == kind,
        RetentionDecision.ended_at.is_(None),
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def open_destruction(session: Session, rule: RetentionDecision) -> Destruction | None:
    """A run that began, and that nobody has brought to its end."""
    query = select(Destruction).where(Destruction.decision_id == rule.id, Destruction.ended_at.is_(None))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def begun_destruction(session: Session, rule: RetentionDecision, before: datetime, now: datetime) -> Destruction:
    """The run that goes on, or one that begins now. Whoever asks holds the rule."""
    values = {"organisation": rule.organisation, "record_class": rule.record_class, "before": before}
    insert_once(session, Destruction, decision_id=rule.id, began_at=now, number=0, **values)
    found = open_destruction(session, rule)
    assert found is not None  # noqa: S101 - made now, or there before
    found.before = before
    return found


def destructions_of(session: Session, actor: Actor, most: int) -> Sequence[tuple[Destruction, RetentionDecision]]:
    """The latest first."""
    query = visible(select(Destruction, RetentionDecision), Destruction, actor)
    query = query.join(RetentionDecision, RetentionDecision.id == Destruction.decision_id)
    rows = session.execute(query.order_by(Destruction.began_at.desc(), Destruction.id.desc()).limit(most))
    return [(one, rule) for one, rule in rows]


def cases_destroyed_before(session: Session, actor: Actor) -> datetime | None:
    """Cases of the actor's organisation that ended before this instant have been destroyed; ``None``: none has."""
    query = visible(select(func.max(Destruction.before)), Destruction, actor)
    return session.scalar(query.where(Destruction.record_class == RecordClass.CASES, Destruction.number > 0))
