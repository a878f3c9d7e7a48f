"""Reports as they are read: sound in every look, with nothing cut off on paper, and a text that a button copies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.domain.permissions import Role
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.every_role import come_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

A4_WIDTH = 688
"""Pixels of CSS between the margins of a report's page: 210 mm less 14 on each side."""
MOST_PAGES = 12
_CUT = """width => [...document.querySelectorAll('.report *')].filter(one => {
    const box = one.getBoundingClientRect();
    const isSeen = box.width > 1 && !one.closest('.visually-hidden, [aria-hidden=true], svg');
    return isSeen && (box.right > width + 1 || (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
        && getComputedStyle(one).overflowX !== 'visible'));
}).map(one => one.outerHTML.slice(0, 120))"""
_FOLDED = "document.querySelectorAll('.report details:not([open])').length"


@pytest.fixture
def page(practice: Practice, new_person: PersonMaker) -> Page:
    """A manager's, with the report of the last half-year that is over."""
    person = new_person(practice.service_url)
    come_in(practice, person.page.context, Role.MANAGER)
    person.opens("/reports")
    links = person.page.locator("main li:not(:has(.soft)) a[href*='/reports/half/']")
    person.page.goto(links.last.get_attribute("href") or "")
    return person.page


def test_a_report_is_sound_in_every_look(page: Page) -> None:
    assert_sound(page, SOME_LOOKS)


def test_on_paper_nothing_is_cut_or_folded_and_no_way_about_is_printed(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": 1000})

    assert page.evaluate(_CUT, A4_WIDTH) == []
    assert page.evaluate(_FOLDED) == 0
    for way in (".top", ".foot", ".actions", ".practice"):
        assert not any(one.is_visible() for one in page.locator(way).all()), way
    for part in ("h1", ".report-facts", ".caveat", ".key-figures", "#words-sv", "#words-en", "#definitions"):
        expect(page.locator(part).first).to_be_visible()


def test_the_pdf_has_pages_of_a4_and_not_too_many(page: Page) -> None:
    pdf = page.pdf(prefer_css_page_size=True)

    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert 2 <= len(boxes) <= MOST_PAGES
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}


def test_the_text_is_copied_by_a_button(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    button = page.get_by_role("button", name="Kopiera texten").first
    button.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".text-in [role=status]").first).to_have_text("Kopierat.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#words-sv").text_content()


def test_without_script_the_text_is_there_to_be_marked(page: Page, practice: Practice) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=practice.service_url)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type] # what it gives it takes
    plain = context.new_page()
    plain.goto(page.url)

    expect(plain.locator("#words-en")).to_contain_text("consultations")
    assert not plain.get_by_role("button", name="Kopiera texten").first.is_visible()
    context.close()
