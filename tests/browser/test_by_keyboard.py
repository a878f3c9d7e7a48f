"""From the first day to a complete record, by keyboard alone, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from app.storage.models import Account, Consultation, Staff
from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.days import open_days
from tests.browser.newcomer import hired
from tests.browser.phones import Phones

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice

MOST_KEYS = 14
USUAL = ["v", "1", "p", "m", "Enter", "k", "1", "t", "1", "3", "h", "1", "3", "m"]
"""Social services in Malmö, a case, two themes, two pieces of advice, complete."""


def test_the_first_day_and_the_day_without_the_phone(new_person: PersonMaker, practice: Practice) -> None:
    newcomer = hired(practice.where, new_person(practice.service_url), "ny@skane.example")
    page = newcomer.person.page
    heading = page.get_by_role("heading", level=1)

    newcomer.signs_in()
    expect(heading).to_have_text("Byt lösenord")
    assert_sound(page, SOME_LOOKS)
    newcomer.replaces_the_password()
    newcomer.sets_up_codes()
    expect(page.get_by_text("Från och med nu efterfrågas en kod när du loggar in.")).to_be_visible()

    codes = newcomer.takes_recovery_codes()
    assert len(set(codes)) == len(codes) == 8
    assert_sound(page, SOME_LOOKS)
    newcomer.follows("Jag har skrivit upp dem")
    expect(heading).to_have_text("Konto")
    newcomer.person.opens("/account/recovery-codes")
    assert not [code for code in codes if code in page.content()]
    newcomer.signs_out()

    newcomer.signs_in()
    expect(heading).to_have_text("Ange koden")
    assert_sound(page, SOME_LOOKS)
    newcomer.gives_code("000000")
    newcomer.is_refused("Koden är fel, för gammal eller redan använd.")
    assert_sound(page, SOME_LOOKS)
    newcomer.gives_recovery_code(codes[0])
    expect(heading).to_have_text("Idag")
    newcomer.signs_out()

    newcomer.signs_in()
    newcomer.gives_recovery_code(codes[0])
    newcomer.is_refused("Det är ingen av dina reservkoder, eller så är den redan använd.")
    assert_sound(page, SOME_LOOKS)


def test_a_call_is_taken_and_its_record_is_complete_after_fourteen_keys(
    new_person: PersonMaker, practice: Practice, policy: Policy
) -> None:
    phones = Phones(practice)
    at, alias = without_account(practice, phones, policy)
    newcomer = hired(practice.where, new_person(practice.service_url), "jour@skane.example", alias)
    page = newcomer.person.page
    newcomer.signs_in()
    newcomer.replaces_the_password()
    newcomer.sets_up_codes()
    newcomer.signs_out()

    newcomer.signs_in()
    newcomer.gives_code(newcomer.code())
    with page.expect_navigation():
        newcomer.follows("Konsultationer")
    with page.expect_response("**/records/mine*"):
        pass

    sid = phones.call(at, alias)
    page.wait_for_url(re.compile(r"/records/\d+$"))
    newcomer.person.presses(*USUAL)

    expect(page.locator("[data-complete]")).to_have_text("Klar")
    assert len(USUAL) <= MOST_KEYS
    phones.hang_up(sid)
    with practice.database() as session:
        record = session.get_one(Consultation, int(page.url.rpartition("/")[2]))
        assert record.closed_at is not None
        assert record.staff_id == session.scalar(select(Staff.id).where(Staff.alias == alias))


def test_whoever_rings_with_the_reference_that_was_read_out_reaches_the_same_specialist(
    new_person: PersonMaker, practice: Practice, policy: Policy
) -> None:
    phones = Phones(practice)
    at, alias = without_account(practice, phones, policy, later_in_turn=True)
    newcomer = hired(practice.where, new_person(practice.service_url), "igen@skane.example", alias)
    page, panel = newcomer.person.page, newcomer.person.page.locator("[data-case]")
    newcomer.signs_in()
    newcomer.replaces_the_password()
    newcomer.sets_up_codes()
    with page.expect_navigation():
        newcomer.follows("Konsultationer")
    with page.expect_response("**/records/mine*"):
        pass
    sid = phones.call(at, alias)
    page.wait_for_url(re.compile(r"/records/\d+$"))
    first = page.url
    newcomer.person.presses(*USUAL, "y", "Enter")
    read_out = panel.locator(".reference").inner_text()
    # A page with something unsaved asks before it is left.
    expect(page.locator("[data-complete]")).to_have_text("Klar")
    phones.hang_up(sid)
    with page.expect_navigation():
        newcomer.follows("Konsultationer")
    with page.expect_response("**/records/mine*"):
        pass

    reached = phones.call_again(at + timedelta(hours=1), read_out.replace(" ", ""))

    assert reached == alias
    page.wait_for_url(re.compile(r"/records/\d+$"))
    assert page.url != first
    expect(panel.locator(".reference")).to_have_text(read_out)
    expect(panel.locator(".case-last li")).to_have_count(1)


def without_account(
    practice: Practice, phones: Phones, policy: Policy, *, later_in_turn: bool = False
) -> tuple[datetime, str]:
    """An open day, and who of Skåne is rung then and has no account yet; ``later_in_turn``: isn't rung first."""
    with practice.database() as session:
        mine = select(Staff.alias).outerjoin(Account, Account.staff_id == Staff.id)
        without = set(session.scalars(mine.where(Staff.organisation == "skane", Account.id.is_(None))))
    rung = ((at, alias) for at in open_days(policy) for alias in phones.on_duty(at)[1 if later_in_turn else 0 :])
    return next((at, alias) for at, alias in rung if alias in without)
