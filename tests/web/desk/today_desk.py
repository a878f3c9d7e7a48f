"""Lines that are always open, and people of Skåne who are signed in: for the first page, which asks the real clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.callflow.values import NumberSource
from app.domain.calls import Outcome
from app.domain.hours import Calendar, Interval
from app.domain.permissions import AccountId, Role
from app.services.account import web_sessions
from app.storage.base import db
from app.storage.models import Account, Call, CallbackRequest, Pause
from app.web.accounts.cookie import NAME
from tests.services.on_duty import hire
from tests.services.today_cast import add_call
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy


def noon_somewhere() -> ZoneInfo:
    """A zone in which it is past twelve and not yet one: there, what was an hour ago was today."""
    return ZoneInfo(f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")


def always_open(policy: Policy) -> Policy:
    """Day and night, on holidays too, where it is noon; turns as usual."""
    whole_day = ((Interval(time.min, time(23, 59, 59)),),) * 7
    schedules, zone = {}, noon_somewhere()
    for key, schedule in policy.schedules.items():
        calendar = Calendar({}, {}, schedule.hours.calendar.first_year, schedule.hours.calendar.last_year)
        rotas = tuple(replace(rota, weekdays=frozenset(range(7))) for rota in schedule.rotas)
        hours = replace(schedule.hours, zone=zone, weekly=whole_day, calendar=calendar, special_days={})
        schedules[key] = replace(schedule, hours=hours, rotas=rotas)
    return replace(policy, schedules=schedules)


@dataclass
class TodayDesk:
    """The page, and what lies behind it."""

    app: Flask
    account: Callable[..., str]

    def hires(self, *names: str, rota: str = "skane") -> None:
        """Specialists who are on duty, by turns of two."""
        with self.app.app_context():
            for name in names:
                hire(db.session(), name, rota)
            db.session.commit()

    def opens(self, name: str | None = "alfa", *roles: Role, organisation: str = "skane") -> Browser:
        """Somebody who is signed in: a specialist who was hired, or an account of another role."""
        email = f"{name or '-'.join(roles)}@{organisation}.example"
        browser = Browser(self.app.test_client())
        self.account(email, *roles, organisation=organisation)
        with self.app.app_context():
            account = db.session.scalars(select(Account).where(Account.email == email)).one()
            account.staff_id = name
            account.alias = name.title() if name else email
            # Without the time that a password takes: signing in is tried elsewhere.
            session_name = web_sessions.begin(db.session(), AccountId(account.id), datetime.now(UTC))
            signed_in = {"_user_id": account.fs_uniquifier, "_fresh": True, NAME: session_name}
            db.session.commit()
        with browser.client.session_transaction() as session:
            session.update(signed_in)
        return browser

    def call(self, outcome: Outcome, began: datetime, ended: datetime | None, line: str = "skane") -> int:
        """A call; its number."""
        with self.app.app_context():
            number = add_call(db.session(), began, ended, outcome, line=line).id
            db.session.commit()
            return number

    def call_back(self, who: str | None, taken: datetime | None) -> int:
        """Somebody who asked an hour ago to be rung back, and whom ``who`` has; its number."""
        asked = datetime.now(UTC) - timedelta(hours=1)
        call = self.call(Outcome.CALLBACK, asked, asked)
        with self.app.app_context():
            made = CallbackRequest(call_id=call, organisation="skane", line="skane", made_at=asked, confirmed_at=asked)
            made.number_source, made.staff_id, made.taken_at = NumberSource.CALLER, who, taken
            db.session.add(made)
            db.session.commit()
            return made.id

    def ends_all(self) -> None:
        """No call goes on."""
        with self.app.app_context():
            for call in db.session.scalars(select(Call).where(Call.ended_at.is_(None))):
                call.ended_at = datetime.now(UTC)
            db.session.commit()

    def pauses(self) -> list[tuple[str, str, bool]]:
        """Who paused, why, and whether the pause has an end."""
        with self.app.app_context():
            rows = db.session.scalars(select(Pause).order_by(Pause.id))
            return [(one.staff_id, one.reason, one.ends is not None) for one in rows]

    def last_pause(self) -> str:
        """What a page that shows it says that it showed."""
        with self.app.app_context():
            return str(db.session.scalars(select(Pause.id).order_by(Pause.id.desc()).limit(1)).one())


def sends(browser: Browser, path: str, **fields: str) -> TestResponse:
    """Send a form of the first page, as the browser would."""
    return browser.fill("/", path, **fields)
