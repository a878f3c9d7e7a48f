"""By keyboard: a consultation that no call opened, a training occasion, and a note on a gap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import CHEF, Desk, Opener, desk_running, opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person


@pytest.fixture(scope="module")
def desk(browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    del browser
    with desk_running(root, tmp_path_factory.mktemp("byhand"), policy) as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, new_person: PersonMaker) -> Opener:
    return opener(desk, new_person)


def opens_a_record(person: Person, *keys: str) -> int:
    person.goes_by_key("n")
    first = person.page.get_by_label("E-post")
    first.wait_for()
    person.tabs_to(first)
    person.presses(*keys)
    person.presses_button("Öppna konsultationen")
    person.page.wait_for_url(re.compile(r"/records/\d+$"))
    return int(person.page.url.rpartition("/")[2])


def test_a_record_of_an_e_mail_is_opened_from_today_and_filled_in_as_any_other(desk: Desk, at: Opener) -> None:
    person = at("/")

    record = opens_a_record(person, "Space")
    expect(person.page.get_by_role("complementary", name="Konsultationen")).to_contain_text("E-post")
    person.presses("v", "1", "a")
    person.page.keyboard.type("Övning: en påhittad fråga per e-post.")
    person.presses("Escape")
    expect(person.page.locator(".save-state")).to_contain_text("Sparat kl.")

    assert desk.stored(record) == {"service": ["SOC"], "note": "Övning: en påhittad fråga per e-post."}
    assert_sound(person.page, SOME_LOOKS)
    person.opens("/records")
    expect(person.page.get_by_role("link", name=f"Konsultation {record}").first).to_be_visible()


def test_a_record_that_was_opened_by_mistake_is_withdrawn(at: Opener) -> None:
    person = at("/records")

    record = opens_a_record(person, "ArrowRight")
    person.presses_button("Ta tillbaka konsultationen")

    person.waits_for("Konsultationen är tillbakatagen.")
    expect(person.page.get_by_role("link", name=f"Konsultation {record}")).to_have_count(0)


def test_a_training_occasion_is_noted_and_deleted(at: Opener) -> None:
    person = at("/training")

    person.activates(person.page.get_by_role("link", name="Anteckna ett tillfälle"))
    for label, key in (("Föreläsning", "Space"), ("Deltagare", "4"), ("Längd i timmar", "2"), ("Polis", "Space")):
        person.tabs_to(person.page.get_by_label(label, exact=True))
        person.presses(key)
    person.chooses(person.page.get_by_label("Plats"), "Malmö")
    person.presses_button("Spara")
    person.waits_for("1 utbildningstillfälle")
    assert_sound(person.page, SOME_LOOKS)
    person.activates(person.page.get_by_role("main").get_by_role("link", name=re.compile("^Ändra")))
    person.presses_button("Radera tillfället")

    person.waits_for("Tillfället är raderat.")


def test_a_note_shows_what_could_say_who_somebody_is_and_is_read_by_the_manager(at: Opener) -> None:
    person, manager = at("/observations/new"), at("/", CHEF)
    person.expected = {422}

    person.tabs_to(person.page.get_by_label("Brist på rutiner"))
    person.presses("Space")
    person.tabs_to(person.page.get_by_label("Anteckning", exact=True))
    person.page.keyboard.type("Övning: ring 070-174 06 40 om rutinen.")
    expect(person.page.locator("[data-found]")).to_contain_text("070-174 06 40")
    person.presses_button("Spara")
    person.waits_for("Kan det här avslöja vem någon är?")
    assert_sound(person.page, SOME_LOOKS)
    person.presses_button("Spara")
    person.waits_for("Anteckningen är sparad.")

    manager.opens("/observations")
    expect(manager.page.get_by_role("main")).to_contain_text("Övning: ring 070-174 06 40 om rutinen.")
    assert_sound(manager.page, SOME_LOOKS)
