"""Our calls against the provider's list, both ways: what stayed open is closed, what never reached us is recorded.

This is the last of three nets. Callbacks get lost, and while we are down callers meet Twilio's fallback; Twilio's list
of calls still has every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from app.domain.calls import CallSid, Outcome, Source, Verdict
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Attempt, Call, Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy
    from app.telephony.rest import ProviderCall

QUIET = timedelta(minutes=2)
"""An open call that we heard nothing of for so long is asked about."""
LONGEST_CALL = timedelta(hours=3)
"""Longer than any call: two hours of conversation, and the ways before and after. What is open beyond is closed."""


class Provider(Protocol):
    """Twilio's REST interface, or its stand-in's."""

    def calls_since(self, numbers: Iterable[PhoneNumber], since: datetime) -> Iterator[ProviderCall]:
        """Calls to our numbers that started at ``since`` or later."""

    def fetch(self, sid: CallSid) -> ProviderCall | None:
        """One call; ``None`` when the provider doesn't know it."""

    def children(self, parent_sid: CallSid) -> Iterable[ProviderCall]:
        """The legs that a call dialled."""

    def lead_to(self, sid: CallSid, url: str) -> bool:
        """Have a call that goes on ask for ``url`` now."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reconciliation found and did."""

    listed: int = 0
    """Calls in the provider's list."""
    reconstructed: int = 0
    """Calls that had never reached us, and have a record now."""
    closed: int = 0
    """Records that had stayed open, and are closed now."""
    still_open: int = 0
    unknown: int = 0
    """Open records that the provider doesn't know; closed now."""
    unlisted: int = 0
    """Records of the period that the provider's list lacks."""

    def __add__(self, other: Report) -> Report:
        return Report(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


def reconcile(session: Session, policy: Policy, provider: Provider, since: datetime, now: datetime) -> Report:
    """Compare everything since ``since``. Commits after each call, so that a break in the middle loses nothing.

    Raises ``Unavailable`` when the provider doesn't answer; what was mended until then stays mended.
    """
    listed = list(provider.calls_since(_our_numbers(policy), since))
    report = Report(listed=len(listed), unlisted=_unlisted(session, {one.sid for one in listed}, since))
    session.commit()
    for one in listed:
        done = _take_listed(session, policy, provider, one)
        session.commit()
        report += done
    return report + sweep(session, provider, now)


def sweep(session: Session, provider: Provider, now: datetime) -> Report:
    """Ask the provider about every open call that fell silent, and close those that are over."""
    report = Report()
    silent = _silent_calls(session, now)
    session.commit()
    for sid in silent:
        found = provider.fetch(sid)  # outside a transaction: nobody waits for a lock while we wait for the network
        report += _take_silent(session, provider, sid, found, now)
        session.commit()
    return report


def _our_numbers(policy: Policy) -> list[PhoneNumber]:
    return [number for line in policy.lines.values() for number in line.twilio_numbers]


def _unlisted(session: Session, listed: set[CallSid], since: datetime) -> int:
    ours = session.scalars(select(Call.sid).where(Call.started_at >= since))
    return sum(sid not in listed for sid in ours)


def _silent_calls(session: Session, now: datetime) -> list[CallSid]:
    silent = (
        select(Call.sid).where(Call.ended_at.is_(None), Call.last_heard_at <= now - QUIET).order_by(Call.last_heard_at)
    )
    return [CallSid(sid) for sid in session.scalars(silent)]


def _take_listed(session: Session, policy: Policy, provider: Provider, listed: ProviderCall) -> Report:
    """One call of the provider's list: reconstruct it if it never reached us, close it if it is over."""
    line = policy.line_with(listed.to)
    if line is None or listed.started_at is None:
        return Report()
    legs = _legs(session, provider, listed)
    new = NewCall(listed.sid, line, Source.RECONSTRUCTED, listed.started_at, arrived=False)
    is_new = records.hold(session, listed.sid) is None
    call = records.open_record(session, new)
    if not call.arrived:
        records.began(session, call, listed.started_at)
    closes = call.ended_at is None and listed.status.is_terminal
    if closes:
        _close(session, call, listed, legs)
    records.refresh(session, call)
    return Report(reconstructed=int(is_new), closed=int(closes and not is_new))


def _take_silent(
    session: Session, provider: Provider, sid: CallSid, found: ProviderCall | None, now: datetime
) -> Report:
    legs = _legs(session, provider, found) if found else {}
    call = records.hold(session, sid)
    if call is None or call.ended_at is not None:
        return Report()
    if found is None:
        records.end(session, call, call.last_heard_at)
        records.decide(call, Verdict(Outcome.FAILED, "unknown_to_provider"))
        done = Report(unknown=1)
    elif found.status.is_terminal or _is_overdue(call, now):
        _close(session, call, found, legs)
        done = Report(closed=1)
    else:
        done = Report(still_open=1)
    records.refresh(session, call)
    return done


def _is_overdue(call: Call, now: datetime) -> bool:
    """A practice call is on a day of its own: the host's clock doesn't tell how long it has been going on."""
    return call.source is not Source.PRACTICE and now - call.started_at > LONGEST_CALL


def _legs(session: Session, provider: Provider, found: ProviderCall) -> dict[PhoneNumber, int]:
    """How long the provider says the legs to specialists' phones lasted; asked only where a conversation lacks it."""
    lacking = session.scalar(
        select(Attempt.id)
        .join(Call, Call.id == Attempt.call_id)
        .where(Call.sid == found.sid, Attempt.accepted_at.is_not(None))
        .where(Attempt.dial_seconds.is_(None), Attempt.leg_seconds.is_(None))
        .limit(1)
    )
    session.commit()
    if lacking is None or not found.status.is_terminal:
        return {}
    legs = provider.children(found.sid)
    return {leg.to: leg.duration_seconds for leg in legs if leg.to and leg.duration_seconds is not None}


def _close(session: Session, call: Call, found: ProviderCall, legs: dict[PhoneNumber, int]) -> None:
    """Close a call at the instant that the provider gives, else where we last heard of it."""
    for attempt in records.attempts_of(session, call):
        if attempt.accepted_at and attempt.leg_seconds is None and legs:
            staff = session.get_one(Staff, attempt.staff_id)
            attempt.leg_seconds = legs.get(staff.phone)
    records.end(session, call, found.ended_at or call.last_heard_at)
