"""What holds for every page in every state: no barrier that axe-core finds, and nothing to scroll sideways for."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.chromium import ColorScheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

WIDTHS = (320, 360, 768, 1280)
WHOLE_PAGE_BYTES = 100_000
"""Of a page and all that it loads, compressed, there is less than that."""
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
Look: TypeAlias = tuple[int, ColorScheme]
LOOKS: tuple[Look, ...] = tuple(product(WIDTHS, SCHEMES))
"""Every width, in the light and in the dark."""
SOME_LOOKS: tuple[Look, ...] = ((320, "light"), (360, "dark"), (768, "light"), (1280, "light"))
"""Every width and both, where a page is looked at again and again."""
# Words in the colour of what is behind them are more than it dares to call wrong by itself.
_RUN = """async rules => {
    const only = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
    const found = await axe.run(document, {...only, resultTypes: ['violations', 'incomplete']});
    const isUnseen = node => node.any.some(check => check.data?.messageKey === 'equalRatio')
        && !document.querySelector(node.target[0]).closest('[aria-hidden=true]');
    const unseen = found.incomplete.map(rule => ({...rule, nodes: rule.nodes.filter(isUnseen)}));
    return [...found.violations, ...unseen].flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target} ${node.html.slice(0, 120)}`));
}"""
_OF_COLOURS = ("color-contrast", "link-in-text-block")
_OVERFLOW = """() => {
    const root = document.documentElement;
    const wide = [...document.body.querySelectorAll('*')].filter(
        element => element.getBoundingClientRect().right > root.clientWidth + 1);
    return root.scrollWidth > root.clientWidth
        ? wide.slice(0, 5).map(element => element.outerHTML.slice(0, 120)) : null;
}"""


def barriers(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds, by rule and element. ``rules``: these alone."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, list(rules))
    return found


def sideways(page: Page) -> list[str] | None:
    """The elements that stick out, when the page can be scrolled sideways."""
    wide: list[str] | None = page.evaluate(_OVERFLOW)
    return wide


def wrongs(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """Both, however the page is looked at, as it is now; the window is the same afterwards.

    Once a width has been looked at, another scheme can only be wrong in its colours.
    """
    before = page.viewport_size
    found: list[str] = []
    known: set[int] = set()
    for width, color_scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=color_scheme)
        wrong = barriers(page, _OF_COLOURS if width in known else ())
        wrong += [f"sticks out: {element}" for element in sideways(page) or ()]
        found += [f"{width} px, {color_scheme}: {what}" for what in wrong]
        known.add(width)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before or {"width": WIDTHS[-1], "height": 900})
    return found


def assert_sound(page: Page, looks: Iterable[Look] = LOOKS) -> None:
    """Nothing of that."""
    found = wrongs(page, looks)
    assert not found, "\n".join(found)
