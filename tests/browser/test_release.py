"""A record is handed out by keyboard: choices, a look at the result, and out. Each page is sound in every look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.permissions import Role
from app.storage.models import Consultation, ConsultationTag
from tests.browser.audit import assert_sound
from tests.browser.every_role import come_in

if TYPE_CHECKING:
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice


def about_violence(practice: Practice) -> int:
    """A complete record with a theme: of the newest not all have one, and which those are hangs on the tests before."""
    theme = select(ConsultationTag.consultation_id).where(
        ConsultationTag.kind == "theme", ConsultationTag.code == "FYS"
    )
    ours = select(Consultation.id).where(Consultation.organisation == "skane", Consultation.closed_at.is_not(None))
    with practice.database() as session:
        return session.scalars(ours.where(Consultation.id.in_(theme)).order_by(Consultation.id)).first() or 0


def test_a_record_is_handed_out_by_keyboard(practice: Practice, new_person: PersonMaker) -> None:
    person = new_person(practice.service_url)
    page = person.page
    come_in(practice, page.context, Role.SPECIALIST)
    person.opens(f"/records/{about_violence(practice)}")
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
