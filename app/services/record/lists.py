"""Lists of records, calls, cases and follow-ups: pages of them, and all of them for a file. Never a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from app.domain.calls import Outcome
from app.domain.finding import FollowUpsOf, Key, ListName
from app.domain.followups import FollowUpState
from app.domain.lines import LineKey
from app.domain.trends import Period, bounds
from app.services.call_times import conversation_of, talk_seconds, wait_seconds
from app.services.case import followups
from app.services.record import record_pages
from app.storage.models import Call, Case, Consultation, FollowUp
from app.storage.queries import finding
from app.storage.queries import lists as stored
from app.storage.queries.finding import Count, OfLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.cases import CaseEnd
    from app.domain.finding import Sought
    from app.domain.followups import FollowUpEnd
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.case.followups import Listed as ToDo
    from app.services.record.record_pages import Listed as RecordRow
    from app.storage.models import Attempt
    from app.storage.queries.finding import Found, Looked

PAGE = 25
_AT_ONCE = 500
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, and which page of it: the newest, or the one before or after a place."""

    sought: Sought
    before: Key | None = None
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """One page, newest first. ``newer`` and ``older``: from where the next one goes on; ``None`` at the ends."""

    rows: Sequence[_Row]
    newer: Key | None
    older: Key | None
    looked_back_to: datetime | None
    """Where the search stopped short of a whole page; ``None`` when it didn't."""
    count: Count | None
    """Of the whole list; on the first page alone."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call to a line in reach. No phone number is in it."""

    id: int
    line: LineKey
    started_at: datetime
    outcome: Outcome
    wait_seconds: int | None
    """``None`` also for a call that another organisation took."""
    talk_seconds: int | None
    alias: str | None
    """Of whoever took it, if it is somebody of the organisation."""
    record: int | None
    """Where it was held and is the actor's to see."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case: whose it is and how it stands, nothing of what it is about."""

    id: int
    reference: str
    line: LineKey
    opened_at: datetime
    responsible: str
    is_mine: bool
    consultations: int
    ended_at: datetime | None
    ended_as: CaseEnd | None
    record: int | None
    """Its first one."""


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A follow-up that is over."""

    id: int
    reference: str
    record: int
    line: LineKey
    responsible: str
    promised_at: datetime
    ended_at: datetime
    ended_as: FollowUpEnd


@dataclass(frozen=True, slots=True)
class _List(Generic[_Row]):
    looked: Looked
    rows: Callable[[Sequence[Key]], Sequence[_Row]]


def records(session: Session, policy: Policy, actor: Actor, asked: Asked) -> Page[RecordRow]:
    """Records that were held."""
    return _page(session, _records(session, policy, actor, asked.sought), asked)


def calls(session: Session, policy: Policy, actor: Actor, asked: Asked) -> Page[CallRow]:
    """Calls to the lines in reach, whoever answered them."""
    return _page(session, _calls(session, policy, actor, asked.sought), asked)


def cases(session: Session, policy: Policy, actor: Actor, asked: Asked) -> Page[CaseRow]:
    """Cases."""
    return _page(session, _cases(session, policy, actor, asked.sought), asked)


def ended(session: Session, policy: Policy, actor: Actor, asked: Asked) -> Page[EndedRow]:
    """Follow-ups that are over, by when they were promised."""
    return _page(session, _ended(session, policy, actor, asked.sought), asked)


def to_do(session: Session, policy: Policy, actor: Actor, sought: Sought, now: datetime) -> Sequence[ToDo]:
    """Follow-ups that aren't over, what is due first. Some hundreds at the most: a case waits for one at a time."""
    overdue = {FollowUpsOf.OVERDUE, FollowUpsOf.MINE_OVERDUE}
    mine = {FollowUpsOf.MINE, FollowUpsOf.MINE_OVERDUE}
    return [
        one
        for one in followups.to_do(session, policy, actor, now)
        if sought.line in {None, one.line}
        and (sought.state not in overdue or one.state is FollowUpState.OVERDUE)
        and (sought.state not in mine or one.is_mine)
    ]


def aliases(session: Session, actor: Actor) -> dict[str, str]:
    """By id: who records and cases can be looked for by."""
    return dict(stored.staff_of(session, actor))


def every_page(
    session: Session, policy: Policy, actor: Actor, name: ListName, sought: Sought
) -> Iterator[Sequence[RecordRow] | Sequence[CallRow] | Sequence[CaseRow] | Sequence[EndedRow]]:
    """All rows, some hundreds at a time, newest first; whoever takes them may end the transaction between two."""
    one: _List[Any] = _LISTS[name](session, policy, actor, sought)
    ways = finding.ways(session, one.looked)
    before, goes_on = None, True
    while goes_on:
        found = finding.older(session, ways, before, _AT_ONCE)
        yield one.rows(found.keys)
        before, goes_on = found.goes_on, found.goes_on is not None


