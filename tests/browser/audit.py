"""What holds for every page in every state: no barrier that axe-core finds, and nothing to scroll sideways for."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import ColorScheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

WIDTHS = (320, 360, 1280)
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
Look: TypeAlias = tuple[int, ColorScheme]
LOOKS: tuple[Look, ...] = tuple(product(WIDTHS, SCHEMES))
"""Every width, in the light and in the dark."""
SOME_LOOKS: tuple[Look, ...] = ((320, "light"), (360, "dark"), (1280, "light"))
"""Every width and both, where a page is looked at again and again."""
_AXE = Axe()
_OVERFLOW = """() => {
    const root = document.documentElement;
    const wide = [...document.body.querySelectorAll('*')].filter(
        element => element.getBoundingClientRect().right > root.clientWidth + 1);
    return root.scrollWidth > root.clientWidth
        ? wide.slice(0, 5).map(element => element.outerHTML.slice(0, 120)) : null;
}"""


def barriers(page: Page) -> list[str]:
    """What axe-core finds, by rule and element."""
    found = _AXE.run(page).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> list[str] | None:
    """The elements that stick out, when the page can be scrolled sideways."""
    wide: list[str] | None = page.evaluate(_OVERFLOW)
    return wide


def assert_sound(page: Page, looks: Iterable[Look] = LOOKS) -> None:
    """Neither, however it is looked at, as the page is now; the window is the same afterwards."""
    before = page.viewport_size
    found = []
    for width, color_scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=color_scheme)
        wrong = [*barriers(page), *(f"sticks out: {element}" for element in sideways(page) or ())]
        found += [f"{width} px, {color_scheme}: {what}" for what in wrong]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before or {"width": WIDTHS[-1], "height": 900})
    assert not found, "\n".join(found)
