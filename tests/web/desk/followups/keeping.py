"""Follow-ups of the cast's cases, as tests need them: promised some days ago, on a line that opens day by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.lines import LineKey
from app.domain.opening_days import last_open_day, next_open_day, spans_of
from app.services.case import followups
from app.storage.base import db
from app.storage.models import Case, Consultation, FollowUp
from tests.web.desk.cases.cast import specialist

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.test import TestResponse

    from app.domain.policy import Policy
    from tests.web.desk.cases.cast import Cast
    from tests.web.desk.conftest import Browser

_LINE = LineKey("skane")


@dataclass(frozen=True)
class Kept:
    """A follow-up and the case that it was promised in."""

    id: int
    case: int
    reference: str
    record: int


def promise(cast: Cast, by: str = "astrid", *, days_ago: int = 0, within: int = 14) -> Kept:
    """Somebody promised to ring back, in a consultation of so many days ago."""
    case = cast.case(by, days_ago=days_ago)
    with cast.app.app_context():
        record = db.session.scalars(select(Consultation.id).where(Consultation.case_id == case.id)).one()
        made = followups.promise(db.session(), specialist(by), record, datetime.now(UTC), within)
        db.session.commit()
        return Kept(made.id, case.id, case.reference, record)


def stored(cast: Cast, one: Kept) -> FollowUp:
    """As it is in the database now."""
    with cast.app.app_context():
        found = db.session.get_one(FollowUp, one.id)
        db.session.expunge(found)
        return found


def promised_in(cast: Cast, record: int) -> FollowUp | None:
    """What was promised in a record."""
    with cast.app.app_context():
        found = db.session.scalars(select(FollowUp).where(FollowUp.consultation_id == record)).one_or_none()
        if found:
            db.session.expunge(found)
        return found


def case_of(cast: Cast, record: int) -> Case | None:
    """The case of a record."""
    with cast.app.app_context():
        found = db.session.scalars(select(Case).join(Consultation).where(Consultation.id == record)).one_or_none()
        if found:
            db.session.expunge(found)
        return found


def does(browser: Browser, one: Kept, what: str, **fields: str) -> TestResponse:
    """Press a button of the case's page."""
    page = f"/cases/{one.reference}"
    return browser.fill(page, f"{page}/follow-up/{one.id}/{what}", **fields)


def today(policy: Policy) -> date:
    """On the wall clock of Skåne."""
    return datetime.now(UTC).astimezone(policy.schedules[_LINE].hours.zone).date()


def open_day(policy: Policy, after: date) -> date:
    """The first on which the line is open."""
    found = next_open_day(policy.schedules[_LINE].hours, {}, after)
    assert found is not None
    return found


def closed_day(policy: Policy, after: date) -> date:
    """The first on which it isn't."""
    hours = policy.schedules[_LINE].hours
    return next(day for step in range(1, 9) if not spans_of(hours, {}, day := after + timedelta(days=step)))


def near(policy: Policy, day: date) -> tuple[date | None, date | None]:
    """The open days just before and after."""
    hours = policy.schedules[_LINE].hours
    return last_open_day(hours, {}, day, today(policy)), next_open_day(hours, {}, day)


def words(answer: TestResponse) -> str:
    """What stands on a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))
