"""What holds for every page in every state: no barrier that axe-core finds, and nothing to scroll sideways for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (320, 360, 1280)
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


def assert_sound(page: Page) -> None:
    """Neither barriers nor sideways scrolling, as the page is now."""
    found = [*barriers(page), *(f"sticks out: {element}" for element in sideways(page) or ())]
    assert not found, "\n".join(found)
