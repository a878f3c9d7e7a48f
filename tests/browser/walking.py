"""A page walked through by Tab: what is passed, in which order, and whether one sees where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Of a group of radio buttons, Tab reaches one: the chosen one, else the first.
_MARK = """() => {
    document.body.tabIndex = -1;
    document.body.focus({preventScroll: true});
    document.body.removeAttribute('tabindex');
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
    SEEN
    const here = document.activeElement;
    if (here === null || here === document.body) return null;
    const marks = [here, here.closest('label'), ...(here.labels || [])].filter(element => element).some(element => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    });
    return [window.stations.indexOf(here), marks, isSeen(here)];
}"""

# Some spot of it lies in the window with nothing before it.
_SEEN = """
    const isSeen = here => [here, ...(here.labels || [])].some(element => {
        const {left, right, top, bottom} = element.getBoundingClientRect();
        const x = [Math.max(left, 0), Math.min(right, innerWidth)];
        const y = [Math.max(top, 0), Math.min(bottom, innerHeight)];
        const spots = ([from, to]) => [from + 2, (from + to) / 2, to - 2];
        return x[0] < x[1] && y[0] < y[1] && spots(x).some(across => spots(y).some(down => {
            const hit = document.elementFromPoint(across, down);
            return hit !== null && (element.contains(hit) || hit.contains(element));
        }));
    });
"""


@dataclass(frozen=True, slots=True)
class Walk:
    """``stations``: what ought to be reached; ``passed``: what was; ``unmarked``: where nobody saw the focus.

    ``covered``: where something lay before it, or it lay outside the window.
    """

    stations: list[str]
    passed: list[str]
    unmarked: list[str]
    covered: list[str]


def walk(page: Page) -> Walk:
    """Press Tab from the top of the page until it is left."""
    stations: list[str] = page.evaluate(_MARK)
    passed: list[str] = []
    unmarked: list[str] = []
    covered: list[str] = []
    look = _HERE.replace("SEEN", _SEEN)
    # A field for a time has a station for each of its parts.
    for _ in range(len(stations) * 8):
        page.keyboard.press("Tab")
        here = page.evaluate(look)
        if here is None:
            break
        index, is_marked, is_seen = here
        if index == 0 and passed:  # round again: some windows have nothing of their own to tab through
            break
        # What scrolls can be reached too, and isn't in the list.
        if index >= 0 and stations[index] not in passed[-1:]:
            passed.append(stations[index])
            unmarked += [] if is_marked else [stations[index]]
            covered += [] if is_seen else [stations[index]]
    return Walk(stations, passed, unmarked, covered)
