"""Pictures of the practice telephone, for the README and for whoever wants to see what a change did.

python -m tests.browser.screenshots FOLDER
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
from tests.browser.journey import states
from tests.browser.person import Person
from tests.browser.pictures import smaller
from tests.browser.telephone import Telephone

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
SIZES = ((360, 780), (1280, 900))


def shoot(browser: Browser, page: Page, folder: Path, state: str) -> None:
    """One state in every width and colour scheme: what a window shows at first, and the whole page."""
    # A picture shows the page, not where somebody was on it.
    page.evaluate("document.activeElement?.blur()")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for color_scheme in SCHEMES:
            page.emulate_media(color_scheme=color_scheme)
            page.evaluate("scrollTo(0, 0)")
            for part in ("window", "page"):
                picture = page.screenshot(full_page=part == "page", caret="hide")
                file = folder / f"{state}-{width}-{color_scheme}-{part}.png"
                file.write_bytes(smaller(browser, picture))


def main(arguments: list[str]) -> int:
    """Take all pictures. 2: nobody said where to put them; 1: there is no browser."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    policy = read_policy(ROOT, tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8")))
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    try:
        with chromium() as browser, TemporaryDirectory() as home, practising(ROOT, Path(home), numbers) as practice:
            telephone = Telephone(Person(window(browser, practice.simulator_url).new_page()))
            telephone.opens()
            for state in states(telephone, policy):
                shoot(browser, telephone.person.page, folder, state)
                print(f"{state}: pictured")
    except NoBrowser as missing:
        print(f"No pictures: {missing}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
