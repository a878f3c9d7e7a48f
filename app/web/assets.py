"""Style sheets, scripts and pictures: compressed once, kept by browsers until they change.

``url_for("static", filename="css/base.css")`` names them. The address holds a digest of all files together, and not
of one, so that scripts can name each other by relative paths. Bootstrap comes from its Python package, of which we take
the style sheet alone, in a cascade layer of its own: our own sheets win over it whatever they say.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, abort, request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

BOOTSTRAP = "css/bootstrap.css"
_YEAR_SECONDS = 365 * 24 * 3600
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_CHARSET = b'@charset "UTF-8";'


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it travels."""

    content: bytes
    compressed: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files of one version. ``version``: changes when any of them does."""

    version: str
    files: Mapping[str, Asset]


def install(app: Flask) -> None:
    """Serve what lies in the folder ``static`` of the application, under the endpoint that Flask's own would have."""
    assets = _read(Path(app.root_path, "static"))

    @app.url_defaults
    def name_version(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static":
            values.setdefault("version", assets.version)

    @app.get("/static/<version>/<path:filename>")
    def static(version: str, filename: str) -> Response:
        asset = assets.files.get(filename)
        if asset is None:
            abort(404)
        return _answer(asset, assets.version, is_asked_by_name=version == assets.version)


def _answer(asset: Asset, version: str, *, is_asked_by_name: bool) -> Response:
    is_compressed = request.accept_encodings["gzip"] > 0
    response = Response(asset.compressed if is_compressed else asset.content, content_type=asset.content_type)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{version}-{'gzip' if is_compressed else 'plain'}")
    if is_asked_by_name:
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR_SECONDS
        response.cache_control.immutable = True
    else:
        # A page of another version, in the minutes while one follows the other, gets what there is, and keeps nothing.
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@cache
def _read(folder: Path) -> Assets:
    contents = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.suffix in _TYPES
    }
    contents[BOOTSTRAP] = _bootstrap()
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    assets = {
        name: Asset(content, gzip.compress(content, mtime=0), _TYPES[Path(name).suffix])
        for name, content in contents.items()
    }
    return Assets(digest.hexdigest()[:12], assets)


def _bootstrap() -> bytes:
    sheet = files("flask_bootstrap").joinpath("static", "bootstrap5", "css", "bootstrap.min.css").read_bytes()
    # The map that its last line names is for those who build Bootstrap.
    rules = sheet.removeprefix(_CHARSET).split(b"/*# sourceMappingURL")[0]
    return _CHARSET + b"@layer bootstrap{" + rules + b"}"
