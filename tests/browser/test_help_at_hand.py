"""Numbers, guidance and keys in a real browser, by keyboard alone: beside an open record, and on pages of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import BEATE, KOORD, Desk, Opener, desk_running, signs_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from app.domain.policy import Policy
    from tests.browser.conftest import PersonMaker
    from tests.browser.person import Person

NOTE = "Vi pratar än om"
MALMO, LUND = "070-174 06 40", "070-174 06 41"


@pytest.fixture(scope="module")
def desk(browser: Browser, root: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    del browser
    with desk_running(root, tmp_path_factory.mktemp("desk"), policy) as desk:
        desk.fill_in("1280", MALMO)
        yield desk


def panel(person: Person) -> Locator:
    return person.page.locator("[data-aside]")


def test_the_records_municipality_is_one_key_away_and_the_note_stays_as_it_was(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.presses("p", "m", "Enter", "a")
    person.page.keyboard.type(NOTE)
    person.presses("Escape")

    person.presses("j")
    expect(panel(person).locator("[data-found-office]")).to_contain_text(MALMO)
    expect(panel(person).get_by_role("heading", name="Nummer", exact=True)).to_be_focused()
    person.presses("Escape")

    expect(panel(person)).to_be_hidden()
    assert person.page.evaluate("document.activeElement.matches('[data-note]')")
    person.presses("a")
    person.page.keyboard.type(" lite till")
    expect(person.page.locator("#note")).to_have_value(f"{NOTE} lite till")
    expect(person.page.locator(".save-state")).to_have_attribute("data-state", "saved")
    assert desk.stored(record) == {"place": "1280", "note": f"{NOTE} lite till"}
    assert not [url for url in asked if "1280" in url]


def test_numbers_are_read_while_one_writes(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")

    person.presses("j")
    expect(panel(person)).to_contain_text("Kvinnofridslinjen")
    person.presses("a")
    person.page.keyboard.type("j w ? .t")

    expect(panel(person)).to_be_visible()
    expect(person.page.locator("#note")).to_have_value("j w ? .t")
    expect(person.page.locator("dialog[open]")).to_have_count(0)


def test_another_municipality_is_found_by_its_letters_and_an_empty_one_says_what_to_do(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    person.presses("j")
    field = panel(person).get_by_role("combobox", name="Kommun")

    person.tabs_to(field)
    person.page.keyboard.type("hassl")
    expect(panel(person).get_by_role("option").first).to_contain_text("Hässleholm")
    person.presses("Enter")

    found = panel(person).locator("[data-found-office]")
    expect(found).to_contain_text("Hässleholm")
    expect(found).to_contain_text("Ingen har fyllt i något nummer")
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Escape")
    expect(panel(person)).to_be_hidden()


def test_escape_closes_the_suggestions_first_and_then_the_panel(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    person.presses("j")
    person.tabs_to(panel(person).get_by_role("combobox", name="Kommun"))
    person.page.keyboard.type("mal")
    expect(panel(person).get_by_role("listbox")).to_be_visible()

    person.presses("Escape")
    expect(panel(person)).to_be_visible()
    expect(panel(person).get_by_role("listbox")).to_be_hidden()
    person.presses("Escape")

    expect(panel(person)).to_be_hidden()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guidance_is_one_key_away(desk: Desk, at: Opener, language: str) -> None:
    person = at(f"/language/{language}?back=/records/{desk.new_record()}")

    person.presses("w")

    head = panel(person).locator("[data-part=danger] h3")
    expect(head).to_be_focused()
    expect(head).to_be_in_viewport()
    assert_sound(person.page, SOME_LOOKS)


def test_the_buttons_do_the_same_and_get_the_focus_back(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    button = person.page.get_by_role("button", name="Vid fara")

    person.activates(button)
    expect(panel(person).locator("[data-part=danger] h3")).to_be_focused()
    person.presses("Escape")

    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_panel_that_cannot_be_fetched_says_so_and_comes_at_the_next_try(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    person.page.route("**/referrals/panel", lambda route: route.abort())

    person.presses("j")
    expect(panel(person)).to_contain_text("går inte att hämta")
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Escape")
    person.page.unroute("**/referrals/panel")
    person.presses("j")

    expect(panel(person)).to_contain_text("Kvinnofridslinjen")
    person.problems.clear()


def test_on_a_low_and_narrow_window_the_form_is_still_reached(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    person.page.set_viewport_size({"width": 320, "height": 256})

    person.presses("j")
    expect(panel(person)).to_contain_text("Kvinnofridslinjen")
    person.presses("a")

    expect(person.page.locator("#note")).to_be_focused()
    expect(person.page.locator("#note")).to_be_in_viewport()


def test_without_script_the_buttons_lead_to_the_pages_and_the_list_has_a_form(
    browser: Browser, desk: Desk, new_person: PersonMaker
) -> None:
    record, person = desk.new_record(), new_person(desk.url)
    signs_in(desk, person)
    context = browser.new_context(
        base_url=desk.url, java_script_enabled=False, storage_state=person.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"/records/{record}")

    with context.expect_page() as opening:
        page.get_by_role("link", name="Nummer").click()
    listed = opening.value
    listed.get_by_label("Kommun", exact=True).select_option("Malmö")
    listed.get_by_role("button", name="Visa").click()

    expect(listed.locator("[data-found-office]")).to_contain_text(MALMO)
    context.close()


# --- pages of their own ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/referrals?municipality=1280",
        "/referrals?undo=bris",
        "/referrals/danger",
        "/referrals/new",
        "/referrals/polisen/edit",
        "/referrals/municipalities",
        "/referrals/municipalities/1280",
        "/account",
    ],
)
def test_the_pages_have_no_barriers_and_fit(desk: Desk, at: Opener, path: str, language: str) -> None:
    desk.retire("bris")
    person = at(f"/language/{language}?back={path.replace('?', '%3F')}", KOORD)

    assert_sound(person.page, SOME_LOOKS)


def test_a_coordinator_changes_a_service_by_keyboard_and_meets_what_a_colleague_wrote(at: Opener) -> None:
    one, other = at("/referrals/skane/edit", KOORD), at("/referrals/skane/edit", KOORD)
    other.expected = {409, 422}
    for person, note in ((one, "Från den ena."), (other, "Från den andra.")):
        person.tabs_to(person.page.get_by_label("Anteckning"))
        person.presses("Control+a")
        person.page.keyboard.type(note)

    one.presses_button("Spara")
    expect(one.page.get_by_role("status").first).to_contain_text("Sparat")
    other.presses_button("Spara")
    expect(other.page.get_by_role("alert")).to_contain_text("Från den ena.")
    assert_sound(other.page, SOME_LOOKS)
    expect(other.page.get_by_label("Anteckning")).to_have_value("Från den andra.")
    other.presses_button("Spara")

    expect(other.page.locator("#skane")).to_contain_text("Från den andra.")


def test_a_file_with_mistakes_says_them_where_the_focus_is(at: Opener, tmp_path: Path) -> None:
    person = at("/referrals/municipalities", KOORD)
    person.expected = {422}
    file = tmp_path / "kommuner.csv"
    file.write_text(
        "kod;kommun;nummer;tider;dagnummer;anteckning;kontrollerad;version\n9999;X;;;;;;\n", encoding="utf-8"
    )
    person.page.get_by_label("Ifylld fil").set_input_files(file)

    person.presses_button("Läs in filen")

    expect(person.page.get_by_role("alert")).to_be_focused()
    expect(person.page.get_by_role("alert")).to_contain_text("Rad 2, kod")
    assert_sound(person.page, SOME_LOOKS)


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/records", "/referrals", "/account"])
def test_the_sheet_of_keys_opens_on_every_page_and_gives_the_focus_back(at: Opener, path: str) -> None:
    person = at(path)
    button = person.page.get_by_role("contentinfo").get_by_role("button", name="Tangenter")

    person.activates(button)
    sheet = person.page.locator("dialog[open]")
    expect(sheet).to_contain_text("Hänvisningar")
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Escape")

    expect(button).to_be_focused()
    person.presses("?")
    expect(sheet).to_be_visible()


def test_the_full_stop_and_a_letter_lead_to_another_page(at: Opener) -> None:
    person = at("/")

    person.goes_by_key("h")
    person.page.wait_for_url("**/referrals")
    person.goes_by_key("k")

    person.page.wait_for_url("**/records")


def test_a_letter_after_the_full_stop_means_nothing_else(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")

    person.presses_led("v")

    current = "document.activeElement.name"
    assert person.page.evaluate(current) is None
    person.presses("v")
    assert person.page.evaluate(current) == "service"


def test_keys_that_are_turned_off_stay_off_on_every_page_until_they_are_turned_on(desk: Desk, at: Opener) -> None:
    person = at("/", BEATE)
    person.presses("?")
    switch = person.page.locator("[data-keys-on]")
    person.tabs_to(switch)
    with person.page.expect_response("**/account/keys"):
        person.presses("Space")
    person.presses("Escape")

    record = desk.new_record()
    person.opens(f"/records/{record}")
    person.presses("?", "j", ".", "h", "v", "1")
    expect(person.page.locator("dialog[open]")).to_have_count(0)
    expect(panel(person)).to_be_hidden()
    assert person.focused() != "input service"
    assert desk.stored(record) == {}
    person.presses_button("Tangenter")
    person.tabs_to(switch)
    with person.page.expect_response("**/account/keys"):
        person.presses("Space")
    person.presses("Escape", "j")

    expect(panel(person)).to_be_visible()
    kept = "[localStorage.length, sessionStorage.length]"
    assert person.page.evaluate(kept) == [0, 0]
