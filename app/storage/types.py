"""Column types that refuse what must not be stored: naive instants, numbers in clear text."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import DateTime, Enum, LargeBinary, TypeDecorator
from sqlalchemy.exc import DontWrapMixin

from app.domain.errors import RadrumError
from app.domain.phone import PhoneNumber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from sqlalchemy import Dialect


_NONCE_BYTES = 12
_KEY_ID = re.compile(rb"[A-Za-z0-9_-]{1,16}")


class NaiveInstant(DontWrapMixin, ValueError):
    """An instant without a zone was about to be stored. SQLAlchemy hands it on as it is."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. Refuses naive values with ``NaiveInstant``, a ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so it is given naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a zone"
            raise NaiveInstant(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def closed_set(kind: type[StrEnum], name: str) -> Enum:
    """A ``StrEnum`` stored by its value, with a CHECK constraint called ``name``."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class KeyMissing(DontWrapMixin, RadrumError):
    """No data key that could open a value is configured. The record stays shut rather than show garbage.

    SQLAlchemy hands it on as it is: wrapped, its message would quote the statement's values.
    """


class Keyring:
    """The keys that fields are sealed with, newest first: ``{id: 32 bytes}``. The newest seals, all of them open.

    AES-256-GCM with a random nonce; the sealed value is ``id : nonce ciphertext tag``, with the column's name as
    associated data, so that a value moved to another column doesn't open.
    """

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def load(self, keys: Mapping[str, bytes]) -> None:
        """Use these keys from now on. One process serves one deployment, so there is one ring."""
        self._keys = dict(keys)

    @property
    def newest(self) -> str:
        """The id of the key that seals. Raises ``KeyMissing`` when there is no key at all."""
        if not self._keys:
            message = "no data key is configured: set RADRUM_DATA_KEYS"
            raise KeyMissing(message)
        return next(iter(self._keys))

    @property
    def older(self) -> tuple[str, ...]:
        """The ids of the keys that open and seal no more."""
        return tuple(self._keys)[1:]

    def seal(self, text: str, column: str) -> bytes:
        """Raises ``KeyMissing`` when there is no key at all."""
        name = self.newest
        key = self._keys[name]
        nonce = os.urandom(_NONCE_BYTES)
        return name.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, text.encode(), column.encode())

    def open(self, sealed: bytes, column: str) -> str:
        """Raises ``KeyMissing`` when the key is unknown, or the value isn't what was sealed for this column."""
        name, _, rest = sealed.partition(b":")
        key = self._keys.get(name.decode(errors="replace"))
        if key is None:
            message = (
                f"{_key_called(name)}, which sealed a value of {column}, is not configured: add it to RADRUM_DATA_KEYS"
            )
            raise KeyMissing(message)
        try:
            # ValueError: a value cut so short that it holds no nonce.
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], column.encode()).decode()
        except (InvalidTag, ValueError) as error:
            message = (
                f"a value of {column} doesn't open with its key, {_key_called(name)}: "
                "RADRUM_DATA_KEYS has another key by that name, or the value is damaged"
            )
            raise KeyMissing(message) from error


def _key_called(name: bytes) -> str:
    """A key by its id, which is no secret; a damaged value may begin with anything."""
    return f"the data key {name.decode()}" if _KEY_ID.fullmatch(name) else "the data key"


keyring = Keyring()


class SealedText(TypeDecorator[str]):
    """Text that is encrypted at rest. ``column`` is ``table.column``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's form
        """Seal."""
        return None if value is None else keyring.seal(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        """Open."""
        return None if value is None else keyring.open(value, self.column)


class SealedPhone(TypeDecorator[PhoneNumber]):
    """A phone number that is encrypted at rest, and a ``PhoneNumber`` in Python."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__()

    def process_bind_param(self, value: PhoneNumber | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - as above
        """Seal."""
        return None if value is None else keyring.seal(value.e164, self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> PhoneNumber | None:  # noqa: ARG002 - as above
        """Open."""
        return None if value is None else PhoneNumber(keyring.open(value, self.column))
