"""The first page in a real browser: it keeps itself true, and takes nothing from under somebody's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect

from app.domain.calls import Outcome
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import ASTRID, BEATE, CHEF, Desk, signs_in

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

COUNT_QUESTIONS = """(() => {
    const real = window.fetch;
    window.questions = 0;
    window.fetch = (address, ...rest) => {
        if (String(address).includes('/today/now')) window.questions += 1;
        return real(address, ...rest);
    };
})()"""
"""In the page itself: the browser tells of a request later than the page makes it."""


class Opener(Protocol):
    """Somebody who is signed in, at the first page."""

    def __call__(self, email: str = ASTRID) -> Person: ...


@pytest.fixture
def at_today(desk: Desk, new_person: PersonMaker) -> Opener:
    def open_it(email: str = ASTRID) -> Person:
        person = new_person(desk.url)
        signs_in(desk, person, email)
        person.opens("/")
        return person

    return open_it


def call_now(person: Person, call: int) -> Locator:
    return person.page.locator(f"#call-{call}")


def opens_pause(person: Person) -> Locator:
    """Open the form for a pause by its summary."""
    details = person.page.locator("details.today-pause")
    person.activates(details.locator("summary"))
    return details


def test_a_call_shows_as_it_rings_and_as_it_is_taken_and_the_focus_stays(desk: Desk, at_today: Opener) -> None:
    person = at_today()
    again = person.page.get_by_role("link", name="Hämta på nytt")
    person.tabs_to(again)

    call = desk.rings(BEATE)
    expect(call_now(person, call)).to_contain_text("ringer hos Beate")
    expect(person.page.locator("[data-announced]")).to_contain_text("Ett samtal ringer: Resurscentrum heder Skåne")
    desk.takes(call, BEATE)
    expect(call_now(person, call)).to_contain_text("hos Beate")
    expect(call_now(person, call)).to_have_attribute("data-part", "talking")
    desk.ends(call, Outcome.ANSWERED)
    expect(person.page.locator(f"#ended-{call}")).to_contain_text("Besvarat")

    expect(call_now(person, call)).to_have_count(0)
    expect(again).to_be_focused()


def test_what_is_open_and_half_filled_in_stays_while_the_page_changes(desk: Desk, at_today: Opener) -> None:
    person = at_today()
    details = opens_pause(person)
    person.tabs_to(details.get_by_role("radio", name="Lunch"))
    person.presses("ArrowDown")
    meeting = details.get_by_role("radio", name="Möte")

    call = desk.rings(BEATE)
    expect(call_now(person, call)).to_be_visible()
    desk.ends(call, Outcome.UNANSWERED)
    expect(person.page.locator(f"#task-{call}")).to_be_visible()

    expect(details).to_have_attribute("open", "")
    expect(meeting).to_be_checked()
    expect(meeting).to_be_focused()
    assert_sound(person.page, SOME_LOOKS)


def test_what_is_wrong_stays_said_while_the_page_changes(desk: Desk, at_today: Opener) -> None:
    person = at_today()
    person.expected = {422}
    details = opens_pause(person)
    person.presses_button("Börja pausen", within=details)
    expect(person.page.locator("#me .field-error")).to_be_visible()

    call = desk.rings(BEATE)
    expect(call_now(person, call)).to_be_visible()

    expect(person.page.locator("#me .field-error")).to_be_visible()
    assert_sound(person.page, SOME_LOOKS)
    desk.ends(call, Outcome.ABANDONED)


def test_pausing_and_taking_calls_again_by_keyboard_alone(at_today: Opener) -> None:
    person = at_today()

    details = opens_pause(person)
    person.tabs_to(details.get_by_role("radio", name="Lunch"))
    person.presses("Space")
    person.presses_button("Börja pausen", within=details)
    expect(person.page.locator("#me [data-doing]")).to_have_attribute("data-doing", "paused")
    expect(person.page.locator("[data-messages]")).to_contain_text("Du tar inga samtal nu.")
    person.presses_button("Ta samtal igen")

    expect(person.page.locator("#me [data-doing]")).to_have_attribute("data-doing", "off_duty")
    expect(person.page.locator("[data-messages]")).to_contain_text("Du tar samtal igen.")


def test_a_task_is_gone_from_a_colleagues_page_once_it_is_dealt_with(desk: Desk, at_today: Opener) -> None:
    call = desk.rings(BEATE)
    desk.ends(call, Outcome.UNANSWERED)
    astrid, chef = at_today(), at_today(CHEF)
    task = astrid.page.locator(f"#task-{call}")

    astrid.chooses(task.get_by_label("Vad som gjordes"), "Bemanningen har rättats till")
    astrid.activates(task.get_by_role("button"))

    expect(task).to_have_count(0)
    expect(chef.page.locator(f"#task-{call}")).to_have_count(0)
    expect(chef.page.locator("#dealt")).to_contain_text("har klarats av i dag")


def test_without_contact_the_page_says_of_when_it_is_and_comes_back(desk: Desk, at_today: Opener) -> None:
    person = at_today()
    fresh = person.page.locator("[data-fresh]")
    expect(fresh).to_contain_text("Läget kl.")

    person.page.context.set_offline(True)
    expect(fresh).to_contain_text("Ingen kontakt")
    call = desk.rings(BEATE)
    person.page.context.set_offline(False)

    expect(call_now(person, call)).to_be_visible()
    expect(fresh).to_contain_text("Läget kl.")
    desk.ends(call, Outcome.ABANDONED)
    person.problems[:] = [one for one in person.problems if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_page_that_nobody_looks_at_asks_nothing(desk: Desk, at_today: Opener) -> None:
    person = at_today(CHEF)
    page = person.page
    page.add_init_script(COUNT_QUESTIONS)
    page.clock.install()
    person.opens("/")
    hide = "is => { Object.defineProperty(document, 'hidden', { value: is, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"

    page.clock.run_for(3_000)
    page.evaluate(hide, True)  # noqa: FBT003 - an argument of JavaScript
    asked_while_seen = page.evaluate("questions")
    page.clock.run_for(60_000)
    asked_while_hidden = page.evaluate("questions") - asked_while_seen
    call = desk.rings(BEATE)
    page.evaluate(hide, False)  # noqa: FBT003 - the same

    expect(call_now(person, call)).to_be_visible()
    assert asked_while_seen > 0
    assert asked_while_hidden == 0
    desk.ends(call, Outcome.ABANDONED)


def test_whoever_was_signed_out_is_told_so_where_they_look(desk: Desk, at_today: Opener) -> None:
    person = at_today(CHEF)
    person.expected = {401}

    desk.sign_out_everybody()

    expect(person.page.locator("[data-fresh]")).to_contain_text("Du har loggats ut")
