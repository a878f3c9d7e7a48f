"""The forms that settings are written in. Each function takes the text and gives the value, or raises ``Wrong``.

None of them repeats a text that may hold a password or a key.
"""

from __future__ import annotations

import base64
import binascii
import re
from ipaddress import IPv4Address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from app.reading.tables import shown
from app.settings.values import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}", re.ASCII)
_TOKEN = re.compile(r"[!-~]+", re.ASCII)
_MAIL_NAME = re.compile(r"(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}", re.ASCII)
_KEY_BYTES = 32
_LARGEST_PORT = 65535
SHORTEST_SECRET = 8
_POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_LOCAL_NAME = "localhost"

A_MODE = f"one of {', '.join(Mode)}"
A_BIND = 'host:port, the host a name or an IPv4 address and the port from 1 to 65535, as "127.0.0.1:8400"'
AN_ORIGIN = 'scheme, host and, where needed, port and nothing more, as "https://radrum.example.se"; no IPv6 address'
HTTPS = "an address with https; http only where the host is this computer itself (127.0.0.1, localhost)"
A_DATABASE = '"sqlite:///FILE" or "postgresql://USER@HOST/DATABASE"'
A_MAIL_URL = (
    '"smtp://HOST:PORT" or "smtps://HOST:PORT", with USER:PASSWORD@ before the host where it asks for them, '
    "each percent-encoded"
)
A_MAIL_ADDRESS = 'an e-mail address as "radrum@example.se", without a name before it'
AN_ACCOUNT_SID = "AC and 32 characters of 0-9 and a-f"
A_TOKEN = "the account's auth token, without spaces"  # noqa: S105 - what it looks like
A_SECRET = f"at least {SHORTEST_SECRET} characters, better 32 drawn at random"
DATA_KEYS = (
    "ID:KEY, or several with a comma between, newest first; each ID once, of at most 16 letters, digits, - and _; "
    f"each KEY {_KEY_BYTES} random bytes in base64"
)


class Wrong(ValueError):
    """The text doesn't have the form: what is ``allowed``, and what was ``found``, without any secret in it."""

    def __init__(self, allowed: str, *, found: str) -> None:
        self.allowed = allowed
        self.found = found
        super().__init__(found)


def mode(text: str) -> Mode:
    """Practice or live."""
    if text not in list(Mode):
        raise Wrong(A_MODE, found=shown(text))
    return Mode(text)


def bind(text: str) -> str:
    """Where a process listens."""
    host, _, port = text.rpartition(":")
    if not (_HOST.fullmatch(host.lower()) and port.isascii() and port.isdigit() and 0 < int(port) <= _LARGEST_PORT):
        raise Wrong(A_BIND, found=shown(text))
    return f"{host.lower()}:{int(port)}"


def is_loopback(host: str) -> bool:
    """Whether the host is this computer itself, whatever the network says."""
    if host == _LOCAL_NAME:
        return True
    try:
        return IPv4Address(host).is_loopback
    except ValueError:
        return False


def origin(text: str) -> str:
    """An http or https address without anything after the port; a single closing slash is dropped."""
    parts = _split(text, AN_ORIGIN)
    if parts.username is not None or parts.password is not None:
        raise Wrong(AN_ORIGIN, found="an address with a user name or a password in it")
    host = (parts.hostname or "").lower()
    extra = parts.path.strip("/") or parts.path.count("/") > 1 or "?" in text or "#" in text
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or extra:
        raise Wrong(AN_ORIGIN, found=shown(text))
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def secure_origin(text: str) -> str:
    """An origin with https; http will do where the host is this computer."""
    found = origin(text)
    parts = urlsplit(found)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise Wrong(HTTPS, found=shown(text))
    return found


def database_url(text: str, root: Path) -> str:
    """For SQLAlchemy: PostgreSQL by psycopg, or an SQLite file whose path is taken from ``root``."""
    scheme, separator, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and ":memory:" not in rest:
        path, question, options = rest[1:].partition("?")
        return f"sqlite:///{root / path}{question}{options}"
    if scheme not in _POSTGRESQL or not separator:
        raise Wrong(A_DATABASE, found="an address of another kind")
    parts = _split(text, A_DATABASE, secret=True)
    if not parts.path.strip("/"):
        raise Wrong(A_DATABASE, found="an address without the name of a database")
    return f"postgresql+psycopg://{rest}"


def mail_url(text: str) -> SplitResult:
    """Where mail is handed in, in its parts."""
    parts = _split(text, A_MAIL_URL, secret=True)
    if parts.scheme not in ("smtp", "smtps") or not _HOST.fullmatch((parts.hostname or "").lower()):
        raise Wrong(A_MAIL_URL, found="an address of another form")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Wrong(A_MAIL_URL, found="an address with something after host and port")
    signs_in = tuple(part and _TOKEN.fullmatch(unquote(part)) for part in (parts.username, parts.password))
    if "@" in parts.netloc and not all(signs_in):
        raise Wrong(A_MAIL_URL, found="a user or a password that is missing, or has other characters than ASCII in it")
    return parts


def mail_address(text: str) -> str:
    """An address that mail comes from."""
    name, _, host = text.rpartition("@")
    if not _MAIL_NAME.fullmatch(name) or not _HOST.fullmatch(host.lower()):
        raise Wrong(A_MAIL_ADDRESS, found=shown(text))
    return text


def account_sid(text: str) -> str:
    """Which Twilio account it is. An identifier, but half of a login, so it isn't repeated."""
    if not _ACCOUNT_SID.fullmatch(text):
        raise Wrong(AN_ACCOUNT_SID, found="something else")
    return text


def auth_token(text: str) -> str:
    """What webhooks are signed with."""
    if not _TOKEN.fullmatch(text):
        raise Wrong(A_TOKEN, found="something with spaces or other characters in it")
    return text


def secret_key(text: str) -> str:
    """What sign-ins and links are signed with."""
    if len(text) < SHORTEST_SECRET:
        raise Wrong(A_SECRET, found=f"{len(text)} characters")
    return text


def data_keys(text: str) -> dict[str, bytes]:
    """The keys that fields are sealed with, newest first."""
    keys: dict[str, bytes] = {}
    for place, part in enumerate(text.split(","), start=1):
        name, separator, encoded = part.strip().partition(":")
        if not separator or not _KEY_ID.fullmatch(name):
            raise Wrong(DATA_KEYS, found=f"no ID that can be used before the key in part {place}")
        if name in keys:
            raise Wrong(DATA_KEYS, found=f"the ID of part {place} a second time")
        keys[name] = _key(encoded, place)
    return keys


SECRETS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "TWILIO_ACCOUNT_SID": (account_sid, AN_ACCOUNT_SID),
    "TWILIO_AUTH_TOKEN": (auth_token, A_TOKEN),
    "RADRUM_SECRET_KEY": (secret_key, A_SECRET),
    "RADRUM_DATA_KEYS": (data_keys, DATA_KEYS),
}
"""What nothing runs without, by the name of its variable: the form, and what is allowed."""


def _key(encoded: str, place: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(DATA_KEYS, found=f"a key that isn't base64 in part {place}") from None
    if len(key) != _KEY_BYTES:
        raise Wrong(DATA_KEYS, found=f"a key of {len(key)} bytes in part {place}")
    return key


def _split(text: str, allowed: str, *, secret: bool = False) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read here, because it is parsed when it is read
    except ValueError:
        raise Wrong(allowed, found="an address that can't be read" if secret else shown(text)) from None
    if any(character <= " " for character in text):
        raise Wrong(allowed, found="an address with a space in it")
    return parts
