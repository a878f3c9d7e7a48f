"""Open hours with nobody on duty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.phone import PhoneNumber
from app.services.rota.coverage import coming_gaps
from app.storage.models import Absence, DatedHours, Pause, RotaMembership, Staff, TemporarySchedule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

OTHERS = ("nationell", "skaraborg", "vastmanland")


def gaps_of_skane(session: Session, policy: Policy, now: str) -> list[tuple[str, str]]:
    found = coming_gaps(session, policy, datetime.fromisoformat(now))
    return [(f"{gap.begins:%d %H:%M}", f"{gap.ends:%d %H:%M}") for line, gap in found if line == "skane"]


def man(session: Session, begins: date, ends: date | None = None) -> None:
    """One person, alone in the rota of Skåne from ``begins`` to the day before ``ends``."""
    session.add(
        Staff(
            id="alfa",
            organisation="skane",
            alias="Övning Alfa",
            name="Påhittad Alfa",
            phone=PhoneNumber("+46701740640"),
            competences=[],
            languages=["sv"],
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    session.flush()
    session.add(RotaMembership(rota="skane", staff_id="alfa", begins=begins, ends=ends, position=0))
    session.flush()


@pytest.mark.parametrize(
    ("now", "gaps"),
    [
        ("2026-11-22T07:59:59Z", []),
        ("2026-11-22T08:00:00Z", [("23 08:00", "23 15:00")]),
        ("2026-11-23T12:00:00Z", [("23 08:00", "23 15:00"), ("24 08:00", "24 15:00")]),
        ("2026-11-23T14:59:59Z", [("23 08:00", "23 15:00"), ("24 08:00", "24 15:00")]),
        ("2026-11-23T15:00:00Z", [("24 08:00", "24 15:00")]),
        ("2026-11-27T15:00:00Z", []),
    ],
)
def test_a_line_without_people_has_a_gap_in_each_open_day(
    session: Session, policy: Policy, now: str, gaps: list[tuple[str, str]]
) -> None:
    assert gaps_of_skane(session, policy, now) == gaps


def test_each_line_is_looked_at(session: Session, policy: Policy) -> None:
    man(session, date(2026, 1, 5))

    found = coming_gaps(session, policy, datetime.fromisoformat("2026-11-23T12:00:00Z"))

    assert sorted({line for line, _ in found}) == sorted(OTHERS)


def test_a_day_on_which_the_last_one_has_left_is_a_gap(session: Session, policy: Policy) -> None:
    man(session, date(2026, 1, 5), date(2026, 11, 24))

    assert gaps_of_skane(session, policy, "2026-11-23T12:00:00Z") == [("24 08:00", "24 15:00")]


def test_a_day_that_is_closed_by_a_dated_change_has_no_gap(session: Session, policy: Policy) -> None:
    made = datetime(2026, 11, 1, tzinfo=UTC)
    session.add(DatedHours(line="skane", day=date(2026, 11, 24), intervals=[], because="utbildning", made_at=made))
    session.flush()

    assert gaps_of_skane(session, policy, "2026-11-23T15:00:00Z") == []


def test_a_temporary_schedule_with_nobody_is_a_gap(session: Session, policy: Policy) -> None:
    man(session, date(2026, 1, 5))
    session.add(TemporarySchedule(rota="skane", begins=at("24T09:00"), ends=at("24T12:00"), made_at=at("23T08:00")))
    session.flush()

    assert gaps_of_skane(session, policy, "2026-11-23T12:00:00Z") == [("24 09:00", "24 12:00")]


def test_an_absence_that_nobody_covers_is_a_gap_until_it_is_withdrawn(session: Session, policy: Policy) -> None:
    man(session, date(2026, 1, 5))
    absence = Absence(staff_id="alfa", begins=at("24T14:30"), ends=at("30T00:00"), made_at=at("23T08:00"))
    session.add(absence)
    session.flush()

    before = gaps_of_skane(session, policy, "2026-11-23T15:00:00Z")
    absence.withdrawn_at = at("23T14:00")
    session.flush()
    after = gaps_of_skane(session, policy, "2026-11-23T15:00:00Z")

    assert (before, after) == ([("24 14:30", "24 15:00")], [])


def test_a_pause_that_nobody_ended_is_a_gap_of_tomorrow_too(session: Session, policy: Policy) -> None:
    man(session, date(2026, 1, 5))
    session.add(Pause(staff_id="alfa", begins=at("23T14:50")))
    session.flush()

    assert gaps_of_skane(session, policy, "2026-11-23T14:55:00Z") == [
        ("23 14:50", "23 15:00"),
        ("24 08:00", "24 15:00"),
    ]


def at(day_and_time: str) -> datetime:
    """An instant of November 2026, in UTC."""
    return datetime.fromisoformat(f"2026-11-{day_and_time}:00Z")
