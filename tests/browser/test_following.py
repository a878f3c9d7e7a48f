"""A call that is taken, in a real browser: its record opens by itself, or the page says why it can't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from app.domain.calls import Outcome
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import ASTRID, Desk, Opener, signs_in
from tests.browser.open_record import SAVED, state_of, writes

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASKED = "**/records/mine*"


def waits_for_an_answer(page: Page) -> None:
    with page.expect_response(ASKED):
        pass


def test_a_call_that_is_taken_opens_its_record_by_itself(desk: Desk, at: Opener) -> None:
    person = at("/records")
    waits_for_an_answer(person.page)

    record = desk.new_record(is_live=True)

    person.page.wait_for_url(f"**/records/{record}")
    desk.end_calls()


def test_a_call_that_was_taken_between_two_pages_opens_its_record_once(desk: Desk, at: Opener) -> None:
    call = desk.rings(ASTRID)
    desk.takes(call, ASTRID)

    person = at("/figures")
    person.page.wait_for_url("**/records/*")
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("Konsultation")
    person.opens("/referrals")
    waits_for_an_answer(person.page)
    waits_for_an_answer(person.page)

    assert person.page.url.endswith("/referrals")
    desk.ends(call, Outcome.ANSWERED)


def test_a_half_written_note_is_not_left_unasked(desk: Desk, at: Opener) -> None:
    first = desk.new_record()
    person = at(f"/records/{first}")
    waits_for_an_answer(person.page)
    writes(person, "Jag skriver än")

    record = desk.new_record(is_live=True)

    way = person.page.get_by_role("link", name="Till konsultationen")
    expect(way).to_be_visible()
    expect(person.page.locator("#note")).to_be_focused()
    assert person.page.url.endswith(f"/records/{first}")
    state_of(person, SAVED)
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Escape")
    person.activates(way)
    person.page.wait_for_url(f"**/records/{record}")
    desk.end_calls()


def test_whoever_is_signed_out_is_told_that_no_record_opens_by_itself(desk: Desk, at: Opener) -> None:
    person = at("/figures")
    person.expected = {401}
    message = person.page.get_by_role("alert").filter(has_text="Du har loggats ut.")
    waits_for_an_answer(person.page)
    expect(message).to_be_hidden()

    desk.sign_out_everybody()
    expect(message).to_be_visible()
    expect(message.get_by_role("link")).to_have_text("Logga in i ett nytt fönster")
    assert_sound(person.page, SOME_LOOKS)
    signs_in(desk, person)

    expect(message).to_be_hidden()
