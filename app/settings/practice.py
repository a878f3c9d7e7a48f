"""The secrets of practice mode, which makes its own: drawn once, kept in a file that only their owner may read."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.domain.errors import ConfigurationError, Problem
from app.settings.forms import SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_FILE = "practice-secrets.json"
_ALLOWED = "the file as it was written, or none: remove it, and the practice database with it, and new ones are drawn"

_DRAW: Mapping[str, Callable[[], str]] = {
    "RADRUM_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "RADRUM_DATA_KEYS": lambda: f"practice:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    "TWILIO_ACCOUNT_SID": lambda: f"AC{secrets.token_hex(16)}",
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
}


def practice_secrets(folder: Path) -> dict[str, str]:
    """The secrets of this folder, by the name of the variable that each stands in for; drawn now if there are none.

    Safe where several processes start at once: one draws, the others wait for it and read. Raises
    ``ConfigurationError`` where the file is damaged or can't be written.
    """
    file = folder / _FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.exists():
            return _read(file)
        with _alone(folder):
            return _read(file) if file.exists() else _draw(file)
    except OSError as error:
        found = f"a file that can't be read or written ({error.strerror})"
        raise ConfigurationError(
            [Problem(str(file), "the file", found, "a folder that this user may write in")]
        ) from error


def _read(file: Path) -> dict[str, str]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        for name, (form, _) in SECRETS.items():
            form(kept[name])
        return {name: kept[name] for name in SECRETS}
    except (ValueError, LookupError, TypeError, AttributeError):
        # Without the cause: it would show what is in the file.
        raise ConfigurationError(
            [Problem(str(file), "the file", "something else than was written", _ALLOWED)]
        ) from None


def _draw(file: Path) -> dict[str, str]:
    drawn = {name: draw() for name, draw in _DRAW.items()}
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        json.dump(drawn, opened, indent=2)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)
    return drawn


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; a process that dies lets go."""
    with (folder / ".practice-secrets.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
