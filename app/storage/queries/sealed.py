"""Whether the data keys open what is stored."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, select, type_coerce

from app.storage.models import Staff
from app.storage.types import KeyMissing, keyring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def require_keys(session: Session) -> None:
    """Open one phone of the staff for each data key that sealed any; nothing stored is fine.

    Raises ``KeyMissing``, which names the key, when none of its phones opens: those people can't be rung.
    """
    by_key: dict[bytes, list[bytes]] = defaultdict(list)
    for sealed in session.scalars(select(type_coerce(Staff.phone, LargeBinary)).order_by(Staff.created_at, Staff.id)):
        by_key[sealed.partition(b":")[0]].append(sealed)
    for phones in by_key.values():
        _open_one_of(phones)


def _open_one_of(phones: Sequence[bytes]) -> None:
    *others, last = phones
    for sealed in others:
        # A single damaged value is no missing key.
        with suppress(KeyMissing):
            keyring.open(sealed, "staff.phone")
            return
    keyring.open(last, "staff.phone")
