"""Consultations and calls as they leave the team, by the names of ``domain.columns``; the database isn't asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.domain import leaving
from app.domain.calls import Outcome
from app.domain.columns import CONSULTATIONS, Type
from app.services.call_times import conversation_of, talk_seconds, wait_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.policy import Policy
    from app.domain.taxonomy import Code
    from app.storage.queries.exported import Record, Taken

Value = str | int | bool | date | datetime | tuple[str, ...] | None
Values = dict[str, Value]
"""By the name of the column; instants on the line's wall clock."""

_EMPTY: Mapping[str, Value] = {one.name: () if one.type is Type.CODES else None for one in CONSULTATIONS}
_CODES = frozenset(one.name for one in CONSULTATIONS if one.type is Type.CODES)


def consultation(policy: Policy, one: Record) -> Values:
    """One consultation. Of one that nobody held there is nothing but that it was opened."""
    values = {
        **_EMPTY,
        "id": one.id,
        "line": one.line,
        "organisation": one.organisation,
        "opened_at": on_the_wall(policy, one.line, one.opened_at),
        "held": one.held_at is not None,
        "specialist": one.staff,
        "channel": one.channel,
        "call": one.call,
        "source": one.source,
        "complete": one.closed_at is not None,
    }
    if one.held_at is None:
        return values
    place, municipality, county = leaving.place_of(one.answers)
    return {
        **values,
        "held_at": on_the_wall(policy, one.line, one.held_at),
        "place": place,
        "municipality": municipality,
        "county": county,
        "exposed": leaving.exposed_of(one.answers),
        **{group: _cell(group, codes) for group, codes in leaving.chosen_of(one.answers).items() if group in _EMPTY},
    }


def call(policy: Policy, one: Taken) -> Values:
    """One call. Of one whose record is another's, when it came and what became of it."""
    began, ended = one.call.started_at, one.call.ended_at
    conversation = conversation_of(one.attempts)
    is_theirs = one.record is None and one.call.outcome is Outcome.ANSWERED
    return {
        "sid": one.sid,
        "line": one.line,
        "started_at": on_the_wall(policy, one.line, began),
        "ended_at": None if ended is None else on_the_wall(policy, one.line, ended),
        "outcome": one.call.outcome,
        "reason": one.reason or None,
        "wait_seconds": None if is_theirs else wait_seconds(one.call, conversation),
        "talk_seconds": talk_seconds(one.call, conversation),
        "answered_by": conversation.staff if conversation else None,
        "consultation": one.record,
        "source": one.source,
    }


def on_the_wall(policy: Policy, line: str, at: datetime) -> datetime:
    """On the line's wall clock, to the second; in UTC for a line that is no longer configured."""
    schedule = next((one for key, one in policy.schedules.items() if key == line), None)
    return at.astimezone(schedule.hours.zone if schedule else UTC).replace(microsecond=0)


def _cell(group: str, codes: tuple[Code, ...]) -> Value:
    return codes if group in _CODES else codes[0]
