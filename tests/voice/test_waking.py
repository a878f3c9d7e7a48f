"""Whoever becomes free is rung at once for the caller who has waited longest: the jobs fetch the caller from hold."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from app.jobs.catalogue import Work
from app.services.waking import Awaited, somebody_is_free_for
from app.storage.base import db
from tests.services.test_reconcile import Provider
from tests.voice.test_hold_and_overflow import call_of, in_calls, later, ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.domain.policy import Policy
    from tests.support.webhooks import Answered, Twilio

    Dial = Callable[..., Twilio]


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def work(app: Flask, policy: Policy, provider: Provider) -> Work:
    @contextmanager
    def open_database() -> Iterator[Session]:
        with app.app_context(), Session(db.engine) as session:
            yield session

    return Work(policy, provider, "http://127.0.0.1:8400", open_database)


def free(talking: tuple[Twilio, Answered]) -> str | None:
    """That conversation ends; the number of whoever is free now."""
    twilio, ringing = talking
    twilio.dial_ended(ringing, "completed", bridged=True)
    return ringing.rings


def test_nobody_is_fetched_while_all_are_in_calls(dial: Dial, work: Work, provider: Provider) -> None:
    in_calls(dial, 3)
    ring(dial())

    work.wake()

    assert provider.led == []


def test_a_caller_is_fetched_once_and_then_rung_for(dial: Dial, work: Work, provider: Provider) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])

    work.wake()
    work.wake()

    [(sid, url)] = provider.led
    assert sid == twilio.sid
    assert url.startswith("http://127.0.0.1:8400/twilio/turn/")
    assert urlsplit(url).path == urlsplit(waiting.action).path
    assert later(twilio, 3).post(urlsplit(url).path).rings == phone


def test_the_one_who_came_first_is_fetched_and_with_two_free_both(dial: Dial, work: Work, provider: Provider) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial()
    ring(early)
    ring(late)

    free(talking[0])
    work.wake()
    first = [sid for sid, _ in provider.led]
    free(talking[1])
    work.wake()

    assert first == [early.sid]
    assert [sid for sid, _ in provider.led] == [early.sid, late.sid]


def test_a_caller_who_asks_to_be_rung_back_is_left_alone(dial: Dial, work: Work, provider: Provider) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    twilio.press(ring(twilio), "1")
    free(talking[0])

    work.wake()

    assert provider.led == []


def test_a_caller_who_came_back_meanwhile_is_not_fetched(
    dial: Dial, app: Flask, policy: Policy, stored: Session
) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial()
    ring(early)
    late_waits = ring(late)
    free(talking[0])
    free(talking[1])

    fetched: list[Awaited] = []
    with app.app_context(), Session(db.engine) as session:
        for awaited in somebody_is_free_for(session, policy):
            fetched.append(awaited)
            if len(fetched) == 1:
                later(late, 5).stay_silent(late_waits)

    assert [one.sid for one in fetched] == [early.sid]
    assert call_of(stored, late).holding_since is None


def test_a_fetched_caller_whom_the_provider_could_not_lead_comes_by_themselves(dial: Dial, work: Work) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])
    work.wake()

    assert later(twilio, 20).stay_silent(waiting).rings == phone
