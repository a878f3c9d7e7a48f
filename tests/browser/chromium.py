"""A real Chromium that reaches nothing but this machine, and the pages that people open in it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Error, expect, sync_playwright

from tests.browser.voice import give_voice
from tools.browser import MISSING, installed_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

ColorScheme = Literal["light", "dark"]

_FLAGS = (
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Whatever else it wants to ask somebody: nobody has an address, apart from ourselves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-proxy-server",
    # Its fields for a time follow its own language, not that of the page, and no other language is sure to be there.
    "--lang=en-US",
)
PATIENCE = 60_000
"""Milliseconds: a machine that is busy with other tests stands still for ten seconds now and then, and a page that met
no answer waits for eight before it asks again."""


class NoBrowser(Exception):
    """There is no browser to test in; the text says why."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own browser, closed at the end of the block. Raises ``NoBrowser`` where none starts."""
    program = installed_browser(os.environ)
    environment: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "en_US"}
    if program is None:
        raise NoBrowser(MISSING)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=_FLAGS, env=environment)
        except Error as error:
            message = f"{program} doesn't start: {error.message.splitlines()[0]}"
            raise NoBrowser(message) from error
        expect.set_options(timeout=PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


def window(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, color_scheme: ColorScheme = "light"
) -> BrowserContext:
    """A window of somebody in Sweden who doesn't like things that move. ``url``: where paths begin."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        color_scheme=color_scheme,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    give_voice(context)
    return context
