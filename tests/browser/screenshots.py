"""Pictures of the practice telephone, for the README and for whoever wants to see what a change did.

python -m tests.browser.screenshots FOLDER
"""

from __future__ import annotations

import struct
import sys
import tomllib
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.reading import read_policy
from tests.browser.chromium import ColorScheme, NoBrowser, chromium, window
from tests.browser.deployments import practising
from tests.browser.journey import states
from tests.browser.person import Person
from tests.browser.telephone import Telephone

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent.parent
WIDTHS = (360, 1280)
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def shoot(browser: Browser, url: str, folder: Path, state: str) -> None:
    """One state in every width and color scheme, by people who come to the page now."""
    for width in WIDTHS:
        for color_scheme in SCHEMES:
            context = window(browser, url, width=width, color_scheme=color_scheme)
            newcomer = Telephone(Person(context.new_page()))
            newcomer.opens()
            picture = newcomer.person.page.screenshot(full_page=True, animations="disabled", caret="hide")
            (folder / f"{state}-{width}-{color_scheme}.png").write_bytes(smaller(picture))
            context.close()


def smaller(png: bytes) -> bytes:
    """The same picture, packed as tightly as it goes."""
    chunks, pixels, at = [], b"", len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IDAT":
            pixels += body
        else:
            chunks.append((kind, body))
    packed = (b"IDAT", zlib.compress(zlib.decompress(pixels), 9))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in [*chunks[:-1], packed, chunks[-1]])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


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
        with TemporaryDirectory() as home, practising(ROOT, Path(home), numbers) as practice, chromium() as browser:
            telephone = Telephone(Person(window(browser, practice.simulator_url).new_page()))
            telephone.opens()
            for state in states(telephone, policy):
                shoot(browser, practice.simulator_url, folder, state)
                print(f"{state}: {len(WIDTHS) * len(SCHEMES)} pictures")
    except NoBrowser as missing:
        print(f"No pictures: {missing}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
