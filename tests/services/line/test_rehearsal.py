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
from app.domain.skills import Competence, Language
from app.services.line.rehearsal import Answering, Colleague, Moment, What, World, rehearse, world_at, world_by_rule
from app.storage.models import RotaMembership, Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.line.rehearsal import Rehearsal

SKANE, SKARABORG = LineKey("skane"), LineKey("skaraborg")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, tzinfo=STOCKHOLM)
NATIONELL = LineKey("nationell")
AINA, BO, CIA = StaffId("aina"), StaffId("bo"), StaffId("cia")


@pytest.fixture
def world(policy: Policy) -> World:
    """Ten on a Monday, with two on duty."""
    on_duty = {
        AINA: Colleague("Aina", Tier.PRIMARY, "rota skane"),
        BO: Colleague("Bo", Tier.BACKUP, "rota skane-backup"),
    }
    return replace(world_by_rule(policy, SKANE, MONDAY_AT_TEN), on_duty=on_duty)


@pytest.fixture
def wider_world(world: World) -> World:
    """The same, with one on duty at the line that it overflows to."""
    return replace(world, on_duty={**world.on_duty, CIA: Colleague("Cia", Tier.PRIMARY, "rota nationell", NATIONELL)})


def heard(rehearsal: Rehearsal) -> str:
    return " ".join(moment.text for moment in rehearsal.moments if moment.what is What.SAYS)


def test_a_reference_on_paper_is_one_that_nobody_knows_and_shows_no_digit(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["3", "4125371#"], Answering.ANSWERED)

    texts = [moment.text for moment in rehearsal.moments]
    assert Moment(What.PRESSES, "•" * 7) in rehearsal.moments
    assert not any("4125371" in text for text in texts)
    assert rehearsal.verdict.outcome is Outcome.ANSWERED


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


def rung(rehearsal: Rehearsal) -> list[str]:
    return [moment.text.partition(" ")[0] for moment in rehearsal.moments if moment.what is What.RINGS]


def test_those_of_the_line_that_it_overflows_to_are_rung_last(policy: Policy, wider_world: World) -> None:
    rehearsal = rehearse(policy, SKANE, wider_world, ["1"], Answering.NOBODY)

    assert rung(rehearsal) == ["Aina", "Bo", "Cia"]
    assert Moment(What.RINGS, "Cia (primary: rota nationell), overflow to nationell") in rehearsal.moments


@pytest.mark.parametrize(("key", "calls"), [("1", ["Cia"]), ("2", []), ("-", [])])
def test_overflow_takes_only_those_whom_the_other_line_serves(
    policy: Policy, wider_world: World, key: str, calls: list[str]
) -> None:
    theirs = replace(wider_world, on_duty={CIA: wider_world.on_duty[CIA]})

    rehearsal = rehearse(policy, SKARABORG, theirs, [key], Answering.ANSWERED)

    assert rung(rehearsal) == calls
    assert (rehearsal.answered_by is not None) == bool(calls)


def test_while_everybody_is_in_a_call_the_caller_waits_until_the_last_words(policy: Policy, wider_world: World) -> None:
    rehearsal = rehearse(policy, SKANE, wider_world, ["1"], Answering.BUSY)

    assert "Alla rådgivare sitter i samtal just nu." in heard(rehearsal)
    assert 5 < heard(rehearsal).count("Du är kvar i kön.") < 15
    assert "Vi kunde tyvärr inte svara den här gången." in heard(rehearsal)
    assert (rung(rehearsal), rehearsal.answered_by) == ([], None)
    assert rehearsal.verdict == Verdict(Outcome.UNANSWERED, "ring:all_busy")


def test_a_caller_on_hold_may_ask_to_be_rung_back(policy: Policy, world: World) -> None:
    rehearsal = rehearse(policy, SKANE, world, ["1", "-", "1", "1"], Answering.BUSY)

    assert "Numret är 0, 7, 0" in heard(rehearsal)
    assert rehearsal.verdict.outcome is Outcome.CALLBACK


def test_after_nine_the_caller_hears_english_and_whoever_speaks_it_is_rung_first(policy: Policy, world: World) -> None:
    english = replace(world.on_duty[BO], tier=Tier.PRIMARY, languages=frozenset({Language.ENGLISH}))
    speaking = replace(world, on_duty={**world.on_duty, BO: english})

    rehearsal = rehearse(policy, SKANE, speaking, ["9", "1"], Answering.ANSWERED)

    assert "Press 1 if you are calling as part of your work." in heard(rehearsal)
    assert heard(rehearsal).endswith("Thank you for calling.")
    assert rung(rehearsal) == ["Bo"]
    [screen] = [moment.text for moment in rehearsal.moments if moment.what is What.SCREENS]
    assert "på engelska" in screen


def test_who_knows_what_it_is_about_is_rung_first(policy: Policy, world: World) -> None:
    knowing = replace(world.on_duty[BO], tier=Tier.PRIMARY, competences=frozenset({Competence.SCHOOL}))
    with_bo = replace(world, on_duty={**world.on_duty, BO: knowing})

    rehearsal = rehearse(policy, NATIONELL, with_bo, ["1", "4"], Answering.NOBODY)

    assert rung(rehearsal) == ["Bo", "Aina"]


def test_without_the_database_somebody_is_on_duty_while_the_line_is_open(policy: Policy) -> None:
    by_day = world_by_rule(policy, SKANE, MONDAY_AT_TEN)
    by_night = world_by_rule(policy, SKANE, datetime(2026, 12, 23, 15, 30, tzinfo=UTC))

    closed = rehearse(policy, SKANE, by_night, [], Answering.ANSWERED)

    assert [one.overflow for one in by_day.on_duty.values()] == [None, NATIONELL]
    assert not by_night.on_duty
    assert "på måndag den 28 december klockan nio" in heard(closed)
    assert closed.verdict == Verdict(Outcome.CLOSED, "efter stängning")


def hire(session: Session, alias: str, line: LineKey) -> None:
    session.add(
        Staff(
            id=alias,
            organisation=line,
            alias=alias,
            name=f"{alias} Påhittad",
            phone=PhoneNumber("+46701740640"),
            competences=["law"],
            languages=["sv", "en", "so"],
            created_at=MONDAY_AT_TEN,
        )
    )
    session.flush()
    session.add(RotaMembership(rota=line, staff_id=alias, begins=date(2026, 1, 1), ends=None, position=0))
    session.flush()


def test_with_the_database_those_on_duty_are_rung_by_their_aliases(policy: Policy, session: Session) -> None:
    hire(session, "Ljung", SKANE)
    hire(session, "Rönn", NATIONELL)

    world = world_at(session, policy, SKANE, MONDAY_AT_TEN)

    assert [(one.alias, one.overflow) for one in world.on_duty.values()] == [("Ljung", None), ("Rönn", NATIONELL)]
    assert world.on_duty[StaffId("Ljung")].languages == {Language.SWEDISH, Language.ENGLISH}
    assert world.on_duty[StaffId("Ljung")].competences == {Competence.LAW}
    assert rehearse(policy, SKANE, world, ["1"], Answering.ANSWERED).verdict.outcome is Outcome.ANSWERED


def test_an_empty_database_has_nobody_on_duty(policy: Policy, session: Session) -> None:
    world = world_at(session, policy, SKARABORG, MONDAY_AT_TEN)

    rehearsal = rehearse(policy, SKARABORG, world, ["2"], Answering.ANSWERED)

    assert rehearsal.verdict == Verdict(Outcome.UNANSWERED, "ring_exposed:nobody_on_duty")