def _page(session: Session, one: _List[_Row], asked: Asked) -> Page[_Row]:
    ways = finding.ways(session, one.looked)
    if asked.after is not None:
        found = finding.newer(session, ways, asked.after, PAGE)
        if found.goes_on is not None:
            older = found.keys[-1] if found.keys else asked.after
            return Page(one.rows(found.keys), found.goes_on, older, _stopped(found), None)
        # The newest page is a whole one, and not what is left over.
    before = asked.before if asked.after is None else None
    found = finding.older(session, ways, before, PAGE)
    newer = None if before is None else found.keys[0] if found.keys else before
    count = finding.count(session, ways) if before is None else None
    return Page(one.rows(found.keys), newer, found.goes_on, _stopped(found), count)


def _stopped(found: Found) -> datetime | None:
    return None if found.is_full or found.goes_on is None else found.goes_on.at


def _lines(policy: Policy, actor: Actor, sought: Sought) -> tuple[OfLine, ...]:
    """Each line in reach that is looked for, and the period on its own wall clock."""
    keys = sorted(actor.lines if sought.line is None else actor.lines & {sought.line})
    return tuple(_of_line(policy, LineKey(key), sought) for key in keys)


def _of_line(policy: Policy, line: LineKey, sought: Sought) -> OfLine:
    schedule = policy.schedules.get(line)
    zone = schedule.hours.zone if schedule else ZoneInfo("UTC")
    begins = bounds(Period(sought.first, sought.first), zone)[0] if sought.first else None
    ends = bounds(Period(sought.last, sought.last), zone)[1] if sought.last else None
    return OfLine(line, begins, ends)


def _records(session: Session, policy: Policy, actor: Actor, sought: Sought) -> _List[RecordRow]:
    def rows(keys: Sequence[Key]) -> Sequence[RecordRow]:
        names = stored.staff_of(session, actor)
        found = stored.rows_of(session, Consultation, keys, actor)
        return record_pages.listed(session, [(one, names.get(one.staff_id or "")) for one in found])

    return _List(stored.records(sought, actor, _lines(policy, actor, sought)), rows)


def _calls(session: Session, policy: Policy, actor: Actor, sought: Sought) -> _List[CallRow]:
    def rows(keys: Sequence[Key]) -> Sequence[CallRow]:
        ids = [key.id for key in keys]
        names, attempts = stored.staff_of(session, actor), stored.attempts_of(session, ids)
        readable = stored.records_of_calls(session, ids, actor)
        return [
            _call(one, attempts[one.id], names, readable.get(one.id))
            for one in stored.rows_of(session, Call, keys, actor)
        ]

    return _List(stored.calls(sought, actor, _lines(policy, actor, sought)), rows)


def _call(call: Call, attempts: Sequence[Attempt], names: Mapping[str, str], record: int | None) -> CallRow:
    conversation = conversation_of(one for one in attempts if one.staff_id in names)
    is_theirs = conversation is None and call.outcome is Outcome.ANSWERED
    return CallRow(
        id=call.id,
        line=LineKey(call.line),
        started_at=call.started_at,
        outcome=call.outcome,
        wait_seconds=None if is_theirs else wait_seconds(call, conversation),
        talk_seconds=talk_seconds(call, conversation),
        alias=names[conversation.staff_id] if conversation else None,
        record=record,
    )


def _cases(session: Session, policy: Policy, actor: Actor, sought: Sought) -> _List[CaseRow]:
    def rows(keys: Sequence[Key]) -> Sequence[CaseRow]:
        names = stored.staff_of(session, actor)
        numbers = stored.consultations_in(session, [key.id for key in keys])
        return [
            CaseRow(
                id=one.id,
                reference=one.reference,
                line=LineKey(one.line),
                opened_at=one.opened_at,
                responsible=names.get(one.staff_id, ""),
                is_mine=one.staff_id == actor.staff_id,
                consultations=numbers[one.id].number if one.id in numbers else 0,
                ended_at=one.ended_at,
                ended_as=one.ended_as,
                record=numbers[one.id].first if one.id in numbers else None,
            )
            for one in stored.rows_of(session, Case, keys, actor)
        ]

    return _List(stored.cases(sought, actor, _lines(policy, actor, sought)), rows)


def _ended(session: Session, policy: Policy, actor: Actor, sought: Sought) -> _List[EndedRow]:
    def rows(keys: Sequence[Key]) -> Sequence[EndedRow]:
        names = stored.staff_of(session, actor)
        found = stored.rows_of(session, FollowUp, keys, actor)
        of = stored.cases_with(session, {one.case_id for one in found}, actor)
        return [
            EndedRow(
                id=one.id,
                reference=of[one.case_id].reference,
                record=one.consultation_id,
                line=LineKey(one.line),
                responsible=names.get(of[one.case_id].staff_id, ""),
                promised_at=one.promised_at,
                ended_at=one.ended_at,
                ended_as=one.ended_as,
            )
            for one in found
            if one.case_id in of and one.ended_at is not None and one.ended_as is not None
        ]

    return _List(stored.ended_follow_ups(actor, _lines(policy, actor, sought)), rows)


_LISTS: Mapping[ListName, Callable[[Session, Policy, Actor, Sought], _List[Any]]] = {
    ListName.RECORDS: _records,
    ListName.CALLS: _calls,
    ListName.CASES: _cases,
    ListName.FOLLOW_UPS: _ended,
}
