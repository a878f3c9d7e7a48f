"""A page that is looked at keeps whoever waits for calls signed in, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.calls import Outcome
from app.domain.permissions import Role
from app.services.account.web_sessions import ABSOLUTE, IDLE
from app.storage.base import db
from app.storage.models import Call, WebSession
from tests.services.today_cast import take
from tests.web.conftest import settings_with
from tests.web.desk.today_desk import TodayDesk, always_open, sends

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from app.settings import Settings
    from tests.web.desk.conftest import Browser

NEARLY = IDLE - timedelta(minutes=1)
STAY = "/records/mine?stay=1"


@pytest.fixture
def settings(database_url: str, root: Path) -> Settings:
    shipped = settings_with(database_url, root)
    return replace(shipped, policy=always_open(shipped.policy))


@pytest.fixture
def desk(app: Flask, account: Callable[..., str]) -> TodayDesk:
    return TodayDesk(app, account)


def waits(desk: TodayDesk, passed: timedelta = NEARLY, *, began: timedelta = timedelta(0)) -> None:
    """Nobody touches a key for so long."""
    with desk.app.app_context():
        for row in db.session.scalars(select(WebSession)):
            row.began_at, row.seen_at = row.began_at - began, row.seen_at - passed
        db.session.commit()


def asks(browser: Browser, path: str = STAY) -> int:
    return browser.client.get(path, headers={"Accept": "application/json"}).status_code


def test_whoever_is_on_duty_is_still_signed_in_when_the_call_comes(desk: TodayDesk) -> None:
    desk.hires("alfa")
    browser = desk.opens()

    for _ in range(3):
        waits(desk)
        assert asks(browser) == 200

    assert browser.is_signed_in


def test_not_even_they_stay_longer_than_twelve_hours(desk: TodayDesk) -> None:
    desk.hires("alfa")
    browser = desk.opens()

    waits(desk, began=ABSOLUTE)

    assert asks(browser) == 401


@pytest.mark.parametrize("path", ["/records/mine", "/today/now", "/records/token"])
def test_other_questions_of_a_page_keep_nobody_signed_in(desk: TodayDesk, path: str) -> None:
    desk.hires("alfa")
    browser = desk.opens()

    waits(desk)
    answered = asks(browser, path)
    waits(desk, timedelta(minutes=2))

    assert (answered, asks(browser)) == (200, 401)


def test_whoever_pauses_is_signed_out_as_others_are(desk: TodayDesk) -> None:
    desk.hires("alfa", "beta")
    browser = desk.opens()
    sends(browser, "/today/pause", reason="lunch")
    assert desk.pauses()

    waits(desk)
    answered = asks(browser)
    waits(desk, timedelta(minutes=2))

    assert (answered, asks(browser)) == (200, 401)


@pytest.mark.parametrize("name", ["alfa", None])
def test_whoever_is_not_on_duty_is_signed_out_as_others_are(desk: TodayDesk, name: str | None) -> None:
    desk.hires("alfa", rota="vastmanland")
    browser = desk.opens(name, Role.SPECIALIST)

    waits(desk)
    answered = asks(browser)
    waits(desk, timedelta(minutes=2))

    assert (answered, asks(browser)) == (200, 401)


def test_whoever_talks_stays_signed_in_whoever_is_on_duty(desk: TodayDesk) -> None:
    desk.hires("alfa", rota="vastmanland")
    browser, now = desk.opens(), datetime.now(UTC)
    number = desk.call(Outcome.IN_PROGRESS, now, None)
    with desk.app.app_context():
        take(db.session(), db.session.get_one(Call, number), "alfa", now, None)
        db.session.commit()

    waits(desk)
    answered = asks(browser)
    waits(desk, timedelta(minutes=2))

    assert (answered, asks(browser)) == (200, 200)


def test_a_page_of_somebody_who_takes_no_calls_may_not_ask(desk: TodayDesk) -> None:
    assert asks(desk.opens(None, Role.MANAGER)) == 403
