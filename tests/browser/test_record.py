"""The record in a real browser, by keyboard alone: filled in while somebody talks, saved as it goes, never lost."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.audit import SOME_LOOKS, assert_sound
from tests.browser.desk import BEATE, CHEF, Desk, Opener
from tests.browser.open_record import SAVED, USUAL, state_of, writes

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

WORDS = ["kontroll", "hot", "skola", "resa", "oro", "syskon", "råd", "möte", "åter", "ärende"]
ROUNDS = 20
_NOTE_WHAT_IS_SAID = """() => {
    const state = document.querySelector('.save-state');
    window.saidToBeSaved = '';
    new MutationObserver(() => {
        if (state.dataset.state === 'saved') window.saidToBeSaved = document.querySelector('#note').value;
    }).observe(state, {attributes: true, childList: true, subtree: true, characterData: true});
}"""
NUMBER = "19121212-1212"


def test_a_usual_record_takes_fourteen_keys(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")

    person.presses(*USUAL)

    expect(person.page.locator("[data-complete]")).to_have_text("Klar")
    assert len(USUAL) <= 14
    assert desk.stored(record) == {
        "service": ["SOC"],
        "place": "1280",
        "type": ["ARENDE"],
        "theme": ["KONTROLL", "FYS"],
        "advice": ["ORO", "RISKBED"],
        "closed": True,
    }


def test_keys_that_are_typed_into_the_note_are_its_words(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")

    writes(person, "vpkth1? m")
    state_of(person, SAVED)

    assert desk.stored(record) == {"note": "vpkth1? m"}
    expect(person.page.locator("dialog[open]")).to_have_count(0)


def test_what_does_not_apply_is_not_asked_and_comes_back_as_it_was(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    exposed = person.page.locator("#exposed")

    expect(exposed).to_be_hidden()
    person.presses("k", "1", "u", "2", "k", "4")
    expect(exposed).to_be_hidden()
    person.presses("k", "1")
    expect(exposed).to_have_value("2")
    state_of(person, SAVED)
    expect(person.page.locator(".save-state")).to_have_attribute("data-state", "saved")

    assert desk.stored(record) == {"type": ["ARENDE"], "exposed": 2}


def test_the_help_sheet_opens_and_closes_by_a_key(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")

    person.presses("?")
    sheet = person.page.locator("dialog[open]")
    expect(sheet).to_contain_text("Markera som klar")
    assert_sound(person.page, SOME_LOOKS)
    person.presses("Escape")

    expect(sheet).to_have_count(0)


def test_a_personal_number_keeps_the_note_from_being_saved_and_nothing_else(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")

    person.presses("a")
    # All at once: where the keys stop for a moment within the number, what stands there is saved.
    person.page.keyboard.insert_text(f"Ring 070-174 06 40 om {NUMBER}")
    state_of(person, "Anteckningen är inte sparad")
    expect(person.page.locator("#note")).to_have_attribute("aria-invalid", "true")
    with person.page.expect_response("**/save"):
        person.presses("Escape", "v", "1")
    expect(person.page.locator("#note-found")).to_contain_text(NUMBER)
    expect(person.page.locator("#note-found")).to_contain_text("Telefonnummer")
    expect(person.page.locator("[data-marks] mark")).to_have_count(2)

    assert desk.stored(record) == {"service": ["SOC"]}
    assert_sound(person.page, SOME_LOOKS)

    person.presses("a", *["Backspace"] * len(NUMBER))
    state_of(person, SAVED)
    expect(person.page.locator("#note")).not_to_have_attribute("aria-invalid", re.compile(""))
    assert desk.stored(record)["note"] == "Ring 070-174 06 40 om"


def test_a_record_is_complete_only_when_its_note_is_saved(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    writes(person, f"om {NUMBER}")
    state_of(person, "Anteckningen är inte sparad")

    with person.page.expect_response("**/save"):
        person.presses("Escape", *USUAL)

    expect(person.page.locator("#note")).to_be_focused()
    expect(person.page.locator("[data-complete]")).to_have_text("Att göra klar")
    assert "closed" not in desk.stored(record)
    person.presses(*["Backspace"] * len(NUMBER), "Escape", "m")
    expect(person.page.locator("[data-complete]")).to_have_text("Klar")
    assert desk.stored(record)["note"] == "om"


def test_two_windows_merge_what_differs_and_ask_about_what_is_the_same(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    one, other = at(f"/records/{record}"), at(f"/records/{record}", BEATE)
    other.expected = {409}

    one.presses("v", "1", "k", "1")
    state_of(one, SAVED)
    other.presses("h", "1")
    state_of(other, SAVED)
    expect(other.page.locator("input[name=type][value=ARENDE]")).to_be_checked()
    writes(one, "Från Astrid.")
    state_of(one, SAVED)
    expect(one.page.locator(".save-state")).to_have_attribute("data-state", "saved")
    writes(other, "Från Beate.")

    conflict = other.page.locator(".conflict")
    expect(conflict).to_contain_text("Astrid ändrade Anteckning")
    expect(conflict).to_contain_text("Från Astrid.")
    assert desk.stored(record)["note"] == "Från Astrid."
    assert_sound(other.page, SOME_LOOKS)
    other.presses_button("Behåll mitt", within=conflict)

    state_of(other, SAVED)
    assert desk.stored(record) == {
        "service": ["SOC"], "type": ["ARENDE"], "advice": ["ORO"], "note": "Från Beate.",
    }  # fmt: skip


def test_what_the_other_wrote_can_be_taken(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    one, other = at(f"/records/{record}"), at(f"/records/{record}", BEATE)
    other.expected = {409}
    one.presses("v", "1")
    state_of(one, SAVED)
    expect(one.page.locator(".save-state")).to_have_attribute("data-state", "saved")
    other.presses("v", "2")

    other.presses_button("Ta det som gäller")

    expect(other.page.locator("input[name=service][value=SOC]")).to_be_checked()
    expect(other.page.locator(".conflict")).to_have_count(0)
    assert desk.stored(record) == {"service": ["SOC"]}


def test_killing_the_service_between_two_keys_loses_nothing_that_was_said_to_be_saved(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    writes(person, "Sparat")
    state_of(person, SAVED)
    saved = desk.stored(record)["note"]

    desk.kill()
    person.page.keyboard.type(" och sedan mer")
    state_of(person, "tjänsten svarar inte")
    while_dead = desk.stored(record)["note"]
    desk.start()

    state_of(person, SAVED)
    assert saved == while_dead == "Sparat"
    assert desk.stored(record)["note"] == "Sparat och sedan mer"
    assert person.problems
    person.problems.clear()  # the requests that nobody answered


def test_a_number_is_saved_while_one_is_still_in_its_field_though_the_service_was_killed(
    desk: Desk, at: Opener
) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    with person.page.expect_response("**/save"):
        person.presses("k", "1")
    state_of(person, SAVED)

    desk.kill()
    person.presses("u", "1", "2")
    state_of(person, "tjänsten svarar inte")
    while_dead = desk.stored(record)
    desk.start()
    state_of(person, SAVED)

    expect(person.page.locator("#exposed")).to_be_focused()
    assert while_dead == {"type": ["ARENDE"]}
    assert desk.stored(record) == {"type": ["ARENDE"], "exposed": 12}
    person.problems.clear()  # the requests that nobody answered


def test_however_often_the_service_is_killed_while_somebody_writes_what_was_said_to_be_saved_is(
    desk: Desk, at: Opener
) -> None:
    record = desk.new_record()
    person = at(f"/records/{record}")
    person.page.evaluate(_NOTE_WHAT_IS_SAID)
    typed, said = "", ""

    for number in range(ROUNDS):
        person.presses("Escape", "t", str(random.randint(1, 5)), "a")  # at most five themes can be chosen
        words = "".join(f"{word} " for word in random.sample(WORDS, 3))
        person.page.keyboard.type(words, delay=random.uniform(0, 30))
        typed += words
        person.page.wait_for_timeout(random.uniform(0, 1000))  # a save is still to come, under way, or over
        is_all = number % 4 == 3
        (desk.kill if is_all else desk.kill_worker)()
        said, stored = person.page.evaluate("saidToBeSaved"), str(desk.stored(record).get("note", ""))
        assert stored.startswith(said.strip())
        assert typed.startswith(stored)
        if is_all:
            desk.start()

    expect(person.page.locator(".save-state")).to_have_attribute("data-state", "saved")
    chosen = person.page.locator("input[name=theme]:checked").evaluate_all("all => all.map(one => one.value)")
    assert said
    assert desk.stored(record)["note"] == typed.strip()
    assert desk.stored(record).get("theme", []) == chosen
    person.problems.clear()  # the requests that nobody answered


def test_a_page_with_something_unsaved_asks_before_it_is_left(desk: Desk, at: Opener) -> None:
    person = at(f"/records/{desk.new_record()}")
    person.page.route("**/save", lambda route: route.abort())
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    writes(person, "ännu inte")
    state_of(person, "Inte sparat")
    person.page.on("dialog", accept)
    person.page.reload()

    assert asked == ["beforeunload"]
    person.problems.clear()


def test_where_there_is_room_the_note_stays_in_sight_beside_the_questions(desk: Desk, at: Opener) -> None:
    page = at(f"/records/{desk.new_record()}").page
    page.set_viewport_size({"width": 1280, "height": 800})
    question, note = page.locator("#advice-1"), page.locator("#note")

    question.scroll_into_view_if_needed()

    expect(note).to_be_in_viewport(ratio=1)
    beside, asked = note.bounding_box(), question.bounding_box()
    assert beside is not None
    assert asked is not None
    assert beside["x"] > asked["x"]


def test_a_manager_reads_the_tags_and_no_note(desk: Desk, at: Opener) -> None:
    record = desk.new_record()
    writer = at(f"/records/{record}")
    writes(writer, "Hemligt.")
    state_of(writer, SAVED)

    reader = at(f"/records/{record}", CHEF)

    expect(reader.page.locator("main")).to_contain_text("Verksamhet")
    assert "Hemligt" not in reader.page.content()
    assert reader.page.locator("main form").count() == 0
    assert [what for what, _ in desk.log_of(record)] == ["opened_record", "changed_record", "opened_record"]
