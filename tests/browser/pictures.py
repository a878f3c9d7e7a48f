"""Pictures of pages that are small enough to be kept: PNG files of at most 256 colours."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS, _PALETTE, _PLAIN = 8, 3, 0

# The colours that are seen most, and for any other the nearest of them: a drawn page has few, and letters their edges.
_REDUCE = """async picture => {
    const url = 'data:image/png;base64,' + picture;
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const seen = new Map();
    const colour = at => pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2];
    for (let at = 0; at < pixels.length; at += 4) seen.set(colour(at), (seen.get(colour(at)) ?? 0) + 1);
    const palette = [...seen].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([rgb]) => rgb);
    const parts = rgb => [rgb >> 16, rgb >> 8 & 255, rgb & 255];
    const far = (one, other) => parts(one).reduce((sum, part, place) => sum + (part - parts(other)[place]) ** 2, 0);
    const place = new Map(palette.map((rgb, index) => [rgb, index]));
    for (const rgb of seen.keys()) {
        if (place.has(rgb)) continue;
        let best = 0;
        palette.forEach((other, index) => { if (far(rgb, other) < far(rgb, palette[best])) best = index; });
        place.set(rgb, best);
    }
    const indexes = new Uint8Array(pixels.length / 4).map((_, index) => place.get(colour(index * 4)));
    const text = bytes => new Promise(resolve => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(',')[1]);
        reader.readAsDataURL(new Blob([bytes]));
    });
    return [bitmap.width, bitmap.height, await text(new Uint8Array(palette.flatMap(parts))), await text(indexes)];
}"""


def smaller(browser: Browser, png: bytes) -> bytes:
    """The same picture with at most 256 colours, packed as tightly as it goes."""
    page = browser.new_page()
    width, height, palette, indexes = page.evaluate(_REDUCE, b64encode(png).decode())
    page.close()
    pixels = b64decode(indexes)
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, _BITS, _PALETTE, _PLAIN, _PLAIN, _PLAIN)
    chunks = ((b"IHDR", header), (b"PLTE", b64decode(palette)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
