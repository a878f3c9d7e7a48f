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


@pytest.mark.parametrize("field", ["Tid", "Linje", "Dolt nummer"])
def test_while_a_call_is_under_way_what_it_began_with_cannot_be_changed(
    telephone: Telephone, policy: Policy, field: str
) -> None:
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")

    expect(telephone.caller.get_by_label(field, exact=True)).to_be_disabled()
    expect(telephone.caller).to_contain_text("Samtal pågår: linje, tid och nummer kan väljas när det är slut.")
    telephone.hangs_up()

    expect(telephone.caller.get_by_label(field, exact=True)).to_be_enabled()


def test_an_idea_that_cannot_be_tried_during_a_call_says_so_where_the_eye_is(
    telephone: Telephone, policy: Policy
) -> None:
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")

    telephone.person.presses_button("På engelska")

    notice = telephone.person.page.get_by_text("Samtal pågår, så tiden kan inte ställas om.")
    expect(notice).to_be_in_viewport()
    telephone.person.presses_button("Stäng")
    expect(notice).to_have_count(0)


def test_a_time_that_is_emptied_stays_empty_and_is_asked_for(telephone: Telephone, policy: Policy) -> None:
    telephone.sets(SKANE, an_open_day(policy))
    time = telephone.caller.get_by_label("Tid", exact=True)

    time.fill("")

    expect(telephone.caller).to_contain_text("Välj en tid.")
    expect(time).to_have_value("")


def test_words_that_are_skipped_are_over(telephone: Telephone, policy: Policy) -> None:
    telephone.dials(SKANE, a_saturday(policy))
    telephone.hears("Vi har stängt för helgen")

    telephone.person.presses_button("Hoppa över uppläsningen", within=telephone.heard)

    telephone.hears("Linjen lägger på")


def test_in_a_narrow_window_a_strip_leads_to_the_phone_that_rings_and_so_does_the_title(
    telephone: Telephone, policy: Policy
) -> None:
    page = telephone.person.page
    page.set_viewport_size({"width": 360, "height": 780})
    telephone.dials(SKANE, an_open_day(policy))
    telephone.hears("Välkommen")
    telephone.presses("1")
    alias = telephone.ringing_phone()

    assert page.title().startswith(f"Det ringer hos {alias}")
    strip = page.get_by_role("button", name=f"Det ringer hos {alias}")
    expect(strip).to_be_in_viewport()
    strip.press("Enter")

    answer = telephone.phone(alias).get_by_role("button", name="Svara", exact=True)
    expect(answer).to_be_focused()
    expect(answer).to_be_in_viewport()


def test_a_simulator_that_is_gone_leaves_nothing_to_press(telephone: Telephone) -> None:
    page = telephone.person.page
    page.route("**/practice/api/**", lambda route: route.abort("connectionrefused"))

    expect(page.get_by_text("Övningstelefonen svarar inte.")).to_be_in_viewport()
    expect(telephone.caller.get_by_role("button", name="Ring", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Sätt alla i samtal")).to_be_disabled()
    telephone.person.problems.clear()


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
