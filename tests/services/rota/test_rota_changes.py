"""Covers, absences, temporary schedules and pauses: agreed on, refused, and taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import sleep
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.lines import LineKey
from app.domain.rotas import Tier
from app.services.rota.final_schedule import Agreed, agreed
from app.services.rota.rota_changes import Kind, agree_cover, agree_temporary, pause, report_absence, resume, withdraw
from app.services.rota.rota_fields import Wanted, find_person
from app.storage.models import Pause
from tests.services.on_duty import AT_TEN, MONDAY, SKANE, TUESDAY, hire, hire_all, rung, wall

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.domain.policy import Policy
    from app.services.rota.rota_fields import Person

EARLIER = wall("2026-11-20 12:00")
SECOND = timedelta(seconds=1)
USUAL = {"alfa", "beta", "delta"}
ALL_MONDAY = Wanted(SKANE, MONDAY, TUESDAY)


@pytest.fixture
def manned(session: Session) -> Session:
    hire_all(session)
    hire(session, "alfa", "skaraborg", organisation="skaraborg", staff_id="other")
    session.commit()
    return session


def found(session: Session, policy: Policy, alias: str, line: str | None = "skane") -> Person:
    return find_person(session, policy, alias, LineKey(line) if line else None)


def problems(refused: pytest.ExceptionInfo[RejectedInput]) -> list[tuple[str, str]]:
    return [(problem.key, problem.found) for problem in refused.value.problems]


def swap(
    session: Session,
    policy: Policy,
    wanted: Wanted = ALL_MONDAY,
    stands_in: str | None = "Gamma",
    instead_of: str | None = "Alfa",
    now: datetime = EARLIER,
) -> int:
    return agree_cover(session, policy, wanted, stands_in=stands_in, instead_of=instead_of, now=now)


def test_a_cover_is_rung_instead(manned: Session, policy: Policy) -> None:
    swap(manned, policy, stands_in=" gamma ", instead_of="ALFA")

    assert set(rung(manned, policy)) == {"gamma", "beta", "delta"}
    assert set(rung(manned, policy, MONDAY + timedelta(days=1, hours=10))) == USUAL


def test_a_cover_may_add_or_remove(manned: Session, policy: Policy) -> None:
    swap(manned, policy, stands_in="Gamma", instead_of=None)
    swap(manned, policy, stands_in=None, instead_of="Alfa")

    assert rung(manned, policy) == ["beta", "gamma", "delta"]


def test_a_cover_is_for_the_rota_that_is_named(manned: Session, policy: Policy) -> None:
    swap(manned, policy, Wanted(SKANE, MONDAY, TUESDAY, "skane-backup"), "Gamma", "Delta")

    assert rung(manned, policy)[2:] == ["gamma"]


def test_a_withdrawn_cover_has_no_effect(manned: Session, policy: Policy) -> None:
    number = swap(manned, policy)
    withdraw(manned, Kind.COVER, number, now=EARLIER + SECOND)

    assert set(rung(manned, policy)) == USUAL


def test_who_was_on_duty_until_it_was_withdrawn_stays_on_duty_then(manned: Session, policy: Policy) -> None:
    number = swap(manned, policy)
    withdraw(manned, Kind.COVER, number, now=AT_TEN)

    assert "gamma" in rung(manned, policy, AT_TEN - SECOND)
    assert set(rung(manned, policy, AT_TEN)) == USUAL


def test_a_temporary_schedule_is_rung_in_its_order_whoever_is_away(manned: Session, policy: Policy) -> None:
    report_absence(manned, policy, found(manned, policy, "Gamma"), MONDAY, TUESDAY, now=EARLIER)
    agree_temporary(manned, policy, ALL_MONDAY, ["Gamma", "Beta"], now=EARLIER)

    assert rung(manned, policy) == ["gamma", "beta", "delta"]


def test_a_temporary_schedule_may_have_nobody(manned: Session, policy: Policy) -> None:
    number = agree_temporary(manned, policy, ALL_MONDAY, [], now=EARLIER)
    with_nobody = rung(manned, policy)
    withdraw(manned, Kind.TEMPORARY, number, now=EARLIER)

    assert with_nobody == ["delta"]
    assert set(rung(manned, policy)) == USUAL


def test_who_is_away_is_not_rung_until_the_absence_is_withdrawn(manned: Session, policy: Policy) -> None:
    number = report_absence(manned, policy, found(manned, policy, "Beta"), AT_TEN, TUESDAY, now=EARLIER)

    assert set(rung(manned, policy, AT_TEN - SECOND)) == USUAL
    assert rung(manned, policy) == ["alfa", "delta"]

    withdraw(manned, Kind.ABSENCE, number, now=EARLIER)
    assert set(rung(manned, policy)) == USUAL


def test_who_pauses_takes_no_calls_until_they_resume(manned: Session, policy: Policy) -> None:
    beta = found(manned, policy, "Beta")
    pause(manned, policy, beta, None, "lunch", now=AT_TEN)

    assert set(rung(manned, policy, AT_TEN - SECOND)) == USUAL
    assert "beta" not in rung(manned, policy, TUESDAY + timedelta(hours=10))
    assert resume(manned, beta, now=AT_TEN + SECOND)
    assert not resume(manned, beta, now=AT_TEN + SECOND)
    assert "beta" not in rung(manned, policy, AT_TEN)
    assert "beta" in rung(manned, policy, AT_TEN + SECOND)


def test_of_two_pauses_the_later_word_holds(manned: Session, policy: Policy) -> None:
    beta, noon = found(manned, policy, "Beta"), wall("2026-11-23 12:00")
    pause(manned, policy, beta, None, "", now=AT_TEN)
    pause(manned, policy, beta, noon, "meeting", now=AT_TEN + SECOND)

    assert "beta" not in rung(manned, policy, noon - SECOND)
    assert "beta" in rung(manned, policy, noon)


def test_a_pause_that_ends_when_it_begins_never_was(manned: Session, policy: Policy) -> None:
    beta = found(manned, policy, "Beta")
    pause(manned, policy, beta, None, "", now=AT_TEN)

    assert resume(manned, beta, now=AT_TEN)
    assert manned.scalars(select(Pause)).all() == []


def test_a_pause_is_ended_by_its_number_too(manned: Session, policy: Policy) -> None:
    pause(manned, policy, found(manned, policy, "Beta"), None, "", now=AT_TEN)
    (one,) = agreed(manned, policy, SKANE, now=AT_TEN)

    withdraw(manned, Kind.PAUSE, one.number, now=AT_TEN + SECOND)

    assert agreed(manned, policy, SKANE, now=AT_TEN + SECOND) == ()


def test_of_two_pauses_at_the_same_time_one_is_left(manned: Session, engine: Engine, policy: Policy) -> None:
    beta = found(manned, policy, "Beta")

    def pause_elsewhere() -> str:
        with Session(engine) as other:
            try:
                pause(other, policy, beta, None, "", now=AT_TEN + SECOND)
            except Conflict as refused:
                return str(refused)
            other.commit()
            return ""

    manned.commit()
    with ThreadPoolExecutor() as another:
        pause(manned, policy, beta, None, "", now=AT_TEN)
        said = another.submit(pause_elsewhere)
        _until_it_waits_for_us(engine)
        manned.commit()
        complaint = said.result()

    # SQLite lets one write after the other, so the second finds the first.
    assert bool(complaint) == (engine.dialect.name == "postgresql")
    assert len(manned.scalars(select(Pause).where(Pause.ends.is_(None))).all()) == 1


def _until_it_waits_for_us(engine: Engine) -> None:
    """Until the other one is seen to wait for our lock; on SQLite nobody sees it, and when it comes is all the same."""
    waiting = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with Session(engine) as looking:
        while engine.dialect.name == "postgresql" and looking.scalar(waiting) is None:
            looking.rollback()
            sleep(0.01)


@pytest.mark.parametrize(
    ("wanted", "stands_in", "instead_of", "expected"),
    [
        (ALL_MONDAY, None, None, [("stands-in, instead-of", "nobody")]),
        (ALL_MONDAY, "Alfa", "alfa", [("stands-in, instead-of", "'Alfa' twice")]),
        (ALL_MONDAY, "Nobody", "", [("stands-in", "'Nobody'"), ("instead-of", "nothing")]),
        (Wanted(SKANE, MONDAY, TUESDAY, "skaraborg"), "Gamma", None, [("rota", "'skaraborg'")]),
        (Wanted(SKANE, TUESDAY, MONDAY), "Gamma", None, [("to", "2026-11-23T00:00+01:00")]),
        (Wanted(SKANE, MONDAY, MONDAY), "Gamma", None, [("to", "2026-11-23T00:00+01:00")]),
        (Wanted(SKANE, wall("2026-11-19 23:59"), MONDAY), "Gamma", None, [("from", "2026-11-19T23:59+01:00")]),
        (
            Wanted(SKANE, wall("2026-11-20 00:00"), EARLIER),
            "Gamma",
            None,
            [("to", "2026-11-20T12:00+01:00, which has passed")],
        ),
        (Wanted(SKANE, MONDAY, wall("2029-01-01 00:00")), "Gamma", None, [("to", "2029-01-01T00:00+01:00")]),
        (
            Wanted(SKANE, TUESDAY, MONDAY, "x"),
            "Nobody",
            None,
            [("stands-in", "'Nobody'"), ("rota", "'x'"), ("to", "2026-11-23T00:00+01:00")],
        ),
    ],
)
def test_what_is_wrong_with_a_cover_is_said_field_by_field(
    manned: Session,
    policy: Policy,
    wanted: Wanted,
    stands_in: str | None,
    instead_of: str | None,
    expected: list[tuple[str, str]],
) -> None:
    with pytest.raises(RejectedInput) as refused:
        swap(manned, policy, wanted, stands_in, instead_of)

    assert problems(refused) == expected
    assert agreed(manned, policy, SKANE, now=EARLIER) == ()


def test_everybody_wrong_in_a_temporary_schedule_is_named(manned: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput) as refused:
        agree_temporary(manned, policy, ALL_MONDAY, ["Gamma", "x", "gamma", "y"], now=EARLIER)

    assert problems(refused) == [("people", "'x'"), ("people", "'y'"), ("people", "'Gamma' twice")]


@pytest.mark.parametrize(
    ("until", "reason", "expected"),
    [(AT_TEN, "", [("to", "2026-11-23T10:00+01:00")]), (TUESDAY, "Lunch!", [("reason", "'Lunch!'")])],
)
def test_a_pause_that_makes_no_sense_is_refused(
    manned: Session, policy: Policy, until: datetime, reason: str, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(RejectedInput) as refused:
        pause(manned, policy, found(manned, policy, "Beta"), until, reason, now=AT_TEN)

    assert problems(refused) == expected


def test_an_absence_that_is_over_is_refused(manned: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput) as refused:
        report_absence(manned, policy, found(manned, policy, "Beta"), MONDAY, AT_TEN, now=TUESDAY)

    assert [key for key, _ in problems(refused)] == ["from", "to"]


def test_a_line_that_is_not_there_is_named(manned: Session, policy: Policy) -> None:
    nowhere = LineKey("malmo")

    for ask in (
        lambda: swap(manned, policy, Wanted(nowhere, MONDAY, TUESDAY)),
        lambda: found(manned, policy, "Alfa", nowhere),
        lambda: agreed(manned, policy, nowhere, now=EARLIER),
    ):
        with pytest.raises(NotFound, match="malmo"):
            ask()


# --- walls between organisations -------------------------------------------------------------------------------------


def test_people_of_another_organisation_cannot_stand_in(manned: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput) as refused:
        swap(manned, policy, Wanted(LineKey("skaraborg"), MONDAY, TUESDAY), "Beta", "Alfa")

    assert problems(refused) == [("stands-in", "'Beta'")]


def test_an_alias_of_two_organisations_is_asked_about(manned: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput, match="one person each of skane and skaraborg; allowed: one of them: add --line"):
        found(manned, policy, "Alfa", None)

    assert found(manned, policy, "Alfa", "skaraborg").id == "other"
    assert found(manned, policy, "Beta", None).line == SKANE
    with pytest.raises(RejectedInput, match="allowed: an alias of skaraborg"):
        found(manned, policy, "Beta", "skaraborg")


def test_an_absence_in_one_organisation_is_nothing_to_another(manned: Session, policy: Policy) -> None:
    report_absence(manned, policy, found(manned, policy, "Alfa", "skaraborg"), MONDAY, TUESDAY, now=EARLIER)

    assert set(rung(manned, policy)) == USUAL
    assert agreed(manned, policy, SKANE, now=EARLIER) == ()
    assert [one.people for one in agreed(manned, policy, LineKey("skaraborg"), now=EARLIER)] == [("Alfa",)]


# --- lists and withdrawals -------------------------------------------------------------------------------------------


def test_what_holds_now_or_later_is_listed_by_kind_and_beginning(manned: Session, policy: Policy) -> None:
    beta = found(manned, policy, "Beta")
    later = swap(manned, policy)
    sooner = swap(manned, policy, Wanted(SKANE, EARLIER, MONDAY), None, "Alfa")
    plan = agree_temporary(manned, policy, ALL_MONDAY, ["Gamma", "Alfa"], now=EARLIER)
    nobody = agree_temporary(manned, policy, Wanted(SKANE, MONDAY, TUESDAY, "skane-backup"), [], now=EARLIER)
    away = report_absence(manned, policy, beta, MONDAY, TUESDAY, now=EARLIER)
    pause(manned, policy, beta, None, "", now=EARLIER)

    listed = agreed(manned, policy, SKANE, now=EARLIER)
    (holiday,) = (one.number for one in listed if one.kind is Kind.PAUSE)

    backup, skane = (
        rota.key for tier in (Tier.BACKUP, Tier.PRIMARY) for rota in policy.schedules[SKANE].rotas if rota.tier is tier
    )
    assert listed == (
        Agreed(Kind.TEMPORARY, plan, MONDAY, TUESDAY, skane, ("Gamma", "Alfa"), None),
        Agreed(Kind.TEMPORARY, nobody, MONDAY, TUESDAY, backup, (), None),
        Agreed(Kind.COVER, sooner, EARLIER, MONDAY, skane, (), "Alfa"),
        Agreed(Kind.COVER, later, MONDAY, TUESDAY, skane, ("Gamma",), "Alfa"),
        Agreed(Kind.ABSENCE, away, MONDAY, TUESDAY, None, ("Beta",), None),
        Agreed(Kind.PAUSE, holiday, EARLIER, None, None, ("Beta",), None),
    )
    assert [one.kind for one in agreed(manned, policy, SKANE, now=TUESDAY)] == [Kind.PAUSE]


@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_there_or_over_cannot_be_withdrawn(manned: Session, policy: Policy, kind: Kind) -> None:
    beta = found(manned, policy, "Beta")
    match kind:
        case Kind.TEMPORARY:
            number = agree_temporary(manned, policy, ALL_MONDAY, [], now=EARLIER)
        case Kind.COVER:
            number = swap(manned, policy)
        case Kind.ABSENCE:
            number = report_absence(manned, policy, beta, MONDAY, TUESDAY, now=EARLIER)
        case _:
            pause(manned, policy, beta, TUESDAY, "", now=EARLIER)
            number = agreed(manned, policy, SKANE, now=EARLIER)[0].number

    with pytest.raises(NotFound, match=rf"there is no {kind} {number} that could be withdrawn"):
        withdraw(manned, kind, number, now=TUESDAY)
    with pytest.raises(NotFound):
        withdraw(manned, kind, number + 1, now=EARLIER)
    withdraw(manned, kind, number, now=EARLIER + SECOND)
    with pytest.raises(NotFound):
        withdraw(manned, kind, number, now=EARLIER + 2 * SECOND)
