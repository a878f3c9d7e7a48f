"""Our calls against the provider's list, both ways."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.domain.calls import AttemptState, CallSid, CallStatus, Outcome, Source
from app.domain.errors import Unavailable
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.line.reconcile import Report, reconcile, sweep
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Attempt, Call, Consultation, Staff
from app.telephony.rest import ProviderCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
SID = CallSid("CA" + "1" * 32)
LEG = CallSid("CA" + "2" * 32)
SKANE = PhoneNumber("+4640349800")
PHONE = PhoneNumber("+46701740641")


@dataclass
class Provider:
    """A provider that knows these calls."""

    calls: list[ProviderCall] = field(default_factory=list)
    legs: list[ProviderCall] = field(default_factory=list)
    led: list[tuple[CallSid, str]] = field(default_factory=list)
    leads: bool | Unavailable = True

    def calls_since(self, numbers: Iterable[PhoneNumber], since: datetime) -> Iterator[ProviderCall]:
        ours = set(numbers)
        return iter([one for one in self.calls if one.to in ours and one.started_at and one.started_at >= since])

    def fetch(self, sid: CallSid) -> ProviderCall | None:
        return next((one for one in self.calls if one.sid == sid), None)

    def children(self, parent_sid: CallSid) -> list[ProviderCall]:
        return [leg for leg in self.legs if leg.parent_sid == parent_sid]

    def rung(self, to: PhoneNumber, caller_id: PhoneNumber, since: datetime) -> list[ProviderCall]:
        del to, caller_id, since
        return []

    def lead_to(self, sid: CallSid, url: str) -> bool:
        self.led.append((sid, url))
        if isinstance(self.leads, Unavailable):
            raise self.leads
        return self.leads


DONE = ProviderCall(
    sid=SID,
    to=SKANE,
    status=CallStatus.COMPLETED,
    started_at=NOON - timedelta(minutes=30),
    ended_at=NOON - timedelta(minutes=20),
    duration_seconds=600,
    parent_sid=None,
)


def open_call(session: Session, policy: Policy) -> Call:
    """A call that came half an hour ago, and of whose end we never heard."""
    line = policy.lines[LineKey("skane")]
    new = NewCall(SID, line, Source.LIVE, NOON - timedelta(minutes=30), arrived=True)
    call = records.open_record(session, new)
    session.commit()
    return call


def accepted(session: Session, call: Call) -> Attempt:
    session.add(
        Staff(
            id="one",
            organisation="skane",
            alias="Ett",
            name="Övning Ett",
            phone=PHONE,
            competences=[],
            languages=[],
            created_at=NOON,
        )
    )
    session.flush()
    attempt = Attempt(
        call_id=call.id,
        turn=1,
        staff_id="one",
        token="token",
        tier=Tier.PRIMARY,
        state=AttemptState.ACCEPTED,
        began_at=call.started_at,
        accepted_at=call.started_at,
    )
    session.add(attempt)
    records.refresh(session, call)
    session.commit()
    return attempt


def run(session: Session, policy: Policy, provider: Provider) -> Report:
    return reconcile(session, policy, provider, NOON - timedelta(days=1), NOON)


def test_a_call_that_never_reached_us_gets_a_record_with_the_providers_times(session: Session, policy: Policy) -> None:
    report = run(session, policy, Provider([DONE]))

    call = session.scalars(select(Call)).one()
    assert report.reconstructed == 1
    assert (call.source, call.outcome, call.reason) == (Source.RECONSTRUCTED, Outcome.FAILED, "first_webhook_lost")
    assert (call.started_at, call.ended_at) == (DONE.started_at, DONE.ended_at)
    assert session.scalar(select(func.count()).select_from(Consultation)) == 1


def test_a_second_run_finds_nothing_to_do(session: Session, policy: Policy) -> None:
    run(session, policy, Provider([DONE]))

    assert run(session, policy, Provider([DONE])) == Report(listed=1)
    assert session.scalar(select(func.count()).select_from(Call)) == 1


def test_a_call_that_stayed_open_is_closed_at_the_instant_that_the_provider_gives(
    session: Session, policy: Policy
) -> None:
    call = open_call(session, policy)

    report = run(session, policy, Provider([DONE]))

    assert report.closed == 1
    assert (call.ended_at, call.outcome, call.source) == (DONE.ended_at, Outcome.ABANDONED, Source.LIVE)


def test_a_conversation_whose_callbacks_were_all_lost_is_answered_with_the_legs_duration(
    session: Session, policy: Policy
) -> None:
    call = open_call(session, policy)
    attempt = accepted(session, call)
    leg = replace(DONE, sid=LEG, to=PHONE, duration_seconds=555, parent_sid=SID)

    run(session, policy, Provider([DONE], [leg]))

    assert (call.outcome, attempt.leg_seconds, attempt.ended_at) == (Outcome.ANSWERED, 555, DONE.ended_at)


def test_a_call_that_goes_on_stays_open(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)
    going_on = replace(DONE, status=CallStatus.IN_PROGRESS, ended_at=None, duration_seconds=None)

    report = run(session, policy, Provider([going_on]))

    assert (report.still_open, call.ended_at) == (1, None)


def test_a_call_that_goes_on_for_ever_is_closed_all_the_same(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)
    going_on = replace(DONE, status=CallStatus.IN_PROGRESS, ended_at=None, duration_seconds=None)

    report = sweep(session, Provider([going_on]), NOON + timedelta(hours=4))

    assert (report.closed, call.ended_at) == (1, call.last_heard_at)


def test_a_practice_call_of_another_day_stays_open_as_long_as_it_goes_on(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)
    call.source = Source.PRACTICE
    session.commit()
    going_on = replace(DONE, status=CallStatus.IN_PROGRESS, ended_at=None, duration_seconds=None)

    report = sweep(session, Provider([going_on]), NOON + timedelta(days=400))

    assert (report.still_open, call.ended_at) == (1, None)


def test_an_open_call_that_the_provider_does_not_know_is_closed_as_failed(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)

    report = run(session, policy, Provider())

    assert (report.unknown, report.unlisted) == (1, 1)
    assert (call.outcome, call.reason) == (Outcome.FAILED, "unknown_to_provider")


def test_a_call_that_was_heard_of_just_now_is_left_alone(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)
    call.last_heard_at = NOON - timedelta(seconds=30)
    session.commit()

    assert sweep(session, Provider(), NOON) == Report()


@pytest.mark.parametrize("to", [PhoneNumber("+46812345678"), None])
def test_a_call_to_a_number_that_is_not_ours_is_none_of_our_records(
    session: Session, policy: Policy, to: PhoneNumber | None
) -> None:
    stranger = replace(DONE, to=to)
    provider = Provider([stranger])

    class Careless(Provider):
        def calls_since(self, numbers: Iterable[PhoneNumber], since: datetime) -> Iterator[ProviderCall]:
            del numbers, since
            return iter([stranger])

    run(session, policy, provider)
    run(session, policy, Careless())

    assert session.scalar(select(func.count()).select_from(Call)) == 0


def test_a_call_known_by_its_status_alone_gets_the_providers_times(session: Session, policy: Policy) -> None:
    line = policy.lines[LineKey("skane")]
    records.open_record(session, NewCall(SID, line, Source.RECONSTRUCTED, NOON, arrived=False))
    session.commit()

    run(session, policy, Provider([DONE]))

    call = session.scalars(select(Call)).one()
    consultation = session.scalars(select(Consultation)).one()
    assert (call.started_at, call.ended_at) == (DONE.started_at, DONE.ended_at)
    assert consultation.opened_at == DONE.started_at


def test_a_leg_whose_number_we_do_not_know_leaves_the_duration_open(session: Session, policy: Policy) -> None:
    attempt = accepted(session, open_call(session, policy))
    leg = replace(DONE, sid=LEG, to=PhoneNumber("+46701740699"), duration_seconds=555, parent_sid=SID)

    run(session, policy, Provider([DONE], [leg]))

    assert attempt.leg_seconds is None


def test_a_call_that_ends_while_the_provider_is_asked_is_left_as_it_ended(session: Session, policy: Policy) -> None:
    call = open_call(session, policy)

    class Slow(Provider):
        def fetch(self, sid: CallSid) -> ProviderCall | None:
            records.end(session, call, NOON)
            records.refresh(session, call)
            session.commit()
            return super().fetch(sid)

    assert sweep(session, Slow([DONE]), NOON) == Report()
    assert call.ended_at == NOON
