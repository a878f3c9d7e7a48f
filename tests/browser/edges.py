"""What axe-core can't see: whether controls have an edge that can be seen, and whether fingers hit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST_CONTRAST = 3.0
"""WCAG 2.1, 1.4.11."""
LEAST_PIXELS = 44
"""WCAG 2.1, 2.5.5."""

# Boxes and dots inside a choice are the browser's own, and the choice around them has the edge.
_CONTROLS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, .btn, .choice')]
    .filter(one => one.checkVisibility() && !(one.matches('input') && one.closest('.choice')))"""

_FAINT = """([least, controls]) => {
    const parts = colour => {
        const numbers = colour.match(/[\\d.]+/g).map(Number);
        const scale = colour.startsWith('color(') ? 1 : 255;
        return {rgb: numbers.slice(0, 3).map(one => one / scale), alpha: numbers[3] ?? 1};
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    };
    const behind = element => {
        for (let here = element.parentElement; here; here = here.parentElement) {
            const ground = parts(getComputedStyle(here).backgroundColor);
            if (ground.alpha === 1) return ground.rgb;
        }
        return [1, 1, 1];
    };
    return eval(controls)().map(control => {
        const style = getComputedStyle(control);
        const line = parts(style.borderBottomColor);
        const drawn = parseFloat(style.borderBottomWidth) >= 1 && style.borderBottomStyle !== 'none' && line.alpha > 0;
        // Where no line is drawn around a choice, its dot or box is the control, and has the browser's own edge.
        const bare = control.matches('.choice') && control.querySelector('input').checkVisibility();
        const edge = drawn ? contrast(line.rgb, behind(control)) : bare ? least : 1;
        return [control.outerHTML.slice(0, 200), edge];
    }).filter(([_, edge]) => edge < least);
}"""

# A link with words of a sentence around it may be as low as the line that it stands in.
_SMALL = """([least, controls]) => {
    const all = selector => [...document.querySelectorAll(selector)];
    const alone = all('p > a, li > a, td > a, dd > a').filter(
        one => !one.matches('.skip') && one.parentElement.innerText.trim() === one.innerText.trim());
    return [...eval(controls)(), ...all('nav a, .top-end a, .brand, summary'), ...alone]
        .filter(one => one.checkVisibility())
        .map(one => [one.outerHTML.slice(0, 200), one.getBoundingClientRect().height])
        .filter(([_, height]) => height < least - 0.5);
}"""


def faint_edges(page: Page) -> list[tuple[str, float]]:
    """The controls whose edge can hardly be told from what is behind them, with its contrast."""
    found: list[tuple[str, float]] = page.evaluate(_inlined(_FAINT), LEAST_CONTRAST)
    return found


def small_targets(page: Page) -> list[tuple[str, float]]:
    """What is pressed and isn't high enough for a finger, with its height. Links within sentences may be."""
    found: list[tuple[str, float]] = page.evaluate(_inlined(_SMALL), LEAST_PIXELS)
    return found


def _inlined(script: str) -> str:
    """The pages' own rules forbid eval, and rightly so."""
    return script.replace("([least, controls])", "least", 1).replace("eval(controls)()", f"({_CONTROLS})()")
