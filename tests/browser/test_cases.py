"""Cases in a real browser, by keyboard alone: opened while one talks, read out, joined, handed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.cases import Reference, reference_of
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.services.case import cases
from app.storage.models import Absence, Case, Consultation
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.chromium import PATIENCE
from tests.browser.desk import ASTRID, BEATE, CHEF, KOORD, Desk, Opener, desk_running, opener, signs_in
from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker

USUAL = ["v", "1", "p", "m", "Enter", "k", "1", "t", "1", "h", "1"]
PRESS_SWEDISH = """() => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {key: 'ä', bubbles: true, cancelable: true}))"""
"""A key that the browser's driver doesn't know."""
WORDS = "Övning: alla är lugna just nu."


@pytest.fixture(scope="module")
def desk(browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    del browser
    with desk_running(root, tmp_path_factory.mktemp("desk"), policy) as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, new_person: PersonMaker) -> Opener:
    return opener(desk, new_person)


def case_of(desk: Desk, record: int) -> Case | None:
    with desk.database() as session:
        key = session.get_one(Consultation, record).case_id
        found = session.get_one(Case, key) if key else None
        if found:
            session.expunge(found)
        return found


def new_case(desk: Desk, who: str = ASTRID) -> Case:
    record = desk.new_record(who)
    lines = frozenset({LineKey("skane")})
    actor = Actor(
        AccountId("x"), StaffId(desk.staff[who]), OrganisationKey("skane"), lines, frozenset({Role.SPECIALIST})
    )
    with desk.database() as session:
        cases.open_case(session, actor, record, datetime.now(UTC))
    made = case_of(desk, record)
    assert made is not None
    return made


def test_a_call_is_tagged_into_a_new_case_whose_reference_stands_there_to_be_read(desk: Desk, at: Opener) -> None:
    record = desk.new_record(is_live=True)
    person = at(f"/records/{record}")
    panel = person.page.locator("[data-case]")

    person.presses(*USUAL, "a")
    person.page.keyboard.type("Övning: skrivs medan ärendet öppnas.")
    person.presses("Escape")
    person.page.evaluate(PRESS_SWEDISH)
    person.presses("Enter")

    expect(panel.locator(".reference")).to_be_focused()
    made = case_of(desk, record)
    assert made is not None
    expect(panel.locator(".reference")).to_have_text(str(Reference(made.reference)))
    expect(panel).to_contain_text("Läs upp den för den som ringer")
    expect(person.page.locator(".save-state")).to_contain_text("Sparat")
    assert desk.stored(record)["note"] == "Övning: skrivs medan ärendet öppnas."
    assert desk.stored(record)["theme"] == ["KONTROLL"]
    assert person.page.url.endswith(f"/records/{record}")
    assert_sound(person.page, SOME_LOOKS)
    desk.end_calls()


def test_a_wrong_digit_is_said_while_it_is_typed_and_the_right_reference_leads_to_the_last_talk(
    desk: Desk, at: Opener
) -> None:
    case, record = new_case(desk, BEATE), desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {422}
    field, error = person.page.locator("#reference"), person.page.locator("#reference-error")
    digits = case.reference
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)

    person.presses("y", "Tab")
    person.page.keyboard.type(wrong)
    expect(error).to_contain_text("Någon siffra är fel")
    expect(field).to_have_attribute("aria-invalid", "true")
    person.presses("Backspace")
    expect(error).to_be_hidden()
    nobodys = next(str(one) for six in range(100_000, 100_010) if (one := reference_of(six)).digits != digits)
    person.presses("Control+a")
    person.page.keyboard.type(nobodys)
    person.presses("Enter")
    expect(error).to_contain_text("Inget av era ärenden har den referensen.")
    expect(field).to_be_focused()
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Control+a")
    person.page.keyboard.type(str(Reference(digits)))
    person.presses("Enter")

    panel = person.page.locator("[data-case]")
    expect(panel.locator(".reference")).to_have_text(str(Reference(digits)))
    expect(panel).to_contain_text("Beate")
    expect(panel.locator(".case-last li")).to_have_count(1)
    # Whoever opens the record later sees it above the questions.
    person.opens(f"/records/{record}")
    expect(person.page.locator("main > [data-case] .case-last li")).to_have_count(1)
    assert_sound(person.page, SOME_LOOKS)
    person.activates(panel.locator("summary"))
    person.presses_button("Ta ut den")
    expect(field).to_be_visible()
    assert case_of(desk, record) is None


def test_whoever_is_signed_out_loses_no_word_and_opens_the_case_after_signing_in(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.expected = {400, 401}
    person.page.context.clear_cookies()

    person.presses("y", "Enter")
    expect(person.page.locator("[data-failed]")).to_contain_text("du är utloggad")
    signs_in(desk, person)
    person.presses("Enter")

    expect(person.page.locator("[data-case] .reference")).to_be_visible()
    assert case_of(desk, record) is not None


def test_without_a_script_typed_words_are_saved_along(desk: Desk, browser: Browser) -> None:
    case, record = new_case(desk, BEATE), desk.new_record()
    context = browser.new_context(base_url=desk.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    person = Person(page)
    signs_in(desk, person)
    person.opens(f"/records/{record}")

    page.locator("#note").focus()
    page.keyboard.type("Övning: utan skript.")
    page.locator("#reference").focus()
    page.keyboard.type(str(Reference(case.reference)))
    page.keyboard.press("Enter")

    expect(page.locator(".reference")).to_have_text(str(Reference(case.reference)))
    assert desk.stored(record)["note"] == "Övning: utan skript."
    assert "closed" not in desk.stored(record)
    context.close()


def test_all_cases_of_an_absent_colleague_are_handed_over(desk: Desk, at: Opener) -> None:
    made = [new_case(desk, BEATE) for _ in range(3)]
    now = datetime.now(UTC)
    with desk.database() as session:
        begins, ends = now - timedelta(hours=1), now + timedelta(days=8)
        session.add(Absence(staff_id=desk.staff[BEATE], begins=begins, ends=ends, made_at=now))
        open_ones = session.scalars(select(Case.id).where(Case.staff_id == desk.staff[BEATE], Case.ended_at.is_(None)))
        theirs = set(open_ones)
    assert theirs >= {one.id for one in made}
    person = at("/hand-over", KOORD)
    expect(person.page.locator(".holders li", has_text="Beate")).to_contain_text("Borta till")

    person.activates(person.page.get_by_role("link", name="Beate"))
    person.presses_button("Markera alla")
    expect(person.page.locator("[name=case]:checked")).to_have_count(len(theirs))
    person.chooses(person.page.get_by_label("Till vem"), "Astrid")
    person.chooses(person.page.get_by_label("Varför"), "Sjukdom")
    person.tabs_to(person.page.get_by_label("Vad den som tar över behöver veta"))
    person.page.keyboard.type(WORDS)
    assert_sound(person.page, SOME_LOOKS)
    person.presses_button("Lämna över de markerade")

    person.waits_for("är överlämnade till Astrid")
    with desk.database() as session:
        assert {session.get_one(Case, key).staff_id for key in theirs} == {desk.staff[ASTRID]}
    astrid = at("/")
    handed = [astrid.page.locator(f"#handed-{key}") for key in theirs]
    for one in handed:
        expect(one).to_contain_text("Nytt för dig")
        expect(one).to_contain_text(WORDS)
    assert_sound(astrid.page, SOME_LOOKS)
    astrid.activates(astrid.page.get_by_role("link", name=f"Ärende {Reference(made[0].reference)}"))
    expect(astrid.page.locator(".message.handed")).to_contain_text(WORDS)


@pytest.mark.parametrize("who", [ASTRID, CHEF, KOORD])
def test_the_page_of_a_case_is_sound_for_everybody(desk: Desk, at: Opener, who: str) -> None:
    case = new_case(desk, BEATE)

    person = at(f"/cases/{case.reference}", who)

    expect(person.page.get_by_role("heading", level=1)).to_have_text(f"Ärende {Reference(case.reference)}")
    assert_sound(person.page, SOME_LOOKS)
    person.page.context.add_cookies([{"name": "radrum_language", "value": "en", "url": desk.url}])
    person.opens(f"/cases/{case.reference}")
    assert_sound(person.page, SOME_LOOKS)
