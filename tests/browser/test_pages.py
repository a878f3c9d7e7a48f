"""Every page, for everybody: at a telephone's width, in the dark, by keyboard, and for those who listen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import assert_sound
from tests.browser.walking import walk

if TYPE_CHECKING:
    from tests.browser.chromium import ColorScheme
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

PAGES = {
    "the lines": ("service", "/", 200),
    "a page that isn't there": ("service", "/finns-inte", 404),
    "the practice telephone": ("simulator", "/practice", 200),
    "the practice telephone in English": ("simulator", "/practice?lang=en", 200),
    "ordered practice calls": ("simulator", "/practice/calls", 200),
    "a page that the simulator hasn't got": ("simulator", "/finns-inte", 404),
}


def url_of(practice: Practice, page: str) -> str:
    process, path, _ = PAGES[page]
    return (practice.service_url if process == "service" else practice.simulator_url) + path


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_barriers_and_fits_its_window(new_person: PersonMaker, practice: Practice, page: str) -> None:
    person = new_person(practice.service_url)
    person.expected = {PAGES[page][2]}

    person.opens(url_of(practice, page))

    assert_sound(person.page)


@pytest.mark.parametrize("page", PAGES)
def test_the_skip_link_comes_first_and_leads_past_the_top(
    new_person: PersonMaker, practice: Practice, page: str
) -> None:
    person = new_person(practice.service_url)
    person.expected = {PAGES[page][2]}
    person.opens(url_of(practice, page))

    person.presses("Tab")
    skip = person.page.locator("a[href='#main']")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    person.presses("Enter", "Tab")

    in_the_top = person.page.evaluate("document.activeElement.closest('header.top') !== null")
    assert not in_the_top


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    new_person: PersonMaker, practice: Practice, page: str, color_scheme: ColorScheme
) -> None:
    person = new_person(practice.service_url, color_scheme=color_scheme)
    person.expected = {PAGES[page][2]}
    person.opens(url_of(practice, page))

    walked = walk(person.page)

    assert walked.passed == walked.stations
    assert walked.unmarked == []
