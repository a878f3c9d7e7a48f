"""Destroying what a decision says, and no more. The caller commits after each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.retention import RecordClass, limit_of
from app.services.keeping import audit
from app.storage.queries import destroying
from app.storage.queries import retention as stored
from app.storage.queries.at_rest import old

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.storage.models import RetentionDecision
    from app.storage.queries.destroying import Place

_AT_ONCE = 100
"""So few that a caller who waits for the database doesn't notice."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision that is in force, and what it says now."""

    id: int
    organisation: str
    kind: RecordClass
    reference: str
    limit: datetime
    """What is as new as this stays."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a run would do now."""

    rule: Rule
    number: int
    oldest: date | None
    """When it began: an instant, or the day of what has no hour."""
    newest: date | None
    waiting: int
    """As old, but something newer hangs on them."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is with one rule."""

    rule: Rule
    passed: int
    of: int
    """Records that began early enough."""
    destroyed: int
    is_last: bool = False
    """Of this rule."""


def rules_in_force(session: Session, now: datetime) -> Sequence[Rule]:
    """All organisations', in the order in which they are followed."""
    order = list(RecordClass)
    found = [_rule(one, now) for one in stored.in_force(session)]
    return sorted(found, key=lambda one: (order.index(one.kind), one.organisation))


def look_ahead(session: Session, now: datetime) -> Sequence[Ahead]:
    """What a run would destroy, rule by rule. Changes nothing, and locks nothing."""
    rules = rules_in_force(session, now)
    planned = {(one.organisation, one.kind): one.limit for one in rules}
    return [Ahead(one, *destroying.ahead(session, one.kind, one.organisation, one.limit, planned)) for one in rules]


def run(session: Session, now: datetime, at_once: int = _AT_ONCE) -> Iterator[Step]:
    """Destroy what is old enough under each rule, a few records at a time; commit after each step.

    Whoever is killed in between has destroyed whole records and counted them; the next run goes on with the rest.
    """
    rules = rules_in_force(session, now)
    for rule in rules:
        yield from _follow(session, rule, now, at_once)


def _follow(session: Session, rule: Rule, now: datetime, at_once: int) -> Iterator[Step]:
    of = destroying.how_many(session, old(rule.kind, rule.organisation, rule.limit))
    yield Step(rule, 0, of, 0)
    passed = destroyed = 0
    after: Place | None = None
    # Held in each transaction anew: a rule that somebody ends meanwhile destroys nothing more, and two runs take turns.
    while held := stored.held_rule(session, rule.id):
        page = destroying.page_of_old(session, rule.kind, held, rule.limit, after, at_once)
        if not page:
            _finish(session, held, now)
            break
        destroyed += _take(session, held, rule, [number for _, number in page], now)
        after = page[-1]
        passed += len(page)
        yield Step(rule, passed, max(of, passed), destroyed)
    yield Step(rule, passed, passed, destroyed, is_last=True)


def _take(session: Session, held: RetentionDecision, rule: Rule, ids: Sequence[int], now: datetime) -> int:
    free = destroying.held_free(session, rule.kind, rule.limit, ids)
    if free:
        destroying.destroy(session, rule.kind, held, free, now)
        stored.begun_destruction(session, held, rule.limit, now).number += len(free)
        session.flush()
    return len(free)


def _finish(session: Session, held: RetentionDecision, now: datetime) -> None:
    done = stored.open_destruction(session, held)
    if done is not None:
        done.ended_at = now
        session.flush()
        audit.note(session, None, What.ERASED, f"destruction:{done.id}", (held.record_class.value,), now)


def _rule(one: RetentionDecision, now: datetime) -> Rule:
    return Rule(one.id, one.organisation, one.record_class, one.reference, limit_of(one.keep_months, now))
