"""Every page of the service, as each role that may see it: also one that was added after this was written."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Protocol

import pytest

from app.domain.permissions import Role
from tests.browser.atlas import Atlas, app_of, explored, missing
from tests.browser.audit import SCHEMES, wrongs
from tests.browser.chromium import window
from tests.browser.edges import faint_edges, small_targets
from tests.browser.signing_in import sign_in
from tests.browser.walking import walk
from tests.browser.zoom import MOST_STUCK, cut_off, lost_in_forced_colours, space_out, stuck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

VISITOR = "visitor"
WHO = (VISITOR, *Role)
LOOKS = tuple(product((320, 1280), SCHEMES))
SAME_FOR_ALL = "security."
"""Pages whose content hangs on no role: those of one will do."""
LANGUAGES = ("sv", "en")
KNOWN = {
    VISITOR: {"home.lines", "security.login", "security.wan_signin"},
    Role.SPECIALIST: {
        "home.lines", "desk.records", "desk.record", "desk.account", "security.change_password", "security.verify",
        "security.two_factor_setup", "security.mf_recovery_codes", "security.wan_register",
    },
    Role.COORDINATOR: {"home.lines", "desk.account"},
    Role.MANAGER: {"desk.records", "desk.record"},
    Role.ADMINISTRATOR: {"desk.account"},
}  # fmt: skip
"""Pages that the atlas holds at the least: it would prove little if it missed these."""


class Reader(Protocol):
    """Opens each page that somebody may see, one after the other."""

    def __call__(self, who: str, language: str = "sv") -> Iterator[tuple[str, Page]]: ...


@pytest.fixture(scope="session")
def app(practice: Practice) -> Flask:
    return app_of(practice.where.environment)


@pytest.fixture(scope="session")
def atlases(browser: Browser, practice: Practice, app: Flask) -> dict[str, Atlas]:
    found = {}
    for who in WHO:
        context = window(browser, practice.service_url)
        come_in(practice, context, who)
        found[who] = explored(app, context)
        context.close()
    return found


@pytest.fixture
def read(practice: Practice, atlases: dict[str, Atlas], new_person: PersonMaker) -> Reader:
    def reading(who: str, language: str = "sv") -> Iterator[tuple[str, Page]]:
        person = new_person(practice.service_url)
        come_in(practice, person.page.context, who, language)
        for endpoint, path in atlases[who].pages.items():
            if who in {VISITOR, Role.SPECIALIST} or not endpoint.startswith(SAME_FOR_ALL):
                person.opens(path)
                yield path, person.page

    return reading


def come_in(practice: Practice, context: BrowserContext, who: str, language: str = "sv") -> None:
    cookie = {"name": "radrum_language", "value": language, "url": practice.service_url}
    context.add_cookies([cookie])  # type: ignore[list-item] # a plain dictionary will do
    if who != VISITOR:
        with practice.database() as session:
            sign_in(context, practice.where, session, f"{who}@skane.example")


def test_every_page_can_be_tried_by_somebody(app: Flask, atlases: dict[str, Atlas]) -> None:
    problems = [problem for atlas in atlases.values() for problem in atlas.problems]

    assert [*problems, *missing(app, atlases.values())] == []
    assert {who: known - {*atlases[who].pages} for who, known in KNOWN.items()} == {who: set() for who in KNOWN}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_barrier_in_any_look(read: Reader, who: str, language: str) -> None:
    found = [f"{path}: {wrong}" for path, page in read(who, language) for wrong in wrongs(page, LOOKS)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
def test_every_page_says_its_language_and_has_a_title_of_its_own(read: Reader, who: str, language: str) -> None:
    titles: dict[str, str] = {}
    wrong = []

    for path, page in read(who, language):
        title = page.title()
        wrong += [f"{path} is called {title}, as {titles[title]} is"] if title in titles else []
        titles[title] = path
        wrong += [] if page.locator("html").get_attribute("lang") == language else [f"{path} is in another language"]
        wrong += [] if page.get_by_role("heading", level=1).count() == 1 else [f"{path} has not one heading"]
        other = page.locator(f".top-end a[lang={'en' if language == 'sv' else 'sv'}]")
        wrong += [] if other.count() == 1 else [f"{path} doesn't lead to the other language"]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_every_control_can_be_seen_and_is_large_enough_for_a_finger(read: Reader, who: str) -> None:
    wrong = []

    for path, page in read(who):
        for width, color_scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=color_scheme)
            found = [*faint_edges(page), *(small_targets(page) if color_scheme == SCHEMES[0] else ())]
            wrong += [f"{path}, {width} px, {color_scheme}: {html} {measure}" for html, measure in found]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_at_four_times_the_size_the_keyboard_gets_everywhere_in_order_and_one_sees_where_it_is(
    read: Reader, who: str
) -> None:
    wrong = []

    for path, page in read(who):
        # 1280 by 1024 pixels at 400 per cent.
        page.set_viewport_size({"width": 320, "height": 256})
        walked = walk(page)
        order = [] if walked.passed == walked.stations else [f"{walked.passed} instead of {walked.stations}"]
        wrong += [f"{path}: the order is {one}" for one in order]
        wrong += [f"{path}: nobody sees the focus on {one}" for one in walked.unmarked]
        wrong += [f"{path}: something covers {one}" for one in walked.covered]
        wrong += [f"{path}: {share:.0%} of the window stands still" for share in [stuck(page)] if share > MOST_STUCK]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_with_more_space_between_letters_and_lines_no_word_is_lost(read: Reader, who: str) -> None:
    wrong = []

    for path, page in read(who):
        page.set_viewport_size({"width": 320, "height": 900})
        space_out(page)
        wrong += [f"{path}: {one}" for one in [*cut_off(page), *wrongs(page, LOOKS[:0])]]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_in_forced_colours_controls_have_edges_and_one_sees_where_one_is(read: Reader, who: str) -> None:
    wrong = []

    for path, page in read(who):
        page.emulate_media(forced_colors="active")
        wrong += [f"{path}: {one}" for one in lost_in_forced_colours(page)]

    assert not wrong, "\n".join(wrong)
