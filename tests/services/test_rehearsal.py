"""Calls on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import Outcome, Verdict
from app.domain.lines import LineKey, StaffId
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.rehearsal import Answering, Colleague, Moment, What, World, rehearse, world_at, world_by_rule
from app.storage.models import RotaMembership, Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.rehearsal import Rehearsal

SKANE, SKARABORG = LineKey("skane"), LineKey("skaraborg")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, tzinfo=STOCKHOLM)
AINA, BO = StaffId("aina"), StaffId("bo")


@pytest.fixture
def world(policy: Policy) -> World:
    """Ten on a Monday, with two on duty."""
    on_duty = {
        AINA: Colleague("Aina", Tier.PRIMARY, "rota skane"),
        BO: Colleague("Bo", Tier.BACKUP, "rota skane-backup"),
    }
    return replace(world_by_rule(policy, SKANE, MONDAY_AT_TEN), on_duty=on_duty)


def heard(rehearsal: Rehearsal) -> str:
    return " ".join(moment.text for moment in rehearsal.moments if moment.what is What.SAYS)


def test_a_professional_is_connected_and_hears_a_farewell(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["1"], Answering.ANSWERED)

    assert Moment(What.RINGS, "Aina (primary: rota skane)") in rehearsal.moments
    assert heard(rehearsal).startswith("Välkommen till Resurscentrum heder Skåne.")
    assert heard(rehearsal).endswith("Tack för att du ringde.")
    assert rehearsal.moments[-1] == Moment(What.HANGS_UP)
    assert rehearsal.verdict == Verdict(Outcome.ANSWERED, "")


def test_the_specialist_hears_who_calls(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["1"], Answering.ANSWERED)

    [screen] = [moment.text for moment in rehearsal.moments if moment.what is What.SCREENS]
    assert "Resurscentrum heder Skåne, från någon som ringer i sitt arbete" in screen


def test_a_silent_caller_waits_and_is_connected(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, [], Answering.ANSWERED)

    assert [moment.what for moment in rehearsal.moments].count(What.WAITS) == 2
    assert rehearsal.verdict.outcome is Outcome.ANSWERED


def test_when_nobody_answers_the_callers_number_is_read_back(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["1", "1", "1"], Answering.NOBODY)

    rung = [moment.text for moment in rehearsal.moments if moment.what is What.RINGS]
    assert [text.split()[0] for text in rung] == ["Aina", "Bo"]
    assert "Numret är 0, 7, 0, 1, 7, 4, 0, 6, 0, 5." in heard(rehearsal)
    assert rehearsal.verdict == Verdict(Outcome.CALLBACK, "callback")


def test_another_number_is_read_back_and_one_that_cannot_be_rung_is_refused(policy: Policy, world: World) -> None:
    keys = ["1", "1", "2", "09001234567", "0701740610", "1"]

    rehearsal = rehearse(policy, SKANE, world, keys, Answering.NOBODY)

    assert "Det numret kan vi inte ringa." in heard(rehearsal)
    assert "Numret är 0, 7, 0, 1, 7, 4, 0, 6, 1, 0." in heard(rehearsal)
    assert rehearsal.verdict == Verdict(Outcome.CALLBACK, "callback")


def test_silence_can_be_pressed_and_keys_that_are_left_are_told(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["-", "2", "3", "4"], Answering.ANSWERED)

    assert rehearsal.verdict == Verdict(Outcome.REFERRED, "refer_exposed")
    assert rehearsal.unused == ("3", "4")


def test_without_the_database_somebody_is_on_duty_while_the_line_is_open(policy: Policy) -> None:
    by_day = world_by_rule(policy, SKANE, MONDAY_AT_TEN)
    by_night = world_by_rule(policy, SKANE, datetime(2026, 12, 23, 15, 30, tzinfo=UTC))

    closed = rehearse(policy, SKANE, by_night, [], Answering.ANSWERED)

    assert len(by_day.on_duty) == 1
    assert not by_night.on_duty
    assert "på måndag den 28 december klockan nio" in heard(closed)
    assert closed.verdict == Verdict(Outcome.CLOSED, "efter stängning")


def test_with_the_database_those_on_duty_are_rung_by_their_aliases(policy: Policy, session: Session) -> None:
    session.add(
        Staff(
            id="aina",
            organisation="skane",
            alias="Ljung",
            name="Aina Påhittad",
            phone=PhoneNumber("+46701740640"),
            competences=[],
            languages=[],
            created_at=MONDAY_AT_TEN,
        )
    )
    session.flush()
    session.add(RotaMembership(rota="skane", staff_id="aina", begins=date(2026, 1, 1), ends=None, position=0))
    session.flush()

    world = world_at(session, policy, SKANE, MONDAY_AT_TEN)

    assert [one.alias for one in world.on_duty.values()] == ["Ljung"]
    assert rehearse(policy, SKANE, world, ["1"], Answering.ANSWERED).verdict.outcome is Outcome.ANSWERED


def test_an_empty_database_has_nobody_on_duty(policy: Policy, session: Session) -> None:
    world = world_at(session, policy, SKARABORG, MONDAY_AT_TEN)

    rehearsal = rehearse(policy, SKARABORG, world, ["2"], Answering.ANSWERED)

    assert rehearsal.verdict == Verdict(Outcome.UNANSWERED, "ring_exposed:nobody_on_duty")
