"""What people do at an open record, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.person import Person

USUAL = ["v", "1", "p", "m", "Enter", "k", "1", "t", "1", "3", "h", "1", "3", "m"]
"""Social services in Malmö, a case, two themes, two pieces of advice, complete."""
SAVED = "Sparat kl."


def state_of(person: Person, words: str) -> None:
    expect(person.page.locator(".save-state")).to_contain_text(words)


def writes(person: Person, text: str) -> None:
    person.presses("a")
    person.page.keyboard.type(text)
