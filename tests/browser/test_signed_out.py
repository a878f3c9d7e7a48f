"""An open record whose session is over, in a real browser: no key of a word is lost, and nothing is sent as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import ASTRID, BEATE, PASSWORD, Desk, Opener, signs_in
from tests.browser.open_record import SAVED, USUAL, state_of, writes
from tests.browser.person import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator

KEPT = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length]"""
"""How much lies in the browser, beside what it shows."""


def message(person: Person) -> Locator:
    return person.page.locator("[data-session-over]")


def test_whoever_is_signed_out_in_the_middle_of_a_word_types_on(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {400, 401}
    writes(person, "Frågar om sk")
    state_of(person, SAVED)

    desk.sign_out_everybody()
    person.page.keyboard.type("ydd")
    expect(message(person)).to_be_visible()
    state_of(person, "du har loggats ut")
    person.page.keyboard.type(" och boende. Åter onsdag.")

    expect(person.page.locator("#note")).to_be_focused()
    expect(person.page.locator("#note")).to_have_value("Frågar om skydd och boende. Åter onsdag.")
    signs_in(desk, person)
    state_of(person, SAVED)
    expect(message(person)).to_be_hidden()
    assert desk.stored(record)["note"] == "Frågar om skydd och boende. Åter onsdag."


def test_whoever_is_signed_out_loses_no_word_and_nothing_lies_in_the_browser(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {400, 401}
    writes(person, "Före. ")
    state_of(person, SAVED)

    desk.sign_out_everybody()
    person.page.keyboard.type("Efter.")
    state_of(person, "du har loggats ut")
    assert_sound(person.page, SOME_LOOKS)
    with person.page.context.expect_page() as opening:
        person.activates(person.page.get_by_role("link", name="Logga in i ett nytt fönster"))
    other = Person(opening.value)
    other.tabs_to(other.page.get_by_label("E-postadress"))
    other.page.keyboard.type(ASTRID)
    other.presses("Tab")
    other.page.keyboard.type(PASSWORD)
    other.presses("Enter")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Idag")

    state_of(person, SAVED)
    expect(message(person)).to_be_hidden()
    assert desk.stored(record)["note"] == "Före. Efter."
    assert [person.page.evaluate(KEPT), other.page.evaluate(KEPT)] == [[0, 0, 0, 0], [0, 0, 0, 0]]
    assert other.problems == []


def test_what_one_wrote_is_not_sent_as_somebody_else(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {400, 401}

    person.page.context.clear_cookies()
    signs_in(desk, person, BEATE)
    writes(person, "Astrids ord.")

    state_of(person, "någon annan är inloggad")
    assert desk.stored(record) == {}


def test_a_record_that_was_marked_as_complete_when_signed_out_is_complete_after_signing_in(
    desk: Desk, at: Opener
) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {400, 401}
    person.presses(*USUAL[:-1])
    state_of(person, SAVED)

    desk.sign_out_everybody()
    person.presses("m")
    state_of(person, "du har loggats ut")
    expect(person.page.locator("[data-complete]")).to_have_text("Att göra klar")
    signs_in(desk, person)

    expect(person.page.locator("[data-complete]")).to_have_text("Klar")
    state_of(person, SAVED)
    assert desk.stored(record)["closed"] is True


def test_a_record_that_was_marked_as_complete_while_the_service_was_dead_is_complete_once_it_is_back(
    desk: Desk, at: Opener
) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.presses(*USUAL[:-1])
    state_of(person, SAVED)

    desk.kill()
    person.presses("m")
    state_of(person, "tjänsten svarar inte")
    desk.start()

    expect(person.page.locator("[data-complete]")).to_have_text("Klar")
    state_of(person, SAVED)
    assert desk.stored(record)["closed"] is True
    person.problems.clear()  # the requests that nobody answered


def test_what_was_typed_and_taken_back_while_the_service_was_dead_is_not_said_to_be_unsaved(
    desk: Desk, at: Opener
) -> None:
    person = at(f"/records/{desk.new_record()}")
    writes(person, "Sparat")
    state_of(person, SAVED)

    desk.kill()
    person.page.keyboard.type("!")
    state_of(person, "tjänsten svarar inte")
    person.presses("Backspace")

    state_of(person, SAVED)
    desk.start()
    person.problems.clear()  # the requests that nobody answered
