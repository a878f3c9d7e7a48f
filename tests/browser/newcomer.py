"""Somebody who begins to work here: a one-time password, an authenticator app, and a keyboard."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from passlib.totp import TOTP
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.person import Person
    from tests.support.service import Deployment

PASSWORD = "lingon och skidor i mars"
_STEP_SECONDS = 30


@dataclass
class Newcomer:
    """At the pages of signing in, by keyboard alone. ``password``: what works at present."""

    person: Person
    email: str
    password: str
    app: TOTP | None = None
    _step: int = 0
    """The last of which a code was given, since 1970."""

    def signs_in(self) -> None:
        """Address and password, and Enter."""
        self.person.opens("/sign-in")
        self.types(self._field("E-postadress"), self.email)
        self.types(self._field("Lösenord"), self.password)
        self.presses_enter()

    def replaces_the_password(self) -> None:
        """What the first sign-in leads to."""
        self.types(self._field("Nuvarande lösenord"), self.password)
        self.types(self._field("Nytt lösenord"), PASSWORD)
        self.types(self._field("Nytt lösenord en gång till"), PASSWORD)
        self.presses_enter()
        self.password = PASSWORD

    def sets_up_codes(self) -> None:
        """From the page of the account: the key as it stands on the page goes into the app."""
        self.follows("Konto")
        self.follows("Börja använda koder")
        self.person.presses_button("Börja använda koder")
        expect(self.person.page.get_by_text("Nyckel:")).to_be_visible()
        key = self.person.page.locator("main code").inner_text()
        self.app = TOTP(key=key.replace("-", ""), format="base32")
        self.gives_code(self.code())

    def code(self) -> str:
        """What the app shows: each time that of a later step, as each counts once, and one step early or late is taken.

        Two of them, then half a minute has to pass. Each may be on its way for half a minute.
        """
        assert self.app is not None
        self._step = max(self._step + 1, int(time.time()) // _STEP_SECONDS)
        return str(self.app.generate(self._step * _STEP_SECONDS).token)

    def gives_code(self, code: str) -> None:
        """Type a code, and Enter."""
        self.types(self._field("Kod"), code)
        self.presses_enter()

    def takes_recovery_codes(self) -> list[str]:
        """From the page of the account, as somebody who writes them down."""
        self.follows("Skapa nya koder")
        self.person.presses_button("Skapa nya koder")
        codes = self.person.page.locator("main li code")
        expect(codes.first).to_be_visible()
        return codes.all_inner_texts()

    def gives_recovery_code(self, code: str) -> None:
        """At the page that asks for the app's code."""
        self.follows("Använd en reservkod")
        self.types(self._field("Reservkod"), code)
        self.presses_enter()

    def signs_out(self) -> None:
        self.person.presses_button("Logga ut")
        expect(self.person.page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()

    def follows(self, link: str) -> None:
        """Go to a link by its name, and press Enter; to one that lies under More, open that first."""
        page = self.person.page
        if page.locator("details.more:not([open]) a").get_by_text(link, exact=True).count():
            self.person.activates(page.locator("details.more summary"))
        self.person.activates(page.get_by_role("link", name=link, exact=True))

    def types(self, field: Locator, text: str) -> None:
        """Go to a field and type over what stands there."""
        self.person.tabs_to(field)
        self.person.presses("ControlOrMeta+a")
        self.person.page.keyboard.type(text)

    def presses_enter(self) -> None:
        """Send the form, and wait for what comes."""
        with self.person.page.expect_navigation():
            self.person.presses("Enter")

    def is_refused(self, words: str) -> None:
        """The summary says it, and has the focus."""
        summary = self.person.page.get_by_role("alert").filter(has_text=words)
        expect(summary).to_be_focused()

    def _field(self, label: str) -> Locator:
        return self.person.page.get_by_label(label, exact=True)


def hired(where: Deployment, person: Person, email: str, specialist: str | None = None) -> Newcomer:
    """Somebody whose account an administrator has just made, with the one-time password that it got."""
    alias = ("--specialist", specialist) if specialist else ("--name", "Övning Ny")
    said = where.run("user", "add", email, "--organisation", "skane", "--role", "specialist", *alias)
    return Newcomer(person, email, said.splitlines()[-1].strip())
