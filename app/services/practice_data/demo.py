"""Practice data: invented staff for every line, and two years of calls as the lines would have had them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from app.domain.callflow.nodes import CallerKind
from app.domain.cases import Reference
from app.domain.consultations import Form
from app.domain.lines import LineKey
from app.services.practice_data import demo_cases, demo_follow_ups
from app.services.practice_data.demo_by_hand import add_by_hand
from app.services.practice_data.demo_calls import PlayedCall, Stage, play_call
from app.services.practice_data.demo_missed import deal_with_old
from app.services.practice_data.demo_people import practice_cast
from app.services.practice_data.demo_records import HeldCall, fill_in, store
from app.services.practice_data.demo_volume import SEED, arrivals
from app.services.record.register import Held, enter_all
from app.services.rota.duty import dated_changes
from app.storage.queries.staff import is_anybody_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.calls import Outcome
    from app.domain.hours import DatedChange
    from app.domain.policy import Policy
    from app.domain.rotas import Membership
    from app.storage.models import Attempt, CallbackRequest, Consultation

YEARS = 2
_STORED_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was filled in."""

    staff: int
    calls: int
    outcomes: Mapping[Outcome, int]
    case_to_try: tuple[LineKey, Reference] | None
    """One to call about, and on which line."""


def _heed_nothing(_done: int, _of: int) -> None:
    """Nobody watches."""


def fill(
    session: Session, policy: Policy, now: datetime, tell: Callable[[int, int], None] = _heed_nothing
) -> DemoReport | None:
    """Fill a database that has no staff; ``None``, and nothing touched, when it has some. Doesn't commit.

    The same clock gives the same data, the ids of staff and calls included, and two clocks the same calls on the days
    that both look back on. Of the calls there are records, attempts, callbacks and consultations, but no log of turns:
    no webhook of theirs will ever be repeated.

    ``tell`` hears now and then how many calls are done, of how many.
    """
    if is_anybody_there(session):
        return None
    cast = practice_cast(policy, now)
    session.add_all(cast.staff)
    session.flush()
    session.add_all(cast.rows())
    outcomes: Counter[Outcome] = Counter()
    held: dict[LineKey, list[HeldCall]] = defaultdict(list)
    registered: list[Held] = []
    coming = _coming(session, policy, cast.memberships, now)
    played = _played(coming, now)
    while some := list(islice(played, _STORED_AT_ONCE)):
        _store(session, some)
        for one in filter(None, map(_held, some)):
            held[one.line].append(one)
        registered += filter(None, map(_registered, some))
        outcomes.update(one.call.outcome for one in some)
        tell(outcomes.total(), len(coming))
    for line, calls in held.items():
        form = Form(policy.taxonomy, policy.municipalities, policy.lines[line])
        store(session, policy.taxonomy, fill_in(form, calls, now))
    enter_all(session, [*registered, *add_by_hand(session, policy, cast.memberships, now)])
    deal_with_old(session, now)
    demo_cases.open_some(session, now)
    demo_follow_ups.promise_some(session, now)
    case = demo_cases.newest(session)
    to_try = (LineKey(case.line), Reference(case.reference)) if case else None
    return DemoReport(len(cast.staff), outcomes.total(), outcomes, to_try)


def _coming(
    session: Session, policy: Policy, memberships: Sequence[Membership], now: datetime
) -> list[tuple[datetime, Stage]]:
    """Every call of every line up to today's last, in the order in which they arrive."""
    found: list[tuple[datetime, Stage]] = []
    for stage, first in _stages(session, policy, memberships, now):
        hours = policy.schedules[stage.line.key].hours
        today = now.astimezone(hours.zone).date()
        days = arrivals(stage.line.key, hours, stage.changes, first, today)
        found += [(began, stage) for began in days if began < now]
    return sorted(found, key=lambda one: one[0])


def _stages(
    session: Session, policy: Policy, memberships: Sequence[Membership], now: datetime
) -> Iterator[tuple[Stage, date]]:
    """Each line with its people, and the first day of its history."""
    for line in policy.lines.values():
        schedule = policy.schedules[line.key]
        first = _first_day(now.astimezone(schedule.hours.zone).date())
        changes: dict[date, DatedChange] = {}
        for years in range(YEARS + 1):
            changes |= dated_changes(session, line.key, first + timedelta(days=365 * years))
        # Nobody is on duty before a rota begins, and nothing is known of a day before the calendar's.
        begins = [rota.anchor for rota in schedule.rotas]
        begins.append(date(schedule.hours.calendar.first_year, 1, 1))
        yield Stage(policy, line, memberships, changes), max(first, *begins)


def _first_day(today: date) -> date:
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - YEARS, day=28 if leap_day else today.day)


def _played(coming: Sequence[tuple[datetime, Stage]], now: datetime) -> Iterator[PlayedCall]:
    """The calls that are over, in the order in which they arrived."""
    for began, stage in coming:
        # Every call has chances of its own, so that one that is still under way changes none of the others.
        chance = Random(f"{SEED} {stage.line.key} {began}")  # noqa: S311 - practice data, the same on every machine
        if played := play_call(stage, began, now, chance):
            yield played


def _held(one: PlayedCall) -> HeldCall | None:
    """What is known of an answered call when its record is filled in."""
    call, consultation = one.call, one.consultation
    if consultation.held_at is None or call.ended_at is None:
        return None
    by_exposed = (call.position or {}).get("caller_kind") == CallerKind.EXPOSED
    return HeldCall(consultation.id, LineKey(consultation.line), call.started_at, call.ended_at, by_exposed=by_exposed)


def _registered(one: PlayedCall) -> Held | None:
    record = one.consultation
    return Held(record.id, record.organisation, record.line, record.held_at) if record.held_at else None


def _store(session: Session, played: Sequence[PlayedCall]) -> None:
    session.add_all(one.call for one in played)
    session.flush()
    for one in played:
        parts: list[Consultation | Attempt | CallbackRequest] = [one.consultation, *one.attempts]
        if one.callback:
            parts.append(one.callback)
        for part in parts:
            part.call_id = one.call.id
        session.add_all(parts)
    session.flush()
