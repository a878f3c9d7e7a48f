"""What else axe-core can't see: what covers what has the focus, words that don't fit, edges in forced colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STUCK = 1 / 3
"""Of the window's height, at 400 per cent."""

# https://www.w3.org/TR/WCAG21/#text-spacing
_SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""

_CUT = """() => [...document.body.querySelectorAll('*')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && one.innerText?.trim()
        && !one.closest('.visually-hidden, svg, select, [aria-hidden=true]'))
    .filter(one => {
        const {overflowX, overflowY, clipPath} = getComputedStyle(one);
        const cuts = value => value === 'hidden' || value === 'clip';
        return clipPath === 'none' && ((cuts(overflowX) && one.scrollWidth > one.clientWidth + 1)
            || (cuts(overflowY) && one.scrollHeight > one.clientHeight + 1));
    })
    .map(one => one.outerHTML.slice(0, 120))"""

_STUCK = """() => {
    scrollTo(0, document.documentElement.scrollHeight / 2);
    const stuck = [...document.querySelectorAll('*')].filter(one => {
        const {position, bottom, top} = getComputedStyle(one);
        if (position === 'fixed') return true;
        return position === 'sticky' && (bottom !== 'auto' || top !== 'auto');
    }).map(one => one.getBoundingClientRect())
        .filter(({width, height, top, bottom}) => width > innerWidth / 2 && height && top < innerHeight && bottom > 0)
        .reduce((sum, {top, bottom}) => sum + Math.min(bottom, innerHeight) - Math.max(top, 0), 0);
    scrollTo(0, 0);
    return stuck / innerHeight;
}"""

_EDGELESS = """() => [...document.querySelectorAll(
        'input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, .btn')]
    .filter(one => one.checkVisibility())
    .filter(one => {
        const style = getComputedStyle(one);
        return style.borderBottomStyle === 'none' || parseFloat(style.borderBottomWidth) < 1
            || style.borderBottomColor === getComputedStyle(document.body).backgroundColor;
    })
    .map(one => one.outerHTML.slice(0, 120))"""

# By its colours alone nobody knows in forced colours which of several is the current one.
_SAME = """() => [...document.querySelectorAll('[aria-current]')].filter(one => {
    const other = [...one.closest('ul, ol, nav, tr, div').querySelectorAll('a, button')]
        .find(another => !another.hasAttribute('aria-current'));
    if (!other) return false;
    const look = element => {
        const {fontWeight, borderBottomStyle, borderBottomWidth, borderLeftWidth, textDecorationLine}
            = getComputedStyle(element);
        return [fontWeight, borderBottomStyle, borderBottomWidth, borderLeftWidth, textDecorationLine].join();
    };
    return look(one) === look(other);
}).map(one => one.outerHTML.slice(0, 120))"""


def space_out(page: Page) -> None:
    """As much space between lines, letters and words as a reader may ask for."""
    page.evaluate(_SPACED)


def cut_off(page: Page) -> list[str]:
    """Elements of which a part of their words can't be seen."""
    found: list[str] = page.evaluate(_CUT)
    return found


def stuck(page: Page) -> float:
    """Which part of the window's height always stays in front of the page, half-way down."""
    share: float = page.evaluate(_STUCK)
    return share


def lost_in_forced_colours(page: Page) -> list[str]:
    """Controls without an edge, and current things that look like the others, while colours are forced."""
    found: list[str] = [*page.evaluate(_EDGELESS), *page.evaluate(_SAME)]
    return found
