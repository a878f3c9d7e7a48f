"""What becomes of practice calls whose simulator has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.calls import AttemptState, CallSid, Outcome, Source
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.line.practice import end_what_was_cut_off
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Attempt, Call, Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

IN_A_WEEK = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""A practice call may be on any day."""


@pytest.fixture
def played(session: Session, policy: Policy) -> Call:
    """A call that somebody's phone was ringing for when the simulator ended."""
    new = NewCall(CallSid("CA" + "1" * 32), policy.lines[LineKey("skane")], Source.PRACTICE, IN_A_WEEK, arrived=True)
    call = records.open_record(session, new)
    phone = PhoneNumber("+46701740641")
    session.add(
        Staff(
            id="alfa",
            organisation="skane",
            alias="Alfa",
            name="Övning Alfa",
            phone=phone,
            competences=[],
            languages=[],
            created_at=IN_A_WEEK,
        )
    )
    session.flush()
    session.add(
        Attempt(
            call_id=call.id,
            staff_id="alfa",
            token="1" * 32,
            turn=1,
            tier=Tier.PRIMARY,
            state=AttemptState.RINGING,
            began_at=IN_A_WEEK,
        )
    )
    # A real call, and one that has ended, are none of the simulator's business.
    records.open_record(session, replace(new, sid=CallSid("CA" + "2" * 32), source=Source.LIVE))
    ended = records.open_record(session, replace(new, sid=CallSid("CA" + "3" * 32)))
    records.end(session, ended, IN_A_WEEK + timedelta(minutes=1))
    records.refresh(session, ended)
    session.commit()
    return call


def test_it_is_ended_and_its_phones_are_free(session: Session, played: Call) -> None:
    count = end_what_was_cut_off(session)

    assert count == 1
    assert (played.outcome, played.reason) == (Outcome.FAILED, "practice_cut_off")
    assert [(one.state, one.ended_at) for one in records.attempts_of(session, played)] == [
        (AttemptState.CANCELLED, IN_A_WEEK)
    ]


def test_no_other_call_is_touched(session: Session, played: Call) -> None:
    end_what_was_cut_off(session)
    again = end_what_was_cut_off(session)

    assert again == 0
    others = session.query(Call).filter(Call.id != played.id).order_by(Call.sid).all()
    assert [one.outcome for one in others] == [Outcome.IN_PROGRESS, Outcome.ABANDONED]
