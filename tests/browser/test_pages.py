"""The simulator's pages, and the service's first: at a telephone's width, in the dark, and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import assert_sound
from tests.browser.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice
    from tests.browser.person import Person

PAGES = {
    "the lines": ("service", "/", 200),
    "the practice telephone": ("simulator", "/practice", 200),
    "the practice telephone in English": ("simulator", "/practice?lang=en", 200),
    "ordered practice calls": ("simulator", "/practice/calls", 200),
    "a page that the simulator hasn't got": ("simulator", "/finns-inte", 404),
}


@pytest.fixture
def visitor(new_person: PersonMaker, practice: Practice) -> Callable[..., Person]:
    """Opens a page for somebody, while no call is under way, and waits until nothing more comes by itself."""

    def visit(page: str) -> Person:
        process, path, status = PAGES[page]
        practice.end_all()
        url = practice.service_url if process == "service" else practice.simulator_url
        person = new_person(url)
        person.expected = {status}
        person.opens(path)
        clock = person.page.locator("[data-clock-time]")
        if clock.count():
            expect(clock).to_be_visible()
        return person

    return visit


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_barriers_and_fits_its_window(visitor: Callable[..., Person], page: str) -> None:
    person = visitor(page)

    assert_sound(person.page)


@pytest.mark.parametrize("page", PAGES)
def test_the_skip_link_comes_first_and_leads_past_the_top(visitor: Callable[..., Person], page: str) -> None:
    person = visitor(page)

    person.presses("Tab")
    skip = person.page.locator("a[href='#main']")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    person.presses("Enter", "Tab")

    in_the_top = person.page.evaluate("document.activeElement.closest('header') !== null")
    assert not in_the_top


@pytest.mark.parametrize("page", PAGES)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    visitor: Callable[..., Person], page: str
) -> None:
    person = visitor(page)

    walked = walk(person.page)

    assert walked.passed == walked.stations
    assert walked.unmarked == []
