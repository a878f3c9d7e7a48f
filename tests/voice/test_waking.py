"""Whoever becomes free is rung at once for the caller who has waited longest: the jobs fetch the caller from hold."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from app.domain.calls import AttemptState
from app.domain.errors import Unavailable
from app.jobs.catalogue import Work
from app.services.line.waking import Awaited, somebody_is_free_for
from app.storage.base import db
from tests.services.line.test_reconcile import Provider
from tests.voice.test_hold_and_overflow import attempts_of, call_of, in_calls, later, ring

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
    assert url.startswith("http://127.0.0.1:8400/twilio/fetched/")
    assert urlsplit(url).path.rpartition("/")[2] == urlsplit(waiting.action).path.rpartition("/")[2]
    assert later(twilio, 3).post(urlsplit(url).path).rings == phone
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


def test_a_caller_who_comes_back_while_being_fetched_is_rung_for_when_they_are_led(
    dial: Dial, work: Work, provider: Provider, stored: Session
) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])
    work.wake()

    own_look = later(twilio, 18).stay_silent(waiting)
    led = later(twilio, 19).post(way_of(provider))
    again = later(twilio, 19).post(way_of(provider))

    assert "kvar i kön" in own_look.text
    assert led.rings == phone
    assert again.response.data == led.response.data
    assert len(attempts_of(stored, twilio)) == 1


def test_a_caller_who_is_on_the_way_is_not_fetched_a_second_time(dial: Dial, work: Work, provider: Provider) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])
    work.wake()

    later(twilio, 18).stay_silent(waiting)
    work.wake()
    led = later(twilio, 20).post(way_of(provider))
    work.wake()

    assert len(provider.led) == 1
    assert led.rings == phone


def test_while_a_caller_is_being_fetched_nobody_else_is_given_the_phone(dial: Dial, work: Work) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial()
    early_waits, late_waits = ring(early), ring(late)
    free(talking[0])
    work.wake()

    later(early, 18).stay_silent(early_waits)
    late_looks = later(late, 19).stay_silent(late_waits)

    assert late_looks.rings is None


def test_a_caller_whom_nobody_leads_is_rung_for_at_their_second_look(dial: Dial, work: Work) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])
    work.wake()

    first_look = later(twilio, 18).stay_silent(waiting)
    work.wake()
    second_look = later(twilio, 36).stay_silent(first_look)

    assert first_look.rings is None
    assert second_look.rings == phone


@pytest.mark.parametrize("answer", [False, Unavailable("Twilio doesn't answer")])
def test_a_caller_whom_the_provider_could_not_lead_is_rung_for_at_their_own_look(
    dial: Dial, work: Work, provider: Provider, *, answer: bool | Unavailable
) -> None:
    provider.leads = answer
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])

    with suppress(Unavailable):
        work.wake()

    assert later(twilio, 18).stay_silent(waiting).rings == phone


def test_a_caller_who_is_led_away_from_a_phone_that_rings_has_it_rung_anew(
    dial: Dial, work: Work, provider: Provider, stored: Session
) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    phone = free(talking[0])
    work.wake()
    rung = later(twilio, 36).stay_silent(later(twilio, 18).stay_silent(waiting))

    led = later(twilio, 37).post(way_of(provider))
    accepted = later(twilio, 40).accept(led)

    assert rung.rings == led.rings == phone
    assert accepted.verbs == []
    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.CANCELLED, AttemptState.ACCEPTED]


def test_a_caller_who_is_led_away_from_a_question_is_asked_it_again(dial: Dial, work: Work, provider: Provider) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    free(talking[0])
    work.wake()

    read_back = later(twilio, 5).press(waiting, "1")
    led = later(twilio, 6).post(way_of(provider))
    thanked = later(twilio, 9).press(led, "1")

    assert "0, 7, 0, 1, 7, 4, 0, 6, 0, 5" in read_back.text
    assert led.text == read_back.text
    assert "En rådgivare ringer upp dig" in thanked.text


def way_of(provider: Provider) -> str:
    """The path that the provider was last asked to lead somebody to."""
    return urlsplit(provider.led[-1][1]).path
