"""What the API shows, field by field. No phone numbers; people by the stable id of their record alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.domain.callflow.words import closed_reason
from app.services.call_times import conversation_of, talk_seconds, wait_seconds
from app.services.export import leaving, left_tallies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.duty import OnDuty
    from app.domain.hours import Opening
    from app.domain.lines import Line, LineKey
    from app.domain.policy import Policy
    from app.services.export.leaving import Value
    from app.services.export.left_tallies import Label
    from app.services.numbers.trends import Counted
    from app.storage.models import Attempt, Call
    from app.storage.queries.api_pages import CallRecord
    from app.storage.queries.exported import Record
    from app.web.api.access import Reader

Json = dict[str, Any]


def line(policy: Policy, one: Line) -> Json:
    """A line, as the files have it."""
    return {
        "key": one.key,
        "name": one.name,
        "organisation": one.organisation,
        "zone": policy.schedules[one.key].hours.zone.key,
        "serves": sorted(one.serves),
        "catchment": sorted(one.catchment),
        "overflow": one.overflow,
    }


def hours(policy: Policy, one: Line, opening: Opening) -> Json:
    """Whether a line is open."""
    return {
        "line": one.key,
        "at": _wall(policy, one.key, opening.at),
        "open": opening.is_open,
        "reason": None if opening.closed is None else closed_reason(policy.words, opening.closed),
        "closes_at": _wall_or_null(policy, one.key, opening.closes_at),
        "next_opening": _wall_or_null(policy, one.key, opening.next_opening),
    }


def duty(policy: Policy, one: Line, at: datetime, persons: Sequence[OnDuty]) -> Json:
    """Who is on duty, in ringing order."""
    return {
        "line": one.key,
        "at": _wall(policy, one.key, at),
        "on_duty": [{"specialist": person.staff, "tier": person.tier, "why": person.why} for person in persons],
    }


def is_seen(record: CallRecord, reader: Reader) -> bool:
    """Whether a call is the reader's to see: by the line that was dialled, or by the staff who answered it."""
    return reader.sees(record.call.organisation) or _owns(record, reader)


def call(policy: Policy, record: CallRecord, reader: Reader) -> Json:
    """A call. Where another organisation answered, the record is theirs: then its outcome and times are shown alone.

    Nobody sees another organisation's specialists, rung or answering.
    """
    one = record.call
    is_theirs = _owns(record, reader)
    conversation = conversation_of(record.attempts)
    attempts = [attempt for attempt in record.attempts if is_theirs and reader.sees(_staff_of(policy, one, attempt))]
    return {
        "sid": one.sid,
        "line": one.line,
        "started_at": _wall(policy, one.line, one.started_at),
        "ended_at": _wall_or_null(policy, one.line, one.ended_at),
        "outcome": one.outcome,
        "reason": one.reason or None,
        "wait_seconds": wait_seconds(one, conversation),
        "talk_seconds": talk_seconds(one, conversation),
        "answered_by": conversation.staff_id if conversation and is_theirs else None,
        "attempts": [_attempt(policy, one, attempt) for attempt in attempts],
        "consultation": record.consultation.id if record.consultation and is_theirs else None,
        "source": one.source,
    }


def consultation(policy: Policy, record: Record) -> Json:
    """A consultation, as it leaves the team."""
    return {name: _plain(value) for name, value in leaving.consultation(policy, record).items()}


def counted(line: LineKey, since: date | None, one: Counted, label: Label) -> Json:
    """The numbers of one line and period. ``since``: the first day of which anything of the line was counted."""
    numbers = [{name: _plain(value) for name, value in row.items()} for row in left_tallies.numbers_of(one, label)]
    return {
        "line": line,
        "first": one.period.first.isoformat(),
        "last": one.period.last.isoformat(),
        "counted_since": since.isoformat() if since else None,
        "numbers": numbers,
    }


def _owns(record: CallRecord, reader: Reader) -> bool:
    """Whether the record is theirs."""
    return record.consultation is not None and reader.sees(record.consultation.organisation)


def _staff_of(policy: Policy, of: Call, one: Attempt) -> str:
    """The organisation whose specialist was rung; empty where the line that they answer for is configured no more."""
    if one.overflow_line is None:
        return of.organisation
    return next((line.organisation for key, line in policy.lines.items() if key == one.overflow_line), "")


def _attempt(policy: Policy, of: Call, one: Attempt) -> Json:
    return {"specialist": one.staff_id, "state": one.state, "at": _wall(policy, of.line, one.began_at)}


def _plain(value: Value) -> object:
    """As JSON has it."""
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case tuple():
            return list(value)
        case _:
            return value


def _wall(policy: Policy, line_key: str, at: datetime) -> str:
    """On the line's wall clock, with its offset; UTC for a line that is no longer configured."""
    return leaving.on_the_wall(policy, line_key, at).isoformat(timespec="seconds")


def _wall_or_null(policy: Policy, line_key: str, at: datetime | None) -> str | None:
    return None if at is None else _wall(policy, line_key, at)
