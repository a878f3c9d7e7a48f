"""Somebody at a page with a keyboard and no mouse, and what went wrong behind the page meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

_TABS_AT_MOST = 150
_STATUS_ERROR = re.compile(r"the server responded with a status of (\d+)")
_ABORTED = "net::ERR_ABORTED"
"""The page itself gave up: it was left while it waited for news."""


@dataclass
class Person:
    """A person at one page. ``expected``: the error statuses that belong to what is tried."""

    page: Page
    expected: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._note_request)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_response)

    def opens(self, path: str) -> None:
        """Open a page and wait until it is whole."""
        self.page.goto(path, wait_until="load")

    def tabs_to(self, wanted: Locator) -> None:
        """Press Tab until the focus is there. Fails when the keyboard doesn't get there."""
        expect(wanted).to_be_visible()
        passed = []
        for _ in range(_TABS_AT_MOST):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            passed.append(self.focused())
        message = f"Tab doesn't reach {wanted}; it passed {passed}"
        raise AssertionError(message)

    def presses(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def presses_led(self, key: str) -> None:
        """Press a full stop and a letter: they belong together for three seconds. A machine may stand still longer.

        The page's clock stands still, too.
        """
        self.page.clock.set_fixed_time(datetime.now(UTC))
        self.presses(".", key)

    def goes_by_key(self, key: str) -> None:
        """The same, where another page comes of it; wait until that one hears keys."""
        with self.page.expect_navigation():
            self.presses_led(key)

    def activates(self, wanted: Locator) -> None:
        """Go to a button or a link and press Enter."""
        self.tabs_to(wanted)
        self.page.keyboard.press("Enter")

    def presses_button(self, name: str, *, within: Locator | None = None) -> None:
        """Go to a button by its name, and press it."""
        self.activates((within or self.page).get_by_role("button", name=name, exact=True))

    def chooses(self, wanted: Locator, option: str) -> None:
        """Go to a list and move to an option by the arrow keys."""
        self.tabs_to(wanted)
        names = [name.strip() for name in wanted.locator("option").all_inner_texts()]
        self.presses("Home", *["ArrowDown"] * names.index(option))
        expect(wanted.locator("option:checked")).to_have_text(option)

    def types_time(self, wanted: Locator, when: datetime) -> None:
        """Go to a field for a time and type its parts, in the order of the browser's own language."""
        self.tabs_to(wanted)
        self.presses(*["ArrowLeft"] * 6)
        # A year may have six digits, so the field can't know when it is whole.
        self.page.keyboard.type(when.strftime("%m%d%Y"))
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.type(when.strftime("%I%M%p")[:5])
        expect(wanted).to_have_value(when.strftime("%Y-%m-%dT%H:%M"))

    def waits_for(self, text: str, *, within: Locator | None = None) -> None:
        """Wait until the words stand there."""
        expect(within or self.page.locator("body")).to_contain_text(text)

    def focused(self) -> str:
        """What has the focus, as its tag and its name."""
        named = "e => e.tagName.toLowerCase() + ' ' + (e.ariaLabel || e.innerText || e.name || e.id || '').slice(0, 40)"
        text: str = self.page.evaluate(f"(({named}))(document.activeElement || document.body)")
        return text.strip()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = _STATUS_ERROR.search(message.text)
        if status and int(status[1]) in self.expected:
            return
        self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _note_request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.hostname != "127.0.0.1" and where.scheme not in {"data", "blob", "about"}:
            self.problems.append(f"a request to elsewhere: {request.url}")

    def _note_failure(self, request: Request) -> None:
        if request.failure != _ABORTED:
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")
