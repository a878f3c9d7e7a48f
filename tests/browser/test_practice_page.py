"""What holds for the practice page while a call goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import assert_sound_everywhere
from tests.browser.days import an_open_day
from tests.browser.journey import STATES, states
from tests.browser.test_practice_calls import SKANE

if TYPE_CHECKING:
    from app.domain.policy import Policy
    from tests.browser.telephone import Telephone


def test_no_state_of_a_call_has_barriers_or_sticks_out_of_the_window(telephone: Telephone, policy: Policy) -> None:
    seen = []

    for state in states(telephone, policy):
        assert_sound_everywhere(telephone.person.page)
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

    expect(telephone.heard).not_to_contain_text("Den som ringer trycker")
