"""What holds for the practice page while a call goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.days import a_saturday, an_open_day
from tests.browser.journey import SKANE, STATES, states
from tests.browser.voice import spoken_words

if TYPE_CHECKING:
    from app.domain.policy import Policy
    from tests.browser.telephone import Telephone


def test_no_state_of_a_call_has_barriers_or_sticks_out_of_the_window(telephone: Telephone, policy: Policy) -> None:
    seen = []

    for state in states(telephone, policy):
        assert_sound(telephone.person.page, SOME_LOOKS)
        seen.append(state)

    assert tuple(seen) == STATES


def test_what_happens_meanwhile_leaves_the_focus_where_it_is(telephone: Telephone, policy: Policy) -> None:
    key = telephone.caller.get_by_role("button", name="5", exact=True)
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")
    telephone.person.tabs_to(key)

    telephone.presses("1")
    telephone.ringing_phone()

    expect(key).to_be_focused()


def test_a_button_that_goes_away_hands_the_focus_to_the_one_that_comes_instead(
    telephone: Telephone, policy: Policy
) -> None:
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")
    telephone.presses("1")
    phone = telephone.phone(telephone.ringing_phone())

    telephone.person.presses_button("Svara", within=phone)
    expect(phone.get_by_role("button", name="Tryck 1")).to_be_focused()
    telephone.presses("Enter")
    expect(phone.get_by_role("button", name="Lägg på")).to_be_focused()
    telephone.presses("Enter")

    expect(phone).to_contain_text("ledig")
    expect(phone).to_be_focused()


@pytest.mark.parametrize("field", ["Tid", "Linje"])
def test_digits_that_are_typed_into_a_field_are_no_keys_of_the_telephone(
    telephone: Telephone, policy: Policy, field: str
) -> None:
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")
    telephone.person.tabs_to(telephone.caller.get_by_label(field, exact=True))

    telephone.presses("2")
    telephone.person.tabs_to(telephone.caller.get_by_role("button", name="5", exact=True))
    telephone.presses("1")

    telephone.ringing_phone()
    expect(telephone.heard).not_to_contain_text("Kvinnofridslinjen")


def test_words_are_read_aloud_in_their_language_and_numbers_as_people_say_them(
    telephone: Telephone, policy: Policy
) -> None:
    telephone.dials(SKANE, a_saturday(policy))
    telephone.hears("Polisen når du på 114 14")

    spoken = spoken_words(telephone.person.page)

    assert {language for language, _ in spoken} == {"sv-SE"}
    assert any("Vi har stängt för helgen" in text for _, text in spoken)
    assert any("0 8, 405 50 0 5" in text for _, text in spoken)


def test_when_reading_aloud_is_switched_off_nothing_is_spoken(telephone: Telephone, policy: Policy) -> None:
    switch = telephone.heard.get_by_role("switch", name="Läs upp")
    telephone.person.tabs_to(switch)
    telephone.presses("Space")
    expect(switch).not_to_be_checked()

    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")

    assert spoken_words(telephone.person.page) == []
