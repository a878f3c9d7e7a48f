"""Every part that pages are made of, and every error page, in a real browser: in both languages, in every look."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.domain.lines import OrganisationKey
from app.domain.permissions import Role
from app.factory import create_app
from app.services.account import accounts, passwords
from app.services.account.accounts import NewAccount
from app.storage.base import db
from tests.browser.audit import LOOKS, SOME_LOOKS, WHOLE_PAGE_BYTES, assert_sound, sideways
from tests.browser.edges import faint_edges, small_targets
from tests.browser.walking import walk
from tests.support.style_page import ERROR, FOR_STAFF, STALE, STYLE, TOO_LATE, WITH_ERRORS, serving, style
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request

    from app.domain.policy import Policy
    from tests.browser.chromium import ColorScheme
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

PARTS = {"the parts": STYLE, "a form with errors": WITH_ERRORS, "a stale form": STALE}
PAGES = {**PARTS, "the lines": "/", "signing in": "/sign-in"}
ERRORS = (400, 401, 403, 404, 405, 413, 429, 500, 503)
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
SPECIALIST, PASSWORD = "astrid@skane.example", "blåbär-och-ärtor-på-ön"
LONG = "En text som inte får\nförsvinna."


@pytest.fixture(scope="module")
def parts(
    browser: Browser, root: Path, sqlite_template: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the application answers, with the page of all parts in it. Needless without a browser."""
    del browser
    file = tmp_path_factory.mktemp("parts") / "radrum.sqlite3"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_with(f"sqlite:///{file}", root))
    app.register_blueprint(style)
    with app.app_context():
        _make_account(policy)
        db.engine.dispose()
    with serving(app) as url:
        yield url


def _make_account(policy: Policy) -> None:
    new = NewAccount(SPECIALIST, OrganisationKey("skane"), frozenset({Role.SPECIALIST}), frozenset())
    accounts.add(db.session(), policy, new, datetime.now(UTC))
    made = accounts.find(db.session(), SPECIALIST)
    assert made is not None
    made.password, made.must_change_password = passwords.hashed(PASSWORD), False
    db.session.commit()


def opened(
    new_person: PersonMaker, parts: str, page: str, *, english: bool = False, color_scheme: ColorScheme = "light"
) -> Person:
    person = new_person(parts, color_scheme=color_scheme)
    if english:
        person.opens("/language/en")
    person.opens(PAGES[page])
    return person


@pytest.mark.parametrize("page", PARTS)
def test_in_swedish_there_are_no_barriers_in_any_look(new_person: PersonMaker, parts: str, page: str) -> None:
    person = opened(new_person, parts, page)

    assert person.page.locator("html").get_attribute("lang") == "sv"
    assert_sound(person.page, LOOKS)


@pytest.mark.parametrize("page", PARTS)
def test_in_english_there_are_none_either(new_person: PersonMaker, parts: str, page: str) -> None:
    person = opened(new_person, parts, page, english=True)

    assert person.page.locator("html").get_attribute("lang") == "en"
    assert_sound(person.page, SOME_LOOKS)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_error_has_a_page_of_its_own_that_says_what_to_do(
    new_person: PersonMaker, parts: str, language: str
) -> None:
    person = new_person(parts)
    person.expected = set(ERRORS)
    person.opens(f"/language/{language}")
    titles = set()

    for status in ERRORS:
        person.opens(f"{ERROR}{status}")
        assert_sound(person.page, SOME_LOOKS)
        assert small_targets(person.page) == []
        expect(person.page.locator("html")).to_have_attribute("lang", language)
        expect(person.page.locator("main").get_by_role("link")).to_have_count(1)
        titles.add(person.page.title())

    assert len(titles) == len(ERRORS)


@pytest.mark.parametrize("color_scheme", SCHEMES)
@pytest.mark.parametrize("page", ["the parts", "a form with errors"])
def test_every_control_has_an_edge_that_can_be_seen_and_is_high_enough_for_a_finger(
    new_person: PersonMaker, parts: str, page: str, color_scheme: ColorScheme
) -> None:
    person = opened(new_person, parts, page, color_scheme=color_scheme)

    assert faint_edges(person.page) == []
    assert small_targets(person.page) == []


