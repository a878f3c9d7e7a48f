"""A fact about a call is set once: what comes later fills gaps and changes nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.callflow.values import NumberSource
from app.domain.calls import AttemptState, CallSid, CallStatus, Outcome, Source, Verdict
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.services.line import attempts, callbacks
from app.services.line.attempts import DialReport
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Attempt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.storage.models import Call

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ONE, OTHER = PhoneNumber("+46701740612"), PhoneNumber("+46701740613")


@pytest.fixture
def call(session: Session, policy: Policy) -> Call:
    new = NewCall(CallSid("CA" + "1" * 32), policy.lines[LineKey("skane")], Source.LIVE, NOON, arrived=True)
    return records.open_record(session, new)


def test_the_first_report_of_a_dial_stands() -> None:
    attempt = Attempt(state=AttemptState.ACCEPTED, began_at=NOON)

    attempts.dial_ended(attempt, DialReport(CallStatus.COMPLETED, bridged=True, seconds=60), NOON, caller_gone=False)
    attempts.dial_ended(attempt, DialReport(CallStatus.COMPLETED, bridged=False, seconds=1), NOON, caller_gone=True)

    assert (attempt.bridged, attempt.dial_seconds, attempt.state) == (True, 60, AttemptState.ACCEPTED)


def test_the_first_duration_of_a_leg_stands() -> None:
    attempt = Attempt(state=AttemptState.ACCEPTED, began_at=NOON)

    attempts.leg_ended(attempt, CallStatus.COMPLETED, 61, NOON)
    attempts.leg_ended(attempt, CallStatus.COMPLETED, 1, NOON)

    assert attempt.leg_seconds == 61


def test_a_confirmed_number_is_replaced_by_no_other(session: Session, call: Call) -> None:
    callbacks.propose(session, call, ONE, NumberSource.TYPED, NOON)
    callbacks.confirm(session, call, NOON)

    callbacks.propose(session, call, OTHER, NumberSource.TYPED, NOON)
    callbacks.confirm(session, call, NOON)

    assert callbacks.proposed(session, call) == ONE


def test_without_a_number_there_is_nothing_to_confirm(session: Session, call: Call) -> None:
    callbacks.confirm(session, call, NOON)

    assert callbacks.proposed(session, call) is None


def test_the_first_verdict_stands_but_a_confirmed_callback_outranks_it(call: Call) -> None:
    records.decide(call, Verdict(Outcome.CLOSED, "helg"))
    records.decide(call, Verdict(Outcome.UNANSWERED, "ring:no_answer"))
    assert (call.verdict, call.verdict_reason) == (Outcome.CLOSED, "helg")

    records.decide(call, Verdict(Outcome.CALLBACK, "callback"))
    assert call.verdict is Outcome.CALLBACK
