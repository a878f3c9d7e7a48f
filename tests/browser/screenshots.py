"""Pictures of the pages, for the README and for whoever wants to see what a change did.

python -m tests.browser.screenshots FOLDER [desk|practice]

practice: the practice telephone, through a call. desk: every page of the service, as each role that may see it.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.reading import read_policy
from tests.browser.audit import SCHEMES
from tests.browser.chromium import NoBrowser, chromium, window
from tests.browser.deployments import practising
from tests.browser.desk_pictures import scenes
from tests.browser.journey import states
from tests.browser.person import Person
from tests.browser.pictures import smaller
from tests.browser.telephone import Telephone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from playwright.sync_api import Browser, Page

    from app.domain.policy import Policy
    from tests.browser.deployments import Practice

ROOT = Path(__file__).parent.parent.parent
SIZES = ((360, 780), (1280, 900))
DESK_SIZES = ((360, 780), (768, 1024), (1280, 900))


def shoot(browser: Browser, page: Page, folder: Path, state: str) -> None:
    """One state in every width and colour scheme: what a window shows at first, and the whole page."""
    for name in _looks(page, SIZES):
        for part in ("window", "page"):
            picture = page.screenshot(full_page=part == "page", caret="hide")
            (folder / f"{state}-{name}-{part}.png").write_bytes(smaller(browser, picture))


def of_practice(browser: Browser, practice: Practice, policy: Policy, folder: Path) -> None:
    """The practice telephone."""
    telephone = Telephone(Person(window(browser, practice.simulator_url).new_page()))
    telephone.opens()
    for state in states(telephone, policy):
        shoot(browser, telephone.person.page, folder, state)
        print(f"{state}: pictured")


def of_desk(browser: Browser, practice: Practice, policy: Policy, folder: Path) -> None:
    """The service itself."""
    del policy
    for state, page in scenes(browser, practice):
        for name in _looks(page, DESK_SIZES):
            page.screenshot(path=folder / f"{state}-{name}.png", full_page=True, caret="hide")
        print(f"{state}: pictured")


def main(arguments: list[str]) -> int:
    """Take the pictures. 2: nobody said where to put them, or of what; 1: there is no browser."""
    folder, *what = arguments or [""]
    if not folder or len(what) > 1 or not {*what} <= KINDS.keys():
        print(__doc__, file=sys.stderr)
        return 2
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    policy = read_policy(ROOT, tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8")))
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    try:
        with chromium() as browser, TemporaryDirectory() as home, practising(ROOT, Path(home), numbers) as practice:
            for kind in what or KINDS:
                KINDS[kind](browser, practice, policy, place)
    except NoBrowser as missing:
        print(f"No pictures: {missing}.", file=sys.stderr)
        return 1
    return 0


def _looks(page: Page, sizes: Iterable[tuple[int, int]]) -> Iterable[str]:
    """Each width and colour scheme in turn, by its name."""
    # A picture shows the page, not where somebody was on it.
    page.evaluate("document.activeElement?.blur()")
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        for color_scheme in SCHEMES:
            page.emulate_media(color_scheme=color_scheme)
            page.evaluate("scrollTo(0, 0)")
            yield f"{width}-{color_scheme}"


KINDS: dict[str, Callable[[Browser, Practice, Policy, Path], None]] = {"practice": of_practice, "desk": of_desk}
"""What there are pictures of."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
