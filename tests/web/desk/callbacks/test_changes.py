"""Taking, handing on, closing, and noting that somebody is exposed: who may, and who was first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.callbacks import BackState, Closing, NotNow, Why
from app.domain.lines import LineKey, StaffId
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.services.callback import callback_list
from app.storage.models import Account, AccountLine, AccountRole, Consultation
from tests.web.desk.callbacks.cast import ASTRID, BEATE, CALLER, Desk, act, now, page, seen, words
from tests.web.desk.today_desk import noon_somewhere

if TYPE_CHECKING:
    from collections.abc import Callable


def test_whoever_comes_second_learns_who_was_first(desk: Desk) -> None:
    taken, closed, rung = desk.request(), desk.request(), desk.request()
    act(desk.beate, taken, "take")
    act(desk.beate, closed, "close", closing="wrong_number")
    act(desk.beate, rung, "ring")

    late = [desk.astrid.fill("/account", f"/callbacks/{one}/ring") for one in (taken, closed, rung)]

    assert [answer.status_code for answer in late] == [409, 409, 409]
    said = [words(answer) for answer in late]
    assert "Beate took it at" in said[0]
    assert re.search(r"Beate closed it at [\d:]+: Wrong number", said[1])
    assert "Beate is ringing just now" in said[2]
    assert len(desk.telephone.ordered) == 1


def test_what_one_has_not_can_not_be_given_back(desk: Desk) -> None:
    request = desk.request()
    act(desk.astrid, request, "take")
    assert "Nobody has it now" in words(desk.astrid.get(act(desk.astrid, request, "give-back").location))

    late = desk.astrid.fill("/account", f"/callbacks/{request}/give-back")

    assert late.status_code == 409
    assert "you don't have this call-back any more" in words(late)


def test_it_is_handed_to_whoever_knows_the_subject_first(desk: Desk) -> None:
    request = desk.request()
    assert "Know the subject best" in desk.astrid.get(f"/callbacks/{request}").get_data(as_text=True)

    nobody = act(desk.astrid, request, "pass-on", colleague="")
    gone = act(desk.astrid, request, "pass-on", colleague="f" * 32)
    done = act(desk.astrid, request, "pass-on", colleague=desk.staff[BEATE])

    assert nobody.status_code == 422
    assert "Choose a colleague." in words(nobody)
    assert gone.status_code == 422
    assert "This colleague can't open it: choose one of the list." in words(gone)
    assert done.status_code == 303
    assert "Beate has it handed on by Astrid at" in words(desk.astrid.get("/callbacks"))
    assert "yours, handed on by Astrid at" in page(desk.beate, request)
    assert "I take it" in page(desk.beate, request)


def _only_another_line(account: Account) -> None:
    account.line_rows = [AccountLine(line="another")]


def _no_specialist(account: Account) -> None:
    account.role_rows = [AccountRole(role=Role.COORDINATOR)]


def _disabled(account: Account) -> None:
    account.active = False


@pytest.mark.parametrize("change", [_only_another_line, _no_specialist, _disabled])
def test_it_is_handed_to_nobody_who_could_not_open_it(desk: Desk, change: Callable[[Account], None]) -> None:
    request = desk.request()
    with desk.database() as session:
        change(session.scalars(select(Account).where(Account.email == BEATE)).one())

    offered = desk.astrid.get(f"/callbacks/{request}").get_data(as_text=True)
    refused = act(desk.astrid, request, "pass-on", colleague=desk.staff[BEATE])
    with desk.database() as session, pytest.raises(NotNow) as late:
        callback_list.pass_on(session, desk.actor(), request, StaffId(desk.staff[BEATE]), now())

    assert desk.staff[BEATE] not in offered
    assert refused.status_code == 422
    assert "This colleague can't open it" in words(refused)
    assert late.value.why is Why.NOBODY_THERE
    assert desk.stored(request).staff_id is None


def test_it_is_handed_to_a_colleague_who_is_limited_to_its_line(desk: Desk) -> None:
    request = desk.request()
    with desk.database() as session:
        beate = session.scalars(select(Account).where(Account.email == BEATE)).one()
        beate.line_rows = [AccountLine(line="skane")]

    assert act(desk.astrid, request, "pass-on", colleague=desk.staff[BEATE]).status_code == 303


def test_closing_needs_a_reason_and_erases_the_number(desk: Desk) -> None:
    request = desk.request()

    without = act(desk.astrid, request, "close")
    not_true = act(desk.astrid, request, "close", closing="talked")
    done = act(desk.astrid, request, "close", closing="no_longer_wanted")

    assert without.status_code == 422
    assert "Choose why it is over." in words(without)
    assert "the caller hasn't been reached yet" in words(not_true)
    said = words(desk.astrid.get(done.location))
    assert "It is over: No longer wanted" in said
    assert "The number is erased" in said
    assert "Ring now" not in said
    assert desk.stored(request).number is None


def test_a_short_talk_is_closed_by_whoever_talked_and_the_consultation_was_held(desk: Desk) -> None:
    request = desk.request(staff_id=desk.staff[ASTRID], taken_at=now())
    talk = {"accepted_at": now(), "answered_at": now(), "ended_at": now(), "talk_seconds": 12}
    desk.tried(request, state=BackState.REACHED, **talk)
    before = page(desk.astrid, request)

    done = act(desk.astrid, request, "close", closing="talked")

    assert "Somebody or something answered for a short while" in before
    assert "talked, 0:12 min" in before
    answer = desk.astrid.get(done.location)
    assert "The consultation counts as held" in words(answer)
    with desk.database() as session:
        record = session.scalars(select(Consultation).where(Consultation.call_id == desk.stored(request).call_id)).one()
        assert record.held_at is not None
        assert f"/records/{record.id}" in answer.get_data(as_text=True)


def test_what_nobody_got_to_says_so(desk: Desk) -> None:
    request = desk.request(closed_as=Closing.EXPIRED, closed_at=now(), number=None)

    assert "It is over: Nobody got to it in time" in page(desk.astrid, request)
    late = desk.astrid.fill("/account", f"/callbacks/{request}/take")
    assert re.search(r"It was closed at [\d:]+: Nobody got to it in time", words(late))


def test_nobody_but_time_makes_a_request_expire(desk: Desk) -> None:
    request = desk.request()

    assert act(desk.astrid, request, "close", closing="expired").status_code == 422
    with desk.database() as session, pytest.raises(NotNow) as refused:
        callback_list.close(session, desk.actor(), request, Closing.EXPIRED, now())

    assert refused.value.why is Why.CLOSED
    assert desk.stored(request).number == PhoneNumber(CALLER)


def test_an_exposed_person_is_rung_in_safe_hours_alone(desk: Desk) -> None:
    request = desk.request()
    _noon(desk)

    act(desk.astrid, request, "exposed", safe="no")
    never = page(desk.astrid, request)
    rung = desk.astrid.fill("/account", f"/callbacks/{request}/ring")
    act(desk.astrid, request, "exposed", safe="hours", begins="01:00", ends="02:00", is_sure="y")
    not_now = page(desk.astrid, request)
    act(desk.astrid, request, "exposed", safe="hours", begins="11:00", ends="14:00", is_sure="y")
    now = page(desk.astrid, request)

    assert "nobody has noted that it is safe" in never
    assert "Answer and press 1" not in never
    assert rung.status_code == 409
    assert "nobody has noted that it is safe" in words(rung)
    assert "it is safe between 01:00 and 02:00 alone" in not_now
    assert "Exposed person: safe between 11:00 and 14:00. Noted by Astrid." in now
    assert "Say that you have rung a wrong number" in now
    assert desk.telephone.ordered == []
    assert act(desk.astrid, request, "ring").status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose whether we may ring."),
        ({"safe": "hours", "is_sure": "y"}, "Write a time of day, as 09:30."),
        ({"safe": "hours", "begins": "9 a clock", "ends": "10:00", "is_sure": "y"}, "Write a time of day, as 09:30."),
        ({"safe": "hours", "begins": "11:00", "ends": "10:00", "is_sure": "y"}, "has to come after the beginning"),
        ({"safe": "hours", "begins": "10:00", "ends": "11:00"}, "Without this it isn't safe to ring."),
    ],
)
def test_nothing_is_noted_as_safe_by_halves(desk: Desk, fields: dict[str, str], said: str) -> None:
    request = desk.request()

    answer = act(desk.astrid, request, "exposed", **fields)

    assert answer.status_code == 422
    assert said in words(answer)
    assert all(value in answer.get_data(as_text=True) for value in fields.values())
    assert not desk.stored(request).is_exposed


HOURS = {"safe": "hours", "begins": "11:00", "ends": "14:00", "is_sure": "y"}


def test_hours_of_an_older_page_do_not_lift_what_a_colleague_has_noted_since(desk: Desk) -> None:
    request = desk.request()
    old = seen(desk.astrid, request)
    act(desk.beate, request, "exposed", safe="no")

    late = act(desk.astrid, request, "exposed", seen=old, **HOURS)

    assert late.status_code == 409
    said, typed = words(late), late.get_data(as_text=True)
    assert "Beate has noted since you opened this page: never ring." in said
    assert 'value="11:00"' in typed
    assert 'value="14:00"' in typed
    assert seen(desk.astrid, request) in typed
    assert (desk.stored(request).safe_from, desk.stored(request).safe_noted_by_id) == (None, desk.staff[BEATE])


def test_hours_that_were_shown_what_stood_in_their_way_are_noted(desk: Desk) -> None:
    request = desk.request()
    old = seen(desk.astrid, request)
    act(desk.beate, request, "exposed", safe="hours", begins="08:00", ends="09:00", is_sure="y")
    late = act(desk.astrid, request, "exposed", seen=old, **HOURS)

    again = act(desk.astrid, request, "exposed", **HOURS)

    assert "Beate has noted since you opened this page: safe between 08:00 and 09:00." in words(late)
    assert again.status_code == 303
    assert desk.stored(request).safe_from == "11:00"


def test_never_is_taken_from_an_older_page_and_what_stands_there_already_is_noted_once(desk: Desk) -> None:
    request = desk.request()
    old = seen(desk.astrid, request)
    act(desk.beate, request, "exposed", **HOURS)

    same = act(desk.astrid, request, "exposed", seen=old, **HOURS)
    noted = desk.log(request).count("changed_callback")
    never = act(desk.astrid, request, "exposed", seen=old, safe="no")

    assert (same.status_code, noted, never.status_code) == (303, 1, 303)
    assert desk.stored(request).safe_from is None


def test_somebody_elses_can_be_marked_as_exposed_and_nothing_more(desk: Desk) -> None:
    request = desk.request(staff_id=desk.staff[BEATE], taken_at=now())

    said = page(desk.astrid, request)
    done = act(desk.astrid, request, "exposed", safe="no")

    assert "Beate has it" in said
    assert "Close and erase the number" not in said
    assert "Answer and press 1" not in said
    assert done.status_code == 303


def test_what_is_not_confirmed_is_not_there(desk: Desk) -> None:
    request = desk.request(confirmed_at=None)

    assert desk.astrid.get(f"/callbacks/{request}").status_code == 404
    assert desk.astrid.get(f"/callbacks/{request}/ringing").status_code == 404
    assert desk.astrid.get("/callbacks/99999999999999999999").status_code == 404


def _noon(desk: Desk) -> None:
    """Move the line to where it is noon."""
    known, line = desk.app.extensions["radrum"], LineKey("skane")
    schedule = known.policy.schedules[line]
    hours = replace(schedule.hours, zone=noon_somewhere())
    schedules = {**known.policy.schedules, line: replace(schedule, hours=hours)}
    desk.app.extensions["radrum"] = replace(known, policy=replace(known.policy, schedules=schedules))
