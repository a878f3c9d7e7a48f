"""Calls on the practice page, in a real browser, by somebody who has a keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.days import a_saturday, an_open_day
from tests.browser.journey import SKANE
from tests.browser.telephone import Telephone

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.deployments import Practice


@pytest.fixture
def open_day(policy: Policy) -> datetime:
    return an_open_day(policy)


@pytest.fixture
def saturday(policy: Policy) -> datetime:
    return a_saturday(policy)


def test_on_an_open_day_a_specialist_answers_and_the_record_says_so(telephone: Telephone, open_day: datetime) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears(f"Välkommen till {SKANE}")
    telephone.presses("1")
    alias = telephone.ringing_phone()

    telephone.answers(alias)
    telephone.hears(f"Samtalet är framkopplat till {alias}")
    telephone.hangs_up()

    expect(telephone.record).to_contain_text("besvarat")
    expect(telephone.record).to_contain_text(alias)
    expect(telephone.phone(alias)).to_contain_text("ledig")


def test_on_a_saturday_the_line_says_when_it_opens_and_where_to_turn(telephone: Telephone, saturday: datetime) -> None:
    telephone.dials(SKANE, saturday)

    telephone.hears("Vi har stängt för helgen. Vi öppnar igen")
    telephone.hears_out("Polisen når du på 114 14")
    telephone.hears("Linjen lägger på")
    expect(telephone.record).to_contain_text("stängt")
    expect(telephone.record).to_contain_text("helg")


def test_who_waits_while_all_are_in_calls_is_rung_through_to_the_first_who_is_free(
    telephone: Telephone, open_day: datetime
) -> None:
    telephone.sets(SKANE, open_day)
    telephone.everybody_busy()
    telephone.redials()
    telephone.hears("Välkommen")
    telephone.presses("1")
    telephone.hears("Alla rådgivare sitter i samtal")

    alias = telephone.talking_phone()
    telephone.frees(alias)
    assert telephone.ringing_phone() == alias
    # At once, and not when the words on hold are due again.
    expect(telephone.person.page.locator("[data-events]")).to_contain_text("Hämtas från kön: någon är ledig")
    telephone.answers(alias)

    telephone.hears("Samtalet är framkopplat")
    telephone.hangs_up()
    expect(telephone.record).to_contain_text("besvarat")


def test_when_nobody_takes_the_call_it_is_written_down_to_be_rung_back(
    telephone: Telephone, open_day: datetime
) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")
    telephone.presses("1")
    telephone.declines_until("Vill du att vi ringer upp dig?")

    telephone.presses("1")
    telephone.hears("Numret är")
    telephone.presses("1")

    telephone.hears_out("En rådgivare ringer upp dig")
    telephone.hears("Linjen lägger på")
    expect(telephone.record).to_contain_text("ska ringas upp")


def test_who_is_tired_of_waiting_asks_to_be_rung_back(telephone: Telephone, open_day: datetime) -> None:
    telephone.sets(SKANE, open_day)
    telephone.everybody_busy()
    telephone.redials()
    telephone.hears("Välkommen")
    telephone.presses("1")
    telephone.hears("Alla rådgivare sitter i samtal")

    telephone.presses("1")
    telephone.hears("Numret är")
    telephone.presses("1")

    telephone.hears_out("En rådgivare ringer upp dig")
    telephone.hears("Linjen lägger på")
    expect(telephone.record).to_contain_text("ska ringas upp")


def test_when_a_lines_own_staff_decline_another_line_answers_and_the_record_is_theirs(
    telephone: Telephone, open_day: datetime
) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")
    expect(telephone.record).to_contain_text("Malmö stad")
    telephone.presses("1")
    for _ in range(3):
        telephone.declines(telephone.ringing_phone())

    alias = telephone.ringing_phone()
    telephone.answers(alias)

    expect(telephone.record).to_contain_text(f"{alias}: tog samtalet")
    expect(telephone.record).not_to_contain_text("Malmö stad")


def test_who_is_exposed_is_told_where_to_turn_and_nobody_is_rung(telephone: Telephone, open_day: datetime) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")

    telephone.presses("2")

    telephone.hears_out("Kvinnofridslinjen svarar dygnet runt")
    telephone.hears("Linjen lägger på")
    expect(telephone.record).to_contain_text("hänvisat")
    expect(telephone.heard).not_to_contain_text("Det ringer hos")


def test_one_plays_the_caller_and_another_the_specialist(
    telephone: Telephone, new_person: PersonMaker, practice: Practice, open_day: datetime
) -> None:
    colleague = Telephone(new_person(practice.simulator_url))
    colleague.opens()
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")
    telephone.presses("1")

    alias = colleague.ringing_phone()
    colleague.answers(alias)

    telephone.hears(f"Samtalet är framkopplat till {alias}")
    colleague.frees(alias)
    telephone.hears("Samtalet är avslutat")
    expect(telephone.record).to_contain_text("besvarat")
    expect(colleague.record).to_contain_text("besvarat")


def test_who_presses_nine_is_spoken_to_in_english(telephone: Telephone, open_day: datetime) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")

    telephone.presses("9")

    expect(telephone.heard.locator("[lang^=en]").first).to_contain_text(
        "Press 1 if you are calling as part of your work"
    )
    telephone.presses("1")
    telephone.answers(telephone.ringing_phone())
    telephone.hears("Samtalet är framkopplat")


def test_what_happens_in_the_call_lights_up_on_the_way_through_it(telephone: Telephone, open_day: datetime) -> None:
    telephone.dials(SKANE, open_day)
    telephone.hears("Välkommen")
    telephone.presses("1")
    telephone.ringing_phone()

    expect(telephone.way.locator(".passed").first).to_be_visible()
    expect(telephone.way.locator(".here").first).to_be_visible()
    expect(telephone.way.get_by_role("list", name="Vägen hittills, steg för steg")).to_contain_text("Ring jouren")
