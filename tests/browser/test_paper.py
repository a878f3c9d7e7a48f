"""Pages of numbers on paper, and their drawings at every width: nothing cut, greyed, folded or run together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.domain.permissions import Role
from tests.browser.every_role import come_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

A4_WIDTH = 688
"""Pixels of CSS between the margins: 210 mm less 14 on each side."""
MONTH = "/trends?kind=month"
LONG = "/trends?kind=own&day=2021-12-01&last=2026-11-30"
DRAWN = ("/trends", MONTH, LONG, "/trends/history", "/figures", "/figures?span=52")
PAGES = (*DRAWN, "/trends/municipalities", "/trends/staffing", "/statistik")
WIDTHS = (320, 360, 768, 1280)
_STICKS_OUT = """width => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.right > width + 1 && !one.closest('.visually-hidden, [aria-hidden=true], svg');
}).map(one => one.outerHTML.slice(0, 120))"""
_FOLDED = """() => [...document.querySelectorAll('main details')].filter(one => {
    const inside = one.querySelector('summary ~ *');
    return inside && !inside.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
}).map(one => one.outerHTML.slice(0, 120))"""
_RUN_TOGETHER = """() => [...document.querySelectorAll('.plot svg')].flatMap(drawing => {
    const words = [...drawing.querySelectorAll('text')].filter(one => one.checkVisibility()
        && one.textContent).map(one => ({said: one.textContent, box: one.getBoundingClientRect()}));
    // Above a letter there is air that its box counts.
    return words.flatMap((one, place) => words.slice(place + 1).filter(other =>
        Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 0.5
        && Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > one.box.height / 2
    ).map(other => `${one.said} | ${other.said}`));
})"""
_HEAT = """() => {
    const painter = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const grey = colour => {
        painter.fillStyle = colour;
        painter.fillRect(0, 0, 1, 1);
        const [red, green, blue] = painter.getImageData(0, 0, 1, 1).data;
        return 0.299 * red + 0.587 * green + 0.114 * blue;
    };
    const table = document.querySelector('.heat'), cell = table.querySelector('td');
    return [0, 1, 2, 3, 4].map(level => {
        cell.className = `level-${level}`;
        const ground = getComputedStyle(level ? cell : cell.parentElement);
        return [grey(ground.backgroundColor), getComputedStyle(cell).printColorAdjust];
    });
}"""


@pytest.fixture
def page(practice: Practice, new_person: PersonMaker) -> Page:
    """A manager's."""
    person = new_person(practice.service_url)
    come_in(practice, person.page.context, Role.MANAGER)
    return person.page


def printed(page: Page, path: str) -> None:
    page.goto(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": 1000})


@pytest.mark.parametrize("path", PAGES)
def test_on_paper_nothing_is_cut_or_folded_and_no_way_about_is_printed(page: Page, path: str) -> None:
    printed(page, path)

    assert page.evaluate(_STICKS_OUT, A4_WIDTH) == []
    assert page.evaluate(_FOLDED) == []
    for way in (".practice", ".top", ".actions", "form", ".btn", "button", ".on-page", "input[type=file]"):
        assert not any(one.is_visible() for one in page.locator(way).all()), way


@pytest.mark.parametrize("path", PAGES)
def test_paper_says_when_it_was_made_and_that_practice_is_practice(page: Page, path: str) -> None:
    page.goto(path)
    said = page.locator(".on-paper")
    expect(said).to_be_hidden()

    printed(page, path)

    expect(said).to_be_visible()
    expect(said).to_contain_text("Framtaget")
    expect(said).to_contain_text("Övningsläge: inget här är på riktigt.")


@pytest.mark.parametrize("path", ["/trends", "/trends/municipalities"])
def test_paper_names_the_line_also_where_there_is_only_one(page: Page, path: str) -> None:
    printed(page, path)

    expect(page.locator("main .of-line")).to_have_text("Resurscentrum heder Skåne")


def test_paper_is_white_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/trends")
    dark = page.locator("h1").evaluate("one => getComputedStyle(one).color")

    printed(page, "/trends")

    assert page.locator("h1").evaluate("one => getComputedStyle(one).color") != dark
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


@pytest.mark.parametrize("path", DRAWN)
def test_no_word_of_a_drawing_runs_into_another_at_any_width(page: Page, path: str) -> None:
    page.goto(path)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[f"{width} px"] = page.evaluate(_RUN_TOGETHER)
    printed(page, path)
    found["paper"] = page.evaluate(_RUN_TOGETHER)

    assert page.locator(".plot").count() > 0
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_more_calls_an_hour_has_the_more_it_stands_out_without_colour(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/trends")

    greys = [grey for grey, _ in page.evaluate(_HEAT)]

    assert greys == sorted(greys, reverse=scheme == "light")
    assert min(abs(one - other) for one, other in pairwise(greys)) > 8


def test_a_printer_leaves_the_dark_hours_dark(page: Page) -> None:
    printed(page, "/trends")

    assert {adjust for _, adjust in page.evaluate(_HEAT)} == {"exact"}
