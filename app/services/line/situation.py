"""What a callflow may ask of the world: whether the line is open, who can be rung, and who has waited longer.

People are asked for only where the next step can ring somebody; then it takes eight queries, whatever the figures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.callflow import may_be_rung_for, may_overflow, position_from_json, rings_next
from app.domain.callflow.values import Candidate, Facts
from app.domain.hours import last_open_instant, opening_at
from app.domain.lines import LineKey, StaffId
from app.domain.skills import Competence, Language
from app.services.rota.duty import dated_changes, local_day, roster, schedule_of
from app.storage.queries.duty import people_among, waiting_calls

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.callflow.values import Position
    from app.domain.duty import OnDuty
    from app.domain.hours import DatedChange
    from app.domain.lines import Audience, Line
    from app.domain.policy import Policy
    from app.storage.models import Call

_SILENT_AFTER = timedelta(seconds=30)
"""Callers on hold are heard of every twenty seconds; one who isn't has gone, and Twilio's word of it was lost."""


def facts_of(
    session: Session, policy: Policy, call: Call, position: Position, now: datetime, *, let_in_at: datetime | None
) -> Facts:
    """What the callflow may ask for the next answer of a call that stands at ``position``, but for the caller's keys.

    ``let_in_at``: when the caller came, while the line was open; they are served by those who were on duty at the last
    open instant. The same goes for the line that this one overflows to, if it was open when they came.
    """
    line, flow = policy.lines[LineKey(call.line)], policy.flows[LineKey(call.line)]
    schedule = schedule_of(policy, line.key)
    changes = dated_changes(session, line.key, local_day(schedule, now))
    rings = call.ended_at is None and rings_next(flow, position.node)
    people = _people(session, policy, line, changes, now, let_in_at) if rings else ()
    return Facts(
        now=now,
        opening=opening_at(schedule.hours, changes, now),
        line_name=line.name,
        more_at=line.more_at,
        candidates=people,
        serves=line.serves,
        overflow_serves=_overflow_serves(policy, line),
        ahead=_ahead_of(session, policy, call, position, people, now) if people else (),
    )


def _people(
    session: Session,
    policy: Policy,
    line: Line,
    changes: Mapping[date, DatedChange],
    now: datetime,
    let_in_at: datetime | None,
) -> tuple[Candidate, ...]:
    """The line's own people, and after them those of the line that it overflows to."""
    schedule = schedule_of(policy, line.key)
    last = last_open_instant(schedule.hours, changes, now) if let_in_at else None
    own = roster(session, schedule, changes, last or now, rung_at=now)
    theirs = _overflow(session, policy, line.overflow, now, let_in_at) if line.overflow else ()
    return tuple(_candidates(session, own, theirs, line.overflow))


def _ahead_of(
    session: Session, policy: Policy, call: Call, position: Position, candidates: Collection[Candidate], now: datetime
) -> tuple[frozenset[StaffId], ...]:
    """For each caller on hold who came before this one, first come first: which candidates may be rung for them."""
    lines = _sharing(policy, LineKey(call.line))
    waiting = waiting_calls(session, lines, now - _SILENT_AFTER)
    mine = (position.hold_began.astimezone(UTC), call.id) if position.hold_began else None
    return tuple(
        _wanted(policy, LineKey(call.line), one, candidates)
        for one in waiting
        if one.id != call.id and (mine is None or _place(one) < mine)
    )


def _overflow_serves(policy: Policy, line: Line) -> frozenset[Audience]:
    """Whom the line serves that this one overflows to; nobody, if there is none."""
    return policy.lines[line.overflow].serves if line.overflow else frozenset()


def _overflow(
    session: Session, policy: Policy, line_key: LineKey, now: datetime, let_in_at: datetime | None
) -> tuple[OnDuty, ...]:
    schedule = schedule_of(policy, line_key)
    changes = dated_changes(session, line_key, local_day(schedule, now))
    last = last_open_instant(schedule.hours, changes, now) if let_in_at else now
    if last is None or (let_in_at and last < let_in_at):
        return ()  # closed already when the caller came
    return roster(session, schedule, changes, last, rung_at=now)


def _candidates(
    session: Session, own: Sequence[OnDuty], theirs: Sequence[OnDuty], overflow: LineKey | None
) -> Iterator[Candidate]:
    everyone = {one.staff: (one, overflow) for one in theirs} | {one.staff: (one, None) for one in own}
    known = people_among(session, everyone) if everyone else {}
    for one in (*own, *(other for other in theirs if everyone[other.staff][1])):
        person = known[one.staff]
        yield Candidate(
            one.staff,
            one.tier,
            is_free=person.is_free,
            overflow=everyone[one.staff][1],
            wraps_up=one.wraps_up,
            competences=frozenset(skill for skill in Competence if skill in person.competences),
            languages=frozenset(language for language in Language if language in person.languages),
        )


def _sharing(policy: Policy, line_key: LineKey) -> frozenset[LineKey]:
    """The lines whose callers may want the same people as those of this one."""
    mine = {line_key, policy.lines[line_key].overflow}
    return frozenset(key for key, line in policy.lines.items() if mine & {key, line.overflow})


def _place(waiting: Call) -> tuple[datetime, int]:
    return waiting.holding_since or datetime.max.replace(tzinfo=UTC), waiting.id


def _wanted(policy: Policy, line_key: LineKey, waiting: Call, candidates: Collection[Candidate]) -> frozenset[StaffId]:
    """Who of this call's candidates may be rung for the caller who waits."""
    position = position_from_json(waiting.position or {})
    line = policy.lines[LineKey(waiting.line)]
    overflows = may_overflow(line.serves, _overflow_serves(policy, line), position.caller_kind)
    reach = {line.key, line.overflow if overflows else line.key}
    flow = policy.flows[line.key]
    return frozenset(
        one.staff
        for one in candidates
        if (one.overflow or line_key) in reach and may_be_rung_for(flow, position, one.staff)
    )
