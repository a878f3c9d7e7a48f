"""Passwords: their one form, their hash, and the ones that we make up."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from passlib.hash import argon2

SHORTEST = 12
LONGEST = 256
"""Longer ones never reach the hash, which would work on them for as long as it takes."""

# Left to itself it is found at first use, and the first password of a process, when its address is unknown, fails then.
argon2.set_backend("argon2_cffi")

# Read aloud and typed from paper: nothing that looks like something else.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def normal(password: str) -> str:
    """The one form of a password. Keyboards and systems write å, ä and ö in two ways; both sign in."""
    return unicodedata.normalize("NFKD", password)


def hashed(password: str) -> str:
    """Argon2id, with a salt of its own; about 0.1 s of work."""
    return str(argon2.hash(normal(password)))


def is_right(password: str, kept: str | None) -> bool:
    """Whether ``password`` is the one that was hashed. Without a hash it takes as long, and is wrong."""
    if len(password) > LONGEST:
        return False
    right = bool(argon2.verify(normal(password), kept or _nobodys()))
    return right and kept is not None


def one_time() -> str:
    """A password to be replaced at the first sign-in: 79 bits, in groups that can be read aloud."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())