def test_a_faint_edge_and_a_small_target_would_be_found(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")

    person.page.evaluate(
        "document.getElementById('name').style.cssText = 'border-color: #ccc; min-height: 0; height: 30px'"
    )

    assert [html for html, _ in faint_edges(person.page) if 'id="name"' in html]
    assert [html for html, _ in small_targets(person.page) if 'id="name"' in html]


def test_the_keyboard_passes_everything_in_the_order_of_the_page(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")

    walked = walk(person.page)

    assert walked.passed == walked.stations
    assert walked.unmarked == []


def test_at_four_times_the_size_everything_is_reached_and_seen(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")
    # 1280 by 1024 pixels at 400 per cent.
    person.page.set_viewport_size({"width": 320, "height": 256})

    walked = walk(person.page)

    assert walked.passed == walked.stations
    assert sideways(person.page) is None
    last = person.page.get_by_role("link", name="Till idag")
    last.focus()
    expect(last).to_be_in_viewport()


def test_a_failed_form_takes_the_focus_to_its_summary_and_from_there_to_the_field(
    new_person: PersonMaker, parts: str
) -> None:
    person = opened(new_person, parts, "the parts")
    person.tabs_to(person.page.get_by_label("Klockslag"))
    person.page.keyboard.type("kvart i två")

    person.presses_button("Spara")

    expect(person.page.get_by_role("alert").filter(has_text="saker behöver rättas")).to_be_focused()
    expect(person.page.get_by_label("Klockslag")).to_have_value("kvart i två")
    person.activates(person.page.get_by_role("link", name="Klockslag: Skriv timmar"))
    expect(person.page.get_by_label("Klockslag")).to_be_focused()


def test_the_link_to_a_group_leads_to_its_first_choice(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "a form with errors")

    person.activates(person.page.get_by_role("link", name="Tema:"))

    expect(person.page.get_by_role("radio", name="Kontroll")).to_be_focused()


def test_what_somebody_listens_to_names_the_field_its_hint_and_its_error(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "a form with errors")

    time = person.page.get_by_label("Klockslag")

    expect(time).to_have_accessible_name("Klockslag (frivilligt)")
    expect(time).to_have_accessible_description("Timmar och minuter. Skriv timmar och minuter så här: 14:05.")
    expect(person.page.get_by_role("group", name="Tema")).to_have_accessible_description(
        "Det som samtalet mest handlade om. Det här fältet är obligatoriskt."
    )


def test_on_a_narrow_screen_a_table_is_still_a_table_to_those_who_listen(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")
    person.page.set_viewport_size({"width": 320, "height": 900})

    table = person.page.get_by_role("table", name="Samtal per vecka och linje")

    expect(table.get_by_role("columnheader")).to_have_count(4)
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("rowheader", name="46")).to_be_visible()


def test_without_script_a_form_fails_in_the_same_words(browser: Browser, parts: str) -> None:
    context = browser.new_context(base_url=parts, java_script_enabled=False)
    page = context.new_page()
    page.goto(STYLE)

    page.get_by_label("Rubrik").fill("Ett samtal")
    page.get_by_role("button", name="Spara", exact=True).click()

    expect(page.get_by_role("heading", name="saker behöver rättas")).to_be_visible()
    expect(page.get_by_label("Rubrik")).to_have_value("Ett samtal")
    context.close()


def test_a_page_that_was_open_for_too_long_loses_no_word(new_person: PersonMaker, parts: str) -> None:
    person = new_person(parts)
    person.expected = {400}
    person.opens(TOO_LATE)
    person.page.get_by_label("Anteckning").fill(LONG)

    person.presses_button("Spara")

    expect(person.page.get_by_role("heading", name="Sidan var öppen för länge")).to_be_visible()
    expect(person.page.get_by_label("Din text")).to_have_value(LONG)
    assert_sound(person.page, SOME_LOOKS)
    person.presses_button("Skicka igen")
    expect(person.page.get_by_label("Din text")).to_have_value(LONG)


def test_whoever_was_signed_out_while_they_wrote_signs_in_beside_it_and_sends_it(
    new_person: PersonMaker, parts: str
) -> None:
    person = new_person(parts)
    # The last answer is words alone, and a browser asks for their picture.
    person.expected = {400, 404}
    signs_in(person.page, SPECIALIST)
    person.opens(FOR_STAFF)
    person.page.get_by_label("Anteckning").fill(LONG)
    person.page.context.clear_cookies()
    person.presses_button("Spara")
    beside = person.page.get_by_role("link", name="Logga in i ett nytt fönster")
    expect(beside).to_be_visible()
    assert_sound(person.page, SOME_LOOKS)

    with person.page.context.expect_page() as opening:
        person.activates(beside)
    signs_in(opening.value, SPECIALIST)
    # Its token was of the session before: it is refused once more, and then taken.
    person.presses_button("Skicka igen")
    expect(person.page.get_by_text("Du är inloggad, och inget av det är borta.")).to_be_visible()
    person.presses_button("Skicka igen")

    expect(person.page.locator("body")).to_have_text("En text som inte får försvinna.")


def signs_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def test_a_page_says_when_the_connection_is_gone_and_when_it_is_back(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")
    gone = person.page.get_by_text("Anslutningen är borta.")
    expect(gone).to_be_hidden()

    person.page.context.set_offline(True)

    expect(gone).to_be_visible()
    assert_sound(person.page, SOME_LOOKS)
    person.page.context.set_offline(False)
    expect(gone).to_be_hidden()


def test_the_language_is_switched_by_keyboard_and_stays(new_person: PersonMaker, parts: str) -> None:
    person = opened(new_person, parts, "the parts")

    person.activates(person.page.get_by_role("link", name="English"))

    expect(person.page.get_by_role("link", name="Svenska")).to_be_visible()
    expect(person.page.get_by_role("navigation", name="Pages", exact=True)).to_contain_text("Call-backs")
    person.opens("/")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("The lines")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_weighs_under_a_hundred_kilobytes(new_person: PersonMaker, parts: str, page: str) -> None:
    person = new_person(parts)
    asked: dict[str, Request] = {}
    person.page.on("requestfinished", lambda request: asked.update({request.url: request}))

    person.page.goto(PAGES[page], wait_until="networkidle")

    sizes = {url: request.sizes()["responseBodySize"] for url, request in asked.items()}
    assert len(sizes) >= 8
    assert sum(sizes.values()) < WHOLE_PAGE_BYTES, sizes
