"""A page walked through by Tab: what is passed, in which order, and whether one sees where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Of a group of radio buttons, Tab reaches one: the chosen one, else the first.
_MARK = """() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const isReached = element => {
        if (element.disabled || !element.checkVisibility({visibilityProperty: true})) return false;
        if (element.type !== 'radio' || element.checked) return true;
        const group = [...document.querySelectorAll('input[type=radio]')].filter(one => one.name === element.name);
        return !group.some(one => one.checked) && group[0] === element;
    };
    window.stations = [...document.querySelectorAll(wanted)].filter(isReached);
    return window.stations.map((element, index) => index + ' ' + element.tagName.toLowerCase() + ' '
        + (element.ariaLabel || element.innerText || element.name || '').trim().slice(0, 40));
}"""

_HERE = """() => {
    const here = document.activeElement;
    if (here === null || here === document.body) return null;
    const marks = [here, here.closest('label'), ...(here.labels || [])].filter(element => element).some(element => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    });
    return [window.stations.indexOf(here), marks];
}"""


@dataclass(frozen=True, slots=True)
class Walk:
    """``stations``: what ought to be reached; ``passed``: what was; ``unmarked``: where nobody saw the focus."""

    stations: list[str]
    passed: list[str]
    unmarked: list[str]


def walk(page: Page) -> Walk:
    """Press Tab from the top of the page until it is left."""
    stations: list[str] = page.evaluate(_MARK)
    passed: list[str] = []
    unmarked: list[str] = []
    # A field for a time has a station for each of its parts.
    for _ in range(len(stations) * 8):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None:
            break
        index, is_marked = here
        # What scrolls can be reached too, and isn't in the list.
        if index >= 0 and stations[index] not in passed[-1:]:
            passed.append(stations[index])
            unmarked += [] if is_marked else [stations[index]]
    return Walk(stations, passed, unmarked)
