"""What a record still needs, and what the service wouldn't take, in a real browser: said by the field, and led to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.open_record import SAVED, USUAL, state_of, writes

if TYPE_CHECKING:
    from tests.browser.desk import Desk, Opener

HINT = "Hur många, aldrig vilka."
WRONG = "Skriv ett helt tal från 0 till 20."
ANY = re.compile("")


def test_a_missing_answer_is_said_by_its_field_and_takes_the_focus(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")

    person.presses(*USUAL[:2], *USUAL[5:])

    place = person.page.locator("#place-typed")
    expect(place).to_be_focused()
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(place).to_have_accessible_description("Behöver fortfarande ett svar.")
    expect(person.page.locator("[data-group=place] .field-error")).to_be_visible()
    expect(person.page.locator("[data-summary]")).to_be_hidden()
    assert_sound(person.page, SOME_LOOKS)


def test_several_missing_answers_stand_in_a_list_that_leads_to_them(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    summary = person.page.locator("[data-summary]")

    person.presses("v", "1", "m")
    expect(person.page.locator("#place-typed")).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("4 saker behöver rättas")
    assert_sound(person.page, SOME_LOOKS)
    person.activates(summary.get_by_role("link", name=re.compile("^Konsultationstyp")))
    expect(person.page.locator("input[name=type]").first).to_be_focused()
    person.presses("1", "t", "1")
    expect(summary.get_by_role("listitem")).to_have_count(2)
    person.presses("h", "1")

    expect(summary).to_be_hidden()
    expect(person.page.get_by_role("status").filter(has_text="Kvar: Plats")).to_be_visible()


def test_a_number_that_is_refused_is_led_to_and_said_wherever_the_record_says_how_it_stands(
    desk: Desk, at: Opener
) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {422}
    number, left = person.page.locator("#exposed"), person.page.locator("[data-left]")
    with person.page.expect_response(lambda answer: "/save" in answer.url and answer.status == 422):
        person.presses(*USUAL[:-1], "u", "9", "9")
    expect(left).to_contain_text("Behöver rättas: Antal utsatta")
    expect(number).to_have_accessible_description(f"{HINT} {WRONG}")
    person.presses("Enter", "a", "Escape", "m")

    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    state_of(person, "behöver rättas")
    expect(left).to_contain_text("Behöver rättas: Antal utsatta")
    assert_sound(person.page, SOME_LOOKS)
    assert "closed" not in desk.stored(record)
    person.presses("Backspace")
    expect(number).to_have_accessible_description(HINT)
    expect(number).not_to_have_attribute("aria-invalid", ANY)
    state_of(person, SAVED)
    person.presses("m")
    expect(person.page.locator("[data-complete]")).to_have_text("Klar")


def test_a_conflict_takes_no_key_of_whoever_writes(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    one, other = at(f"/records/{record}"), at(f"/records/{record}")
    other.expected = {409}
    writes(one, "Från ett fönster.")
    state_of(one, SAVED)

    writes(other, "Från ett annat")
    expect(other.page.locator(".conflict")).to_be_visible()
    other.page.keyboard.type(" fönster.")

    expect(other.page.locator("#note")).to_be_focused()
    expect(other.page.locator("#note")).to_have_value("Från ett annat fönster.")
    other.presses_button("Behåll mitt")
    state_of(other, SAVED)
    assert desk.stored(record)["note"] == "Från ett annat fönster."
