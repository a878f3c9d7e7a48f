"""The practice telephone as somebody uses it who has a keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE
from tests.browser.voice import speak_to_the_end

if TYPE_CHECKING:
    from datetime import datetime

    from playwright.sync_api import Locator

    from tests.browser.person import Person


@dataclass(frozen=True, slots=True)
class Telephone:
    """The page, in front of one person."""

    person: Person

    @property
    def caller(self) -> Locator:
        """Where one dials."""
        return self._region("Den som ringer")

    @property
    def heard(self) -> Locator:
        """The words, the keys and the ringing, as the caller knows them."""
        return self._region("Det som hörs")

    @property
    def staff(self) -> Locator:
        """The specialists' phones."""
        return self._region("Personalens telefoner")

    @property
    def way(self) -> Locator:
        """The callflow, and where in it the call stands."""
        return self._region("Vägen genom samtalet")

    @property
    def record(self) -> Locator:
        """What was written down of the call by itself."""
        return self._region("Konsultationen")

    def opens(self) -> None:
        """Go to the page; it is ready when it knows the time and the phones."""
        self.person.opens("/practice")
        expect(self.person.page.locator("[data-clock-time]")).to_be_visible()
        expect(self._dial).to_be_enabled()

    def sets(self, line: str, at: datetime) -> None:
        """Choose a line by its name, and a time."""
        self.person.chooses(self.caller.get_by_label("Linje"), line)
        other = self.caller.get_by_role("radio", name="Annan tid")
        if not other.is_checked():
            self.person.tabs_to(self.caller.get_by_role("radio", name="Nu"))
            self.person.presses("ArrowDown")
        expect(other).to_be_checked()
        self.person.types_time(self.caller.get_by_label("Tid", exact=True), at)

    def dials(self, line: str, at: datetime) -> None:
        """Choose a line and a time, and press the green button."""
        self.sets(line, at)
        self.redials()

    def redials(self) -> None:
        """Press the green button, and wait until the call is shown instead of the last one."""
        self.person.activates(self._dial)
        expect(self.caller.get_by_role("button", name="Lägg på")).to_be_enabled()

    def hears(self, words: str) -> None:
        """Wait until the caller has heard the words."""
        self.person.waits_for(words, within=self.heard)

    def hears_out(self, words: str) -> None:
        """Wait until the words begin, and let all that is being said come to its end."""
        self.hears(words)
        speak_to_the_end(self.person.page)

    def presses(self, *keys: str) -> None:
        """Press keys of the telephone, on the keyboard."""
        self.person.presses(*keys)

    def hangs_up(self) -> None:
        """Press the red button of the caller's phone."""
        self.person.presses_button("Lägg på", within=self.caller)

    def phone(self, alias: str) -> Locator:
        """One specialist's phone."""
        return self.staff.get_by_role("group", name=alias, exact=True)

    def ringing_phone(self) -> str:
        """Wait until a phone rings; whose."""
        return self._alias_at_button("Svara")

    def talking_phone(self) -> str:
        """Wait until a phone is in a call; whose."""
        return self._alias_at_button("Lägg på")

    def answers(self, alias: str) -> None:
        """Pick a ringing phone up, hear who calls, and take the call."""
        self.picks_up(alias)
        self.takes(alias)

    def picks_up(self, alias: str) -> None:
        """Answer a phone that rings; then it says who calls."""
        phone = self.phone(alias)
        self.person.presses_button("Svara", within=phone)
        self.person.waits_for("hör uppläsningen", within=phone)

    def is_screening(self, alias: str) -> bool:
        """Whether a phone says who calls, just now."""
        return self.phone(alias).get_by_role("button", name="Tryck 1").is_visible()

    def takes(self, alias: str) -> None:
        """Press 1 in a phone that says who calls."""
        phone = self.phone(alias)
        self.person.presses_button("Tryck 1", within=phone)
        self.person.waits_for("i samtal", within=phone)

    def declines(self, alias: str) -> None:
        """Press the red button of a phone that rings."""
        phone = self.phone(alias)
        self.person.presses_button("Avvisa", within=phone)
        self.person.waits_for("ledig", within=phone)

    def declines_until(self, words: str) -> None:
        """Decline every phone that rings, one after the other, until the line has said the words."""
        said = self.heard.get_by_text(words)
        rings = self.staff.get_by_role("button", name="Avvisa", exact=True)
        while True:
            expect(said.or_(rings).first).to_be_visible()
            if said.count():
                return
            self.declines(self.ringing_phone())

    def everybody_busy(self) -> None:
        """Put callers of others through to every specialist, and wait until nobody is left."""
        self.person.presses_button("Sätt alla i samtal")
        phones = self.staff.get_by_role("group")
        expect(phones.filter(has_text="i samtal").first).to_be_visible()
        expect(phones.filter(has_not_text="i samtal")).to_have_count(0, timeout=2 * PATIENCE)

    def frees(self, alias: str) -> None:
        """Hang a specialist's phone up."""
        phone = self.phone(alias)
        self.person.presses_button("Lägg på", within=phone)
        expect(phone).not_to_contain_text("i samtal")

    @property
    def _dial(self) -> Locator:
        return self.caller.get_by_role("button", name="Ring", exact=True)

    def _region(self, name: str) -> Locator:
        return self.person.page.get_by_role("region", name=name, exact=True)

    def _alias_at_button(self, name: str) -> str:
        button = self.person.page.get_by_role("button", name=name, exact=True)
        phone = self.staff.get_by_role("group").filter(has=button).first
        expect(phone).to_be_visible()
        alias = phone.get_attribute("aria-label")
        assert alias, "a phone has no name"
        return alias
