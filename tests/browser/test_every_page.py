"""Every page of the service, as each role that may see it: also one that was added after this was written."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pytest

from app.domain.permissions import Role
from tests.browser.atlas import Atlas, app_of, explored, missing
from tests.browser.audit import SCHEMES, WHOLE_PAGE_BYTES, sideways, wrongs
from tests.browser.chromium import PATIENCE, window
from tests.browser.edges import faint_edges, small_targets
from tests.browser.every_role import VISITOR, WHO, come_in, is_own_page
from tests.browser.walking import walk
from tests.browser.zoom import MOST_STUCK, cut_off, lost_in_forced_colours, space_out, stuck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page, Request

    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

LOOKS = (*product((320, 1280), SCHEMES), (768, SCHEMES[0]))
BETWEEN = (1000, 768, 753, 641, 320)
LANGUAGES = ("sv", "en")
LEAST_FILES = 8
"""That a page loads, itself included: fewer weren't weighed."""
KNOWN = {
    VISITOR: {"home.lines", "security.login", "security.wan_signin", "statistics.page"},
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
            if is_own_page(who, endpoint):
                person.opens(path)
                yield path, person.page

    return reading


def test_every_page_can_be_tried_by_somebody(app: Flask, atlases: dict[str, Atlas]) -> None:
    problems = [problem for atlas in atlases.values() for problem in atlas.problems]

    assert [*problems, *missing(app, atlases.values())] == []
    assert {who: known - {*atlases[who].pages} for who, known in KNOWN.items()} == {who: set() for who in KNOWN}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_barrier_in_any_look(read: Reader, who: str, language: str) -> None:
    found = [f"{path}: {wrong}" for path, page in read(who, language) for wrong in wrongs(page, LOOKS)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", WHO)
def test_every_page_of_whoever_takes_calls_opens_the_record_of_the_next_one(read: Reader, who: str) -> None:
    pages = {path: page.locator("[data-follow]").count() for path, page in read(who)}

    assert set(pages.values()) == {1 if who == Role.SPECIALIST else 0}, pages


@pytest.mark.parametrize("who", WHO)
def test_every_page_weighs_under_a_hundred_kilobytes_with_all_that_it_loads(
    practice: Practice, atlases: dict[str, Atlas], new_person: PersonMaker, who: str
) -> None:
    person = new_person(practice.service_url)
    come_in(practice, person.page.context, who)
    # As if each were the first page that this browser opens.
    person.page.context.new_cdp_session(person.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: dict[str, Request] = {}
    person.page.on("requestfinished", lambda request: asked.update({request.url: request}))
    heavy, few = [], []

    for path in atlases[who].pages.values():
        person.page.goto(path, wait_until="networkidle")
        sizes = {url: one.sizes()["responseBodySize"] for url, one in asked.items()}
        heavy += [f"{path}: {sum(sizes.values())} bytes, {sizes}"] if sum(sizes.values()) >= WHOLE_PAGE_BYTES else []
        few += [path] if len(sizes) < LEAST_FILES else []
        asked.clear()

    assert not heavy, "\n".join(heavy)
    assert few == []


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
def test_at_no_width_and_with_more_space_between_letters_a_word_is_lost(read: Reader, who: str) -> None:
    wrong = []

    for path, page in read(who):
        for width in BETWEEN:
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{path}, {width} px: {one} sticks out" for one in sideways(page) or ()]
        space_out(page)
        wrong += [f"{path}, spaced out: {one}" for one in [*cut_off(page), *(sideways(page) or ())]]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_in_forced_colours_and_without_motion_nothing_is_lost(read: Reader, who: str) -> None:
    wrong = []

    for path, page in read(who):
        page.emulate_media(reduced_motion="no-preference")
        before = told(page)
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        wrong += [f"{path}: {one}" for one in lost_in_forced_colours(page)]
        wrong += [] if told(page) == before else [f"{path}: something has gone"]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_without_script_every_page_has_its_content_and_every_form_a_button_and_somewhere_to_go(
    app: Flask, browser: Browser, practice: Practice, read: Reader, who: str
) -> None:
    context = browser.new_context(base_url=practice.service_url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    come_in(practice, context, who)
    plain, wrong = context.new_page(), []

    for path, page in read(who):
        plain.goto(path)
        lost = set(headings(page)) - set(headings(plain))
        wrong += [f"{path}: nobody reads {heading}" for heading in lost]
        wrong += [f"{path}: {problem}" for problem in unsendable(app, plain)]

    context.close()
    assert not wrong, "\n".join(wrong)


def told(page: Page) -> str:
    """What whoever listens is told of a page, but for the minute as of which it is."""
    return re.sub(r"(Läget kl\.) \d\d:\d\d", r"\1", page.locator("main").aria_snapshot())


def headings(page: Page) -> list[str]:
    texts = page.locator("main :is(h1, h2, h3):visible").all_inner_texts()
    # The key that goes to a part is of use with a script alone.
    return [re.sub(r"\s\S$", "", text) for text in texts]


def unsendable(app: Flask, page: Page) -> list[str]:
    """What keeps a form of a page from being sent."""
    problems = []
    # What is folded away opens by a press of its heading, without a script too.
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    # A dialog opens by a script alone, and what is in it is of use with one alone.
    for form in page.locator("form:not(dialog:not([open]) *)").all():
        method = (form.get_attribute("method") or "get").upper()
        action = urlsplit(form.get_attribute("action") or page.url).path
        if not app.url_map.bind("").test(action, method=method):
            problems.append(f"{method} {action} leads nowhere")
        if form.locator("button:visible:enabled:not([type=button]), input[type=submit]:visible").count() == 0:
            problems.append(f"the form for {action} has no button")
        if method == "POST" and form.locator("input[name=csrf_token]").count() != 1:
            problems.append(f"the form for {action} has no token")
    return problems
