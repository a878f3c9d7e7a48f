"""Open hours with nobody on duty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.phone import PhoneNumber
from app.services.coverage import coming_gaps
from app.storage.models import DatedHours, RotaMembership, Staff

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
