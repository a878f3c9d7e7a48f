"""A record is handed out by keyboard: choices, a look at the result, and out. Each page is sound in every look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from app.domain.permissions import Role
from tests.browser.audit import assert_sound
from tests.browser.every_role import come_in

if TYPE_CHECKING:
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice


def test_a_record_is_handed_out_by_keyboard(practice: Practice, new_person: PersonMaker) -> None:
    person = new_person(practice.service_url)
    page = person.page
    come_in(practice, page.context, Role.SPECIALIST)
    person.opens("/records")
    page.goto(page.locator("main table a").last.get_attribute("href") or "")
    person.activates(page.get_by_role("link", name="Lämna ut konsultationen"))
    theme = page.get_by_role("row", name="Tema")
    said = theme.get_by_role("cell").first.inner_text()

    page.get_by_label("Maskerat enligt").fill("OSL 26:1")
    person.presses_button("Granska resultatet")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Innan du lämnar ut")
    expect(page.get_by_role("row", name="Tema")).to_contain_text("Maskerat")
    assert said not in page.content()
    assert_sound(page)
    person.presses_button("Ändra")
    person.tabs_to(theme.get_by_role("checkbox"))
    person.presses("Space")
    person.presses_button("Granska resultatet")
    expect(page.get_by_role("row", name="Tema")).to_contain_text(said)
    person.presses_button("Lämna ut, för utskrift")

    expect(page.get_by_role("row", name="Tema")).to_contain_text(said)
    expect(page.get_by_role("row", name="Plats")).to_contain_text("Maskerat")
    assert_sound(page)
