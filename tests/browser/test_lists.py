"""Lists in a real browser, by keyboard alone: what is chosen, taken away, saved, and found again; and the way there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.storage.models import ConsultationTag
from tests.browser.audit import SOME_LOOKS, assert_sound, sideways
from tests.browser.desk import KOORD, Desk, Opener, desk_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from app.domain.policy import Policy

OPAQUE = re.compile(r"/records\?view=[A-Za-z0-9_-]+$")
KEYS = {"k": "Konsultationer", "u": "Uppföljningar", "m": "Samtal", "s": "Siffror"}


@pytest.fixture(scope="module")
def desk(browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    del browser
    with desk_running(root, tmp_path_factory.mktemp("desk"), policy) as desk:
        yield desk


def tagged(desk: Desk, theme: str) -> int:
    record = desk.new_record()
    with desk.database() as session:
        session.add(ConsultationTag(consultation_id=record, kind="theme", code=theme, position=1))
    return record


def test_a_choice_is_made_saved_found_again_and_taken_away(desk: Desk, at: Opener) -> None:
    wanted, other = tagged(desk, "FYS"), tagged(desk, "PSYK")
    person = at("/records")
    page = person.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chosen = page.get_by_role("table", name="Urvalet")

    person.activates(page.locator(".filter summary"))
    person.chooses(page.get_by_label("Tema"), "Fysiskt våld")
    person.presses_button("Visa")

    page.wait_for_url(OPAQUE)
    expect(chosen.locator(f'a[href="/records/{wanted}"]')).to_be_visible()
    expect(chosen.locator(f'a[href="/records/{other}"]')).to_have_count(0)
    assert_sound(page, SOME_LOOKS)

    person.activates(page.get_by_text("Spara urvalet"))
    person.tabs_to(page.get_by_label("Namn"))
    page.keyboard.type("Fysiskt våld")
    person.presses("Enter")
    expect(page.locator(".message.success")).to_contain_text("Sparat")
    person.opens("/records")
    person.activates(page.get_by_role("link", name="Fysiskt våld", exact=True))
    page.wait_for_url(OPAQUE)

    person.activates(page.get_by_role("button", name="Ta bort: Tema: Fysiskt våld"))

    page.wait_for_url(re.compile(r"/records$"))
    expect(page.locator(f'a[href="/records/{other}"]').first).to_be_visible()
    assert not [url for url in asked if "FYS" in url or "theme" in url]


@pytest.mark.parametrize("width", [320, 360, 1000, 1280])
def test_what_the_row_has_no_room_for_lies_under_more(at: Opener, width: int) -> None:
    person = at("/records")
    page = person.page
    page.set_viewport_size({"width": width, "height": 900})
    more = page.locator(".more")

    person.activates(more.locator("summary"))

    expect(more.get_by_role("link", name="Siffror")).to_be_visible()
    assert sideways(page) in (None, [], ())
    person.presses("Escape")
    expect(more.get_by_role("link", name="Siffror")).to_be_hidden()
    expect(more.locator("summary")).to_be_focused()
    person.presses("Enter")
    person.activates(more.get_by_role("link", name="Samtal"))
    page.wait_for_url("**/calls")
    assert page.locator(".top-row").bounding_box()["height"] < 150  # type: ignore[index] # it is there


def test_every_list_is_two_keys_away(at: Opener) -> None:
    person = at("/account")

    for key, name in KEYS.items():
        person.goes_by_key(key)
        expect(person.page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_coordinator_looks_at_cases_on_a_phone(at: Opener) -> None:
    person = at("/follow-ups", KOORD)

    expect(person.page.locator(".empty")).to_contain_text("Inget är lovat just nu")
    person.opens("/cases")

    expect(person.page.locator(".empty")).to_contain_text("Här finns inga ärenden")
    assert_sound(person.page, SOME_LOOKS)
