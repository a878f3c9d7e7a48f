"""Follow-ups of a period and line, by what became of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.domain.followups import FollowUpEnd
from app.domain.lines import LineKey
from app.domain.promises import Promises
from app.domain.trends import Period
from app.services.case import followups
from app.services.numbers.promises_kept import kept_on
from tests.services.case.test_cases import ALFA, ELSEWHERE, people
from tests.services.counting import count_changes
from tests.services.promising import KOORD, promise, wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

__all__ = ["people"]
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))


def test_a_period_counts_what_was_promised_in_it(session: Session, policy: Policy) -> None:
    done = {"2026-11-16": 14, "2026-11-17": 15, "2026-11-22": 3}
    for day, days in done.items():
        at = wall(f"{day}T12:00") + timedelta(days=days)
        followups.end(session, ALFA, promise(session, day).id, FollowUpEnd.DONE, at)
    followups.end(session, ALFA, promise(session, "2026-11-18").id, FollowUpEnd.NOT_REACHED, wall("2026-11-20T12:00"))
    for day in ("2026-11-15", "2026-11-19", "2026-11-23"):
        promise(session, day)

    count_changes(session, policy)
    (one,) = kept_on(session, KOORD, [policy.lines[LineKey("skane")]], WEEK)

    assert one.promises == Promises(promised=5, kept=2, late=1, dropped=1, still_open=1)


def test_other_houses_count_nothing_of_it(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-18")

    count_changes(session, policy)
    (one,) = kept_on(session, ELSEWHERE, [policy.lines[LineKey("skane")]], WEEK)

    assert one.promises == Promises()
